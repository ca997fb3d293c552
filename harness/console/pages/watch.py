"""Watching what happens elsewhere: at a reference server of ours, or in a capture or run that another command began."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request

from harness.codec import exchange_from_json
from harness.console import drawing
from harness.console.pages.common import desk, events, fragment, page, since
from harness.console.pages.rehearsal import MOST_REQUESTS, is_ours
from harness.console.pages.start import connection_or_404
from harness.console.watching import ended, follow

blueprint = Blueprint("watch", __name__)


@blueprint.get("/watch")
def listed() -> Response:
    """What can be watched: servers of ours that were connected, and run directories without a result."""
    ours = [connection for connection in desk().connections() if is_ours(connection)]
    mine = set(desk().rehearsals)
    unfinished = [one for one in desk().store.summaries() if not one.verdict and one.id not in mine]
    open_runs = [one for one in unfinished if not ended(desk().store.directory(one.id))]
    return page("watch.html.j2", ours=ours, runs=open_runs[:50], folder=str(desk().runs))


@blueprint.get("/watch/run/<name>")
def run(name: str) -> Response:
    desk().store.directory(name)
    return page("watching.html.j2", what=name, place=f"/watch/run/{name}/events", heading=drawing.heading("Sender"))


@blueprint.get("/watch/run/<name>/events")
def run_events(name: str) -> Response:
    directory = desk().store.directory(name)
    ending = desk().ending
    told = follow(directory, since(request.headers.get("Last-Event-ID"), None), ending.is_set)
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def rows() -> Iterator[tuple[int, str, str] | None]:
        drawn = 0
        for place, line in told:
            if line is None or drawn >= MOST_REQUESTS:
                yield None
                continue
            try:
                crossed = exchange_from_json(line)
            except (KeyError, ValueError, TypeError):
                continue
            drawn += 1
            event = {
                "role": crossed.role.value,
                "method": crossed.method,
                "template": crossed.template or crossed.path,
                "title": crossed.title,
                "status": crossed.status if crossed.answered else 0,
            }
            words = f"{event['title']}: {event['method']} {event['template']}, {drawing.outcome(event)}"
            with app.app_context():
                # The browser names the last place that it has seen; its lines go on behind it.
                yield place - 1, "part", str(fragment("part.html.j2", title=words, row=drawing.row(event)))
        yield 0, "done", ""

    return events(rows())


@blueprint.get("/connections/<name>/watch")
def server(name: str) -> Response:
    connection = connection_or_404(name)
    if not is_ours(connection):
        abort(HTTPStatus.NOT_FOUND)
    place = f"/connections/{name}/watch/events"
    return page("watching.html.j2", what=connection.named.base_url, place=place, heading="")


@blueprint.get("/connections/<name>/watch/events")
def server_events(name: str) -> Response:
    """Asks the server as long as the page is open, and no longer."""
    connection = connection_or_404(name)
    if not is_ours(connection):
        abort(HTTPStatus.NOT_FOUND)
    where = {connection.named.host: connection.named.addresses}
    begin = since(request.headers.get("Last-Event-ID"), None)
    job = desk().jobs.start(["watch", connection.named.base_url], where, connection.secret)
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def rows() -> Iterator[tuple[int, str, str] | None]:
        try:
            for number, event in job.follow():
                if event is None or number < begin:
                    yield None
                    continue
                with app.app_context():
                    yield number, "part", str(fragment("entry.html.j2", entry=event))
            yield 0, "done", ""
        finally:
            job.stop()

    return events(rows())
