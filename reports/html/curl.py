"""An exchange as a shell command that sends the same bytes again, with the credential as a variable."""

from __future__ import annotations

import base64
import re
import shlex

from harness.model.exchange import Request

VARIABLE = "SCIM_TOKEN"
LIMIT = 64 * 1024
"""A longer body is not put into a command line."""

_REDACTED = re.compile(r"\[redacted:[^\]]*\]")
_OWN = frozenset({"host", "content-length", "connection"})
_DEFAULTS = ("User-Agent", "Accept", "Content-Type")
"""Headers that curl would make up when they are not given; "Name:" with nothing behind it keeps it from that."""


def curl(request: Request) -> str:
    """The command, in lines that end with a backslash. A body that is not plain text travels as base64."""
    lines = [f"curl -sS -i -g --path-as-is -X {shlex.quote(_line(request.method))} {_quoted(_line(request.url))}"]
    given = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if name.lower() not in _OWN:
            # "Name;" is how curl is told to send a header whose value is empty.
            lines.append(f"-H {_quoted(f'{_line(name)}: {_credential(name, _line(value))}' if value else f'{name};')}")
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
        return "# The body is too long to stand here: save it from exchanges.jsonl as body.bin.\n", (
            "--data-binary @body.bin"
        )
    text = body.decode("utf-8", "replace")
    if "�" not in text and all(c.isprintable() or c in "\n\t" for c in text):
        return "", f"--data-raw {shlex.quote(text)}"
    return f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", "--data-binary @-"


def _credential(name: str, value: str) -> str:
    if name.lower() != "authorization" or _REDACTED.search(value):
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} [redacted:token]" if space else "[redacted:token]"


def _quoted(text: str) -> str:
    """Quote for a POSIX shell; what was redacted becomes the variable, which the shell must still see."""
    parts = _REDACTED.split(text)
    return f'"${VARIABLE}"'.join(shlex.quote(part) if part else "" for part in parts) or "''"


def _line(text: str) -> str:
    return "".join(c for c in text if c not in "\r\n\0")
