"""The ledger of the one careful write: on disk before anything is sent, gone when everything is proved to be back.

One file for each account and service. While it is there, somebody may not be as they were before; ``--undo`` reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path("runs") / "doctor"
SCHEMA = "scimulator/doctor-ledger/1"


class LedgerError(Exception):
    """The ledger cannot be written or read, or an earlier one is still there. Nothing has been sent then."""


@dataclass(frozen=True)
class Ledger:
    """What was written down before the first change. ``before`` is the person exactly as the service showed them."""

    path: Path
    base_url: str
    account: str
    id: str
    before: dict[str, Any]
    at: str
    process: int

    def close(self) -> None:
        """Everything is as it was: nothing needs to be remembered, least of all about a person."""
        self.path.unlink(missing_ok=True)


def opened(folder: Path, base_url: str, account: str, resource: dict[str, Any]) -> Ledger:
    """Write down who is about to be changed, and make sure that it is on the disk. Raises LedgerError."""
    id = str(resource["id"])
    name = hashlib.sha256(f"{base_url}\n{id}".encode()).hexdigest()[:16]
    path = folder / f"{name}.jsonl"
    ledger = Ledger(path, base_url, account, id, resource, datetime.now(UTC).isoformat("T", "seconds"), os.getpid())
    line = {"schema": SCHEMA, **{k: v for k, v in vars(ledger).items() if k != "path"}}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Nothing under the final name is ever half written.
        draft = folder / f"{name}.{os.getpid()}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, (json.dumps(line) + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        finally:
            draft.unlink()
        _sync(folder)
    except FileExistsError as error:
        raise LedgerError(
            f"an earlier look at {account} was cut short and may have left them switched off ({path}); "
            "put that right first with scimulator doctor --undo, or wait until the other look has ended"
        ) from error
    except OSError as error:
        raise LedgerError(
            f"the ledger {path} cannot be written: {error.strerror or error}; nothing was sent"
        ) from error
    return ledger


def unfinished(folder: Path) -> list[Ledger]:
    """The ledgers that were left behind, the oldest first. Raises LedgerError for one that cannot be read."""
    found = [_read(path) for path in sorted(folder.glob("*.jsonl"))] if folder.is_dir() else []
    return sorted(found, key=lambda ledger: ledger.at)


def _read(path: Path) -> Ledger:
    try:
        line = json.loads(path.read_text("utf-8").splitlines()[0])
        if line["schema"] != SCHEMA or not isinstance(line["before"], dict):
            raise ValueError(f"expected the schema {SCHEMA}")
        fields = {name: line[name] for name in ("base_url", "account", "id", "before", "at", "process")}
        return Ledger(path, **fields)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise LedgerError(
            f"{path} cannot be read as a ledger ({error}); look there which account it is about, and whether that "
            "person is as they should be"
        ) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
