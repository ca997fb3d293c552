"""The gate of a capture: who has its token and knows its name is let in; everybody else is refused and written down."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterable

from harness.capture.listener import Incoming, Outgoing

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def new_token() -> str:
    """A token for one capture, which is shown once."""
    return secrets.token_urlsafe(32)


class Gate:
    """Checks the Host and the token of each request. ``names`` are the host names that the capture answers to."""

    def __init__(self, token: str, names: Iterable[str] = ()) -> None:
        self._token = token.encode()
        self._names = {name.lower().rstrip(".") for name in (*LOOPBACK, *names) if name}

    def refusal(self, request: Incoming) -> Outgoing | None:
        """The answer to somebody who is not let in, None for who is."""
        host = re.sub(r":\d+$", "", request.header("Host").strip().lower()).rstrip(".")
        if host not in self._names:
            return error(421, f"This capture does not answer to the name {host[:80]!r}: start it with --host-name.")
        if request.too_large:
            return error(413, "The body is larger than this capture takes.")
        return self._token_refused(request.header("Authorization"))

    def _token_refused(self, header: str) -> Outgoing | None:
        word, _, rest = header.strip().partition(" ")
        if not header.strip():
            return _unauthorised("No token was sent: enter the token that the capture has shown.")
        if word.lower() == "bearer" and self._is(rest.strip()):
            return None
        if self._is(header.strip()):
            return _unauthorised("The word Bearer is missing in front of the token.")
        if word.lower() == "bearer" and re.match(r"bearer\s", rest.strip(), re.IGNORECASE):
            return _unauthorised("The word Bearer was sent twice: enter the token alone.")
        return _unauthorised("This is not the token of this capture.")

    def _is(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token)


def _unauthorised(detail: str) -> Outgoing:
    refused = error(401, detail)
    return Outgoing(refused.status, (*refused.headers, ("WWW-Authenticate", "Bearer")), refused.body)


def error(status: int, detail: str) -> Outgoing:
    """A SCIM error."""
    body = json.dumps({"schemas": [ERROR], "status": str(status), "detail": detail}).encode()
    return Outgoing(status, (("Content-Type", "application/scim+json"), ("Cache-Control", "no-store")), body)
