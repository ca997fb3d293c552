"""The one careful write: what would be sent, sent after consent, undone and proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.doctor import address, connection, key, outcome
from harness.doctor.connection import Speaker
from harness.doctor.hand import MEANT, MENDED, Hand
from harness.doctor.ledger import Ledger, opened, unfinished
from harness.doctor.lookup import PART, cast_of
from harness.doctor.outcome import Done
from harness.model.account import Cast
from harness.model.change import Assign, Change, Reassign, Unassign
from harness.model.diagnosis import Line
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.scenario import Kind, ScenarioKey
from harness.model.secret import Secret
from harness.model.step import LIST_RESPONSE, SCIM_JSON, Effect, Intent, Step, compact_json
from harness.model.target import Target
from harness.model.transcript import Transcript
from harness.plan import vendors
from harness.preflight import recognise
from harness.settings import Settings, SettingsError
from harness.wire.session import Session
from harness.witness import PAUSES, ask_access, find, lives, read

CHANGES: tuple[Change, ...] = (Assign(PART), Unassign(PART), Reassign(PART))
"""What the administrator of the IdP would do: the app is given, taken away, and given again."""


SETTLE_S = 2.0
"""Seconds after which an undo looks once more: what was on its way when a look was killed has arrived by then."""


class CannotWrite(Exception):
    """Nothing was changed, since it would not be safe or would show nothing; the message says why."""


@dataclass(frozen=True)
class Intention:
    """What would be sent to whom. ``steps`` are the IdP's own requests in their order, writes and reads.

    ``questions`` says in words what we ask besides. Nothing has been changed yet.
    """

    speaker: Speaker
    target: Target
    account: str
    resource: dict[str, Any]
    steps: tuple[Step, ...]
    questions: tuple[str, ...]
    adapter: Any = None


def intend(settings: Settings, *, pasted: Secret | None = None, adapter: Any = None) -> Intention:
    """Look the account up and work out what would be sent; only reads. Raises SettingsError, CannotWrite."""
    speaker, target = _prepared(settings, pasted or settings.token())
    account = settings.accounts[0]
    session = Session(target, adapter=adapter)
    try:
        hooks = {**recognise(session).hooks, **target.hooks}
        resource = _only(session, account)
    finally:
        session.close()
    steps = tuple(_imagined(speaker, resource))
    if not any(step.intent is Intent.DEACTIVATE for step in steps):
        raise CannotWrite(f"{speaker.vendor.title} would not switch {account} off as it is set up here")
    if any(_writes(step) and step.intent not in MEANT for step in steps):
        raise CannotWrite(f"{speaker.vendor.title} would write more about {account} than whether they are active")
    questions = [f"read {account} before, in between and afterwards", f"look {account} up by name while switched off"]
    if "access" in hooks:
        questions.append(f"ask your product at {hooks['access']} whether access has really ended")
    return Intention(speaker, replace(target, hooks=hooks), account, resource, steps, tuple(questions), adapter)


def carry_out(
    intention: Intention,
    folder: Path,
    on_line: Callable[[Line], None] = lambda _line: None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    first: int = 0,
) -> Done:
    """Switch the account off and on as the IdP does, and put it back. Raises LedgerError before anything is sent.

    ``first`` is the number of the first exchange. Whatever happens in between, the account is put back at the end; what
    could not be is named, and stays in the ledger.
    """
    session = Session(intention.target, adapter=intention.adapter)
    ledger = opened(folder, intention.target.base_url, intention.account, intention.resource)
    hand = Hand(session, ledger, on_exchange, first=first)
    told = _Telling(on_line)
    try:
        try:
            _off_and_on(intention, hand, told)
        finally:
            told(*_back(hand))
    finally:
        session.close()
    return Done(tuple(told.lines), tuple(hand.exchanges))


def undo(
    settings: Settings,
    folder: Path,
    *,
    pasted: Secret | None = None,
    adapter: Any = None,
    on_line: Callable[[Line], None] = lambda _line: None,
    settle_s: float = SETTLE_S,
) -> tuple[Done, list[Ledger]]:
    """Put back whoever a look that was cut short may have left changed at this target.

    Also gives the ledgers about other targets, which are left alone: the key goes nowhere but to the target that was
    named. Raises SettingsError, LedgerError.
    """
    target = _target(settings, pasted or settings.token())
    left = unfinished(folder)
    told = _Telling(on_line)
    exchanges: list[Exchange] = []
    session = Session(target, adapter=adapter)
    try:
        for ledger in (x for x in left if x.base_url == target.base_url):
            hand = Hand(session, ledger, first=len(exchanges))
            told(*_back(hand, settle_s))
            exchanges += hand.exchanges
    finally:
        session.close()
    if not told.lines:
        told(outcome.nothing_to_undo(target.base_url))
    return Done(tuple(told.lines), tuple(exchanges)), [x for x in left if x.base_url != target.base_url]


@dataclass
class _Telling:
    on_line: Callable[[Line], None]
    lines: list[Line] = field(default_factory=list)

    def __call__(self, *lines: Line) -> None:
        for line in lines:
            self.lines.append(line)
            self.on_line(line)


def _off_and_on(intention: Intention, hand: Hand, told: _Telling) -> None:
    idp = intention.speaker.vendor.connect(intention.speaker.variant)
    # By the name as the service has it: whoever writes it otherwise would be aligned, which is more than was asked.
    cast = cast_of(intention.resource["userName"], intention.resource)
    hand.play(idp.react(CHANGES[0], cast), Role.IDP, 0)
    hand.play(idp.react(CHANGES[1], cast), Role.IDP, 1)
    off = _last(hand, Intent.DEACTIVATE)
    after = hand.send(
        read(hand.ledger.id, PART, "Read the person while switched off", "after"), moment=1, phase=Phase.AFTER
    )
    found = hand.send(find(intention.account, PART), moment=1, phase=Phase.AFTER)
    access = _access(intention, hand, cast) if after.resource.get("active") is False else None
    seen = _notices(intention, hand, cast)
    told(*outcome.switched_off(intention.speaker, intention.account, off, after, found, access, seen))
    if after.resource.get("active") is True:
        return  # Nothing came of it, so there is nothing that the IdP would have to switch on again.
    hand.play(idp.react(CHANGES[2], cast), Role.IDP, 2)
    on = _last(hand, Intent.REACTIVATE)
    again = hand.send(
        read(hand.ledger.id, PART, "Read the person after the return", "after"), moment=2, phase=Phase.AFTER
    )
    told(outcome.switched_on(intention.speaker, intention.account, on, again))


def _back(hand: Hand, settle_s: float | None = None) -> list[Line]:
    as_before, apart = hand.put_back(settle_s or 0.0)
    lines = outcome.put_back(hand.ledger, as_before, apart, hand.exchanges, undoing=settle_s is not None)
    if as_before and not MENDED & set(apart):
        hand.ledger.close()
    return lines


def _access(intention: Intention, hand: Hand, cast: Cast) -> Exchange | None:
    """Ask the product until everything has ended or the patience is over; None where there is no hook."""
    if "access" not in intention.target.hooks:
        return None
    who = intention.account
    answer = hand.send(ask_access(cast[PART], f"Ask whether {who} still has access", "access"), moment=1)
    waited = 0
    for pause in PAUSES:
        waited += pause
        if waited > intention.target.patience_s or not answer.ok or not lives(answer.json):
            break
        title = f"Ask again after {waited} s whether {who} still has access"
        answer = hand.send(ask_access(cast[PART], title, "access-later", pause), moment=1)
    return answer


def _last(hand: Hand, intent: Intent) -> Exchange | None:
    return next((x for x in reversed(hand.exchanges) if x.intent is intent and x.role is Role.IDP), None)


def _notices(intention: Intention, hand: Hand, cast: Cast) -> tuple[str, ...]:
    """What the IdP's administrator would see of the removal, where it is trouble."""
    speaker = intention.speaker
    transcript = Transcript(
        scenario=ScenarioKey("doctor", Kind.STORY, "Somebody leaves", speaker.name, speaker.variant),
        base_url=intention.target.base_url,
        exchanges=tuple(hand.exchanges),
        changes=CHANGES[:2],
        cast=cast,
        complete=True,
        stopped="",
    )
    notices = speaker.vendor.outlook(transcript).notices
    return tuple(f'{n.where}: {n.status}: "{n.text}"' for n in notices if n.troubled)


def _prepared(settings: Settings, pasted: Secret) -> tuple[Speaker, Target]:
    if len(settings.idps) != 1:
        raise SettingsError("--write does what one identity provider does: say which with --idp okta or --idp entra")
    if len(settings.accounts) != 1:
        raise SettingsError("--write switches one person off and on: name that one account with --account USERNAME")
    try:
        (speaker,) = connection.speakers(settings.idps, vendors())
    except KeyError as error:
        raise SettingsError(
            f"--idp {settings.idps[0]}: {error.args[0]}; expected one of {', '.join(vendors())}"
        ) from error
    return speaker, _target(settings, pasted)


def _target(settings: Settings, pasted: Secret) -> Target:
    where = address.read(settings.target, tuple(i.partition(":")[0] for i in settings.idps))
    if not where.base or (where.line is not None and where.line.id in address.UNSENT):
        raise SettingsError(f"--target {settings.target!r}: {where.line.meaning if where.line else 'unusable'}")
    sound = key.read(pasted, settings.idps).clean
    return Target(
        where.base,
        sound,
        effects=frozenset({Effect.READ, Effect.WRITE}),
        hooks=dict(settings.hooks),
        verify=settings.ca_bundle or True,
        patience_s=settings.patience,
        timeout_s=settings.timeout,
        deadline_s=settings.timeout * 2,
    )


def _only(session: Session, account: str) -> dict[str, Any]:
    """The one person with this name, who is switched on. Raises CannotWrite."""
    looked = _ask(session, find(account, PART))
    if looked.trouble is not None:
        raise CannotWrite(f"{account} could not be looked up: {looked.trouble.message}")
    if not looked.ok:
        raise CannotWrite(f"{account} could not be looked up: the service answered {looked.status}")
    people = looked.resources
    if len(people) > 1:
        raise CannotWrite(f"asked for {account} alone, the service shows {len(people)} people: nobody is touched")
    name = people[0].get("userName") if people else None
    if not isinstance(name, str) or name.casefold() != account.casefold():
        raise CannotWrite(f"{account} was not found at the service: nobody is touched")
    id = people[0].get("id")
    if not isinstance(id, str) or not id:
        raise CannotWrite(f"the service shows {account} without an id, by which they could be addressed")
    person = _ask(session, read(id, PART, "Read the person before anything is changed", "before")).resource
    if person.get("id") != id or str(person.get("userName")).casefold() != account.casefold():
        raise CannotWrite(f"reading {account} by id did not bring {account} again: nobody is touched")
    if person.get("active") is not True:
        raise CannotWrite(
            f"{account} is not switched on at the service (active is {person.get('active')!r}). To switch somebody on "
            "whom nobody meant to have access is no test: choose somebody who has access"
        )
    return person


def _ask(session: Session, step: Step) -> Exchange:
    from harness.doctor.visit import as_exchange

    return as_exchange(step, session.send(step), 0, Role.WITNESS)


def _imagined(speaker: Speaker, resource: dict[str, Any]) -> list[Step]:
    """The steps of the IdP when everything goes well, worked out without sending anything."""
    idp, cast = speaker.vendor.connect(speaker.variant), cast_of(resource["userName"], resource)
    steps: list[Step] = []
    now = dict(resource)
    for change in CHANGES:
        running = idp.react(change, cast)
        try:
            step = next(running)
            while len(steps) < 20:
                steps.append(step)
                if step.intent in MEANT:
                    now["active"] = step.intent is Intent.REACTIVATE
                step = running.send(_well(step, now))
        except StopIteration:
            continue
    return steps


def _well(step: Step, now: dict[str, Any]) -> Exchange:
    page = {"schemas": [LIST_RESPONSE], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [now]}
    body = page if step.path.strip("/") == "Users" else now
    return Exchange(
        id="x-imagined",
        scenario="doctor",
        ordinal=0,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=0,
        title=step.title,
        intent=step.intent,
        effect=step.effect,
        request=Request(step.method, step.path, step.headers, step.body),
        response=Response(200, "OK", (("Content-Type", SCIM_JSON),), compact_json(body)),
        path=step.path,
        query=step.query,
    )


def _writes(step: Step) -> bool:
    return step.effect is not Effect.READ
