"""Filters whose answers are evaluated anew: nobody too many, nobody too few, and silence where it is open."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from harness.checks import filter_reach
from harness.checks import filter_results as checks

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
META = {"lastModified": "2026-11-27T12:00:00Z"}
ADA: dict[str, Any] = {
    "schemas": [USER],
    "id": "u1",
    "userName": "ada@x.example",
    "active": True,
    "emails": [{"value": "ada@x.example", "type": "work"}],
    "meta": META,
}
EVE: dict[str, Any] = ADA | {"id": "u2", "userName": "eve@x.example", "emails": [], "externalId": "E"}


def answer(tag: str, text: str, *people: Any, total: int | None = None) -> dict[str, Any]:
    body = {"schemas": [LIST], "totalResults": len(people) if total is None else total, "Resources": list(people)}
    return {"tag": tag if "." in tag else f"filters.{tag}", "query": f"filter={quote(text)}", "body": body}


def refused(tag: str, text: str = 'userName eq "x"', status: int = 400) -> dict[str, Any]:
    whole = tag if "." in tag else f"filters.{tag}"
    return {"tag": whole, "query": f"filter={quote(text)}", "status": status, "body": {}}


def asked(*answers: Any) -> list[Any]:
    """Answers in a probe that knows two people and whose plain lookup works."""
    read = [
        {"path": "/Users/u1", "tag": "filters.person", "body": ADA},
        {"path": "/Users/u2", "tag": "filters.person", "body": EVE},
    ]
    return [
        *read,
        answer("none", 'userName eq "nobody"'),
        answer("exact", 'userName eq "ada@x.example"', ADA),
        *answers,
    ]


NAME = '"ada@x.example"'
OTHER = '"eve@x.example"'
LATE, EARLY = '"2026-11-27T19:00:00+05:00"', '"2026-11-27T05:00:00-05:00"'
BOTH = f"userName eq {NAME} or userName eq {OTHER}"
TABLE: list[tuple[Any, str, str, tuple[Any, ...], tuple[tuple[Any, ...], ...], str]] = [
    (checks.ne_finds_everybody_else, "ne", f"userName ne {NAME}", (EVE,), ((ADA, EVE), ()), "11"),
    (checks.co_looks_inside_the_value, "co", 'userName co "da@"', (ADA,), ((), (ADA, EVE)), "12"),
    (checks.sw_looks_at_the_beginning, "sw", 'userName sw "AD"', (ADA,), ((), (ADA, EVE)), "13"),
    (checks.ew_looks_at_the_end, "ew", 'userName ew "x.example"', (ADA, EVE), ((ADA,),), "14"),
    (checks.pr_finds_who_has_a_value, "pr-absent", "externalId pr", (EVE,), ((ADA, EVE), ()), "15"),
    (checks.moments_are_compared_as_moments, "date-after", f"meta.lastModified gt {EARLY}", (ADA, EVE), ((),), "16"),
    (checks.moments_are_compared_as_moments, "date-before", f"meta.lastModified lt {LATE}", (ADA, EVE), ((),), "16"),
    (checks.texts_have_an_order, "text-lt", f"userName lt {OTHER}", (ADA,), ((EVE,), ()), "17"),
    (checks.or_needs_one_of_the_two, "or", BOTH, (ADA, EVE), ((ADA,),), "20"),
    (checks.and_binds_tighter_than_or, "precedence", f"{BOTH} and active eq false", (ADA,), ((),), "22"),
    (checks.brackets_come_first, "brackets", f"({BOTH}) and active eq false", (), ((ADA,),), "23"),
    (checks.a_value_filter_is_answered_or_declined, "value-filter", 'emails[type eq "work"]', (ADA,), ((EVE,),), "24"),
]


@pytest.mark.parametrize(("check", "tag", "text", "right", "wrong", "number"), TABLE)
def test_an_answer_is_held_against_the_meaning_of_its_filter(
    check: Any, tag: str, text: str, right: Any, wrong: Any, number: str, see: Any, found: Any, applies: Any
) -> None:
    assert found(check, see(asked(answer(tag, text, *right)))) == []
    for people in wrong:
        findings = found(check, see(asked(answer(tag, text, *people))))
        assert {f.requirement for f in findings} == {f"RFC7644-3.4.2.2-{number}"}
    (broke,) = found(check, see(asked(refused(tag, text, 500))))
    assert broke.actual == "500 application/scim+json {}"
    declined = see(asked(refused(tag, text)))
    assert not applies(check, declined) or found(check, declined) == []


def test_a_page_that_does_not_hold_all_misses_nobody(see: Any, found: Any) -> None:
    told = asked(answer("or", BOTH, ADA, total=2))
    assert found(checks.or_needs_one_of_the_two, see(told)) == []


def test_letter_case_of_mail_addresses_is_judged_where_the_plain_lookup_works(see: Any, found: Any) -> None:
    check, text = checks.letter_case_counts_as_published, 'emails.value eq "ADA@X.EXAMPLE"'
    plain = answer("mail", f"emails.value eq {NAME}", ADA)
    assert found(check, see(asked(plain, answer("mail-case", text, ADA)))) == []
    assert len(found(check, see(asked(plain, answer("mail-case", text))))) == 1
    assert found(check, see(asked(answer("mail", f"emails.value eq {NAME}"), answer("mail-case", text)))) == []
    exact = {"name": "emails", "subAttributes": [{"name": "value", "type": "string", "caseExact": True}]}
    schema = {"path": f"/Schemas/{USER}", "body": {"id": USER, "attributes": [exact]}}
    assert found(check, see(asked(schema, plain, answer("mail-case", text)))) == []


ONE = [
    (checks.booleans_have_no_order, "order-boolean", "18", "active gt false"),
    (checks.passwords_cannot_be_asked_for, "password", "", 'password sw "a"'),
]


@pytest.mark.parametrize(("check", "tag", "number", "text"), ONE)
def test_what_has_to_be_refused(check: Any, tag: str, number: str, text: str, see: Any, found: Any) -> None:
    nobody = answer("none", 'userName eq "nobody"')
    assert found(check, see([nobody, refused(tag, text)])) == []
    (finding,) = found(check, see([nobody, answer(tag, text, ADA)]))
    assert finding.requirement == (f"RFC7644-3.4.2.2-{number}" if number else "RFC7643-4.1.1-17")


@pytest.mark.parametrize(("check", "tag", "number", "text"), ONE)
def test_whoever_ignores_every_filter_has_one_fault_and_not_these(
    check: Any, tag: str, number: str, text: str, see: Any, applies: Any
) -> None:
    assert not applies(check, see([answer("none", 'userName eq "nobody"', ADA), answer(tag, text, ADA)]))


@pytest.mark.parametrize(
    ("check", "tag"),
    [
        (checks.people_are_found_by_their_schema, "schemas"),
        (checks.null_is_a_value_of_the_grammar, "null"),
        (checks.a_wide_letter_does_no_harm, "width"),
    ],
)
def test_what_is_open_must_only_not_break(check: Any, tag: str, see: Any, found: Any) -> None:
    for right in (answer(tag, "x pr", ADA), answer(tag, "x pr"), refused(tag), refused(tag, status=501)):
        assert found(check, see(right)) == []
    assert len(found(check, see(refused(tag, status=500)))) == 1


def test_somebody_without_the_schema_is_not_found_by_it(see: Any, found: Any) -> None:
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "g"}
    (finding,) = found(checks.people_are_found_by_their_schema, see(answer("schemas", "x pr", group)))
    assert finding.at == "/Resources/0"


def test_a_filter_that_is_not_offered_is_refused(see: Any, found: Any, applies: Any) -> None:
    check = filter_reach.a_filter_that_is_not_offered_is_refused
    config = {"path": "/ServiceProviderConfig", "tag": "discovery.config", "body": {"filter": {"supported": False}}}
    assert found(check, see([config, refused("discovery.match", status=403)])) == []
    assert len(found(check, see([config, answer("discovery.match", "x pr", ADA)]))) == 1
    offers = config | {"body": {"filter": {"supported": True}}}
    assert not applies(check, see([offers, answer("discovery.match", "x pr", ADA)]))


def test_an_inactive_person_is_found_by_user_name(see: Any, found: Any, applies: Any) -> None:
    check = filter_reach.an_inactive_person_is_found_by_user_name
    read = {"path": "/Users/u1", "tag": "inactive.external-id.read", "body": ADA | {"active": False}}
    lookup = f"userName eq {NAME}"
    assert found(check, see([read, answer("inactive.by-user-name", lookup, ADA)])) == []
    assert len(found(check, see([read, answer("inactive.by-user-name", lookup)]))) == 1
    active = read | {"body": ADA}
    assert not applies(check, see([active, answer("inactive.by-user-name", lookup)]))


def test_a_person_is_found_by_external_id(see: Any, found: Any) -> None:
    check, lookup = filter_reach.a_person_is_found_by_external_id, 'externalId eq "E"'
    read = {"path": "/Users/u2", "tag": "external-id.set.read", "body": EVE}
    assert found(check, see([read, answer("external-id.found", lookup, EVE)])) == []
    assert len(found(check, see([read, answer("external-id.found", lookup)]))) == 1


@pytest.mark.parametrize("own", [7, None], ids=["a number", "forgotten"])
def test_whoever_has_no_proper_id_is_told_by_what_there_is(own: Any, see: Any, found: Any) -> None:
    """The id is a wrong of its own; what filters find is judged all the same."""
    odd = [person | {"id": own if person is EVE else "u1"} for person in (ADA, EVE)]
    read = [{"path": "/Users/x", "tag": "filters.person", "body": person} for person in odd]
    plain = [answer("none", 'userName eq "nobody"'), answer("exact", f"userName eq {NAME}", odd[0])]
    check = checks.or_needs_one_of_the_two
    assert found(check, see([*read, *plain, answer("or", BOTH, *odd)])) == []
    (finding,) = found(check, see([*read, *plain, answer("or", BOTH, odd[0])]))
    assert finding.expected == ["eve@x.example among them"]


def test_people_under_a_misspelt_name_are_judged_all_the_same(see: Any, found: Any) -> None:
    def small(told: Any) -> Any:
        body = told["body"]
        shown = body.pop("Resources", None) if isinstance(body, dict) else None
        return told if shown is None else told | {"body": body | {"resources": shown}}

    check = checks.or_needs_one_of_the_two
    assert found(check, see([small(x) for x in asked(answer("or", BOTH, ADA, EVE))])) == []
    assert len(found(check, see([small(x) for x in asked(answer("or", BOTH, ADA))]))) == 1
