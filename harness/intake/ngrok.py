"""ngrok: what its inspector's API gives (GET /api/requests/http), with the raw bytes of both sides in base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.intake.fieldmap import headers_of
from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import Broken, items
from harness.intake.traffic import Message, Traffic
from harness.model.sighting import Complaint, Sighting

NAME = "ngrok"


def _recognises(_name: str, head: bytes) -> int:
    if packed(head) or b'"raw"' not in head:
        return 0
    return 90 if b'"tunnel_name"' in head or (b'"requests"' in head and b'"remote_addr"' in head) else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    number = 0
    try:
        for number, entry in enumerate(_entries(path, progress), 1):
            message = _message(entry)
            sighting = traffic.sighting(message, f"request {number}") if message is not None else None
            if sighting is not None:
                yield sighting
    except Broken as broken:
        what = f"the file breaks off or is damaged after request {number}: {broken}"
        yield traffic.complain(broken.place, what, "what came before was kept", fatal=not number)
    if not traffic.found:
        yield traffic.complain("the file as a whole", "it holds no request to a SCIM service", fatal=True)


def _entries(path: Path, progress: Progress) -> Iterator[Any]:
    """The list of requests, one request alone, or an array."""
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from items(path, "item", progress)
    else:
        yield from items(path, "requests.item" if b'"requests"' in head else "", progress)


def _message(entry: Any) -> Message | None:
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict):
        return None
    method, uri = request.get("method"), request.get("uri")
    if not isinstance(method, str) or not isinstance(uri, str):
        return None
    answered = entry.get("response")
    response = answered if isinstance(answered, dict) else {}
    headers = headers_of(request.get("headers"))
    host = next((value for name, value in headers or () if name.lower() == "host"), "")
    status, duration = response.get("status_code"), entry.get("duration")
    return Message(
        method=method,
        url=f"https://{host}{uri}" if host and uri.startswith("/") else uri,
        sent_headers=headers,
        sent=_body(request) or None,
        sent_missing="raw" not in request,
        status=status if isinstance(status, int) and 100 <= status < 600 else None,
        reason=str(response.get("status", "")).partition(" ")[2],
        headers=headers_of(response.get("headers")) if response else None,
        body=_body(response),
        at=str(entry.get("start", "")),
        elapsed_ms=duration / 1e6 if isinstance(duration, int) and 0 <= duration < 10**18 else 0.0,
    )


def _body(side: dict[str, Any]) -> bytes | None:
    """What stands behind the first empty line of the raw bytes; None when they are not given or were cut."""
    raw = side.get("raw")
    if not isinstance(raw, str):
        return None
    try:
        data = base64.b64decode(raw)
    except (binascii.Error, ValueError):
        return None
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    if b"chunked" in head.lower():
        return _joined(body)
    return body


def _joined(body: bytes) -> bytes | None:
    """The chunks of a body put together (RFC 9112 §7.1); None when it breaks off."""
    parts: list[bytes] = []
    while body:
        size, separator, rest = body.partition(b"\r\n")
        try:
            length = int(size.partition(b";")[0], 16)
        except ValueError:
            return None
        if not separator or length < 0 or len(rest) < length:
            return None
        if length == 0:
            return b"".join(parts)
        parts.append(rest[:length])
        body = rest[length + 2 :]
    return None


IMPORTER = Importer(NAME, "ngrok inspector", _recognises, _read)
