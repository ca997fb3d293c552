"""/ResourceTypes that is missing, malformed or not true."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, entries, on_discovery, on_reply, parts
from reference_server.http import LIST_RESPONSE, Request, Response, error


@defect("resourcetypes-empty", breaks=["RFC7644-4-03", "RFC7643-6-08"])
def there_are_no_types(behaviour: Behaviour) -> None:
    """/ResourceTypes is an empty list"""
    empty = {"schemas": [LIST_RESPONSE], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []}
    on_discovery(behaviour, "ResourceTypes")(lambda document: empty if "Resources" in document else None)


@defect("resourcetypes-bare-array", breaks=["RFC7644-4-03"])
def the_types_are_a_bare_array(behaviour: Behaviour) -> None:
    """/ResourceTypes is a JSON array without an envelope"""
    on_discovery(behaviour, "ResourceTypes")(entries)


@defect("resourcetype-by-id-404", breaks=["RFC7644-4-05"])
def a_type_cannot_be_read_alone(behaviour: Behaviour) -> None:
    """/ResourceTypes/User is a 404"""

    @on_reply(behaviour)
    def missed(request: Request, _response: Response) -> Response | None:
        return error(404, "Not found") if at(request, "ResourceTypes") and len(parts(request)) == 2 else None


@defect("resourcetype-incomplete", breaks=["RFC7643-6-01"])
def a_type_has_no_endpoint(behaviour: Behaviour) -> None:
    """Resource types have no endpoint"""
    on_discovery(behaviour, "ResourceTypes")(
        lambda document: [e.pop("endpoint") for e in entries(document)] and document
    )


@defect("resourcetype-schema-dangling", breaks=["RFC7643-6-02", "RFC7643-7-01"])
def a_type_names_an_unknown_schema(behaviour: Behaviour) -> None:
    """The schema of a resource type is not published"""
    on_discovery(behaviour, "ResourceTypes")(
        lambda document: [e.update(schema="urn:example:User") for e in entries(document)] and document
    )


@defect("resourcetype-endpoint-absolute", breaks=["RFC7643-6-07", "RFC7644-3.2-01"])
def the_endpoint_of_a_type_is_a_whole_address(behaviour: Behaviour) -> None:
    """The endpoint of a resource type is an absolute address that is not served"""
    on_discovery(behaviour, "ResourceTypes")(
        lambda document: (
            [e.update(endpoint=f"https://old.example{e['endpoint']}") for e in entries(document)] and document
        )
    )


@defect("resourcetype-named-otherwise", breaks=["RFC7643-6-05"])
def a_type_has_another_name(behaviour: Behaviour) -> None:
    """The resource type is called "Users", but people say that they are a "User\""""
    on_discovery(behaviour, "ResourceTypes")(
        lambda document: [e.update(name=f"{e['name']}s") for e in entries(document)] and document
    )


@defect("resourcetype-twice", breaks=["RFC7643-6-06"])
def a_type_stands_twice(behaviour: Behaviour) -> None:
    """/ResourceTypes lists User twice"""

    @on_discovery(behaviour, "ResourceTypes")
    def doubled(document: dict[str, Any]) -> None:
        if "Resources" in document:
            document["Resources"].append(dict(document["Resources"][0]))
            document["totalResults"] = document["itemsPerPage"] = len(document["Resources"])


@defect("resourcetype-extension-incomplete", breaks=["RFC7643-6-03", "RFC7643-6-02"])
def an_extension_is_half_announced(behaviour: Behaviour) -> None:
    """A resource type announces an extension without saying whether it is required"""
    wrong = [{"schema": "urn:example:extension:User"}]
    on_discovery(behaviour, "ResourceTypes")(
        lambda document: [e.update(schemaExtensions=wrong) for e in entries(document)] and document
    )
