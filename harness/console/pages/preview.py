"""What an identity provider will send when these very people leave: found out without asking anybody."""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from flask import Blueprint, Response, request

from harness.console.pages.common import desk, page
from harness.console.pages.files import LARGEST_ANSWER, handed, said
from harness.console.rendering import IDPS, idp_name
from harness.console.uploads import received

blueprint = Blueprint("preview", __name__)

MOST_PEOPLE = 10
_PERSON = re.compile(r"[^\x00-\x20,;\x7f-]{1}[^\x00-\x20,;\x7f]{0,255}")


@blueprint.get("/preview")
def form() -> Response:
    return _form({"idp": "", "people": ""}, {})


def _form(values: dict[str, str], wrong: dict[str, tuple[str, str]]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page("preview.html.j2", status, values=values, wrong=wrong)


@blueprint.post("/preview")
def shown() -> Response:
    idp = request.form.get("idp", "")
    people = [one for one in re.split(r"[\s,;]+", request.form.get("people", "")) if one]
    wrong: dict[str, tuple[str, str]] = {}
    if idp not in IDPS:
        wrong["idp"] = ("no identity provider is chosen", "choose where your people are kept")
    if not 1 <= len(people) <= MOST_PEOPLE or not all(_PERSON.fullmatch(one) for one in people):
        wrong["people"] = (f"one to {MOST_PEOPLE} user names are taken, one in a line", "such as ada@example.test")
    if wrong:
        return _form({"idp": idp, "people": "\n".join(people)}, wrong)
    with received(handed("export")) as exports:
        arguments = ["plan", f"--idp={idp}", f"--leave={','.join(people)}", "--json"]
        arguments += [f"--export={path}" for path in exports]
        code, out, complaint = desk().jobs.read(arguments, LARGEST_ANSWER)
    if code:
        return _form(
            {"idp": idp, "people": "\n".join(people)},
            {"people": (said(complaint, code), "see that the file is an export of the provisioning job")},
        )
    ways: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}
    for row in json.loads(out):
        ways.setdefault((row["title"], row["when"]), {}).setdefault(row["person"], []).append(row)
    return page("previewed.html.j2", idp=idp_name(idp), people=people, ways=ways)
