"""The first page: who connects to what, and whether that works at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, redirect, request

from harness.console import keys
from harness.console.desk import Connection
from harness.console.jobs import Event
from harness.console.pages.common import desk, events, fragment, page, since
from harness.console.rendering import IDPS, idp_name
from harness.console.targets import FLAG, Refused, named
from harness.ledger import LedgerError, unfinished
from harness.model.diagnosis import Diagnosis, Line, Proof, Readiness, State
from harness.model.secret import Secret

blueprint = Blueprint("start", __name__)

LONGEST_KEY = 16 * 1024


@blueprint.get("/")
def start() -> Response:
    return _form({"idp": "", "base_url": "", "account": ""}, {})


def _form(values: dict[str, str], wrong: dict[str, tuple[str, str]]) -> Response:
    """The first page. The key is never sent back: it would stand in the page."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    left, problem = left_behind()
    return page("start.html.j2", status, values=values, wrong=wrong, keyring=keys.offered(), left=left, problem=problem)


@dataclass(frozen=True)
class Left:
    """Somebody whom a try that was cut short may have left switched off; ``connection`` has the key, or is ""."""

    account: str
    base_url: str
    at: str
    connection: str


def left_behind() -> tuple[list[Left], str]:
    """Who may have been left switched off, and what is wrong with a ledger that cannot be read ("" for nothing)."""
    try:
        found = unfinished(desk().ledgers)
    except LedgerError as error:
        return [], str(error)
    keyed = {one.named.base_url: one.id for one in desk().connections()}
    # Whoever is being tried at this moment has a ledger as well.
    return [
        Left(one.account, one.base_url, one.at, keyed.get(one.base_url, ""))
        for one in found
        if not desk().writing_at(one.base_url)
    ], ""


@blueprint.post("/connections")
def connect() -> Response:
    """Look at what was typed; nothing is asked before it is known to be allowed."""
    given = {name: request.form.get(name, "").strip() for name in ("idp", "base_url", "account")}
    key = request.form.get("key", "")
    wrong: dict[str, tuple[str, str]] = {}
    if given["idp"] not in IDPS:
        wrong["idp"] = ("no identity provider is chosen", "choose where your people are kept")
    try:
        found = named(given["base_url"], desk().networks, desk().resolver, desk().port)
    except Refused as refused:
        wrong["base_url"] = (str(refused), refused.hint)
        found = None
    if not key.strip() and found is not None:
        key = keys.remembered(found.base_url)
    if not key.strip():
        wrong["key"] = ("there is no API key", "paste it as the service's own page shows it")
    elif len(key) > LONGEST_KEY or "\0" in key:
        wrong["key"] = ("this is no API key: it is too long or has invisible characters", "copy it once more")
    elif found is not None and request.form.get("remember") == "yes" and not keys.remember(found.base_url, key):
        wrong["key"] = ("the keyring of this computer did not take the key", "go on without remembering it")
    if wrong or found is None:
        return _form(given, wrong)
    idp = f"entra:{FLAG}" if given["idp"] == "entra:default" and found.flags else given["idp"]
    connection = desk().connect(idp, found, Secret(key, "page of the console"), given["account"])
    _look(connection)
    return redirect_to(f"/connections/{connection.id}")


@blueprint.post("/connections/<name>/look")
def look_again(name: str) -> Response:
    connection = connection_or_404(name)
    if connection.look is None or connection.look.over:
        _look(connection)
    return redirect_to(f"/connections/{name}")


@blueprint.get("/connections/<name>")
def looked(name: str) -> Response:
    connection = connection_or_404(name)
    job = connection.look
    if job is None:
        _look(connection)
        job = connection.look
    assert job is not None
    told = list(job.events)
    return page(
        "looking.html.j2",
        connection=connection,
        idp=idp_name(connection.idp),
        over=job.over,
        lines=[line_from(e["line"]) for e in told if e.get("event") == "line"],
        diagnosis=diagnosis_of(told) if job.over else None,
        complaint=job.complaint if job.over and diagnosis_of(told) is None else "",
        seen=len(told),
    )


@blueprint.get("/connections/<name>/events")
def looking(name: str) -> Response:
    connection = connection_or_404(name)
    if connection.look is None:
        abort(HTTPStatus.NOT_FOUND)
    follow = connection.look.follow(since(request.headers.get("Last-Event-ID"), request.args.get("since")))
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def told() -> Iterator[tuple[int, str, str] | None]:
        last = 0
        for number, event in follow:
            if event is None:
                yield None
            elif event.get("event") == "line":
                with app.app_context():
                    yield number, "line", str(fragment("line.html.j2", line=line_from(event["line"])))
            last = number
        yield last, "done", ""

    return events(told())


def _look(connection: Connection) -> None:
    settings = {"target": connection.named.typed, "idps": [connection.idp]}
    if connection.account:
        settings["accounts"] = [connection.account]
    where = {connection.named.host: connection.named.addresses}
    connection.look = desk().jobs.start(["look", json.dumps(settings)], where, connection.secret)


def connection_or_404(name: str) -> Connection:
    """The connection of that name, or an answer that says that it is gone."""
    found = desk().connection(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def redirect_to(place: str) -> Response:
    answer = redirect(place, HTTPStatus.SEE_OTHER)
    assert isinstance(answer, Response)
    return answer


def line_from(told: Event) -> Line:
    """A line of a diagnosis as the child process tells it."""
    proofs = tuple(Proof(str(p.get("text", "")), str(p.get("exchange", ""))) for p in told.get("evidence", ()))
    texts = {name: str(told.get(name, "")) for name in ("id", "title", "meaning", "fix", "who", "guide")}
    return Line(state=State(told["state"]), evidence=proofs, **texts)


def diagnosis_of(told: list[Event]) -> Diagnosis | None:
    """The answer of a look that came to its end."""
    end = next((event for event in told if event.get("event") == "looked"), None)
    if end is None:
        return None
    # They come in the order of looking, and stand in the end in the order in which to act.
    return Diagnosis(Readiness(end["readiness"]), str(end["sentence"]), tuple(line_from(one) for one in end["lines"]))
