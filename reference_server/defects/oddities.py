"""Unusual questions that make the server stumble, or answer to nobody's use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import html, is_collection, is_resource, is_scim, on_answer, on_reply
from reference_server.http import Request, Response, error


@defect("accept-html-page", breaks=["RFC9110-12.5.1-01"])
def who_asks_for_html_gets_a_page(behaviour: Behaviour) -> None:
    """Accept: text/html is answered with the page of a web application"""
    on_answer(behaviour)(lambda r: html(200, "People") if r.header("Accept").startswith("text/html") else None)


@defect("options-without-allow", breaks=["RFC9110-9.3.7-01"])
def options_say_nothing(behaviour: Behaviour) -> None:
    """OPTIONS is a 200 without an Allow header"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        if request.method == "OPTIONS" and is_scim(request):
            return Response(200, None, {"Access-Control-Allow-Methods": "GET"})
        return proceed(request)


@defect("format-suffix-500", breaks=["RFC7644-3.8-05", "RFC7644-3.12-07"])
def a_format_suffix_breaks_the_server(behaviour: Behaviour) -> None:
    """An id with .scim behind it ends in a 500"""
    on_answer(behaviour)(
        lambda r: error(500, "Unknown format") if is_resource(r, "GET") and r.path.endswith(".scim") else None
    )


@defect("doubled-member-500", breaks=["HTTP-JSON-03", "RFC7644-3.12-07"])
def a_doubled_member_breaks_the_server(behaviour: Behaviour) -> None:
    """A body that names a member twice ends in a 500"""
    doubled = b'"op":"replace","op"'
    on_answer(behaviour)(lambda r: error(500, "Duplicate key") if doubled in r.body.replace(b" ", b"") else None)


@defect("doubled-key-500", breaks=["RFC6750-3.1-04", "RFC7644-3.12-07"])
def a_key_that_comes_twice_breaks_the_server(behaviour: Behaviour) -> None:
    """A key in the header and another in the address end in a 500"""
    on_answer(behaviour)(lambda r: error(500, "Two credentials") if "access_token" in r.query else None)


@defect("anonymous-create", breaks=["RFC7644-2.2-01", "RFC7644-2-02"], presets=["full"])
def a_stranger_may_register(behaviour: Behaviour) -> None:
    """POST /Users without a key is answered with a 201"""

    @on_reply(behaviour)
    def registered(request: Request, response: Response) -> Response | None:
        stranger = is_collection(request, "POST") and not request.header("Authorization")
        return replace(response, status=201, document=None) if stranger else None
