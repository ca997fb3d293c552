"""The form of each detail of a person: right ones give nothing, wrong ones are found where they stand."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from harness.checks import employment
from harness.checks import values as checks

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DER = base64.b64encode(b"\x30\x82\x01\x0aabc").decode()


def person(**members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": {"schemas": [USER], "id": "u1", "userName": "ada", **members}}


def employed(**members: Any) -> dict[str, Any]:
    return person(**{ENTERPRISE: members})


def schemas(*attributes: Any) -> dict[str, Any]:
    body = {"schemas": ["urn:x:ListResponse"], "totalResults": 1, "Resources": [{"id": USER, "attributes": attributes}]}
    return {"path": "/Schemas", "body": body}


TYPES = schemas({"name": "emails", "subAttributes": [{"name": "type", "canonicalValues": ["work", "home"]}]})
PICTURE = schemas({"name": "picture", "type": "binary"})
NAME = {"formatted": "Ms. Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"}

RIGHT: list[tuple[Any, Any]] = [
    (checks.a_name_is_an_object_of_texts, person(name=NAME)),
    (checks.plain_details_are_texts, person(displayName="Ada", title="Countess", locale="en-GB")),
    (checks.the_whole_name_is_made_of_its_parts, person(name=NAME)),
    (checks.the_whole_name_is_made_of_its_parts, person(name=NAME | {"formatted": "LOVELACE, A."})),
    (checks.a_profile_is_an_address_on_the_web, person(profileUrl="https://app.example/ada")),
    (checks.a_locale_is_a_language_tag, person(locale="en_US")),
    (checks.a_time_zone_has_an_iana_name, person(timezone="America/Argentina/Buenos_Aires")),
    (checks.a_time_zone_has_an_iana_name, person(timezone="Etc/GMT+5")),
    (checks.a_language_is_written_like_accept_language, person(preferredLanguage="de, en;q=0.5")),
    (checks.a_mail_address_looks_like_one, person(emails=[{"value": '"a b"@x.example'}, {"value": "ada@localhost"}])),
    (checks.further_details_are_lists_of_objects, person(roles=[{"value": "admin"}], phoneNumbers=None)),
    (checks.phone_numbers_are_written_for_machines, person(phoneNumbers=[{"value": "tel:+1-201-555-0123;ext=5"}])),
    (checks.phone_numbers_are_written_for_machines, person(phoneNumbers=[{"value": "(030) 90 18 20"}])),
    (checks.a_country_has_two_letters, person(addresses=[{"country": "GB"}])),
    (checks.a_photo_is_an_address, person(photos=[{"value": "https://app.example/ada.png"}])),
    (checks.a_certificate_is_der, person(x509Certificates=[{"value": DER}])),
    (checks.binary_values_are_base64, [PICTURE, person(picture="aGk="), person(x509Certificates=[{"value": "-_-_"}])]),
    (checks.no_value_stands_twice, person(emails=[{"value": "a", "type": "work"}, {"value": "a", "type": "home"}])),
    (checks.canonical_values_are_spelt_as_listed, [TYPES, person(emails=[{"type": "work"}, {"type": "pigeon"}])]),
    (employment.the_enterprise_extension_has_its_exact_urn, employed(department="Sales")),
    (employment.details_of_employment_are_texts, employed(employeeNumber="7")),
    (employment.a_manager_is_an_object, employed(manager={"value": "u2", "displayName": "Charles"})),
]

WRONG: list[tuple[Any, Any, str, str]] = [
    (checks.a_name_is_an_object_of_texts, person(name="Ada"), "RFC7643-4.1.1-07", "/name"),
    (checks.a_name_is_an_object_of_texts, person(name={"givenName": 1}), "RFC7643-4.1.1-07", "/name/givenName"),
    (checks.plain_details_are_texts, person(displayName=["Ada"]), "RFC7643-4.1.1-08", "/displayName"),
    (
        checks.the_whole_name_is_made_of_its_parts,
        person(name=NAME | {"formatted": "Charles Babbage"}),
        "RFC7643-4.1.1-06",
        "/name/formatted",
    ),
    (checks.a_profile_is_an_address_on_the_web, person(profileUrl="ada"), "RFC7643-4.1.1-09", "/profileUrl"),
    (checks.a_profile_is_an_address_on_the_web, person(profileUrl="http://[x"), "RFC7643-4.1.1-09", "/profileUrl"),
    (checks.a_locale_is_a_language_tag, person(locale="English (US)"), "RFC7643-4.1.1-10", "/locale"),
    (checks.a_time_zone_has_an_iana_name, person(timezone="+01:00"), "RFC7643-4.1.1-11", "/timezone"),
    (
        checks.a_language_is_written_like_accept_language,
        person(preferredLanguage="German!"),
        "RFC7643-4.1.1-12",
        "/preferredLanguage",
    ),
    (checks.a_mail_address_looks_like_one, person(emails=[{"value": "ada"}]), "RFC7643-4.1.2-02", "/emails/0/value"),
    (checks.further_details_are_lists_of_objects, person(roles="admin"), "RFC7643-4.1.2-04", "/roles"),
    (checks.further_details_are_lists_of_objects, person(roles=["admin"]), "RFC7643-4.1.2-04", "/roles/0"),
    (
        checks.phone_numbers_are_written_for_machines,
        person(phoneNumbers=[{"value": "ask the desk"}]),
        "RFC7643-4.1.2-05",
        "/phoneNumbers/0/value",
    ),
    (
        checks.a_country_has_two_letters,
        person(addresses=[{"country": "USA"}]),
        "RFC7643-4.1.2-06",
        "/addresses/0/country",
    ),
    (checks.a_photo_is_an_address, person(photos=[{"value": "ada.png"}]), "RFC7643-4.1.2-07", "/photos/0/value"),
    (
        checks.a_certificate_is_der,
        person(x509Certificates=[{"value": base64.b64encode(b"-----BEGIN").decode()}]),
        "RFC7643-4.1.2-11",
        "/x509Certificates/0/value",
    ),
    (checks.binary_values_are_base64, [PICTURE, person(picture="no base64!")], "RFC7643-2.3.6-01", "/picture"),
    (
        checks.no_value_stands_twice,
        person(emails=[{"value": "a", "type": "work"}, {"value": "a", "type": "Work"}]),
        "RFC7643-2.4-02",
        "/emails/1",
    ),
    (
        checks.canonical_values_are_spelt_as_listed,
        [TYPES, person(emails=[{"type": "Work"}])],
        "RFC7643-2.4-03",
        "/emails/0/type",
    ),
    (
        employment.the_enterprise_extension_has_its_exact_urn,
        person(**{ENTERPRISE.lower(): {"department": "Sales"}}),
        "RFC7643-4.3-01",
        f"/{ENTERPRISE.lower()}",
    ),
    (
        employment.details_of_employment_are_texts,
        employed(employeeNumber=7),
        "RFC7643-4.3-02",
        f"/{ENTERPRISE}/employeeNumber",
    ),
    (employment.a_manager_is_an_object, employed(manager="u2"), "RFC7643-4.3-03", f"/{ENTERPRISE}/manager"),
    (
        employment.a_manager_is_an_object,
        employed(manager={"value": 2}),
        "RFC7643-4.3-03",
        f"/{ENTERPRISE}/manager/value",
    ),
]


@pytest.mark.parametrize(("check", "told"), RIGHT)
def test_a_right_value_gives_no_finding(check: Any, told: Any, see: Any, found: Any) -> None:
    assert found(check, see(told)) == []


@pytest.mark.parametrize(("check", "told", "requirement", "place"), WRONG)
def test_a_wrong_value_is_found_where_it_stands(
    check: Any, told: Any, requirement: str, place: str, see: Any, found: Any
) -> None:
    assert [(f.requirement, f.at) for f in found(check, see(told))] == [(requirement, place)]


@pytest.mark.parametrize("check", [check for check, _ in RIGHT])
@pytest.mark.parametrize("body", [{"id": "u1"}, [], "x", None, {"Resources": 7, "totalResults": 1}])
def test_what_is_not_shown_is_not_judged(check: Any, body: Any, see: Any, applies: Any) -> None:
    told = {"path": "/Users/u1", "body": body}
    of_transcript = check in (checks.binary_values_are_base64, checks.canonical_values_are_spelt_as_listed)
    assert not applies(check, see([told] if of_transcript else told))
