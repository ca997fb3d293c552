"""What reproduces a cause fails at the service that is wrong and passes at one that is right, alone and without us."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from harness.model.run import Run
from harness.reproduce.chosen import NothingToReproduce, choose
from harness.reproduce.pytest_file import pytest_file
from harness.wire.inprocess import WsgiAdapter
from reference_server.app import ReferenceServer

SAMPLE = {
    "active-string-false-rejected": "entra/default/leaver",
    "add-op-on-single-value": "probe/patching",
    "bad-filter-500": "probe/filters",
    "bad-json-500": "probe/bodies",
    "bearer-case-counts": "probe/tokens",
    "count-ignored": "probe/paging",
    "create-400": "probe/refused-creation",
    "deactivate-means-delete": "okta/oin/leaver",
    "display-name-as-list": "okta/oin/leaver",
    "error-status-number": "probe/ids",
    "excluded-attributes-ignored": "probe/selection",
    "filter-ignored": "probe/filters",
    "group-push-half-alive": "probe/refused-groups",
    "patch-noop-success": "okta/oin/leaver",
    "put-501": "okta/aiw/leaver",
    "put-without-active-suspends": "probe/replacing",
    "response-type-missing": "okta/oin/connection",
    "scim-json-refused": "okta/oin/leaver",
    "sessions-survive": "okta/oin/leaver",
    "spc-flags-as-texts": "probe/discovery",
    "unknown-id-500": "probe/ids",
    "wrong-key-403": "probe/tokens",
}
"""Defects of every family, each with a scenario that shows it."""


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs the test in a generated file against a reference server with these defects: "passed" or "failed"."""

    def run(code: str, *defects: str) -> str:
        server = ReferenceServer(preset="marketbeam", defects=defects)
        adapter = WsgiAdapter(server.wsgi)
        monkeypatch.setattr(requests.Session, "get_adapter", lambda _session, **_: adapter)
        monkeypatch.setenv("SCIM_TARGET", f"http://anywhere.example{server.base_path}")
        monkeypatch.setenv("SCIM_TOKEN", server.add_tenant("T", "it@t.example").api_key)
        names: dict[str, Any] = {}
        exec(compile(code, "generated.py", "exec"), names)
        (test,) = [value for name, value in names.items() if name.startswith("test_")]
        try:
            test()
        except AssertionError:
            return "failed"
        finally:
            server.close()
        return "passed"

    return run


@pytest.mark.parametrize("defect", sorted(SAMPLE))
def test_the_file_fails_at_the_defect_and_passes_at_a_server_that_is_right(
    rehearse: Callable[..., Run], outcome: Callable[..., str], defect: str
) -> None:
    run = rehearse("marketbeam", "marketbeam", defect, wanted=lambda scenario: scenario.id == SAMPLE[defect])
    assert run.causes, "nothing was found"
    code = pytest_file(choose(run, run.causes[0].id))
    assert (outcome(code, defect), outcome(code)) == ("failed", "passed"), code


def test_a_finding_is_reproduced_by_its_own_id_and_an_unknown_one_is_named(
    rehearse: Callable[..., Run], tmp_path: Path
) -> None:
    run = rehearse("marketbeam", "marketbeam", "create-400", wanted=lambda s: s.id == "probe/refused-creation")
    _, finding = run.findings[-1]
    chosen = choose(run, finding.id)
    assert (chosen.finding.id, chosen.seen.id) == (finding.id, finding.exchange)
    with pytest.raises(NothingToReproduce, match=r"no finding or cause 'C-nothing'; its causes: C-"):
        choose(run, "C-nothing")
    file = tmp_path / "test_generated.py"
    file.write_text(pytest_file(chosen), "utf-8")
    command = [sys.executable, "-I", "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={"SCIM_TARGET": "x", "SCIM_TOKEN": "y"}
    )
    assert "1 test collected" in done.stdout, done.stdout + done.stderr
