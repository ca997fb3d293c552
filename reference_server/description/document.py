"""The whole OpenAPI document."""

from __future__ import annotations

from typing import Any

from reference_server.description import operations
from reference_server.description.operations import JSON, KEY, SESSION, answers, operation
from reference_server.description.shapes import Shape, components, ref
from reference_server.front import HEALTH, METRICS, OPENAPI, READY
from reference_server.hooks import ABOUT, ACCESS, AUDIT, SIGN_IN, VERSION, WHO_AM_I
from reference_server.presets import Preset
from reference_server.routes import Place

_JSON = (JSON,)


def describe(preset: Preset, public_url: str = "") -> dict[str, Any]:
    """An OpenAPI 3.1 document of a server of this preset. ``public_url`` is where it is; left out, where it is read."""
    paths: dict[str, Shape] = {}
    for place in Place:
        paths |= operations.of(preset, place)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reference server of scimulator",
            "version": VERSION,
            "summary": preset.title,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url or "/"}],
        "security": [{KEY: []}],
        "paths": paths | _besides(),
        "components": {
            "schemas": components(preset) | _SHAPES,
            "securitySchemes": {
                KEY: {"type": "http", "scheme": "bearer", "description": "The API key of a tenant"},
                SESSION: {"type": "http", "scheme": "bearer", "description": "What somebody got at signing in"},
            },
        },
    }


def _besides() -> dict[str, Shape]:
    """What there is besides SCIM: the hooks, and what a server that is run for real tells."""
    admitted = (400, 413, 415, *operations.ALWAYS)
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    after = {"name": "after", "in": "query", "schema": number, "example": 0}
    signed = answers({200: "Welcome"}, admitted, _JSON)
    signed["403"] = {"description": "This person may not sign in", "content": {JSON: {"schema": ref("TurnedAway")}}}
    served: dict[str, dict[str, Shape]] = {
        ABOUT: _read("about", "What this server is", answers({200: "Named"}, (), _JSON)),
        AUDIT: {"get": operation("audit", "What was written", answers({200: "Audit"}, (400, *operations.ALWAYS), _JSON),
                                 parameters=[after])},
        SIGN_IN: {"post": operation("signIn", "Somebody signs in by SSO", signed, body="SignIn")},
        ACCESS: {"post": operation("access", "Whether somebody has access", answers({200: "Access"}, admitted, _JSON),
                                   body="Person")},
        WHO_AM_I: {"get": operation("whoAmI", "Whose session this is", answers({200: "Person"}, (401, 503), _JSON),
                                    security=[{SESSION: []}])},
        HEALTH: _read("health", "Whether the process is well", answers({200: "Named"}, (), _JSON)),
        READY: _read("ready", "Whether requests can be served", _ready()),
        METRICS: _read("metrics", "Figures for Prometheus", _page()),
        OPENAPI: _read("description", "This document", answers({200: "Named"}, (), _JSON)),
    }  # fmt: skip
    return served


def _read(name: str, summary: str, responses: Shape) -> dict[str, Shape]:
    """An address that is open to be read."""
    bare = {status: {"description": answer["description"]} for status, answer in responses.items()}
    return {
        "get": operation(name, summary, responses, security=[]),
        "head": operation(f"headOf{name.capitalize()}", summary, bare, security=[]),
    }


def _ready() -> Shape:
    body = {"content": {JSON: {"schema": ref("Named")}}}
    return {"200": {"description": "Ready"} | body, "503": {"description": "Not now; the status says why"} | body}


def _page() -> Shape:
    return {"200": {"description": "Found", "content": {"text/plain": {"schema": {"type": "string"}}}}}


def _object(required: tuple[str, ...], **properties: Any) -> Shape:
    return {"type": "object", "properties": properties, "required": list(required)}


_TEXT: Shape = {"type": "string"}
_MAYBE: Shape = {"type": ["string", "null"]}
_NAME: Shape = {"type": "string", "minLength": 1, "pattern": r"\S"}
_STATE: Shape = {"type": "string"}
_SHAPES: dict[str, Shape] = {
    "Named": {"type": "object"},
    "Person": _object(("userName",), userName=_NAME),
    "SignIn": _object(
        ("userName",),
        userName=_NAME, givenName=_MAYBE, familyName=_MAYBE, email=_MAYBE, readmit={"type": "boolean"},
    ),
    "Welcome": _object(
        ("allowed", "created", "id"),
        allowed={"const": True}, created={"type": "boolean"}, id=_TEXT, session=_TEXT, api_token=_TEXT,
    ),
    "TurnedAway": _object(("allowed", "reason"), allowed={"const": False}, reason=_TEXT),
    "Access": _object(("userName", "session", "api_token"), userName=_TEXT, session=_STATE, api_token=_STATE),
    "Audit": _object(
        ("entries", "next"), entries={"type": "array", "items": {"type": "object"}}, next={"type": "integer"}
    ),
}  # fmt: skip
