"""The tables. Plain column types only, so that the same definitions serve SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class Instant(TypeDecorator[datetime.datetime]):
    """An aware point in time, kept as UTC without a zone because SQLite knows none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else value.astimezone(datetime.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=datetime.UTC)


metadata = MetaData()

tenants = Table(
    "tenants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("created", Instant, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("selector", String(16), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("reads_only", Boolean, nullable=False, default=False),
)

resources = Table(
    "resources",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(32), nullable=False),
    Column("type", String(64), nullable=False),
    Column("id", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("unique_value", Text),
    Column("external_id", Text),
    Column("active", Boolean),
    Column("version", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("modified", Instant, nullable=False),
    UniqueConstraint("tenant_id", "type", "id"),
    UniqueConstraint("tenant_id", "type", "unique_value"),
    Index("ix_resources_external_id", "tenant_id", "type", "external_id"),
    Index("ix_resources_order", "tenant_id", "type", "seq"),
)

departed = Table(
    "departed",
    metadata,
    Column("tenant_id", String(32), primary_key=True),
    Column("user_name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tenant_id", String(32), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(16)),
    Index("ix_grants_user_name", "tenant_id", "user_name"),
    Index("ix_grants_person", "tenant_id", "person_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("tenant_id", String(32), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(16), nullable=False),
    Column("type", String(64), nullable=False),
    Column("resource_id", String(64), nullable=False),
    Column("changes", Text, nullable=False),
    Column("request_id", String(64), nullable=False, default="", server_default=""),
    Index("ix_audit_tenant", "tenant_id", "seq"),
)

later = Table(
    "later",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("tenant_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Text, nullable=False),
    Index("ix_later_tenant", "tenant_id", "at"),
)
