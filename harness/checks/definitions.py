"""Definitions: what a published attribute says of itself beyond its type (RFC 7643 §7, §8.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harness.checks.published import walk
from harness.checks.reading import entries, member, text
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9_$-]*")
"""attrName of RFC 7643 §2.1; a $ in front is the one of $ref (erratum 8924)."""


def _attributes(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any], int, str]]:
    """Every published attribute of an answer: (pointer, attribute, depth, URN of its schema)."""
    for pointer, definition in entries(exchange, "Schemas") if exchange.method == "GET" else ():
        for place, attribute, depth in walk(definition, pointer):
            yield place, attribute, depth, text(member(definition, "id"))


def _kind(attribute: dict[str, Any]) -> str:
    return text(member(attribute, "type")).lower()


def _name(attribute: dict[str, Any]) -> str:
    return text(member(attribute, "name"))


def _has(kind: str) -> Any:
    return lambda exchange: any(_kind(a) == kind for _, a, _, _ in _attributes(exchange))


@judges("RFC7643-7-04", when=_has("complex"))
def a_complex_attribute_lists_its_parts(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute, _, _ in _attributes(exchange):
        if _kind(attribute) == "complex" and not member(attribute, "subAttributes"):
            yield Finding(
                expected=["subAttributes"],
                actual=member(attribute, "subAttributes"),
                at=f"{place}/subAttributes",
                hint=f"Of which parts does {_name(attribute) or 'it'} consist?",
            )


@judges("RFC7643-7-07", when=_has("complex"))
def a_complex_attribute_is_not_unique(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute, _, _ in _attributes(exchange):
        unique = member(attribute, "uniqueness")
        if _kind(attribute) == "complex" and unique is not None and text(unique).lower() != "none":
            yield Finding(
                expected=["none"],
                actual=unique,
                at=f"{place}/uniqueness",
                hint=f"Objects are not compared as a whole: say it of a part of {_name(attribute) or 'it'}.",
            )


@judges("RFC7643-7-08", "HTTP-SCHEMA-02", when=_has("reference"))
def a_reference_says_where_it_leads(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute, _, _ in _attributes(exchange):
        if _kind(attribute) != "reference":
            continue
        leads = member(attribute, "referenceTypes")
        right = isinstance(leads, list) and bool(leads) and all(isinstance(kind, str) for kind in leads)
        if not right:
            yield Finding(
                expected=['a list such as ["User"]', '["external"]', '["uri"]'],
                actual=leads,
                at=f"{place}/referenceTypes",
                requirement="HTTP-SCHEMA-02" if leads in (None, []) else "RFC7643-7-08",
                likeness="absent" if leads in (None, []) else "form",
                hint=f"What does {_name(attribute) or 'it'} lead to?",
            )


@judges("RFC7643-7-09", when=lambda exchange: any(True for _ in _attributes(exchange)))
def names_of_attributes_follow_the_grammar(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute, _, _ in _attributes(exchange):
        name = member(attribute, "name")
        if not NAME.fullmatch(text(name)):
            yield Finding(
                expected=["a letter, then letters, digits, - and _"],
                actual=name,
                at=f"{place}/name",
                hint="Such a name cannot stand in a path or a filter.",
            )


def _named(exchange: Exchange, name: str, urn: str = USER) -> list[tuple[str, dict[str, Any]]]:
    found = [(p, a) for p, a, depth, of in _attributes(exchange) if not depth and of.lower() == urn.lower()]
    return [(place, attribute) for place, attribute in found if _name(attribute).lower() == name.lower()]


@judges("RFC7643-4.1.1-16", when=lambda exchange: bool(_named(exchange, "password")))
def a_published_password_is_never_returned(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute in _named(exchange, "password"):
        for name, right in (("mutability", "writeOnly"), ("returned", "never")):
            if member(attribute, name) != right:
                yield Finding(
                    expected=[right],
                    actual=member(attribute, name),
                    at=f"{place}/{name}",
                    likeness=name,
                    hint="Clients read here whether a password can be asked for.",
                )


def _parts(attribute: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, part, _ in walk({"attributes": member(attribute, "subAttributes")}, ""):
        if _name(part).lower() == name.lower():
            yield place.replace("/attributes/", "/subAttributes/", 1), part


@judges("RFC7643-4.1.2-10", when=lambda exchange: bool(_named(exchange, "groups")))
def groups_lead_to_groups_alone(exchange: Exchange) -> Iterator[Finding]:
    for place, attribute in _named(exchange, "groups"):
        for inside, part in _parts(attribute, "$ref"):
            if member(part, "referenceTypes") not in (["Group"], None):
                yield Finding(
                    expected=['["Group"]'],
                    actual=member(part, "referenceTypes"),
                    at=f"{place}{inside}/referenceTypes",
                    hint="The first edition of the RFC had User beside it, by mistake.",
                )


@judges("RFC7643-4.3-05", when=lambda exchange: bool(_named(exchange, "manager", ENTERPRISE)))
def the_manager_is_known_by_a_case_exact_id(exchange: Exchange) -> Iterator[Finding]:
    """Whether value and $ref are required is told in two ways; both are taken (erratum 8472 settles caseExact)."""
    for place, attribute in _named(exchange, "manager", ENTERPRISE):
        for inside, part in _parts(attribute, "value"):
            if member(part, "caseExact") is not True:
                yield Finding(
                    expected=["true: it is the id of a person"],
                    actual=member(part, "caseExact"),
                    at=f"{place}{inside}/caseExact",
                    hint="Ids are compared letter for letter.",
                )
