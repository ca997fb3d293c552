"""What is accepted is known and not failed; the file has to stay true, and a run can write it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness import gate, known
from harness.known import HOLDS, KnownError, mark, parse, states, text, updated
from harness.model.finding import Finding
from harness.model.known import Known, KnownEntry, KnownState
from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome, Verdict

TODAY = date(2026, 11, 27)
ENTRY = KnownEntry("R-1", ("okta/*",), "we are on it", "identity team", date(2027, 1, 31))
FILE = """
[[known]]
requirement = "R-1"
scenario = "okta/*"
reason = "we are on it"
owner = "identity team"
until = 2027-01-31
"""


def verdict(
    outcome: str = "failed", scenario: str = "okta/oin/leaver", name: str = "R-1", level: str = "MUST"
) -> Verdict:
    broken = (Finding(["x"], "y"),) if outcome in ("failed", "warned", "noted") else ()
    return Verdict(scenario, "c.c", name, Level(level), Outcome(outcome), broken)


def result(*verdicts: Verdict) -> ScenarioResult:
    key = ScenarioKey(verdicts[0].scenario, Kind.STORY, "t", "okta")
    return ScenarioResult(key, verdicts[0].outcome, Transcript(key, ""), verdicts)


def state(entry: KnownEntry, *verdicts: Verdict, **given: Any) -> KnownState:
    (told,) = states([entry], [result(*verdicts)], TODAY, {"R-1", "R-2"}, **given)
    return told.state


def test_the_file_is_read_as_its_schema_says() -> None:
    assert parse(FILE, "known.toml") == (ENTRY,)
    several = parse(FILE.replace('"okta/*"', '["okta/*", "probe/x"]').replace("until = 2027-01-31", ""), "f")
    assert several == (replace(ENTRY, scenarios=("okta/*", "probe/x"), until=None),)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("[[known]\n", "not TOML"),
        ("[known]\n", "once for each entry"),
        ("[[knwon]]\n", "unknown knwon"),
        (FILE.replace("reason", "cause"), "expected reason = a text"),
        (FILE.replace('"identity team"', '" "'), "expected owner = a text that is not empty"),
        (FILE.replace('"okta/*"', "[]"), "expected scenario"),
        (FILE.replace("2027-01-31", '"next week"'), "expected until = a day"),
        (FILE.replace("2027-01-31", "2027-01-31T00:00:00"), "expected until = a day"),
        (FILE + "untli = 3\n", "unknown untli"),
    ],
)
def test_a_slip_in_the_file_is_named_with_the_entry(document: str, told: str) -> None:
    with pytest.raises(KnownError, match=told) as error:
        parse(document, "known.toml")
    assert "known.toml" in str(error.value)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        known.load(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(KnownError, match="UTF-8"):
        known.load(tmp_path / "bytes.toml")


@pytest.mark.parametrize("outcome", ["failed", "warned"])
def test_a_breach_that_is_listed_is_known_and_says_why_who_and_until_when(outcome: str) -> None:
    (marked,) = mark([verdict(outcome)], [ENTRY])
    assert (marked.outcome, marked.findings) == (Outcome.KNOWN, verdict(outcome).findings)
    assert marked.reason == "known until 2027-01-31: we are on it (identity team)"
    assert mark([marked], [ENTRY]) == (marked,)


@pytest.mark.parametrize(
    "other",
    [
        verdict(scenario="entra/default/leaver"),
        verdict(name="R-11"),
        verdict("passed"),
        verdict("noted", level="VENDOR"),
        verdict("error"),
        verdict("not_run"),
    ],
)
def test_what_is_not_listed_or_not_broken_stays_what_it_is(other: Verdict) -> None:
    assert mark([other], [ENTRY]) == (other,)


def test_an_entry_is_used_stale_expired_or_was_not_met() -> None:
    assert state(ENTRY, verdict()) is KnownState.USED
    assert state(replace(ENTRY, until=TODAY), verdict()) is KnownState.USED
    assert state(replace(ENTRY, until=date(2026, 11, 26)), verdict()) is KnownState.EXPIRED
    assert state(ENTRY, verdict("passed")) is KnownState.STALE
    assert state(ENTRY, verdict("not_run")) is KnownState.UNMET
    assert state(ENTRY, verdict(scenario="probe/x")) is KnownState.UNMET
    assert state(replace(ENTRY, requirement="R-9"), verdict()) is KnownState.STALE


def test_one_breach_among_many_that_are_listed_keeps_an_entry_in_use() -> None:
    assert state(ENTRY, verdict("passed"), verdict("passed", name="R-2"), verdict()) is KnownState.USED


def test_a_part_of_a_run_calls_nothing_stale_that_another_part_may_need() -> None:
    assert state(ENTRY, verdict("passed"), whole=False) is KnownState.UNMET


def test_known_failures_leave_a_service_conformant_and_the_sentence_says_so() -> None:
    results = [result(*mark([verdict()], [ENTRY]))]
    conclusion, doubts = gate.conclude(results, finished=True)
    assert (conclusion, doubts) == (Conclusion.WITH_WARNINGS, ())
    assert gate.sentence(conclusion, results, "p") == (
        "The service keeps everything that the profile p promises, apart from 1 known failure."
    )
    assert gate.will_work(results) == {"okta": False}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"warned": False}, 0),
        ({"warned": False, "fail_on": "warn"}, 0),
        ({"warned": True, "fail_on": "warn"}, 1),
        ({"warned": False, "spoilt": True}, 1),
    ],
)
def test_only_a_file_that_is_out_of_date_fails_and_only_where_that_is_asked_for(given: Any, code: int) -> None:
    assert gate.exit_code(Conclusion.WITH_WARNINGS, **given) == code


def test_what_is_out_of_date_is_told_in_one_sentence_of_each_kind() -> None:
    told = known.doubts([Known(ENTRY, KnownState.STALE)] * 5 + [Known(ENTRY, KnownState.EXPIRED)])
    assert [("expired" in t, "(and 2 more)" in t) for t in told] == [(True, False), (False, True)]
    assert known.doubts([Known(ENTRY, KnownState.USED), Known(ENTRY, KnownState.UNMET)]) == ()


def test_a_run_writes_what_it_found_keeps_what_is_in_use_and_drops_what_is_stale() -> None:
    stale, expired = replace(ENTRY, requirement="R-2"), replace(ENTRY, requirement="R-3", until=date(2026, 1, 1))
    before = [Known(ENTRY, KnownState.USED), Known(stale, KnownState.STALE), Known(expired, KnownState.EXPIRED)]
    found = [verdict("warned", s, "R-4") for s in ("probe/b", "probe/a", "probe/a")]
    entries = updated(before, [result(verdict("known"), *found)], TODAY)
    assert [(e.requirement, e.scenarios) for e in entries] == [
        ("R-1", ("okta/*",)),
        ("R-3", ("okta/*",)),
        ("R-4", ("probe/a", "probe/b")),
    ]
    assert [e.until for e in entries] == [ENTRY.until, TODAY + HOLDS, TODAY + HOLDS]


def test_what_is_written_is_read_back_and_fits_the_schema() -> None:
    hostile = KnownEntry("R-1", ("a/*", 'x"]\n'), 'say "why"\\ \x7f \x00', "ö", None)
    assert parse(text([ENTRY, hostile]), "f") == (ENTRY, hostile)
    assert parse(text([]), "f") == ()
    schema = json.loads((files("harness.schemas") / "files/known.schema.json").read_text())
    for entry in (ENTRY, hostile):
        written = {k: v for k, v in known.entry_to_json(entry).items() if v is not None}
        jsonschema.validate({"known": [written]}, schema)
        assert known.entry_from_json(json.loads(json.dumps(known.entry_to_json(entry)))) == entry
