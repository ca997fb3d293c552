"""JUnit XML: a suite per scenario, a case per verdict; short messages, no bodies, within the limits of CI servers."""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ET
from collections.abc import Iterator
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
        suites.append(_suite(run, result, detail))
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    return suites


def _suite(run: Run, result: ScenarioResult, detail: Detail) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(result.key.id))
    names: dict[str, int] = {}
    for verdict in result.verdicts:
        if verdict.outcome is not Outcome.NOT_APPLICABLE:
            name = visible(f"{verdict.requirement} {verdict.check}")
            names[name] = names.get(name, 0) + 1
            suite.append(_case(run, verdict, name if names[name] == 1 else f"{name} ({names[name]})", detail))
    if not result.verdicts and result.outcome in (Outcome.NOT_RUN, Outcome.ERROR):
        suite.append(_unplayed(result, detail))
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in suite)))
    return suite


def _case(run: Run, verdict: Verdict, name: str, detail: Detail) -> ET.Element:
    case = ET.Element("testcase", classname=visible(verdict.scenario), name=name)
    wrong = verdict.outcome is not Outcome.PASSED
    if detail is Detail.FULL or (detail is Detail.LEAN and wrong):
        properties = ET.SubElement(case, "properties")
        for key, value in _properties(run, verdict):
            ET.SubElement(properties, "property", name=key, value=visible(value)[:200])
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
    yield "outcome", verdict.outcome.value
    if verdict.findings:
        yield "findings", " ".join(finding.id for finding in verdict.findings)


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
