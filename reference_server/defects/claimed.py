"""What profiles of SCIM ask for beyond the RFCs, and a server does otherwise."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import entries, is_collection, on_answer, on_discovery
from reference_server.http import Request, Response, empty_list, error

AL1 = ["ipsie-al1"]


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


@defect("unknown-attribute-filter-empty", breaks=["IOP-6.3-02"], presets=AL1)
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


@defect("schema-without-display-name", breaks=["IPSIE-AL2-6.1.1-01", "RFC7643-7-10"])
def the_display_name_is_not_published(behaviour: Behaviour) -> None:
    """displayName is missing from the User schema"""

    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in entries(document):
            attributes = schema.get("attributes", [])
            schema["attributes"] = [a for a in attributes if a["name"] != "displayName"]


@defect("resource-type-id-differs", breaks=["IOP-5.1-02"])
def a_resource_type_has_another_id(behaviour: Behaviour) -> None:
    """The id of a resource type is not its name"""
    on_discovery(behaviour, "ResourceTypes")(lambda d: [t.update(id=f"rt-{t['name']}") for t in entries(d)] and None)


@defect("kinds-not-published", breaks=["IOP-5.4-01"])
def kinds_of_addresses_are_not_published(behaviour: Behaviour) -> None:
    """The kinds of mail addresses are not published"""

    @on_discovery(behaviour, "Schemas")
    def published(document: dict[str, Any]) -> None:
        for schema in entries(document):
            for attribute in schema.get("attributes", []):
                for part in attribute.get("subAttributes", []):
                    part.pop("canonicalValues", None)
