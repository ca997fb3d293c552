"""What a recording shows by itself: nobody asked on purpose, so each answer is believed as far as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

from harness.checks.deactivation import LEAVER_KEEPS_ACCESS
from harness.checks.moments import WRITES, id_in_path
from harness.checks.reading import searches
from harness.checks.state import instant, is_active, is_inactive, member, written
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.partial import NotRecorded
from harness.model.scenario import Kind
from harness.model.transcript import Transcript

SOON = timedelta(seconds=60)
"""Within this time nobody lets a leaver in again by a way that the recording does not hold."""


def _ends_access(exchange: Exchange) -> bool:
    try:
        return exchange.ok and is_inactive(written(exchange))
    except NotRecorded:
        return False


def _shown(exchange: Exchange) -> dict[str, dict[str, object]]:
    """The people in an answer whose active is shown, by id; an answer to a write may leave the id out."""
    try:
        people = exchange.resources
    except NotRecorded:
        return {}
    return {str(member(p, "id") or id_in_path(exchange)): p for p in people if member(p, "active") is not None}


def _unwritten_since(write: Exchange, read: Exchange, person: object) -> bool:
    """Whether nobody can have changed the person between a write and a read: a recording may lack other requests."""
    modified = instant(member(person, "meta", "lastModified"))
    try:
        answered = parsedate_to_datetime(write.header("Date") or "")
    except (NotRecorded, ValueError):
        answered = None
    if modified is not None and answered is not None and answered.tzinfo is not None:
        return modified <= answered + timedelta(seconds=1)
    began, ended = instant(read.started_at), instant(write.started_at)
    return began is not None and ended is not None and began - ended <= SOON


def _confirmed(transcript: Transcript) -> Iterator[tuple[Exchange, object]]:
    """Each answer that shows the state of somebody whose deactivation was confirmed, with the person as shown: the
    answer itself, or else the next one that shows them and that no other write can have come before.
    """
    waiting: dict[str, Exchange] = {}
    for exchange in transcript.exchanges:
        if exchange.method in WRITES and not searches(exchange):
            somebody = id_in_path(exchange)
            if not somebody:
                waiting.clear()  # it may create or change anybody
                continue
            waiting.pop(somebody, None)
            if exchange.method in ("PUT", "PATCH") and not exchange.meets_another and _ends_access(exchange):
                shown = _shown(exchange)
                if somebody in shown:
                    yield exchange, shown[somebody]
                else:
                    waiting[somebody] = exchange
            continue
        shown = _shown(exchange) if waiting else {}
        for somebody in [name for name in shown if name in waiting]:
            if _unwritten_since(waiting.pop(somebody), exchange, shown[somebody]):
                yield exchange, shown[somebody]


def _recorded(transcript: Transcript) -> bool:
    return transcript.scenario.kind is Kind.RECORDING and any(True for _ in _confirmed(transcript))


@judges("PROF-D-12", when=_recorded)
def a_recorded_deactivation_took_effect(transcript: Transcript) -> Iterator[Finding]:
    """What a service shows of a leaver after it has confirmed the deactivation, in that answer or in the next."""
    for exchange, person in _confirmed(transcript):
        if is_active(person):
            yield Finding(
                expected=["false"],
                actual=member(person, "active"),
                at="/active",
                hint="The deactivation was answered with success, and the person is still shown as active. "
                f"{LEAVER_KEEPS_ACCESS}",
                exchange=exchange.id,
                likeness="still-active",
            )
