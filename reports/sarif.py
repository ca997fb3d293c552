"""SARIF 2.1.0 for code scanning: one rule per requirement, one result per finding, each with a place in the repository.

A service that answers over the network has no source line of ours. The platforms throw the whole file away when one
result lacks a physical location, so every result points at the configuration that asked for the run; what was really
asked stands as a logical location ("PATCH /Users/{id}").
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from harness.model.finding import Finding
from harness.model.requirement import Requirement
from harness.model.run import Run
from harness.model.verdict import Outcome, Verdict
from reports.findings import call, exchanges, ranked
from reports.text import shown, visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS = 5_000
"""Code scanning shows about that many results of one run; the gravest are kept."""

TEXT = 1_000
CONFIG = "scim.toml"
"""Where a run without a configuration file is anchored: the file that would hold its settings."""

_LEVELS = {
    Outcome.FAILED: "error",
    Outcome.WARNED: "warning",
    Outcome.NOTED: "note",
    Outcome.KNOWN: "warning",
    Outcome.REVIEW: "none",
}


def write(run: Run, directory: Path) -> Path:
    """Write ``report.sarif`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "report.sarif"
    path.write_text(json.dumps(render(run), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def render(run: Run, *, most: int = RESULTS) -> dict[str, Any]:
    """The SARIF log as a JSON-plain value, with at most ``most`` results."""
    told = ranked(run)[:most]
    rules = sorted({verdict.requirement for verdict, _ in told})
    places = {rule: index for index, rule in enumerate(rules)}
    seen = exchanges(run)
    file = anchor(run)
    causes = {name: cause.id for cause in run.causes for name in cause.findings}
    left_out = len(run.findings) - len(told)
    log: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "scimulator",
                "version": run.meta.get("tool", "0"),
                "rules": [_rule(rule, run.requirements.get(rule)) for rule in rules],
            }
        },
        "invocations": [{"executionSuccessful": True, "commandLine": visible(run.meta.get("command", ""))}],
        "automationDetails": {"id": f"scimulator/{run.profile}/"},
        "results": [
            _result(
                verdict,
                finding,
                places[verdict.requirement],
                call(seen.get(finding.exchange)),
                file,
                causes.get(finding.id, ""),
            )
            for verdict, finding in told
        ],
        "properties": {
            "verdict": run.conclusion.value,
            "sentence": visible(run.sentence)[:TEXT],
            "profile": visible(run.profile),
        },
    }
    if left_out > 0:
        log["invocations"][0]["toolExecutionNotifications"] = [
            {"level": "note", "message": {"text": f"{left_out} more findings stand in the run directory."}}
        ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [log]}


def anchor(run: Run) -> str:
    """The configuration file relative to the place of the run; an absolute path would name somebody's machine."""
    given = PurePosixPath(run.meta.get("config", "").replace("\\", "/"))
    return CONFIG if str(given) == "." or given.is_absolute() or ".." in given.parts else str(given)


def _rule(rule: str, requirement: Requirement | None) -> dict[str, Any]:
    if requirement is None:
        return {"id": rule}
    entry: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": visible(requirement.says)[:TEXT]},
        "fullDescription": {"text": visible(f"{requirement.section}: {requirement.says}")[:TEXT]},
        "help": {"text": visible(requirement.remedy or requirement.says)[:TEXT]},
        "properties": {"tags": ["scim", requirement.level.value, requirement.harm.value]},
    }
    if requirement.link.startswith("https://"):
        entry["helpUri"] = requirement.link
    return entry


def _result(verdict: Verdict, finding: Finding, rule: int, asked: str, file: str, cause: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": verdict.requirement,
        "ruleIndex": rule,
        "level": _LEVELS.get(verdict.outcome, "none"),
        "message": {"text": "\n".join(_message(verdict, finding))},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": 1}},
                "logicalLocations": [
                    {"fullyQualifiedName": visible(part), "kind": kind} for part, kind in _logical(finding, asked)
                ],
            }
        ],
        "partialFingerprints": {"scimulatorFinding/v1": finding.id},
        "properties": dict(_properties(verdict, finding, cause)),
    }
    if verdict.outcome is Outcome.REVIEW:
        result["kind"] = "review"
    if verdict.outcome is Outcome.KNOWN:
        result["suppressions"] = [{"kind": "external", "justification": visible(verdict.reason or "known failure")}]
    return result


def _logical(finding: Finding, asked: str) -> Iterator[tuple[str, str]]:
    if asked:
        yield asked, "resource"
    yield finding.scenario or "run", "module"


def _message(verdict: Verdict, finding: Finding) -> Iterator[str]:
    at = f" at {finding.at}" if finding.at else ""
    yield visible(f"{verdict.scenario}{at}: expected {' | '.join(finding.expected)}")[:TEXT]
    yield visible(f"came: {shown(finding.actual, TEXT)}")[:TEXT]
    if finding.hint:
        yield visible(finding.hint)[:TEXT]


def _properties(verdict: Verdict, finding: Finding, cause: str) -> Iterator[tuple[str, str]]:
    given: Mapping[str, str] = {
        "clauseLevel": verdict.level.value,
        "outcome": verdict.outcome.value,
        "cause": cause,
        "check": verdict.check,
        "exchange": finding.exchange,
        "pointer": visible(finding.at),
    }
    yield from ((name, value) for name, value in given.items() if value)
