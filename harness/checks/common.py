"""What every resource has: its id, externalId, and the forms of booleans and numbers (RFC 7643 §2, §3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from harness.checks.each import Resource, judges_people, judges_resources
from harness.checks.reading import (
    endpoint,
    entries,
    ids,
    mapping,
    member,
    observed,
    page,
    people,
    projected,
    seen,
    shows_resources,
    spelt,
    steps,
    text,
)
from harness.model.account import Source
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")
NUMBERS = ("totalResults", "startIndex", "itemsPerPage")
LIMITS = (("filter", "maxResults"), ("bulk", "maxOperations"), ("bulk", "maxPayloadSize"))


@judges("RFC7643-3.1-01", when=shows_resources)
def every_resource_has_an_id(exchange: Exchange) -> Iterator[Finding]:
    """Whatever attributes were asked for: id is returned always."""
    for pointer, resource in entries(exchange):
        if not text(member(resource, "id")):
            yield Finding(
                expected=["a non-empty string"],
                actual=member(resource, "id"),
                at=f"{pointer}/{spelt(resource, 'id')}",
                likeness="projected" if projected(exchange) else "",
                hint="Without its id nobody can address the resource.",
            )


@judges("RFC7643-3.1-02", when=lambda t: any(x.ok and x.is_list and page(x) for x in observed(t)))
def no_two_resources_share_an_id(transcript: Transcript) -> Iterator[Finding]:
    """Within one page, and between people and groups: over time a resource may well be seen twice."""
    homes: dict[str, str] = {}
    for exchange in observed(transcript):
        here = endpoint(exchange)
        if not (exchange.ok and exchange.is_list) or here not in ("Users", "Groups"):
            continue
        known = [name for name in ids(exchange) if name]
        doubled = sorted(name for name, times in Counter(known).items() if times > 1) if len(known) > 1 else []
        shared = sorted({name for name in known if homes.setdefault(name, here) != here})
        for name in (doubled or shared)[:1]:
            yield Finding(
                expected=["an id of its own for every resource"],
                actual=name,
                at="/Resources",
                exchange=exchange.id,
                likeness="page" if doubled else "types",
                hint="A request to this id cannot know whom it means.",
            )


@judges_resources("RFC7643-3.1-05")
def an_id_does_not_contain_the_reserved_word(resource: Resource) -> Iterator[Finding]:
    value = text(member(resource, "id"))
    if "bulkId" in value:
        yield Finding(
            expected=["an id without bulkId in it"],
            actual=value,
            at="/id",
            hint="In a bulk request the word marks a placeholder.",
        )


@judges("RFC7643-3.1-06", "HTTP-ID-01", when=lambda exchange: exchange.tag == "ids.swapped")
def an_id_is_compared_letter_for_letter(exchange: Exchange) -> Iterator[Finding]:
    """A UUID in capitals names the same UUID, so folding it is only a warning; the answer's own id may be the other."""
    asked_for = unquote(exchange.path.rsplit("/", 1)[-1])
    shown = text(member(exchange.resource, "id"))
    if not exchange.ok or shown == asked_for or shown.lower() != asked_for.lower():
        return
    is_uuid = UUID.fullmatch(asked_for) is not None
    yield Finding(
        expected=["404"],
        actual=seen(exchange),
        requirement="HTTP-ID-01" if is_uuid else "RFC7643-3.1-06",
        hint="The id was asked for in the other letter case, and somebody was found: two ids could be taken for one.",
    )


def _own_people(transcript: Transcript) -> Iterator[tuple[Exchange, Any]]:
    """First reads of people whom this run brought into being, before anything was written to them."""
    for part in transcript.cast:
        if part.account is None or part.account.source not in (Source.JIT, Source.SCIM):
            continue
        for exchange in observed(transcript):
            if exchange.subject == part.part and exchange.method != "GET":
                break
            shown = [p for _, p in people(exchange) if member(p, "id") == part.account.id]
            if shown and not projected(exchange):
                yield exchange, shown[0]
                break


@judges("RFC7643-3.1-08", probe="ids", when=lambda t: any(True for _ in _own_people(t)))
def an_external_id_is_never_invented(transcript: Transcript) -> Iterator[Finding]:
    for exchange, person in _own_people(transcript):
        value = member(person, "externalId")
        if value not in (None, "", [], {}):
            yield Finding(
                expected=["no externalId: no client has set one"],
                actual=value,
                at=f"/{spelt(person, 'externalId')}",
                exchange=exchange.id,
                hint="externalId belongs to the IdP. It looks for people by it, and must not find an invention.",
            )


def _multiple(person: Resource) -> Iterator[tuple[str, list[Any]]]:
    """The multi-valued attributes of a person whose values are objects: (pointer, values)."""
    for name, value in person.items():
        if isinstance(value, list) and any(isinstance(v, dict) for v in value):
            yield f"/{steps(name)}", value


def _booleans(person: Resource) -> Iterator[tuple[str, Any]]:
    if member(person, "active") is not None:
        yield f"/{spelt(person, 'active')}", member(person, "active")
    for pointer, values in _multiple(person):
        for index, value in enumerate(values):
            if member(value, "primary") is not None:
                yield f"{pointer}/{index}/{spelt(value, 'primary')}", member(value, "primary")


@judges_people("RFC7643-2.3.2-01", when=lambda person: any(True for _ in _booleans(person)))
def booleans_are_true_or_false(person: Resource) -> Iterator[Finding]:
    for pointer, value in _booleans(person):
        if not isinstance(value, bool):
            yield Finding(
                expected=["true", "false"],
                actual=value,
                at=pointer,
                likeness=type(value).__name__,
                hint='The text "false" counts as true in many programs: write it without quotation marks.',
            )


def _numbers(exchange: Exchange) -> Iterator[tuple[str, Any]]:
    body = mapping(exchange.json)
    if exchange.is_list:
        yield from ((f"/{name}", body[name]) for name in NUMBERS if name in body)
    elif endpoint(exchange) == "ServiceProviderConfig":
        for parent, name in LIMITS:
            value = member(member(body, parent), name)
            if value is not None:
                yield f"/{parent}/{name}", value


@judges("RFC7643-2.3.4-01", when=lambda x: x.ok and any(True for _ in _numbers(x)))
def whole_numbers_have_no_fraction(exchange: Exchange) -> Iterator[Finding]:
    for pointer, value in _numbers(exchange):
        if isinstance(value, float):
            yield Finding(
                expected=["a whole number without fraction or exponent"],
                actual=value,
                at=pointer,
                hint="3.0 and 3e0 are no integers in SCIM: strict clients refuse the whole answer.",
            )


@judges_people("RFC7643-2.4-01", when=lambda person: any(True for _ in _multiple(person)))
def at_most_one_value_is_primary(person: Resource) -> Iterator[Finding]:
    for pointer, values in _multiple(person):
        primary = [v for v in values if member(v, "primary") is True]
        if len(primary) > 1:
            yield Finding(
                expected=["primary on one value at most"],
                actual=f"{len(primary)} values are primary",
                at=pointer,
                hint="A client takes the primary value: there is only one first choice.",
            )
