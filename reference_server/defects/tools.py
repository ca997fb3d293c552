"""Small helpers for defects: what a request is about, and where to change requests and replies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim2_models import Error, SCIMException

from reference_server.behaviour import Behaviour
from reference_server.http import Request, Response
from reference_server.routes import BASE, segments

READS = ("GET", "HEAD")

ChangeReply = Callable[[Request, Response], Any]
ChangeRequest = Callable[[Request], Request | None]
ChangePerson = Callable[[dict[str, Any]], Any]
ChangeList = Callable[[Request, dict[str, Any]], Any]
Answer = Callable[[Request], Response | None]


def parts(request: Request) -> tuple[str, ...]:
    """The path below the SCIM base in plain spelling, () for the base itself and for everything outside."""
    found = segments(request.path)
    return found[len(BASE) :] if found[: len(BASE)] == BASE else ()


def is_scim(request: Request) -> bool:
    return segments(request.path)[: len(BASE)] == BASE


def at(request: Request, *names: str) -> bool:
    """Whether a request goes to one of these endpoints ("Users", "Groups", "Schemas" ...)."""
    found = parts(request)
    return bool(found) and found[0].casefold() in (n.casefold() for n in names)


def is_collection(request: Request, method: str, endpoint: str = "Users") -> bool:
    return request.method == method and at(request, endpoint) and len(parts(request)) == 1


def is_resource(request: Request, method: str, endpoint: str = "Users") -> bool:
    """Whether a request is about one resource of an endpoint."""
    return request.method == method and at(request, endpoint) and len(parts(request)) == 2


def on_request(behaviour: Behaviour) -> Callable[[ChangeRequest], ChangeRequest]:
    """Decorator: rewrite every SCIM request before anything else sees it; None leaves it alone."""

    def register(change: ChangeRequest) -> ChangeRequest:
        @behaviour.respond.around
        def changed(proceed: Callable[[Request], Response], request: Request) -> Response:
            return proceed((change(request) or request) if is_scim(request) else request)

        return change

    return register


def on_reply(behaviour: Behaviour) -> Callable[[ChangeReply], ChangeReply]:
    """Decorator: rewrite every SCIM reply after everything else, in place or by returning another one."""

    def register(change: ChangeReply) -> ChangeReply:
        @behaviour.respond.around
        def replied(proceed: Callable[[Request], Response], request: Request) -> Response:
            response = proceed(request)
            changed = change(request, response) if is_scim(request) else None
            return changed if isinstance(changed, Response) else response

        return change

    return register


def on_answer(behaviour: Behaviour) -> Callable[[Answer], Answer]:
    """Decorator: answer SCIM requests of admitted callers in place of the server; None lets the server do it."""

    def register(answer: Answer) -> Answer:
        @behaviour.refuse.around
        def answered(proceed: Callable[..., Response | None], request: Request, where: Any) -> Response | None:
            return answer(request) or proceed(request, where)

        return answer

    return register


def on_error(behaviour: Behaviour) -> Callable[[Callable[[Response], Any]], Callable[[Response], Any]]:
    """Decorator: rewrite every SCIM error reply, in place or by returning another one."""

    def register(change: Callable[[Response], Any]) -> Callable[[Response], Any]:
        on_reply(behaviour)(lambda _request, response: change(response) if response.status >= 400 else None)
        return change

    return register


def on_person(behaviour: Behaviour) -> Callable[[ChangePerson], ChangePerson]:
    """Decorator: alter each person in a reply, in place; what it returns does not matter."""

    def register(change: ChangePerson) -> ChangePerson:
        @behaviour.represent.around
        def changed(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
            shown: dict[str, Any] = proceed(request, resource)
            if at(request, "Users"):
                change(shown)
            return shown

        return change

    return register


def on_list(behaviour: Behaviour) -> Callable[[ChangeList], ChangeList]:
    """Decorator: alter each list of people in a reply, in place; what it returns does not matter."""

    def register(change: ChangeList) -> ChangeList:
        @on_reply(behaviour)
        def altered(request: Request, response: Response) -> None:
            document = response.document
            if at(request, "Users") and isinstance(document, dict) and "totalResults" in document:
                change(request, document)

        return change

    return register


def on_discovery(behaviour: Behaviour, name: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Decorator: rewrite the document of a discovery endpoint, in place or by returning another one.

    /Schemas and /ResourceTypes come as a list and, asked for by id, as one resource.
    """

    def register(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @behaviour.discover.around
        def changed(proceed: Any, request: Request, endpoint: str, document: Any) -> Any:
            shown = proceed(request, endpoint, document)
            return (change(shown) or shown) if endpoint == name else shown

        return change

    return register


def entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of a discovery document, be it a list or one of them."""
    found: list[dict[str, Any]] = document.get("Resources", [document])
    return found


def with_query(request: Request, **parameters: str | None) -> Request:
    """The request with these query parameters set, or left out where None."""
    query = {k: v for k, v in request.query.items() if k not in parameters}
    return replace(request, query=query | {k: v for k, v in parameters.items() if v is not None})


def operations(request: Request) -> list[dict[str, Any]]:
    """The operations of a PATCH body, as far as they can be read."""
    body = request.json
    found = body.get("Operations") if isinstance(body, dict) else None
    return [o for o in found if isinstance(o, dict)] if isinstance(found, list) else []


def html(status: int, title: str = "Not Found") -> Response:
    """An HTML page of a web framework."""
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(status, None, {"Content-Type": "text/html; charset=utf-8"}, page.encode())


def problem(status: int, detail: str, scim_type: str = "") -> SCIMException:
    """A SCIM exception to raise from a seam."""
    return SCIMException.from_error(Error(status=status, detail=detail, scim_type=scim_type or None))
