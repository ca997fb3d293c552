"""Plan, consent, the run while it goes on, and what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, request, send_file

from harness.console import drawing, questions
from harness.console.desk import Connection
from harness.console.gate import SANDBOX
from harness.console.jobs import Event, Job
from harness.console.pages.common import desk, events, fragment, page, since
from harness.console.pages.start import connection_or_404, redirect_to
from harness.console.rendering import idp_name, story_title
from harness.console.telling import result
from harness.record import RecordError
from harness.stage import retell
from reports.html.render import write as write_html

blueprint = Blueprint("rehearsal", __name__)

MOST_ACCOUNTS = 20
MOST_REQUESTS = 400
"""So many requests of a plan are shown, and so many of a run are drawn while it goes on."""

_ACCOUNT = re.compile(r"[^\x00-\x20,;\x7f]{1,256}")


@blueprint.get("/connections/<name>/plan")
def plan(name: str) -> Response:
    connection = connection_or_404(name)
    chosen = [question.name for question in questions.offered(connection.idp)]
    # Who was only to be looked up is not proposed as somebody to be switched off.
    return _plan(connection, {"questions": chosen, "accounts": "", "profile": "marketbeam"}, {})


def _plan(connection: Connection, values: dict[str, object], wrong: dict[str, tuple[str, str]]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page(
        "plan.html.j2",
        status,
        connection=connection,
        idp=idp_name(connection.idp),
        offered=questions.offered(connection.idp),
        profiles=questions.PROFILES,
        values=values,
        wrong=wrong,
        ours=is_ours(connection),
    )


@blueprint.get("/connections/<name>/requests")
def requests(name: str) -> Response:
    """The exact requests of what is chosen, found out without asking the service. Sent into the page of the plan."""
    connection = connection_or_404(name)
    chosen = questions.chosen(connection.idp, request.args.getlist("question"))
    if not chosen:
        return Response(str(fragment("requests.html.j2", problem="Nothing is chosen.", shown={}, more=0)))
    profile = request.args.get("profile", "marketbeam")
    profile = profile if profile in questions.PROFILES else "marketbeam"
    arguments = ["plan", f"--idp={connection.idp}", f"--profile={profile}", *questions.stories(chosen), "--json"]
    code, told, complaint = desk().jobs.read(arguments, 16 * 1024 * 1024)
    if code:
        return Response(str(fragment("requests.html.j2", problem=complaint.strip()[-300:], shown={}, more=0)))
    return Response(str(fragment("requests.html.j2", problem="", **shown_requests(json.loads(told)))))


def shown_requests(rows: Sequence[dict[str, str]]) -> dict[str, object]:
    """The requests of a plan by story and by what somebody did in the directory, in their order."""
    told: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows[:MOST_REQUESTS]:
        told.setdefault(row["scenario"], {}).setdefault(row["change"], []).append(row)
    return {"shown": told, "more": max(0, len(rows) - MOST_REQUESTS)}


@blueprint.post("/connections/<name>/runs")
def run(name: str) -> Response:
    """Start the rehearsal that was agreed to."""
    connection = connection_or_404(name)
    asked = request.form.getlist("question")
    accounts = [a for a in re.split(r"[\s,;]+", request.form.get("accounts", "")) if a]
    profile = request.form.get("profile", "marketbeam")
    chosen = questions.chosen(connection.idp, asked)
    wrong: dict[str, tuple[str, str]] = {}
    if not chosen:
        wrong["questions"] = ("nothing is chosen", "choose at least one question")
    if profile not in questions.PROFILES:
        wrong["profile"] = ("no such kind of service is known", "choose one of the list")
    if len(accounts) > MOST_ACCOUNTS or not all(_ACCOUNT.fullmatch(account) for account in accounts):
        wrong["accounts"] = (
            f"at most {MOST_ACCOUNTS} user names are taken, one in a line",
            "write them as the service shows them",
        )
    if writes(connection, chosen, accounts) and request.form.get("agreed") != "yes":
        wrong["agreed"] = ("you have not agreed to the changes", "read what would be sent, then tick the box")
    if wrong:
        return _plan(connection, {"questions": asked, "accounts": "\n".join(accounts), "profile": profile}, wrong)
    run_id = desk().store.new_id(connection.idp)
    desk().runs.mkdir(parents=True, exist_ok=True)
    out = desk().store.root / run_id
    arguments = questions.run_arguments(connection.named.base_url, connection.idp, profile, chosen, accounts, out)
    where = {connection.named.host: connection.named.addresses}
    desk().rehearse(run_id, desk().jobs.start(arguments, where, connection.secret))
    return redirect_to(f"/runs/{run_id}")


def writes(connection: Connection, chosen: Sequence[questions.Question], accounts: Sequence[str]) -> bool:
    """Whether somebody's state would be changed: then consent is needed."""
    return any(question.writes for question in chosen) and (bool(accounts) or is_ours(connection))


def is_ours(connection: Connection) -> bool:
    """Whether the look found our own reference server, which has people of its own to try things on."""
    told = connection.look.events if connection.look else []
    return any(event.get("event") == "looked" and event.get("reference_server") for event in told)


@blueprint.get("/runs/<name>")
def shown(name: str) -> Response:
    """The run as it stands: live while it goes on, and what it means afterwards."""
    job = desk().rehearsals.get(name)
    if job is not None and not job.over:
        return _live(name, job)
    try:
        told = desk().store.run(name)
    except (RecordError, KeyError):
        if job is None:
            raise
        return _failed(name, job)
    return page("result.html.j2", name=name, run=told, result=result(told), stopped=job is not None and job.stopped)


def _failed(name: str, job: Job) -> Response:
    return page("failed.html.j2", name=name, code=job.code, complaint=job.complaint.strip(), stopped=job.stopped)


def _live(name: str, job: Job) -> Response:
    told = list(job.events)
    return page(
        "live.html.j2",
        name=name,
        stopping=job.stopped,
        parts=[html for event in told if (html := _part(event))][:MOST_REQUESTS],
        state=_Tally.of(told).told(),
        seen=len(told),
        heading=drawing.heading("Identity provider"),
    )


@blueprint.get("/runs/<name>/events")
def live(name: str) -> Response:
    job = desk().rehearsals.get(name)
    if job is None:
        abort(HTTPStatus.NOT_FOUND)
    begin = since(request.headers.get("Last-Event-ID"), request.args.get("since"))
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def told() -> Iterator[tuple[int, str, str] | None]:
        last, drawn, tally = begin, 0, _Tally.of(job.events[:begin])
        for number, event in job.follow(begin):
            if event is None:
                yield None
                continue
            last = number
            tally.count(event)
            with app.app_context():
                yield number, "state", tally.told()
                if drawn < MOST_REQUESTS and (html := _part(event)):
                    drawn += event.get("event") == "exchange"
                    yield number, "part", html
        yield last, "done", ""

    return events(told())


def _part(event: Event) -> str:
    """What is added to the picture because of an event; "" for nothing."""
    if event.get("event") == "scenario_started":
        return str(fragment("part.html.j2", title=story_title(str(event["scenario"])), row=None))
    if event.get("event") != "exchange":
        return ""
    words = f"{event.get('title', '')}: {event.get('method')} {event.get('template')}, {drawing.outcome(event)}"
    return str(fragment("part.html.j2", title=words, row=drawing.row(event)))


@dataclass
class _Tally:
    """How far a run has come."""

    total: int = 0
    done: int = 0
    sent: int = 0
    now: str = ""

    @classmethod
    def of(cls, told: Sequence[Event]) -> _Tally:
        tally = cls()
        for event in told:
            tally.count(event)
        return tally

    def count(self, event: Event) -> None:
        match event.get("event"):
            case "run_started":
                self.total = int(event["scenarios"])
            case "scenario_started":
                self.now = story_title(str(event["scenario"]))
            case "scenario_finished":
                self.done += 1
            case "exchange":
                self.sent += 1

    def told(self) -> str:
        return str(fragment("state.html.j2", **vars(self)))


@blueprint.post("/runs/<name>/stop")
def stop(name: str) -> Response:
    job = desk().rehearsals.get(name)
    if job is None:
        abort(HTTPStatus.NOT_FOUND)
    if not job.over:
        job.stop()
    return redirect_to(f"/runs/{name}")


@blueprint.get("/runs/<name>/report.html")
def report(name: str) -> Response:
    """The report to look at: a page of a stranger as far as the browser is concerned."""
    answer = send_file(_report(name), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@blueprint.get("/runs/<name>/download")
def download(name: str) -> Response:
    """The report as one file to keep or to pass on."""
    return send_file(_report(name), "text/html", as_attachment=True, download_name=f"scimulator-{name}.html")


def _report(name: str) -> Path:
    directory = desk().store.directory(name)
    path = directory / "report.html"
    if not path.is_file():
        from harness.model.audience import Audience

        path = write_html(retell(directory), directory, Audience.ADMIN)
    return path.resolve()


def host_of(url: str) -> str:
    """The host of a base URL, for a list."""
    return urlsplit(url).netloc or url
