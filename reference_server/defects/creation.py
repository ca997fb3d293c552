"""Creations that are not refused, are refused for show, or tell more than they should."""

from __future__ import annotations

import itertools
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import html, is_collection, on_answer, on_reply
from reference_server.http import Request, Response, error
from reference_server.jit import SignIn
from reference_server.presets.provider import USER

NO_CREATE = ["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"]
REFUSED = ["PROF-D-01", "MB-2"]
SENTENCE = "Users cannot be created"


def user_name(request: Request) -> str:
    body = request.json
    name = body.get("userName") if isinstance(body, dict) else None
    return name if isinstance(name, str) else ""


def answer_creation(behaviour: Behaviour, answer: Any) -> None:
    """Answer each POST /Users with ``answer(request)``; None leaves it to the server."""
    on_answer(behaviour)(lambda request: answer(request) if is_collection(request, "POST") else None)


def known(behaviour: Behaviour, name: str) -> bool:
    server = behaviour.server
    return (
        bool(name) and server.people_of(server.credentials.tenants()[0]).by_unique(server.user_type, name) is not None
    )


def really_make(behaviour: Behaviour, request: Request) -> Any:
    """Make a person in the first tenant, as SCIM would."""
    server = behaviour.server
    name = user_name(request)
    if not name or known(behaviour, name):
        return None
    return server.front_door.make(server.credentials.tenants()[0], SignIn(name))


def shown(name: str, person_id: str) -> Response:
    return Response(201, {"schemas": [USER], "id": person_id, "userName": name, "active": True})


@defect("create-accepted-silently", breaks=REFUSED, source="post-refused-for-jit-only", presets=NO_CREATE)
def a_creation_is_confirmed_and_not_kept(behaviour: Behaviour) -> None:
    """Creating a person is a 201, and nobody is created"""
    answer_creation(behaviour, lambda request: shown(user_name(request), behaviour.server.new_id()))


@defect("create-really-creates", breaks=[*REFUSED, "PROF-D-15"], presets=NO_CREATE)
def a_creation_is_carried_out(behaviour: Behaviour) -> None:
    """Creating a person works although it is not offered"""

    def made(request: Request) -> Response | None:
        person = really_make(behaviour, request)
        return None if person is None else shown(person.user_name, person.id)

    answer_creation(behaviour, made)


@defect("create-refused-but-created", breaks=["PROF-D-15", "RFC7644-3.3-09", *REFUSED], presets=NO_CREATE)
def a_refused_creation_is_carried_out(behaviour: Behaviour) -> None:
    """Creating a person is refused, and the person is there afterwards"""
    answer_creation(behaviour, lambda request: really_make(behaviour, request) and None)


@defect(
    "create-409-oracle", breaks=["PROF-D-01", "PROF-D-14", "REFUSE-01"], source="conflict-as-oracle", presets=NO_CREATE
)
def a_refusal_tells_who_exists(behaviour: Behaviour) -> None:
    """Creating somebody who exists is a 409, anybody else a 405: the refusal tells who uses the product"""
    conflict = error(409, "User exists", "uniqueness")
    answer_creation(behaviour, lambda request: conflict if known(behaviour, user_name(request)) else None)


def refuse_creation_with(behaviour: Behaviour, status: int, **headers: str) -> None:
    answer_creation(behaviour, lambda _request: error(status, SENTENCE, headers=headers))


@defect("create-400", breaks=REFUSED, source="post-refused-for-jit-only", presets=NO_CREATE)
def a_creation_is_called_malformed(behaviour: Behaviour) -> None:
    """A well-formed creation is a 400"""
    refuse_creation_with(behaviour, 400)


@defect("create-401", breaks=REFUSED, presets=NO_CREATE)
def a_creation_calls_the_key_wrong(behaviour: Behaviour) -> None:
    """A creation with a good key is a 401"""
    refuse_creation_with(behaviour, 401, **{"WWW-Authenticate": 'Bearer realm="scim"'})


@defect("create-500", breaks=["RFC7644-3.12-07", *REFUSED], source="client-error-as-500", presets=NO_CREATE)
def a_creation_breaks_the_server(behaviour: Behaviour) -> None:
    """Creating a person ends in a 500"""
    refuse_creation_with(behaviour, 500)


@defect("create-503", breaks=REFUSED, source="errors-quarantine-the-job", presets=NO_CREATE)
def a_creation_asks_for_patience(behaviour: Behaviour) -> None:
    """Creating a person is a 503, so it is tried again for ever"""
    refuse_creation_with(behaviour, 503, **{"Retry-After": "1"})


@defect("create-redirect", breaks=REFUSED, presets=NO_CREATE)
def a_creation_leads_elsewhere(behaviour: Behaviour) -> None:
    """Creating a person is a redirect to the sign-in page"""
    answer_creation(behaviour, lambda _request: Response(302, None, {"Location": "https://app.example/signup"}))


@defect("create-204", breaks=REFUSED, presets=NO_CREATE)
def a_creation_is_an_empty_success(behaviour: Behaviour) -> None:
    """Creating a person is a 204, and nobody is created"""
    answer_creation(behaviour, lambda _request: Response(204))


@defect("refusal-flaps", breaks=["PROF-D-14"], presets=NO_CREATE)
def a_refusal_changes_from_time_to_time(behaviour: Behaviour) -> None:
    """The same creation is refused by 405, then by 403, then by 405 again"""
    turns = itertools.count(1)
    other = error(403, SENTENCE)
    answer_creation(behaviour, lambda _request: other if next(turns) % 2 == 0 else None)


@defect("refusal-depends-on-body", breaks=["PROF-D-01", "PROF-D-14"], presets=NO_CREATE)
def a_refusal_reads_the_body_first(behaviour: Behaviour) -> None:
    """A creation with a body that makes no sense is a 400, any other a 405"""
    wrong = error(400, "userName is required", "invalidValue")
    answer_creation(behaviour, lambda request: None if user_name(request) else wrong)


@defect("refused-create-location", breaks=["PROF-D-01"], presets=NO_CREATE)
def a_refusal_names_a_location(behaviour: Behaviour) -> None:
    """A refused creation has a Location header, as if something had been made"""

    @on_reply(behaviour)
    def named(request: Request, response: Response) -> None:
        if is_collection(request, "POST") and response.status >= 400 and response.status != 401:
            response.headers["Location"] = f"{request.origin}{request.path}"


@defect("refusal-html", breaks=["PROF-D-01", "RFC7644-3.12-01", "RFC7644-8.1-01"], presets=NO_CREATE)
def a_refused_creation_is_a_web_page(behaviour: Behaviour) -> None:
    """A refused creation brings the HTML page of a web framework"""

    def page(_request: Request) -> Response:
        shown = html(405, "Method Not Allowed")
        shown.headers["Allow"] = "GET, HEAD"
        return shown

    answer_creation(behaviour, page)


@defect("refusal-empty", breaks=["PROF-D-01", "RFC7644-3.12-01"], source="unknown-route-empty-body", presets=NO_CREATE)
def a_refused_creation_has_no_body(behaviour: Behaviour) -> None:
    """A refused creation has no body"""
    answer_creation(behaviour, lambda _request: Response(405, None, {"Allow": "GET, HEAD"}))


@defect(
    "refusal-without-sentence",
    breaks=["PROF-D-01", "MB-2", "RFC7644-3.12-04"],
    source="post-refused-for-jit-only",
    presets=NO_CREATE,
)
def a_refused_creation_does_not_explain_itself(behaviour: Behaviour) -> None:
    """A refused creation has no detail, so nobody learns that people come by signing in"""

    @on_reply(behaviour)
    def silent(request: Request, response: Response) -> None:
        if is_collection(request, "POST") and response.status >= 400 and response.status != 401:
            response.document.pop("detail", None)


@defect("405-without-allow", breaks=["RFC9110-15.5.6-01", "PROF-D-01"])
def a_405_names_no_method(behaviour: Behaviour) -> None:
    """A 405 has no Allow header"""
    on_reply(behaviour)(lambda _request, response: response.headers.pop("Allow", None))


@defect("405-allow-lies", breaks=["RFC9110-15.5.6-01", "RFC9110-15.5.6-02", "PROF-D-13"])
def a_405_names_what_it_refuses(behaviour: Behaviour) -> None:
    """The Allow header of a 405 names every method there is"""
    every = {"Allow": "GET, HEAD, POST, PUT, PATCH, DELETE"}
    on_reply(behaviour)(lambda _request, r: r.headers.update(every) if r.status == 405 else None)


@defect(
    "create-adopts-existing", breaks=[*REFUSED, "PROF-D-15"], source="create-adopts-foreign-user", presets=NO_CREATE
)
def a_creation_takes_somebody_over(behaviour: Behaviour) -> None:
    """Creating somebody who exists rewrites that person's display name"""

    def adopted(request: Request) -> Response | None:
        server, name = behaviour.server, user_name(request)
        if not known(behaviour, name):
            return None
        people = server.people_of(server.credentials.tenants()[0])
        person: Any = people.by_unique(server.user_type, name)
        person.display_name = "Adopted"
        people.update(server.user_type, person)
        return shown(name, person.id)

    answer_creation(behaviour, adopted)
