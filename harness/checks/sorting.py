"""Order: by the attribute that was asked for, in its type, both ways (RFC 7644 §3.4.2.3).

Judged by three people of our own, whose values are known; whoever else is on the page stands where they will.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from harness.checks.declared import flag
from harness.checks.http import one
from harness.checks.reading import GATEWAY, asked, elsewhere, known_as, mapping, member, names, people, seen, text
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

PROBE = "detailed"
Key = tuple[int, str]


def _ours(transcript: Transcript) -> dict[str, dict[str, Any]]:
    """The people of the probe, as they were read, by id."""
    read = [p for x in transcript.tagged("detailed.person") for _, p in people(x)]
    return {known_as(p): p for p in read if known_as(p)}


def value_at(person: dict[str, Any], path: str) -> str:
    """What somebody is ordered by: of several values the primary one, else the first; "" for none."""
    value: Any = person
    for name in path.split("."):
        value = member(value, name)
        if isinstance(value, list):
            entries = [v for v in value if isinstance(v, dict)]
            value = next((v for v in entries if member(v, "primary") is True), next(iter(entries), None))
    return text(member(value, "value") if isinstance(value, dict) else value)


def _key(value: str) -> Key:
    """The place of a value: texts without letter case, moments in time, nothing after everything."""
    if not value:
        return (1, "")
    try:
        return (0, datetime.fromisoformat(value).astimezone().isoformat() if "T" in value else value.casefold())
    except (ValueError, OverflowError):
        return (0, value.casefold())


def _answer(transcript: Transcript, tag: str) -> Exchange | None:
    """The answer to a question for an order when all our people are on its page, or when it failed."""
    answer, ours = one(transcript, f"detailed.{tag}"), _ours(transcript)
    if answer is None or len(ours) < 3 or elsewhere(answer):
        return None
    return answer if not answer.ok or set(ours) <= set(names(answer)) else None


def _asks(*tags: str) -> Any:
    return lambda transcript: any(_answer(transcript, tag) is not None for tag in tags)


def _out_of_order(transcript: Transcript, tag: str, hint: str) -> Iterator[Finding]:
    answer = _answer(transcript, tag)
    if answer is None:
        return
    if not answer.ok:
        yield Finding(
            expected=["200 with the people in order: the configuration says that sorting is supported"],
            actual=seen(answer),
            exchange=answer.id,
            likeness=f"{tag} {answer.status}",
            hint=hint,
        )
        return
    ours, given = _ours(transcript), asked(answer)
    path, backwards = text(given.get("sortby")), text(given.get("sortorder")) == "descending"
    shown = [value_at(ours[own], path) for own in names(answer) if own in ours]
    right = sorted(shown, key=_key, reverse=backwards)
    if [_key(value) for value in shown] != [_key(value) for value in right]:
        yield Finding(
            expected=[f"{path}: {', '.join(v or '(none)' for v in right)}"],
            actual=", ".join(v or "(none)" for v in shown),
            at="/Resources",
            exchange=answer.id,
            likeness=tag,
            hint=hint,
        )


@judges("RFC7644-3.4.2.3-01", probe=PROBE, when=_asks("by.displayName"))
def people_come_in_the_order_that_was_asked_for(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "by.displayName", "Without sortOrder the order is ascending.")


@judges("RFC7644-3.4.2.3-02", probe=PROBE, when=_asks("back.displayName"))
def descending_turns_the_order_round(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "back.displayName", "sortOrder=descending begins with the last.")


@judges("RFC7644-3.4.2.3-03", probe=PROBE, when=_asks("by.userName", "by.meta.created"))
def the_order_is_that_of_the_type(transcript: Transcript) -> Iterator[Finding]:
    """User names have no letter case; moments have an order in time. How case-exact texts are ordered is open."""
    yield from _out_of_order(transcript, "by.userName", "Capital letters do not come first where case does not count.")
    yield from _out_of_order(transcript, "by.meta.created", "Moments are ordered in time.")


@judges("RFC7644-3.4.2.3-04", probe=PROBE, when=_asks("by.title", "back.title"))
def who_has_no_value_comes_last(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "by.title", "Who has no value comes last when ascending.")
    yield from _out_of_order(transcript, "back.title", "Who has no value comes first when descending.")


@judges("RFC7644-3.4.2.3-05", probe=PROBE, when=_asks("by.name.familyName"))
def people_are_ordered_by_a_part_of_the_name(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "by.name.familyName", "A dot leads to a part of an attribute.")


@judges("RFC7644-3.4.2.3-06", probe=PROBE, when=_asks("by.emails"))
def of_several_values_the_primary_one_counts(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "by.emails", "Of several values the primary one counts, else the first.")


@judges("RFC7644-3.4.2.3-07", when=lambda exchange: exchange.tag == "detailed.odd" and not elsewhere(exchange))
def an_odd_order_is_refused_or_ignored(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in (200, 400, 501):
        yield Finding(
            expected=['400 with "scimType": "invalidValue"', "200 in any order"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint=f"{exchange.title}: the client is at fault.",
        )


def _unsorted(transcript: Transcript) -> Exchange | None:
    config, answer = one(transcript, "discovery.config"), one(transcript, "discovery.sort")
    refuses = config is not None and flag(mapping(config.json), "sort") is False
    return answer if refuses and answer is not None and not elsewhere(answer) else None


@judges("RFC7644-3.4.2.3-08", probe="discovery", when=lambda transcript: _unsorted(transcript) is not None)
def an_order_that_is_not_offered_does_no_harm(transcript: Transcript) -> Iterator[Finding]:
    answer = _unsorted(transcript)
    if answer is not None and answer.status not in (200, 400, 403, 501, *GATEWAY):
        yield Finding(
            expected=["200 in any order", "400", "501"],
            actual=seen(answer),
            exchange=answer.id,
            likeness=str(answer.status),
            hint="The configuration says that there is no sorting; clients ask all the same.",
        )


@judges("RFC7644-3.4.3-06", probe=PROBE, when=_asks("search"))
def a_search_by_post_is_ordered_like_a_query(transcript: Transcript) -> Iterator[Finding]:
    yield from _out_of_order(transcript, "search", "sortBy and sortOrder stand in the body and mean the same there.")
