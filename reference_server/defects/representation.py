"""People who are shown wrongly: values of the wrong type, too few of them, or too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_list, on_person, on_reply
from reference_server.http import Request, Response
from reference_server.presets.provider import ENTERPRISE

ACTIVE = ["RFC7643-4.1.1-13", "RFC7643-2.3.2-01", "RFC7643-7-11"]
UNPUBLISHED = ["RFC7643-7-10"]
ID = ["RFC7643-3.1-01"]
CORE = ["RFC7643-4.1-01", "RFC7643-3-01"]


def show(behaviour: Behaviour, **values: Any) -> None:
    """Show every person with these values."""
    on_person(behaviour)(lambda person: person.update(values))


def hide(behaviour: Behaviour, *names: str) -> None:
    """Show no person with these attributes."""
    on_person(behaviour)(lambda person: [person.pop(name, None) for name in names])


@defect("active-as-text", breaks=ACTIVE, source="active-string-false-truthy")
def active_is_a_text(behaviour: Behaviour) -> None:
    """active is shown as the text "True" or "False\""""
    on_person(behaviour)(lambda p: p.update(active=str(p["active"])) if "active" in p else None)


@defect("active-as-number", breaks=ACTIVE)
def active_is_a_number(behaviour: Behaviour) -> None:
    """active is shown as 1 or 0"""
    on_person(behaviour)(lambda p: p.update(active=int(p["active"])) if "active" in p else None)


@defect("active-missing", breaks=["PROF-D-12", "OKTA-01", "PROF-D-07"])
def active_is_not_shown(behaviour: Behaviour) -> None:
    """active is never shown"""
    hide(behaviour, "active")


@defect("active-missing-when-false", breaks=["PROF-D-12", "OKTA-11", "PROF-D-23"])
def inactive_is_not_shown(behaviour: Behaviour) -> None:
    """active is left out when it is false"""
    on_person(behaviour)(lambda p: None if p.get("active", True) else p.pop("active"))


@defect("id-number", breaks=ID)
def an_id_is_a_number(behaviour: Behaviour) -> None:
    """The id of a person is shown as a number"""
    on_person(behaviour)(lambda person: person.update(id=int(person["id"][:8], 16)))


@defect("id-missing", breaks=[*ID, "OKTA-01"])
def there_is_no_id(behaviour: Behaviour) -> None:
    """People have no id"""
    hide(behaviour, "id")


@defect("id-missing-in-lists", breaks=[*ID, "RFC7644-3.4-01", "OKTA-01"])
def there_is_no_id_in_lists(behaviour: Behaviour) -> None:
    """People in lists have no id"""
    on_list(behaviour)(lambda _request, page: [entry.pop("id") for entry in page.get("Resources", [])])


@defect("id-excludable", breaks=["RFC7644-3.4.2.5-03", *ID, "RFC7643-7-R01"])
def an_id_can_be_left_out(behaviour: Behaviour) -> None:
    """excludedAttributes=id leaves the id out, and attributes= does not bring it"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> Any:
        person = proceed(request, resource)
        if "id" in request.query.get("excludedAttributes", "") or request.query.get("attributes"):
            person.pop("id", None)
        return person


@defect("id-changes-after-write", breaks=["RFC7643-3.1-03"])
def an_id_is_another_after_a_write(behaviour: Behaviour) -> None:
    """The answer to a write shows the person with another id"""

    @on_reply(behaviour)
    def changed(request: Request, response: Response) -> None:
        written = is_resource(request, "PATCH") or is_resource(request, "PUT")
        if written and response.status == 200:
            response.document["id"] = response.document["id"][::-1]


@defect("id-holds-bulkid", breaks=["RFC7643-3.1-05"])
def an_id_holds_a_reserved_word(behaviour: Behaviour) -> None:
    """The id of a person begins with bulkId"""
    on_person(behaviour)(lambda person: person.update(id=f"bulkId-{person['id']}"))


@defect("ids-repeat", breaks=["RFC7643-3.1-02"])
def everybody_has_the_same_id(behaviour: Behaviour) -> None:
    """All people in a list have the same id"""
    on_list(behaviour)(lambda _request, page: [entry.update(id="0") for entry in page.get("Resources", [])])


@defect("user-name-missing", breaks=["RFC7643-4.1.1-01", "OKTA-01"])
def there_is_no_user_name(behaviour: Behaviour) -> None:
    """People have no userName"""
    hide(behaviour, "userName")


@defect(
    "user-name-lower-cased", breaks=["ENTRA-16", "PROF-D-08", "RFC7643-7-M01"], source="username-normalised-collision"
)
def a_user_name_is_rewritten(behaviour: Behaviour) -> None:
    """A write turns the userName into capitals"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        person.user_name = person.user_name.upper()
        return proceed(desk, kind, person, version)


@defect("names-missing", breaks=["OKTA-01", "OKTA-02"])
def there_are_no_names(behaviour: Behaviour) -> None:
    """People are shown without name and e-mail addresses, which Okta asks for"""
    hide(behaviour, "name", "emails")


@defect("schemas-missing-on-people", breaks=[*CORE, "RFC7644-3.1-01"])
def a_person_does_not_say_what_it_is(behaviour: Behaviour) -> None:
    """People have no schemas"""
    hide(behaviour, "schemas")


@defect("schemas-empty-on-people", breaks=[*CORE, "RFC7644-3.1-01"])
def the_schemas_of_a_person_are_empty(behaviour: Behaviour) -> None:
    """The schemas of people are an empty list"""
    show(behaviour, schemas=[])


@defect("schemas-twice-on-people", breaks=["RFC7644-3.1-01"])
def a_schema_stands_twice(behaviour: Behaviour) -> None:
    """The schemas of people name the core schema twice"""
    on_person(behaviour)(lambda p: p.update(schemas=[*p["schemas"], p["schemas"][0]]) if p.get("schemas") else None)


@defect("schemas-undeclared", breaks=["RFC7643-3-01", "RFC7643-7-01"])
def a_person_names_an_unknown_schema(behaviour: Behaviour) -> None:
    """The schemas of people name one that is not published"""
    on_person(behaviour)(lambda p: p.update(schemas=[*p["schemas"], "urn:example:internal:User"]))


@defect("extension-without-container", breaks=["RFC7643-3-01", "RFC7643-3.3-01", "RFC7643-7-10"],
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"])  # fmt: skip
def an_extension_lies_open(behaviour: Behaviour) -> None:
    """People name the enterprise extension, and its attributes stand at the top"""
    on_person(behaviour)(lambda p: p.update(schemas=[*p["schemas"], ENTERPRISE], department="Sales"))


@defect("password-returned", breaks=["RFC7643-4.1.1-15", "RFC7643-9.2-01", "RFC7643-7-10"])
def a_password_is_shown(behaviour: Behaviour) -> None:
    """People are shown with the hash of a password"""
    show(behaviour, password="$2b$12$C6UzMDM.H6dfI/f/IKcEeO")  # noqa: S106 - a hash of nothing


@defect("unpublished-attribute", breaks=UNPUBLISHED)
def more_is_shown_than_published(behaviour: Behaviour) -> None:
    """People are shown with an attribute that no schema publishes"""
    show(behaviour, lastLoginIp="192.0.2.7")


@defect("standard-attribute-unpublished", breaks=[*UNPUBLISHED, "RFC7643-9.3-01"],
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"])  # fmt: skip
def a_phone_number_is_shown_unpublished(behaviour: Behaviour) -> None:
    """People are shown with phone numbers although the schema publishes none"""
    show(behaviour, phoneNumbers=[{"value": "tel:+1-201-555-0123", "type": "work"}])


@defect("emails-as-object", breaks=["RFC7643-4.1.2-01", "RFC7643-7-11", "OKTA-01"])
def mails_are_one_object(behaviour: Behaviour) -> None:
    """emails is an object instead of a list"""
    on_person(behaviour)(lambda p: p.update(emails=p["emails"][0]) if p.get("emails") else None)


@defect("emails-as-texts", breaks=["RFC7643-4.1.2-01", "RFC7643-7-11", "OKTA-01"])
def mails_are_texts(behaviour: Behaviour) -> None:
    """emails is a list of texts"""
    on_person(behaviour)(lambda p: p.update(emails=[e["value"] for e in p["emails"]]) if p.get("emails") else None)


@defect("mail-is-no-address", breaks=["RFC7643-4.1.2-02"])
def a_mail_address_is_none(behaviour: Behaviour) -> None:
    """An e-mail address is shown without its domain"""
    on_person(behaviour)(lambda p: [e.update(value=e["value"].partition("@")[0]) for e in p.get("emails", [])])


@defect("two-primary-mails", breaks=["RFC7643-2.4-01"])
def two_addresses_are_the_main_one(behaviour: Behaviour) -> None:
    """Two e-mail addresses of a person are primary"""
    more = {"value": "second@test.example", "type": "home", "primary": True}
    on_person(behaviour)(lambda p: p["emails"].append(more) if p.get("emails") else None)


@defect("mail-twice", breaks=["RFC7643-2.4-02"])
def an_address_stands_twice(behaviour: Behaviour) -> None:
    """An e-mail address of a person is shown twice"""
    on_person(behaviour)(lambda p: p["emails"].append(dict(p["emails"][0])) if p.get("emails") else None)


@defect("primary-as-text", breaks=["RFC7643-2.3.2-01", "RFC7643-7-11"])
def primary_is_a_text(behaviour: Behaviour) -> None:
    """primary of an e-mail address is a text"""
    on_person(behaviour)(lambda p: [e.update(primary="true") for e in p.get("emails", [])])


@defect("name-as-text", breaks=["RFC7643-4.1.1-07", "RFC7643-7-11", "OKTA-01"])
def a_name_is_a_text(behaviour: Behaviour) -> None:
    """name is a text instead of an object"""
    on_person(behaviour)(lambda p: p.update(name="Given Family") if "name" in p else None)


@defect("display-name-as-list", breaks=["RFC7643-4.1.1-08", "RFC7643-7-11"])
def a_display_name_is_a_list(behaviour: Behaviour) -> None:
    """displayName is a list"""
    on_person(behaviour)(lambda p: p.update(displayName=[p["displayName"]]) if "displayName" in p else None)


@defect(
    "pascal-case-names", breaks=["RFC7643-7-10", "OKTA-01", "RFC7643-3.1-12"], source="validator-disabled-user-read"
)
def attributes_begin_with_capitals(behaviour: Behaviour) -> None:
    """Attributes are spelled with a capital first letter, and unassigned ones are null"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> Any:
        person = proceed(request, resource)
        return {(k if k in ("id", "schemas") else k[0].upper() + k[1:]): v for k, v in person.items()} | {
            "NickName": None
        }


@defect("list-shows-less", breaks=["RFC7644-3.4-01"])
def a_list_shows_less_than_a_read(behaviour: Behaviour) -> None:
    """People in lists lack displayName, which a read by id shows"""
    on_list(behaviour)(lambda _request, page: [e.pop("displayName", None) for e in page.get("Resources", [])])


@defect("replies-in-an-envelope", breaks=["RFC7644-3.4.1-01", "RFC7644-3.1-01", "OKTA-02"])
def a_person_comes_in_an_envelope(behaviour: Behaviour) -> None:
    """A person read by id comes inside {"data": ...}"""

    @on_reply(behaviour)
    def wrapped(request: Request, response: Response) -> Response | None:
        plain = is_resource(request, "GET") and response.status == 200
        return replace(response, document={"data": response.document}) if plain else None
