"""An exchange as a block of an .http file, as editors send them, with the credential as a variable."""

from __future__ import annotations

from harness.model.exchange import Request
from reports.snippets.redacted import LIMIT, OWN, TOO_LONG, VARIABLE, credential, line, parts, readable


def http(request: Request, title: str = "") -> str:
    """The block, beginning with "###". Define the variable SCIM_TOKEN in the editor's environment.

    A body that is not plain text, or too long, is named as a file.
    """
    lines = [f"### {line(title)}".rstrip(), f"{line(request.method)} {_masked(line(request.url))}"]
    lines += [
        f"{line(name)}: {_masked(credential(name, line(value)))}"
        for name, value in request.headers
        if name.lower() not in OWN
    ]
    if request.body:
        text = readable(request.body) if len(request.body) <= LIMIT else None
        if text is None:
            lines[1:1] = [
                f"# {TOO_LONG}" if len(request.body) > LIMIT else "# The body is not text: body.bin holds it."
            ]
        lines += ["", "< ./body.bin" if text is None else text]
    return "\n".join(lines)


def _masked(text: str) -> str:
    return f"{{{{{VARIABLE}}}}}".join(parts(text))
