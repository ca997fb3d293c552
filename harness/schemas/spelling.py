"""Spelling: the canonical names of attributes, because a service may use any letter case (RFC 7643 §2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import is_not
from typing import Any


@dataclass(frozen=True)
class Spelling:
    """The attribute names of one object, and of the objects inside it.

    ``known`` holds the canonical names, ``folded`` maps names in lower case to them; ``parts`` holds the Spelling of
    complex attributes by canonical name.
    """

    known: frozenset[str] = frozenset()
    folded: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Spelling] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], parts: Mapping[str, Spelling] | None = None) -> Spelling:
        """Build a Spelling; of two names that differ only in letter case the first one counts."""
        folded: dict[str, str] = {}
        for name in names:
            folded.setdefault(name.lower(), name)
        return cls(
            frozenset(folded.values()), folded, {name: part for name, part in (parts or {}).items() if part.known}
        )

    def respell(self, value: Any) -> Any:
        """Return the value with canonical names in every object that this Spelling covers.

        Nothing is changed in place. When nothing has to be respelt the very same object comes back. Where an object has
        both spellings, the canonical one counts and the other keeps its name.
        """
        if isinstance(value, dict):
            return value if not self.parts and self.known.issuperset(value) else self._respell_object(value)
        if isinstance(value, list):
            respelt = [self.respell(item) if isinstance(item, dict) else item for item in value]
            return respelt if any(map(is_not, respelt, value)) else value
        return value

    def _respell_object(self, value: dict[Any, Any]) -> dict[Any, Any]:
        # Nearly every service spells as the RFC does: that case must cost next to nothing.
        right_already = self.known.issuperset(value)
        names = [name for name in self.parts if name in value] if right_already else list(value)
        changes: dict[Any, tuple[Any, Any]] = {}
        for name in names:
            inner = value[name]
            right = name if right_already else self._right(name, value)
            part = self.parts.get(right)
            respelt = inner if part is None else part.respell(inner)
            if right is not name or respelt is not inner:
                changes[name] = (right, respelt)
        if not changes:
            return value
        return dict(changes.get(name, (name, inner)) for name, inner in value.items())

    def _right(self, name: Any, value: dict[Any, Any]) -> Any:
        if not isinstance(name, str):
            return name
        right = self.folded.get(name.lower(), name)
        return name if right == name or right in value else right


def respelt_back(path: Iterable[str | int], original: Any) -> list[str | int]:
    """Translate a path into a respelt document to the spelling of the original.

    A step that the original does not have (a missing member) is kept as it is.
    """
    found: list[str | int] = []
    here = original
    for step in path:
        name = step
        if isinstance(here, dict) and step not in here and isinstance(step, str):
            name = next((key for key in here if isinstance(key, str) and key.lower() == step.lower()), step)
        found.append(name)
        try:
            here = here[name]
        except (KeyError, IndexError, TypeError):
            here = None
    return found
