"""Traffic: one request and its answer, as a file gives them, become a Sighting: masked, classified, honest."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from harness.intake.dialects import client_of, idp_of
from harness.intake.intents import Address, Names, address_of, parameters, read_request
from harness.intake.masking import Masker
from harness.model.exchange import Exchange, Phase, Request, Response, Trouble, parse_json
from harness.model.partial import note_of
from harness.model.sighting import Complaint, Confidence, Provenance, Sighting

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
KEPT_MOST = 8 * 1024 * 1024
"""Bodies above this many bytes count as not recorded: nobody's SCIM answer is that large, and memory is not endless."""

REQUEST_HEADERS, REQUEST_BODY = "request headers", "request body"
RESPONSE_HEADERS, RESPONSE_BODY = "response headers", "response body"
ANSWER, HOST = "response", "host"
_LOOKS = re.compile(r"\b(?:eq|ne|co|sw|ew|pr|gt|ge|lt|le)\b", re.IGNORECASE)
_URNS = (b"urn:ietf:params:scim", b"urn:scim:schemas", b"urn:ietf:params:scim".upper())


@dataclass
class Message:
    """What a file gives of one exchange. None means that the file does not give it; "" and b"" mean empty.

    ``status`` 0 or None means that there was no answer, or that it was not recorded; ``trouble`` tells which.
    """

    method: str
    url: str
    sent_headers: tuple[tuple[str, str], ...] | None = None
    sent: bytes | None = None
    status: int | None = None
    reason: str = ""
    headers: tuple[tuple[str, str], ...] | None = None
    body: bytes | None = None
    at: str = ""
    elapsed_ms: float = 0.0
    trouble: Trouble | None = None
    sent_missing: bool = False
    note: str = ""


class Traffic:
    """Turns the Messages of one file into Sightings, and counts what is no SCIM."""

    def __init__(self, file: str, form: str, confidence: Confidence = Confidence.RECORDED) -> None:
        self._file, self._form, self._confidence = file, form, confidence
        self._masker, self._names = Masker(), Names()
        self._bases: set[str] = set()
        self._number = 0
        self.found = 0
        self.others = 0
        self.hosts: dict[str, int] = {}

    def place(self, words: str) -> Provenance:
        return Provenance(self._file, self._form, words)

    def complain(self, words: str, message: str, hint: str = "", *, fatal: bool = False) -> Complaint:
        return Complaint(self.place(words), self._masker.text(message), hint, fatal)

    def sighting(self, message: Message, place: str) -> Sighting | None:
        """The Sighting of a message; None, and counted, when it is no SCIM request."""
        method = message.method.strip().upper()
        address = address_of(message.url) if method in METHODS else None
        if address is None or not self._is_scim(message, address):
            self.others += 1
            self._count_host(message.url)
            return None
        self.found += 1
        self._bases.add(address.base)
        exchange, missing = self._exchange(message, method, address)
        for resource in exchange.resources:
            self._names.learn(resource)
        if address.endpoint == "Users" and exchange.subject == address.resource_id:
            # The answer tells who it is about; what they were before it is what the reading had to know.
            exchange = replace(exchange, subject=self._names.name(address.resource_id))
        exchange.forget()
        idp = idp_of(exchange)
        return Sighting(self.place(place), self._confidence, exchange.started_at, idp, missing, exchange)

    def _is_scim(self, message: Message, address: Address) -> bool:
        """Whether a request whose path ends like SCIM is SCIM: other APIs have users and groups, too."""
        if address.base in self._bases or "scim" in address.base.lower():
            return True
        headers = (*(message.sent_headers or ()), *(message.headers or ()))
        if any("scim+json" in value.lower() or "Okta SCIM" in value for _, value in headers):
            return True
        if any(urn in body[:4096] for body in (message.sent or b"", message.body or b"") for urn in _URNS):
            return True
        told = parameters(address.query) if address.exact else {}
        return bool(told.get("filter") and _LOOKS.search(told["filter"])) or {"startIndex", "count"} <= told.keys()

    def _count_host(self, url: str) -> None:
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()[:253]
        if host in self.hosts or len(self.hosts) < 1000:
            self.hosts[host] = self.hosts.get(host, 0) + 1

    def _exchange(self, message: Message, method: str, address: Address) -> tuple[Exchange, tuple[str, ...]]:
        mask, missing = self._masker, self._missing(message, method)
        sent_headers = mask.headers(message.sent_headers or ())
        sent = None if message.sent is None else mask.body(message.sent[:KEPT_MOST])
        response = None
        if message.status and message.trouble is None:
            headers = mask.headers(message.headers or ())
            body = b"" if RESPONSE_BODY in missing else mask.body(message.body or b"")
            response = Response(message.status, mask.text(message.reason), headers, body)
        trouble = message.trouble
        parsed = parse_json(sent) if sent else None
        reading = read_request(method, address, parsed, self._names)
        query = mask.url(f"?{address.query}")[1:] if address.query else ""
        url = mask.url(address.base + address.path) + (f"?{query}" if query else "")
        self._number += 1
        exchange = Exchange(
            id=f"i-{self._number:06d}",
            scenario="",
            ordinal=self._number - 1,
            role=client_of(sent_headers),
            phase=Phase.DURING,
            moment=-1,
            title=reading.title,
            intent=reading.intent,
            effect=reading.effect,
            request=Request(method, url, sent_headers, sent),
            response=response,
            trouble=trouble,
            subject=mask.text(reading.subject),
            tag=reading.tag,
            template=address.template,
            path=mask.text(address.path),
            query=query,
            started_at=moment_of(message.at),
            elapsed_ms=max(0.0, message.elapsed_ms),
            notes=(*((message.note,) if message.note else ()), *((note_of(missing),) if missing else ())),
        )
        return exchange, missing

    def _missing(self, message: Message, method: str) -> tuple[str, ...]:
        lacks = []
        if not message.url.partition("://")[1]:
            lacks.append(HOST)
        if message.sent_headers is None:
            lacks.append(REQUEST_HEADERS)
        unsent = message.sent is None and method in ("POST", "PUT", "PATCH") and message.sent_missing
        if unsent or len(message.sent or b"") > KEPT_MOST:
            lacks.append(REQUEST_BODY)
        if message.trouble is None and not message.status:
            lacks.append(ANSWER)
        elif message.trouble is None:
            if message.headers is None:
                lacks.append(RESPONSE_HEADERS)
            bodiless = method == "HEAD" or message.status in (204, 205, 304)
            if (message.body is None and not bodiless) or len(message.body or b"") > KEPT_MOST:
                lacks.append(RESPONSE_BODY)
        return tuple(lacks)


def moment_of(text: str) -> str:
    """A time as ISO 8601 in UTC with "Z" and milliseconds; "" when it cannot be read or has no zone."""
    text = text.strip()[:64]
    if not text:
        return ""
    try:
        value = datetime.fromisoformat(_shortened(text))
    except ValueError:
        return ""
    if value.tzinfo is None:
        return ""
    try:
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return ""


def _shortened(text: str) -> str:
    """Fractions of more than six digits, as .NET and Go write them, cut to what Python reads."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)


def moment_from_epoch(value: float) -> str:
    """The same from seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size."""
    for divisor in (1, 1_000, 1_000_000, 1_000_000_000):
        seconds = value / divisor
        if 0 < seconds < 4_102_444_800:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return ""


def described(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
