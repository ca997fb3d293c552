"""JUnit XML: a suite per scenario, in it a suite per requirement, in it a case per verdict.

Messages are short, bodies stay out, and the limits of CI servers are kept.
"""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.model.finding import Finding
from harness.model.requirement import Level
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Outcome, Verdict
from reports.text import shown, visible

SIZE = 25 * 1024 * 1024
"""GitLab takes files under 30 MB; some room is left."""

ELEMENTS = 200_000
"""GitLab refuses a file of more than 250,000 elements."""


class Detail(enum.IntEnum):
    """How much is written; a run that is too large for the limits is written with less."""

    FULL = 3
    LEAN = 2
    BARE = 1


_TAGS = {"tests": "", "failures": "failure", "errors": "error", "skipped": "skipped"}
_MESSAGE = {Detail.FULL: 500, Detail.LEAN: 200, Detail.BARE: 80}


def write(run: Run, directory: Path) -> Path:
    """Write ``junit.xml`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "junit.xml"
    path.write_bytes(render(run))
    return path


def render(run: Run, *, size: int = SIZE, elements: int = ELEMENTS) -> bytes:
    """The XML document, with as much detail as ``size`` (bytes) and ``elements`` allow, at worst the barest."""
    data = b""
    for detail in sorted(Detail, reverse=True):
        suites = _suites(run, detail)
        data = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
        if len(data) <= size and sum(1 for _ in suites.iter()) <= elements:
            break
    return data


def _suites(run: Run, detail: Detail) -> ET.Element:
    suites = ET.Element("testsuites", name=visible(f"scimulator {run.profile}"))
    for result in run.results:
        suites.append(_scenario(run, result, detail))
    # The schema that servers check against has no "skipped" here, though it has it on every suite.
    return _counted(suites, ("tests", "failures", "errors"))


def _scenario(run: Run, result: ScenarioResult, detail: Detail) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(result.key.id))
    names: Counter[str] = Counter()
    by_clause: dict[str, ET.Element] = {}
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.NOT_APPLICABLE:
            continue
        clause = by_clause.get(verdict.requirement)
        if clause is None:
            clause = by_clause[verdict.requirement] = _clause(run, verdict, detail)
            suite.append(clause)
        name = visible(f"{verdict.requirement} {verdict.check}")
        names[name] += 1
        clause.append(_case(run, verdict, name if names[name] == 1 else f"{name} ({names[name]})", detail))
    if not result.verdicts and result.outcome in (Outcome.NOT_RUN, Outcome.ERROR):
        suite.append(_unplayed(result, detail))
    for clause in by_clause.values():
        _counted(clause)
    return _counted(suite)


def _clause(run: Run, verdict: Verdict, detail: Detail) -> ET.Element:
    """The inner suite of one requirement: a case may have no properties of its own, a suite may."""
    suite = ET.Element("testsuite", name=visible(verdict.requirement))
    if detail is not Detail.BARE:
        properties = ET.SubElement(suite, "properties")
        for key, value in _properties(run, verdict):
            ET.SubElement(properties, "property", name=key, value=visible(value)[:200])
    return suite


def _counted(suite: ET.Element, totals: Iterable[str] = ("tests", "failures", "errors", "skipped")) -> ET.Element:
    cases = list(suite.iter("testcase"))
    for name in totals:
        tag = _TAGS[name]
        suite.set(name, str(len(cases) if not tag else sum(case.find(tag) is not None for case in cases)))
    return suite


def _case(run: Run, verdict: Verdict, name: str, detail: Detail) -> ET.Element:
    case = ET.Element("testcase", classname=visible(verdict.scenario), name=name)
    limit = _MESSAGE[detail]
    match verdict.outcome:
        case Outcome.FAILED if verdict.level is not Level.VENDOR:
            failure = ET.SubElement(case, "failure", type=verdict.level.value, message=_message(run, verdict, limit))
            if detail is not Detail.BARE:
                failure.text = "\n".join(_told(run, verdict, limit))
        case Outcome.ERROR:
            reason = visible(verdict.reason or "the harness itself failed")[:limit]
            ET.SubElement(case, "error", type="harness", message=reason)
        case Outcome.NOT_RUN:
            ET.SubElement(case, "skipped", message=visible(f"not run: {verdict.reason or 'no reason given'}")[:limit])
        case Outcome.REVIEW:
            ET.SubElement(case, "skipped", message=f"a person has to judge this: {_message(run, verdict, limit)}")
    if detail is not Detail.BARE and verdict.outcome is not Outcome.PASSED:
        found = " ".join(finding.id for finding in verdict.findings[:10])
        ET.SubElement(case, "system-out").text = visible(f"{verdict.outcome.value} {found}".rstrip())[:limit]
    return case


def _unplayed(result: ScenarioResult, detail: Detail) -> ET.Element:
    case = ET.Element("testcase", classname=visible(result.key.id), name="the scenario as a whole")
    reason = visible(result.reason or result.transcript.stopped or "no reason given")[: _MESSAGE[detail]]
    if result.outcome is Outcome.ERROR:
        ET.SubElement(case, "error", type="harness", message=reason)
    else:
        ET.SubElement(case, "skipped", message=f"not run: {reason}")
    return case


def _properties(run: Run, verdict: Verdict) -> Iterator[tuple[str, str]]:
    requirement = run.requirements.get(verdict.requirement)
    yield "level", verdict.level.value
    yield "clause", requirement.section if requirement else verdict.requirement
    yield "profile", run.profile


def _message(run: Run, verdict: Verdict, limit: int) -> str:
    requirement = run.requirements.get(verdict.requirement)
    return visible(f"{verdict.requirement}: {requirement.says if requirement else 'is broken'}")[:limit]


def _told(run: Run, verdict: Verdict, limit: int) -> Iterator[str]:
    for finding in verdict.findings[:10]:
        yield from (visible(line)[:limit] for line in _lines(finding))
    if len(verdict.findings) > 10:
        yield f"and {len(verdict.findings) - 10} more findings, see report.html"
    requirement = run.requirements.get(verdict.requirement)
    if requirement and requirement.remedy:
        yield visible(f"Remedy: {requirement.remedy}")[:limit]


def _lines(finding: Finding) -> Iterator[str]:
    place = f" at {finding.at}" if finding.at else ""
    yield f"{finding.id} in exchange {finding.exchange or '(none)'}{place}, see report.html#{finding.id}"
    yield f"Expected: {' | '.join(str(one)[:1000] for one in finding.expected)}"
    yield f"Actual: {shown(finding.actual, 1000)}"
    if finding.hint:
        yield f"Hint: {finding.hint[:1000]}"
