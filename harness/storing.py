"""What an operator does to the reference server's store, for the command: opens it, does it, says what was done."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from reference_server.audit import Audit
from reference_server.credentials import Credentials, KnownKey
from reference_server.store import Database
from reference_server.store.copying import backup as write_backup
from reference_server.store.copying import restore as read_backup
from reference_server.store.engines import store_url
from reference_server.store.resources import utcnow
from reference_server.store.troubles import StoreError


def migrate(store: str) -> None:
    with _opened(store, migrating=True):
        click.echo("The tables are up to date.")


def backup(store: str, file: Path) -> None:
    with _opened(store) as database:
        click.echo(f"{file}: {_told(write_backup(database, file))}. It holds personal data and hashes of keys.")


def restore(store: str, file: Path) -> None:
    with _opened(store, migrating=True) as database:
        click.echo(f"Restored: {_told(read_backup(database, file))}.")


def add_tenant(store: str, name: str, contact: str) -> None:
    with _opened(store, migrating=True) as database:
        tenant = Credentials(database, utcnow).add_tenant(name, contact)
        click.echo(f"Tenant   {tenant.id}\nKey id   {tenant.key.id}")
        click.echo(f"API key  {tenant.api_key}   (shown this once; only its hash is kept)")


def keys(store: str, tenant: str | None) -> None:
    with _opened(store) as database:
        credentials = Credentials(database, utcnow)
        for owner, name in credentials.named_tenants():
            if tenant is None or tenant in (owner, name):
                click.echo(f"{owner}  {name}")
                for key in credentials.keys(owner):
                    click.echo(f"  {key.id}  {_state(key):<28} {key.name}{' (reads only)' if key.reads_only else ''}")


def issue(store: str, tenant: str, days: int | None, *, reads_only: bool) -> None:
    with _opened(store) as database:
        credentials = Credentials(database, utcnow)
        expires = None if days is None else utcnow() + datetime.timedelta(days=days)
        key = credentials.issue(_tenant(credentials, tenant), "issued", expires, reads_only=reads_only)
        click.echo(f"Key id   {key.id}\nAPI key  {key.api_key}   (shown this once)")


def rotate(store: str, key: str, overlap: float) -> None:
    with _opened(store) as database:
        new = Credentials(database, utcnow).rotate(key, datetime.timedelta(hours=overlap))
        click.echo(f"Key id   {new.id}\nAPI key  {new.api_key}   (shown this once)")
        click.echo(f"The old key works for {overlap:g} hours longer: enter the new one at the identity provider.")


def revoke(store: str, key: str) -> None:
    with _opened(store) as database:
        Credentials(database, utcnow).revoke(key)
        click.echo("Revoked: requests with it are refused from now on.")


def audit(store: str, tenant: str, last: int) -> None:
    with _opened(store) as database:
        owner = _tenant(Credentials(database, utcnow), tenant)
        for entry in Audit(database, utcnow).entries(owner)[-last:]:
            click.echo(json.dumps(dataclasses.asdict(entry), default=str))


@contextmanager
def _opened(store: str, *, migrating: bool = False) -> Iterator[Database]:
    try:
        url = store_url(store)
        if url.get_backend_name() == "sqlite":
            if url.database in (None, "", ":memory:"):
                raise StoreError("a store in memory ends with its server: name sqlite:///FILE or postgresql://...")
            if not migrating and not Path(str(url.database)).exists():
                raise StoreError(f"there is no file {url.database}; 'scimulator store migrate' makes one")
        database = Database(store, migrate=migrating)
        try:
            yield database
        finally:
            database.close()
    except StoreError as error:
        raise click.UsageError(str(error)) from error
    except (KeyError, ValueError) as error:
        raise click.UsageError(str(error.args[0] if error.args else error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error


def _tenant(credentials: Credentials, wanted: str) -> str:
    found = credentials.named_tenants()
    matching = [owner for owner, name in found if wanted in (owner, name)]
    if len(matching) > 1:
        raise StoreError(f"several tenants are called {wanted!r}: use the id, one of {', '.join(matching)}")
    if not matching:
        raise StoreError(f"there is no tenant {wanted!r}; 'scimulator store keys' lists them")
    return matching[0]


def _state(key: KnownKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    return f"{'expired' if key.expires_at <= utcnow() else 'valid until'} {key.expires_at:%Y-%m-%d %H:%M} UTC"


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())
