"""Step: one intended request, before anything is sent."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import Any


class Effect(enum.StrEnum):
    """What a request may do to the data of the target. The guard decides by it."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"


class Intent(enum.StrEnum):
    """What the sender wants with a request. Checks select exchanges by it, never by URL patterns."""

    CONNECT = "connect"
    LOOKUP = "lookup"
    READ = "read"
    LIST = "list"
    CREATE = "create"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    DELETE = "delete"
    GROUP_READ = "group-read"
    GROUP_LOOKUP = "group-lookup"
    GROUP_CREATE = "group-create"
    GROUP_UPDATE = "group-update"
    GROUP_DELETE = "group-delete"
    DISCOVER = "discover"
    PROBE = "probe"
    SIGN_IN = "sign-in"
    ACCESS = "access"


class Place(enum.StrEnum):
    """Which base a path hangs off: the SCIM base URL, or a hook of the operator's own product."""

    SCIM = "scim"
    HOOK = "hook"


TOKEN = "{token}"  # noqa: S105 - a placeholder
"""Stands for the credential in a header value or a query; only the wire ever replaces it."""

BASIC_TOKEN = "{token:base64}"  # noqa: S105 - a placeholder
"""Stands for the credential in base64, as HTTP Basic wants it: the credential is then "user:password" (RFC 7617 §2)."""

FURTHER_TOKENS = ("second", "expired", "revoked", "limited", "session")
"""Credentials that an operator may supply beside the one of the run: another tenant's, and four that must not do."""


def token_of(name: str) -> str:
    """Stands for one of the further credentials in a header value."""
    return f"{{token:{name}}}"


SCIM_JSON = "application/scim+json"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass(frozen=True)
class Step:
    """One intended request, exactly as it has to appear on the wire.

    ``path`` starts with a slash and hangs off the SCIM base URL (or, for ``Place.HOOK``, is the name of a hook).
    ``query`` is the raw text behind the question mark, already encoded the way the sender encodes it.
    ``headers`` are sent in this order and nothing is added but Host and Content-Length; a header value may hold
    ``{token}``. ``body`` is sent as it is; ``None`` means no body at all.
    ``subject`` names the part in the cast that the request is about ("leaver"), ``tag`` a finer mark for checks.
    ``along`` are further steps that are sent at the same moment, each over a connection of its own; their exchanges
    stand behind this one's, in this order, whichever was answered first.
    ``pause_s`` is how many seconds the player waits before it sends the step.
    """

    title: str
    method: str
    path: str
    effect: Effect
    intent: Intent
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    template: str = ""
    subject: str = ""
    tag: str = ""
    place: Place = Place.SCIM
    pause_s: float = 0.0
    along: tuple[Step, ...] = ()


def compact_json(value: Any) -> bytes:
    """Encode a body without white space, keys in the given order, non-ASCII as UTF-8 (the form both IdPs send)."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
