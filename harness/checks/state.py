"""State: whether two representations of one resource say the same, and what a request may change in it."""

from __future__ import annotations

import json
import marshal
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.checks.reading import by_fold
from harness.model.exchange import Exchange
from harness.model.profile import Profile
from harness.model.step import USER

CASE_EXACT = frozenset({"id", "externalid", "$ref", "location", "resourcetype", "version", "password", "profileurl"})
"""Attributes whose letter case counts wherever they stand (RFC 7643 §3.1, §8.7.1); all others are folded."""

REFERRING = frozenset({"members", "groups", "manager", "photos", "x509certificates"})
"""Attributes whose ``value`` is an id, a URI or a certificate, and so case-exact."""

VERSIONS = ("/meta/lastModified", "/meta/version")
"""What every write may move, and what no comparison is about unless it asks for it."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE)


@dataclass(frozen=True)
class Difference:
    """One place in which two representations differ. ``pointer`` is a JSON Pointer; None stands for unassigned."""

    pointer: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.pointer}: {_short(self.before)} became {_short(self.after)}"


def differences(before: Any, after: Any, *, ignoring: tuple[str, ...] = (), versions: bool = False) -> list[Difference]:
    """Compare two representations of one resource and return the places that differ.

    Null, an empty list, an empty object and absence are one state. The order of members and of list elements, the case
    of attribute names, and the case of values that are not case-exact do not count; dateTimes are compared as instants.
    ``ignoring`` holds JSON Pointers that are left out with all below them, any letter case. ``meta.lastModified`` and
    ``meta.version`` are compared only when ``versions`` is true.
    """
    left_out = tuple(p.lower() for p in ignoring) + (() if versions else tuple(p.lower() for p in VERSIONS))
    return list(_compare(before, after, "", "", left_out))


def _compare(before: Any, after: Any, pointer: str, parent: str, left_out: tuple[str, ...]) -> Iterator[Difference]:
    if _identical(before, after):
        return
    place = pointer.lower()
    if any(place == p or place.startswith(f"{p}/") for p in left_out):
        return
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old, new = _members(before), _members(after)
        if old is not None and new is not None:
            for key in dict.fromkeys((*old, *new)):
                name, value = old.get(key, (new[key][0] if key in new else key, None))
                other = new.get(key, ("", None))[1]
                if not _identical(value, other):
                    yield from _compare(value, other, f"{pointer}/{_escaped(name)}", _leaf(pointer), left_out)
            return
    if _canonical(before, _leaf(pointer), parent) != _canonical(after, _leaf(pointer), parent):
        yield Difference(pointer, before, after)


def _identical(before: Any, after: Any) -> bool:
    """Whether two values are the same to the letter: most are, and need not be looked into. False says nothing."""
    kind = type(before)
    if kind is not type(after):
        return False
    if kind is dict or kind is list:
        return bool(marshal.dumps(before, 2) == marshal.dumps(after, 2))
    return kind in (str, bool, int) and bool(before == after)


def _members(value: Any) -> dict[str, tuple[str, Any]] | None:
    """Members by folded name with the spelling that was used; {} for unassigned; None when it is no object."""
    if value is None or value == []:
        return {}
    if not isinstance(value, Mapping):
        return None
    return {str(name).lower(): (str(name), member) for name, member in value.items()}


def _canonical(value: Any, name: str, parent: str) -> Any:
    """A value in which everything that does not count is gone; None for unassigned."""
    if isinstance(value, Mapping):
        inner = {str(k).lower(): _canonical(v, str(k).lower(), name) for k, v in value.items()}
        return {k: v for k, v in sorted(inner.items()) if v is not None} or None
    if isinstance(value, list):
        elements = [_canonical(v, name, parent) for v in value]
        return sorted(_text(e) for e in elements if e is not None) or None
    if isinstance(value, str):
        return ("text", _folded(value, name, parent))
    if isinstance(value, bool):
        return ("boolean", value)
    # NaN is unequal to itself, and json.loads accepts it.
    return None if value is None else ("number", value if value == value else "NaN")


def _folded(value: str, name: str, parent: str) -> str:
    moment = instant(value)
    if moment is not None:
        return moment.isoformat()
    exact = name in CASE_EXACT or (name == "value" and parent in REFERRING)
    return value if exact else unicodedata.normalize("NFC", value).casefold()


def instant(value: Any) -> datetime | None:
    """An xsd:dateTime as an instant (without a zone: as UTC); None when the value is none."""
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        return None
    whole, _, zone = value.upper().partition("Z") if value.upper().endswith("Z") else (value.upper(), "", "")
    try:
        moment = datetime.fromisoformat(whole + zone)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_finer_than_seconds(value: Any) -> bool:
    """Whether a timestamp is written with milliseconds or better."""
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    return bool(match and match[1] and len(match[1]) > 3)


def earlier(first: Any, second: Any) -> bool:
    """Whether the second timestamp lies more than a second before the first; False when one of them is none."""
    a, b = instant(first), instant(second)
    return a is not None and b is not None and b < a - timedelta(seconds=1)


def member(resource: Any, *path: str) -> Any:
    """A value inside a resource by attribute names, any letter case; None when it is not there."""
    for name in path:
        if not isinstance(resource, dict):
            return None
        spelt = by_fold(tuple(resource)).get(name.lower())
        if spelt is None:
            return None
        resource = resource[spelt]
    return resource


def is_inactive(resource: Any) -> bool:
    """Whether a resource says that the person is inactive; a string counts, its type is another clause's matter."""
    value = member(resource, "active")
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def is_active(resource: Any) -> bool:
    value = member(resource, "active")
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def unassigned(value: Any) -> bool:
    return value is None or value == [] or value == {}


def written(exchange: Exchange) -> dict[str, Any]:
    """What a PUT or PATCH asks for: top-level attribute names in lower case with the value that was sent.

    A PATCH path is cut to its first attribute; a removal, a path with a filter and a sub-attribute give None as value.
    An extension attribute is told under the URN of its extension.
    """
    body = exchange.sent
    if not isinstance(body, dict):
        return {}
    if exchange.method == "PUT":
        return {str(name).lower(): value for name, value in body.items() if str(name).lower() != "schemas"}
    asked: dict[str, Any] = {}
    for operation in patch_operations(body):
        path, value = member(operation, "path"), member(operation, "value")
        if isinstance(path, str):
            name, plain = _head(path)
            asked[name] = value if plain else None
        elif isinstance(value, Mapping):
            for key, part in value.items():
                name, plain = _head(str(key))
                asked[name] = part if plain else None
    return asked


def may_change(exchanges: Iterable[Exchange], before: Any, profile: Profile) -> tuple[str, ...]:
    """JSON Pointers of what these confirmed writes may change in a person who read ``before``.

    Where the profile does not support updates that is ``active`` and ``externalId`` alone, whatever was sent.
    """
    pointers: set[str] = {"/groups"} if profile.supports("groups") else set()
    for exchange in exchanges:
        if not exchange.ok or exchange.method not in ("PUT", "PATCH"):
            continue
        asked = written(exchange)
        names = set(asked)
        if exchange.method == "PUT":
            # A PUT may clear what it leaves out (RFC 7644 §3.5.1), and changes nothing by repeating what is there.
            present = {str(name).lower() for name in before} if isinstance(before, Mapping) else set()
            names = {n for n, v in asked.items() if differences(member(before, n), v)} | (present - set(asked))
        if profile.supports("update"):
            pointers |= {f"/{name}" for name in names - {"id", "meta"}} | {"/schemas"}
        else:
            pointers |= {f"/{name}" for name in names & {"active", "externalid"}}
    return tuple(sorted(pointers))


def patch_operations(body: Any) -> list[Mapping[str, Any]]:
    """The operations of a PATCH body that are objects; [] when there are none."""
    operations = member(body, "Operations")
    return [o for o in operations if isinstance(o, Mapping)] if isinstance(operations, list) else []


def _head(path: str) -> tuple[str, bool]:
    """The first attribute of a path in lower case, and whether the path names exactly that attribute."""
    core = f"{USER}:".lower()
    rest = path[len(core) :] if path.lower().startswith(core) else path
    if rest.lower().startswith("urn:"):
        urn = rest.partition("[")[0]
        whole = urn.lower().endswith((":user", ":group"))
        return (urn if whole else urn.rpartition(":")[0]).lower(), whole
    name = re.split(r"[.\[]", rest, maxsplit=1)[0]
    return name.strip().lower(), name == rest


def _leaf(pointer: str) -> str:
    return pointer.rpartition("/")[2].lower()


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _short(value: Any) -> str:
    text = "unassigned" if unassigned(value) else _text(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
