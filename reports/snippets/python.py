"""An exchange as a few lines of Python with requests, with the credential from the environment."""

from __future__ import annotations

from harness.model.exchange import Request
from reports.snippets.redacted import LIMIT, OWN, TOO_LONG, VARIABLE, credential, line, parts

_DEFAULTS = ("User-Agent", "Accept", "Accept-Encoding", "Connection")
"""Headers that requests would make up when they are not given; None keeps it from that."""


def python(request: Request) -> str:
    """A script that sends the same request and prints the answer."""
    lines = ["import os", "", "import requests", "", f'token = os.environ["{VARIABLE}"]']
    body = ""
    if request.body and len(request.body) > LIMIT:
        lines.append(f"# {TOO_LONG}")
        body = 'open("body.bin", "rb")'
    elif request.body:
        body = repr(request.body)
    lines += [
        "answer = requests.request(",
        f"    {line(request.method)!r},",
        f"    {masked(line(request.url))},",
        "    headers={",
        *(f"        {item}," for item in headers(request)),
        "    },",
        *([f"    data={body},"] if body else []),
        "    allow_redirects=False,",
        "    timeout=60,",
        ")",
        "print(answer.status_code, answer.headers, answer.text)",
    ]
    return "\n".join(lines)


def headers(request: Request, token: str = "token", *, literal: bool = False) -> list[str]:  # noqa: S107 - a variable
    """The headers as items of a Python dict; ``token`` is the variable that holds the credential.

    ``literal`` keeps an Authorization that was not masked: a wrong one that was sent on purpose.
    """
    given = {name.lower() for name, _ in request.headers}
    items = [
        f"{line(name)!r}: {masked(line(value) if literal else credential(name, line(value)), token)}"
        for name, value in request.headers
        if name.lower() not in OWN
    ]
    return items + [f"{name!r}: None" for name in _DEFAULTS if name.lower() not in given]


def masked(text: str, token: str = "token") -> str:  # noqa: S107 - the name of a variable
    """The text as a Python expression, with the variable in place of what was masked."""
    pieces = [repr(part) if part else "" for part in parts(text)]
    joined: list[str] = []
    for number, piece in enumerate(pieces):
        joined += [token] if number else []
        joined += [piece] if piece else []
    return " + ".join(joined) or "''"
