"""From traffic and logs back to the cause: what defects leave behind is exported, triaged blind, and named, or not.

Wrongs of a service are put into the reference server one by one; every story is told to it by every IdP and app type.
What crossed the wire is exported as a HAR of the IdP's own requests (no Witness, no comments), and what happened as
the IdP's own log. A defect is named when the first cause that triage tells, at least as probable, is the one that leads
to its repair: by its report from the field, by a rule of WHERE_TO, or by a requirement that it breaks.

Only stories in which the defect shows on that side count. A log cannot tell a defect when it says word for word what it
says without it, or what the log of another story says at a service without any defect. Such logs are counted apart, and
a cause that is told from one of them is not counted as right.

Two sets: eighty whose exports were looked at while rules were written, all but one of those that were reported from the
field and leave anything behind; and twenty drawn by lot from all others, the first that leave anything behind. Which
rules lead to the repair of those was written down before anything of them was triaged.
With ``--size triage=N`` it is N of each at most; ``--size triage=0`` is both whole, with every story but the longest.

Three sets were measured blind, once each, before anything was mended by them (the same sets by the rules of before the
first of them in brackets). Named first from a HAR: 112 of 181 (88), 106 of 215 (81), 103 of 242 (83); from the log
alone: 83 of 148 (54), 70 of 190 (51), 29 of 204 (21). A wrong cause told as certain, HAR and log: 20 and 0 (43 and 10),
5 and 2 (62 and 45), 2 and 4 (115 and 48). The first two are among the eighty now; the third is the one that is drawn.
Of its six wrong and certain ones two are left: a PATCH that is answered with 204, which a service may do.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.rehearsal import PRESET, Export, exports, scenarios
from harness.model.case import Actor, Case, Likelihood, Suspicion
from harness.triage.rules import load_rules
from harness.triaging import triage
from reference_server.defects import catalogue

DEFECTS = (
    "active-string-false-rejected", "patch-noop-success", "op-name-case", "pathless-value-object", "put-only-server",
    "patch-only-server", "one-bad-op-vetoes-active", "inactive-user-rejects-writes", "deactivate-means-delete",
    "reactivate-400", "no-match-404", "filter-ignored", "last-owner-refused", "groups-404-html", "inactive-hidden",
    "active-string-false-truthy", "pathless-ignored", "put-ignores-active", "create-500", "id-missing",
    "same-username-called-mutation", "start-index-zero-based", "mixed-patch-drops-active", "scim-json-refused",
    "external-id-not-stored", "create-accepted-silently", "group-refusal-401", "user-name-lower-cased",
    "reactivation-only-claimed", "put-clears-names", "error-without-body", "inactive-404-by-id", "group-refusal-empty",
    "server-error-once-in-a-while", "groups-stored", "read-only-patch-applied", "error-schemas-string",
    "groups-probe-500", "charset-refused", "refusal-empty",
    "wrong-person-deactivated", "read-only-patch-confirmed", "error-status-object", "external-id-invented",
    "group-refusal-html", "error-status-missing", "group-refusal-500", "deactivate-answers-404",
    "add-op-on-single-value", "active-as-text", "unfiltered-list-400", "error-keyword-missing",
    "deactivate-answers-500", "second-deactivation-400", "error-status-null", "deactivation-arrives-late",
    "refusal-without-sentence", "malformed-path-500", "patch-501", "token-echoed",
    "external-id-overwrites-user-name", "group-refusal-503", "lookup-shows-stale-state", "resources-key-lower-case",
    "create-503", "group-refusal-400", "groups-probe-404", "only-externalid-users-visible",
    "unknown-path-silently-ok", "groups-success-that-does-nothing", "create-400", "error-status-number",
    "pathless-refused", "external-id-read-only", "pascal-case-names", "scim-json-not-parsed",
    "group-refusal-without-sentence", "put-noop-success", "first-row-wins", "redirects-to-slash",
)  # fmt: skip
"""Eighty that were reported from the field: twenty that a customer suffers from, and sixty that were drawn by lot and
have been looked at since."""

DRAWN = 20
"""So many others are drawn, of those that leave anything behind."""

SEED = 83

WHERE_TO: dict[str, tuple[str, ...]] = {
    "put-only-server": ("patch-not-served",),
    "patch-only-server": ("patch-not-served",),
    "reactivate-400": ("reactivation-refused",),
    "inactive-hidden": ("deactivate-means-delete", "rehire-conflict"),
    "deactivate-means-delete": ("account-gone-at-service",),
    "groups-404-html": ("group-refusal-misleads", "groups-refusal-read-as-broken-app", "error-without-reason"),
    "create-500": ("service-failing",),
    "id-missing": ("create-answer-empty",),
    "active-string-false-truthy": ("patch-noop-success",),
    "pathless-ignored": ("patch-noop-success",),
    "put-ignores-active": ("patch-noop-success",),
    # Not here: rules that tell the customer to switch off what the service refuses on purpose, where the wrong is in
    # how it refuses; and rules about another wrong.
    "same-username-called-mutation": ("value-refused",),
    "mixed-patch-drops-active": ("patch-noop-success",),
    "scim-json-refused": ("media-type-refused",),
    "charset-refused": ("media-type-refused",),
    "group-refusal-401": (
        "group-refusal-misleads",
        "groups-refusal-read-as-broken-app",
    ),
    "reactivation-only-claimed": ("reactivation-refused",),
    "error-without-body": (
        "group-refusal-misleads",
        "error-without-reason",
    ),
    "error-schemas-string": ("error-without-reason",),
    "refusal-empty": ("error-without-reason",),
    "group-refusal-empty": ("group-refusal-misleads", "error-without-reason", "groups-refusal-read-as-broken-app"),
    "inactive-404-by-id": ("deactivate-means-delete",),
    "server-error-once-in-a-while": ("service-failing",),
    "groups-probe-500": ("import-failed", "service-failing"),
    "create-accepted-silently": ("creation-not-kept",),
    "user-name-lower-cased": ("changed-unasked",),
    "put-clears-names": ("changed-unasked",),
    "external-id-not-stored": ("external-id-not-kept",),
    "read-only-patch-applied": ("renamed-over-scim",),
    "groups-stored": ("groups-success-that-does-nothing",),
    "deactivate-answers-404": ("shown-and-not-found",),
    "wrong-person-deactivated": ("patch-noop-success",),
    "error-status-object": ("error-without-reason",),
    "error-status-missing": ("error-without-reason",),
    "error-status-null": ("error-without-reason",),
    "group-refusal-html": ("group-refusal-misleads", "groups-refusal-read-as-broken-app", "error-without-reason"),
    "group-refusal-500": ("service-failing", "group-refusal-misleads"),
    "add-op-on-single-value": ("add-refused",),
    "active-as-text": ("answer-unreadable",),
    "deactivate-answers-500": ("service-failing",),
    "second-deactivation-400": ("inactive-user-rejects-writes",),
    "deactivation-arrives-late": ("patch-noop-success",),
    "refusal-without-sentence": ("error-without-reason",),
    "malformed-path-500": ("service-failing",),
    "patch-501": ("patch-not-served",),
    "groups-probe-404": ("import-failed",),
    "create-400": ("creation-refusal-misleads",),
    "external-id-overwrites-user-name": ("changed-unasked",),
    "group-refusal-503": ("service-failing", "group-refusal-misleads"),
    "resources-key-lower-case": ("list-not-readable",),
    "create-503": ("service-failing",),
    "group-refusal-400": ("group-refusal-misleads",),
    "only-externalid-users-visible": ("preexisting-users-outside-scim",),
    "error-status-number": ("error-without-reason",),
    "pathless-refused": ("pathless-value-object",),
    "external-id-read-only": ("value-refused",),
    "pascal-case-names": ("answer-unreadable",),
    "scim-json-not-parsed": ("media-type-refused",),
    "group-refusal-without-sentence": ("group-refusal-misleads", "error-without-reason"),
    "put-noop-success": ("patch-noop-success",),
    "first-row-wins": ("filter-ignored",),
    "redirects-to-slash": ("address-redirects",),
    # Of those drawn by lot, written down before anything of them was triaged:
    "list-is-bare-array": ("list-not-readable",),
    "page-numbers-as-texts": ("list-not-readable",),
    "error-detail-object": ("error-without-reason",),
    "error-detail-array": ("error-without-reason",),
    "refusal-html": ("error-without-reason",),
    "active-missing": ("answer-unreadable",),
    "user-name-missing": ("answer-unreadable",),
    "name-as-text": ("answer-unreadable",),
    "put-501": ("patch-not-served",),
}
"""The rules that lead to the repair of a defect, where they have another name than it.

Of those drawn by lot, id-holds-bulkid, unpublished-attribute, operations-reversed, ids-repeat, create-really-creates,
whole-name-of-another, repeated-value-400, patch-204-despite-attributes, errors-as-200, mail-is-no-address and
error-keyword-number have none: they are named by a requirement that they break, or not at all.
"""

PROMISE = "MB-"
"""What the whole product promises ("leavers lose access") is broken by almost everything, and names nothing."""


def by_lot() -> list[str]:
    """Every other defect that this service can have, in an order that was drawn."""
    others = sorted(
        name for name, d in catalogue().items() if name not in DEFECTS and PRESET in (d.presets or (PRESET,))
    )
    random.Random(SEED).shuffle(others)
    return others


@dataclass
class Tally:
    """What became of the exports of one kind, in how many each; ``misses`` are those that were not named first."""

    of: int = 0
    first: int = 0
    among: int = 0
    unknown: int = 0
    wrong: int = 0
    sure: int = 0
    """Of the wrong ones: those told as certain."""
    silent: int = 0
    """Exports that say what they say without the defect."""
    shared: int = 0
    """Exports that a service without any defect leaves behind in another story."""
    misses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, case: Case, defect: str, anyway: frozenset[str] = frozenset()) -> None:
        """``anyway`` is what is told of the same story without the defect: that is true all the same."""
        self.of += 1
        probable = [cause for cause in case.causes if cause.likelihood is not Likelihood.LOW]
        named = [names(cause, defect) for cause in probable]
        if named[:1] == [True]:
            self.first += 1
            return
        self.misses[defect, probable[0].id if probable else "nothing"] += 1
        if any(named):
            self.among += 1
        elif not probable:
            self.unknown += 1
        else:
            self.wrong += 1
            self.sure += probable[0].likelihood is Likelihood.HIGH and probable[0].id not in anyway

    def figures(self, what: str, goal: float | None) -> Iterator[Figure]:
        share = self.first / self.of if self.of else 0.0
        told = f"{self.first} of {self.of} exports, {share:.0%}"
        why = ", ".join(f"{defect}: {cause} ({n})" for (defect, cause), n in self.misses.most_common(8))
        goals = ("", None) if goal is None else (f"at least {goal:.0%}", share >= goal)
        yield Figure(f"named first {what}", told, "", None, *goals, why=f"told instead: {why}" if why else "")
        rest = f"{self.among} as a second cause, {self.unknown} not known, {self.wrong} another cause"
        yield Figure(f"not named first {what}", rest)
        wrong = f"{self.sure} of {self.of}"
        yield Figure(f"a wrong cause told as certain {what}", wrong, "", None, "none", self.sure == 0)


def names(cause: Suspicion, defect: str) -> bool:
    """Whether what is told leads to the repair of the defect.

    A requirement counts where the judge found it broken in the files, and where the service is told to act: "switch it
    off" repairs no service.
    """
    wanted = {defect, *WHERE_TO.get(defect, ())}
    breaks = {r for r in catalogue()[defect].breaks if not r.startswith(PROMISE)}
    if cause.id in wanted | breaks:
        return True
    rule = load_rules().get(cause.id)
    if rule is not None and wanted & set(rule.field):
        return True
    if cause.who is not Actor.SERVICE:
        return False
    return any(f"({requirement})" in piece for requirement in breaks for piece in cause.evidence)


def triaged(files: dict[str, str]) -> Case:
    """The Case of one export, read from files as a customer's would be."""
    with tempfile.TemporaryDirectory() as place:
        for name, text in files.items():
            (Path(place) / name).write_text(text, "utf-8")
        return triage(sorted(Path(place).iterdir()), PRESET)


def weigh(found: Iterable[Export], traffic: Tally, logs: Tally) -> bool:
    """Triage what was exported, each file for itself; whether the defect left anything behind at all."""
    shows = False
    for export in found:
        if not export.shows:
            continue
        shows = True
        if export.traffic:
            anyway = told_anyway(tuple(export.without.traffic.items()))
            traffic.take(triaged(export.traffic), export.defect, anyway)
        else:
            traffic.silent += 1
        if export.told and not export.also:
            logs.take(triaged(export.log), export.defect, told_anyway(tuple(export.without.log.items())))
        elif export.told:
            logs.shared += 1
        else:
            logs.silent += 1
    return shows


@cache
def told_anyway(files: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The causes that are told of a story without any defect: that a service refuses groups on purpose, say."""
    return frozenset(cause.id for cause in triaged(dict(files)).causes) - {"all-well"} if files else frozenset()


def measure(size: int = len(DEFECTS)) -> Iterator[Figure]:
    chosen = tuple(scenarios(every=not size))
    sets = (("", list(DEFECTS), len(DEFECTS), (0.9, 0.7)), (", drawn by lot", by_lot(), DRAWN, (0.9, 0.7)))
    for what, defects, most, goals in sets:
        traffic, logs, shown, tried = Tally(), Tally(), 0, 0
        began = time.process_time()
        for defect in defects:
            tried += 1
            shown += weigh(exports(defect, chosen), traffic, logs)
            if shown == (min(size, most) if size else most):
                break
        spent = time.process_time() - began
        yield from traffic.figures(f"from a HAR{what}", goals[0])
        yield from logs.figures(f"from the IdP's log alone{what}", goals[1])
        value = f"{logs.silent + logs.shared} beside the {logs.of} counted"
        why = (
            f"{logs.silent} equal the log of the same story without the defect, {logs.shared} are an excerpt of that "
            "of another story without any, but for times, ids and names"
        )
        yield Figure(f"logs that cannot tell it{what}", value, why=why)
        cases = len(chosen) * tried
        value = f"{spent / cases:.2f} s of CPU for each of {cases} stories told, exported and triaged"
        yield Figure(
            f"cost of {shown} defects that leave something behind{what}",
            value,
            "",
            None,
            "less than 1 s",
            spent < cases,
        )
