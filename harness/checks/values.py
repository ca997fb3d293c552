"""Values of people: the form that each detail has, where it is shown at all (RFC 7643 §4.1, §2.4)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from harness.checks.declared import definitions
from harness.checks.each import Resource, judges_people
from harness.checks.reading import (
    assigned,
    listing,
    member,
    observed,
    people,
    people_shown,
    spelt,
    steps,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER
from harness.model.transcript import Transcript

NAME_PARTS = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
TEXTS = ("displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone")
LISTS = ("phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates")

Place = tuple[str, Any]


def _of(person: Resource, *names: str) -> Iterator[Place]:
    """The assigned values of these attributes, with their JSON Pointers."""
    for name in names:
        value = member(person, name)
        if assigned(value):
            yield f"/{spelt(person, name)}", value


def _parts(person: Resource, name: str, part: str) -> Iterator[Place]:
    """The assigned values of one part of a multi-valued attribute, with their JSON Pointers."""
    for pointer, values in _of(person, name):
        for index, value in enumerate(listing(values)):
            told = member(value, part)
            if assigned(told):
                yield f"{pointer}/{index}/{spelt(value, part)}", told


def _has(*names: str) -> Callable[[Resource], bool]:
    return lambda person: any(assigned(member(person, name)) for name in names)


def _has_part(name: str, part: str) -> Callable[[Resource], bool]:
    return lambda person: member(person, name) is not None and any(True for _ in _parts(person, name, part))


def wrong(place: str, value: Any, expected: str, hint: str, likeness: str = "") -> Finding:
    return Finding(expected=[expected], actual=value, at=place, likeness=likeness, hint=hint)


@judges_people("RFC7643-4.1.1-07", when=_has("name"))
def a_name_is_an_object_of_texts(person: Resource) -> Iterator[Finding]:
    for place, name in _of(person, "name"):
        if not isinstance(name, dict):
            yield wrong(place, name, "an object such as {...familyName...}", "A name has parts.", "no object")
        for part in NAME_PARTS:
            value = member(name, part)
            if value is not None and not isinstance(value, str):
                yield wrong(f"{place}/{spelt(name, part)}", value, "a string", "Each part is one text.", part)


@judges_people("RFC7643-4.1.1-08", when=_has(*TEXTS))
def plain_details_are_texts(person: Resource) -> Iterator[Finding]:
    for place, value in _of(person, *TEXTS):
        if not isinstance(value, str):
            yield wrong(place, value, "a string", "One text, neither a list nor an object.", place.rpartition("/")[2])


def _tells_both(person: Resource) -> bool:
    whole, parts = _names_of(member(person, "name"))
    return bool(whole and parts)


def _names_of(name: Any) -> tuple[str, list[str]]:
    parts = [text(member(name, part)).strip() for part in ("givenName", "familyName")]
    return text(member(name, "formatted")).strip(), [part for part in parts if part]


@judges_people("RFC7643-4.1.1-06", when=_tells_both, by_client=True)
def the_whole_name_is_made_of_its_parts(person: Resource) -> Iterator[Finding]:
    """Only a whole name that shares no part with the others is another name: initials and orders vary."""
    for place, name in _of(person, "name"):
        whole, parts = _names_of(name)
        if whole and parts and not any(part.casefold() in whole.casefold() for part in parts):
            yield wrong(
                f"{place}/formatted", whole, f"a name with {' or '.join(parts)} in it", "Two names, one person."
            )


def _is_url(value: Any, *schemes: str) -> bool:
    try:
        parts = urlsplit(text(value))
    except ValueError:
        return False
    return parts.scheme.lower() in schemes and bool(parts.netloc or parts.scheme == "data")


@judges_people("RFC7643-4.1.1-09", when=_has("profileUrl"), by_client=True)
def a_profile_is_an_address_on_the_web(person: Resource) -> Iterator[Finding]:
    for place, value in _of(person, "profileUrl"):
        if not _is_url(value, "http", "https"):
            yield wrong(place, value, "an absolute URL", "The link leads to a page about the person.")


_LANGUAGE = r"[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*"


@judges_people("RFC7643-4.1.1-10", when=_has("locale"), by_client=True)
def a_locale_is_a_language_tag(person: Resource) -> Iterator[Finding]:
    for place, value in _of(person, "locale"):
        if isinstance(value, str) and not re.fullmatch(_LANGUAGE, value):
            yield wrong(place, value, "a tag such as en-US", "Programs choose by it how to write dates and numbers.")


_ZONE = r"(UTC|GMT|[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2})"


@judges_people("RFC7643-4.1.1-11", when=_has("timezone"), by_client=True)
def a_time_zone_has_an_iana_name(person: Resource) -> Iterator[Finding]:
    """By its form: the database grows from year to year. An offset such as +01:00 is no name."""
    for place, value in _of(person, "timezone"):
        if isinstance(value, str) and not re.fullmatch(_ZONE, value):
            yield wrong(place, value, "a name such as Europe/Berlin", "Offsets change with the season, names do not.")


@judges_people("RFC7643-4.1.1-12", when=_has("preferredLanguage"), by_client=True)
def a_language_is_written_like_accept_language(person: Resource) -> Iterator[Finding]:
    one = rf"({_LANGUAGE}|\*)(\s*;\s*q=[01](\.\d{{0,3}})?)?"
    for place, value in _of(person, "preferredLanguage"):
        if isinstance(value, str) and not re.fullmatch(rf"\s*{one}(\s*,\s*{one})*\s*", value, re.IGNORECASE):
            yield wrong(place, value, "a value such as de, en;q=0.5", "It can be sent as Accept-Language.")


@judges_people("RFC7643-4.1.2-02", when=_has_part("emails", "value"), by_client=True)
def a_mail_address_looks_like_one(person: Resource) -> Iterator[Finding]:
    for place, value in _parts(person, "emails", "value"):
        if isinstance(value, str) and not re.fullmatch(r"[^\s@]+@[^\s@]+|\"[^\"]+\"@[^\s@]+", value):
            yield wrong(place, value, "an address such as ada@analytical.example", "Mail to it cannot arrive.")


@judges_people("RFC7643-4.1.2-04", when=_has(*LISTS))
def further_details_are_lists_of_objects(person: Resource) -> Iterator[Finding]:
    for place, values in _of(person, *LISTS):
        if not isinstance(values, list):
            yield wrong(place, values, "a list of objects", "A list even when there is only one.", "no list")
        for index, value in enumerate(listing(values)):
            if not isinstance(value, dict):
                yield wrong(
                    f"{place}/{index}", value, "an object", "Each value has parts such as value and type.", "text"
                )


@judges_people("RFC7643-4.1.2-05", when=_has_part("phoneNumbers", "value"), by_client=True)
def phone_numbers_are_written_for_machines(person: Resource) -> Iterator[Finding]:
    """Only noted: Entra ID wants back what it has sent, and a service must not reformat that."""
    for place, value in _parts(person, "phoneNumbers", "value"):
        if isinstance(value, str) and not re.fullmatch(r"(tel:)?\+?[0-9A-Da-d*#().\s-]+(;[!-~]+)*", value):
            yield wrong(place, value, "a number such as +49-30-901820", "RFC 3966 has the form.")


@judges_people("RFC7643-4.1.2-06", when=_has_part("addresses", "country"), by_client=True)
def a_country_has_two_letters(person: Resource) -> Iterator[Finding]:
    for place, value in _parts(person, "addresses", "country"):
        if not re.fullmatch(r"[A-Za-z]{2}", text(value)):
            yield wrong(place, value, "two letters, such as US", "The short code of ISO 3166-1.")


@judges_people("RFC7643-4.1.2-07", when=_has_part("photos", "value"), by_client=True)
def a_photo_is_an_address(person: Resource) -> Iterator[Finding]:
    for place, value in _parts(person, "photos", "value"):
        if not _is_url(value, "http", "https", "data"):
            yield wrong(place, value, "an absolute URL", "It leads to the file of the picture.")


def _bytes(value: Any) -> bytes | None:
    """What base64 or base64url stands for, or None when it is neither."""
    plain = text(value).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True) if plain else None
    except (binascii.Error, ValueError):
        return None


@judges_people("RFC7643-4.1.2-11", when=_has_part("x509Certificates", "value"), by_client=True)
def a_certificate_is_der(person: Resource) -> Iterator[Finding]:
    for place, value in _parts(person, "x509Certificates", "value"):
        decoded = _bytes(value)
        # DER of a certificate is a SEQUENCE whose length takes two or more octets.
        if decoded is not None and decoded[:1] != b"\x30":
            yield wrong(place, value, "base64 of a certificate in DER", "PEM is base64 already: leave its lines out.")


def _binaries(transcript: Transcript) -> Iterator[tuple[Exchange, str, Any]]:
    """Values of attributes that are binary: those that are published so, and certificates."""
    names = {("x509certificates", "value")}
    for attribute in listing(member(definitions(transcript).get(USER), "attributes")):
        outer = text(member(attribute, "name")).lower()
        if member(attribute, "type") == "binary":
            names.add((outer, ""))
        for part in listing(member(attribute, "subAttributes")):
            if member(part, "type") == "binary":
                names.add((outer, text(member(part, "name")).lower()))
    ordered = sorted(names)
    for exchange, pointer, person in people_shown(transcript):
        for name, part in ordered:
            if member(person, name) is None:
                continue
            found = _parts(person, name, part) if part else _of(person, name)
            yield from ((exchange, f"{pointer}{place}", value) for place, value in found)


@judges("RFC7643-2.3.6-01", when=lambda transcript: any(True for _ in _binaries(transcript)), by_client=True)
def binary_values_are_base64(transcript: Transcript) -> Iterator[Finding]:
    for exchange, place, value in _binaries(transcript):
        if _bytes(value) is None:
            yield Finding(
                expected=["base64"],
                actual=value,
                at=place,
                exchange=exchange.id,
                hint="JSON has no other way to carry bytes.",
            )


def _lists(person: Resource) -> Iterator[tuple[str, list[Any]]]:
    for name, value in person.items():
        if isinstance(value, list) and sum(isinstance(v, dict) for v in value) > 1:
            yield f"/{steps(name)}", value


@judges_people("RFC7643-2.4-02", when=lambda person: any(True for _ in _lists(person)), by_client=True)
def no_value_stands_twice(person: Resource) -> Iterator[Finding]:
    for place, values in _lists(person):
        known: set[tuple[str, str]] = set()
        for index, value in enumerate(values):
            content = member(value, "value")
            pair = (text(member(value, "type")).lower(), repr(content))
            if content is not None and pair in known:
                yield wrong(f"{place}/{index}", content, "each pair of type and value once", "Which of the two counts?")
            known.add(pair)


def _canonical(transcript: Transcript) -> dict[tuple[str, str], list[str]]:
    """Published canonical values of sub-attributes of people, by the names in lower case."""
    found: dict[tuple[str, str], list[str]] = {}
    for attribute in listing(member(definitions(transcript).get(USER), "attributes")):
        for part in listing(member(attribute, "subAttributes")):
            values = [v for v in listing(member(part, "canonicalValues")) if isinstance(v, str)]
            if values:
                found[text(member(attribute, "name")).lower(), text(member(part, "name")).lower()] = values
    return found


def _listed_values(transcript: Transcript) -> Iterator[tuple[Exchange, str, str, list[str]]]:
    canonical = _canonical(transcript)
    for exchange in observed(transcript) if canonical else ():
        for (name, part), values in canonical.items():
            for pointer, person in people(exchange):
                for place, value in _parts(person, name, part):
                    if isinstance(value, str):
                        yield exchange, f"{pointer}{place}", value, values


@judges("RFC7643-2.4-03", when=lambda transcript: any(True for _ in _listed_values(transcript)), by_client=True)
def canonical_values_are_spelt_as_listed(transcript: Transcript) -> Iterator[Finding]:
    """A value that is not listed at all is allowed: the list is of suggestions."""
    for exchange, place, value, values in _listed_values(transcript):
        if value not in values and value.lower() in [v.lower() for v in values]:
            yield Finding(
                expected=[v for v in values if v.lower() == value.lower()],
                actual=value,
                at=place,
                exchange=exchange.id,
                hint="Clients that compare letter for letter do not recognise it.",
            )
