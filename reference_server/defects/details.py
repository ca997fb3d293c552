"""Details of people in a form that nobody can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import ChangePerson, is_collection
from reference_server.http import Request
from reference_server.presets.provider import ENTERPRISE

FULL = ["full"]


def on_listed_person(behaviour: Behaviour) -> Callable[[ChangePerson], ChangePerson]:
    """Decorator: alter each person in a whole list, in place. Who is read by id and written back stays as it is."""

    def register(change: ChangePerson) -> ChangePerson:
        @behaviour.represent.around
        def changed(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
            shown: dict[str, Any] = proceed(request, resource)
            if is_collection(request, "GET") and not {"attributes", "excludedAttributes"} & request.query.keys():
                change(shown)
            return shown

        return change

    return register


def show(behaviour: Behaviour, **values: Any) -> None:
    """Show every person in a list with these values."""
    on_listed_person(behaviour)(lambda person: person.update(values))


def employ(behaviour: Behaviour, **values: Any) -> None:
    """Show every person with these attributes of the enterprise extension, in a wrong form."""

    @on_listed_person(behaviour)
    def employed(person: dict[str, Any]) -> None:
        person["schemas"] = [*dict.fromkeys([*person.get("schemas", []), ENTERPRISE])]
        person[ENTERPRISE] = person.get(ENTERPRISE, {}) | values


@defect("whole-name-of-another", breaks=["RFC7643-4.1.1-06"])
def the_whole_name_is_another_name(behaviour: Behaviour) -> None:
    """name.formatted is the name of the product's administrator"""
    on_listed_person(behaviour)(lambda p: p["name"].update(formatted="Zz Administrator") if "name" in p else None)


@defect("profile-url-relative", breaks=["RFC7643-4.1.1-09"], presets=FULL)
def a_profile_has_half_an_address(behaviour: Behaviour) -> None:
    """profileUrl has neither scheme nor host"""
    show(behaviour, profileUrl="people/42")


@defect("locale-as-words", breaks=["RFC7643-4.1.1-10"], presets=FULL)
def a_locale_is_told_in_words(behaviour: Behaviour) -> None:
    """locale is "English (United States)\""""
    show(behaviour, locale="English (United States)")


@defect("timezone-as-offset", breaks=["RFC7643-4.1.1-11"], presets=FULL)
def a_time_zone_is_an_offset(behaviour: Behaviour) -> None:
    """timezone is an offset from UTC"""
    show(behaviour, timezone="+01:00")


@defect("language-as-words", breaks=["RFC7643-4.1.1-12"], presets=FULL)
def a_language_is_told_in_words(behaviour: Behaviour) -> None:
    """preferredLanguage is a sentence"""
    show(behaviour, preferredLanguage="German, please!")


@defect("roles-as-texts", breaks=["RFC7643-4.1.2-04"], presets=FULL)
def roles_are_bare_texts(behaviour: Behaviour) -> None:
    """roles is a list of texts"""
    show(behaviour, roles=["admin", "editor"])


@defect("phone-in-words", breaks=["RFC7643-4.1.2-05"], presets=FULL)
def a_phone_number_is_a_note(behaviour: Behaviour) -> None:
    """A phone number is a note on where to ask"""
    show(behaviour, phoneNumbers=[{"value": "ask the front desk", "type": "work"}])


@defect("country-in-three-letters", breaks=["RFC7643-4.1.2-06"], presets=FULL)
def a_country_has_three_letters(behaviour: Behaviour) -> None:
    """The country of an address is USA"""
    show(behaviour, addresses=[{"country": "USA", "type": "work"}])


@defect("photo-as-file-name", breaks=["RFC7643-4.1.2-07", "RFC7643-7-10"], presets=FULL)
def a_photo_is_a_file_name(behaviour: Behaviour) -> None:
    """A photo is the name of a file on the server"""
    show(behaviour, photos=[{"value": "ada.png", "type": "photo"}])


@defect("certificate-as-pem", breaks=["RFC7643-4.1.2-11", "RFC7643-7-10"], presets=FULL)
def a_certificate_is_wrapped_twice(behaviour: Behaviour) -> None:
    """A certificate is the base64 of its PEM file"""
    show(behaviour, x509Certificates=[{"value": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}])


@defect("certificate-not-base64", breaks=["RFC7643-2.3.6-01", "RFC7643-7-10"], presets=FULL)
def a_certificate_is_no_base64(behaviour: Behaviour) -> None:
    """A certificate is shown as hexadecimal with colons"""
    show(behaviour, x509Certificates=[{"value": "30:82:01:0A"}])


@defect("mail-type-capital", breaks=["RFC7643-2.4-03"])
def a_canonical_value_has_a_capital(behaviour: Behaviour) -> None:
    """The type of a mail address is spelt Work, while the schema lists work"""
    on_listed_person(behaviour)(
        lambda p: [e.update(type=str(e.get("type", "work")).capitalize()) for e in p.get("emails", [])]
    )


@defect("groups-lead-to-people", breaks=["RFC7643-4.1.2-09", "RFC7643-7-10"], presets=FULL)
def groups_of_a_person_lead_to_people(behaviour: Behaviour) -> None:
    """The groups of a person have addresses below /Users"""
    show(behaviour, groups=[{"value": "g-1", "$ref": "/scim/v2/Users/g-1", "display": "Everyone"}])


@defect("enterprise-urn-small", breaks=["RFC7643-4.3-01", "RFC7643-3-01", "RFC7643-7-01"], presets=FULL)
def the_extension_has_another_urn(behaviour: Behaviour) -> None:
    """The enterprise extension is named by its URN of SCIM 1.1"""
    old = "urn:scim:schemas:extension:enterprise:1.0"

    @on_listed_person(behaviour)
    def renamed(person: dict[str, Any]) -> None:
        person["schemas"] = [*(urn for urn in person.get("schemas", []) if urn != ENTERPRISE), old]
        person[old] = person.pop(ENTERPRISE, {"department": "Sales"})


@defect("employee-number-as-number", breaks=["RFC7643-4.3-02"], presets=FULL)
def an_employee_number_is_a_number(behaviour: Behaviour) -> None:
    """employeeNumber is a JSON number"""
    employ(behaviour, employeeNumber=4711)


@defect("manager-as-text", breaks=["RFC7643-4.3-03"], presets=FULL)
def a_manager_is_a_text(behaviour: Behaviour) -> None:
    """manager is the bare id of the manager"""
    employ(behaviour, manager="2819c223")


@defect("reference-as-number", breaks=["RFC7643-2.3.7-01"], presets=FULL)
def a_reference_is_a_sentence(behaviour: Behaviour) -> None:
    """The $ref of a manager is a sentence"""
    employ(behaviour, manager={"value": "2819c223", "$ref": "see the organisation chart"})
