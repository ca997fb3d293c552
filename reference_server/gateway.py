"""The gateway: takes every request, finds out where it wants to go, and sees that an answer comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from scim2_models import InvalidValueException, PayloadTooLargeException

from reference_server import http
from reference_server.admission import REALM, Caller
from reference_server.behaviour import Behaviour
from reference_server.hooks import Hooks
from reference_server.http import BODY_LIMIT, Request, Response, error
from reference_server.later import Later
from reference_server.people import Desk
from reference_server.presets import Preset
from reference_server.presets.preset import READS
from reference_server.routes import BASE, BASE_PATH, Place, Route, route, segments
from reference_server.service import Call, PresetService

_VERSION = re.compile(r"v\d+(\.\d+)?", re.IGNORECASE)


class Gateway:
    """A WSGI application. ``desk_of(caller, how)`` gives the people that a caller may see."""

    def __init__(
        self,
        preset: Preset,
        behaviour: Behaviour,
        hooks: Hooks,
        desk_of: Callable[[Caller, str], Desk],
        public_url: str = "",
    ) -> None:
        self._preset = preset
        self._behaviour = behaviour
        self._hooks = hooks
        self._desk_of = desk_of
        self._public_url = public_url
        self._discovery = PresetService(preset, behaviour)
        self._later = Later(behaviour, offered=preset.features["asynchronous"])
        behaviour.respond.does(self._respond)

    def __call__(self, environ: http.Environ, start_response: http.StartResponse) -> Iterable[bytes]:
        request = http.read(environ, self._public_url)
        response = self._behaviour.respond(request)
        return http.write(request.method, response, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            return self._dispatch(request)
        except Exception as exception:
            return self._behaviour.failure(exception)

    def _dispatch(self, request: Request) -> Response:
        parts = segments(request.path)
        if parts[: len(BASE)] == BASE:
            return self._scim(request, parts[len(BASE) :])
        answer = self._hooks.answer(request, "/" + "/".join(parts))
        if answer is not None:
            return answer
        if len(parts) > 1 and parts[0] == BASE[0] and _VERSION.fullmatch(parts[1]):
            return error(404, f"There is no SCIM version {parts[1]} here; the base URL ends in {BASE_PATH}")
        return error(404, f"There is nothing at this address; the SCIM base URL ends in {BASE_PATH}")

    def _scim(self, request: Request, parts: tuple[str, ...]) -> Response:
        result = self._later.result(request, parts)
        if result is not None:
            return result
        where = route(parts, self._preset.endpoints)
        # Discovery holds nothing about anybody, so it is open (RFC 7643 section 5); a key that comes is still checked.
        open_to_all = where.place.is_discovery and request.method in READS and not request.header("Authorization")
        caller = None if open_to_all else self._behaviour.admit(request)
        if caller is not None and caller.reads_only and not _reads(request, where):
            challenge = {"WWW-Authenticate": f'Bearer realm="{REALM}", error="insufficient_scope"'}
            return error(403, "This API key may only read: use one that may write", headers=challenge)
        refusal = self._behaviour.refuse(request, where)
        if refusal is not None:
            return refusal
        if request.too_large:
            raise PayloadTooLargeException(detail=f"A body may have at most {BODY_LIMIT} bytes")
        if any("\0" in value for value in request.query.values()):
            raise InvalidValueException(detail="No parameter may hold the NUL character")
        if where.place.is_discovery:
            return self._discover(request, where)
        assert caller is not None
        desk = self._desk_of(caller, request.method.lower())
        response = self._behaviour.serve(Call(request, where, caller, self._preset, desk))
        return self._later.put_off(request, caller, self._represented(request, response))

    def _discover(self, request: Request, where: Route) -> Response:
        service = self._discovery
        location = f"{request.origin}{BASE_PATH}{where.path}"
        with service.provider:
            if where.place is Place.CONFIG:
                answer = service.service_provider_config(location, request.query)
                claim = {"interopProfileConformant": True} if self._preset.features["interop"] else {}
                answer = replace(answer, body=self._later.announced(answer.body or {}) | claim)
            elif where.place is Place.TYPES and where.id:
                answer = service.resource_type(location, where.id, request.query)
            elif where.place is Place.TYPES:
                answer = service.resource_types(location, request.query)
            elif where.id:
                answer = service.schema(location, where.id, request.query)
            else:
                answer = service.schemas(location, request.query)
        document = self._behaviour.discover(request, where.endpoint, answer.body)
        return Response(answer.status.value, document, dict(answer.headers))

    def _represented(self, request: Request, response: Response) -> Response:
        """Pass each resource of a reply through its seam."""
        document = response.document
        if response.status >= 300 or not isinstance(document, dict):
            return response
        if response.resources:
            document["Resources"] = [self._behaviour.represent(request, entry) for entry in response.resources]
        elif _is_resource(document):
            response.document = self._behaviour.represent(request, document)
        return response


def _reads(request: Request, where: Route) -> bool:
    return request.method in READS or where.place in (Place.SEARCH, Place.ROOT_SEARCH)


def _is_resource(document: dict[str, Any]) -> bool:
    return "id" in document
