"""Published schemas that are missing, malformed or not true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, entries, on_discovery, on_reply, parts
from reference_server.http import LIST_RESPONSE, Request, Response, error
from reference_server.presets.provider import USER

DEPROVISIONING = ["marketbeam", "marketbeam-strict", "deprovisioning-only"]


def on_schemas(behaviour: Behaviour, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change each published schema in place, in the list and alone."""
    on_discovery(behaviour, "Schemas")(lambda document: [change(schema) for schema in entries(document)] and document)


def on_attributes(behaviour: Behaviour, change: Callable[[dict[str, Any]], Any], *names: str) -> None:
    """Change the published attributes (with these names, or all) in place, sub-attributes too."""

    def walk(attributes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for attribute in attributes:
            yield attribute
            yield from walk(attribute.get("subAttributes") or [])

    on_schemas(
        behaviour,
        lambda schema: [change(a) for a in walk(schema["attributes"]) if not names or a["name"] in names],
    )


def on_the_list(behaviour: Behaviour, change: Callable[[dict[str, Any]], Any]) -> None:
    on_discovery(behaviour, "Schemas")(lambda document: change(document) if "Resources" in document else None)


@defect("schemas-empty", breaks=["RFC7644-4-02", "RFC7643-7-01", "RFC7643-6-02"])
def no_schema_is_published(behaviour: Behaviour) -> None:
    """/Schemas is an empty list"""
    on_the_list(behaviour, lambda document: document | {"totalResults": 0, "itemsPerPage": 0, "Resources": []})


@defect("schemas-missing", breaks=["RFC7644-4-02", "RFC7643-7-01"])
def there_are_no_schemas(behaviour: Behaviour) -> None:
    """/Schemas is a 404"""

    @on_reply(behaviour)
    def missed(request: Request, _response: Response) -> Response | None:
        return error(404, "Not found") if at(request, "Schemas") else None


@defect("schemas-paged", breaks=["RFC7644-4-06", "RFC7644-4-10"])
def the_schemas_come_in_pages(behaviour: Behaviour) -> None:
    """/Schemas obeys startIndex and count"""

    @behaviour.discover.around
    def paged(proceed: Any, request: Request, endpoint: str, document: Any) -> Any:
        shown = proceed(request, endpoint, document)
        if endpoint == "Schemas" and "Resources" in shown and "startIndex" in request.query:
            shown["Resources"] = shown["Resources"][int(request.query["startIndex"]) - 1 :][:1]
            shown["itemsPerPage"] = len(shown["Resources"])
        return shown


@defect("schemas-bare-array", breaks=["RFC7644-4-02", "ENTRA-15"])
def the_schemas_are_a_bare_array(behaviour: Behaviour) -> None:
    """/Schemas is a JSON array without an envelope"""
    on_the_list(behaviour, lambda document: document["Resources"])


@defect("schemas-total-wrong", breaks=["RFC7644-4-02", "RFC7644-4-10"])
def the_number_of_schemas_is_wrong(behaviour: Behaviour) -> None:
    """totalResults of /Schemas is larger than the list"""
    on_the_list(behaviour, lambda document: document.update(totalResults=9))


@defect("schemas-with-nulls", breaks=["ENTRA-15", "RFC7643-7-06"])
def the_schemas_hold_nulls(behaviour: Behaviour) -> None:
    """Attributes in /Schemas hold members that are null"""
    on_attributes(behaviour, lambda a: a.update(subAttributes=a.get("subAttributes"), caseExact=None))


@defect("schema-by-urn-404", breaks=["RFC7644-4-04"])
def a_schema_cannot_be_read_alone(behaviour: Behaviour) -> None:
    """/Schemas/{urn} is a 404"""

    @on_reply(behaviour)
    def missed(request: Request, _response: Response) -> Response | None:
        return error(404, "Not found") if at(request, "Schemas") and len(parts(request)) == 2 else None


@defect("schema-by-urn-is-a-list", breaks=["RFC7644-4-04"])
def a_schema_alone_is_a_list(behaviour: Behaviour) -> None:
    """/Schemas/{urn} is a list with one entry"""
    page = {"schemas": [LIST_RESPONSE], "totalResults": 1, "itemsPerPage": 1, "startIndex": 1}
    on_discovery(behaviour, "Schemas")(lambda d: None if "Resources" in d else page | {"Resources": [d]})


@defect("schema-of-messages-published", breaks=["RFC7644-3.1-03"])
def a_message_is_published(behaviour: Behaviour) -> None:
    """/Schemas lists the schema of an error message"""

    def more(document: dict[str, Any]) -> None:
        message = document["Resources"][0] | {"id": "urn:ietf:params:scim:api:messages:2.0:Error", "name": "Error"}
        document["Resources"].append(message)
        document["totalResults"] = document["itemsPerPage"] = len(document["Resources"])

    on_the_list(behaviour, more)


@defect("schema-without-name", breaks=["RFC7643-7-02", "HTTP-NAME-01"])
def a_schema_has_no_name(behaviour: Behaviour) -> None:
    """Schemas have neither name nor description"""
    on_schemas(behaviour, lambda schema: [schema.pop(n, None) for n in ("name", "description")])


@defect("schema-schemas-missing", breaks=["RFC7643-7-12"])
def a_schema_does_not_say_what_it_is(behaviour: Behaviour) -> None:
    """Schemas have no schemas"""
    on_schemas(behaviour, lambda schema: schema.pop("schemas", None))


@defect("schema-type-invented", breaks=["RFC7643-7-03"])
def a_type_is_invented(behaviour: Behaviour) -> None:
    """The type of active is "bool", which SCIM does not know"""
    on_attributes(behaviour, lambda attribute: attribute.update(type="bool"), "active", "primary")


@defect("schema-active-is-text", breaks=["RFC7643-4.1.1-13", "RFC7643-7-11"])
def active_is_published_as_a_text(behaviour: Behaviour) -> None:
    """active is published as a string"""
    on_attributes(behaviour, lambda attribute: attribute.update(type="string"), "active")


@defect("schema-nested-complex", breaks=["RFC7643-7-05"])
def a_part_has_parts(behaviour: Behaviour) -> None:
    """A sub-attribute is itself complex"""
    on_attributes(behaviour, lambda a: a.update(type="complex", subAttributes=[]), "givenName")


@defect("schema-parts-missing", breaks=["RFC7643-7-04"])
def the_parts_are_not_listed(behaviour: Behaviour) -> None:
    """Complex attributes list no sub-attributes"""
    on_attributes(behaviour, lambda attribute: attribute.pop("subAttributes", None), "name", "emails")


@defect("schema-keyword-illegal", breaks=["RFC7643-7-06"])
def a_characteristic_is_invented(behaviour: Behaviour) -> None:
    """mutability and returned hold words that SCIM does not know"""
    on_attributes(behaviour, lambda a: a.update(mutability="READ_ONLY", returned="sometimes"))


@defect("schema-uniqueness-on-complex", breaks=["RFC7643-7-07"])
def a_complex_attribute_is_unique(behaviour: Behaviour) -> None:
    """A complex attribute is published as unique"""
    on_attributes(behaviour, lambda attribute: attribute.update(uniqueness="global"), "name", "emails")


@defect("schema-name-illegal", breaks=["RFC7643-7-09"])
def an_attribute_has_a_strange_name(behaviour: Behaviour) -> None:
    """An attribute is published with a blank in its name"""
    on_attributes(behaviour, lambda attribute: attribute.update(name="display name"), "displayName")


@defect("schema-attribute-unpublished", breaks=["RFC7643-7-10", "RFC7643-4.1.1-05"])
def an_attribute_is_not_published(behaviour: Behaviour) -> None:
    """userName and emails are shown but not published"""

    def without(schema: dict[str, Any]) -> None:
        schema["attributes"] = [a for a in schema["attributes"] if a["name"] not in ("userName", "emails")]

    on_schemas(behaviour, without)


@defect("schema-user-name-case-exact", breaks=["RFC7643-4.1.1-05"])
def a_user_name_is_published_as_case_exact(behaviour: Behaviour) -> None:
    """userName is published as caseExact and not unique"""
    on_attributes(behaviour, lambda a: a.update(caseExact=True, uniqueness="none"), "userName")


@defect("schema-all-writable", breaks=["PROF-D-05", "RFC7643-7-13", "PROF-D-06"],
        presets=[*DEPROVISIONING, "read-only"])  # fmt: skip
def everything_is_published_as_writable(behaviour: Behaviour) -> None:
    """Every attribute is published as readWrite although only active can be written"""
    on_attributes(behaviour, lambda attribute: attribute.update(mutability="readWrite"))


@defect("schema-active-read-only", breaks=["PROF-D-05", "RFC7643-7-13"], presets=DEPROVISIONING)
def active_is_published_as_read_only(behaviour: Behaviour) -> None:
    """active is published as readOnly although it can be written"""
    on_attributes(behaviour, lambda attribute: attribute.update(mutability="readOnly"), "active")


@defect("schema-password-readable", breaks=["RFC7643-4.1.1-16", "IPSIE-AL2-6.1.2-01", "PROF-D-05"])
def a_password_is_published(behaviour: Behaviour) -> None:
    """A password is published as readWrite and returned by default"""

    def more(schema: dict[str, Any]) -> None:
        if schema["id"] == USER:
            like = next(a for a in schema["attributes"] if a["name"] == "displayName")
            schema["attributes"].append(like | {"name": "password", "mutability": "readWrite"})

    on_schemas(behaviour, more)


@defect("schema-groups-published", breaks=["PROF-D-21"], presets=[*DEPROVISIONING, "read-only"])
def groups_are_published_on_people(behaviour: Behaviour) -> None:
    """The schema of people publishes groups although there are none"""

    def more(schema: dict[str, Any]) -> None:
        like = next(a for a in schema["attributes"] if a["name"] == "emails")
        schema["attributes"].append(like | {"name": "groups"})

    on_schemas(behaviour, more)


@defect("schema-id-is-no-uri", breaks=["RFC7643-7-02", "RFC7643-6-02", "RFC7643-7-01"])
def a_schema_is_called_by_its_name(behaviour: Behaviour) -> None:
    """The id of a schema is "User" instead of its URN"""
    on_schemas(behaviour, lambda schema: schema.update(id=schema["name"]))


@defect("schema-reference-types-missing", breaks=["HTTP-SCHEMA-02"], presets=["full"])
def a_reference_leads_anywhere(behaviour: Behaviour) -> None:
    """Reference attributes have no referenceTypes"""
    on_attributes(behaviour, lambda attribute: attribute.pop("referenceTypes", None))
