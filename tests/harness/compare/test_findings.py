from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.compare import compare
from harness.model.comparison import Fate
from harness.record import RecordError

Directory = Callable[..., Path]
Make = Callable[..., dict[str, Any]]


def test_a_finding_that_was_not_there_before_is_new_and_worse(run_directory: Directory, make_finding: Make) -> None:
    comparison = compare(run_directory("a", []), run_directory("b", [make_finding()]))
    assert [d.fate for d in comparison.differences] == [Fate.NEW]
    assert len(comparison.worse) == 1


def test_a_finding_that_is_no_longer_there_is_fixed(run_directory: Directory, make_finding: Make) -> None:
    comparison = compare(run_directory("a", [make_finding()]), run_directory("b", []))
    assert [d.fate for d in comparison.differences] == [Fate.FIXED]
    assert not comparison.worse


@pytest.mark.parametrize("outcome", ["not_run", "error"])
def test_a_finding_whose_scenario_was_not_played_again_is_gone_and_never_fixed(
    run_directory: Directory, make_finding: Make, outcome: str
) -> None:
    first = run_directory("a", [make_finding()], scenarios={"okta/oin/leaver": "failed"})
    second = run_directory("b", [], scenarios={"okta/oin/leaver": outcome})
    comparison = compare(first, second)
    assert [d.fate for d in comparison.differences] == [Fate.GONE]
    assert comparison.lost == ("okta/oin/leaver",)


def test_a_scenario_that_was_left_out_is_lost_too(run_directory: Directory) -> None:
    both = {"okta/oin/leaver": "passed", "entra/default/leaver": "passed"}
    comparison = compare(run_directory("a", [], scenarios=both), run_directory("b", []))
    assert comparison.lost == ("entra/default/leaver",)
    turned = compare(*(comparison_directory for comparison_directory in _turned(run_directory, both)))
    assert turned.added == ("entra/default/leaver",)


def _turned(run_directory: Directory, both: dict[str, str]) -> tuple[Path, Path]:
    return run_directory("c", []), run_directory("d", [], scenarios=both)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id 2819c223-7f76-453a-919d-413861904646", "id 11111111-7f76-453a-919d-413861904646"),
        ("at 2026-11-24T02:00:00Z", "at 2026-12-24T02:00:00.123+01:00"),
        ('W/"abc"', 'W/"def"'),
        ("Tue, 24 Nov 2026 02:00:00 GMT", "Wed, 25 Nov 2026 02:00:00 GMT"),
    ],
)
def test_another_id_time_or_version_is_no_change(
    run_directory: Directory, make_finding: Make, before: str, after: str
) -> None:
    comparison = compare(
        run_directory("a", [make_finding(actual=before)]), run_directory("b", [make_finding(actual=after)])
    )
    assert [d.fate for d in comparison.differences] == [Fate.STILL]


@pytest.mark.parametrize("change", [{"actual": "another"}, {"expected": ["other"]}, {"outcome": "warned"}])
def test_another_outcome_or_value_is_a_change(
    run_directory: Directory, make_finding: Make, change: dict[str, Any]
) -> None:
    comparison = compare(run_directory("a", [make_finding()]), run_directory("b", [make_finding(**change)]))
    assert [d.fate for d in comparison.differences] == [Fate.CHANGED]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [("warned", "failed", True), ("failed", "warned", False), ("noted", "warned", True), ("known", "noted", False),
     ("known", "failed", True), ("failed", "known", False)],
)  # fmt: skip
def test_only_what_counts_for_more_than_before_is_worse(
    run_directory: Directory, make_finding: Make, before: str, after: str, worse: bool
) -> None:
    comparison = compare(
        run_directory("a", [make_finding(outcome=before)]), run_directory("b", [make_finding(outcome=after)])
    )
    assert bool(comparison.worse) is worse


def test_a_new_note_is_not_worse(run_directory: Directory, make_finding: Make) -> None:
    comparison = compare(run_directory("a", []), run_directory("b", [make_finding(outcome="noted")]))
    assert comparison.of(Fate.NEW)
    assert not comparison.worse


def test_two_findings_with_the_same_short_id_are_kept_apart(run_directory: Directory, make_finding: Make) -> None:
    first = run_directory("a", [make_finding(scenario="okta/oin/leaver"), make_finding(scenario="okta/aiw/leaver")])
    second = run_directory("b", [make_finding(scenario="okta/oin/leaver")], scenarios={"okta/aiw/leaver": "passed"})
    fates = {d.scenario: d.fate for d in compare(first, second).differences}
    assert fates == {"okta/oin/leaver": Fate.STILL, "okta/aiw/leaver": Fate.FIXED}


def test_the_gravest_comes_first(run_directory: Directory, make_finding: Make) -> None:
    findings = [
        make_finding("A", outcome="noted"),
        make_finding("B", outcome="failed"),
        make_finding("C", outcome="warned"),
    ]
    comparison = compare(run_directory("a", findings), run_directory("b", []))
    assert [d.requirement for d in comparison.differences] == ["B", "C", "A"]


def test_what_makes_the_comparison_doubtful_is_said(run_directory: Directory) -> None:
    comparison = compare(run_directory("a", []), run_directory("b", [], profile="full", seed=8, tool="0.2.0"))
    assert [notice.split(" differ")[0] for notice in comparison.notices] == [
        "The profile",
        "The version of scimulator",
        "The seeds",
    ]


def test_a_directory_without_run_json_says_what_to_do(run_directory: Directory, tmp_path: Path) -> None:
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / "events.jsonl").write_text("{}\n")
    with pytest.raises(RecordError, match=r"holds no run.json.*scimulator judge .*killed makes one"):
        compare(run_directory("a", []), tmp_path / "killed")


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"schema": "scimulator/run/9"})])
def test_a_run_json_of_another_kind_is_refused(run_directory: Directory, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "run.json").write_text(text)
    with pytest.raises(RecordError, match=r"run\.json"):
        compare(tmp_path / "odd", run_directory("b", []))
