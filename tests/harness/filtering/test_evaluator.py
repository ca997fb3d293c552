"""Whether a resource matches: true, false, or open where the texts do not say."""

from __future__ import annotations

from typing import Any

import pytest

from harness.filtering import Rules, evaluate, parse

WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ADA: dict[str, Any] = {
    "id": "Ab1",
    "userName": "Ada@X.example",
    "externalId": "E-1",
    "active": True,
    "age": 36,
    "title": "",
    "name": {"familyName": "Lovelace", "givenName": "Ada"},
    "emails": [{"value": "ada@x.example", "type": "work"}, {"value": "home@x.example", "type": "home"}],
    "roles": [],
    "meta": {"lastModified": "2026-11-27T12:00:00Z"},
    WORK: {"department": "Sales"},
}

CASES: list[tuple[str, bool | None]] = [
    ('userName eq "ada@x.EXAMPLE"', True),
    ('userName eq "ada"', False),
    ('USERNAME sw "ADA"', True),
    ('userName ew "x.example"', True),
    ('userName co "@x."', True),
    ('userName ne "eve"', True),
    ('userName ne "ADA@x.example"', False),
    ('externalId eq "e-1"', False),
    ('externalId eq "E-1"', True),
    ('id eq "AB1"', False),
    ("active eq true", True),
    ("active eq false", False),
    ("active gt false", None),
    ('active eq "True"', None),
    ("age ge 36", True),
    ("age lt 36.0", False),
    ('age eq "36"', None),
    ('nickName eq "x"', False),
    ('nickName ne "x"', None),
    ("nickName eq null", None),
    ("nickName pr", False),
    ("title pr", None),
    ("roles pr", False),
    ("name pr", True),
    ("emails pr", True),
    ('name eq "Ada"', None),
    ('name.familyName eq "Lovelace"', True),
    ('name.familyName eq "LOVELACE"', None),
    ('emails.value eq "home@x.example"', True),
    ('emails.value ne "home@x.example"', None),
    ('emails eq "HOME@x.example"', True),
    ('emails[type eq "work" and value sw "home"]', False),
    ('emails[type eq "home" and value sw "home"]', True),
    ('emails.type eq "work" and emails.value sw "home"', True),
    (f'{WORK}:department eq "Sales"', True),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada"', True),
    ('meta.lastModified gt "2026-11-27T13:30:00+02:00"', True),
    ('meta.lastModified lt "2026-11-27T13:30:00+02:00"', False),
    ('meta.lastModified eq "2026-11-27T12:00:00.5Z"', None),
    ('meta.lastModified gt "yesterday"', None),
    ('meta.lastModified gt "2026-11-27T11:00:00"', None),
    ('userName lt "b"', True),
    ('userName ge "ada@x.example"', True),
    ('userName eq "ａｄａ@x.example"', None),
    ("active eq true or age eq true", True),
    ("active eq false and age eq true", False),
    ("active eq true and age eq true", None),
    ("not (active eq true)", False),
    ("not (age eq true)", None),
]


@pytest.mark.parametrize(("text", "answer"), CASES)
def test_a_filter_is_evaluated(text: str, answer: bool | None) -> None:
    assert evaluate(parse(text), ADA) is answer


def test_letter_case_is_settled_by_what_is_published() -> None:
    def rules(exact: bool) -> Rules:
        part = {"name": "familyName", "type": "string", "caseExact": exact}
        return Rules.published(
            [{"attributes": [{"name": "name", "type": "complex", "subAttributes": [part]}]}, 7, None]
        )

    node = parse('name.familyName eq "LOVELACE"')
    assert evaluate(node, ADA, rules(False)) is True
    assert evaluate(node, ADA, rules(True)) is False


def test_parts_inside_brackets_follow_the_rules_of_their_attribute() -> None:
    part = {"name": "value", "type": "string", "caseExact": True}
    rules = Rules.published([{"attributes": [{"name": "emails", "type": "complex", "subAttributes": [part]}]}])
    assert evaluate(parse('emails[value eq "ADA@x.example"]'), ADA, rules) is False
    assert evaluate(parse('emails[value eq "ADA@x.example"]'), ADA) is True
