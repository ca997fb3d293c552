"""The tables of a durable store, made and brought up to date by alembic; ``migrations/versions`` holds the steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from reference_server.store.troubles import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

    from reference_server.store.database import Database

HEAD = "0003"
"""The newest step. Said here too, because asking alembic takes longer than starting."""
FIRST = "0001"
_LOCK = 0x5C1301A7
"""The advisory lock under which one of several servers migrates while the others wait."""


def bring_up_to_date(database: Database) -> None:
    """Make the tables, or change them to what this program expects. Raises StoreError."""
    with _reachable(database) as connection:
        if _revision(connection) == HEAD:
            return
    with _reachable(database, writes=True) as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        revision = _revision(connection)
        if revision == HEAD:
            return
        _refuse_newer(revision)
        from alembic import command

        config = _config(connection)
        if not revision and inspect(connection).has_table("resources"):
            # Made before steps were kept: it is as the first step leaves it.
            command.stamp(config, FIRST)
        command.upgrade(config, "head")


def check(database: Database) -> None:
    """Raises StoreError when the tables are not those that this program expects."""
    with _reachable(database) as connection:
        revision = _revision(connection)
    _refuse_newer(revision)
    if revision != HEAD:
        raise StoreError(
            f"the store is at step {revision or 'none'} and this program needs {HEAD}: run 'scimulator store migrate'"
        )


def _refuse_newer(revision: str) -> None:
    if revision > HEAD:
        raise StoreError(
            f"the store is at step {revision}, made by a newer scimulator than this one, which knows {HEAD}: update it"
        )


def _revision(connection: Connection) -> str:
    """The step at which a store is; "" for one without steps."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "reference_server.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _reachable(database: Database, *, writes: bool = False) -> Iterator[Connection]:
    try:
        with database.transaction(writes=writes) as connection:
            yield connection
    except ProgrammingError:
        raise
    except DBAPIError as problem:
        said = str(problem.orig).strip().partition("\n")[0]
        raise StoreError(f"the store {database.url.render_as_string()} cannot be used: {said}") from problem
