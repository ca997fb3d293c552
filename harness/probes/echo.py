"""What a probe sends back of an answer: the service's own words, made fit for a request whatever they are."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote


def echoed(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource that can be sent back: a lone surrogate, which UTF-8 cannot carry, becomes a question mark."""
    sendable: dict[str, Any] = json.loads(json.dumps(resource, ensure_ascii=False).encode("utf-8", "replace"))
    return sendable


def address(collection: str, resource_id: Any, otherwise: str) -> str:
    """The path of one resource, percent-encoded; that of ``otherwise`` when the service told no id that is a text."""
    known = resource_id if isinstance(resource_id, str) and resource_id else otherwise
    return f"/{collection}/{quote(known, safe='', errors='replace')}"
