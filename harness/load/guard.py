"""The guard of a storm: loopback, or hosts that a file names together with who has authorised it. Nothing else."""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

FOREIGN_RATE = 100.0
"""Requests a second that go to another host at most, unless --max-rate says more."""

FOREIGN_REQUESTS = 100_000
"""Requests that go to another host in all, unless --max-requests says more."""


class Refused(Exception):
    """A storm must not be sent there, or not so much. The message says what would allow it."""


@dataclass(frozen=True)
class Leave:
    """A host that may be stormed, who has authorised it, and until when (None: without an end)."""

    host: str
    authorised_by: str
    until: date | None = None


def is_loopback(host: str) -> bool:
    """Whether a name or an address stands for this machine, without asking anybody."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def admit_master(host: str, *, trusted: bool) -> None:
    """Whether a master may listen, or be looked for, at an address. Raises Refused for one that others can reach.

    The messages between master and workers hold the keys of all tenants, and nothing encrypts them.
    """
    if is_loopback(host) or trusted:
        return
    raise Refused(
        f"--master-host {host} is not this machine. Master and workers send the API keys of all tenants to each other "
        "unencrypted, and whoever reaches the master's port is given some. On a network of your own say so with "
        "--trusted-network; elsewhere forward the port with ssh -L and keep --master-host 127.0.0.1"
    )


def leaves(file: Path) -> list[Leave]:
    """The hosts that a file names. Raises Refused, naming the entry, for a file that says less than it has to."""
    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("host", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"--authorised {file}: cannot be read: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise Refused(f"--authorised {file}: expected at least one [[host]] with name and authorised_by")
    found = []
    for place, entry in enumerate(entries, 1):
        name, by = str(entry.get("name", "")).strip(), str(entry.get("authorised_by", "")).strip()
        until = entry.get("until")
        if not name or len(by) < 3:
            raise Refused(
                f"--authorised {file}, [[host]] number {place}: expected name and authorised_by (who has agreed to the "
                "storm, when, and where that is written down)"
            )
        if until is not None and not isinstance(until, date):
            raise Refused(
                f"--authorised {file}, [[host]] number {place}: until {until!r} is no date such as 2026-12-31"
            )
        found.append(Leave(name.casefold(), by, until))
    return found


def admit(base_url: str, authorised: str | None, today: date) -> str:
    """Who has authorised a storm on this address: "" for this machine. Raises Refused, saying what to do."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").casefold()
    if parts.scheme not in ("http", "https") or not host:
        raise Refused(f"{base_url!r} is no address: expected a SCIM base URL such as https://scim.example/scim/v2")
    if is_loopback(host):
        return ""
    if not authorised:
        raise Refused(
            f"{host} is not this machine. A storm goes to another host only where a file names it together with who "
            f'has authorised it: --authorised FILE, with [[host]] name = "{host}" and authorised_by = "..." in it'
        )
    leave = next((leave for leave in leaves(Path(authorised)) if leave.host == host), None)
    if leave is None:
        raise Refused(
            f"--authorised {authorised} does not name {host}: add a [[host]] for it, or choose another target"
        )
    if leave.until is not None and leave.until < today:
        raise Refused(
            f"--authorised {authorised}: the leave for {host} ended on {leave.until}; ask {leave.authorised_by}"
        )
    if parts.scheme != "https":
        raise Refused(f"{base_url}: API keys go to another host over https only")
    return leave.authorised_by
