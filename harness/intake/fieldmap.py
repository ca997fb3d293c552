"""Field maps: under which names a gateway logs the parts of a request and its answer."""

from __future__ import annotations

import base64
import binascii
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from harness.intake.traffic import Message, moment_from_epoch

PARTS = (
    *("method", "url", "path", "host", "scheme", "query", "parameters", "status", "at", "user_agent"),
    *("elapsed_ms", "elapsed_s", "elapsed_ns", "request_headers", "request_body", "request_encoded"),
    *("response_headers", "response_body", "response_encoded"),
)
_UNITS = (("elapsed_ms", 1.0), ("elapsed_s", 1000.0), ("elapsed_ns", 1e-6))


class FieldMapError(ValueError):
    """A field map cannot be used; the message names the file and the member."""


@dataclass(frozen=True)
class FieldMap:
    """Where each part stands in a line. ``signs`` are places that each line of it has; "a|b" is one of two."""

    name: str
    title: str
    signs: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    base64: bool = False

    def fits(self, line: Mapping[str, Any]) -> bool:
        """Whether a line has all signs."""
        return all(any(_at(line, place) is not None for place in sign.split("|")) for sign in self.signs)

    def message(self, line: Mapping[str, Any]) -> Message | None:
        """The request and the answer of a line; None when it names no method or no address."""
        method, url = self._text(line, "method"), self._url(line)
        if not method or not url:
            return None
        status, agent = self._number(line, "status"), self._text(line, "user_agent")
        sent_headers = headers_of(self._value(line, "request_headers"))
        if sent_headers is None and agent and agent != "-":
            sent_headers = (("User-Agent", agent),)
        sent = self._body(line, "request_body", "request_encoded")
        return Message(
            method=method,
            url=url,
            sent_headers=sent_headers,
            sent=sent,
            sent_missing=sent is None,
            status=int(status) if 100 <= status < 600 else None,
            headers=headers_of(self._value(line, "response_headers")),
            body=self._body(line, "response_body", "response_encoded"),
            at=self._moment(line),
            elapsed_ms=next(
                (self._number(line, part) * unit for part, unit in _UNITS if self._number(line, part)), 0.0
            ),
        )

    def _value(self, line: Mapping[str, Any], part: str) -> Any:
        for place in self.places.get(part, ()):
            value = _at(line, place)
            if value is not None:
                return value
        return None

    def _text(self, line: Mapping[str, Any], part: str) -> str:
        value = self._value(line, part)
        return value if isinstance(value, str) else str(value[0]) if isinstance(value, list) and value else ""

    def _number(self, line: Mapping[str, Any], part: str) -> float:
        value = self._value(line, part)
        try:
            number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else 0.0
        except (ValueError, OverflowError):
            return 0.0
        return number if 0 <= number < 1e20 else 0.0

    def _url(self, line: Mapping[str, Any]) -> str:
        url = self._text(line, "url")
        if "://" in url:
            return url
        # Some log the whole request line: "GET /scim/v2/Users HTTP/1.1".
        path = url or self._text(line, "path")
        words = path.split(" ")
        path = words[1] if len(words) == 3 and words[2].startswith("HTTP/") else path
        if not path:
            return ""
        query = self._text(line, "query") or _query(self._value(line, "parameters"))
        if query and query != "-" and "?" not in path:
            path = f"{path}?{query.removeprefix('?')}"
        host = self._text(line, "host")
        return f"{self._text(line, 'scheme') or 'https'}://{host}{path}" if host and path.startswith("/") else path

    def _body(self, line: Mapping[str, Any], part: str, encoded: str) -> bytes | None:
        value = self._value(line, part)
        if value is None:
            return None
        if not isinstance(value, str):
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        if self.base64 or self._value(line, encoded) in (True, "true"):
            try:
                return base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                return None
        return value.encode("utf-8", "replace")

    def _moment(self, line: Mapping[str, Any]) -> str:
        value = self._value(line, "at")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return moment_from_epoch(float(value)) if abs(value) < 1e20 else ""
        if isinstance(value, str) and value.replace(".", "", 1).isascii() and value.replace(".", "", 1).isdigit():
            return moment_from_epoch(float(value[:30]))
        return value if isinstance(value, str) else ""


@cache
def known_maps() -> tuple[FieldMap, ...]:
    """The maps of gateways that are known, the most particular first."""
    text = (files("harness.intake") / "fields.toml").read_text("utf-8")
    return tuple(field_map(name, table, "fields.toml") for name, table in tomllib.loads(text).items())


def load_map(path: Path) -> FieldMap:
    """A field map of a customer's own, as TOML or JSON. Raises FieldMapError, OSError."""
    try:
        text = path.read_text("utf-8-sig")
        table = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise FieldMapError(
            f"{path}: is no readable {'JSON' if path.suffix == '.json' else 'TOML'}: {error}"
        ) from error
    if not isinstance(table, dict):
        raise FieldMapError(f"{path}: expected one table with method, url or path, and status")
    return field_map(path.stem, table, str(path))


def field_map(name: str, table: Mapping[str, Any], where: str) -> FieldMap:
    """A field map from its table. Raises FieldMapError."""
    unknown = table.keys() - {*PARTS, "title", "signs", "bodies"}
    if unknown:
        raise FieldMapError(f"{where}: unknown member {min(unknown)!r}; there are {', '.join(PARTS)}, bodies")
    if table.get("bodies") not in (None, "base64", "text"):
        raise FieldMapError(f'{where}: bodies has to be "base64" or "text", not {table["bodies"]!r}')
    places = {part: _places(table[part], part, where) for part in PARTS if part in table}
    if "method" not in places or not ({"url", "path"} & places.keys()):
        raise FieldMapError(f"{where}: expected method, and url or path, with the names under which they are logged")
    signs = _places(table.get("signs", []), "signs", where)
    return FieldMap(name, str(table.get("title", name)), signs, places, table.get("bodies") == "base64")


def _places(value: Any, member: str, where: str) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise FieldMapError(f"{where}: {member} has to be a name or a list of names, not {value!r}")
    return tuple(listed)


def _at(line: Any, place: str) -> Any:
    """The value at a place: the name as it stands, else step by step into objects."""
    if isinstance(line, Mapping) and place in line:
        return line[place]
    for step in place.split("."):
        if not isinstance(line, Mapping):
            return None
        line = line.get(step)
    return line


def _query(parameters: Any) -> str:
    if not isinstance(parameters, dict):
        return ""
    return urlencode([(str(name), str(value)) for name, value in parameters.items() if value is not None])


def headers_of(value: Any) -> tuple[tuple[str, str], ...] | None:
    """Headers from an object, a list of pairs or of objects with name and value, or their text; None when not given."""
    if isinstance(value, str):
        pairs = [line.partition(":") for line in value.replace("\\r\\n", "\n").splitlines() if ":" in line]
        return tuple((name.strip(), told.strip()) for name, _, told in pairs) or None
    return tuple(_pairs(value)) or None


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, told in value.items():
            for one in told if isinstance(told, list) else [told]:
                yield str(name), str(one)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict):
                name = one.get("name", one.get("key"))
                if isinstance(name, str):
                    yield name, str(one.get("value", ""))
            elif isinstance(one, list) and len(one) == 2:
                yield str(one[0]), str(one[1])
