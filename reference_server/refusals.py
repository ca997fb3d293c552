"""What a preset refuses, and how: decided by address and method alone, never by the body."""

from __future__ import annotations

from reference_server.http import Request, Response, empty_list, error
from reference_server.presets import Preset
from reference_server.presets.preset import READS
from reference_server.routes import BASE_PATH, Place, Route

DISCOVERY = "Discovery can only be read"
UNSERVED = "There is no SCIM endpoint at {path}; the base URL ends in " + BASE_PATH


def refuse(preset: Preset, request: Request, where: Route) -> Response | None:
    """The refusing answer, or None when the request is to be served."""
    if where.place is Place.UNKNOWN:
        return error(404, UNSERVED.format(path=where.path[:200]))
    if where.place is Place.UNSERVED:
        return _unserved(preset, request, where)
    if where.place is Place.ME:
        if not preset.features.get("me"):
            return _refused(preset, "me", ())
        return None if request.method in READS else _refused(preset, "write", READS)
    if where.place is Place.BULK and not preset.features["bulk_operations"]:
        return _refused(preset, "bulk", ())
    allowed = methods(preset, where.place)
    if request.method in allowed:
        return None
    if where.place.is_discovery:
        return error(405, DISCOVERY, headers={"Allow": ", ".join(allowed)})
    return _refused(preset, _kind(request.method, where.place), allowed)


def methods(preset: Preset, place: Place) -> tuple[str, ...]:
    """The methods that are really served at a kind of address; the Allow header says no more and no less."""
    if place is Place.COLLECTION:
        return preset.collection
    if place is Place.RESOURCE:
        return preset.resource
    if place in (Place.SEARCH, Place.ROOT_SEARCH, Place.BULK):
        return ("POST",)
    return READS


def refused(preset: Preset, method: str, place: Place) -> Response | None:
    """The refusing answer to a method at a kind of address; None when it is served."""
    allowed = methods(preset, place)
    return None if method in allowed else _refused(preset, _kind(method, place), allowed)


def _kind(method: str, place: Place) -> str:
    if place is Place.COLLECTION and method == "POST":
        return "create"
    if place is Place.RESOURCE and method == "DELETE":
        return "delete"
    return "write"


def _refused(preset: Preset, kind: str, allowed: tuple[str, ...]) -> Response:
    refusal = preset.refusals[kind]
    headers = {"Allow": ", ".join(allowed)} if refusal.status == 405 else {}
    return error(refusal.status, refusal.detail, headers=headers)


def _unserved(preset: Preset, request: Request, where: Route) -> Response:
    # Clients that probe for groups when a connection is saved take a 404 for a broken service.
    if preset.tolerates("empty-group-list") and request.method in READS and not where.id:
        return empty_list()
    return _refused(preset, "groups", ())
