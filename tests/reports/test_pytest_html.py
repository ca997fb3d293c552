from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from reports.pytest_html import EXCERPT, MARK, PytestHtmlBridge

PLUGIN = """
import pytest
from reports.pytest_html import MARK, PytestHtmlBridge

def pytest_configure(config):
    if config.pluginmanager.hasplugin("html"):
        config.pluginmanager.register(PytestHtmlBridge(title="scimulator run", report="runs/report.html"))
"""
TESTS = """
import pytest
DATA = {"level": "MUST", "clause": "RFC 7644 §3.12", "profile": "<b>marketbeam</b>", "finding": "F-1a2b3c",
        "scenario": "okta/oin/leaver", "check": "errors.status"}

def test_fails(record_property):
    record_property("scimulator", DATA)
    print("SECRET" + " BODY")
    raise AssertionError("</script><script>alert(1)</script> \\u202e" + "x" * 9000)

def test_passes(record_property):
    record_property("scimulator", {**DATA, "finding": ""})
    print("SECRET" + " BODY")

def test_does_not_apply(record_property):
    record_property("scimulator", DATA)
    pytest.skip("not applicable: the profile does not claim it")

def test_could_not_run(record_property):
    record_property("scimulator", DATA)
    pytest.skip("not run: no account may be touched")

def test_of_somebody_else():
    print("an ordinary log")
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What pytest-html writes with the bridge: its page and the data in it."""
    place = tmp_path_factory.mktemp("index")
    (place / "conftest.py").write_text(PLUGIN)
    (place / "test_sample.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:scimulator", "--rootdir=.",
               "--html=index.html", "--self-contained-html", "test_sample.py"]  # fmt: skip
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=120, check=False)
    assert "1 failed, 2 passed, 2 skipped" in done.stdout, done.stdout + done.stderr
    page = (place / "index.html").read_text("utf-8")
    blob = re.search(r'data-jsonblob="([^"]*)"', page)
    assert blob is not None
    return {"page": page, "data": json.loads(html.unescape(blob[1]))}


def _row(written: dict[str, Any], name: str) -> dict[str, Any]:
    (rows,) = [r for node, r in written["data"]["tests"].items() if node.endswith(f"::{name}")]
    return rows[0]


def test_the_page_has_our_title_and_leads_to_our_report(written: dict[str, Any]) -> None:
    assert '<title id="head-title">scimulator run</title>' in written["page"]
    assert '<a href="runs/report.html">' in written["page"]


def test_each_row_has_level_clause_and_profile_in_sortable_columns(written: dict[str, Any]) -> None:
    row = _row(written, "test_fails")
    assert row["level"] == "MUST"
    assert row["clause"] == "RFC 7644 §3.12"
    assert row["profile"] == "&lt;b&gt;marketbeam&lt;/b&gt;"
    assert written["page"].count('data-column-type="level"') == 1
    assert len(row["resultsTableRow"]) == 7


def test_a_failure_links_to_its_finding_in_our_report(written: dict[str, Any]) -> None:
    cells = _row(written, "test_fails")["resultsTableRow"]
    assert 'href="runs/report.html#F-1a2b3c"' in cells[-1]


def test_only_a_failure_shows_an_excerpt_which_is_short_and_escaped(written: dict[str, Any]) -> None:
    log = _row(written, "test_fails")["log"]
    assert "&lt;/script&gt;" in log
    assert "<script>" not in log
    assert "\u202e" not in log
    assert "characters in all" in log
    assert len(log) < EXCERPT * 2
    assert _row(written, "test_passes")["log"] == ""


def test_what_was_printed_by_a_check_is_nowhere(written: dict[str, Any]) -> None:
    shown = "".join(_row(written, name)["log"] for name in ("test_fails", "test_passes", "test_could_not_run"))
    assert "SECRET BODY" not in shown


def test_what_does_not_apply_has_no_row_and_what_could_not_run_has_one(written: dict[str, Any]) -> None:
    names = [node.rpartition("::")[2] for node, rows in written["data"]["tests"].items() if rows]
    assert "test_does_not_apply" not in names
    assert "test_could_not_run" in names


def test_a_test_of_somebody_else_keeps_its_row_and_its_log(written: dict[str, Any]) -> None:
    row = _row(written, "test_of_somebody_else")
    assert "an ordinary log" in row["log"]
    assert len(row["resultsTableRow"]) == 7


def _report(told: dict[str, Any], **more: Any) -> Any:
    values = {
        "nodeid": "run::x",
        "user_properties": [[MARK, told]],
        "skipped": False,
        "failed": False,
        "longrepr": None,
    }
    return SimpleNamespace(**{**values, **more})


def _cells() -> list[str]:
    return ["<td>Passed</td>", "<td>run::x</td>", "<td>1 ms</td>", "<td></td>"]


def test_an_outcome_of_not_applicable_drops_the_row_also_when_the_item_passed() -> None:
    cells = _cells()
    PytestHtmlBridge().pytest_html_results_table_row(_report({"outcome": "not_applicable"}), cells)
    assert cells == []


def test_several_findings_are_several_links_and_a_hostile_one_stays_text() -> None:
    cells = _cells()
    PytestHtmlBridge().pytest_html_results_table_row(_report({"finding": ["F-1", '"><img src=x>']}), cells)
    assert cells[-1].count("<a ") == 2
    assert "<img" not in cells[-1]


def test_a_hostile_test_name_is_escaped() -> None:
    cells = _cells()
    PytestHtmlBridge().pytest_html_results_table_row(_report({"level": "MUST"}, nodeid="<img src=x>"), cells)
    assert cells[1] == '<td class="col-testId">&lt;img src=x&gt;</td>'


def test_properties_that_came_over_xdist_as_tuples_are_read_too() -> None:
    cells = _cells()
    report = _report({}, user_properties=[("other", 1), (MARK, {"level": "SHOULD"})])
    PytestHtmlBridge().pytest_html_results_table_row(report, cells)
    assert cells[2] == '<td class="col-level">SHOULD</td>'
