"""Challenges: the schemes and parameters of a WWW-Authenticate header (RFC 9110 §11.6.1, RFC 6750 §3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105
_PARAMETER = re.compile(rf'({_TOKEN})\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",]+)\s*$')
_SCHEME = re.compile(rf"({_TOKEN})(?:\s+(.*))?$", re.DOTALL)
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[^,"]+|"|,')


@dataclass(frozen=True)
class Challenge:
    """One challenge: its scheme in lower case, its parameters as (name in lower case, value without quotes)."""

    scheme: str
    parameters: tuple[tuple[str, str], ...] = ()

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.parameters if key == name]


def challenges(header: str | None) -> list[Challenge]:
    """Take a WWW-Authenticate header apart, also one with several challenges; what is no challenge is left out."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for element in _elements(header or ""):
        parameter = _PARAMETER.match(element)
        if parameter:
            if found:
                found[-1][1].append(_pair(parameter))
            continue
        scheme = _SCHEME.match(element)
        if scheme:
            found.append((scheme[1].lower(), []))
            first = _PARAMETER.match((scheme[2] or "").strip())
            if first:
                found[-1][1].append(_pair(first))
    return [Challenge(scheme, tuple(parameters)) for scheme, parameters in found]


def bearer(header: str | None) -> list[Challenge]:
    return [challenge for challenge in challenges(header) if challenge.scheme == "bearer"]


def _pair(match: re.Match[str]) -> tuple[str, str]:
    value = match[2]
    return match[1].lower(), re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') and len(value) > 1 else value


def _elements(header: str) -> list[str]:
    elements = [""]
    for part in _PARTS.findall(header):
        if part == ",":
            elements.append("")
        else:
            elements[-1] += part
    return [element.strip() for element in elements if element.strip()]
