"""What both simulators need to put values on the wire and to read answers that may have any shape."""

from __future__ import annotations

import hashlib
import json
import string
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

from harness.model.exchange import NO_JSON, Exchange, Role, TroubleKind
from harness.model.step import Effect, Intent, Step, compact_json
from harness.model.transcript import Moment, Transcript

T = TypeVar("T")
Ask = Generator[Step, Exchange, T]
"""A part of a Sequence: yields Steps, is sent Exchanges, and returns what it learnt."""

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    428: "Precondition Required",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
"""Reason phrases as both vendors print them. Written out because Python's own table differs between its versions."""


@dataclass(frozen=True)
class Address:
    """Where a request goes: the path as sent, the same with ``{id}`` in it, and the part in the cast it is about."""

    path: str
    template: str
    subject: str = ""


def collection(name: str, subject: str = "") -> Address:
    """The address of ``/Users`` or ``/Groups``."""
    return Address(f"/{name}", f"/{name}", subject)


def member_of(name: str, resource_id: str, subject: str = "") -> Address:
    """The address of one resource. The id is percent-encoded, so that it stays one path segment whatever it holds."""
    segment = quote(resource_id, safe="", errors="replace")
    return Address(f"/{name}/{segment}", f"/{name}/{{id}}", subject)


def encoded(value: Any) -> bytes:
    """Compact JSON. A lone surrogate from the service cannot become UTF-8, so such a body is written with escapes."""
    try:
        return compact_json(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def identifier(resource: Any) -> str:
    """The id that an answer carries, or "" when it has none that can be a path segment.

    A whole number is taken as its digits, as a lenient JSON reader does; "." and ".." would leave the collection.
    """
    value = resource.get("id") if isinstance(resource, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value not in (".", ".."):
        return value
    return ""


def page_of(exchange: Exchange) -> list[dict[str, Any]] | None:
    """The resources of a list answer; None when the answer is not a readable list."""
    if not exchange.ok or not exchange.is_list:
        return None
    page = exchange.json.get("Resources")
    if page is None and exchange.json.get("totalResults") == 0:
        return []
    if not isinstance(page, list):
        return None
    return [resource for resource in page if isinstance(resource, dict)]


def detail_of(exchange: Exchange) -> str:
    """The ``detail`` of a SCIM error, or "" when the body has none."""
    body = exchange.json
    detail = body.get("detail") if isinstance(body, dict) else None
    return detail if isinstance(detail, str) else ""


def phrase_of(exchange: Exchange) -> str:
    """The reason phrase for the status of an answer: the usual one, else what the service wrote, else the number."""
    reason = exchange.response.reason if exchange.response else ""
    return PHRASES.get(exchange.status) or reason or str(exchange.status)


def readable(exchange: Exchange) -> bool:
    """Whether the body is JSON, or empty."""
    return exchange.json is not NO_JSON or not exchange.body.strip()


def retry_after(exchange: Exchange) -> float | None:
    """The seconds to wait that an answer asks for (RFC 9110 §10.2.3); None without a readable Retry-After.

    A date counts from the answer's own Date, because no simulator has a clock.
    """
    value = (exchange.header("Retry-After") or "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(exchange.header("Date") or "")
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())


def held_back(exchange: Exchange) -> bool:
    """Whether our own guard kept a request from being sent: the service has nothing to do with it."""
    return exchange.trouble is not None and exchange.trouble.kind is TroubleKind.GUARD


def heard(moment: Moment, transcript: Transcript) -> tuple[list[Exchange], bool]:
    """What the IdP sent after a Change and the service can have seen, and whether that is all it wanted to send.

    A step that our own guard held back never reached the service, and a scenario may have been cut short: the IdP's
    administrator would have seen more, or something else, than what can be told from the rest.
    """
    asked = [exchange for exchange in moment.during if exchange.role is Role.IDP]
    sent = [x for x in asked if not held_back(x)]
    followed = any(later.exchanges for later in transcript.moments[moment.index + 1 :])
    return sent, len(sent) == len(asked) and (transcript.complete or followed)


def digest(*words: str) -> bytes:
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "replace")).digest()


def alphanumeric(length: int, *words: str) -> str:
    """Letters and digits that look random and depend on the words only."""
    number = int.from_bytes(digest(*words), "big")
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


def guid(*words: str) -> str:
    """A version 4 GUID that depends on the words only."""
    return str(uuid.UUID(bytes=digest(*words)[:16], version=4))


_EFFECTS = {"GET": Effect.READ, "DELETE": Effect.DELETE}


def step_to(
    method: str,
    address: Address,
    intent: Intent,
    title: str,
    headers: tuple[tuple[str, str], ...],
    *,
    query: str = "",
    tag: str = "",
    body: bytes | None = None,
) -> Step:
    """One request to an address, in the form that the IdP has given its headers, query and body."""
    return Step(
        title=title,
        method=method,
        path=address.path,
        template=address.template,
        query=query,
        headers=headers,
        body=body,
        effect=_EFFECTS.get(method, Effect.WRITE),
        intent=intent,
        subject=address.subject,
        tag=tag,
    )
