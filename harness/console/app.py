"""The console as a WSGI application: the gate before every request, the pages behind it."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files
from typing import Any

from flask import Flask, Response, g, make_response, redirect, request
from werkzeug.exceptions import HTTPException

from harness.console.desk import Desk
from harness.console.gate import HEADERS, Asked, refusal
from harness.console.jobs import Busy
from harness.console.pages import blueprints
from harness.console.pages.common import page
from harness.console.rendering import environment
from harness.console.store import Unknown
from harness.console.uploads import LARGEST_UPLOAD, TooMuch
from harness.record import RecordError

ASSETS = {
    "console.css": ("harness.console", "static/console.css", "text/css"),
    "report.css": ("reports.html", "style.css", "text/css"),
    "htmx.js": ("harness.console", "static/htmx.min.js", "text/javascript"),
    "sse.js": ("harness.console", "static/htmx-ext-sse.min.js", "text/javascript"),
    "console.js": ("harness.console", "static/console.js", "text/javascript"),
}
"""Every file that a page may ask for; nothing else is read from disk by a name that came over the wire."""


def create_app(desk: Desk) -> Flask:
    """The application. ``desk.port`` has to be known: the console answers under its own name only."""
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_UPLOAD, MAX_FORM_MEMORY_SIZE=1024 * 1024, MAX_FORM_PARTS=200)
    app.extensions["desk"] = desk
    app.extensions["templates"] = environment()
    app.before_request(lambda: _guard(desk))
    app.after_request(_dress)
    app.add_url_rule("/static/<name>", "asset", _asset)
    app.add_url_rule("/enter", "enter", lambda: _enter(desk), methods=["GET", "POST"])
    app.add_url_rule("/leave", "leave", lambda: _leave(desk), methods=["POST"])
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    for kind in (HTTPException, Busy, Unknown, RecordError, TooMuch, Exception):
        app.register_error_handler(kind, _explained)
    return app


def cookie_name(port: int) -> str:
    """A cookie belongs to a host and not to a port: two consoles on one computer must not take each other's."""
    return f"scimulator-{port}"


def _guard(desk: Desk) -> Response | None:
    cookie = request.cookies.get(cookie_name(desk.port), "")
    # A form may be large, so it is only read once it is known that our own page sent it.
    asked = Asked(
        request.method,
        request.path,
        request.headers.get("Host", ""),
        request.headers.get("Origin", ""),
        request.headers.get("Sec-Fetch-Site", ""),
        cookie,
    )
    g.csrf = desk.entrance.csrf(cookie) or ""
    refused = refusal(asked, desk.hosts, desk.entrance, lambda: request.form.get("csrf", ""))
    if refused is None:
        return None
    return _problem(refused.status, refused.problem, refused.hint)


def _enter(desk: Desk) -> Response:
    """Exchange the token for a cookie, and leave the token out of the address at once."""
    given = request.form.get("token", "") if request.method == "POST" else request.args.get("token", "")
    if not given or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return _page("enter.html.j2", problem="")
    cookie = desk.entrance.spend(given)
    if cookie is None:
        problem = "That address was not right, or has been used already. The terminal shows a new one after each use."
        return _page("enter.html.j2", HTTPStatus.FORBIDDEN, problem=problem)
    answer = make_response(redirect("/", HTTPStatus.SEE_OTHER))
    answer.set_cookie(cookie_name(desk.port), cookie, httponly=True, samesite="Strict", path="/")
    return answer


def _leave(desk: Desk) -> Response:
    """Forget all keys, and whom we let in."""
    desk.forget()
    desk.entrance.leave(request.cookies.get(cookie_name(desk.port), ""))
    answer = _page("left.html.j2")
    answer.delete_cookie(cookie_name(desk.port), path="/")
    return answer


def _asset(name: str) -> Response:
    if name not in ASSETS:
        return _problem(HTTPStatus.NOT_FOUND, "there is no such file", "go back to the start page")
    package, path, kind = ASSETS[name]
    return Response((files(package) / path).read_bytes(), content_type=f"{kind}; charset=utf-8")


def _dress(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def _page(template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    return page(template, status, **values)


def _problem(status: int, problem: str, hint: str) -> Response:
    return _page("problem.html.j2", status, code=int(status), problem=problem, hint=hint)


def _explained(error: Exception) -> Response:
    """What went wrong, in words; never a stack trace, which could hold anything."""
    if isinstance(error, Busy):
        return _problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "as many rehearsals and checks are under way as there may be at one time",
            "wait until one of them has ended, or stop it",
        )
    if isinstance(error, Unknown):
        return _problem(
            HTTPStatus.NOT_FOUND, "no run of that name is kept here", "choose one from the list of earlier runs"
        )
    if isinstance(error, TooMuch):
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error), error.hint)
    if isinstance(error, RecordError):
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), "start the rehearsal again")
    if isinstance(error, HTTPException) and error.code is not None:
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            most = f"at most {LARGEST_UPLOAD // 1024 // 1024} MB are taken here"
            return _problem(error.code, most, "cut the file down, or use scimulator triage on the terminal")
        return _problem(error.code, f"this address does not work ({error.name})", "go back to the start page")
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"the console itself has failed ({type(error).__name__})",
        "this is a fault of scimulator, not of your service: please report it with what you did just before",
    )
