"""Filters: right, spelt otherwise, broken, impossible and hostile."""

from __future__ import annotations

from typing import Any

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import USER, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, part, people, quoted
from harness.probes.requests import get

MOST = 10
"""No filter is answered with more people than this."""

NOBODY = '"zz-nobody-zz@nobody.example"'
BAD = (
    ("A filter without operator and value", "userName"),
    ("A filter without a value", "userName eq"),
    ("A filter whose value does not end", 'userName eq "x'),
    ("A filter whose bracket does not end", "(userName pr"),
)
IMPOSSIBLE = (
    ("A beginning that nobody has", f"userName sw {NOBODY}"),
    ("An end that nobody has", f"userName ew {NOBODY}"),
    ("A work address that nobody has", f'emails[type eq "work" and value eq {NOBODY}]'),
    ("A change in a far future", 'meta.lastModified gt "2999-01-01T00:00:00Z"'),
)
HOSTILE = (
    ("A filter with two hundred brackets", "(" * 200 + f"userName eq {NOBODY}" + ")" * 200),
    ("A filter with a long value", f'userName eq "{"z" * 3000}"'),
)
INJECTIONS = (
    ("A filter with signs of SQL in it", "userName eq \"x' OR '1'='1\""),
    ("A filter with signs of LDAP in it", 'userName eq "*)(uid=*"'),
)


@probe("filters", "A client looks people up in many ways", parts=(Part("bystander-1"),), needs=("filter",))
def filters(cast: Cast) -> Steps:
    found = yield from people(cast, "filters.person")
    yield _find("Look for somebody who does not exist", f"userName eq {NOBODY}", "none")
    for person in found:
        yield from _lookups(person)
        yield from _comparisons(person)
    for title, text in BAD:
        yield _find(title, text, "bad")
    yield _find("An empty filter", "", "empty")
    yield _find("An operator that does not exist", 'userName regex "a"', "operator-unknown")
    yield _find("An attribute that does not exist", 'noSuchAttribute eq "x"', "attribute-unknown")
    for tag, group in (("impossible", IMPOSSIBLE), ("hostile", HOSTILE), ("injection", INJECTIONS)):
        for title, text in group:
            yield _find(title, text, tag)


def _find(title: str, text: str, tag: str, count: int = MOST) -> Step:
    return _asked(title, encoded(filter=text, count=count), tag)


def _asked(title: str, query: str, tag: str) -> Step:
    return get("/Users", title, query=query, tag=f"filters.{tag}", template="/Users?filter")


def _lookups(person: dict[str, Any]) -> Steps:
    """One lookup by userName, and the same one in other words."""
    name = person["userName"]
    value = quoted(name)
    yield _find("Look a person up by user name", f"userName eq {value}", "exact")
    yield _find("The attribute in capitals", f"USERNAME eq {value}", "name-case")
    yield _find("The operator in capitals", f"userName EQ {value}", "operator-case")
    if name.upper() != name and name.upper().lower() == name.lower():
        yield _find("The value in capitals", f"userName eq {quoted(name.upper())}", "value-case")
    yield _find("The attribute with its URN", f"{USER}:userName eq {value}", "urn")
    yield _find("The attribute with its URN in capitals", f"{USER.upper()}:userName eq {value}", "urn-case")
    escaped = f'"\\u{ord(name[0]):04x}{quoted(name[1:])[1:]}' if ord(name[0]) < 0x10000 else ""
    if escaped:
        yield _find("The value with an escaped letter", f"userName eq {escaped}", "escaped")
    letters = "".join(f"%{octet:02X}" for octet in value.encode())
    title = "The value with every letter percent-encoded"
    yield _asked(title, f"filter=userName%20eq%20{letters}&count={MOST}", "percent")
    literal = quoted(f"%{ord(name[0]):02X}{name[1:]}") if name[0].isascii() else ""
    if literal:
        yield _find("The value with a percent sign in place of its first letter", f"userName eq {literal}", "double")
    yield _find("A value with a quotation mark in it", 'userName eq "nobody\\"zz@nobody.example"', "quote")


def _comparisons(person: dict[str, Any]) -> Steps:
    name, own = quoted(person["userName"]), person["id"]
    family, display = part(person, "name", "familyName"), part(person, "displayName")
    yield _find("Look a person up by id", f"id eq {quoted(own)}", "id")
    if own.swapcase() != own:
        yield _find("The id in the other letter case", f"id eq {quoted(own.swapcase())}", "id-case")
    if display:
        yield _find("Look people up by displayName", f"displayName eq {quoted(display)}", "display", 100)
    if family:
        path = f"/Schemas/{USER}"
        yield get(path, "Read how people are described", tag="filters.schema", template="/Schemas/{id}")
        yield _find("Look people up by a part of their name", f"name.familyName eq {quoted(family)}", "family", 100)
        if family.swapcase().swapcase() == family:
            other = f"name.familyName eq {quoted(family.swapcase())}"
            yield _find("The family name in the other letter case", other, "family-case", 100)
        yield _find("Compare a whole name", f"name eq {quoted(family)}", "complex")
    yield _find("Ask for active people", "active eq true", "active-true")
    yield _find("Ask for inactive people", "active eq false", "active-false")
    yield _find("Ask for the person if active", f"userName eq {name} and active eq true", "and-true")
    yield _find("Ask for the person if inactive", f"userName eq {name} and active eq false", "and-false")
    yield _find("Ask for everybody else", f"not (userName eq {name})", "not")
    yield _find("The same without a blank", f"not(userName eq {name})", "not-tight")
