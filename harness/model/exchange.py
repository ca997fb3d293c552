"""Exchange: what crossed the wire for one Step, or the Trouble that came instead of an answer."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from harness.model.lazy import lazy
from harness.model.step import Effect, Intent, Place


class Role(enum.StrEnum):
    """Who sent the request. A second IdP is one that is connected to the same service besides the story's own."""

    SETUP = "setup"
    IDP = "idp"
    SECOND_IDP = "second-idp"
    WITNESS = "witness"
    PROBE = "probe"
    PREFLIGHT = "preflight"


class Phase(enum.StrEnum):
    """Where an exchange stands relative to its Change. Probes are always DURING."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class TroubleKind(enum.StrEnum):
    """What went wrong on the way, as opposed to what the service answered."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    TOO_LARGE = "too-large"
    PROTOCOL = "protocol"
    GUARD = "guard"


@dataclass(frozen=True)
class Trouble:
    """Stands in place of a response: the question could not be asked, or the answer could not be read."""

    kind: TroubleKind
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Request:
    """A request as sent, redacted. ``url`` is absolute; ``headers`` keep their order and spelling."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True)
class Response:
    """A response as received, redacted. ``body`` is decoded from any Content-Encoding."""

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class _NoJson:
    """The type of NO_JSON, which is not a JSON value and is false."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NO_JSON"


NO_JSON = _NoJson()
"""Returned by ``Exchange.json`` when the body is empty or is not JSON."""

MAX_DEPTH = 64
"""JSON nested deeper than this is treated as not readable."""


def parse_json(body: bytes) -> Any:
    """Parse UTF-8 JSON; NO_JSON when empty, undecodable, malformed or nested deeper than MAX_DEPTH."""
    if _too_deep(body):
        return NO_JSON
    try:
        text = body.decode("utf-8").strip(_WHITE)
        value, end = _decode(text)
    except (ValueError, RecursionError):
        return NO_JSON
    return value if end == len(text) else NO_JSON


_WHITE = " \t\n\r"
"""What may stand around a JSON value (RFC 8259 §2)."""

_decode = json.JSONDecoder().raw_decode


def _too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif byte in (0x5D, 0x7D):
            depth -= 1
    return False


@lru_cache(maxsize=1024)
def joined(headers: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Headers by name in lower case, repeated ones joined with a comma."""
    found: dict[str, str] = {}
    for name, value in headers:
        folded = name.lower()
        found[folded] = f"{found[folded]}, {value}" if folded in found else value
    return found


@lru_cache(maxsize=1024)
def _parameters(query: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {unquote_plus(name).lower(): unquote_plus(value) for name, _, value in pairs}


WORN_KEY = "sent with a key that is no longer good"
"""The note of an exchange whose key the story let expire: to refuse it is right, whatever it asked for."""

MEETS = "sent at the same moment as "
"""How the note begins that an exchange carries when another one was under way at the same time."""


@dataclass(frozen=True)
class Exchange:
    """One Step and what came of it. Either ``response`` or ``trouble`` is set, never both.

    ``id`` is stable over re-runs ("x-" + six hex digits of the scenario + ordinal); ``moment`` is the index of the
    Change in the Story, or -1. ``elapsed_ms`` is the time to the last byte in milliseconds.
    """

    id: str
    scenario: str
    ordinal: int
    role: Role
    phase: Phase
    moment: int
    title: str
    intent: Intent
    effect: Effect
    request: Request
    response: Response | None = None
    trouble: Trouble | None = None
    subject: str = ""
    tag: str = ""
    template: str = ""
    place: Place = Place.SCIM
    path: str = ""
    query: str = ""
    started_at: str = ""
    elapsed_ms: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def meets_another(self) -> bool:
        """Whether another request about the same thing was sent at the same moment: their order is not known."""
        return any(note.startswith(MEETS) for note in self.notes)

    @property
    def answered(self) -> bool:
        """Whether the service answered at all."""
        return self.response is not None

    @property
    def status(self) -> int:
        """The HTTP status, or 0 when there was no answer."""
        return self.response.status if self.response else 0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_error(self) -> bool:
        return self.status >= 400

    @property
    def body(self) -> bytes:
        return self.response.body if self.response else b""

    @lazy
    def json(self) -> Any:
        """The parsed response body, or NO_JSON."""
        return parse_json(self.body)

    @lazy
    def sent(self) -> Any:
        """The parsed request body, or NO_JSON."""
        return parse_json(self.request.body or b"")

    @lazy
    def parameters(self) -> Mapping[str, str]:
        """The query parameters, decoded, by name in lower case; of doubled ones the last."""
        return _parameters(self.query or (urlsplit(self.request.url).query if "?" in self.request.url else ""))

    def forget(self) -> None:
        """Let go of everything that was worked out from the bodies: parsed it weighs several times what the bytes do.

        It is worked out anew when it is asked for.
        """
        known = self.__dict__
        # What was recorded was set first, and stays; whatever was worked out came later.
        for _ in range(len(known) - _RECORDED):
            known.popitem()

    @lazy
    def is_list(self) -> bool:
        """Whether the body is an object that calls itself a ListResponse or has its tell-tale member."""
        body = self.json
        if not isinstance(body, dict):
            return False
        schemas = body.get("schemas")
        return "totalResults" in body or (
            isinstance(schemas, list) and any(isinstance(s, str) and s.endswith(":ListResponse") for s in schemas)
        )

    @lazy
    def resource(self) -> dict[str, Any]:
        """The single resource of a 2xx answer, or {} (also for lists and errors)."""
        body = self.json
        return body if self.ok and isinstance(body, dict) and not self.is_list else {}

    @lazy
    def resources(self) -> list[dict[str, Any]]:
        """Every resource in a 2xx answer: the page of a list, or the single one. Non-objects are left out."""
        if not self.ok:
            return []
        if self.is_list:
            page = self.json.get("Resources")
            return [r for r in page if isinstance(r, dict)] if isinstance(page, list) else []
        return [self.resource] if self.resource else []

    def header(self, name: str) -> str | None:
        """The value of a response header, any letter case; repeated ones joined with a comma; None when absent."""
        return joined(self.response.headers).get(name.lower()) if self.response else None

    @lazy
    def media_type(self) -> str:
        """The media type of the response without parameters, lower case; "" when absent."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def sent_header(self, name: str) -> str | None:
        for key, value in self.request.headers:
            if key.lower() == name.lower():
                return value
        return None


_RECORDED = len(fields(Exchange))
"""How many things are recorded of an exchange."""
