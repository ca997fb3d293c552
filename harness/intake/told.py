"""Exchanges that nobody recorded: what a log reports of one, or what must have been sent; never taken for bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from harness.intake.answers import Answer
from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.partial import note_of
from harness.model.step import ERROR, Effect, Intent

NOWHERE = "https://service.invalid/scim/v2"
"""The base URL of a service whose address a log does not tell."""

_METHODS = {
    Intent.CONNECT: ("GET", Effect.READ),
    Intent.LOOKUP: ("GET", Effect.READ),
    Intent.READ: ("GET", Effect.READ),
    Intent.LIST: ("GET", Effect.READ),
    Intent.GROUP_READ: ("GET", Effect.READ),
    Intent.GROUP_LOOKUP: ("GET", Effect.READ),
    Intent.CREATE: ("POST", Effect.WRITE),
    Intent.GROUP_CREATE: ("POST", Effect.WRITE),
    Intent.DELETE: ("DELETE", Effect.DELETE),
    Intent.GROUP_DELETE: ("DELETE", Effect.DELETE),
}
_COLLECTIONS = (Intent.CREATE, Intent.LOOKUP, Intent.CONNECT, Intent.LIST, Intent.GROUP_CREATE, Intent.GROUP_LOOKUP)


def told_exchange(
    key: str,
    intent: Intent,
    *,
    title: str,
    target_id: str = "",
    subject: str = "",
    answer: Answer | None = None,
    method: str = "",
    query: str = "",
    body: bytes | None = None,
    at: str = "",
    note: str = "",
) -> tuple[Exchange, tuple[str, ...]]:
    """One exchange as far as it is told, and what of it is missing, in words.

    ``key`` tells it from others ("file place"); ``target_id`` is the service's id where the log knows it. A body of
    which only a part is there counts as missing, so that nobody judges it.
    """
    groups = intent.value.startswith("group")
    kind = "/Groups" if groups else "/Users"
    usual, effect = _METHODS.get(intent, ("PATCH", Effect.WRITE))
    path = kind if intent in _COLLECTIONS else f"{kind}/{quote(target_id, safe='') or '{id}'}"
    url = answer.url if answer and answer.url else f"{NOWHERE}{path}" + (f"?{query}" if query else "")
    missing = ["request headers", "response headers"]
    if not (answer and answer.url):
        missing.append("base URL")
    if intent not in _COLLECTIONS and not target_id:
        missing.append("id at the service")
    verb = (answer.method if answer else "") or method or usual
    if body is None and verb in ("POST", "PUT", "PATCH"):
        missing.append("request body")
    response, trouble = _answered(answer, missing)
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    exchange = Exchange(
        id=f"x-{digest[:6]}-{int(digest[6:12], 16) % 1000:03d}",
        scenario="",
        ordinal=0,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=-1,
        title=title,
        intent=intent,
        effect=effect,
        request=Request(verb, url, (), body),
        response=response,
        trouble=trouble,
        subject=subject,
        template=kind if intent in _COLLECTIONS else f"{kind}/{{id}}",
        path=path,
        query=query,
        started_at=at,
        notes=(note_of(missing), *([note] if note else [])),
    )
    return exchange, tuple(missing)


def _answered(answer: Answer | None, missing: list[str]) -> tuple[Response | None, Trouble | None]:
    if answer is None:
        missing.append("response")
        return None, Trouble(TroubleKind.PROTOCOL, "the answer is not told")
    if not answer.status:
        missing.append("response")
        kind = TroubleKind.TIMEOUT if answer.silent else TroubleKind.PROTOCOL
        return None, Trouble(kind, answer.detail or "the service did not answer in time, by what the log says")
    if not answer.whole:
        missing.append("response body")
    return Response(answer.status, answer.reason, (), answer.body), None


def scim_error(answer: Answer) -> Mapping[str, Any]:
    """The SCIM error inside an answer, or {}; ``detail`` alone when no more than that was told."""
    try:
        body = json.loads(answer.body) if answer.body else {}
    except (ValueError, RecursionError):
        body = {}
    if isinstance(body, dict) and body:
        return body
    return {"schemas": [ERROR], "detail": answer.detail} if answer.detail else {}
