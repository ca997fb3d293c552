"""What is known about the request under way, for whoever writes it down: its id, whose it is, with which key."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass

_ID = re.compile(r"[A-Za-z0-9._:+/=-]{1,64}")


@dataclass
class Trace:
    """One request. ``tenant`` and ``key_id`` are empty until it was admitted."""

    request_id: str
    tenant: str = ""
    key_id: str = ""


current: ContextVar[Trace | None] = ContextVar("current", default=None)


def request_id() -> str:
    """The id of the request under way, or "" where requests have none."""
    trace = current.get()
    return "" if trace is None else trace.request_id


def accepted(sent: str) -> str:
    """The id that a client gave its request, when it is a plain one; else a new one."""
    return sent if _ID.fullmatch(sent) else uuid.uuid4().hex
