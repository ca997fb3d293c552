"""Group requests that are not refused, or refused so that nobody understands it."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import (
    READS,
    at,
    entries,
    html,
    is_collection,
    on_answer,
    on_discovery,
    on_person,
    on_reply,
    parts,
)
from reference_server.http import LIST_RESPONSE, Request, Response, error

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
NO_GROUPS = ["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"]
REFUSED = ["PROF-D-02", "MB-3"]
TELLING = ["PROF-D-02", "MB-6"]


def is_write(request: Request) -> bool:
    return at(request, "Groups") and request.method not in READS


def answer_writes(behaviour: Behaviour, response: Any) -> None:
    """Answer every group write with what ``response()`` makes."""
    on_answer(behaviour)(lambda request: response() if is_write(request) else None)


def a_group(behaviour: Behaviour, name: str = "Team") -> dict[str, Any]:
    return {"schemas": [GROUP], "id": behaviour.server.new_id(), "displayName": name, "meta": {"resourceType": "Group"}}


@defect(
    "groups-success-that-does-nothing", breaks=REFUSED, source="groups-success-that-does-nothing", presets=NO_GROUPS
)
def groups_are_confirmed_and_not_kept(behaviour: Behaviour) -> None:
    """Creating a group is a 201 and changing one a 204, and nothing is kept"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        if not is_write(request):
            return None
        return Response(201, a_group(behaviour)) if request.method == "POST" else Response(204)


@defect(
    "groups-stored",
    breaks=[*REFUSED, "PROF-D-03", "PROF-D-13"],
    source="groups-success-that-does-nothing",
    presets=NO_GROUPS,
)
def groups_are_kept_though_not_offered(behaviour: Behaviour) -> None:
    """Groups can be created and listed although the service does not offer them"""
    kept: list[dict[str, Any]] = []

    @on_answer(behaviour)
    def answered(request: Request) -> Response | None:
        if is_collection(request, "POST", "Groups"):
            kept.append(a_group(behaviour))
            return Response(201, kept[-1])
        if not is_collection(request, "GET", "Groups"):
            return None
        size = len(kept)
        page = {"schemas": [LIST_RESPONSE], "totalResults": size, "startIndex": 1, "itemsPerPage": size}
        return Response(200, page | {"Resources": kept})


@defect(
    "group-push-half-alive",
    breaks=[*REFUSED, "PROF-D-14"],
    source="push-created-but-reported-failed",
    presets=NO_GROUPS,
)
def members_are_confirmed_though_groups_are_refused(behaviour: Behaviour) -> None:
    """Creating a group is refused, but changing the members of any group is confirmed"""
    on_answer(behaviour)(lambda r: Response(204) if r.method == "PATCH" and at(r, "Groups") else None)


@defect("group-delete-204", breaks=REFUSED, source="groups-refusal-read-as-broken-app", presets=NO_GROUPS)
def deleting_any_group_succeeds(behaviour: Behaviour) -> None:
    """Deleting a group that never was is confirmed"""
    on_answer(behaviour)(lambda r: Response(204) if r.method == "DELETE" and at(r, "Groups") else None)


@defect(
    "groups-404-html",
    breaks=["RFC7644-3.12-01", "RFC7644-8.1-01", *TELLING],
    source="groups-404-html",
    presets=NO_GROUPS,
)
def groups_are_a_web_page(behaviour: Behaviour) -> None:
    """Every request for groups brings the HTML error page of a web framework"""
    on_answer(behaviour)(lambda request: html(404) if at(request, "Groups") else None)


@defect(
    "group-refusal-html",
    breaks=["RFC7644-3.12-01", "RFC7644-8.1-01", *TELLING],
    source="groups-404-html",
    presets=NO_GROUPS,
)
def a_group_refusal_is_a_web_page(behaviour: Behaviour) -> None:
    """A refused group write brings an HTML error page"""
    answer_writes(behaviour, lambda: html(404))


@defect("group-refusal-500", breaks=["RFC7644-3.12-07", *TELLING], source="client-error-as-500", presets=NO_GROUPS)
def a_group_write_breaks_the_server(behaviour: Behaviour) -> None:
    """A group write ends in a 500"""
    answer_writes(behaviour, lambda: error(500, 'relation "groups" does not exist'))


@defect("group-refusal-503", breaks=TELLING, source="errors-quarantine-the-job", presets=NO_GROUPS)
def a_group_write_asks_for_patience(behaviour: Behaviour) -> None:
    """A group write is a 503, so the identity provider tries again for ever"""
    answer_writes(behaviour, lambda: error(503, "Try again later", headers={"Retry-After": "60"}))


@defect("group-refusal-401", breaks=TELLING, source="groups-refusal-read-as-broken-app", presets=NO_GROUPS)
def a_group_write_calls_the_key_wrong(behaviour: Behaviour) -> None:
    """A group write with a good key is a 401, so the administrator takes the key for wrong"""
    answer_writes(behaviour, lambda: error(401, "Unauthorized", headers={"WWW-Authenticate": 'Bearer realm="scim"'}))


@defect("group-refusal-400", breaks=TELLING, source="groups-refusal-read-as-broken-app", presets=NO_GROUPS)
def a_group_write_is_called_malformed(behaviour: Behaviour) -> None:
    """A well-formed group write is a 400, as if the body were wrong"""
    answer_writes(behaviour, lambda: error(400, "Invalid request", "invalidSyntax"))


@defect(
    "group-refusal-without-sentence",
    breaks=["MB-6", "RFC7644-3.12-04"],
    source="idp-offers-push-anyway",
    presets=NO_GROUPS,
)
def a_group_refusal_does_not_explain_itself(behaviour: Behaviour) -> None:
    """A refused group write has no detail, so nobody learns what to switch off"""

    @on_reply(behaviour)
    def silent(request: Request, response: Response) -> None:
        if is_write(request) and response.status >= 400 and response.status != 401:
            response.document.pop("detail", None)


@defect(
    "group-refusal-empty", breaks=["RFC7644-3.12-01", *TELLING], source="unknown-route-empty-body", presets=NO_GROUPS
)
def a_group_refusal_has_no_body(behaviour: Behaviour) -> None:
    """A refused group write has no body at all"""
    answer_writes(behaviour, lambda: Response(404))


@defect(
    "groups-probe-404",
    breaks=["OKTA-07", "MB-7", "MB-6"],
    source="groups-probe-on-save",
    presets=["marketbeam", "marketbeam-strict"],
)
def the_list_of_groups_is_missing(behaviour: Behaviour) -> None:
    """The list of groups that Okta reads on saving is a 404 although it is declared to be empty"""
    on_answer(behaviour)(
        lambda r: error(404, "Groups are not supported") if is_collection(r, "GET", "Groups") else None
    )


@defect("groups-probe-500", breaks=["PROF-D-03", "RFC7644-3.12-07", "OKTA-07", "MB-7"], source="groups-probe-on-save")
def the_list_of_groups_breaks_the_server(behaviour: Behaviour) -> None:
    """Reading the list of groups ends in a 500"""
    on_answer(behaviour)(lambda r: error(500, "Internal error") if is_collection(r, "GET", "Groups") else None)


@defect("group-by-id-200", breaks=["PROF-D-04"], presets=NO_GROUPS)
def any_group_can_be_read(behaviour: Behaviour) -> None:
    """Every id below /Groups brings an empty group"""

    @on_answer(behaviour)
    def answered(request: Request) -> Response | None:
        hit = request.method == "GET" and at(request, "Groups") and len(parts(request)) == 2
        return Response(200, a_group(behaviour) | {"id": parts(request)[1]}) if hit else None


@defect("resourcetypes-overclaim-group", breaks=["RFC7643-6-08", "PROF-D-13", "RFC7643-6-02", "MB-3"],
        source="resourcetypes-overclaim-group", presets=NO_GROUPS)  # fmt: skip
def groups_are_announced(behaviour: Behaviour) -> None:
    """/ResourceTypes lists Group although every group request is refused"""

    @on_discovery(behaviour, "ResourceTypes")
    def announced(document: dict[str, Any]) -> None:
        if "Resources" in document:
            kind = entries(document)[0] | {"id": "Group", "name": "Group", "endpoint": "/Groups", "schema": GROUP}
            document["Resources"].append(kind)
            document["totalResults"] = document["itemsPerPage"] = len(document["Resources"])


@defect("groups-on-users", breaks=["PROF-D-21", "RFC7643-7-10", "RFC7643-9.3-01"], presets=NO_GROUPS)
def people_carry_groups(behaviour: Behaviour) -> None:
    """People are shown with groups although no group can be read"""
    on_person(behaviour)(lambda person: person.update(groups=[{"value": "g-1", "display": "Everyone"}]))


@defect("group-write-deactivates-members", breaks=["MB-6", "PROF-D-15", "PROF-D-02"], presets=NO_GROUPS)
def a_refused_group_write_reaches_people(behaviour: Behaviour) -> None:
    """A group write is refused, and yet it deactivates somebody"""

    @on_answer(behaviour)
    def reached(request: Request) -> Response | None:
        if is_write(request):
            people = behaviour.server.people_of(None)
            for person in people.all(behaviour.server.user_type)[:1]:
                setattr(person, "active", False)  # noqa: B010 - the model is made at run time
                people.update(behaviour.server.user_type, person)
        return None
