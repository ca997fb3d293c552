"""What Generic's administrator sees in the end, worked out from the exchanges alone. In no vendor's words."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.change import ENDS_ACCESS, RESTORES_ACCESS, Change
from harness.model.exchange import Exchange
from harness.model.outlook import Notice, Outlook, Removal, RemovalState
from harness.model.step import Effect, Intent
from harness.model.transcript import Transcript
from simulators.render import detail_of, heard, phrase_of

LOG = "Provisioning log"
_REMOVES = (Intent.DEACTIVATE, Intent.DELETE)


def outlook(transcript: Transcript) -> Outlook:
    """The notices of a whole scenario, in order, and what became of each leaver."""
    notices = tuple(notice for moment in transcript.moments for notice in map(_notice, heard(moment, transcript)[0]))
    return Outlook(notices, tuple(_removals(transcript)))


def _notice(exchange: Exchange) -> Notice:
    failed = exchange.trouble is not None or exchange.is_error
    text = f"{exchange.title}: {_said(exchange)}"
    return Notice(LOG, "Failure" if failed else "Success", text, exchange=exchange.id, inferred=True)


def _said(exchange: Exchange) -> str:
    if exchange.trouble is not None:
        return exchange.trouble.message
    detail = detail_of(exchange)
    return phrase_of(exchange) + (f". {detail}" if detail else "")


def _removals(transcript: Transcript) -> Iterator[Removal]:
    """Where each leaver stands: what was asked last about whoever had not got access back by the end."""
    last: dict[str, Change] = {
        change.part: change for change in transcript.changes if isinstance(change, ENDS_ACCESS + RESTORES_ACCESS)
    }
    for part, change in last.items():
        if isinstance(change, ENDS_ACCESS):
            yield _removal(part, transcript)


def _removal(part: str, transcript: Transcript) -> Removal:
    asked = [x for moment in transcript.moments for x in heard(moment, transcript)[0] if x.subject == part]
    tried = [x for x in asked if x.intent in _REMOVES and x.effect is not Effect.READ]
    if not tried:
        why = "Nobody was linked with this person, so nothing was there to be switched off."
        return Removal(part, RemovalState.NEVER_TRIED, why, inferred=True)
    final = tried[-1]
    done = final.ok or (final.intent is Intent.DELETE and final.status == 404)
    state = RemovalState.DONE if done else RemovalState.PENDING
    return Removal(part, state, f"{final.title}: {_said(final)}", final.id, inferred=not done)
