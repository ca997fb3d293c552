"""Bulk requests that do or tell something else than single ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, on_answer, on_reply, on_request
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH

FULL = ["full"]
BULKS = ["full", "ipsie-al1"]
Operation = dict[str, Any]


def jobs(request: Request) -> list[Operation]:
    """The operations of a bulk request, as far as they can be read."""
    body = request.json if at(request, "Bulk") else None
    found = body.get("Operations") if isinstance(body, dict) else None
    return [o for o in found if isinstance(o, dict)] if isinstance(found, list) else []


def on_job(behaviour: Behaviour, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rewrite the body of each job before it is worked through."""

    @on_request(behaviour)
    def changed(request: Request) -> Request | None:
        return replace(request, body=json.dumps(change(request.json)).encode()) if jobs(request) else None


def on_results(behaviour: Behaviour, change: Callable[[Request, list[Operation]], Any]) -> None:
    """Rewrite the results of each job, in place."""

    @on_reply(behaviour)
    def changed(request: Request, response: Response) -> None:
        if at(request, "Bulk") and response.status == 200 and isinstance(response.document, dict):
            change(request, response.document.get("Operations", []))


@defect("bulk-answers-207", breaks=["RFC7644-3.7-03"], presets=BULKS)
def a_job_is_a_207(behaviour: Behaviour) -> None:
    """A job is answered with 207 when an operation has failed"""
    on_reply(behaviour)(
        lambda request, response: (
            replace(response, status=207) if at(request, "Bulk") and response.status == 200 else None
        )
    )


@defect("bulk-stops-at-first-error", breaks=["RFC7644-3.7-04"], presets=BULKS)
def a_job_always_stops(behaviour: Behaviour) -> None:
    """A job stops at the first error although nobody asked for that"""
    on_job(behaviour, lambda body: body | {"failOnErrors": 1})


@defect("bulk-never-stops", breaks=["RFC7644-3.7-05"], presets=BULKS)
def a_job_never_stops(behaviour: Behaviour) -> None:
    """failOnErrors is read over"""
    on_job(behaviour, lambda body: {k: v for k, v in body.items() if k != "failOnErrors"})


@defect("bulk-post-without-id", breaks=["RFC7644-3.7-06"], presets=FULL)
def a_creation_needs_no_bulk_id(behaviour: Behaviour) -> None:
    """A creation in a job works without a bulkId"""
    on_job(
        behaviour,
        lambda body: body | {"Operations": [{"bulkId": f"own-{i}"} | o for i, o in enumerate(body["Operations"])]},
    )


@defect("bulk-id-not-echoed", breaks=["RFC7644-3.7-06"], presets=FULL)
def a_bulk_id_does_not_come_back(behaviour: Behaviour) -> None:
    """The results of a job do not repeat the bulkId"""
    on_results(behaviour, lambda _request, results: [r.pop("bulkId", None) for r in results])


@defect("bulk-guesses-the-method", breaks=["RFC7644-3.7-07"], presets=BULKS)
def an_operation_needs_no_method(behaviour: Behaviour) -> None:
    """An operation without a method is taken for a PATCH"""
    on_job(
        behaviour,
        lambda body: (
            body | {"Operations": [{"method": "PATCH"} | o for o in body["Operations"] if isinstance(o, dict)]}
        ),
    )


@defect("bulk-error-without-response", breaks=["RFC7644-3.7-08"], presets=BULKS)
def a_failed_operation_says_nothing(behaviour: Behaviour) -> None:
    """A failed operation has its status and no error"""
    on_results(behaviour, lambda _request, results: [r.pop("response", None) for r in results])


@defect("bulk-without-location", breaks=["RFC7644-3.7-09"], presets=BULKS)
def results_have_no_address(behaviour: Behaviour) -> None:
    """The results of a job do not name the resources"""
    on_results(behaviour, lambda _request, results: [r.pop("location", None) for r in results])


@defect("bulk-status-object", breaks=["HTTP-BULK-01"], presets=BULKS)
def a_status_is_an_object(behaviour: Behaviour) -> None:
    """The status of an operation is an object with a code"""
    on_results(behaviour, lambda _request, results: [r.update(status={"code": r["status"]}) for r in results])


@defect("bulk-status-number", breaks=["RFC7644-3.7-10", "HTTP-SCHEMA-01"], presets=BULKS)
def a_status_is_a_number(behaviour: Behaviour) -> None:
    """The status of an operation is a number"""
    on_results(behaviour, lambda _request, results: [r.update(status=int(r["status"])) for r in results])


def told_instead(behaviour: Behaviour, when: Callable[[Operation], bool], result: Operation) -> None:
    """Tell another result for some operations than what came of them."""

    def told(request: Request, results: list[Operation]) -> None:
        for sent, got in zip(jobs(request), results, strict=False):
            if when(sent):
                got.update(result)
                got.pop("response", None)

    on_results(behaviour, told)


@defect("bulk-collection-accepted", breaks=["RFC7644-3.7-11"], presets=BULKS)
def a_collection_can_be_patched_in_a_job(behaviour: Behaviour) -> None:
    """A PATCH of a whole collection in a job is confirmed"""
    told_instead(behaviour, lambda o: o.get("method") == "PATCH" and o.get("path") == "/Users", {"status": "200"})


@defect("bulk-version-ignored", breaks=["RFC7644-3.7-12"], presets=FULL)
def an_old_version_is_carried_out_in_a_job(behaviour: Behaviour) -> None:
    """The version of an operation is read over"""
    on_job(
        behaviour,
        lambda body: (
            body | {"Operations": [{k: v for k, v in o.items() if k != "version"} for o in body["Operations"]]}
        ),
    )


@defect("bulk-patch-does-nothing", breaks=["RFC7644-3.7-13", "RFC7644-3.7-04"], presets=BULKS)
def a_patch_in_a_job_is_confirmed_only(behaviour: Behaviour) -> None:
    """A PATCH in a job is confirmed and not carried out"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        sent = jobs(request)
        if not sent or any(o.get("method") != "PATCH" for o in sent):
            return None
        urn = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
        base = f"{request.origin}{BASE_PATH}"
        results = [{"method": "PATCH", "location": base + str(o.get("path")), "status": "200"} for o in sent]
        return Response(200, {"schemas": [urn], "Operations": results})


@defect("bulk-creates-where-refused", breaks=["RFC7644-3.7-02"], presets=["ipsie-al1"])
def a_job_is_a_way_round(behaviour: Behaviour) -> None:
    """People can be created in a job although creation is refused"""
    told_instead(behaviour, lambda o: o.get("method") == "POST", {"status": "201"})


@defect("bulk-references-kept", breaks=["RFC7644-3.7.2-01", "RFC7644-3.7.2-02", "RFC7644-3.7.1-01"], presets=FULL)
def references_stay_as_they_are(behaviour: Behaviour) -> None:
    """A reference to a bulkId is stored as it stands"""

    def hidden(body: dict[str, Any]) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(json.dumps(body).replace("bulkId:", "bulkId%3A"))
        return known

    on_job(behaviour, hidden)

    @on_reply(behaviour)
    def shown(_request: Request, response: Response) -> Response | None:
        if isinstance(response.document, dict) and "bulkId%3A" in json.dumps(response.document):
            return replace(response, document=json.loads(json.dumps(response.document).replace("bulkId%3A", "bulkId:")))
        return None


def fails_with(behaviour: Behaviour, ids: tuple[str, ...]) -> None:
    told = {"status": "500", "response": error(500, "Internal error").document}

    def failed(request: Request, results: list[Operation]) -> None:
        for sent, got in zip(jobs(request), results, strict=False):
            if sent.get("bulkId") in ids:
                got.update(told)

    on_results(behaviour, failed)


@defect("bulk-forward-reference-500", breaks=["RFC7644-3.7.2-02"], presets=FULL)
def a_reference_forward_breaks_the_job(behaviour: Behaviour) -> None:
    """A reference to what comes later in the job ends in a 500 for the operation"""
    fails_with(behaviour, ("before",))


@defect("bulk-circle-500", breaks=["RFC7644-3.7.1-01"], presets=FULL)
def a_circle_breaks_the_job(behaviour: Behaviour) -> None:
    """Two groups that contain each other end in a 500 for the operation"""
    fails_with(behaviour, ("a",))


@defect("bulk-limit-unnamed", breaks=["RFC7644-3.7.4-01"], presets=BULKS)
def a_413_names_no_limit(behaviour: Behaviour) -> None:
    """A 413 does not say how much is taken"""
    on_reply(behaviour)(
        lambda request, response: (
            response.document.update(detail="Too large") if at(request, "Bulk") and response.status == 413 else None
        )
    )


@defect("bulk-limit-lower-than-told", breaks=["RFC7644-3.7.4-02"], presets=BULKS)
def a_job_at_the_limit_is_refused(behaviour: Behaviour) -> None:
    """A job of more than half the published limit is a 413"""
    on_answer(behaviour)(lambda request: error(413, "At most 100 operations") if len(jobs(request)) > 50 else None)
