"""Error answers that no client can read, or that say too much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scim2_models import InvalidSyntaxException

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import html, is_scim, on_error, on_reply
from reference_server.http import ERROR, Request, Response, error
from reference_server.routes import segments

ERROR_BODY = ["RFC7644-3.12-01"]
STATUS = ["RFC7644-3.12-02"]


def alter(behaviour: Behaviour, change: Any) -> None:
    """Change the document of each error reply in place."""
    on_error(behaviour)(lambda r: change(r.document) if isinstance(r.document, dict) else None)


@defect("error-status-number", breaks=STATUS, source="status-wrong-type")
def the_status_is_a_number(behaviour: Behaviour) -> None:
    """The status in error bodies is a number instead of a text"""
    alter(behaviour, lambda body: body.update(status=int(body["status"])))


@defect("error-status-missing", breaks=STATUS, source="status-wrong-type")
def there_is_no_status(behaviour: Behaviour) -> None:
    """Error bodies have no status"""
    alter(behaviour, lambda body: body.pop("status"))


@defect("error-status-null", breaks=STATUS, source="groups-refusal-read-as-broken-app")
def the_status_is_null(behaviour: Behaviour) -> None:
    """The status in error bodies is null"""
    alter(behaviour, lambda body: body.update(status=None))


@defect("error-status-object", breaks=STATUS, source="status-wrong-type")
def the_status_is_an_object(behaviour: Behaviour) -> None:
    """The status in error bodies is an object with code and message"""
    alter(behaviour, lambda body: body.update(status={"code": body["status"], "message": "Error"}))


@defect("error-status-mismatch", breaks=["RFC7644-3.2-03", *STATUS])
def the_status_is_another_one(behaviour: Behaviour) -> None:
    """The status in error bodies is always 400, whatever the HTTP status"""
    alter(behaviour, lambda body: body.update(status="400" if body["status"] != "400" else "500"))


@defect("error-schemas-string", breaks=ERROR_BODY, source="schemas-is-a-string")
def the_schemas_of_an_error_are_a_text(behaviour: Behaviour) -> None:
    """schemas in error bodies is a text instead of a list"""
    alter(behaviour, lambda body: body.update(schemas=ERROR))


@defect("error-schemas-missing", breaks=[*ERROR_BODY, "RFC7644-3.1-02"])
def an_error_does_not_say_what_it_is(behaviour: Behaviour) -> None:
    """Error bodies have no schemas"""
    alter(behaviour, lambda body: body.pop("schemas"))


@defect("error-schemas-scim1", breaks=[*ERROR_BODY, "RFC7644-3.1-02"])
def an_error_names_an_old_schema(behaviour: Behaviour) -> None:
    """Error bodies name the error schema of SCIM 1"""
    alter(behaviour, lambda body: body.update(schemas=["urn:scim:schemas:core:1.0:Error"]))


@defect("error-scim1-body", breaks=[*ERROR_BODY, *STATUS])
def errors_are_written_like_scim_1(behaviour: Behaviour) -> None:
    """Error bodies are a list "Errors" as in SCIM 1"""
    on_error(behaviour)(lambda r: replace(r, document={"Errors": [{"code": r.status, "description": "Error"}]}))


@defect("error-without-body", breaks=ERROR_BODY, source="unknown-route-empty-body")
def errors_have_no_body(behaviour: Behaviour) -> None:
    """Errors have no body at all"""
    on_error(behaviour)(lambda response: replace(response, document=None))


@defect("error-detail-array", breaks=["RFC7644-3.12-04"])
def the_detail_is_a_list(behaviour: Behaviour) -> None:
    """The detail in error bodies is a list of texts"""
    alter(behaviour, lambda body: body.update(detail=[body["detail"]]))


@defect("error-detail-object", breaks=["RFC7644-3.12-04"])
def the_detail_is_an_object(behaviour: Behaviour) -> None:
    """The detail in error bodies is an object"""
    alter(behaviour, lambda body: body.update(detail={"en": body["detail"]}))


@defect("error-problem-json", breaks=["RFC7644-3.12-09", *ERROR_BODY])
def errors_are_problem_documents(behaviour: Behaviour) -> None:
    """Errors are application/problem+json without the SCIM members"""
    kind = {"Content-Type": "application/problem+json"}
    on_error(behaviour)(lambda r: Response(r.status, {"type": "about:blank", "title": "Error"}, {**r.headers, **kind}))


@defect("error-plain-text", breaks=["RFC7644-8.1-01", *ERROR_BODY])
def errors_are_plain_text(behaviour: Behaviour) -> None:
    """Errors are a plain text"""
    on_error(behaviour)(lambda r: Response(r.status, None, {**r.headers, "Content-Type": "text/plain"}, b"error"))


@defect("error-typed-html", breaks=["RFC7644-8.1-01"])
def errors_are_called_web_pages(behaviour: Behaviour) -> None:
    """Error bodies are JSON but are typed text/html"""
    on_error(behaviour)(lambda response: response.headers.update({"Content-Type": "text/html"}))


@defect(
    "errors-as-200",
    breaks=["RFC7644-3.2-03", "RFC7644-3.12-06", "RFC7644-3.4.1-02", "RFC7644-3.4.2.2-04", "RFC7644-3.12-02"],
)
def errors_are_successes(behaviour: Behaviour) -> None:
    """Errors come with HTTP 200; only the body tells that something went wrong"""
    on_error(behaviour)(lambda response: replace(response, status=200) if response.status != 401 else None)


@defect("error-422", breaks=["RFC7644-3.12-06"])
def a_bad_request_is_a_422(behaviour: Behaviour) -> None:
    """A request that makes no sense is a 422 instead of a 400"""
    on_error(behaviour)(lambda r: error(422, "Unprocessable", r.document["scimType"]) if r.status == 400 else None)


@defect("error-keyword-unknown", breaks=["RFC7644-3.12-03", "RFC7644-3.12-05"])
def the_keyword_is_invented(behaviour: Behaviour) -> None:
    """scimType is a word that no specification knows"""
    alter(behaviour, lambda body: body.update(scimType="badRequest") if "scimType" in body else None)


@defect("error-keyword-number", breaks=["RFC7644-3.12-03"])
def the_keyword_is_a_number(behaviour: Behaviour) -> None:
    """scimType is a number"""
    alter(behaviour, lambda body: body.update(scimType=7) if "scimType" in body else None)


@defect("error-keyword-always-invalid-value", breaks=["RFC7644-3.12-05", "RFC7644-3.5.2.2-01", "RFC7644-3.4.2.2-05"])
def the_keyword_is_always_the_same(behaviour: Behaviour) -> None:
    """scimType is always invalidValue, whatever is wrong"""
    alter(behaviour, lambda body: body.update(scimType="invalidValue") if "scimType" in body else None)


@defect("error-keyword-missing", breaks=["RFC7644-3.12-05"], source="conflict-without-scimtype")
def there_is_no_keyword(behaviour: Behaviour) -> None:
    """Errors never have a scimType"""
    alter(behaviour, lambda body: body.pop("scimType", None))


@defect("stack-trace-in-errors", breaks=["SEC-ERR-01"])
def errors_show_the_inside(behaviour: Behaviour) -> None:
    """The detail of errors holds a stack trace with paths and versions"""
    trace = 'Traceback (most recent call last):\n  File "/srv/app/scim/views.py", line 88, in dispatch\nValueError: '
    alter(behaviour, lambda body: body.update(detail=trace + str(body["detail"])))


@defect("unknown-path-html", breaks=["RFC7644-3.12-00", "RFC7644-8.1-01"], source="groups-404-html")
def an_unknown_path_is_a_web_page(behaviour: Behaviour) -> None:
    """An unknown path below the base brings an HTML page"""

    @on_reply(behaviour)
    def page(_request: Request, response: Response) -> Response | None:
        unknown = response.status == 404 and "no SCIM endpoint" in str(response.document)
        return html(404) if unknown else None


@defect("unknown-path-empty", breaks=["RFC7644-3.12-00", *ERROR_BODY], source="unknown-route-empty-body")
def an_unknown_path_says_nothing(behaviour: Behaviour) -> None:
    """An unknown path below the base brings a 404 without a body"""

    @on_reply(behaviour)
    def emptied(_request: Request, response: Response) -> Response | None:
        unknown = response.status == 404 and "no SCIM endpoint" in str(response.document)
        return Response(404) if unknown else None


@defect("unknown-path-200", breaks=["RFC7644-3.12-00"], source="base-url-missing-scim-path")
def an_unknown_path_is_the_start_page(behaviour: Behaviour) -> None:
    """An unknown path below the base brings the product's start page with a 200"""

    @on_reply(behaviour)
    def page(_request: Request, response: Response) -> Response | None:
        unknown = response.status == 404 and "no SCIM endpoint" in str(response.document)
        return html(200, "Welcome") if unknown else None


@defect("bad-json-500", breaks=["HTTP-JSON-01", "HTTP-JSON-02", "RFC7644-3.12-07"], source="client-error-as-500")
def a_broken_body_breaks_the_server(behaviour: Behaviour) -> None:
    """A body that is no JSON object ends in a 500"""

    @behaviour.failure.around
    def failed(proceed: Any, exception: Exception) -> Any:
        return error(500, "Internal error") if isinstance(exception, InvalidSyntaxException) else proceed(exception)


@defect("large-body-500", breaks=["SEC-SIZE-01", "RFC7644-3.12-07"], source="oversized-body")
def a_large_body_breaks_the_server(behaviour: Behaviour) -> None:
    """A body of megabytes ends in a 500"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        return error(500, "MemoryError") if request.too_large and is_scim(request) else proceed(request)


@defect("wrong-base-as-html", breaks=["MB-7", "MB-8"], source="base-url-missing-scim-path")
def a_wrong_base_is_a_web_page(behaviour: Behaviour) -> None:
    """An address outside the SCIM base brings the product's web page with a 200"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        ours = is_scim(request) or segments(request.path)[:1] in ((".well-known",), ("sso",))
        return proceed(request) if ours else html(200, "Welcome")
