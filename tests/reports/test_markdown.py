from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from harness.model.programme import Grade, Programme, StepState
from reports.markdown import render, write

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def test_the_verdict_is_the_first_line_and_what_makes_it_doubtful_the_next(samples: ModuleType) -> None:
    lines = [line for line in render(samples.incomplete()).splitlines() if line]
    assert lines[0] == "## ? Cannot tell: the run is incomplete"
    assert lines[2].startswith("> **Doubtful:** 2 scenarios could not be played")


def test_findings_stand_under_what_they_do_to_people_the_worst_first(samples: ModuleType) -> None:
    text = render(samples.with_findings())
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert headings[0] == "Leavers keep access"
    assert headings.index("Leavers keep access") < headings.index("Scenarios")
    assert text.index("MB-1") < text.index("RFC7644-3.12-01")


def test_a_cause_says_what_it_means_for_people(samples: ModuleType) -> None:
    text = render(samples.with_findings())
    assert "People who leave can still get into the product." in text


def test_a_finding_says_where_what_was_expected_what_came_and_how_to_mend_it(samples: ModuleType) -> None:
    text = render(samples.with_findings())
    line = next(line for line in text.splitlines() if line.startswith("- `F-") and "alive" in line)
    assert "in `entra/default/leaver`, `POST" in line
    assert "at `/session`" in line
    assert re.search(r"expected .*; came `alive`", line)
    assert "Fix: End sessions and API tokens" in text


def test_vendors_expectations_stand_apart_and_break_no_clause(samples: ModuleType) -> None:
    text = render(samples.with_findings())
    block = text[text.index("### What the identity providers' administrators will notice") :]
    assert "No clause of the standard is broken by these." in block
    assert "OKTA-2.3-04" in block
    assert "OKTA-2.3-04" not in text[: text.index("### What the identity")]


@pytest.mark.parametrize("name", RUNS)
def test_what_a_service_sends_is_never_markup(samples: ModuleType, name: str) -> None:
    text = render(getattr(samples, name)())
    # Between back-ticks nothing is markup; what stands there must not end the span, which pairs of them show.
    prose = re.sub(r"```\n.*?\n```|`[^`\n]*`", "", text)
    assert not re.search(r"<[a-z/!]|(?<!\\)!\[", prose)
    assert "`" not in prose
    assert len(text.encode()) < 200_000
    assert all(c.isprintable() or c == "\n" for c in text)


def test_a_mention_of_somebody_notifies_nobody(samples: ModuleType) -> None:
    run = replace(samples.conformant(), sentence="thanks to @octocat, fixes #12")
    assert "@octocat" not in render(run).replace("\\@octocat", "")
    assert "\\#12" in render(run)


def test_a_table_cell_cannot_leave_its_cell(samples: ModuleType) -> None:
    rows = [line for line in render(samples.hostile()).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


@pytest.mark.parametrize("size", [900_000, 20_000, 5_000])
def test_too_long_a_summary_is_cut_with_a_notice_and_keeps_its_verdict(samples: ModuleType, size: int) -> None:
    text = render(samples.large(20_000), size=size)
    assert len(text.encode()) <= size
    assert text.startswith("## ✕ Not conformant")
    assert ("**Cut here**" in text) is (len(render(samples.large(20_000), size=10**8).encode()) > size)


def test_only_the_first_places_of_a_requirement_are_named(samples: ModuleType) -> None:
    text = render(samples.large(5_000))
    assert "- and 40 more places" in text


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.conformant(), tmp_path / "out")
    assert path == tmp_path / "out" / "report.md"
    assert path.read_text("utf-8").startswith("## ✓ Conformant")


def test_vendors_tests_are_listed_with_their_steps_and_what_they_rule_out(samples: ModuleType) -> None:
    passed = Grade("Read a user", StepState.PASSED)
    refused = Grade("Create | a user", StepState.NOT_APPLICABLE, "not claimed")
    failed = Grade("Disable a user", StepState.FAILED, "expected HTTP 204, got 500")
    taste = Grade("Create a group twice", StepState.FAILED, "expected HTTP 409, got 201", mandatory=False)
    unasked = Grade("Delete a user", StepState.NOT_RUN, "nobody to delete")
    told = {
        "out": (passed, refused),
        "bad": (passed, failed, taste),
        "open": (passed, unasked),
        "good": (passed, taste),
    }
    listed = tuple(Programme("s", f"Test {name}", "the catalogue", f"probe/{name}", g) for name, g in told.items())
    text = render(replace(samples.conformant(), programmes=listed))
    out, bad, unknown, good = (line for line in text.splitlines() if "| Test " in line)
    assert out == (
        "| – ruled out | Test out | `probe/out` | 1 of 2 | 0 | 1 | 0 "
        "| the catalogue is ruled out: Create \\| a user: not claimed |"
    )
    assert "| 1 of 3 | 2 (1 optional) | 0 | 0 | the catalogue is not reached: Disable a user: expected HTTP" in bad
    assert "| 1 of 2 | 0 | 0 | 1 | whether the catalogue is reached cannot be told |" in unknown
    assert good.endswith("| 1 of 2 | 1 (1 optional) | 0 | 0 |  |")
    assert text.index("### Tests that vendors publish") < text.index("### Scenarios")


def test_a_run_without_vendors_tests_says_nothing_of_them(samples: ModuleType) -> None:
    assert "vendors publish" not in render(samples.conformant())
