"""The page on which a capture can be watched: on a port of its own, on this computer only, with a token of its own."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from harness.capture.feed import follow
from harness.capture.gate import LOOPBACK, new_token
from harness.capture.listener import Incoming, Limits, Listener, Outgoing

_SAFE = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'",
    ),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_FILES = {
    "": ("text/html", "watch.html"),
    "watch.js": ("text/javascript", "watch.js"),
    "watch.css": ("text/css", "watch.css"),
}


class Watch:
    """Serves the page and its event stream. ``url`` is what a browser opens; it holds the token."""

    def __init__(self, directory: Path, stopped: Callable[[], bool], port: int = 0) -> None:
        self._directory = directory
        self._stopped = stopped
        self._token = new_token()
        self.listener = Listener(self._handle, "127.0.0.1", port, limits=Limits(body=0, most=32))
        self.url = f"{self.listener.origin}/{self._token}/"

    def _handle(self, request: Incoming) -> Outgoing:
        host = re.sub(r":\d+$", "", request.header("Host").strip().lower())
        token, _, name = request.path.lstrip("/").partition("/")
        if host not in LOOPBACK or request.header("Sec-Fetch-Site") not in ("", "none", "same-origin"):
            return Outgoing(403, _SAFE)
        if not hmac.compare_digest(token.encode(), self._token.encode()) or request.method != "GET":
            return Outgoing(404, _SAFE)
        if name == "events":
            return Outgoing(200, (*_SAFE, ("Content-Type", "text/event-stream")), stream=self._events())
        if name in _FILES:
            kind, file = _FILES[name]
            body = (Path(__file__).parent / "page" / file).read_bytes()
            return Outgoing(200, (*_SAFE, ("Content-Type", f"{kind}; charset=utf-8")), body)
        return Outgoing(404, _SAFE)

    def _events(self) -> Iterator[bytes]:
        for event in follow(self._directory, self._stopped):
            # A comment now and then: a browser that has gone is noticed by the attempt to write.
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() if event else b": \n\n"
        yield b'data: {"event": "end"}\n\n'
