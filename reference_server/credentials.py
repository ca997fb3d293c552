"""Tenants and their API keys: made, rotated with overlap, revoked at once; a key is shown once and kept hashed."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from reference_server.store.database import Database
from reference_server.store.prepared import Prepared
from reference_server.store.tables import api_keys, tenants

_BY_SELECTOR = Prepared(select(api_keys).where(api_keys.c.selector == bindparam("wanted")))

Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True)
class IssuedKey:
    """A new key. ``api_key`` is its plain text, never to be had again."""

    id: str
    name: str
    api_key: str
    expires_at: datetime.datetime | None = None

    def __repr__(self) -> str:
        return f"IssuedKey(id={self.id!r}, name={self.name!r}, api_key=***)"


@dataclass(frozen=True)
class Tenant:
    """A new customer: name and IT contact as given at setting up, with the first key."""

    id: str
    name: str
    contact: str
    key: IssuedKey

    @property
    def api_key(self) -> str:
        return self.key.api_key


@dataclass(frozen=True)
class KnownKey:
    """A kept key, without its text. Instants are aware."""

    id: str
    tenant_id: str
    name: str
    created: datetime.datetime
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    reads_only: bool = False


class Credentials:
    """Keys of all tenants. Two keys of one tenant may live at the same time: that is how one is replaced calmly."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add_tenant(self, name: str, contact: str) -> Tenant:
        """Set a customer up. Raises ValueError without a name or an IT contact."""
        if not name.strip() or not contact.strip():
            raise ValueError("a tenant needs the team's name and an IT contact")
        tenant_id = uuid.uuid4().hex
        with self._database.transaction(writes=True) as connection:
            connection.execute(insert(tenants).values(id=tenant_id, name=name, contact=contact, created=self._clock()))
            key = self.issue(tenant_id, "first key")
        return Tenant(tenant_id, name, contact, key)

    def issue(
        self, tenant_id: str, name: str, expires_at: datetime.datetime | None = None, *, reads_only: bool = False
    ) -> IssuedKey:
        """Make one more key for a tenant; the others stay alive. A key that ``reads_only`` changes nothing."""
        key_id, text = uuid.uuid4().hex, f"scim_{secrets.token_urlsafe(32)}"
        digest = fingerprint(text)
        with self._database.transaction(writes=True) as connection:
            connection.execute(
                insert(api_keys).values(
                    id=key_id,
                    tenant_id=tenant_id,
                    name=name,
                    selector=digest[:16],
                    digest=digest,
                    created=self._clock(),
                    expires_at=expires_at,
                    reads_only=reads_only,
                )
            )
        return IssuedKey(key_id, name, text, expires_at)

    def rotate(self, key_id: str, overlap: datetime.timedelta) -> IssuedKey:
        """Replace a key: the new one works at once, the old one for ``overlap`` longer. Raises KeyError if unknown."""
        with self._database.transaction(writes=True) as connection:
            old = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).first()
            if old is None:
                raise KeyError(f"there is no key with the id {key_id!r}")
            ends = self._clock() + overlap
            if old.expires_at is not None:
                ends = min(ends, old.expires_at)
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(expires_at=ends))
            return self.issue(old.tenant_id, f"{old.name}, replaced")

    def revoke(self, key_id: str) -> None:
        """Stop a key at once. Raises KeyError if unknown."""
        with self._database.transaction(writes=True) as connection:
            statement = update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=self._clock())
            if connection.execute(statement).rowcount != 1:
                raise KeyError(f"there is no key with the id {key_id!r}")

    def keys(self, tenant_id: str) -> list[KnownKey]:
        """What may be shown about the keys of a tenant, oldest first."""
        query = select(api_keys).where(api_keys.c.tenant_id == tenant_id).order_by(api_keys.c.created)
        with self._database.transaction() as connection:
            return [_known(row) for row in connection.execute(query)]

    def tenants(self) -> list[str]:
        """The ids of all tenants, oldest first."""
        with self._database.transaction() as connection:
            return list(connection.execute(select(tenants.c.id).order_by(tenants.c.created)).scalars())

    def named_tenants(self) -> list[tuple[str, str]]:
        """Id and name of all tenants, oldest first."""
        query = select(tenants.c.id, tenants.c.name).order_by(tenants.c.created)
        with self._database.transaction() as connection:
            return [(row.id, row.name) for row in connection.execute(query)]

    def tenant_named(self, name: str) -> str | None:
        """The id of the oldest tenant of that name; None when there is none."""
        query = select(tenants.c.id).where(tenants.c.name == name).order_by(tenants.c.created)
        with self._database.transaction() as connection:
            return connection.execute(query).scalar()

    def recognise(self, text: str) -> KnownKey | None:
        """The key with this text, whether it still works or not; None when there is none."""
        digest = fingerprint(text)
        for row in self._database.rows(_BY_SELECTOR, {"wanted": digest[:16]}):
            # The selector finds the row; only the comparison of the whole digest lets anybody in.
            if hmac.compare_digest(row.digest, digest):
                return _known(row)
        return None


def fingerprint(text: str) -> str:
    """SHA-256 is enough here: the text is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _known(row: Any) -> KnownKey:
    return KnownKey(row.id, row.tenant_id, row.name, row.created, row.expires_at, row.revoked_at, row.reads_only)
