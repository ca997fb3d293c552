"""Lookups: the right person in any spelling, and nobody else."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from harness.checks import filters as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ADA = {"id": "u1", "userName": "ada@analytical.example", "name": {"familyName": "Lovelace"}}
EVE = {"id": "u2", "userName": "eve@analytical.example", "name": {"familyName": "Online"}}
LOOKUP = "filter=userName%20eq%20%22Ada%40analytical.example%22"


def answer(tag: str, *people: Any, query: str = LOOKUP, **members: Any) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people), "Resources": list(people), **members}
    return {"tag": f"filters.{tag}", "query": query, "body": body}


def refused(tag: str, status: int = 400) -> dict[str, Any]:
    return {"tag": f"filters.{tag}", "query": LOOKUP, "status": status, "body": {}}


PERSON = {"path": "/Users/u1", "tag": "filters.person", "body": {"schemas": [USER], **ADA}}
VARIANTS = [
    (checks.names_in_a_filter_have_no_letter_case, "name-case", "RFC7644-3.4.2.2-02"),
    (checks.operators_have_no_letter_case, "operator-case", "RFC7644-3.4.2.2-03"),
    (checks.a_user_name_is_found_in_any_letter_case, "value-case", "RFC7643-4.1.1-03"),
    (checks.a_name_with_its_urn_is_the_same_name, "urn", "RFC7644-3.4.2.2-29"),
    (checks.a_name_with_its_urn_is_the_same_name, "urn-case", "RFC7644-3.4.2.2-29"),
    (checks.escapes_in_a_value_are_decoded, "escaped", "RFC7644-3.4.2.2-31"),
    (checks.an_address_is_decoded_once, "percent", "RFC7644-1.2-01"),
]


@pytest.mark.parametrize(("check", "tag", "requirement"), VARIANTS)
def test_another_spelling_of_a_lookup_finds_the_same_person(
    check: Any, tag: str, requirement: str, see: Any, found: Any
) -> None:
    plain = [PERSON, answer("exact", ADA)]
    assert found(check, see([*plain, answer(tag, ADA)])) == []
    for wrong in (answer(tag), answer(tag, EVE), refused(tag)):
        assert [f.requirement for f in found(check, see([*plain, wrong]))] == [requirement]


@pytest.mark.parametrize(("check", "tag", "requirement"), VARIANTS)
def test_where_the_plain_lookup_fails_its_spellings_tell_nothing(
    check: Any, tag: str, requirement: str, see: Any, applies: Any
) -> None:
    assert not applies(check, see([PERSON, answer("exact"), answer(tag)]))


def test_a_quotation_mark_inside_a_value_is_taken_literally(see: Any, found: Any) -> None:
    plain, check = [PERSON, answer("exact", ADA)], checks.escapes_in_a_value_are_decoded
    assert found(check, see([*plain, answer("quote")])) == []
    assert found(check, see([*plain, refused("quote", 403)])) == []
    for wrong in (answer("quote", EVE), refused("quote", 500), refused("quote", 400)):
        assert [f.requirement for f in found(check, see([*plain, wrong]))] == ["RFC7644-3.4.2.2-31"]


@pytest.mark.parametrize(
    ("text", "people", "wrong"),
    [
        ('userName eq "ADA@analytical.example"', [ADA], 0),
        ('userName eq "ADA@analytical.example"', [ADA, EVE], 1),
        ('username EQ "nobody@nobody.example"', [ADA], 1),
        (f'{USER}:userName eq "eve@analytical.example"', [ADA], 1),
        ('name.familyName eq "lovelace"', [ADA], 0),
        ('name.familyName eq "lovelace"', [EVE], 1),
        ('id eq "u1"', [ADA], 0),
        ('externalId eq "7"', [ADA], 0),
        ('userName eq "a" or userName eq "b"', [EVE], None),
        ('emails[type eq "work"]', [EVE], None),
        ('userName eq "a', [EVE], None),
    ],
)
def test_whoever_is_returned_has_the_value_that_was_asked_for(
    text: str, people: list[Any], wrong: int | None, see: Any, found: Any, applies: Any
) -> None:
    told = see(answer("x", *people, query=f"filter={quote(text)}&count=10"))
    if wrong is None:
        assert not applies(checks.only_matching_people_are_found, told)
    else:
        findings = found(checks.only_matching_people_are_found, told)
        assert [f.requirement for f in findings] == ["RFC7644-3.4.2.2-01"] * wrong


def test_a_known_person_is_found(see: Any, found: Any) -> None:
    both = see([PERSON, answer("exact", ADA)])
    assert found(checks.a_known_person_is_found, both.exchanges[1], transcript=both) == []
    lost = see([PERSON, answer("exact")])
    findings = found(checks.a_known_person_is_found, lost.exchanges[1], transcript=lost)
    assert [f.requirement for f in findings] == ["RFC7644-3.4.2.2-01"]


def test_a_person_on_another_page_is_not_missing(see: Any, found: Any) -> None:
    both = see([PERSON, answer("exact", EVE, totalResults=200)])
    assert found(checks.a_known_person_is_found, both.exchanges[1], transcript=both) == []


def test_a_composed_and_a_decomposed_letter_are_one(see: Any, found: Any) -> None:
    told = answer("x", {"id": "u3", "userName": "andre\u0301"}, query="filter=userName%20eq%20%22andr%C3%A9%22")
    assert found(checks.only_matching_people_are_found, see(told)) == []


def test_a_percent_sign_inside_a_value_is_taken_literally(see: Any, found: Any) -> None:
    plain = [PERSON, answer("exact", ADA)]
    assert found(checks.an_address_is_decoded_once, see([*plain, answer("double")])) == []
    (finding,) = found(checks.an_address_is_decoded_once, see([*plain, answer("double", ADA)]))
    assert (finding.requirement, finding.likeness) == ("RFC7644-1.2-01", "twice")
