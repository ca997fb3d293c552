"""From traffic and logs back to the cause: what defects leave behind is exported, triaged blind, and named, or not.

Twenty wrongs of a service are put into the reference server one by one; every story is played by every IdP and app
type against it. What crossed the wire is exported as a HAR of the IdP's own requests (no Witness, no comments), and
what happened as the IdP's own log. A defect counts as named when one of the causes that triage tells as at least
probable names it: by its report from the field, or by a requirement that the defect's header says it breaks.

Only stories in which the defect shows at all on that side count: the IdP's own requests meet an answer that differs
from that of the server without the defect (HAR), or the IdP tells anything else (log). ``--size triage=N`` takes the
first N defects.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from benchmarks.figure import Figure
from harness.model.case import Case, Likelihood
from harness.model.exchange import Exchange, Role
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind, Scenario
from harness.plan import Selection, plan, vendors
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage
from harness.triage.rules import load_rules
from harness.triaging import triage
from reference_server.defects import catalogue
from reports import entra_log, har, okta_log

PRESET = "marketbeam"
DEFECTS = (
    "active-string-false-rejected", "patch-noop-success", "op-name-case", "pathless-value-object", "put-only-server",
    "patch-only-server", "one-bad-op-vetoes-active", "inactive-user-rejects-writes", "deactivate-means-delete",
    "reactivate-400", "no-match-404", "filter-ignored", "last-owner-refused", "groups-404-html", "inactive-hidden",
    "active-string-false-truthy", "pathless-ignored", "put-ignores-active", "create-500", "id-missing",
)  # fmt: skip
"""Twenty that were reported from the field and that a customer suffers from."""

RULES: dict[str, tuple[str, ...]] = {
    "put-only-server": ("patch-not-served",),
    "patch-only-server": ("patch-not-served",),
    "reactivate-400": ("reactivation-refused",),
    "inactive-hidden": ("deactivate-means-delete", "rehire-conflict"),
    "deactivate-means-delete": ("account-gone-at-service",),
    "groups-404-html": ("group-sync-left-on", "idp-offers-push-anyway", "groups-refusal-read-as-broken-app"),
    "create-500": ("service-failing",),
    "id-missing": ("create-answer-empty",),
    "active-string-false-truthy": ("patch-noop-success",),
    "pathless-ignored": ("patch-noop-success",),
    "put-ignores-active": ("patch-noop-success",),
}
"""The rules that lead to the repair of a defect, where they have another name than it."""

TEST = "Provisioning > Test Connection"
"""What a dialog says is in no log."""

SAMPLE = ("leaver", "rehire", "group-push-refused", "connection")


@dataclass
class Share:
    """How many exports there were, and in how many the defect was named."""

    named: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        return self.named / self.of if self.of else 0.0


@dataclass(frozen=True)
class Export:
    """One story by one IdP against one defect, as the files that a customer would hand in; none where nothing shows."""

    scenario: str
    defect: str
    traffic: dict[str, str]
    log: dict[str, str]


def rehearsed(defect: str, stories: frozenset[str] = frozenset()) -> Run:
    """Every story (or these) by Okta and Entra against the server with the defect, "" for none."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(profile=PRESET, preset=PRESET, defects=(defect,) if defect else ())
        profile = load_profile(PRESET)
        stage = Stage(settings, profile, Path(place) / "run")
        scenarios = [s for s in plan(profile, Selection(), vendors(), {}) if _wanted(s, stories)]
        stage.begin(scenarios)
        for scenario in scenarios:
            stage.verdicts(scenario)
        stage.finish()
        return stage.conclude()


def _wanted(scenario: Scenario, stories: frozenset[str]) -> bool:
    key = scenario.key
    return (
        key.kind is Kind.STORY
        and key.idp in ("okta", "entra")
        and (not stories or key.id.rpartition("/")[2] in stories)
    )


def blind(run: Run, result: ScenarioResult) -> str:
    """The HAR of one story with nothing but what the IdP sent: no Witness, and no comment that gives anything away."""
    kept = tuple(replace(x, title="") for x in result.transcript.exchanges if x.role is Role.IDP)
    if not kept:
        return ""
    alone = replace(run, results=(replace(result, transcript=replace(result.transcript, exchanges=kept)),))
    document = json.loads(har.render(alone))
    document["log"].pop("comment", None)
    document["log"]["creator"] = {"name": "gateway", "version": "1"}
    document["log"].pop("browser", None)
    for number, entry in enumerate(document["log"]["entries"]):
        entry.pop("comment", None)
        entry["startedDateTime"] = f"2026-01-02T{3 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000Z"
    return json.dumps(document)


def log_of(run: Run, result: ScenarioResult) -> dict[str, str]:
    """What the IdP itself would give of one story: its log, the state of its job, its page of tasks."""
    alone = replace(run, results=(result,))
    with tempfile.TemporaryDirectory() as place:
        (entra_log if result.key.idp == "entra" else okta_log).write(alone, Path(place))
        return {path.name: path.read_text("utf-8") for path in Path(place).iterdir()}


def exports(defect: str, stories: frozenset[str] = frozenset()) -> Iterator[Export]:
    """What the defect leaves behind where it shows at all."""
    clean = {r.key.id: r for r in _clean(stories).results}
    run = rehearsed(defect, stories)
    for result in run.results:
        other = clean.get(result.key.id)
        differs = other is None or _seen(result) != _seen(other)
        told = other is None or _told(result) != _told(other)
        traffic = blind(run, result) if differs else ""
        log = log_of(run, result) if told else {}
        yield Export(result.key.id, defect, {"gateway.har": traffic} if traffic else {}, log)


@cache
def _clean(stories: frozenset[str]) -> Run:
    return rehearsed("", stories)


def _seen(result: ScenarioResult) -> list[tuple[str, int, object]]:
    return [(x.method, x.status, _state(x)) for x in result.transcript.exchanges if x.role is Role.IDP]


def _state(exchange: Exchange) -> object:
    """What of an answer counts: who is in it and whether they are active; ids and times differ from run to run."""
    body = exchange.json
    if not isinstance(body, dict):
        return len(exchange.body) > 0
    return [(sorted(r), r.get("userName"), r.get("active")) for r in exchange.resources] or sorted(body)


def _told(result: ScenarioResult) -> list[tuple[str, str, str]]:
    return [(n.where, n.status, n.code) for n in result.outlook.notices if n.where != TEST]


def names(case: Case, defect: str) -> bool:
    """Whether one of the causes that are at least probable names the defect."""
    breaks = set(catalogue()[defect].breaks)
    wanted = {defect, *RULES.get(defect, ())}
    for cause in case.causes:
        if cause.likelihood is Likelihood.LOW:
            continue
        rule = load_rules().get(cause.id)
        if cause.id in wanted or cause.id in breaks:
            return True
        if rule is not None and (wanted & set(rule.field) or breaks & set(rule.requirements)):
            return True
        if any(f"({requirement})" in piece for requirement in breaks for piece in cause.evidence):
            return True
    return False


def triaged(files: dict[str, str]) -> Case:
    """The Case of one export, read from files as a customer's would be."""
    with tempfile.TemporaryDirectory() as place:
        for name, text in files.items():
            (Path(place) / name).write_text(text, "utf-8")
        return triage(sorted(Path(place).iterdir()), PRESET)


def measure(size: int = len(DEFECTS)) -> Iterator[Figure]:
    traffic, logs = Share(), Share()
    for defect in DEFECTS[:size]:
        for export in exports(defect):
            for share, files in ((traffic, export.traffic), (logs, export.log)):
                if files:
                    share.of += 1
                    share.named += names(triaged(files), defect)
    for what, share, goal in (("from a HAR", traffic, 0.9), ("from the IdP's log alone", logs, 0.7)):
        value = f"{share.named} of {share.of} exports, {share.share:.0%}"
        yield Figure(f"defects named {what}", value, "", None, f"at least {goal:.0%}", share.share >= goal)
