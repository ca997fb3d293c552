"""What all snippets share: the variable of the credential, and which headers are left to the tool."""

from __future__ import annotations

import re

VARIABLE = "SCIM_TOKEN"
"""The variable that stands for the credential."""

OWN = frozenset({"host", "content-length", "connection"})
"""Headers that every tool writes by itself, and rightly."""

LIMIT = 64 * 1024
"""A longer body, in bytes, is not put into a snippet."""

TOO_LONG = "The body is too long to stand here: save it from exchanges.jsonl as body.bin."

_ENDS = dict.fromkeys(map(ord, "\r\n\0"))

_REDACTED = re.compile(r"\[redacted:[^\]]*\]")


def parts(text: str) -> list[str]:
    """The text between the places where a credential was masked; one part means that there is none."""
    return _REDACTED.split(text)


def credential(name: str, value: str) -> str:
    """The value of a header; an Authorization that was not masked is masked all the same."""
    if name.lower() != "authorization" or len(parts(value)) > 1:
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} [redacted:token]" if space else "[redacted:token]"


def line(text: str) -> str:
    """The text without what would end a line."""
    return text.translate(_ENDS)


def readable(body: bytes) -> str | None:
    """The body as text, or None when it is not plain text that can be read and typed."""
    text = body.decode("utf-8", "replace")
    return text if "�" not in text and all(c.isprintable() or c in "\n\t" for c in text) else None
