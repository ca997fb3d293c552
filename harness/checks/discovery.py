"""The three discovery endpoints: what they answer, alone, by id, filtered, paged and written to (RFC 7644 §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import CONFIG_URN, answer_of, definitions, resource_types, whole
from harness.checks.http import one
from harness.checks.reading import (
    below,
    endpoint,
    ids,
    mapping,
    member,
    page,
    schemas_of,
    seen,
    text,
    total,
    unread,
)
from harness.checks.state import differences
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import LIST_RESPONSE
from harness.model.transcript import Transcript

LISTS = ("ResourceTypes", "Schemas")
REFUSED = (405, 403, 404, 501)
"""What a service may say of writing to a discovery endpoint (C01, C34); a 405 is held against its Allow elsewhere."""


def _was_asked(exchange: Exchange, name: str) -> bool:
    return whole(exchange, name) and not unread(exchange)


@judges("RFC7644-4-01", when=lambda exchange: _was_asked(exchange, "ServiceProviderConfig"))
def the_configuration_is_one_object(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 200 or exchange.is_list or CONFIG_URN not in schemas_of(exchange.json):
        listed = exchange.ok and exchange.is_list
        yield Finding(
            expected=[f'200 with one object, "schemas": ["{CONFIG_URN}"]'],
            actual="a list" if listed else seen(exchange),
            at="/schemas" if exchange.ok else "",
            likeness="list" if listed else "urn" if exchange.ok else str(exchange.status),
            hint="Clients read their switches (patch, filter, bulk) from this one object.",
        )


@judges("RFC7644-4-02", when=lambda exchange: _was_asked(exchange, "Schemas"))
def schemas_are_a_list(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_a_list(exchange)


@judges("RFC7644-4-03", when=lambda exchange: _was_asked(exchange, "ResourceTypes"))
def resource_types_are_a_list(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_a_list(exchange)
    if exchange.ok and exchange.is_list and not page(exchange) and not total(exchange):
        yield Finding(
            expected=["at least one resource type"],
            actual=exchange.json.get("Resources"),
            at="/Resources",
            likeness="empty",
            hint="A service that serves people lists the type User.",
        )


def _not_a_list(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 200 or LIST_RESPONSE not in schemas_of(exchange.json):
        yield Finding(
            expected=[f'200 with "schemas": ["{LIST_RESPONSE}"]'],
            actual=seen(exchange),
            at="/schemas" if exchange.ok else "",
            likeness="urn" if exchange.ok else str(exchange.status),
            hint="The endpoint answers with the same envelope as a search.",
        )
        return
    number = total(exchange)
    if number != len(page(exchange)):
        yield Finding(
            expected=[f'"totalResults": {len(page(exchange))}'],
            actual=exchange.json.get("totalResults"),
            at="/totalResults",
            likeness="total",
            hint="totalResults is the number of entries in Resources.",
        )


@judges("RFC7644-4-10", when=lambda x: any(whole(x, name) for name in LISTS) and x.ok and x.is_list)
def a_discovery_list_is_complete(exchange: Exchange) -> Iterator[Finding]:
    number = total(exchange)
    if number is not None and number > len(page(exchange)):
        yield Finding(
            expected=[f"all {number} entries in one answer"],
            actual=f"{len(page(exchange))} entries",
            at="/Resources",
            hint="Discovery knows no pages: what is missing here a client never sees.",
        )


def _single(transcript: Transcript, tag: str) -> list[Exchange]:
    return [x for x in transcript.tagged(tag) if x.answered and not unread(x)]


def _schemas_by_urn(transcript: Transcript) -> list[Exchange]:
    return _single(transcript, "discovery.schema") + _single(transcript, "discovery.schema-encoded")


@judges("RFC7644-4-04", when=lambda t: bool(_schemas_by_urn(t)) and bool(definitions(t)))
def a_schema_is_found_by_its_urn(transcript: Transcript) -> Iterator[Finding]:
    listed = definitions(transcript)
    for answer in _schemas_by_urn(transcript):
        yield from _differs(answer, listed.get(below(answer), {}), "id")


@judges("RFC7644-4-05", when=lambda t: bool(_single(t, "discovery.type")) and bool(resource_types(t)))
def a_resource_type_is_found_by_its_id_or_name(transcript: Transcript) -> Iterator[Finding]:
    answers = _single(transcript, "discovery.type")
    for entry in resource_types(transcript):
        keys = {text(member(entry, "id")), text(member(entry, "name"))} - {""}
        asked = [x for x in answers if below(x) in keys]
        served = [x for x in asked if x.ok]
        for answer in served[:1] or asked[-1:]:
            yield from _differs(answer, entry, "name")


def _differs(answer: Exchange, entry: dict[str, Any], key: str) -> Iterator[Finding]:
    body = mapping(answer.json)
    if not answer.ok or answer.is_list or text(member(body, key)) != text(member(entry, key)):
        yield Finding(
            expected=[f"200 with the one entry that the list has, {key} {as_json(text(member(entry, key)))}"],
            actual="a list" if answer.ok and answer.is_list else seen(answer),
            exchange=answer.id,
            likeness="list" if answer.ok and answer.is_list else str(answer.status),
            hint="Append the id to the endpoint, as for any resource; a URN may come with its colons percent-encoded.",
        )
        return
    for difference in differences(entry, body, ignoring=("/meta", "/schemas"))[:1]:
        yield Finding(
            expected=["the same as in the list"],
            actual=str(difference),
            at=difference.pointer,
            exchange=answer.id,
            likeness="differs",
            hint="One description, two texts: a client cannot know which is true.",
        )


def _asked_for_a_page(transcript: Transcript) -> Iterator[tuple[Exchange, Exchange]]:
    for name in LISTS:
        plain, paged = answer_of(transcript, name), one(transcript, f"discovery.paged.{name}")
        if plain is not None and paged is not None and page(plain):
            yield plain, paged


@judges("RFC7644-4-06", when=lambda t: any(True for _ in _asked_for_a_page(t)))
def paging_parameters_do_nothing_to_discovery(transcript: Transcript) -> Iterator[Finding]:
    for plain, paged in _asked_for_a_page(transcript):
        if not paged.ok or sorted(ids(paged)) != sorted(ids(plain)):
            yield Finding(
                expected=[f"all {len(page(plain))} entries, as without startIndex and count"],
                actual=f"{len(page(paged))} entries" if paged.ok else seen(paged),
                at="/Resources" if paged.ok else "",
                exchange=paged.id,
                likeness=endpoint(paged),
                hint="Ignore startIndex, count, sortBy and sortOrder here.",
            )


@judges("RFC7644-4-07", "RFC7644-4-06", when=lambda x: x.tag == "discovery.filter" and not unread(x))
def a_filter_on_discovery_is_refused(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    """403 is the advice; leaving the filter out of account is worse advice; to filter for real is forbidden (C03)."""
    if exchange.status == 403:
        return
    plain = answer_of(transcript, endpoint(exchange))
    filtered = exchange.ok and plain is not None and len(page(exchange)) < len(page(plain))
    for requirement in ("RFC7644-4-07", "RFC7644-4-06") if filtered else ("RFC7644-4-07",):
        yield Finding(
            expected=["403", "the complete list"] if filtered else ["403"],
            actual=f"{len(page(exchange))} entries" if filtered else seen(exchange),
            requirement=requirement,
            likeness="filtered" if filtered else "ignored" if exchange.ok else str(exchange.status),
            hint="A client that is answered 200 believes that the filter was applied.",
        )


@judges("RFC7644-4-08", when=lambda x: x.tag == "discovery.unknown" and not unread(x))
def an_unknown_schema_or_type_is_not_found(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 404:
        yield Finding(
            expected=["404"],
            actual=seen(exchange),
            likeness=endpoint(exchange),
            hint="Nothing is described under this name.",
        )


@judges("RFC7644-4-09", when=lambda x: x.tag == "discovery.write" and not unread(x))
def discovery_cannot_be_written_to(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in REFUSED:
        yield Finding(
            expected=[str(status) for status in REFUSED],
            actual=seen(exchange),
            likeness="done" if exchange.ok else str(exchange.status),
            hint="They describe the service and are not the client's to change: 405 with Allow says so best.",
        )
