"""The audit trail: every SCIM write, with who, what, before and after. It never holds a secret."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select

from reference_server import tracing
from reference_server.credentials import Clock
from reference_server.store.database import Database
from reference_server.store.prepared import Prepared
from reference_server.store.tables import audit

UNTOLD = ("schemas", "meta", "password")
"""Members that say nothing about the person, or that nobody may read."""

_NOTE = Prepared(insert(audit).values({c.key: bindparam(c.key, type_=c.type) for c in audit.c if c.key != "seq"}))


@dataclass(frozen=True)
class Entry:
    """One write. ``actor`` is the id of an API key, or "sso". ``changes`` maps an attribute to [before, after].
    ``request_id`` is "" where requests have none."""

    at: datetime.datetime
    tenant: str
    actor: str
    action: str
    type: str
    resource_id: str
    changes: Mapping[str, Any]
    request_id: str = ""


class Audit:
    """Appends and reads entries; nothing is ever changed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(
        self,
        tenant: str,
        actor: str,
        action: str,
        what: tuple[str, str],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Record a write on ``what`` (type, id). ``before`` and ``after`` are whole documents, {} for none."""
        names = [n for n in dict.fromkeys((*before, *after)) if n not in UNTOLD and before.get(n) != after.get(n)]
        changes = {name: [before.get(name), after.get(name)] for name in names}
        values = {
            "at": self._clock(),
            "tenant_id": tenant,
            "actor": actor,
            "action": action,
            "type": what[0],
            "resource_id": what[1],
            "changes": json.dumps(changes),
            "request_id": tracing.request_id(),
        }
        self._database.run(_NOTE, values)

    def entries(self, tenant: str, after: int = 0, most: int | None = None) -> list[Entry]:
        """The entries of one tenant, oldest first, without the first ``after`` of them; at most so many."""
        query = select(audit).where(audit.c.tenant_id == tenant).order_by(audit.c.seq).offset(after).limit(most)
        with self._database.transaction() as connection:
            return [
                Entry(r.at, r.tenant_id, r.actor, r.action, r.type, r.resource_id, json.loads(r.changes), r.request_id)
                for r in connection.execute(query)
            ]
