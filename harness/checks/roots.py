"""Asking at the base URL itself, and parameters where nobody expects them (RFC 7644 §3.4.2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.filters import declined
from harness.checks.http import NOT_OFFERED, one
from harness.checks.reading import elsewhere, holds, mapping, member, page, seen, text, total
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

UNWILLING = frozenset({*NOT_OFFERED, 400})
"""Answers of a service that does not search over everything; 400 tooMany is one of them."""


def _kind(entry: object) -> str:
    return text(member(member(entry, "meta"), "resourceType"))


@judges("RFC7644-3.4.2.1-01", when=lambda exchange: exchange.tag == "root.any" and not elsewhere(exchange))
def the_base_is_searched_or_says_that_it_is_not(exchange: Exchange) -> Iterator[Finding]:
    if not (exchange.ok and exchange.is_list) and exchange.status not in UNWILLING:
        yield Finding(
            expected=["200 with a list", "404, 501, 403, 405 or 400"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="Searching over all kinds of resources is an offer; the base URL must not break.",
        )


@judges("RFC7644-3.4.3-07", when=lambda exchange: exchange.tag == "root.search" and not elsewhere(exchange))
def a_search_at_the_base_is_answered_or_refused(exchange: Exchange) -> Iterator[Finding]:
    if not (exchange.ok and exchange.is_list) and exchange.status not in UNWILLING:
        yield Finding(
            expected=["200 with a list", "501, 404, 403, 405 or 400"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="POST to .search asks; at the base it asks for everything.",
        )


def _works(transcript: Transcript, tag: str) -> Exchange | None:
    """The answer at the base, where it shows people when nothing is asked for."""
    first, known, answer = one(transcript, "root.any"), one(transcript, "root.people"), one(transcript, tag)
    searched = first is not None and first.ok and first.is_list and bool(page(first))
    there = known is not None and known.ok and bool(page(known))
    return answer if searched and there and answer is not None and not elsewhere(answer) else None


@judges("RFC7644-3.4.2.1-02", probe="root", when=lambda transcript: _works(transcript, "root.users") is not None)
def the_base_can_be_asked_for_one_kind(transcript: Transcript) -> Iterator[Finding]:
    answer, known = _works(transcript, "root.users"), one(transcript, "root.people")
    if answer is None or declined(answer):
        return
    others = [e for e in page(answer) if _kind(e) not in ("", "User")]
    missing = (
        known is not None and len(page(answer)) == total(answer) and not any(holds(answer, p) for p in page(known))
    )
    if not answer.ok or others or missing:
        yield Finding(
            expected=["200 with people and nothing else"],
            actual=f"a {_kind(others[0])} too" if others else "nobody" if answer.ok else seen(answer),
            at="/Resources" if answer.ok else "",
            exchange=answer.id,
            likeness="others" if others else "nobody" if answer.ok else str(answer.status),
            hint='meta.resourceType eq "User" chooses one kind of resource.',
        )


@judges("RFC7644-3.4.2.1-03", probe="root", when=lambda transcript: _works(transcript, "root.named") is not None)
def what_a_kind_does_not_have_counts_as_no_value(transcript: Transcript) -> Iterator[Finding]:
    answer = _works(transcript, "root.named")
    if answer is None:
        return
    nameless = [e for e in page(answer) if not text(member(mapping(e), "userName"))]
    if not answer.ok or nameless:
        yield Finding(
            expected=["200 with whoever has a user name"],
            actual=f"a {_kind(nameless[0]) or 'resource'} without one" if nameless else seen(answer),
            at="/Resources" if answer.ok else "",
            exchange=answer.id,
            likeness="others" if nameless else str(answer.status),
            hint="A group has no user name: it does not match, and that is no error.",
        )


@judges("RFC7644-3.4.2.1-04", when=lambda exchange: exchange.tag == "root.people" and not elsewhere(exchange))
def too_many_people_is_said_so(exchange: Exchange) -> Iterator[Finding]:
    """What was shown is judged by the clauses on lists; here, whether unwillingness has its name."""
    too_many = exchange.status == 400 and member(exchange.json, "scimType") == "tooMany"
    if not exchange.ok and not too_many and exchange.status not in NOT_OFFERED:
        yield Finding(
            expected=["200 with a page", '400 with "scimType": "tooMany"'],
            actual=seen(exchange),
            at="/scimType" if exchange.status == 400 else "",
            likeness=str(exchange.status),
            hint="A client that is told tooMany asks for less; told anything else it gives up.",
        )


@judges("RFC7644-3.4.2.1-05", when=lambda exchange: exchange.tag == "selection.filtered" and not elsewhere(exchange))
def a_filter_on_one_person_is_ignored_or_evaluated(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (400, 403, 404):
        yield Finding(
            expected=["200 with the person", "400", "404"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="A filter makes sense for lists; behind an id it must do no harm.",
        )
