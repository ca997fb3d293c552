"""Sign-in sessions and personal API tokens: what a deactivation has to end, on every path to it."""

from __future__ import annotations

import datetime
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from reference_server.access import Standing
from reference_server.behaviour import Behaviour
from reference_server.credentials import Clock, fingerprint
from reference_server.store.database import Database
from reference_server.store.prepared import Prepared
from reference_server.store.tables import grants

SESSION = "session"
API_TOKEN = "api_token"  # noqa: S105 - the name of a kind, not a secret


_END = Prepared(
    update(grants)
    .where(
        grants.c.tenant_id == bindparam("whose_tenant"),
        grants.c.person_id == bindparam("whose_id"),
        grants.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"), ended_by=bindparam("how"))
)


@dataclass(frozen=True)
class Grant:
    """A session or personal token, without its secret. ``ended_by`` is what ended it: patch, put, delete, bulk."""

    id: str
    tenant: str
    person_id: str
    user_name: str
    kind: str
    ended_at: datetime.datetime | None
    ended_by: str


class Sessions:
    """Hands out grants and answers whether they live. ``behaviour.standing`` is asked about the person each time."""

    def __init__(self, database: Database, behaviour: Behaviour, clock: Clock) -> None:
        self._database = database
        self._behaviour = behaviour
        self._clock = clock
        behaviour.alive.does(_alive)
        behaviour.end_access.does(self._end)

    def give(self, tenant: str, person_id: str, user_name: str, kind: str) -> str:
        """A new secret of a kind for a person; only its hash is kept."""
        secret = f"{kind}_{secrets.token_urlsafe(24)}"
        with self._database.transaction(writes=True) as connection:
            connection.execute(
                insert(grants).values(
                    id=uuid.uuid4().hex,
                    tenant_id=tenant,
                    person_id=person_id,
                    user_name=user_name,
                    kind=kind,
                    digest=fingerprint(secret),
                    created=self._clock(),
                )
            )
        return secret

    def use(self, secret: str) -> Grant | None:
        """The grant of a secret while it lives, else None: what the product asks on every request of a person."""
        grant = self.known(secret)
        return grant if grant is not None and self.lives(grant) else None

    def known(self, secret: str) -> Grant | None:
        """The grant of a secret, alive or not."""
        query = select(grants).where(grants.c.digest == fingerprint(secret))
        with self._database.transaction() as connection:
            row = connection.execute(query).first()
        return None if row is None else _grant(row)

    def lives(self, grant: Grant) -> bool:
        return self._behaviour.alive(grant, self._behaviour.standing(grant.tenant, grant.user_name))

    def state(self, tenant: str, user_name: str, kind: str) -> str:
        """ "alive" when any grant of the kind lives, "ended" when all have ended, "none" when there never was one."""
        query = select(grants).where(
            grants.c.tenant_id == tenant, grants.c.user_name == user_name, grants.c.kind == kind
        )
        with self._database.transaction() as connection:
            found = [_grant(row) for row in connection.execute(query)]
        if not found:
            return "none"
        return "alive" if any(self.lives(grant) for grant in found) else "ended"

    def renamed(self, tenant: str, person_id: str, user_name: str) -> None:
        """Somebody's user name changed (folded): their grants go with them."""
        mine = (grants.c.tenant_id == tenant, grants.c.person_id == person_id)
        with self._database.transaction(writes=True) as connection:
            connection.execute(update(grants).where(*mine).values(user_name=user_name))

    def _end(self, tenant: str, person_id: str, how: str) -> None:
        values = {"whose_tenant": tenant, "whose_id": person_id, "now": self._clock(), "how": how}
        self._database.run(_END, values)


def _alive(grant: Grant, standing: Standing) -> bool:
    return (
        grant.ended_at is None
        and standing.allowed
        and standing.person is not None
        and standing.person.id == grant.person_id
    )


def _grant(row: Row[Any]) -> Grant:
    return Grant(row.id, row.tenant_id, row.person_id, row.user_name, row.kind, row.ended_at, row.ended_by or "")
