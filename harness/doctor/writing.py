"""The one careful write: sent after consent, undone and proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.doctor import outcome
from harness.doctor.hand import MENDED, Hand
from harness.doctor.intention import CHANGES, Intention, target_of
from harness.doctor.lookup import PART, cast_of
from harness.doctor.outcome import Done
from harness.ledger import Ledger, opened, unfinished
from harness.model.account import Cast
from harness.model.diagnosis import Line
from harness.model.exchange import Exchange, Phase, Role
from harness.model.scenario import Kind, ScenarioKey
from harness.model.secret import Secret
from harness.model.step import Intent
from harness.model.transcript import Transcript
from harness.settings import Settings
from harness.wire.session import Session
from harness.witness import PAUSES, ask_access, find, lives, read

SETTLE_S = 2.0
"""Seconds after which an undo looks once more: what was on its way when a look was killed has arrived by then."""


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
    target = target_of(settings, pasted or settings.token())
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
