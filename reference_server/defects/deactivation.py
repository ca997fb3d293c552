"""Deactivations that are confirmed and not done, done to the wrong person, or done with too much besides."""

from __future__ import annotations

from typing import Any

from scim2_models import NotFoundException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_reply, operations, problem
from reference_server.http import Request, Response, error

NOT_DONE = ["PROF-D-12", "PROF-D-07", "RFC7644-3.1-04", "MB-1"]
ONLY_ACTIVE = ["PROF-D-08"]


def deactivates(request: Request) -> bool:
    """Whether a PATCH request asks for active to be false, in whatever spelling."""
    values = [o.get("value") for o in operations(request)]
    spelled = [v.get("active") if isinstance(v, dict) else v for v in values]
    return request.method == "PATCH" and any(str(v).casefold() == "false" for v in spelled)


@defect("patch-noop-success", breaks=NOT_DONE, source="patch-noop-success")
def a_patch_is_confirmed_and_not_stored(behaviour: Behaviour) -> None:
    """A PATCH is answered with the changed person, and nothing is stored"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        return person if desk.how == "patch" else proceed(desk, kind, person, version)


@defect("put-noop-success", breaks=["RFC7644-3.5.1-01", "OKTA-09", *NOT_DONE], source="patch-noop-success")
def a_put_is_confirmed_and_not_stored(behaviour: Behaviour) -> None:
    """A PUT is answered with the changed person, and nothing is stored"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        return person if desk.how == "put" else proceed(desk, kind, person, version)


@defect("deactivation-arrives-late", breaks=["PROF-D-12", "MB-1"], source="patch-noop-success")
def a_deactivation_is_queued(behaviour: Behaviour) -> None:
    """A deactivation is confirmed at once and takes effect only after the person was read three times"""
    waiting: dict[str, list[Any]] = {}

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if person.active is not False:
            return proceed(desk, kind, person, version)
        waiting[person.id] = [desk, kind, person, 3]
        return person

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        if resource_id in waiting:
            waiting[resource_id][3] -= 1
            if waiting[resource_id][3] < 0:
                late, kind, person, _ = waiting.pop(resource_id)
                late.storage.update(kind, person)
        return proceed(desk, kind, resource_id)


@defect("deactivate-means-delete", breaks=["OKTA-11", "PROF-D-12", "PROF-D-23", "ENTRA-06", "IOP-6.6-01"],
        source="deactivate-means-delete")  # fmt: skip
def a_deactivated_person_is_deleted(behaviour: Behaviour) -> None:
    """Deactivating removes the person: afterwards every read is a 404"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        after = proceed(desk, kind, person, version)
        if getattr(after, "active", None) is False:
            desk.storage.delete(kind, after.id)
        return after


@defect("deactivate-answers-404", breaks=["PROF-D-07", "RFC7644-3.5.2-12", "OKTA-08"], source="put-only-server")
def a_deactivation_that_is_done_is_reported_as_missing(behaviour: Behaviour) -> None:
    """A deactivation is carried out and answered with a 404"""

    @on_reply(behaviour)
    def missed(request: Request, response: Response) -> Response | None:
        done = deactivates(request) and response.status == 200
        return error(404, "User not found") if done else None


@defect(
    "deactivate-answers-500", breaks=["PROF-D-07", "RFC7644-3.12-07", "OKTA-08"], source="delete-500-kills-integration"
)
def a_deactivation_that_is_done_ends_in_an_error(behaviour: Behaviour) -> None:
    """A deactivation is carried out, and then the server fails while answering"""

    @on_reply(behaviour)
    def failed(request: Request, response: Response) -> Response | None:
        done = deactivates(request) and response.status == 200
        return error(500, "The webhook receiver did not answer") if done else None


@defect("deactivation-touches-display-name", breaks=ONLY_ACTIVE)
def a_deactivation_renames(behaviour: Behaviour) -> None:
    """Deactivating puts "(inactive)" behind the display name"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if getattr(person, "active", None) is False:
            person.display_name = f"{(person.display_name or '').removesuffix(' (inactive)')} (inactive)"
        return proceed(desk, kind, person, version)


@defect("deactivation-clears-external-id", breaks=[*ONLY_ACTIVE, "PROF-D-22"])
def a_deactivation_cuts_the_link(behaviour: Behaviour) -> None:
    """Deactivating removes the externalId"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if getattr(person, "active", None) is False:
            person.external_id = None
        return proceed(desk, kind, person, version)


@defect("deactivation-removes-mails", breaks=ONLY_ACTIVE)
def a_deactivation_removes_mails(behaviour: Behaviour) -> None:
    """Deactivating removes the e-mail addresses"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if getattr(person, "active", None) is False:
            person.emails = None
        return proceed(desk, kind, person, version)


def switch_off(desk: Any, kind: Any, person: Any) -> None:
    other = desk.storage.get(kind, person.id)
    other.active = False
    desk.storage.update(kind, other)


@defect("deactivation-hits-a-bystander", breaks=["PROF-D-08", "MB-1", "STATE-01"], source="bad-filter-returns-all")
def a_deactivation_reaches_further(behaviour: Behaviour) -> None:
    """Deactivating somebody also deactivates another person of the tenant"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        after = proceed(desk, kind, person, version)
        others = [p for p in desk.storage.all(kind) if p.id != person.id and getattr(p, "active", False)]
        if getattr(after, "active", None) is False and others:
            switch_off(desk, kind, others[0])
        return after


@defect("wrong-person-deactivated", breaks=["PROF-D-08", "PROF-D-12", "MB-1"], source="bad-filter-returns-all")
def somebody_else_is_deactivated(behaviour: Behaviour) -> None:
    """Deactivating somebody deactivates another person instead, and confirms"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        others = [p for p in desk.storage.all(kind) if p.id != person.id and getattr(p, "active", False)]
        if getattr(person, "active", None) is not False or not others:
            return proceed(desk, kind, person, version)
        switch_off(desk, kind, others[0])
        return person


@defect("unknown-deactivation-204", breaks=["PROF-D-24", "RFC7644-3.5.2-17"])
def deactivating_nobody_succeeds(behaviour: Behaviour) -> None:
    """A PATCH on an id that does not exist is confirmed with a 204"""

    @behaviour.serve.around
    def served(proceed: Any, call: Any) -> Any:
        try:
            return proceed(call)
        except NotFoundException:
            if call.request.method != "PATCH":
                raise
            return Response(204)


@defect("inactive-user-rejects-writes", breaks=["PROF-D-07", "PROF-D-09", "OKTA-10", "ENTRA-05"],
        source="inactive-user-rejects-writes")  # fmt: skip
def inactive_people_cannot_be_written(behaviour: Behaviour) -> None:
    """Every write on an inactive person is a 409"""

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        person = proceed(desk, kind, resource_id)
        if desk.how in ("patch", "put") and getattr(person, "active", None) is False:
            raise problem(409, "The user has to be active to be changed")
        return person


@defect("reactivate-400", breaks=["PROF-D-09", "OKTA-10", "ENTRA-05", "IPSIE-AL1-5.1-02"], source="reactivate-400")
def nobody_comes_back(behaviour: Behaviour) -> None:
    """Reactivating is refused as an invalid PATCH"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if getattr(person, "active", None) and desk.storage.get(kind, person.id).active is False:
            raise problem(400, "active can only be set to false", "invalidValue")
        return proceed(desk, kind, person, version)


@defect(
    "reactivation-only-claimed", breaks=["PROF-D-09", "OKTA-10", "ENTRA-05", "RFC7644-3.1-04"], source="reactivate-400"
)
def a_reactivation_is_confirmed_and_not_done(behaviour: Behaviour) -> None:
    """Reactivating is answered with an active person who stays inactive"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        was_inactive = desk.storage.get(kind, person.id).active is False
        return person if person.active and was_inactive else proceed(desk, kind, person, version)


@defect("external-id-write-reactivates", breaks=["PROF-D-10"], source="okta-stale-false-after-reactivate")
def any_write_wakes_a_person_up(behaviour: Behaviour) -> None:
    """Writing an externalId to an inactive person makes the person active"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        if person.external_id != desk.storage.get(kind, person.id).external_id:
            person.active = True
        return proceed(desk, kind, person, version)


@defect("second-deactivation-400", breaks=["PROF-D-07"], source="inactive-user-rejects-writes")
def a_deactivation_works_once(behaviour: Behaviour) -> None:
    """Deactivating somebody who is inactive already is a 400"""

    @behaviour.apply_patch.around
    def applied(proceed: Any, call: Any, current: Any, patch_op: Any) -> Any:
        was = current.active
        changed = proceed(call, current, patch_op)
        if changed is None and was is False:
            raise problem(400, "The user is inactive already", "invalidValue")
        return changed


@defect("reply-shows-old-state", breaks=["RFC7644-3.1-04", "RFC7644-3.5.2-12"])
def the_answer_to_a_write_is_out_of_date(behaviour: Behaviour) -> None:
    """A deactivation is stored, but its answer still shows the person as active"""

    @on_reply(behaviour)
    def stale(request: Request, response: Response) -> None:
        if is_resource(request, "PATCH") and response.status == 200 and response.document.get("active") is False:
            response.document["active"] = True
