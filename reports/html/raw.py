"""A message as it crossed the wire: start line, headers, empty line, body, nothing laid out again."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.model.exchange import Request, Response
from reports.html.bodies import LIMIT

_HEADER = 2048


def sent(request: Request) -> str:
    """The request. What was redacted at capture stays redacted."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    start = f"{request.method} {target} HTTP/1.1"
    given = {name.lower() for name, _ in request.headers}
    headers = request.headers if "host" in given else (("Host", parts.netloc), *request.headers)
    return _message(start, headers, request.body)


def received(response: Response) -> str:
    """The answer, its body freed of any Content-Encoding."""
    return _message(f"HTTP/1.1 {response.status} {response.reason}".rstrip(), response.headers, response.body)


def _message(start: str, headers: tuple[tuple[str, str], ...], body: bytes | None) -> str:
    lines = [start, *(f"{name}: {value[:_HEADER]}" for name, value in headers), ""]
    text = (body or b"")[:LIMIT].decode("utf-8", "backslashreplace")
    cut = len(body or b"") - LIMIT
    return "\n".join([*lines, text]) + (f"\n… and {cut:,} more bytes" if cut > 0 else "")
