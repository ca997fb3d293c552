"""One person is switched off and on after consent; and whoever an earlier try left behind is put back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request

from harness.console import drawing, keys
from harness.console.desk import Connection, Trial
from harness.console.jobs import Event, Job
from harness.console.pages.common import desk, events, fragment, page, since
from harness.console.pages.start import (
    LONGEST_KEY,
    connection_or_404,
    diagnosis_of,
    left_behind,
    line_from,
    redirect_to,
)
from harness.console.rendering import idp_name
from harness.console.targets import Named, Refused, named
from harness.console.tried import trial_answer
from harness.model.diagnosis import Line, State
from harness.model.secret import Secret

blueprint = Blueprint("trying", __name__)

_ACCOUNT = re.compile(r"[^\x00-\x20,;\x7f]{1,256}")


@blueprint.get("/connections/<name>/try")
def form(name: str) -> Response:
    # Who was only to be looked up is not proposed as somebody to be switched off.
    return _form(connection_or_404(name), "", {})


def _form(connection: Connection, account: str, wrong: dict[str, tuple[str, str]]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    obstacle = _obstacle(connection)
    return page("try.html.j2", status, connection=connection, account=account, wrong=wrong, obstacle=obstacle)


def _obstacle(connection: Connection) -> str:
    """Why nobody can be switched off at this connection yet, or ""."""
    told = diagnosis_of(connection.look.events) if connection.look and connection.look.over else None
    if told is None:
        return "The connection has not been looked at to the end."
    if any(line.state is State.WRONG for line in told.lines):
        return "The look at the connection has found something wrong, which comes first."
    return ""


@blueprint.post("/connections/<name>/try")
def begin(name: str) -> Response:
    """Look the person up and work out what would be sent; nothing is changed."""
    connection = connection_or_404(name)
    account = request.form.get("account", "").strip()
    if not _ACCOUNT.fullmatch(account):
        wrong = ("the user name of exactly one person is taken", "write it as the service shows it")
        return _form(connection, account[:256], {"account": wrong})
    if _obstacle(connection):
        return _form(connection, account, {"account": ("nothing was sent", "see above")})
    trial = Trial(connection.named.base_url, account, connection)
    trial.planning = _start(connection.named, connection.secret, "plan", _settings(connection, account))
    return redirect_to(f"/tries/{desk().attempt(trial).id}")


@blueprint.post("/tries/<name>")
def agree(name: str) -> Response:
    """Do what was shown and agreed to; the child refuses when it would be anything else by now."""
    trial = _trial_or_404(name)
    plan = _event(trial.planning, "planned")
    if trial.doing is not None:
        return redirect_to(f"/tries/{name}")
    if trial.connection is None or plan is None or trial.account != plan["account"]:
        abort(HTTPStatus.NOT_FOUND)
    if request.form.get("agreed") != str(plan["agreed"]):
        wrong = ("you have not agreed to the change", "read what would be sent, then tick the box")
        return _shown(trial, {"agreed": wrong})
    settings = _settings(trial.connection, trial.account)
    trial.doing = _start(trial.connection.named, trial.connection.secret, "try", settings, str(plan["agreed"]))
    return redirect_to(f"/tries/{name}")


@blueprint.get("/tries/<name>")
def shown(name: str) -> Response:
    """The plan, the try while it goes on, or what came of it."""
    return _shown(_trial_or_404(name), {})


def _shown(trial: Trial, wrong: dict[str, tuple[str, str]]) -> Response:
    job, connection = trial.job, trial.connection
    told = list(job.events)
    over = job.over
    end = _event(job, "tried") if over else None
    lines = [line_from(one) for one in end["lines"]] if end else _lines(told)
    # Whoever put somebody back is also told of those at other services; perhaps another address was meant.
    left = [one for one in left_behind()[0] if not trial.account or one.base_url == trial.base_url]
    refused = _event(job, "refused")
    return page(
        "trying.html.j2",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        trial=trial,
        idp=idp_name(connection.idp) if connection else "",
        wrong=wrong,
        over=over,
        plan=_event(trial.planning, "planned") if trial.doing is None else None,
        refused=str(refused["why"]) if refused else "",
        lines=lines,
        answer=trial_answer(trial.account, lines, stopped=job.stopped, left=bool(left)) if end else None,
        complaint=job.complaint.strip() if over else "",
        left=left if over and trial.doing else [],
        parts=[html for event in told if (html := _part(event))],
        seen=len(told),
        heading=drawing.heading("Identity provider"),
    )


@blueprint.get("/tries/<name>/events")
def live(name: str) -> Response:
    job = _trial_or_404(name).job
    follow = job.follow(since(request.headers.get("Last-Event-ID"), request.args.get("since")))
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def told() -> Iterator[tuple[int, str, str] | None]:
        last = 0
        for number, event in follow:
            last = number
            with app.app_context():
                if event is None:
                    yield None
                elif event.get("event") == "line":
                    yield number, "line", str(fragment("line.html.j2", line=line_from(event["line"])))
                elif html := _part(event):
                    yield number, "part", html
        yield last, "done", ""

    return events(told())


@blueprint.post("/tries/<name>/stop")
def stop(name: str) -> Response:
    trial = _trial_or_404(name)
    if not trial.job.over:
        trial.job.stop()
    return redirect_to(f"/tries/{name}")


@blueprint.get("/undo")
def undo_form() -> Response:
    return _undo_form("", {})


def _undo_form(base_url: str, wrong: dict[str, tuple[str, str]]) -> Response:
    # The address is typed and not taken from the file: a file must not be able to say where a key goes.
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    left, problem = left_behind()
    values = {"left": left, "problem": problem, "base_url": base_url, "wrong": wrong, "keyring": keys.offered()}
    return page("undo.html.j2", status, **values)


@blueprint.post("/undo")
def undo() -> Response:
    """Put back whoever was left behind at a service: one that is still connected, or one that is typed."""
    connection = desk().connection(request.form.get("connection", ""))
    if connection is not None:
        where, secret, settings = connection.named, connection.secret, _settings(connection)
    else:
        base_url, key = request.form.get("base_url", "").strip(), request.form.get("key", "")
        wrong: dict[str, tuple[str, str]] = {}
        try:
            where = named(base_url, desk().networks, desk().resolver, desk().port)
            key = key if key.strip() else keys.remembered(where.base_url)
        except Refused as refused:
            wrong["base_url"] = (str(refused), refused.hint)
        if not key.strip() or len(key) > LONGEST_KEY or "\0" in key:
            wrong["key"] = ("there is no usable API key", "paste it as the service's own page shows it")
        if wrong:
            return _undo_form(base_url, wrong)
        secret, settings = Secret(key, "page of the console"), {"target": where.base_url}
    if desk().writing_at(where.base_url):
        wrong = {"base_url": ("a try at this service goes on at this moment", "wait until it has ended")}
        return _undo_form(where.base_url, wrong)
    trial = Trial(where.base_url, "", connection)
    trial.doing = _start(where, secret, "undo", settings)
    return redirect_to(f"/tries/{desk().attempt(trial).id}")


def _settings(connection: Connection, account: str = "") -> dict[str, object]:
    accounts = {"accounts": [account]} if account else {}
    return {"target": connection.named.typed or connection.named.base_url, "idps": [connection.idp], **accounts}


def _start(where: Named, secret: Secret, do: str, settings: dict[str, object], agreed: str = "") -> Job:
    told = {"do": do, "settings": settings, "folder": str(desk().ledgers), "agreed": agreed}
    return desk().jobs.start(["try", json.dumps(told)], {where.host: where.addresses}, secret)


def _trial_or_404(name: str) -> Trial:
    found = desk().trials.get(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _event(job: Job | None, kind: str) -> Event | None:
    return next((event for event in job.events if event.get("event") == kind), None) if job is not None else None


def _lines(told: Sequence[Event]) -> list[Line]:
    return [line_from(event["line"]) for event in told if event.get("event") == "line"]


def _part(event: Event) -> str:
    if event.get("event") != "exchange":
        return ""
    words = f"{event.get('title', '')}: {event.get('method')} {event.get('template')}, {drawing.outcome(event)}"
    return str(fragment("part.html.j2", title=words, row=drawing.row(event)))
