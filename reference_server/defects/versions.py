"""Versions and conditions that do not hold, where they are offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import at, on_person, on_reply, on_request
from reference_server.http import Request, Response, error

FULL = ["full"]


def without(behaviour: Behaviour, header: str) -> None:
    """Read over a request header."""

    @on_request(behaviour)
    def dropped(request: Request) -> Request:
        return replace(request, headers={k: v for k, v in request.headers.items() if k != header})


@defect("etag-missing", breaks=["RFC7644-3.14-01"], presets=FULL)
def there_is_no_etag(behaviour: Behaviour) -> None:
    """Replies have no ETag header although versions are promised"""
    on_reply(behaviour)(lambda _request, response: response.headers.pop("ETag", None))


@defect("version-missing", breaks=["RFC7644-3.14-02"], presets=FULL)
def there_is_no_version(behaviour: Behaviour) -> None:
    """meta has no version although there is an ETag header"""
    on_person(behaviour)(lambda person: person.get("meta", {}).pop("version", None))


@defect("version-differs", breaks=["RFC7643-3.1-18"], presets=FULL)
def the_version_is_not_the_etag(behaviour: Behaviour) -> None:
    """meta.version is the bare number, the ETag header a quoted tag"""
    on_person(behaviour)(lambda p: p["meta"].update(version=p["meta"]["version"].strip('W/"')) if "meta" in p else None)


@defect("etag-unquoted", breaks=["RFC7643-3.1-19"], presets=FULL)
def the_etag_has_no_quotes(behaviour: Behaviour) -> None:
    """The ETag header has no quotes"""

    @on_reply(behaviour)
    def bare(_request: Request, response: Response) -> None:
        if "ETag" in response.headers:
            response.headers["ETag"] = response.headers["ETag"].strip('W/"')


@defect("etag-never-changes", breaks=["RFC7644-3.14-09"], presets=FULL)
def a_change_keeps_the_version(behaviour: Behaviour) -> None:
    """The version stays the same whatever changes"""
    on_person(behaviour)(lambda p: p["meta"].update(version='W/"1"') if "meta" in p else None)
    on_reply(behaviour)(
        lambda _r, response: response.headers.update(ETag='W/"1"') if "ETag" in response.headers else None
    )


@defect("etag-always-changes", breaks=["RFC7644-3.14-09", "RFC7644-3.4-03"], presets=FULL)
def reading_changes_the_version(behaviour: Behaviour) -> None:
    """Every read has another version"""
    count = [0]

    @on_person(behaviour)
    def another(person: dict[str, Any]) -> None:
        count[0] += 1
        if "meta" in person:
            person["meta"]["version"] = f'W/"r{count[0]}"'


@defect("if-match-ignored", breaks=["RFC7644-3.14-05"], source="if-match-ignored", presets=FULL)
def a_stale_write_is_carried_out(behaviour: Behaviour) -> None:
    """A write with a stale If-Match is carried out"""
    without(behaviour, "if-match")


@defect("if-none-match-ignored", breaks=["RFC7644-3.14-03"], presets=FULL)
def an_unchanged_person_is_sent_again(behaviour: Behaviour) -> None:
    """A read with the current If-None-Match brings the whole person"""
    without(behaviour, "if-none-match")


@defect("if-match-weak-refused", breaks=["HTTP-ETAG-01"], presets=FULL)
def the_current_version_is_refused(behaviour: Behaviour) -> None:
    """A write with the current weak tag is a 412"""

    @on_reply(behaviour)
    def refused(request: Request, _response: Response) -> Response | None:
        weak = at(request, "Users") and request.header("If-Match").startswith("W/")
        return error(412, "Precondition failed") if weak else None


@defect("if-match-star-refused", breaks=["RFC7644-3.14-07"], presets=FULL)
def any_version_is_refused(behaviour: Behaviour) -> None:
    """A write with If-Match: * is a 412"""

    @on_reply(behaviour)
    def refused(request: Request, _response: Response) -> Response | None:
        return error(412, "Precondition failed") if request.header("If-Match") == "*" else None


@defect("412-without-body", breaks=["RFC7644-3.14-11", "RFC7644-3.12-01"], presets=FULL)
def a_412_says_nothing(behaviour: Behaviour) -> None:
    """A 412 has no SCIM error"""
    on_reply(behaviour)(lambda _request, response: Response(412) if response.status == 412 else None)


@defect("if-none-match-always-304", breaks=["RFC7644-3.14-04"], presets=FULL)
def whoever_has_something_gets_nothing(behaviour: Behaviour) -> None:
    """A read with any If-None-Match is a 304, also when the client has old data"""
    on_reply(behaviour)(lambda request, _response: Response(304) if request.header("If-None-Match") else None)


@defect("conditional-delete-412-and-gone", breaks=["RFC7644-3.14-08"], presets=FULL)
def a_refused_deletion_is_carried_out(behaviour: Behaviour) -> None:
    """A deletion with an old version is a 412, and the person is gone"""
    refused: list[str] = []

    @on_request(behaviour)
    def passed(request: Request) -> Request | None:
        if request.method != "DELETE" or not request.header("If-Match"):
            return None
        refused.append(request.path)
        return replace(request, headers={k: v for k, v in request.headers.items() if k != "if-match"})

    @on_reply(behaviour)
    def told(request: Request, _response: Response) -> Response | None:
        late = request.method == "DELETE" and bool(request.header("If-Match"))
        return error(412, "Precondition failed") if late else None


@defect("if-match-strong-refused", breaks=["RFC7644-3.14-06"], presets=FULL)
def the_current_strong_version_is_refused(behaviour: Behaviour) -> None:
    """Versions are strong tags, and a write with the current one is a 412"""

    @on_reply(behaviour)
    def strong(request: Request, response: Response) -> Response | None:
        if at(request, "Users") and request.header("If-Match").startswith('"'):
            return error(412, "Precondition failed")
        if "ETag" in response.headers:
            response.headers["ETag"] = response.headers["ETag"].removeprefix("W/")
        return None

    on_person(behaviour)(
        lambda p: p["meta"].update(version=p["meta"]["version"].removeprefix("W/")) if "meta" in p else None
    )
