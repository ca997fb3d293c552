"""The ledger of people who are changed and put back: on disk before anything is sent, gone when they are proved to be
as they were.

One file for each account and service. While it is there, somebody may not be as they were before; ``doctor --undo``
reads those of a doctor who writes (FOLDER), and those of a run (LEFT in its directory).
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path("runs") / "doctor"
LEFT = "left"
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
    id, path = str(resource["id"]), _place(folder, base_url, str(resource["id"]))
    ledger = Ledger(path, base_url, account, id, resource, datetime.now(UTC).isoformat("T", "seconds"), os.getpid())
    line = {"schema": SCHEMA, **{k: v for k, v in vars(ledger).items() if k != "path"}}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Nothing under the final name is ever half written.
        draft = path.with_suffix(f".{os.getpid()}.draft")
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


def kept(folder: Path, base_url: str, account: str, resource: dict[str, Any]) -> Ledger:
    """As ``opened``; or the ledger that is there already, where somebody could not be put back before: what they were
    at first is what counts. Raises LedgerError."""
    path = _place(folder, base_url, str(resource["id"]))
    while True:
        there = path.exists()
        try:
            return _read(path) if there else opened(folder, base_url, account, resource)
        except LedgerError:
            # Several processes of a run may use one account: another has made it, or closed it, in between.
            if path.exists() is there:
                raise


def _place(folder: Path, base_url: str, id: str) -> Path:
    name = hashlib.sha256(f"{base_url}\n{id}".encode()).hexdigest()[:16]
    return folder / f"{name}.jsonl"


def left_behind(directory: Path) -> str:
    """What to do about people whom a run has left changed, by its directory; "" for nobody. Nobody is named.

    Raises LedgerError for a ledger that cannot be read.
    """
    left = unfinished(directory / LEFT)
    if not left:
        return ""
    who = "1 listed account" if len(left) == 1 else f"{len(left)} listed accounts"
    command = shlex.join(["scimulator", "doctor", "--undo", "--target", left[0].base_url])
    return (
        f"Not put back: {who} may not be as before. This puts them back, and names them: {command} "
        f"--ledger {shlex.quote(str(directory / LEFT))}"
    )


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
