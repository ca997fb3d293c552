"""ResourceTypes: what is served, where, and by which schemas (RFC 7643 §6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import TYPE_URN, answer_of, declared_urns, definitions, resource_types, type_of
from harness.checks.each import Resource, judges_people
from harness.checks.reading import (
    asked,
    endpoint,
    entries,
    listing,
    member,
    observed,
    page,
    people,
    projected,
    schemas_of,
    seen,
    shows_people,
    text,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.transcript import Transcript

ABSENT = (404, 405, 501)
"""Answers that say that nothing is served at an endpoint."""


def _types(exchange: Exchange) -> list[tuple[str, dict[str, Any]]]:
    """The resource types of one answer with their pointers: of the list, or the single one."""
    return [] if exchange.method != "GET" else list(entries(exchange, "ResourceTypes"))


def _shows_types(exchange: Exchange) -> bool:
    return bool(_types(exchange))


@judges("RFC7643-6-01", when=_shows_types)
def a_resource_type_has_name_endpoint_and_schema(exchange: Exchange) -> Iterator[Finding]:
    for pointer, entry in _types(exchange):
        for name in ("name", "endpoint", "schema"):
            if not text(member(entry, name)):
                yield Finding(
                    expected=["a string"],
                    actual=member(entry, name),
                    at=f"{pointer}/{name}",
                    hint="name, endpoint and schema are required of each resource type.",
                )
        if TYPE_URN not in schemas_of(entry):
            yield Finding(
                expected=[f'"schemas": ["{TYPE_URN}"]'],
                actual=member(entry, "schemas"),
                at=f"{pointer}/schemas",
                hint="A resource type is a resource and names its own schema.",
            )


@judges("RFC7643-6-03", when=lambda x: any(member(entry, "schemaExtensions") for _, entry in _types(x)))
def an_extension_says_whether_it_is_required(exchange: Exchange) -> Iterator[Finding]:
    for pointer, entry in _types(exchange):
        extensions = member(entry, "schemaExtensions")
        if extensions is not None and not isinstance(extensions, list):
            yield Finding(
                expected=["a list"],
                actual=extensions,
                at=f"{pointer}/schemaExtensions",
                hint="A type may have several extensions.",
            )
        for index, extension in enumerate(listing(extensions)):
            place = f"{pointer}/schemaExtensions/{index}"
            if not text(member(extension, "schema")):
                yield Finding(
                    expected=["the URN of the extension"],
                    actual=member(extension, "schema"),
                    at=f"{place}/schema",
                    hint="Without it the entry says nothing.",
                )
            if not isinstance(member(extension, "required"), bool):
                yield Finding(
                    expected=["true", "false"],
                    actual=member(extension, "required"),
                    at=f"{place}/required",
                    hint="A client must know whether it has to send the extension.",
                )


@judges("RFC7643-6-02", when=lambda t: bool(resource_types(t)) and answer_of(t, "Schemas") is not None)
def each_named_schema_is_published(transcript: Transcript) -> Iterator[Finding]:
    published = definitions(transcript)
    answer = answer_of(transcript, "ResourceTypes")
    for index, entry in enumerate(resource_types(transcript)):
        for urn in sorted(declared_urns(entry) - published.keys()):
            yield Finding(
                expected=[f"{urn} in /Schemas, or not here"],
                actual=f"/Schemas has {', '.join(sorted(published)) or 'none'}",
                at=f"/Resources/{index}",
                exchange=answer.id if answer is not None else "",
                likeness=urn,
                hint="A client looks the schema up under this URN and does not find it.",
            )


@judges_people("RFC7643-6-05", when=lambda person: bool(_kind(person)))
def a_person_names_the_type_user(person: Resource) -> Iterator[Finding]:
    kind = _kind(person)
    if kind != "User":
        yield Finding(
            expected=['"resourceType": "User"'],
            actual=kind,
            at="/meta/resourceType",
            hint="It is the name of the resource type, letter for letter.",
        )


def _named_types(transcript: Transcript) -> Iterator[tuple[Exchange, str, str, str]]:
    """People with the name that their resource type has: (exchange, pointer, kind, name)."""
    name = text(member(type_of(transcript, "Users"), "name"))
    for exchange in observed(transcript) if name else ():
        for pointer, person in people(exchange):
            if _kind(person):
                yield exchange, pointer, _kind(person), name


@judges("RFC7643-6-05", when=lambda transcript: any(True for _ in _named_types(transcript)))
def a_person_names_the_type_that_is_listed(transcript: Transcript) -> Iterator[Finding]:
    for exchange, pointer, kind, name in _named_types(transcript):
        if kind != name:
            yield Finding(
                expected=[f'"resourceType": "{name}", as /ResourceTypes has it'],
                actual=kind,
                at=f"{pointer}/meta/resourceType",
                exchange=exchange.id,
                hint="A person and the list of types must use one name.",
            )


def _kind(person: dict[str, Any]) -> str:
    return text(member(member(person, "meta"), "resourceType"))


@judges("RFC7643-6-06", when=lambda x: len(_types(x)) > 1)
def names_and_endpoints_are_given_once(exchange: Exchange) -> Iterator[Finding]:
    for name in ("name", "endpoint"):
        known: set[str] = set()
        for pointer, entry in _types(exchange):
            value = text(member(entry, name)).strip("/")
            if value and value in known:
                yield Finding(
                    expected=[f"another {name} for each resource type"],
                    actual=value,
                    at=f"{pointer}/{name}",
                    hint="Two types under one name or at one address cannot be told apart.",
                )
            known.add(value)


def _is_absolute(value: str) -> bool:
    return "://" in value or value.startswith("//")


@judges("RFC7643-6-07", "RFC7644-3.2-01", when=_shows_types)
def an_endpoint_is_relative_to_the_base(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    """A full URL still leads there and is only bad advice; a path that leads nowhere is wrong."""
    for pointer, entry in _types(exchange):
        value = text(member(entry, "endpoint"))
        if not value:
            continue
        if _is_absolute(value):
            yield Finding(
                expected=["a path below the base URL, such as /Users"],
                actual=value,
                at=f"{pointer}/endpoint",
                requirement="RFC7644-3.2-01",
                likeness="absolute",
                hint="Clients append the endpoint to the base URL that they were given.",
            )
        elif any(c in value for c in "?# ") or (value.strip("/").count("/") and _leads_nowhere(transcript, value)):
            yield Finding(
                expected=["a path below the base URL, such as /Users"],
                actual=value,
                at=f"{pointer}/endpoint",
                likeness="no path",
                hint="Appended to the base URL it leads nowhere: leave out what the base URL has already.",
            )


def _is_unserved(exchange: Exchange) -> bool:
    return exchange.tag == "discovery.endpoint" and exchange.status not in ABSENT and not unread(exchange)


@judges("RFC7644-3.2-01", when=_is_unserved)
def a_listed_endpoint_answers_with_a_list(exchange: Exchange) -> Iterator[Finding]:
    """Unwillingness to list everybody is allowed, and says so with tooMany."""
    too_many = exchange.status == 400 and member(exchange.json, "scimType") == "tooMany"
    if not too_many and not (exchange.ok and exchange.is_list):
        yield Finding(
            expected=["200 with a list", '400 with "scimType": "tooMany"'],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="What /ResourceTypes announces can be listed: Okta does so as soon as its settings are saved.",
        )


def _leads_nowhere(transcript: Transcript, value: str) -> bool:
    asked_there = [x for x in transcript.tagged("discovery.endpoint") if x.path.strip("/") == value.strip("/")]
    return any(x.answered and x.status in ABSENT for x in asked_there)


@judges("RFC7643-6-08", when=lambda t: bool(resource_types(t)))
def only_what_is_served_is_listed(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    answer = answer_of(transcript, "ResourceTypes")
    listed_in = answer.id if answer is not None else ""
    for index, entry in enumerate(resource_types(transcript)):
        value = text(member(entry, "endpoint"))
        is_group = value.strip("/").rsplit("/", 1)[-1] == "Groups" or text(member(entry, "name")) == "Group"
        if is_group and profile.refuses("groups"):
            yield Finding(
                expected=["no Group: groups are refused"],
                actual=value,
                at=f"/Resources/{index}",
                exchange=listed_in,
                likeness="refused group",
                hint="An IdP offers its administrator what is listed here; every push would fail.",
            )
        elif not _is_absolute(value) and not value.strip("/").count("/") and _leads_nowhere(transcript, value):
            yield Finding(
                expected=["an answer at each listed endpoint"],
                actual=f"{value} is not served",
                at=f"/Resources/{index}/endpoint",
                exchange=listed_in,
                likeness="absent",
                hint="List only what can be asked for.",
            )
    yield from _unlisted_groups(transcript)


def _unlisted_groups(transcript: Transcript) -> Iterator[Finding]:
    """An empty list at /Groups is a courtesy to clients that insist on asking; groups in it are another matter."""
    if type_of(transcript, "Groups"):
        return
    for exchange in observed(transcript):
        plain = exchange.method == "GET" and endpoint(exchange) == "Groups" and "filter" not in asked(exchange)
        if plain and exchange.ok and exchange.is_list and page(exchange):
            yield Finding(
                expected=["Group in /ResourceTypes, or nothing under /Groups"],
                actual=seen(exchange),
                at="/Resources",
                exchange=exchange.id,
                likeness="unlisted group",
                hint="What is served has to be listed, or a client will never ask for it.",
            )
            return


@judges("RFC7643-3-01", when=lambda t: bool(type_of(t, "Users")) and any(shows_people(x) for x in observed(t)))
def a_person_has_only_declared_schemas(transcript: Transcript) -> Iterator[Finding]:
    declared = declared_urns(type_of(transcript, "Users"))
    base = text(member(type_of(transcript, "Users"), "schema"))
    for exchange in observed(transcript):
        for pointer, person in people(exchange):
            named = schemas_of(person)
            for urn in [u for u in named if u not in declared]:
                yield Finding(
                    expected=sorted(declared),
                    actual=urn,
                    at=f"{pointer}/schemas",
                    exchange=exchange.id,
                    likeness=urn,
                    hint="Declare the schema for the type in /ResourceTypes, or do not send it.",
                )
            # An answer to attributes= may leave schemas out (C21).
            if base and base not in named and not (projected(exchange) and not named):
                yield Finding(
                    expected=[base],
                    actual=named,
                    at=f"{pointer}/schemas",
                    exchange=exchange.id,
                    likeness="no base",
                    hint="The base schema of the type is always named.",
                )


@judges("RFC7643-7-01", when=lambda t: bool(definitions(t)) and any(shows_people(x) for x in observed(t)))
def each_schema_of_a_person_is_published(transcript: Transcript) -> Iterator[Finding]:
    published = definitions(transcript)
    told: set[str] = set()
    for exchange in observed(transcript):
        for pointer, person in people(exchange):
            for urn in [u for u in schemas_of(person) if u not in published and u not in told]:
                told.add(urn)
                yield Finding(
                    expected=[f"{urn} in /Schemas"],
                    actual=sorted(published),
                    at=f"{pointer}/schemas",
                    exchange=exchange.id,
                    likeness=urn,
                    hint="What describes a person has to be described itself.",
                )
