"""Paging by index, as a probe turns the pages (RFC 7644 §3.4.2.4).

People come and go while a live service is read. The probe therefore reads the first page at the beginning and at the
end, and numbers and places are compared only where both are alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.declared import configuration
from harness.checks.http import one
from harness.checks.reading import (
    elsewhere,
    endpoint,
    mapping,
    member,
    names,
    number,
    page,
    seen,
    total,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _both_ends(transcript: Transcript) -> tuple[Exchange, Exchange] | None:
    first, last = one(transcript, "paging.first"), one(transcript, "paging.last")
    if first is None or last is None or not (first.ok and first.is_list and last.ok and last.is_list):
        return None
    return first, last


def quiet(transcript: Transcript, least: int = 1) -> list[str]:
    """The ids of the first page when nothing moved and it holds at least so many people; else []."""
    ends = _both_ends(transcript)
    if ends is None or names(ends[0]) != names(ends[1]) or total(ends[0]) != total(ends[1]):
        return []
    known = names(ends[0])
    return known if len(known) >= least and all(known) else []


def everybody(transcript: Transcript) -> int:
    """How many people there were all the time; 0 when that moved or is not known."""
    ends = _both_ends(transcript)
    return total(ends[0]) or 0 if ends is not None and total(ends[0]) == total(ends[1]) else 0


def _begins_with(answer: Exchange, expected: str, hint: str, likeness: str) -> Iterator[Finding]:
    if not answer.ok or names(answer)[:1] != [expected]:
        yield Finding(
            expected=[f"a page that begins with {expected}"],
            actual=f"a page that begins with {names(answer)[0]}" if answer.ok and names(answer) else seen(answer),
            at="/Resources/0" if answer.ok else "",
            exchange=answer.id,
            likeness=likeness,
            hint=hint,
        )


def _index_asked(transcript: Transcript) -> bool:
    return bool(quiet(transcript, 2)) and one(transcript, "paging.one") is not None


@judges("RFC7644-3.4.2.4-01", probe="paging", when=_index_asked)
def counting_begins_with_one(transcript: Transcript) -> Iterator[Finding]:
    order = quiet(transcript, 2)
    for tag, place in (("paging.one", 0), ("paging.two", 1)):
        answer = one(transcript, tag)
        if answer is not None:
            hint = "startIndex 1 is the first of all: a client that counts so loses or doubles somebody on every page."
            yield from _begins_with(answer, order[place], hint, tag)


def _below_one(transcript: Transcript) -> list[Exchange]:
    answers = [one(transcript, tag) for tag in ("paging.zero", "paging.negative")]
    return [x for x in answers if x is not None] if quiet(transcript) else []


@judges("RFC7644-3.4.2.4-02", probe="paging", when=lambda transcript: bool(_below_one(transcript)))
def a_start_below_one_counts_as_one(transcript: Transcript) -> Iterator[Finding]:
    for answer in _below_one(transcript):
        hint = "0 and negative numbers are read as 1, and are no error."
        yield from _begins_with(answer, quiet(transcript)[0], hint, answer.tag)
        told = mapping(answer.json).get("startIndex")
        if answer.ok and told is not None and number(told) != 1:
            yield Finding(
                expected=['"startIndex": 1'],
                actual=told,
                at="/startIndex",
                exchange=answer.id,
                likeness="told",
                hint="The answer says which page it is: the first.",
            )


def _counts(transcript: Transcript, *tags: str) -> list[Exchange]:
    answers = [one(transcript, tag) for tag in tags]
    return [x for x in answers if x is not None] if _both_ends(transcript) is not None else []


@judges("RFC7644-3.4.2.4-05", probe="paging", when=lambda t: bool(_counts(t, "paging.count-zero")))
def a_count_of_zero_brings_the_total_alone(transcript: Transcript) -> Iterator[Finding]:
    yield from _only_the_total(transcript, "paging.count-zero", "count=0 asks how many there are.")


@judges("RFC7644-3.4.2.4-06", probe="paging", when=lambda t: bool(_counts(t, "paging.count-negative")))
def a_negative_count_counts_as_zero(transcript: Transcript) -> Iterator[Finding]:
    yield from _only_the_total(transcript, "paging.count-negative", "A negative count is read as 0, and is no error.")


@judges("RFC7644-3.4.2.4-11", probe="paging", when=lambda t: bool(_counts(t, "paging.past")))
def a_start_past_the_end_brings_an_empty_page(transcript: Transcript) -> Iterator[Finding]:
    yield from _only_the_total(transcript, "paging.past", "A client that asks once too often gets an empty page.")


def _only_the_total(transcript: Transcript, tag: str, hint: str) -> Iterator[Finding]:
    for answer in _counts(transcript, tag):
        known = everybody(transcript)
        wrong_total = bool(known) and total(answer) != known
        if not answer.ok or page(answer) or wrong_total:
            yield Finding(
                expected=[f'200 with "totalResults": {known or "the true number"} and no resources'],
                actual=f"totalResults {total(answer)}, {len(page(answer))} resources" if answer.ok else seen(answer),
                at="" if not answer.ok else "/Resources" if page(answer) else "/totalResults",
                exchange=answer.id,
                likeness=str(answer.status) if not answer.ok else "page" if page(answer) else "total",
                hint=hint,
            )


def _limit(transcript: Transcript) -> int:
    return number(member(member(configuration(transcript), "filter"), "maxResults")) or 0


def _pages(transcript: Transcript) -> list[Exchange]:
    return [x for x in transcript.exchanges if x.ok and x.is_list and endpoint(x) == "Users"]


@judges("RFC7644-3.4.2.4-07", probe="paging", when=lambda t: _limit(t) > 0 and bool(_pages(t)))
def a_page_is_not_longer_than_the_service_says(transcript: Transcript) -> Iterator[Finding]:
    for answer in _pages(transcript):
        if len(page(answer)) > _limit(transcript):
            yield Finding(
                expected=[f"{_limit(transcript)} resources at most, as filter.maxResults says"],
                actual=f"{len(page(answer))} resources",
                at="/Resources",
                exchange=answer.id,
                hint="Clients size their pages by the published limit.",
            )
            return


@judges("RFC7644-3.4.2.4-12", when=lambda x: x.tag == "paging.words" and not elsewhere(x))
def words_instead_of_numbers_are_refused_or_ignored(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in (200, 400):
        yield Finding(
            expected=["400", "200 as if nothing had been asked"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="count=many is the client's mistake.",
        )


def _total_asked(transcript: Transcript) -> bool:
    answer = one(transcript, "paging.one")
    return everybody(transcript) > 1 and answer is not None and answer.ok and answer.is_list


@judges("RFC7644-3.4.2.4-09", probe="paging", when=_total_asked)
def the_total_is_not_the_size_of_the_page(transcript: Transcript) -> Iterator[Finding]:
    answer, known = one(transcript, "paging.one"), everybody(transcript)
    if answer is not None and total(answer) != known:
        yield Finding(
            expected=[f'"totalResults": {known}'],
            actual=mapping(answer.json).get("totalResults"),
            at="/totalResults",
            exchange=answer.id,
            hint="An import stops when it has seen totalResults people: the rest stays unknown to the IdP.",
        )


def _walked(transcript: Transcript) -> list[Exchange]:
    walk = [x for x in transcript.tagged("paging.walk") if x.answered]
    return [] if any(unread(x) for x in walk) else walk


def _moved_alone(transcript: Transcript) -> bool:
    """Whether the same people came in another order although nobody came or went."""
    ends = _both_ends(transcript)
    if ends is None or total(ends[0]) != total(ends[1]):
        return False
    before, after = names(ends[0]), names(ends[1])
    return before != after and sorted(before) == sorted(after) and len(before) == total(ends[0])


def _can_be_walked(transcript: Transcript) -> bool:
    return _moved_alone(transcript) or (bool(quiet(transcript, 2)) and len(_walked(transcript)) > 1)


@judges("RFC7644-3.4.2.4-10", probe="paging", when=_can_be_walked)
def pages_cover_everybody_once(transcript: Transcript) -> Iterator[Finding]:
    if _moved_alone(transcript):
        yield Finding(
            expected=["the same order in every answer"],
            actual="the same people in another order",
            at="/Resources",
            exchange=transcript.tagged("paging.last")[0].id,
            likeness="order",
            hint="Sort by something that does not change, such as the id: else pages overlap and somebody is missed.",
        )
        return
    order, walk = quiet(transcript, 2), _walked(transcript)
    turned = [name for answer in walk for name in names(answer)]
    lost = any(not x.ok or not page(x) for x in walk)
    if lost or len(set(turned)) != len(turned) or turned[: len(order)] != order[: len(turned)]:
        yield Finding(
            expected=["the people of the whole list in its order, each once"],
            actual=f"{len(set(turned))} different people in {len(turned)} places on {len(walk)} pages",
            at="/Resources",
            exchange=walk[-1].id,
            likeness="cover",
            hint="Turning the pages one after the other must show everybody once.",
        )


def _paged_search(transcript: Transcript) -> Exchange | None:
    """The search for two known people with one on a page; None when the service cannot search so."""
    answer, plain = one(transcript, "paging.filtered"), one(transcript, "paging.filter")
    both = plain is not None and plain.ok and total(plain) == 2 and len(page(plain)) == 2
    return answer if both and answer is not None else None


@judges("RFC7644-3.4.2.4-13", probe="paging", when=lambda transcript: _paged_search(transcript) is not None)
def paging_goes_together_with_a_filter(transcript: Transcript) -> Iterator[Finding]:
    """The two people are ours: nobody else makes their number change."""
    answer = _paged_search(transcript)
    if answer is not None and (not answer.ok or total(answer) != 2 or len(page(answer)) != 1):
        yield Finding(
            expected=['"totalResults": 2 and one resource'],
            actual=f"totalResults {total(answer)}, {len(page(answer))} resources" if answer.ok else seen(answer),
            at="/totalResults" if answer.ok else "",
            exchange=answer.id,
            likeness="total" if answer.ok else str(answer.status),
            hint="Filter first, then count, then cut the page.",
        )
