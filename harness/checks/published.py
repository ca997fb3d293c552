"""Schemas: the definitions that the service publishes, and whether its people follow them (RFC 7643 §7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import BASIC_PARTS, COMMON, SCHEMA_URN, definitions
from harness.checks.reading import (
    assigned,
    entries,
    listing,
    mapping,
    member,
    observed,
    people,
    schemas_of,
    shows_people,
    steps,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import USER
from harness.model.transcript import Transcript

TYPES = ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex")
WORDS = {
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
}
SWITCHES = ("multiValued", "required", "caseExact")
DEEPEST = 6


def _definitions(exchange: Exchange) -> list[tuple[str, dict[str, Any]]]:
    """The schema definitions of one answer with their pointers."""
    return [] if exchange.method != "GET" else list(entries(exchange, "Schemas"))


def _publishes(exchange: Exchange) -> bool:
    return bool(_definitions(exchange))


def walk(definition: Any, pointer: str, depth: int = 0) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Every attribute and sub-attribute of a definition: (pointer, attribute, depth)."""
    name = "subAttributes" if depth else "attributes"
    for index, entry in enumerate(listing(member(definition, name))):
        if isinstance(entry, dict) and depth < DEEPEST:
            place = f"{pointer}/{name}/{index}"
            yield place, entry, depth
            yield from walk(entry, place, depth + 1)


def _attributes(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any], int, str]]:
    for pointer, definition in _definitions(exchange):
        for place, attribute, depth in walk(definition, pointer):
            yield place, attribute, depth, text(member(definition, "id"))


@judges("RFC7643-7-02", when=_publishes)
def a_schema_is_known_by_its_uri(exchange: Exchange) -> Iterator[Finding]:
    for pointer, definition in _definitions(exchange):
        value = text(member(definition, "id"))
        if ":" not in value or any(c.isspace() for c in value):
            yield Finding(
                expected=["the URI of the schema"],
                actual=member(definition, "id"),
                at=f"{pointer}/id",
                hint="A schema is addressed and named by its URN.",
            )
        for name in ("name", "description"):
            told = member(definition, name)
            if told is not None and not isinstance(told, str):
                yield Finding(expected=["a string"], actual=told, at=f"{pointer}/{name}", hint="A person reads this.")


@judges("HTTP-NAME-01", when=_publishes)
def a_schema_can_be_read_by_people(exchange: Exchange) -> Iterator[Finding]:
    for pointer, definition in _definitions(exchange):
        for name in ("name", "description"):
            if not member(definition, name):
                yield Finding(
                    expected=["a few words"],
                    actual=member(definition, name),
                    at=f"{pointer}/{name}",
                    hint="IdPs show it to the administrator who maps attributes.",
                )


@judges("RFC7643-7-12", when=_publishes)
def a_schema_names_the_schema_of_schemas(exchange: Exchange) -> Iterator[Finding]:
    for pointer, definition in _definitions(exchange):
        if SCHEMA_URN not in schemas_of(definition):
            yield Finding(
                expected=[f'"schemas": ["{SCHEMA_URN}"]'],
                actual=member(definition, "schemas"),
                at=f"{pointer}/schemas",
                hint="A schema is a resource too.",
            )


@judges("RFC7643-7-03", when=_publishes)
def an_attribute_has_a_known_type(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute, _, _ in _attributes(exchange):
        value = member(attribute, "type")
        if value is not None and text(value).lower() not in {t.lower() for t in TYPES}:
            yield Finding(
                expected=list(TYPES),
                actual=value,
                at=f"{place}/type",
                hint=f"{text(member(attribute, 'name')) or 'The attribute'} has a type that no client knows.",
            )


@judges("RFC7643-7-05", when=lambda x: any(depth for _, _, depth, _ in _attributes(x)))
def a_sub_attribute_is_not_complex(exchange: Exchange) -> Iterator[Finding]:
    """The schema of schemas is exempt: it describes itself."""
    for place, attribute, depth, urn in _attributes(exchange):
        if depth and urn != SCHEMA_URN and text(member(attribute, "type")).lower() == "complex":
            yield Finding(
                expected=["a simple type"],
                actual="complex",
                at=f"{place}/type",
                hint="SCIM knows two levels, and no more.",
            )


@judges("RFC7643-7-06", when=_publishes)
def the_characteristics_of_an_attribute_have_legal_values(exchange: Exchange) -> Iterator[Finding]:
    """What is missing counts as its default."""
    for place, attribute, _, _ in _attributes(exchange):
        for name, words in WORDS.items():
            value = member(attribute, name)
            if value is not None and value not in words:
                yield Finding(
                    expected=list(words),
                    actual=value,
                    at=f"{place}/{name}",
                    likeness=name,
                    hint="Spell the word as the standard does, or leave it out where the default is meant.",
                )
        for name in SWITCHES:
            value = member(attribute, name)
            if value is not None and not isinstance(value, bool):
                yield Finding(
                    expected=["true", "false"],
                    actual=value,
                    at=f"{place}/{name}",
                    likeness=name,
                    hint="A boolean, without quotation marks.",
                )


def user_definition(exchange: Exchange) -> list[tuple[str, dict[str, Any]]]:
    return [(pointer, d) for pointer, d in _definitions(exchange) if text(member(d, "id")) == USER]


@judges("RFC7643-4.1.1-05", when=lambda exchange: bool(user_definition(exchange)))
def user_name_is_published_as_what_it_is(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    for pointer, definition in user_definition(exchange):
        named = [(place, a) for place, a, depth in walk(definition, pointer) if not depth and _is_user_name(a)]
        if not named:
            yield Finding(
                expected=["an attribute userName"],
                actual="no such attribute",
                at=f"{pointer}/attributes",
                likeness="absent",
                hint="Every person has a userName: publish it.",
            )
        for place, attribute in named[:1]:
            for name, (default, right) in _right(profile).items():
                value = member(attribute, name)
                value = default if value is None else text(value).lower() if name == "type" else value
                if value not in right:
                    yield Finding(
                        expected=[str(r).lower() if isinstance(r, bool) else r for r in right],
                        actual=value,
                        at=f"{place}/{name}",
                        likeness=name,
                        hint="Clients learn here whether they may match on userName, and whether they may change it.",
                    )


def _is_user_name(attribute: dict[str, Any]) -> bool:
    return text(member(attribute, "name")).lower() == "username"


def _right(profile: Profile) -> dict[str, tuple[Any, list[Any]]]:
    """For each characteristic of userName: the default where it is left out, and what is right."""
    if profile.family == "full":
        # A service may fix a name for good: RFC 7643 section 2.2 gives the default, not the rule.
        mutability = ["readWrite", "immutable"]
    else:
        mutability = ["readOnly", "readWrite"] if profile.supports("update") else ["readOnly"]
    return {
        "type": ("string", ["string"]),
        "multiValued": (False, [False]),
        "required": (False, [True]),
        "caseExact": (False, [False]),
        "returned": ("default", ["default", "always"]),
        "uniqueness": ("none", ["server", "global"]),
        "mutability": ("readWrite", mutability),
    }


def _describes_people(transcript: Transcript) -> bool:
    return USER in definitions(transcript) and any(shows_people(x) for x in observed(transcript))


@judges("RFC7643-7-10", when=_describes_people)
def a_person_has_only_published_attributes(transcript: Transcript) -> Iterator[Finding]:
    published = definitions(transcript)
    told: set[str] = set()
    for exchange in observed(transcript):
        for pointer, person in people(exchange):
            for place in _unpublished(person, published):
                if place not in told:
                    told.add(place)
                    yield Finding(
                        expected=["an attribute that /Schemas lists"],
                        actual=place.strip("/"),
                        at=pointer + place,
                        exchange=exchange.id,
                        hint="Publish the attribute in its schema, or do not return it.",
                    )


def _unpublished(person: dict[str, Any], published: dict[str, dict[str, Any]]) -> Iterator[str]:
    known = _names(published[USER])
    extensions = {urn.lower(): _names(d) for urn, d in published.items() if urn != USER}
    for name, value in person.items():
        if name.lower() in COMMON or not assigned(value):
            continue
        if name.lower() in extensions:
            for inner in mapping(value):
                if inner.lower() not in extensions[name.lower()]:
                    yield f"/{steps(name)}/{steps(inner)}"
        elif name.lower() not in known:
            yield f"/{steps(name)}"
        else:
            yield from (f"/{steps(name)}/{steps(part)}" for part in _unknown_parts(value, known[name.lower()]))


def _names(definition: Any) -> dict[str, dict[str, Any]]:
    """The attributes of a definition, or the sub-attributes of an attribute, by name in lower case."""
    listed = listing(member(definition, "attributes")) or listing(member(definition, "subAttributes"))
    return {text(member(a, "name")).lower(): mapping(a) for a in listed}


def _unknown_parts(value: Any, attribute: dict[str, Any]) -> list[str]:
    parts = _names(attribute)
    if not parts:
        return []
    allowed = parts.keys() | (BASIC_PARTS if member(attribute, "multiValued") is True else set())
    found: dict[str, None] = {}
    for element in listing(value) or [value]:
        found |= {name: None for name, v in mapping(element).items() if assigned(v) and name.lower() not in allowed}
    return list(found)
