"""What all pages do: find the desk, fill a template, send events as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any

from flask import Response, current_app, g
from jinja2 import Environment
from markupsafe import Markup

from harness.console.desk import Desk

STREAMS = 12
"""So many pages may be watched live at one time: each of them holds a thread of the server."""

_streams = BoundedSemaphore(STREAMS)


def desk() -> Desk:
    found = current_app.extensions["desk"]
    assert isinstance(found, Desk)
    return found


def fragment(template: str, /, **values: Any) -> Markup:
    """A part of a page, as it is sent into one that is open."""
    templates = current_app.extensions["templates"]
    assert isinstance(templates, Environment)
    return Markup(templates.get_template(template).render(csrf=g.get("csrf", ""), **values))  # noqa: S704 - escaped inside


def page(template: str, status: int = HTTPStatus.OK, /, **values: Any) -> Response:
    """A whole page."""
    return Response(str(fragment(template, **values)), status, content_type="text/html; charset=utf-8")


def events(told: Iterable[tuple[int, str, str] | None]) -> Response:
    """Server-sent events of (number, name, HTML); None is a sign of life. Refused when too many are watched already."""
    if not _streams.acquire(blocking=False):
        return Response("too many pages are watched at one time; close one", HTTPStatus.SERVICE_UNAVAILABLE)
    answer = Response(_encoded(told), content_type="text/event-stream; charset=utf-8")
    answer.call_on_close(_streams.release)
    return answer


def _encoded(told: Iterable[tuple[int, str, str] | None]) -> Iterator[bytes]:
    yield b"retry: 2000\n\n"
    for one in told:
        if one is None:
            yield b": still here\n\n"
            continue
        number, name, html = one
        lines = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
        yield f"id: {number}\nevent: {name}\n{lines}\n".encode()


def since(last_event_id: str | None, asked: str | None) -> int:
    """Where a stream goes on: behind the last event that the browser has seen, or where the page left off."""
    if last_event_id and last_event_id.isdigit():
        return int(last_event_id) + 1
    return int(asked) if asked and asked.isdigit() else 0
