"""What the Entra administrator sees in the end: provisioning log rows, connection tests, removals and quarantine.

A job writes its log while it works. The outlook therefore plays the job again, with the recorded answers: it needs the
exchanges and the Changes and nothing else, and it tells the same at the end of a run and years later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model.change import Change, TeamChange
from harness.model.exchange import Exchange, Role
from harness.model.outlook import Notice, Outlook, Removal, RemovalState
from harness.model.step import Step
from harness.model.transcript import Moment, Transcript
from simulators.entra import log
from simulators.entra.app import VARIANTS, Entra
from simulators.entra.escrow import Key
from simulators.entra.log import Journal
from simulators.entra.quarantine import trigger_of
from simulators.entra.setup import BY_THE_GUIDE, Setup
from simulators.render import held_back


def outlook(transcript: Transcript, setup: Setup = BY_THE_GUIDE) -> Outlook:
    """What is shown after a whole scenario, by a job that was set up like this.

    Where the record goes another way than the job would (another set-up, another version, imported traffic), the rest
    of it is told row by row from the exchanges alone, and nothing is said about removals and quarantine.
    """
    variant = next((v for v in VARIANTS if v.name == transcript.scenario.variant), VARIANTS[0])
    job = Entra(variant, setup, journal=Journal(kept=True))
    for why in setup.mapping.unsupported:
        job.tell(log.not_simulated(why))
    moments = [moment for moment in _reached(transcript) if not moment.change.by]
    for number, moment in enumerate(moments):
        told = len(job.journal.notices)
        if not _played(job, moment, transcript):
            del job.journal.notices[told:]
            apart = (row for later in moments[number:] for row in _told_apart(later))
            return Outlook((*job.journal.notices, *apart))
    notices = tuple(job.journal.notices)
    quarantine = job.quarantine.outlook(job.next_cycle, job.stopped) if job.quarantine else None
    return Outlook(notices, tuple(_removals(job)), quarantine)


def _reached(transcript: Transcript) -> Iterable[Moment]:
    """The moments of the story, or as many as there were before it was cut short; imported traffic is one moment."""
    if not transcript.changes:
        return [Moment(0, Change(), transcript.exchanges, transcript.cast)] if transcript.exchanges else []
    if transcript.complete:
        return transcript.moments
    last = max((x.moment for x in transcript.exchanges), default=-1)
    return transcript.moments[: last + 1]


def _sent(moment: Moment) -> list[Exchange]:
    return [exchange for exchange in moment.during if exchange.role is Role.IDP]


def _played(job: Entra, moment: Moment, transcript: Transcript) -> bool:
    """Let the job react once more, with the recorded answers; whether it asked for just what is on record.

    The last moment of a record that was cut short may end early.
    """
    recorded = _sent(moment)
    answers = iter(recorded)
    steps = job.react(moment.change, transcript.cast.at(moment.index))
    answer: Exchange | None = None
    while True:
        try:
            step = next(steps) if answer is None else steps.send(answer)
        except StopIteration:
            return next(answers, None) is None
        answer = next(answers, None)
        if answer is None:
            steps.close()
            return not transcript.complete
        if not _is(answer, step):
            steps.close()
            return False


def _is(exchange: Exchange, step: Step) -> bool:
    """Whether this is the very request on record. Its body counts: a mapping decides what a PATCH is about."""
    asked = (step.method, step.path, step.query, step.body, step.intent)
    return asked == (exchange.method, exchange.path, exchange.query, exchange.request.body, exchange.intent)


def _told_apart(moment: Moment) -> Iterator[Notice]:
    """The rows of exchanges whose job is not known: what each answer would have led to, first attempts all of them."""
    who = (
        moment.change.part
        if moment.change.part not in moment.cast
        else moment.cast[moment.change.part].person.user_name
    )
    if isinstance(moment.change, TeamChange) and moment.cast.team is not None:
        who = moment.cast.team.name
    for exchange in _sent(moment):
        if held_back(exchange):
            continue
        name = who or exchange.path
        row = log.failed(exchange, name, 0, None) if log.failure(exchange)[0] else log.succeeded(exchange, name)
        if row is not None:
            yield row
        trigger = trigger_of(exchange)
        if trigger is not None:
            yield Notice(log.STATUS, "Quarantine", trigger.text, trigger.reason, exchange.id, inferred=True)


def _removals(job: Entra) -> Iterator[Removal]:
    """What became of each leaver, in the light of how the whole job stands."""
    for entry in job.people.values():
        removal = entry.removal
        if removal is None:
            continue
        if removal.state is RemovalState.PENDING:
            state, when = _prospect(job, ("user", entry.part))
            removal = Removal(removal.part, state, f"{removal.why}; {when}", removal.exchange, removal.inferred)
        yield removal


def _prospect(job: Entra, key: Key) -> tuple[RemovalState, str]:
    if job.stopped:
        return RemovalState.LOST, "the job has been switched off, and nothing is sent until somebody restarts it"
    if not job.setup.started:
        return RemovalState.LOST, "the job is stopped, and nothing is sent until somebody starts it"
    failed = job.escrow.failed.get(key)
    at = max(failed.due, job.next_cycle) if failed else job.next_cycle
    slow = " by a job in quarantine" if job.quarantine else ""
    return RemovalState.PENDING, f"it is due at {log.date(at)}Z{slow}, after {failed.retried if failed else 0} retries"
