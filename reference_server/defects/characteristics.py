"""Schemas whose characteristics say one thing while the server does another."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.schemas import on_attributes
from reference_server.defects.tools import entries, is_resource, on_discovery, on_person
from reference_server.http import Request
from reference_server.presets.provider import ENTERPRISE

FULL = ["full"]


@defect("published-never-but-shown", breaks=["RFC7643-7-R04"])
def what_is_never_returned_is_shown(behaviour: Behaviour) -> None:
    """displayName is published as never returned, and is shown"""
    on_attributes(behaviour, lambda attribute: attribute.update(returned="never"), "displayName")


@defect("published-write-only-but-shown", breaks=["RFC7643-7-M03"])
def what_can_only_be_written_is_shown(behaviour: Behaviour) -> None:
    """displayName is published as writeOnly, and is shown"""
    on_attributes(behaviour, lambda attribute: attribute.update(mutability="writeOnly"), "displayName")


@defect("published-on-request-but-shown", breaks=["RFC7643-7-R03"])
def what_comes_on_request_is_shown_unasked(behaviour: Behaviour) -> None:
    """displayName is published as returned on request, and is always shown"""
    on_attributes(behaviour, lambda attribute: attribute.update(returned="request"), "displayName")


@defect("mails-on-request-only", breaks=["RFC7643-7-R02"])
def what_comes_by_default_is_shown_on_request(behaviour: Behaviour) -> None:
    """Mail addresses are published as returned by default, and are shown only to who names them"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        whole: dict[str, Any] = proceed(request, resource)
        named = "emails" in request.query.get("attributes", "") or not is_resource(request, "GET")
        return whole if named else {k: v for k, v in whole.items() if k != "emails"}


@defect("schema-reference-types-text", breaks=["RFC7643-7-08"], presets=FULL)
def reference_types_are_a_text(behaviour: Behaviour) -> None:
    """referenceTypes is one text instead of a list"""

    def alone(attribute: dict[str, Any]) -> None:
        if attribute.get("referenceTypes"):
            attribute["referenceTypes"] = attribute["referenceTypes"][0]

    on_attributes(behaviour, alone)


@defect("schema-groups-lead-to-users", breaks=["RFC7643-4.1.2-10"], presets=FULL)
def groups_may_lead_to_users(behaviour: Behaviour) -> None:
    """groups of people are published, and their $ref may lead to users"""

    @on_discovery(behaviour, "Schemas")
    def published(document: Any) -> None:
        parts = [
            {"name": "value", "type": "string", "mutability": "readOnly"},
            {"name": "$ref", "type": "reference", "referenceTypes": ["User", "Group"], "mutability": "readOnly"},
        ]
        groups = {"name": "groups", "type": "complex", "multiValued": True, "mutability": "readOnly"}
        for schema in entries(document):
            if schema.get("name") == "User":
                schema["attributes"].append(groups | {"subAttributes": parts})


@defect("schema-manager-any-case", breaks=["RFC7643-4.3-05"], presets=FULL)
def the_id_of_a_manager_has_any_case(behaviour: Behaviour) -> None:
    """manager.value is published without caseExact"""

    def folded(attribute: dict[str, Any]) -> None:
        if attribute["name"] == "manager":
            attribute["subAttributes"][0]["caseExact"] = False

    on_attributes(behaviour, folded)


@defect("extension-required-but-absent", breaks=["RFC7643-6-04"], presets=FULL)
def a_required_extension_is_missing(behaviour: Behaviour) -> None:
    """The enterprise extension is declared as required, and people lack it"""

    @on_discovery(behaviour, "ResourceTypes")
    def required(document: Any) -> None:
        for entry in entries(document):
            for extension in entry.get("schemaExtensions", []):
                extension["required"] = True

    @on_person(behaviour)
    def without(person: dict[str, Any]) -> None:
        person.pop(ENTERPRISE, None)
        if "schemas" in person:
            person["schemas"] = [urn for urn in person["schemas"] if urn != ENTERPRISE]
