"""Changes at one moment: only what holds in every order in which they may have met is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import answered
from harness.checks.state import differences, is_active, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

MARK = "scimulator-race-"
Meeting = tuple[str, list[Exchange], Exchange]


def meetings(transcript: Transcript, kind: str) -> list[Meeting]:
    """Each meeting of two requests: its number, both exchanges where both were answered, and the read after them."""
    found = []
    for read in transcript.exchanges:
        parts = read.tag.split(".")
        if len(parts) != 4 or parts[:2] != ["race", kind] or parts[3] != "read" or not read.resource:
            continue
        met = [x for x in transcript.tagged(f"race.{kind}.{parts[2]}") if answered(x)]
        if len(met) == 2:
            found.append((parts[2], met, read))
    return found


def _broke(met: list[Exchange], hint: str) -> Iterator[Finding]:
    for exchange in met:
        if exchange.status >= 500 and exchange.status != 503:
            yield Finding(
                expected=["success", "HTTP 409 or 412 to one of the two"],
                actual=f"HTTP {exchange.status}",
                hint=hint,
                exchange=exchange.id,
                likeness="5xx",
            )
            return


@judges("STATE-07", "PROF-D-18", probe="races", when=lambda t: bool(meetings(t, "twice")))
def two_deactivations_at_once_end_inactive(transcript: Transcript) -> Iterator[Finding]:
    for _, met, read in meetings(transcript, "twice"):
        for finding in _broke(met, "Store active in one statement; a conflict is a 409 or 412, never a breakdown."):
            yield finding
            return
        if any(x.ok for x in met) and not is_inactive(read.resource):
            yield Finding(
                expected=["false, since one of the two was confirmed"],
                actual=member(read.resource, "active"),
                at="/active",
                hint="A confirmed deactivation has to hold, whatever arrives at the same moment.",
                exchange=read.id,
                likeness="active",
            )
            return


def _each_works_alone(transcript: Transcript) -> bool:
    """Whether both changes take effect one after the other: what fails alone was not lost in a race."""
    reads = (x for tag in ("order.one", "order.two") for x in transcript.tagged(f"race.{tag}.read"))
    return any(is_inactive(x.resource) and member(x.resource, "externalId") == f"{MARK}order" for x in reads)


@judges("STATE-08", probe="races", when=lambda t: bool(meetings(t, "push")) and _each_works_alone(t))
def neither_of_two_confirmed_changes_is_lost(transcript: Transcript) -> Iterator[Finding]:
    for number, met, read in meetings(transcript, "push"):
        for finding in _broke(met, "Two changes of different attributes do not hinder each other."):
            yield finding
            return
        off, push = met
        lost = []
        if off.ok and not is_inactive(read.resource):
            lost.append(("/active", "false, as it was confirmed", member(read.resource, "active")))
        if push.ok and member(read.resource, "externalId") != f"{MARK}{number}":
            lost.append(("/externalId", f"{MARK}{number}, as it was confirmed", member(read.resource, "externalId")))
        for pointer, expected, actual in lost:
            yield Finding(
                expected=[expected],
                actual=actual,
                at=pointer,
                hint="Change the named attributes alone, or refuse the second write with 409 or 412: writing back the "
                "whole person as it was read undoes what came in between.",
                exchange=read.id,
                likeness=pointer,
            )
        if lost:
            return


@judges("STATE-09", probe="races", when=lambda t: bool(meetings(t, "return")))
def everybody_is_told_the_same_after_a_race(transcript: Transcript) -> Iterator[Finding]:
    """Either may have come last; but the person is active or inactive, and not both."""
    for number, met, read in meetings(transcript, "return"):
        for finding in _broke(met, "Whoever comes second wins, or gets a 409 or 412."):
            yield finding
            return
        if not is_active(read.resource) and not is_inactive(read.resource):
            yield Finding(
                expected=["true", "false"],
                actual=member(read.resource, "active"),
                at="/active",
                hint="active always has a value.",
                exchange=read.id,
                likeness="none",
            )
            return
        for lookup in transcript.tagged(f"race.return.{number}.find"):
            told = [member(r, "active") for r in lookup.resources]
            if lookup.ok and told and told != [member(read.resource, "active")]:
                yield Finding(
                    expected=[f"{as_json(member(read.resource, 'active'))}, as in the read by id"],
                    actual=told,
                    at="/Resources/0/active",
                    hint="Answer lists and searches from the stored state: a copy of it can lag behind for ever.",
                    exchange=lookup.id,
                    likeness="list",
                )
                return


def _both_orders(transcript: Transcript) -> list[Exchange]:
    read = [x for tag in ("one", "two") for x in transcript.tagged(f"race.order.{tag}.read") if x.resource]
    written = [x for tag in ("one", "two") for x in transcript.tagged(f"race.order.{tag}")]
    return read if len(read) == 2 and len(written) == 4 and all(x.ok for x in written) else []


@judges("STATE-10", probe="races", when=lambda t: bool(_both_orders(t)))
def the_order_of_independent_changes_does_not_matter(transcript: Transcript) -> Iterator[Finding]:
    one, two = _both_orders(transcript)
    for difference in differences(one.resource, two.resource):
        yield Finding(
            expected=[f"{difference.pointer} as in the other order: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="A deactivation and a change of externalId do not depend on each other.",
            exchange=two.id,
            likeness=difference.pointer,
        )
