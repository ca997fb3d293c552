"""Whether somebody may come in. Sign-in, sessions and personal tokens all ask here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scim2_models import Resource
from sqlalchemy import delete, insert, select

from reference_server.credentials import Clock
from reference_server.store.database import Database
from reference_server.store.resources import SqlStorage
from reference_server.store.tables import departed


@dataclass(frozen=True)
class Standing:
    """How somebody stands. ``person`` is the stored resource or None; ``reason`` tells why ``allowed`` is False."""

    allowed: bool
    person: Resource[Any] | None = None
    reason: str = ""


class Departed:
    """User names that were deleted over SCIM: an old SSO session of theirs must not make them again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, tenant: str, folded_name: str) -> None:
        with self._database.transaction(writes=True) as connection:
            self._forget(connection, tenant, folded_name)
            connection.execute(insert(departed).values(tenant_id=tenant, user_name=folded_name, at=self._clock()))

    def forget(self, tenant: str, folded_name: str) -> None:
        with self._database.transaction(writes=True) as connection:
            self._forget(connection, tenant, folded_name)

    def __contains__(self, who: tuple[str, str]) -> bool:
        query = select(departed.c.at).where(departed.c.tenant_id == who[0], departed.c.user_name == who[1])
        with self._database.transaction() as connection:
            return connection.execute(query).first() is not None

    @staticmethod
    def _forget(connection: Any, tenant: str, folded_name: str) -> None:
        connection.execute(delete(departed).where(departed.c.tenant_id == tenant, departed.c.user_name == folded_name))


def standing(storage: SqlStorage, gone: Departed, user_type: Any, user_name: str) -> Standing:
    """How ``user_name`` stands in the tenant of ``storage``: active people and strangers may come in."""
    person = storage.by_unique(user_type, user_name)
    if person is not None:
        if getattr(person, "active", None) is not True:
            # Where active can be removed, its absence gives nobody access.
            return Standing(False, person, "This account was deactivated by your organisation's identity provider")
        return Standing(True, person)
    assert storage.tenant is not None
    if (storage.tenant, storage.folded(user_type, user_name)) in gone:
        return Standing(False, None, "This account was removed by your organisation's identity provider")
    return Standing(True)
