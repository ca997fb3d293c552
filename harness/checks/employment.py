"""The enterprise extension: its exact name, and the form of what stands in it (RFC 7643 §4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.each import Resource, judges_people
from harness.checks.reading import assigned, listing, mapping, member, people, spelt, steps
from harness.checks.values import wrong
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ENTERPRISE_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")


def _enterprise(exchange: Exchange) -> Iterator[tuple[str, dict[str, Any]]]:
    for pointer, person in people(exchange):
        yield from ((f"{pointer}{place}", inside) for place, inside in _inside(person))


def _inside(person: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    inside = mapping(member(person, ENTERPRISE))
    if inside:
        yield f"/{steps(spelt(person, ENTERPRISE))}", inside


def _tells_of_employment(exchange: Exchange) -> bool:
    return any(assigned(member(inside, name)) for _, inside in _enterprise(exchange) for name in ENTERPRISE_TEXTS)


def _names_enterprise(person: Resource) -> Iterator[tuple[str, str]]:
    """Every URN or member of a person that is meant to be the enterprise extension: (pointer, as it is spelt)."""
    for index, urn in enumerate(listing(member(person, "schemas"))):
        if isinstance(urn, str) and "enterprise" in urn.lower() and "extension" in urn.lower():
            yield f"/schemas/{index}", urn
    for name in person:
        if "enterprise" in name.lower() and ":" in name:
            yield f"/{steps(name)}", name


@judges_people("RFC7643-4.3-01", when=lambda person: any(True for _ in _names_enterprise(person)))
def the_enterprise_extension_has_its_exact_urn(person: Resource) -> Iterator[Finding]:
    for place, urn in _names_enterprise(person):
        if urn != ENTERPRISE:
            yield wrong(place, urn, ENTERPRISE, "Clients look for exactly this name.")


@judges("RFC7643-4.3-02", when=_tells_of_employment)
def details_of_employment_are_texts(exchange: Exchange) -> Iterator[Finding]:
    for pointer, inside in _enterprise(exchange):
        for name in ENTERPRISE_TEXTS:
            value = member(inside, name)
            if value is not None and not isinstance(value, str):
                yield wrong(f"{pointer}/{spelt(inside, name)}", value, "a string", "A number is a text here.", name)


@judges_people("RFC7643-4.3-03", when=lambda person: any(assigned(member(i, "manager")) for _, i in _inside(person)))
def a_manager_is_an_object(person: Resource) -> Iterator[Finding]:
    for pointer, inside in _inside(person):
        manager, place = member(inside, "manager"), f"{pointer}/{spelt(inside, 'manager')}"
        if assigned(manager) and not isinstance(manager, dict):
            yield wrong(place, manager, "an object with value, $ref and displayName", "The id is one part.", "bare")
        for part in ("value", "$ref", "displayName"):
            told = member(manager, part)
            if told is not None and not isinstance(told, str):
                yield wrong(f"{place}/{part}", told, "a string", "Each part is one text.", part)
