"""Media types that are not understood, or guessed."""

from __future__ import annotations

import json
from dataclasses import replace

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import READS, on_answer, on_reply, on_request
from reference_server.http import Request, Response, error

SCIM_JSON = ["RFC7644-3.8-06", "MB-1"]


def media_type(request: Request) -> str:
    return request.header("Content-Type").partition(";")[0].strip().lower()


def is_write(request: Request) -> bool:
    return request.method not in READS and bool(request.body)


@defect("scim-json-not-parsed", breaks=SCIM_JSON, source="scim-json-not-parsed")
def scim_json_looks_empty(behaviour: Behaviour) -> None:
    """A body of application/scim+json is not parsed, so every write looks empty"""

    @on_request(behaviour)
    def emptied(request: Request) -> Request | None:
        return replace(request, body=b"{}") if is_write(request) and media_type(request).endswith("scim+json") else None


@defect("scim-json-refused", breaks=SCIM_JSON, source="scim-json-not-parsed")
def scim_json_is_refused(behaviour: Behaviour) -> None:
    """A body of application/scim+json is a 415"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_write(request) and media_type(request).endswith("scim+json")
        return error(415, "Use application/json") if hit else None


@defect("charset-refused", breaks=["RFC7644-3.8-06"], source="scim-json-not-parsed")
def a_charset_is_refused(behaviour: Behaviour) -> None:
    """A Content-Type with charset=utf-8 is a 415"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_write(request) and "charset" in request.header("Content-Type").lower()
        return error(415, "Unsupported media type") if hit else None


@defect("plain-json-refused", breaks=["RFC7644-8.1-02", "OKTA-09"], source="plain-json-refused")
def plain_json_is_refused(behaviour: Behaviour) -> None:
    """A body of application/json is a 415"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        hit = is_write(request) and media_type(request) == "application/json"
        return error(415, "Use application/scim+json") if hit else None


@defect("any-media-type-accepted", breaks=["RFC9110-15.5.16-01"])
def every_media_type_is_read(behaviour: Behaviour) -> None:
    """A body is read as JSON whatever its media type says"""

    @on_request(behaviour)
    def retyped(request: Request) -> Request | None:
        return replace(request, headers={**request.headers, "content-type": "application/json"})


@defect("bad-media-type-500", breaks=["RFC9110-15.5.16-01", "RFC7644-3.12-07"])
def a_strange_media_type_breaks_the_server(behaviour: Behaviour) -> None:
    """A body of another media type ends in a 500"""

    @on_reply(behaviour)
    def broken(_request: Request, response: Response) -> Response | None:
        return error(500, "No parser") if response.status == 415 else None


@defect(
    "response-type-json", breaks=["RFC7644-8.1-01", "RFC7644-3.8-04", "RFC7644-3.8-02"], source="response-type-json"
)
def replies_are_plain_json(behaviour: Behaviour) -> None:
    """Replies are typed application/json"""
    on_reply(behaviour)(lambda _r, response: response.headers.update({"Content-Type": "application/json"}))


@defect("response-type-missing", breaks=["RFC7644-8.1-01", "RFC7644-3.8-04"])
def replies_have_no_type(behaviour: Behaviour) -> None:
    """Replies are typed text/plain"""
    on_reply(behaviour)(lambda _r, response: response.headers.update({"Content-Type": "text/plain"}))


@defect("accept-scim-json-406", breaks=["RFC7644-3.8-02", "MB-7"])
def asking_for_scim_json_is_refused(behaviour: Behaviour) -> None:
    """Accept: application/scim+json is a 406"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(406, "Not acceptable") if "scim+json" in request.header("Accept") else None


@defect("accept-json-406", breaks=["RFC7644-3.8-03"])
def asking_for_plain_json_is_refused(behaviour: Behaviour) -> None:
    """Accept: application/json is a 406"""

    @on_answer(behaviour)
    def refused(request: Request) -> Response | None:
        return error(406, "Not acceptable") if request.header("Accept") == "application/json" else None


@defect("replies-in-latin-1", breaks=["RFC7644-3.8-01"])
def replies_are_no_utf_8(behaviour: Behaviour) -> None:
    """Replies are written in Latin-1 but typed as UTF-8, so letters outside ASCII break"""

    @on_reply(behaviour)
    def rewritten(_request: Request, response: Response) -> Response | None:

        if response.document is None:
            return None
        text = json.dumps(response.document, ensure_ascii=False).encode("utf-8").decode("latin-1")
        typed = {**response.headers, "Content-Type": "application/scim+json"}
        return replace(response, raw=text.encode("utf-8"), headers=typed)
