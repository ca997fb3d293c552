"""HAR: HTTP archives of proxies, gateways and browsers (HAR 1.2), read entry by entry whatever their size."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import Broken, items
from harness.intake.traffic import Message, Traffic, described
from harness.model.exchange import Trouble, TroubleKind
from harness.model.sighting import Complaint, Sighting

NAME = "har"
_OPENING = re.compile(rb'"log"\s*:\s*\{')
_MEMBER = re.compile(rb'"(?:entries|creator|browser|pages|startedDateTime)"\s*:')
_CONSOLES = {
    "okta.com": "Okta",
    "oktapreview.com": "Okta",
    "okta-emea.com": "Okta",
    "portal.azure.com": "Microsoft Entra ID",
    "entra.microsoft.com": "Microsoft Entra ID",
    "graph.microsoft.com": "Microsoft Entra ID",
    "main.iam.ad.ext.azure.com": "Microsoft Entra ID",
    "login.microsoftonline.com": "Microsoft Entra ID",
}


def _recognises(name: str, head: bytes) -> int:
    if packed(head):
        return 0
    if _OPENING.search(head[:4096]) and (_MEMBER.search(head) or name.lower().endswith(".har")):
        return 95
    return 40 if name.lower().endswith(".har") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    number = unusable = 0
    first_unusable = ""
    try:
        for number, entry in enumerate(items(path, "log.entries.item", progress), 1):
            message = _message(entry)
            if message is None:
                unusable += 1
                first_unusable = first_unusable or f"entry {number}"
                continue
            sighting = traffic.sighting(message, f"entry {number}")
            if sighting is not None:
                yield sighting
    except Broken as broken:
        yield traffic.complain(
            broken.place,
            f"the file breaks off or is damaged after entry {number}: {broken}",
            f"{described(traffic.found, 'SCIM exchange')} before it were kept; export it again to have the rest",
            fatal=not number,
        )
        if not number:
            return
    if unusable:
        yield traffic.complain(
            first_unusable,
            f"{described(unusable, 'entry')} without a readable request; expected method and url",
            "they were left out",
        )
    if not traffic.found:
        yield _without_scim(traffic, number)
    elif traffic.others:
        yield traffic.complain(
            "the file as a whole", f"{described(traffic.others, 'other request')} in it are no SCIM and were left out"
        )


def _without_scim(traffic: Traffic, entries: int) -> Complaint:
    """Why there is nothing in it, kindly: a browser never sees what an IdP's servers send to the service."""
    console = next(
        (name for host in traffic.hosts for end, name in _CONSOLES.items() if host == end or host.endswith(f".{end}")),
        "",
    )
    if console:
        return traffic.complain(
            "the file as a whole",
            f"it was recorded in a browser that showed the console of {console} ({described(entries, 'entry')}), and "
            f"holds no SCIM request: those go from the servers of {console} to the service, and no browser sees them",
            f"hand in what {console} has logged ({_LOGS[console]}), or a recording made at the service: by its "
            "gateway, by a proxy in front of it, or with scimulator capture",
            fatal=True,
        )
    hosts = ", ".join(sorted(traffic.hosts, key=lambda host: -traffic.hosts[host])[:3]) or "none"
    return traffic.complain(
        "the file as a whole",
        f"it holds no SCIM request: expected paths like /Users, /Users/ID or /Groups; came "
        f"{described(entries, 'entry')} to other addresses ({hosts})",
        "a browser does not see what an IdP sends: record at the service or its gateway, or with scimulator capture",
        fatal=True,
    )


_LOGS = {
    "Okta": "Reports > System Log > Download CSV, of the time in question",
    "Microsoft Entra ID": "Enterprise applications > the app > Provisioning logs > Download as JSON",
}


def _message(entry: Any) -> Message | None:
    request, response = _table(entry, "request"), _table(entry, "response")
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or not isinstance(url, str) or not url:
        return None
    status = _number(response.get("status"))
    sent, unsent = _sent(request)
    return Message(
        method=method,
        url=url,
        sent_headers=_headers(request),
        sent=sent,
        sent_missing=unsent,
        status=status,
        reason=_text(response.get("statusText")),
        headers=_headers(response) if status else (),
        body=_body(response, status) if status else b"",
        at=_text(entry.get("startedDateTime")),
        elapsed_ms=float(_number(entry.get("time"))),
        trouble=None if status else _trouble(entry, response),
    )


def _table(holder: Any, name: str) -> dict[str, Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return 0
    return number if 0 <= number < 10**12 else 0


def _headers(side: dict[str, Any]) -> tuple[tuple[str, str], ...] | None:
    records = side.get("headers")
    if not isinstance(records, list):
        return None
    named = [r for r in records if isinstance(r, dict) and isinstance(r.get("name"), str)]
    # HTTP/2 pseudo-headers (":authority") repeat what the URL says.
    return tuple((r["name"], _text(r.get("value"))) for r in named if not r["name"].startswith(":")) or None


def _sent(request: dict[str, Any]) -> tuple[bytes | None, bool]:
    """The request body, and whether one was sent that the archive does not hold."""
    data = _table(request, "postData")
    if isinstance(data.get("text"), str):
        return _decoded(data["text"], data.get("encoding")), False
    params = data.get("params")
    if isinstance(params, list) and params:
        return None, True
    return None, request.get("bodySize") != 0


def _body(response: dict[str, Any], status: int) -> bytes | None:
    """The answer's body; b"" when it is known to be empty, None when there was one that the archive does not hold."""
    content = _table(response, "content")
    if isinstance(content.get("text"), str):
        return _decoded(content["text"], content.get("encoding"))
    length = next((v for k, v in _headers(response) or () if k.lower() == "content-length"), "")
    sizes = (content.get("size"), response.get("bodySize"))
    if status in (204, 205, 304) or length.strip() == "0" or (not length and sizes == (0, 0)):
        return b""
    return None


def _decoded(text: str, encoding: Any) -> bytes | None:
    if isinstance(encoding, str) and encoding.lower() == "base64":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return None
    return text.encode("utf-8", "surrogatepass")


def _trouble(entry: Any, response: dict[str, Any]) -> Trouble | None:
    """Why there was no answer, where the archive says so; None when it only does not hold one."""
    told = next((_text(h.get(n)) for h in (response, entry) for n in ("_error", "comment") if _text(h.get(n))), "")
    if not told and "status" not in response:
        return None
    kinds = (
        ("name_not_resolved", TroubleKind.DNS),
        ("dns", TroubleKind.DNS),
        ("refused", TroubleKind.REFUSED),
        ("ssl", TroubleKind.TLS),
        ("cert", TroubleKind.TLS),
        ("tls", TroubleKind.TLS),
        ("time", TroubleKind.TIMEOUT),
    )
    kind = next((kind for word, kind in kinds if word in told.lower()), TroubleKind.RESET)
    return Trouble(kind, f"the archive holds no answer{f': {told[:300]}' if told else ''}")


IMPORTER = Importer(NAME, "HAR archive", _recognises, _read)
