"""What profiles of SCIM ask for beyond the RFCs, and a server does otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    entries,
    is_collection,
    is_resource,
    on_answer,
    on_discovery,
    on_reply,
    on_request,
    operations,
)
from reference_server.http import Request, Response, empty_list, error
from reference_server.patching import read_patch
from reference_server.presets import load

AL1 = ["ipsie-al1"]
AL2 = ["ipsie-al2", "ipsie-al1"]
INTEROP = ["interop", "ipsie-al1"]


def filters(request: Request, *words: str) -> bool:
    text = request.query.get("filter", "") if is_collection(request, "GET") else ""
    return bool(text) and all(word in text for word in words)


def refuses(behaviour: Behaviour, *words: str) -> None:
    """Refuse each filter that holds these words."""
    on_answer(behaviour)(lambda r: error(400, "Unsupported filter", "invalidFilter") if filters(r, *words) else None)


@defect("spc-claims-interop-falsely", breaks=["IOP-4-01"])
def the_claim_is_not_kept(behaviour: Behaviour) -> None:
    """The configuration claims the interoperability profile, and a PATCH without a path works all the same"""
    on_discovery(behaviour, "ServiceProviderConfig")(lambda d: d.update(interopProfileConformant=True))


@defect("unknown-attribute-filter-empty", breaks=["IOP-6.3-02"], presets=INTEROP)
def a_filter_on_an_unknown_attribute_finds_nobody(behaviour: Behaviour) -> None:
    """A filter on an attribute that no schema has finds nobody"""
    on_answer(behaviour)(lambda request: empty_list() if filters(request, "nosuch") else None)


@defect("mail-filter-refused", breaks=["IPSIE-AL1-5.4-03", "FF-4.2.6-01"], presets=AL1)
def nobody_is_found_by_any_mail_address(behaviour: Behaviour) -> None:
    """The filter emails[value eq] is refused"""
    refuses(behaviour, "emails[value")


@defect("work-mail-filter-reads-kind-over", breaks=["IPSIE-AL1-5.4-04"], presets=AL1)
def the_kind_of_an_address_is_read_over(behaviour: Behaviour) -> None:
    """The filter for a home address finds people by their work address"""

    @on_answer(behaviour)
    def found(request: Request) -> Response | None:
        if not filters(request, 'type eq "home"'):
            return None
        server = behaviour.server
        people = server.people_of(None).all(server.user_type)
        shown = [{"id": str(p.id), "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]} for p in people]
        page = empty_list()
        page.document.update(totalResults=len(shown), itemsPerPage=len(shown), Resources=shown)
        return page


@defect("user-name-filter-case", breaks=["IPSIE-AL1-5.4-01", "RFC7644-3.4.2.2-02"], presets=AL1)
def the_name_of_the_attribute_has_a_letter_case(behaviour: Behaviour) -> None:
    """The filter username eq, all in small letters, is refused"""
    refuses(behaviour, "username ")


@defect("spc-denies-bulk", breaks=["IPSIE-4.3-03", "RFC7643-5-09"], presets=AL1)
def bulk_is_not_announced(behaviour: Behaviour) -> None:
    """The configuration says that bulk is not supported"""
    on_discovery(behaviour, "ServiceProviderConfig")(lambda d: d["bulk"].update(supported=False))


@defect("delete-refused-at-al1", breaks=["IPSIE-AL1-5.2-01"], presets=AL1)
def nobody_can_be_deleted(behaviour: Behaviour) -> None:
    """People cannot be deleted although the level asks for it"""
    on_answer(behaviour)(
        lambda r: (
            error(405, "Not offered", headers={"Allow": "GET, HEAD, PUT, PATCH"}) if r.method == "DELETE" else None
        )
    )


@defect("schema-without-display-name", breaks=["IPSIE-AL2-6.1.1-01", "RFC7643-7-10"], presets=AL2)
def the_display_name_is_not_published(behaviour: Behaviour) -> None:
    """displayName is missing from the User schema"""

    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in entries(document):
            attributes = schema.get("attributes", [])
            schema["attributes"] = [a for a in attributes if a["name"] != "displayName"]


@defect("resource-type-id-differs", breaks=["IOP-5.1-02"], presets=INTEROP)
def a_resource_type_has_another_id(behaviour: Behaviour) -> None:
    """The id of a resource type is not its name"""
    on_discovery(behaviour, "ResourceTypes")(lambda d: [t.update(id=f"rt-{t['name']}") for t in entries(d)] and None)


@defect("kinds-not-published", breaks=["IOP-5.4-01"], presets=INTEROP)
def kinds_of_addresses_are_not_published(behaviour: Behaviour) -> None:
    """The kinds of mail addresses are not published"""

    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in entries(document):
            for attribute in schema.get("attributes", []):
                for part in attribute.get("subAttributes", []):
                    part.pop("canonicalValues", None)


@defect("interop-without-path-accepted", breaks=["IOP-6.5.1.1-01", "IOP-4-01"], presets=["interop"])
def a_patch_needs_no_path(behaviour: Behaviour) -> None:
    """A PATCH without a path is carried out although the interoperability profile is claimed"""

    @behaviour.read_patch.instead
    def read(_call: Any, document: Any, current: Any) -> Any:
        return read_patch(load("full"), document, current)


@defect("interop-unknown-attribute-ignored", breaks=["IOP-5.3-01"], presets=["interop"])
def an_unknown_attribute_is_ignored(behaviour: Behaviour) -> None:
    """A creation with an attribute that no schema has is carried out without it"""

    @on_request(behaviour)
    def without(request: Request) -> Request | None:
        body = request.json if is_collection(request, "POST") else None
        if not isinstance(body, dict) or "nosuch" not in body:
            return None
        return replace(request, body=json.dumps({k: v for k, v in body.items() if k != "nosuch"}).encode())


@defect("interop-whole-replace-merges", breaks=["IOP-6.5.2.1-02"], presets=["interop"])
def a_whole_is_replaced_in_part(behaviour: Behaviour) -> None:
    """A replace of a whole name keeps the parts that it does not hold, as RFC 7644 has it"""

    @on_request(behaviour)
    def parted(request: Request) -> Request | None:
        body = request.json
        if not is_resource(request, "PATCH") or not isinstance(body, dict):
            return None
        asked: list[dict[str, Any]] = []
        for o in operations(request):
            whole = o.get("op") == "replace" and o.get("path") == "name" and isinstance(o.get("value"), dict)
            parts = o["value"].items() if whole else ()
            asked += [{"op": "replace", "path": f"name.{k}", "value": v} for k, v in parts] or [o]
        return replace(request, body=json.dumps(body | {"Operations": asked}).encode())


@defect("interop-taken-name-400", breaks=["IOP-6.9.1-01", "RFC7644-3.3-05"], presets=["interop"])
def a_taken_name_is_a_400(behaviour: Behaviour) -> None:
    """A user name that somebody has is a 400 in a PATCH"""

    @on_reply(behaviour)
    def told(request: Request, response: Response) -> Response | None:
        conflict = request.method == "PATCH" and response.status == 409
        return error(400, "Taken", "uniqueness") if conflict else None


@defect("interop-denies-patch", breaks=["IOP-6.5-01", "RFC7643-5-09", "RFC7644-3.5.2-18"], presets=["interop"])
def patch_is_not_announced(behaviour: Behaviour) -> None:
    """The configuration says that PATCH is not supported although the profile asks for it"""
    on_discovery(behaviour, "ServiceProviderConfig")(lambda d: d["patch"].update(supported=False))
