"""Requests whose answer may come later (RFC 9967 section 2.5.1.1), for presets that announce them."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import delete, insert, select

from reference_server.admission import Caller
from reference_server.behaviour import Behaviour
from reference_server.http import Request, Response, error
from reference_server.routes import BASE_PATH
from reference_server.store.resources import utcnow
from reference_server.store.tables import later

RESULTS = "AsyncResults"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
MOST = 256
"""How many results of a tenant are kept; the oldest goes first."""


class Later:
    """Keeps answers that the client wanted to fetch later. The work itself is done at once: it takes milliseconds."""

    def __init__(self, behaviour: Behaviour, *, offered: bool) -> None:
        self._behaviour = behaviour
        self._offered = offered

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
        self._keep(transaction, caller.tenant, response)
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
        if not self._offered or len(parts) != 2 or parts[0] != RESULTS or "\0" in parts[1]:
            return None
        caller = self._behaviour.admit(request)
        query = select(later.c.answer).where(later.c.id == parts[1], later.c.tenant_id == caller.tenant)
        with self._behaviour.server.database.transaction() as connection:
            answer = connection.execute(query).scalar()
        return error(404, "There is no such result") if answer is None else Response(**json.loads(answer))

    def _keep(self, transaction: str, tenant: str, response: Response) -> None:
        """Keep an answer in the store, where every worker finds it."""
        answer = {"status": response.status, "document": response.document, "headers": response.headers}
        newest = select(later.c.id).where(later.c.tenant_id == tenant).order_by(later.c.at.desc()).limit(MOST - 1)
        with self._behaviour.server.database.transaction(writes=True) as connection:
            keep = connection.execute(newest).scalars().all()
            connection.execute(delete(later).where(later.c.tenant_id == tenant, later.c.id.not_in(keep)))
            values = {"id": transaction, "tenant_id": tenant, "at": utcnow(), "answer": json.dumps(answer)}
            connection.execute(insert(later).values(values))
