"""How a probe words its requests: plain, honest headers of our own, nothing that looks like an IdP."""

from __future__ import annotations

from typing import Any

from harness.model.step import SCIM_JSON, TOKEN, Effect, Intent, Step, compact_json

USER_AGENT = "scimulator-probe"
BEARER = f"Bearer {TOKEN}"
NOBODY_ID = "00000000-0000-4000-8000-000000000000"
"""An id that no service has given out."""


def request(
    method: str,
    path: str,
    title: str,
    *,
    query: str = "",
    body: bytes | None = None,
    content_type: str | None = None,
    accept: str | None = SCIM_JSON,
    authorization: str | None = BEARER,
    headers: tuple[tuple[str, str], ...] = (),
    effect: Effect | None = None,
    intent: Intent = Intent.PROBE,
    tag: str = "",
    subject: str = "",
    template: str = "",
) -> Step:
    """One probe request. ``authorization`` None sends no such header; ``accept`` None likewise.

    The effect follows from the method unless given: GET, HEAD, OPTIONS and a search read, DELETE deletes, others write.
    """
    sent: list[tuple[str, str]] = [("User-Agent", USER_AGENT)]
    if accept is not None:
        sent.append(("Accept", accept))
    if authorization is not None:
        sent.append(("Authorization", authorization))
    if content_type is not None:
        sent.append(("Content-Type", content_type))
    if effect is None:
        effect = _effect_of(method, path)
    return Step(
        title=title,
        method=method,
        path=path,
        query=query,
        headers=(*sent, *headers),
        body=body,
        effect=effect,
        intent=intent,
        tag=tag,
        subject=subject,
        template=template or path,
    )


def _effect_of(method: str, path: str) -> Effect:
    if method.upper() in ("GET", "HEAD", "OPTIONS") or path.endswith("/.search"):
        return Effect.READ
    return Effect.DELETE if method.upper() == "DELETE" else Effect.WRITE


def get(path: str, title: str, **options: Any) -> Step:
    return request("GET", path, title, **options)


def delete(path: str, title: str, **options: Any) -> Step:
    return request("DELETE", path, title, **options)


def post(path: str, body: Any, title: str, **options: Any) -> Step:
    return _with_json("POST", path, body, title, options)


def put(path: str, body: Any, title: str, **options: Any) -> Step:
    return _with_json("PUT", path, body, title, options)


def patch(path: str, body: Any, title: str, **options: Any) -> Step:
    return _with_json("PATCH", path, body, title, options)


def raw(method: str, path: str, title: str, *, body: bytes | None, content_type: str | None, **options: Any) -> Step:
    """A request whose body is sent byte for byte, for broken JSON and foreign media types."""
    return request(method, path, title, body=body, content_type=content_type, **options)


def _with_json(method: str, path: str, body: Any, title: str, options: dict[str, Any]) -> Step:
    options.setdefault("content_type", SCIM_JSON)
    return request(method, path, title, body=compact_json(body), **options)
