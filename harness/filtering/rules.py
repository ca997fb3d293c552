"""How attributes are compared: letter case and type, as RFC 7643 has it or as a service publishes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.filtering.syntax import Path

_EXACT = frozenset({"id", "externalid", "meta.resourcetype", "meta.location", "meta.version", "schemas", "profileurl"})
_FOLDED = frozenset({"username", "emails.value", "emails.type", "displayname"})
_DATES = frozenset({"meta.created", "meta.lastmodified"})


@dataclass(frozen=True)
class Rules:
    """``exact`` says for a path in lower case ("emails.value") whether letter case counts; ``kinds`` its type.

    What is in neither is taken from RFC 7643 where that is definite, else it is open.
    """

    exact: Mapping[str, bool] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def published(cls, definitions: Iterable[Any]) -> Rules:
        """The rules in schema definitions as a service publishes them; what has not their shape is passed over."""
        exact: dict[str, bool] = {}
        kinds: dict[str, str] = {}
        for attribute in (a for d in definitions for a in _list(_get(d, "attributes"))):
            for path, entry in _entries(attribute):
                case, kind = _get(entry, "caseExact"), _get(entry, "type")
                if isinstance(kind, str):
                    kinds[path] = kind.lower()
                    exact[path] = case if isinstance(case, bool) else False
        return cls(exact, kinds)

    def case_counts(self, path: Path) -> bool | None:
        """Whether two values that differ in letter case differ; None where nobody has said."""
        key = _key(path)
        if key in self.exact and key not in _EXACT:
            return self.exact[key]
        return True if key in _EXACT else False if key in _FOLDED else None

    def is_date(self, path: Path) -> bool:
        key = _key(path)
        return key in _DATES or self.kinds.get(key) == "datetime"


def _key(path: Path) -> str:
    return f"{path.name}.{path.sub}".lower() if path.sub else path.name.lower()


def _entries(attribute: Any) -> Iterable[tuple[str, Any]]:
    name = _get(attribute, "name")
    if isinstance(name, str):
        yield name.lower(), attribute
        for part in _list(_get(attribute, "subAttributes")):
            inner = _get(part, "name")
            if isinstance(inner, str):
                yield f"{name}.{inner}".lower(), part


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
