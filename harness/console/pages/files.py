"""Files of the administrator's own: settings that are looked at, and logs of trouble that are read. Nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Response, request

from harness.configuration.okta_settings import QUESTIONS
from harness.console.pages.common import desk, page
from harness.console.pages.start import line_from
from harness.console.uploads import received
from harness.model.diagnosis import Diagnosis, Readiness

blueprint = Blueprint("files", __name__)

LARGEST_ANSWER = 32 * 1024 * 1024
MOST_FILES = 20
LONGEST_TEXT = 20_000
SIGN_INS = {"": "I do not know", "userPrincipalName": "User principal name", "mail": "E-mail address"}


@blueprint.get("/files")
def files() -> Response:
    return _files({})


def _files(wrong: dict[str, tuple[str, str]]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page("files.html.j2", status, questions=QUESTIONS, sign_ins=SIGN_INS, wrong=wrong)


@blueprint.post("/files/settings")
def settings() -> Response:
    """What is ticked and mapped, and what that means for leavers."""
    given = {name: handed(name) for name in ("export", "people", "there")}
    answers = {q.name: request.form.get(f"okta-{q.name}", "") for q in QUESTIONS}
    told = {name: answer for name, answer in answers.items() if answer}
    if not any(given.values()) and not told:
        return _files({"settings": ("there is nothing to look at", "choose a file, or answer a question")})
    arguments = ["doctor", "--json", "--audience=admin"]
    if (sign_in := request.form.get("sign_in", "")) in SIGN_INS and sign_in:
        arguments.append(f"--sign-in={sign_in}")
    stack = [("okta.json", _stream(json.dumps(told)))] if told else []
    with (
        received(given["export"]) as exports,
        received(given["people"]) as people,
        received(given["there"]) as there,
        received(stack) as okta,
    ):
        arguments += [f"--export={path}" for path in exports]
        arguments += [f"--people={path}" for path in people[:1]]
        arguments += [f"--there={path}" for path in there[:1]]
        arguments += [f"--okta-settings={path}" for path in okta]
        code, out, complaint = desk().jobs.read(arguments, LARGEST_ANSWER)
    document = _document(out)
    if document is None:
        return _files({"settings": (said(complaint, code), "see that the files are those that are asked for")})
    lines = tuple(line_from(_worded(line)) for line in document["lines"])
    diagnosis = Diagnosis(Readiness(document["verdict"]), str(document.get("sentence", "")), lines)
    return page("settings.html.j2", diagnosis=diagnosis)


@blueprint.post("/files/trouble")
def trouble() -> Response:
    """What went wrong in logs and recordings: the likeliest causes, who acts, and a reply to pass on."""
    given = handed("files")
    pasted = request.form.get("pasted", "").strip()
    if not given and not pasted:
        return _files({"trouble": ("there is nothing to read", "choose a file, or paste the text of the error")})
    explained = _explained(pasted) if pasted else None
    if not given:
        return page("case.html.j2", case=None, names={}, explained=explained)
    veiled = ["--redact=personal"] if request.form.get("veiled") == "yes" else []
    with received(given) as paths:
        arguments = ["triage", "--json", "--quiet", *veiled, *(str(path) for path in paths)]
        code, out, complaint = desk().jobs.read(arguments, LARGEST_ANSWER, 300.0)
        names = {path.name: _shown(path.name) for path in paths}
    document = _document(out)
    if document is None:
        return _files({"trouble": (said(complaint, code), "see that the files are logs, exports or recordings")})
    return page("case.html.j2", case=document, names=names, explained=explained)


def _explained(pasted: str) -> dict[str, Any] | None:
    """What the text of an error means; None when the command gave up."""
    text = "".join(c for c in pasted[:LONGEST_TEXT] if c.isprintable() or c in "\n\t")
    _, out, _ = desk().jobs.read(["explain", "--json", "--audience=admin", "--", text], LARGEST_ANSWER)
    return _document(out)


def handed(name: str) -> list[tuple[str, IO[bytes]]]:
    """The files of one field, as (name, stream); an empty field hands in nothing."""
    found = request.files.getlist(name)[:MOST_FILES]
    return [(one.filename, one.stream) for one in found if one.filename]


def _stream(text: str) -> IO[bytes]:
    from io import BytesIO

    return BytesIO(text.encode("utf-8", "replace"))


def _document(out: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(out)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def said(complaint: str, code: int) -> str:
    """What a command said when it gave up, without the paths of our own copies."""
    lines = [line for line in complaint.strip().splitlines() if line.strip()]
    if code < 0 or not lines:
        return "the files could not be read: they are too large or too unusual"
    return lines[-1].removeprefix("Error: ").replace(str(Path.cwd()), "").strip()[:300].rstrip(".")


def _shown(name: str) -> str:
    """The name that the administrator knows a file by, without the number that we put before it."""
    return name.partition("-")[2] or name


def _worded(line: dict[str, Any]) -> dict[str, Any]:
    """A line as ``doctor --json`` prints it, whose evidence is texts or proofs."""
    proofs: Sequence[Any] = line.get("evidence") or ()
    if isinstance(proofs, str):
        proofs = [proofs]
    return {**line, "evidence": [one if isinstance(one, dict) else {"text": str(one)} for one in proofs]}
