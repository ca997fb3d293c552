"""The names of target attributes: ``emails[type eq "work"].value``, ``urn:...:User:department``, ``name.givenName``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.model.step import GROUP, USER

ABSENT = object()
"""Stands for an attribute that the service's answer does not have."""

_PATH = re.compile(r'(?P<name>[^.\[\]]+)(?:\[(?P<by>\w+) eq "(?P<key>[^"]*)"\])?(?:\.(?P<sub>[^.\[\]]+))?')
_CORE = (USER.lower(), GROUP.lower())


class PathError(ValueError):
    """A target attribute whose name has no known form."""


@dataclass(frozen=True)
class Path:
    """One target attribute. ``by`` and ``key`` are the value filter of a multi-valued one, "" without."""

    text: str
    urn: str
    name: str
    by: str = ""
    key: str = ""
    sub: str = ""

    @property
    def simple(self) -> bool:
        return not self.by

    @cached_property
    def rank(self) -> tuple[int, int]:
        """The place in a create request: the order of the vendor's sample, unknown attributes behind the known."""
        first = _ORDER.index(self.name) if not self.urn and self.name in _ORDER else len(_ORDER) + bool(self.urn)
        return first, _PARTS.index(self.sub) if self.sub in _PARTS else len(_PARTS)

    def read(self, resource: Any) -> Any:
        """The value in an answer of the service, or ABSENT."""
        inside = _of(resource, self.urn) if self.urn else resource
        value = _of(inside, self.name)
        if self.by:
            value = next((e for e in value if self._picks(e)), ABSENT) if isinstance(value, list) else ABSENT
        if self.sub:
            value = _of(value, self.sub)
        return ABSENT if value is None else value

    def _picks(self, element: Any) -> bool:
        found = _of(element, self.by)
        # roles[primary eq "True"] is a string in the path and a boolean in the resource.
        return found is not ABSENT and str(found).lower() == self.key.lower()

    def write(self, body: dict[str, Any], value: Any) -> None:
        """Put a value into a create request."""
        inside = body.setdefault(self.urn, {}) if self.urn else body
        if self.by:
            elements = inside.setdefault(self.name, [])
            element = next((e for e in elements if self._picks(e)), None)
            if element is None:
                element = dict(self._first_members())
                elements.append(element)
            element[self.sub or "value"] = value
        elif self.sub:
            inside.setdefault(self.name, {})[self.sub] = value
        else:
            inside[self.name] = value

    def _first_members(self) -> Iterator[tuple[str, Any]]:
        if self.name == "roles" and self.by == "primary":
            yield from (("primary", self.key == "True"), ("type", "WindowsAzureActiveDirectoryRole"))
        else:
            if self.name == "emails":
                yield "primary", True
            yield self.by, self.key


def path(text: str) -> Path:
    """Read the name of a target attribute. Raises PathError."""
    urn, rest = "", text
    if text.lower().startswith("urn:"):
        # The version has dots in it, so the last colon in front of a filter parts the URN from the attribute.
        head, bracket, tail = text.partition("[")
        urn, _, name = head.rpartition(":")
        rest = name + bracket + tail
    match = _PATH.fullmatch(rest)
    if match is None or not match["name"]:
        raise PathError(
            f'{text!r} is no attribute path: expected name, name.part, name[type eq "work"].part or URN:name'
        )
    core = "" if urn.lower() in _CORE else urn
    return Path(text, core, match["name"], match["by"] or "", match["key"] or "", match["sub"] or "")


def _of(value: Any, name: str) -> Any:
    return value.get(name, ABSENT) if isinstance(value, dict) else ABSENT


_ORDER = (
    "externalId",
    "userName",
    "active",
    "addresses",
    "displayName",
    "emails",
    "meta",
    "name",
    "nickName",
    "phoneNumbers",
    "preferredLanguage",
    "title",
    "roles",
)
_PARTS = ("formatted", "familyName", "givenName", "display", "value")
