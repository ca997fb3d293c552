"""An exchange as a shell command that sends the same bytes again, with the credential as a variable."""

from __future__ import annotations

import base64
import shlex

from harness.model.exchange import Request
from reports.snippets.redacted import LIMIT, OWN, TOO_LONG, VARIABLE, credential, line, parts, readable

_DEFAULTS = ("User-Agent", "Accept", "Content-Type")
"""Headers that curl would make up when they are not given; "Name:" with nothing behind it keeps it from that."""


def curl(request: Request) -> str:
    """The command, in lines that end with a backslash. A body that is not plain text travels as base64."""
    lines = [f"curl -sS -i -g --path-as-is -X {shlex.quote(line(request.method))} {_quoted(line(request.url))}"]
    given = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if name.lower() not in OWN:
            # "Name;" is how curl is told to send a header whose value is empty.
            lines.append(f"-H {_quoted(f'{line(name)}: {credential(name, line(value))}' if value else f'{name};')}")
    for name in _DEFAULTS:
        if name.lower() not in given and (name != "Content-Type" or request.body):
            lines.append(f"-H '{name}:'")
    before = ""
    if request.body:
        before, argument = _body(request.body)
        lines.append(argument)
    return before + " \\\n  ".join(lines)


def _body(body: bytes) -> tuple[str, str]:
    if len(body) > LIMIT:
        return f"# {TOO_LONG}\n", "--data-binary @body.bin"
    text = readable(body)
    if text is not None:
        return "", f"--data-raw {shlex.quote(text)}"
    return f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", "--data-binary @-"


def _quoted(text: str) -> str:
    """Quote for a POSIX shell; what was redacted becomes the variable, which the shell must still see."""
    return f'"${VARIABLE}"'.join(shlex.quote(part) if part else "" for part in parts(text)) or "''"
