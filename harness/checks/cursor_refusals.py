"""Cursors that have to be refused, and what a refusal must not tell (RFC 9865 §2.1, §5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.cursors import PROBE, answers, asks
from harness.checks.paging import quiet
from harness.checks.reading import member, names, seen
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _keyword(answer: Exchange, wanted: str, hint: str) -> Iterator[Finding]:
    if answer.status != 400 or member(answer.json, "scimType") != wanted:
        yield Finding(
            expected=[f'400 with "scimType": "{wanted}"'],
            actual=seen(answer),
            at="/scimType" if answer.status == 400 else "",
            exchange=answer.id,
            likeness="taken" if answer.ok else str(answer.status),
            hint=hint,
        )


@judges("RFC9865-2.1-01", probe=PROBE, when=asks("cursor-forged"))
def an_unknown_cursor_is_refused(transcript: Transcript) -> Iterator[Finding]:
    for answer in answers(transcript, "cursor-forged"):
        yield from _keyword(answer, "invalidCursor", "This cursor was never given out.")


@judges("RFC9865-2.1-03", probe=PROBE, when=asks("cursor-count"))
def another_count_behind_a_cursor_is_refused(transcript: Transcript) -> Iterator[Finding]:
    """A service that can page on with another count does no harm; the keyword is for those that cannot."""
    for answer in answers(transcript, "cursor-count"):
        if not answer.ok:
            yield from _keyword(answer, "invalidCount", "The count differs from that of the page before.")


@judges("RFC9865-5.2-01", probe=PROBE, when=asks("cursor-foreign"))
def a_cursor_grants_nothing(transcript: Transcript) -> Iterator[Finding]:
    """Refused, or answered with the people of the other tenant alone."""
    ours = set(quiet(transcript, 1))
    for answer in answers(transcript, "cursor-foreign"):
        if answer.ok and ours & set(names(answer)):
            yield Finding(
                expected=['400 with "scimType": "invalidCursor"', "200 with people of the tenant that asks"],
                actual=f"{len(ours & set(names(answer)))} people of another tenant",
                at="/Resources",
                exchange=answer.id,
                hint="A cursor that was copied from a log must not open another tenant's list.",
            )


def _both_refused(transcript: Transcript) -> tuple[Exchange, Exchange] | None:
    """The refusal of another tenant's cursor and that of a forged one, by the same tenant."""
    foreign = next(iter(answers(transcript, "cursor-foreign")), None)
    forged = next(iter(answers(transcript, "cursor-foreign-forged")), None)
    refused = foreign is not None and forged is not None and foreign.is_error and forged.is_error
    return (foreign, forged) if refused and foreign is not None and forged is not None else None


@judges("RFC9865-5.2-02", probe=PROBE, when=lambda transcript: _both_refused(transcript) is not None)
def a_refused_cursor_tells_nothing(transcript: Transcript) -> Iterator[Finding]:
    both = _both_refused(transcript)
    if both is None:
        return
    foreign, forged = both
    told = [(x.status, member(x.json, "scimType"), member(x.json, "detail")) for x in both]
    if told[0] != told[1]:
        yield Finding(
            expected=[f"the answer that a forged cursor gets: {seen(forged)}"],
            actual=seen(foreign),
            exchange=foreign.id,
            hint="Another answer tells that the cursor is somebody's.",
        )
