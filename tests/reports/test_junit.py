from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports.junit import render, write

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def _cases(run: object) -> list[ET.Element]:
    return list(ET.fromstring(render(run)).iter("testcase"))  # type: ignore[arg-type]


def _one(samples: ModuleType, requirement: str, outcome: Outcome, reason: str = "") -> ET.Element:
    k = samples.key()
    verdict = samples.verdict(k, requirement, outcome, reason=reason)
    result = ScenarioResult(k, outcome, samples.leaver_transcript(k), (verdict,))
    (case,) = _cases(samples.run([result], Conclusion.CONFORMANT))
    return case


@pytest.mark.parametrize("name", RUNS)
def test_every_verdict_that_applies_is_one_case_with_a_name_of_its_own(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    wanted = sum(v.outcome is not Outcome.NOT_APPLICABLE for v in run.verdicts)
    unplayed = sum(not r.verdicts for r in run.results)
    names = [(c.get("classname"), c.get("name")) for c in _cases(run)]
    assert len(names) == len(set(names)) == wanted + unplayed


def test_two_verdicts_with_the_same_name_are_not_merged(samples: ModuleType) -> None:
    k = samples.key()
    twice = (samples.verdict(k, "MB-1"), samples.verdict(k, "MB-1"))
    result = ScenarioResult(k, Outcome.PASSED, samples.leaver_transcript(k), twice)
    cases = _cases(samples.run([result], Conclusion.CONFORMANT))
    assert [str(c.get("name"))[-4:] for c in cases] == ["mb_1", " (2)"]


def test_failed_is_a_failure_that_says_where_what_and_how_to_mend_it(samples: ModuleType) -> None:
    case = next(c for c in _cases(samples.with_findings()) if str(c.get("name")).startswith("MB-1"))
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("MB-1: A person who is deactivated")
    text = str(failure.text)
    assert "at /session, see report.html#F-" in text
    assert text.index("Expected:") < text.index("Actual: alive") < text.index("Remedy: End sessions")


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome.PASSED, None),
        (Outcome.WARNED, None),
        (Outcome.NOTED, None),
        (Outcome.KNOWN, None),
        (Outcome.NOT_RUN, "skipped"),
        (Outcome.REVIEW, "skipped"),
        (Outcome.ERROR, "error"),
        (Outcome.FAILED, "failure"),
    ],
)
def test_each_outcome_has_its_own_place(samples: ModuleType, outcome: Outcome, tag: str | None) -> None:
    case = _one(samples, "MB-1", outcome, "because")
    assert [child.tag for child in case if child.tag != "system-out"] == ([tag] if tag else [])
    assert case.findtext("system-out") == (None if outcome is Outcome.PASSED else outcome.value)


def test_not_run_says_why(samples: ModuleType) -> None:
    skipped = _one(samples, "MB-1", Outcome.NOT_RUN, "no account may be touched").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "not run: no account may be touched"


def test_a_vendors_expectation_never_fails_a_build(samples: ModuleType) -> None:
    assert _one(samples, "OKTA-2.3-04", Outcome.FAILED).find("failure") is None


def test_the_suite_of_a_requirement_says_its_level_clause_and_profile(samples: ModuleType) -> None:
    suites = ET.fromstring(render(samples.with_findings()))
    told = {
        str(suite.get("name")): {p.get("name"): p.get("value") for p in suite.findall("properties/property")}
        for suite in suites.iter("testsuite")
    }
    assert told["RFC7644-3.12-01"] == {"level": "MUST", "clause": "RFC 7644 §3.12", "profile": "marketbeam"}
    assert told["OKTA-2.3-04"]["level"] == Level.VENDOR


def test_a_case_that_did_not_pass_names_its_findings(samples: ModuleType) -> None:
    case = next(c for c in _cases(samples.with_findings()) if "RFC7644-3.12-01" in str(c.get("name")))
    assert str(case.findtext("system-out")).startswith("failed F-")


@pytest.mark.parametrize("name", RUNS)
def test_the_totals_of_the_suites_add_up(samples: ModuleType, name: str) -> None:
    suites = ET.fromstring(render(getattr(samples, name)()))
    for total, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")):
        for suite in suites.iter("testsuite"):
            assert int(suite.get(total, "-1")) == len(list(suite.iter(tag)))
        if total != "skipped":
            assert int(suites.get(total, "-1")) == sum(int(s.get(total, "-1")) for s in suites)


def test_hostile_text_is_valid_xml_without_control_characters(samples: ModuleType) -> None:
    data = render(samples.hostile())
    suites = ET.fromstring(data)
    assert len(data) < 100_000
    assert all(c.isprintable() or c in "\n\t" for c in data.decode())
    assert "\\u202egnp.exe" in "".join(str(s.get("message")) for s in suites.iter("skipped"))


def test_bodies_are_not_in_it(samples: ModuleType) -> None:
    text = render(samples.with_findings()).decode()
    assert "ada.lovelace" not in text
    assert "Internal Server Error" not in text


def test_a_run_too_large_for_ci_servers_is_written_with_less_and_loses_no_case(samples: ModuleType) -> None:
    run = samples.large(2500)
    full, lean = render(run), render(run, size=200_000)
    assert len(lean) <= 200_000 < len(full)
    assert len(list(ET.fromstring(lean).iter("testcase"))) == len(list(ET.fromstring(full).iter("testcase")))
    assert len(list(ET.fromstring(lean).iter("failure"))) == len(list(ET.fromstring(full).iter("failure")))


def test_too_many_elements_are_written_with_less(samples: ModuleType) -> None:
    run = samples.large(1000)
    assert sum(1 for _ in ET.fromstring(render(run, elements=2000)).iter()) <= 2000


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.conformant(), tmp_path / "out")
    assert path == tmp_path / "out" / "junit.xml"
    assert ET.parse(path).getroot().get("name") == "scimulator marketbeam"
