"""Cycles: what happens after a Change, in which order a cycle works, and what slows it down."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import (
    Change,
    Feature,
    GroupOnDemand,
    OnDemand,
    Restart,
    Retry,
    Switch,
    TeamChange,
    TestConnection,
    TimePasses,
    UnlinkGroup,
)
from harness.model.exchange import Exchange
from harness.model.outlook import Notice
from harness.model.sequence import Evidence, Steps, sequence
from harness.model.step import Intent
from simulators.entra import groups, log, removals, sources, users
from simulators.entra.app import Entra
from simulators.entra.connection import probe_connection, probe_users
from simulators.entra.escrow import Key
from simulators.entra.on_demand import provision_group_on_demand, provision_on_demand
from simulators.entra.people import OF_PEOPLE
from simulators.entra.quarantine import Quarantined, Trigger, breach, trigger_of
from simulators.entra.references import link_manager, manager_row
from simulators.entra.staging import staged_in, too_many
from simulators.render import Ask, held_back, retry_after


def react(entra: Entra, change: Change, cast: Cast) -> Steps:
    """What the job sends after a Change: an ordinary one is followed by the cycle that notices it."""
    member = next((member for member in cast if member.part == change.part), None)
    match change:
        case TestConnection():
            yield from probe_connection(entra, None, cast)
        case TimePasses():
            yield from incremental_cycles(entra, change, cast)
        case Restart():
            yield from restart(entra, None, cast)
        case Retry():
            yield from retry(entra, change, cast)
        case Switch():
            entra.switch(change)
            if change.feature is Feature.PROVISIONING and change.on:
                yield from next_cycle(entra)
        case OnDemand() if member is not None:
            entra.entry(member)
            with entra.on_demand():
                steps = provision_on_demand(entra, member, cast)
                yield from attempt(entra, ("user", member.part), steps, scheduled=False)
        case GroupOnDemand() if entra.teams_mapping.enabled and (team := entra.team(change)) is not None:
            with entra.on_demand():
                steps = provision_group_on_demand(entra, team, cast)
                yield from attempt(entra, ("group", _role(entra, change)), steps, scheduled=False)
        case _:
            if _note(entra, change, member) and not change.rushed:
                yield from next_cycle(entra)


def _note(entra: Entra, change: Change, member: Member | None) -> bool:
    """Let the Change happen in the directory; whether the delta query will bring it."""
    if isinstance(change, TeamChange):
        if not entra.teams_mapping.enabled:
            return False
        key = ("group", _role(entra, change))
        concerns = groups.note(entra, change)
        if concerns:
            entra.changed[key] = None
        elif isinstance(change, UnlinkGroup):
            entra.changed.pop(key, None)
            entra.escrow.clear(key)
        return concerns
    if member is None or not isinstance(change, OF_PEOPLE):
        return False
    entry = entra.entry(member)
    entry.note(change)
    entry.follow(change, entra.soft_deleted(entry))
    entra.changed[("user", member.part)] = None
    if entry.deleted and entra.setup.removes_deleted_members:
        for role, team in entra.teams.items():
            if member.part in team.sent and team.pushed:
                team.drop(member.part)
                entra.changed[("group", role)] = None
    return True


def _role(entra: Entra, change: TeamChange) -> str:
    team = entra.cast.team_of(change)
    return team.role if team else ""


@sequence(
    "Incremental cycles",
    on=(TimePasses,),
    evidence="documented",
    source=sources.HOW_IT_WORKS,
    seen="2026",
    omits="the time that a cycle takes; cycles that go on after Stop",
)
def incremental_cycles(entra: Entra, change: TimePasses, _cast: Cast) -> Steps:
    """About every 40 minutes a delta query brings what has changed since the watermark; failed objects come back."""
    until = entra.now + change.minutes
    while entra.setup.started and not entra.stopped and entra.next_cycle <= until:
        yield from next_cycle(entra)
    entra.now = until


@sequence(
    "Restart provisioning",
    on=(Restart,),
    evidence="documented",
    source=sources.RESTART,
    seen="2026",
)
def restart(entra: Entra, _nobody: Member | None, _cast: Cast) -> Steps:
    """Quarantine, escrow and watermark are cleared, and an initial cycle goes over everything. The links stay."""
    entra.quarantine = None
    entra.stopped = False
    entra.escrow.failed.clear()
    entra.changed.clear()
    entra.initial = True
    for entry in entra.people.values():
        entry.anchor = entry.anchor if entra.setup.restart_keeps_links else ""
        if not entry.anchor:
            # Whoever left before a cycle saw it is forgotten with the watermark.
            removals.never_linked(entra, entry)
    for team in entra.teams.values():
        team.begin()
    entra.next_cycle = entra.now
    yield from next_cycle(entra)


@sequence(
    "Failed objects are tried again",
    on=(Retry,),
    evidence="inferred",
    source=sources.RESTART,
    seen="2026",
)
def retry(entra: Entra, change: Retry, _cast: Cast) -> Steps:
    """The portal has no such button: failed objects are due at once, and staged deletions are allowed."""
    for (_, name), failed in entra.escrow.failed.items():
        if change.part in ("", name):
            failed.due = entra.now
    entra.deletes_allowed = True
    entra.next_cycle = entra.now
    yield from next_cycle(entra)


def next_cycle(entra: Entra) -> Steps:
    """Move the clock to the next cycle and play it. A job that is not started, or was switched off, stays as it is."""
    if entra.stopped or not entra.setup.started:
        return
    entra.now = max(entra.now, entra.next_cycle)
    if entra.quarantine is not None and entra.now >= entra.quarantine.stops_at:
        entra.stopped = True
        text = "The job was switched off after 28 days in quarantine; nothing is sent until somebody restarts it"
        entra.tell(Notice(log.STATUS, "Disabled", text, entra.quarantine.trigger.reason))
        return
    trigger = yield from _cycle(entra)
    _settle(entra, trigger)


def _cycle(entra: Entra) -> Ask[Trigger | None]:
    """People first, then the references between them, then groups and their members. What breaks the job ends it."""
    if entra.setup.probe_each_cycle:
        yield from start_cycle(entra, None, entra.cast)
        if entra.broken is not None:
            return entra.broken
    if entra.initial:
        _everything(entra)
    due = dict.fromkeys((*entra.changed, *entra.escrow.due(entra.now)))
    staged = staged_in(entra, due)
    people = [entra.people[name] for kind, name in due if kind == "user" and (kind, name) not in staged]
    for entry in people:
        chosen = users.sequence_for(entra, entry)
        trigger = yield from attempt(entra, ("user", entry.part), chosen(entra, entry.member, entra.cast))
        if trigger is not None:
            return trigger
    if manager_row(entra) is not None:
        for entry in people:
            key = ("user", entry.part)
            if key in entra.escrow.failed:
                continue
            trigger = yield from attempt(entra, key, link_manager(entra, entry.member, entra.cast), reference=True)
            if trigger is not None:
                return trigger
    for kind, role in due:
        if kind == "group" and (kind, role) not in staged:
            team = entra.teams[role]
            trigger = yield from attempt(entra, (kind, role), groups.sequence_for(team)(entra, team, entra.cast))
            if trigger is not None:
                return trigger
    return too_many(entra, staged)


@sequence(
    "Start of a cycle",
    on=(),
    evidence="inferred",
    source=sources.STARTUP_PROBE,
    seen="2023",
)
def start_cycle(entra: Entra, _nobody: Member | None, cast: Cast) -> Steps:
    """The probe that may open a cycle: when it fails, the job goes to quarantine and nobody is exported."""
    answer = yield from probe_users(entra, cast)
    entra.broken = None if held_back(answer) else trigger_of(answer)


def _everything(entra: Entra) -> None:
    """An initial cycle looks at everybody who is in scope or linked, and at every group."""
    scope = entra.users_mapping.scope
    everybody = [("user", e.part) for e in entra.people.values() if e.managed or e.in_scope(scope)]
    teams = [("group", role) for role, team in entra.teams.items() if team.pushed and entra.teams_mapping.enabled]
    entra.changed = dict.fromkeys((*everybody, *entra.changed, *teams))
    entra.initial = False


def attempt(
    entra: Entra, key: Key, steps: Steps, *, scheduled: bool = True, reference: bool = False
) -> Ask[Trigger | None]:
    """Play what is to be done about one object, write its rows into the log, and keep it in escrow when it fails.

    What counts is the last answer: a sequence ends where it fails. What is not ``scheduled`` is not tried again, and a
    failure about a ``reference`` does not count towards quarantine.
    Returns what breaks the whole job, if anything does; the object is then still to be done.
    """
    who = entra.teams[key[1]].name if key[0] == "group" else entra.people[key[1]].name
    answer: Exchange | None = None
    while True:
        try:
            step = next(steps) if answer is None else steps.send(answer)
        except StopIteration:
            break
        answer = yield step
        if held_back(answer) or step.intent is Intent.CONNECT:
            continue
        if not log.failure(answer)[0]:
            entra.tell(log.succeeded(answer, who))
        elif scheduled and (trigger := trigger_of(answer)) is not None:
            steps.close()
            if answer.status == 401:
                entra.tell(log.failed(answer, who, entra.escrow.retried(key), entra.now + entra.setup.interval))
            return trigger
    if scheduled:
        entra.changed.pop(key, None)
    if answer is not None and (held_back(answer) or answer.intent is Intent.CONNECT):
        return None
    if answer is None or not log.failure(answer)[0]:
        # A second pass that has nothing to say leaves what the first one has found.
        if answer is not None or not reference:
            entra.escrow.clear(key)
    elif scheduled:
        wait = retry_after(answer) if entra.setup.honours_retry_after and answer.status == 429 else None
        failed = entra.escrow.put(key, log.failure(answer)[0], entra.now, -int(-(wait or 0) // 60), reference)
        entra.tell(log.failed(answer, who, failed.retried, failed.due))
    else:
        entra.tell(log.failed(answer, who, 0, None))
    return None


def _settle(entra: Entra, trigger: Trigger | None) -> None:
    """Put the job into quarantine, leave it there or let it out, and set the time of the next cycle."""
    references = sum(failed.reference for failed in entra.escrow.failed.values())
    found = trigger or breach(len(entra.escrow.failed), references, len(entra.people) + len(entra.teams))
    if found is None:
        if entra.quarantine is not None:
            entra.tell(Notice(log.STATUS, "Success", "A cycle went through, and the job has left quarantine"))
        entra.quarantine = None
        entra.next_cycle = entra.now + entra.setup.interval
        return
    if entra.quarantine is None:
        entra.quarantine = Quarantined(found, entra.now, entra.setup.backoff)
        inferred = found.evidence is Evidence.INFERRED
        entra.tell(Notice(log.STATUS, "Quarantine", found.text, found.reason, found.exchange, inferred))
    else:
        entra.quarantine.attempts += 1
    entra.next_cycle = entra.now + entra.quarantine.gap()
