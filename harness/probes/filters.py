"""Filters: right, spelt otherwise, broken, impossible and hostile."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
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


PARTS = (Part("bystander-1"), Part("bystander-2"))


@probe("filters", "A client looks people up in many ways", parts=PARTS, needs=("filter",))
def filters(cast: Cast) -> Steps:
    found = yield from people(cast, "filters.person", most=2)
    yield _find("Look for somebody who does not exist", f"userName eq {NOBODY}", "none")
    for person in found[:1]:
        yield from _lookups(person)
        yield from _comparisons(person)
        yield from _operators(person, quoted(found[-1]["userName"]))
        yield from _values(person)
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


def _operators(person: dict[str, Any], other: str) -> Steps:
    """Each operator with an answer that can be told: the service is asked, and the answer is evaluated anew."""
    name, plain = quoted(person["userName"]), person["userName"]
    middle = plain[1 : max(len(plain) // 2, 2)]
    yield _find("Ask for all other people", f"userName ne {name}", "ne")
    yield _find("Ask for a part of the user name", f"userName co {quoted(middle)}", "co")
    yield _find("Ask for the beginning of the user name", f"userName sw {quoted(plain[:3])}", "sw")
    yield _find("Ask for a beginning that stands inside", f"userName sw {quoted(middle)}", "sw-inside")
    yield _find("Ask for a beginning that is the whole", f"userName sw {name}", "sw-whole")
    yield _find("Ask for the end of the user name", f"userName ew {quoted(plain[len(plain) // 3 :])}", "ew")
    yield _find("Ask for people with a user name", "userName pr", "pr")
    yield _find("Ask for people with an externalId", "externalId pr", "pr-absent")
    yield _find("Ask for user names from this one on", f"userName ge {name}", "text-ge")
    yield _find("Ask for user names before this one", f"userName lt {name}", "text-lt")
    yield _find("Ask for either of two people", f"userName eq {name} or userName eq {other}", "or")
    inactive = f"userName eq {name} or userName eq {other} and active eq false"
    yield _find("Leave it to the rules what belongs together", inactive, "precedence")
    together = f"(userName eq {name} or userName eq {other}) and active eq false"
    yield _find("Say with brackets what belongs together", together, "brackets")
    yield _find("Put brackets around brackets", f"((userName eq {name}))", "nested")
    yield _find("Ask which state is the greater one", "active gt false", "order-boolean")
    modified = _instant(part(person, "meta", "lastModified"))
    if modified is not None:
        east, west = (timezone(timedelta(hours=h)) for h in (5, -5))
        after = (modified - timedelta(hours=1)).astimezone(east).isoformat()
        yield _find("Ask for changes since, by a clock in the east", f'meta.lastModified gt "{after}"', "date-after")
        before = (modified + timedelta(hours=1)).astimezone(west).isoformat()
        yield _find("Ask for changes before, by a clock in the west", f'meta.lastModified lt "{before}"', "date-before")


def _values(person: dict[str, Any]) -> Steps:
    """Values of other kinds than a plain text."""
    emails = person.get("emails")
    mail = next((part(e, "value") for e in emails if isinstance(e, dict)), "") if isinstance(emails, list) else ""
    if mail:
        yield _find("Look people up by mail address", f"emails.value eq {quoted(mail)}", "mail", 100)
        yield _find("The address in capitals", f"emails.value eq {quoted(mail.upper())}", "mail-case", 100)
        yield _find("Ask for people with a work address", 'emails[type eq "work"]', "value-filter", 100)
    yield _find("Ask for people by their schema", f'schemas eq "{USER}"', "schemas")
    yield _find("Compare with null", "displayName eq null", "null")
    yield _find("Ask how a password begins", 'password sw "a"', "password")
    wide = person["userName"].translate({code: code + 0xFEE0 for code in range(0x61, 0x7B)})
    yield _find("The value in wide letters", f"userName eq {quoted(wide)}", "width")


def _instant(value: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None and 1000 < instant.year < 9000 else None
