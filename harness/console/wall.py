"""The wall around a process that asks a target: it reaches the addresses that were looked at, and no other.

A name could answer with another address the second time it is asked, and a library could ask for something that nobody
thought of. So the addresses are handed to the child process, names are answered from them, and an audit hook, which
nothing in the process can take away again, refuses every other connection before it is made.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

VARIABLE = "SCIMULATOR_CONSOLE_WALL"
"""The environment variable with the names and their addresses: {"app.example": ["192.0.2.1"]}."""

_WATCHED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
"""Audit events that name an address, and where in their arguments it stands."""


class Walled(PermissionError):
    """A connection that nobody named. Raised in place of making it."""


def described(host: str, addresses: Sequence[str]) -> str:
    """The value of VARIABLE for one target."""
    return json.dumps({host: list(addresses)})


def install(names: Mapping[str, Sequence[str]]) -> None:
    """Close this process for everything but these names at these addresses. It cannot be undone."""
    known = {name.lower().rstrip("."): tuple(found) for name, found in names.items()}
    reachable = {ipaddress.ip_address(one.partition("%")[0]) for found in known.values() for one in found}
    genuine = socket.getaddrinfo

    def answered(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[Any]:
        name = (host.decode() if isinstance(host, bytes) else str(host or "")).lower().rstrip(".")
        if name not in known and name not in {str(one) for one in reachable}:
            _refuse(name)
        found: list[Any] = []
        for address in known.get(name, (name,)):
            if family in (0, socket.AF_INET6 if ":" in address else socket.AF_INET):
                found += genuine(address, port, family, type, proto, flags | socket.AI_NUMERICHOST)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, f"{name} has no such address")
        return found

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        place = _WATCHED.get(event)
        if place is None:
            return
        address = arguments[place]
        if isinstance(address, tuple) and _numeric(str(address[0])) not in reachable:
            _refuse(str(address[0]))

    socket.getaddrinfo = answered
    sys.addaudithook(watch)


def install_from(environment: Mapping[str, str] = os.environ) -> None:
    """Close this process as the console said. Raises KeyError when it said nothing: then nothing may be asked."""
    install(json.loads(environment[VARIABLE]))


def _numeric(text: str) -> Any:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _refuse(where: str) -> NoReturn:
    raise Walled(f"a connection to {where} was refused: only the host that was typed is asked")
