"""Requests and responses as values, read from and written to WSGI."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

SCIM_JSON = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

BODY_LIMIT = 1024 * 1024
"""The largest request body that is read, in bytes."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True)
class Request:
    """One HTTP request. ``path`` is decoded, as sent; ``query`` holds the last value of each parameter, decoded;
    ``headers`` are keyed by lower-case name; ``origin`` is "scheme://host". ``too_large``: the body was not read."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = "http://localhost"
    too_large: bool = False

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @property
    def json(self) -> Any:
        """The body as JSON, or None when it is none."""
        try:
            return from_json(self.body, allow_inf_nan=False)
        except ValueError:
            return None


@dataclass
class Response:
    """One HTTP response. ``document`` is sent as JSON; ``raw``, when set, is sent instead of it."""

    status: int
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def resources(self) -> list[Any]:
        """The entries of a list answer, else an empty list."""
        entries = self.document.get("Resources") if isinstance(self.document, dict) else None
        return entries if isinstance(entries, list) else []


def error(status: int, detail: str, scim_type: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A SCIM error message (RFC 7644 section 3.12)."""
    document = {"schemas": [ERROR], "status": str(status)}
    if scim_type:
        document["scimType"] = scim_type
    document["detail"] = detail
    return Response(status, document, dict(headers or {}))


def empty_list() -> Response:
    return Response(
        200, {"schemas": [LIST_RESPONSE], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}
    )


def read(environ: Environ, public_url: str = "") -> Request:
    """The request of a WSGI call. Never raises: what cannot be decoded is replaced, what is too large is not read."""
    headers = {
        key[5:].replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") and isinstance(value, str)
    }
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            headers[key.replace("_", "-").lower()] = environ[key]
    body, too_large = _body(environ)
    return Request(
        method=environ.get("REQUEST_METHOD", "GET").upper(),
        path=_decoded(environ.get("SCRIPT_NAME", "")) + _decoded(environ.get("PATH_INFO", "")),
        query=_query(environ.get("QUERY_STRING", "")),
        headers=headers,
        body=body,
        origin=public_url.rstrip("/") or _origin(environ),
        too_large=too_large,
    )


def write(request_method: str, response: Response, start_response: StartResponse) -> Iterable[bytes]:
    """Send a response the WSGI way. A HEAD request gets the headers of GET and no body."""
    body = b""
    if response.raw is not None:
        body = response.raw
    elif response.document is not None:
        body = json.dumps(response.document, ensure_ascii=False).encode("utf-8", "replace")
        response.headers.setdefault("Content-Type", SCIM_JSON)
    response.headers.setdefault("Cache-Control", "private, no-store")
    if response.status not in (204, 304):
        response.headers["Content-Length"] = str(len(body))
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    start_response(f"{response.status} {phrase}", list(response.headers.items()))
    return [] if request_method == "HEAD" or not body else [body]


def _body(environ: Environ) -> tuple[bytes, bool]:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return b"", False
    if length > BODY_LIMIT:
        return b"", True
    if length > 0:
        return environ["wsgi.input"].read(length), False
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(BODY_LIMIT + 1)
        return (b"", True) if len(body) > BODY_LIMIT else (body, False)
    return b"", False


def _decoded(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _query(text: str) -> dict[str, str]:
    pairs = text.split("&")[:64]
    return dict(parse_qsl("&".join(pairs), keep_blank_values=True, errors="replace"))


def _origin(environ: Environ) -> str:
    scheme = environ.get("wsgi.url_scheme", "http")
    host = environ.get("HTTP_HOST", "")
    if not _HOST.fullmatch(host):
        # A strange Host header must not find its way into meta.location.
        host = f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
    return f"{scheme}://{host}"
