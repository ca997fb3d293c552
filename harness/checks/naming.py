"""What a body says it is: the schemas it names, and where the attributes of an extension stand (RFC 7644 §3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from harness.checks.declared import definitions, type_of
from harness.checks.each import Resource, judges_resources
from harness.checks.once import once
from harness.checks.reading import (
    GATEWAY,
    assigned,
    attributes_of,
    endpoint,
    entries,
    listing,
    member,
    observed,
    people,
    people_shown,
    projected,
    schemas_of,
    shows_people,
    spelt,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER
from harness.model.transcript import Transcript

API = "urn:ietf:params:scim:api:"
"""URNs of messages begin so (RFC 7644 §3.1)."""

EXTENSION = ":schemas:extension:"


@judges_resources("RFC7644-3.1-01", whole=True)
def a_resource_says_which_schemas_describe_it(resource: Resource) -> Iterator[Finding]:
    named = member(resource, "schemas")
    folded = [text(urn).lower() for urn in listing(named)]
    likeness = "none" if not folded else "odd" if not all(folded) else ""
    if likeness or len(set(folded)) != len(folded):
        yield Finding(
            expected=["an array of different URNs"],
            actual=named,
            at=f"/{spelt(resource, 'schemas')}",
            likeness=likeness or "doubled",
            hint="Clients choose by it how to read the resource.",
        )


def _is_message(exchange: Exchange) -> bool:
    if not isinstance(exchange.json, dict) or exchange.status in GATEWAY:
        return False
    return exchange.is_error or (exchange.ok and "totalResults" in exchange.json)


@judges("RFC7644-3.1-02", when=_is_message)
def a_message_names_its_urn(exchange: Exchange) -> Iterator[Finding]:
    if not any(urn.lower().startswith(API) for urn in schemas_of(exchange.json)):
        yield Finding(
            expected=[f"an URN that begins with {API}messages:2.0: in schemas"],
            actual=member(exchange.json, "schemas"),
            at="/schemas",
            likeness="error" if exchange.is_error else "list",
            hint="A message is told from a resource by it.",
        )


@judges("RFC7644-3.1-03", when=lambda x: x.ok and x.is_list and endpoint(x) == "Schemas")
def no_message_is_published_as_a_schema(exchange: Exchange) -> Iterator[Finding]:
    for pointer, definition in entries(exchange, "Schemas"):
        urn = text(member(definition, "id"))
        if urn.lower().startswith(API):
            yield Finding(
                expected=["schemas of resources alone"],
                actual=urn,
                at=f"{pointer}/id",
                hint="What describes a message is no resource and is not looked up.",
            )


@once
def _extended(transcript: Transcript) -> list[tuple[Exchange, str, dict[str, Any], str]]:
    """People that name an extension: (exchange, pointer, person, URN)."""
    return [
        (exchange, pointer, person, urn)
        for exchange, pointer, person in people_shown(transcript)
        for urn in _extending((*schemas_of(person), *person))
    ]


@lru_cache(maxsize=4096)
def _extending(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(urn for urn in dict.fromkeys(names) if EXTENSION in urn.lower())


@judges("RFC7643-3.3-01", when=lambda transcript: bool(_extended(transcript)))
def an_extension_has_an_object_of_its_own(transcript: Transcript) -> Iterator[Finding]:
    """An extension that is named but has no value may lack its object (RFC 7643 §2.5)."""
    published = definitions(transcript)
    for exchange, pointer, person, urn in _extended(transcript):
        inside = member(person, urn)
        if inside is not None and not isinstance(inside, dict):
            yield Finding(
                expected=["an object"],
                actual=inside,
                at=f"{pointer}/{spelt(person, urn)}",
                exchange=exchange.id,
                likeness="no object",
                hint=f"The attributes of {urn} stand in an object of that name.",
            )
        outside = _outside(person, urn, published)
        if outside and inside is None:
            yield Finding(
                expected=[f"{outside} inside {urn}"],
                actual=f"{outside} at the top",
                at=f"{pointer}/{outside}",
                exchange=exchange.id,
                likeness="outside",
                hint="A client looks for it below the URN and does not find it.",
            )


_ENTERPRISE = ("employeenumber", "costcenter", "organization", "division", "department", "manager")


def _outside(person: dict[str, Any], urn: str, published: dict[str, Any]) -> str:
    """An attribute of an extension that stands at the top although the core schema does not have it, or ""."""
    core = {text(member(a, "name")).lower() for a in listing(member(published.get(USER), "attributes"))}
    own = {text(member(a, "name")).lower() for a in listing(member(published.get(urn), "attributes"))}
    if "extension:enterprise:" in urn.lower():
        own |= set(_ENTERPRISE)
    return next((name for name in person if name.lower() in own - core and assigned(person[name])), "")


def _required(transcript: Transcript) -> list[str]:
    extensions = listing(member(type_of(transcript, "Users"), "schemaExtensions"))
    return [text(member(e, "schema")) for e in extensions if member(e, "required") is True and member(e, "schema")]


@judges("RFC7643-6-04", when=lambda t: bool(_required(t)) and any(shows_people(x) for x in observed(t)))
def a_required_extension_is_always_there(transcript: Transcript) -> Iterator[Finding]:
    published = definitions(transcript)
    for exchange in observed(transcript):
        for pointer, person in () if projected(exchange) else people(exchange):
            for urn in _required(transcript):
                inside = attributes_of(member(person, urn))
                needed = [
                    text(member(a, "name"))
                    for a in listing(member(published.get(urn), "attributes"))
                    if member(a, "required") is True
                ]
                missing = [name for name in needed if name.lower() not in inside]
                if urn not in schemas_of(person) or missing:
                    yield Finding(
                        expected=[f"{urn} in schemas" + (f", with {', '.join(needed)}" if needed else "")],
                        actual=schemas_of(person) if urn not in schemas_of(person) else f"without {missing[0]}",
                        at=f"{pointer}/schemas",
                        exchange=exchange.id,
                        likeness=urn,
                        hint="/ResourceTypes declares the extension as required for each person.",
                    )


@judges("RFC7643-5-10", when=lambda x: endpoint(x) == "ServiceProviderConfig" and bool(member(x.resource, "meta")))
def the_configuration_knows_its_kind_and_address(exchange: Exchange) -> Iterator[Finding]:
    meta = member(exchange.resource, "meta")
    kind, location = member(meta, "resourceType"), member(meta, "location")
    if kind is not None and kind != "ServiceProviderConfig":
        yield Finding(
            expected=["ServiceProviderConfig"],
            actual=kind,
            at="/meta/resourceType",
            likeness="kind",
            hint="It is the name of this kind of resource.",
        )
    if location is not None and not text(location).partition("?")[0].rstrip("/").endswith("/ServiceProviderConfig"):
        yield Finding(
            expected=["an address that ends in /ServiceProviderConfig"],
            actual=location,
            at="/meta/location",
            likeness="address",
            hint="meta.location is where this document is read.",
        )
