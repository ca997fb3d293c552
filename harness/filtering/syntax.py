"""The parts of a filter, as frozen values; ``str`` writes them so that they are read as the same (RFC 7644 Fig. 1)."""

from __future__ import annotations

import json
from dataclasses import dataclass

Value = str | int | float | bool | None
"""What an attribute can be compared with: a JSON literal."""


@dataclass(frozen=True)
class Path:
    """``urn:...:name.sub``. ``urn`` and ``sub`` are "" when they were not given; spellings are kept."""

    name: str
    sub: str = ""
    urn: str = ""

    def __str__(self) -> str:
        urn = f"{self.urn}:" if self.urn else ""
        return f"{urn}{self.name}.{self.sub}" if self.sub else f"{urn}{self.name}"


@dataclass(frozen=True)
class Compare:
    """``path op value``; ``op`` in lower case: eq ne co sw ew gt ge lt le."""

    path: Path
    op: str
    value: Value

    def __str__(self) -> str:
        return f"{self.path} {self.op} {json.dumps(self.value, ensure_ascii=False)}"


@dataclass(frozen=True)
class Present:
    """``path pr``."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(frozen=True)
class Not:
    """``not (inner)``."""

    inner: Node

    def __str__(self) -> str:
        return f"not ({self.inner})"


@dataclass(frozen=True)
class And:
    """Two or more terms that all have to be true."""

    terms: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(f"({t})" if isinstance(t, And | Or) else str(t) for t in self.terms)


@dataclass(frozen=True)
class Or:
    """Two or more terms of which one has to be true."""

    terms: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({t})" if isinstance(t, Or) else str(t) for t in self.terms)


@dataclass(frozen=True)
class ValuePath:
    """``path[inner]``: one and the same value of a multi-valued attribute matches all of ``inner``."""

    path: Path
    inner: Node

    def __str__(self) -> str:
        return f"{self.path}[{self.inner}]"


Node = Compare | Present | Not | And | Or | ValuePath


@dataclass(frozen=True)
class PatchPath:
    """The path of a PATCH operation: an attribute, or some values of one by a filter, or a part of these."""

    path: Path
    inner: Node | None = None
    sub: str = ""

    def __str__(self) -> str:
        if self.inner is None:
            return str(self.path)
        return f"{self.path}[{self.inner}]" + (f".{self.sub}" if self.sub else "")


def comparisons(node: Node) -> list[Compare | Present]:
    """Every comparison in a filter, from left to right, those inside brackets with the path in front."""
    if isinstance(node, Compare | Present):
        return [node]
    if isinstance(node, ValuePath):
        found: list[Compare | Present] = []
        for inner in comparisons(node.inner):
            path = Path(node.path.name, inner.path.name, node.path.urn)
            found.append(Present(path) if isinstance(inner, Present) else Compare(path, inner.op, inner.value))
        return found
    if isinstance(node, Not):
        return comparisons(node.inner)
    return [c for term in node.terms for c in comparisons(term)]
