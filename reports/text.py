"""Text that a service sent, made fit to be looked at: nothing invisible, nothing endless."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

LITERAL = re.compile(r"(?:true|false|null|none|-?\d[\d.eE+-]*)?|\s.*|.*\s", re.IGNORECASE | re.DOTALL)
"""Strings that a reader would take for something else than a string if they stood without quotes."""


def visible(text: str) -> str:
    """Spell out every character that cannot be seen or that turns the text around (bidi marks, NUL, U+2028 ...).

    Line breaks and tabs stay. The result holds no lone surrogate, so that it can be encoded as UTF-8.
    """
    if text.isprintable():
        return text
    return "\n".join(
        line if line.isprintable() else "".join(c if c.isprintable() or c == "\t" else _spelt(c) for c in line)
        for line in text.split("\n")
    )


def _spelt(character: str) -> str:
    code = ord(character)
    if character == "\r":
        return "\\r"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clipped(text: str, limit: int) -> str:
    """The first ``limit`` characters; when something is cut off, how long the text was and its SHA-256 is said."""
    if len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:limit]}… (cut: {len(text):,} characters in all, sha256 {digest})"


def shown(value: Any, limit: int = 2000) -> str:
    """A value that a check found, as text. A string that reads like another type keeps its quotes."""
    if value is None:
        return "nothing (absent or null)"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False) if LITERAL.fullmatch(value) else value
    else:
        try:
            text = json.dumps(value, ensure_ascii=False, default=repr)
        except (TypeError, ValueError, RecursionError):
            text = repr(value)
    return clipped(text, limit)


def shortened(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters for a place where the whole text stands elsewhere."""
    line = visible(" ".join(text[: limit * 8].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
