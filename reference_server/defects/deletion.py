"""Deletions that do nothing, too little or too much."""

from __future__ import annotations

from typing import Any

from scim2_models import NotFoundException, UniquenessException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_collection, is_resource, on_answer, on_reply
from reference_server.http import Request, Response, error

DELETES = ["deprovisioning-only", "full"]
GONE = ["RFC7644-3.6-02", "RFC7644-3.6-03", "RFC7644-3.6-05"]
KEEPS = ["marketbeam", "marketbeam-strict", "read-only"]


@defect("delete-does-nothing", breaks=GONE, source="patch-noop-success", presets=DELETES)
def a_deletion_is_confirmed_and_not_done(behaviour: Behaviour) -> None:
    """Deleting a person is a 204, and the person stays"""
    behaviour.remove.instead(lambda _desk, _kind, _resource_id, _version: None)


@defect("delete-only-deactivates", breaks=[*GONE, "IOP-6.6-02"], source="deactivate-means-delete", presets=DELETES)
def a_deletion_is_a_deactivation(behaviour: Behaviour) -> None:
    """Deleting a person makes the person inactive; every read still brings a 200"""

    @behaviour.remove.around
    def removed(_proceed: Any, desk: Any, kind: Any, resource_id: str, version: Any) -> Any:
        person = desk.storage.get(kind, resource_id)
        person.active = False
        behaviour.keep(desk, kind, person, version)


@defect("delete-200-with-body", breaks=["RFC7644-3.6-01"], presets=DELETES)
def a_deletion_shows_something(behaviour: Behaviour) -> None:
    """Deleting a person is a 200 with a body"""

    @on_reply(behaviour)
    def shown(request: Request, response: Response) -> Response | None:
        return Response(200, {"deleted": True}) if is_resource(request, "DELETE") and response.status == 204 else None


@defect("delete-unknown-204", breaks=["RFC7644-3.6-01", "RFC7644-3.6-02"], presets=DELETES)
def deleting_nobody_succeeds(behaviour: Behaviour) -> None:
    """Deleting an id that does not exist is a 204"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except NotFoundException:
            if call.request.method != "DELETE":
                raise
            return Response(204)


@defect("deleted-still-listed", breaks=["RFC7644-3.6-03"], presets=DELETES)
def the_deleted_stay_in_lists(behaviour: Behaviour) -> None:
    """A deleted person is a 404 by id but still stands in lists and filters"""
    gone: set[str] = set()

    @behaviour.remove.around
    def removed(_proceed: Any, _desk: Any, _kind: Any, resource_id: str, _version: Any) -> Any:
        gone.add(resource_id)

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        if resource_id in gone:
            raise NotFoundException
        return proceed(desk, kind, resource_id)


@defect(
    "delete-500",
    breaks=["RFC7644-3.6-01", "RFC7644-3.12-07", "ENTRA-07"],
    source="delete-500-kills-integration",
    presets=DELETES,
)
def a_deletion_breaks_the_server(behaviour: Behaviour) -> None:
    """Deleting a person ends in a 500"""
    on_answer(behaviour)(lambda r: error(500, "violates foreign key constraint") if is_resource(r, "DELETE") else None)


@defect(
    "delete-keeps-the-name", breaks=["RFC7644-3.6-04", "IOP-6.6-02"], source="rehire-409-externalid", presets=["full"]
)
def the_name_of_the_deleted_stays_taken(behaviour: Behaviour) -> None:
    """The userName of a deleted person cannot be used again"""
    taken: set[str] = set()

    @behaviour.remove.around
    def removed(proceed: Any, desk: Any, kind: Any, resource_id: str, version: Any) -> Any:
        taken.add(str(getattr(desk.storage.get(kind, resource_id), "user_name", "")).lower())
        return proceed(desk, kind, resource_id, version)

    @behaviour.create.around
    def created(proceed: Any, desk: Any, kind: Any, resource: Any) -> Any:
        if str(getattr(resource, "user_name", "")).lower() in taken:
            raise UniquenessException(detail="The user name is taken")
        return proceed(desk, kind, resource)


@defect("delete-of-everybody-204", breaks=["RFC7644-3.6-06"])
def deleting_everybody_is_confirmed(behaviour: Behaviour) -> None:
    """DELETE /Users is a 204"""
    on_answer(behaviour)(lambda request: Response(204) if is_collection(request, "DELETE") else None)


@defect("delete-despite-refusal", breaks=["RFC7644-3.6-07", "PROF-D-15"], presets=KEEPS)
def a_refused_deletion_deactivates(behaviour: Behaviour) -> None:
    """Deleting a person is refused, and the person is inactive afterwards"""

    @on_answer(behaviour)
    def reached(request: Request) -> Response | None:
        if is_resource(request, "DELETE"):
            server = behaviour.server
            for person in server.people_of(None).all(server.user_type):
                if person.id == request.path.rpartition("/")[2]:
                    setattr(person, "active", False)  # noqa: B010 - the model is made at run time
                    server.people_of(None).update(server.user_type, person)
        return None


@defect("delete-confirmed-though-not-offered", breaks=["RFC7644-3.6-07", "ENTRA-07", "PROF-D-14"], presets=KEEPS)
def a_deletion_that_is_not_offered_is_confirmed(behaviour: Behaviour) -> None:
    """Deleting a person is a 204 although it is not offered, and the person stays"""
    on_answer(behaviour)(lambda request: Response(204) if is_resource(request, "DELETE") else None)
