"""Requests whose answer may come later (RFC 9967 section 2.5.1.1), for presets that announce them."""

from __future__ import annotations

import re
from typing import Any

from reference_server.admission import Caller
from reference_server.behaviour import Behaviour
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH

RESULTS = "AsyncResults"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
MOST = 256
"""How many results are kept; the oldest goes first."""


class Later:
    """Keeps answers that the client wanted to fetch later. The work itself is done at once: it takes milliseconds."""

    def __init__(self, behaviour: Behaviour, *, offered: bool) -> None:
        self._behaviour = behaviour
        self._offered = offered
        self._kept: dict[str, tuple[str, Response]] = {}

    def announced(self, config: dict[str, Any]) -> dict[str, Any]:
        """The ServiceProviderConfig, with what RFC 9967 section 4 adds to it where the preset offers it."""
        if not self._offered:
            return config
        return config | {"securityEvents": {"asyncRequest": "request", "eventUris": []}}

    def put_off(self, request: Request, caller: Caller, response: Response) -> Response:
        """A 202 in place of the response when the client prefers that and is not willing to wait; else the response."""
        prefer = request.header("Prefer").lower()
        if not self._offered or request.method not in WRITES or "respond-async" not in prefer:
            return response
        wait = re.search(r"wait=(\d+)", prefer)
        if wait is not None and int(wait[1]) > 0:
            return response
        transaction = self._behaviour.server.new_id()
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[transaction] = (caller.tenant, response)
        return Response(
            202,
            None,
            {
                "Set-Txn": transaction,
                "Preference-Applied": "respond-async",
                "Location": f"{request.origin}{BASE_PATH}/{RESULTS}/{transaction}",
            },
        )

    def result(self, request: Request, parts: tuple[str, ...]) -> Response | None:
        """The kept answer at an address of results; None for any other address. Raises Unauthorized."""
        if not self._offered or len(parts) != 2 or parts[0] != RESULTS:
            return None
        caller = self._behaviour.admit(request)
        tenant, response = self._kept.get(parts[1], ("", None))
        if response is None or tenant != caller.tenant:
            return error(404, "There is no such result")
        return Response(response.status, response.document, dict(response.headers), response.raw)
