from __future__ import annotations

import importlib.util
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from harness.continuous import tell
from reports.markdown import SIZE


@pytest.fixture(scope="module")
def samples() -> ModuleType:
    path = Path(__file__).parent.parent / "reports" / "samples.py"
    spec = importlib.util.spec_from_file_location("report_samples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_elsewhere_nothing_is_told(samples: ModuleType) -> None:
    out = StringIO()
    tell(samples.with_findings(), {"CI": "true"}, out)
    assert out.getvalue() == ""


def test_on_github_the_change_is_annotated_and_the_summary_added_to(samples: ModuleType, tmp_path: Path) -> None:
    out, summary = StringIO(), tmp_path / "summary.md"
    summary.write_text("## Something else\n")
    tell(samples.with_findings(), {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}, out)
    assert out.getvalue().startswith("::error file=scim.toml")
    assert summary.read_text().startswith("## Something else\n## ✕ Not conformant")


@pytest.mark.parametrize("taken", [SIZE - 2_000, SIZE + 10_000])
def test_a_summary_that_is_nearly_full_is_never_filled_beyond_its_limit(
    samples: ModuleType, tmp_path: Path, taken: int
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * taken)
    tell(samples.large(2_500), {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}, StringIO())
    assert summary.stat().st_size <= max(SIZE, taken) + 200


def test_a_summary_that_cannot_be_written_is_told(samples: ModuleType, tmp_path: Path) -> None:
    out = StringIO()
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}
    tell(samples.conformant(), environ, out)
    assert "cannot be written" in out.getvalue()
