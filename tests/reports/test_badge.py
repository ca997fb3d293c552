from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from harness.model.verdict import Conclusion
from reports.badge import render, write


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_only_a_conformant_run_is_green(samples: ModuleType, conclusion: Conclusion) -> None:
    badge = render(replace(samples.conformant(), conclusion=conclusion))
    assert (badge["color"] == "brightgreen") is (conclusion is Conclusion.CONFORMANT)
    assert badge["message"] == conclusion.value.replace("-", " ")


def test_the_file_has_the_members_that_the_badge_service_asks_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.conformant(), tmp_path / "out")
    badge = json.loads(path.read_text("utf-8"))
    assert path.name == "badge.json"
    assert badge["schemaVersion"] == 1
    assert badge["label"] == "SCIM marketbeam"
