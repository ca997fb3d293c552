"""Small conversions that every log needs: clean text, a time in UTC, nested values made flat."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from harness.intake.masking import MARK, Masker

LONGEST = 20_000
"""More of one text than this is not kept: the bodies that IdPs put into their messages are shorter."""

_UNWRITABLE = re.compile("[\ud800-\udfff\x00]")
_HINTS = ("bearer", "basic", "ssws", "token", "cookie", "secret", "passw", "key", "session", "authoriz", "eyj")
_DUMPED = re.compile(
    r"(?i)((?:access_token|api_?key|client_secret|password|secret_?token|refresh_token)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,;}]{4,}|((?:(?:set-)?cookie|authorization)\s*:\s*)[^\r\n]+"
)
"""Pairs and cookies in the dumps that IdPs put into a message; the rest is known to the Masker."""

_MASKER = Masker()
_DECODE = json.JSONDecoder(strict=False).decode
_SLASHES = re.compile(
    r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>\d{4})[, ]+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)


def clean(value: Any) -> str:
    """Any value as text that can be written: no lone surrogates, no NUL, no credential, not longer than LONGEST."""
    if value is None:
        return ""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    if not text.isascii() or "\0" in text:
        text = _UNWRITABLE.sub("�", text)
    return masked(text)


def untouched(text: str) -> bool:
    """Whether clean would leave this text and every part of it as it is; it may say no where it would."""
    if len(text) > LONGEST or not text.isascii() or "\0" in text:
        return False
    lowered = text.lower()
    for hint in _HINTS:  # noqa: SIM110 - asked of every cell of every file, and twice as fast like this
        if hint in lowered:
            return False
    return True


def masked(text: str) -> str:
    """The same text without what looks like a credential: nothing here knows the key itself."""
    if " " not in text and ":" not in text and "=" not in text and "eyJ" not in text:
        # A credential without a word in front of it looks like any other id.
        return text
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return text
    return _DUMPED.sub(lambda m: f"{m[1] or m[2]}{MARK}", _MASKER.text(text))


def utc(value: Any) -> str:
    """A time as ISO 8601 in UTC with a Z; "" when it cannot be told.

    Without an offset it is taken for UTC, as both vendors' exports are. A date whose day and month could be either way
    round is not guessed at.
    """
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text.removesuffix(" UTC").replace(" Z", "Z"))
    except ValueError:
        found = _slashes(text)
        if found is None:
            return ""
        at = found
    try:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return ""
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _slashes(text: str) -> datetime | None:
    """The forms that spreadsheets leave: 13/1/2026 and 1/13/2026 are plain, 1/2/2026 is only with AM or PM (US)."""
    match = _SLASHES.match(text)
    if not match:
        return None
    first, second = int(match["a"]), int(match["b"])
    half = (match["half"] or "").lower().replace(".", "")
    if "." in text[: match.end("year")] or first > 12:
        day, month = first, second
    elif half or second > 12 or first == second:
        day, month = second, first
    else:
        return None
    hour = int(match["hour"])
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return datetime(int(match["year"]), month, day, hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None


def nested(value: Any) -> Any:
    """JSON inside a string, parsed; anything else as it is. Some exports nest it twice."""
    if value in ("{}", "[]"):
        return {} if value == "{}" else []
    for _ in range(2):
        if not isinstance(value, str) or not value.lstrip().startswith(("{", "[", '"{', '"[')):
            return value
        try:
            value = _DECODE(value.strip())
        except (ValueError, RecursionError):
            return value
    return value


def flat(value: Any, name: str = "", depth: int = 4) -> Iterator[tuple[str, str]]:
    """The scalar members of nested objects with dotted names; empty ones are left out."""
    if isinstance(value, Mapping) and depth:
        for key, part in value.items():
            yield from flat(part, f"{name}.{key}" if name else str(key), depth - 1)
    elif value not in (None, "", [], {}):
        yield clean(name), clean(value)
