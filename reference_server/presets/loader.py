"""Reads presets from the TOML files of this folder. ``extends`` names a preset whose values hold unless overridden."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from reference_server.presets.preset import READS, Preset, Refusal

KNOWN_TOLERANCES = {"string-booleans", "mixed-patch", "same-value", "empty-group-list", "active-removable"}


class PresetError(ValueError):
    """A preset does not exist or its file makes no sense. The message says which and what."""


@cache
def names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    folder = files("reference_server.presets")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def load(name: str) -> Preset:
    """One preset. Raises PresetError."""
    raw = _raw(name)
    try:
        preset = Preset(
            name=name,
            title=raw["title"],
            family=raw["family"],
            collection=(*READS, *raw["people"]["collection"]),
            resource=(*READS, *raw["people"]["resource"]),
            groups=raw["people"]["groups"],
            published=tuple(raw["people"]["published"]),
            writable=tuple(raw["people"]["writable"]),
            put_keeps=tuple(raw["people"]["put_keeps"]),
            server_owned=tuple(raw["people"]["server_owned"]),
            tolerances=frozenset(raw["tolerances"]),
            refusals={key: Refusal(r["status"], r["detail"]) for key, r in raw["refusals"].items()},
            features=raw["features"],
        )
    except (KeyError, TypeError) as problem:
        raise PresetError(f"presets/{name}.toml: {problem!r} is missing or has the wrong shape") from problem
    unknown = preset.tolerances - KNOWN_TOLERANCES
    if unknown:
        raise PresetError(f"presets/{name}.toml: unknown tolerances {sorted(unknown)}; known: {KNOWN_TOLERANCES}")
    return preset


def _raw(name: str) -> dict[str, Any]:
    if name not in names():
        raise PresetError(f"there is no preset {name!r}; there are: {', '.join(names())}")
    raw = tomllib.loads((files("reference_server.presets") / f"{name}.toml").read_text(encoding="utf-8"))
    base = raw.pop("extends", "")
    return _merged(_raw(base), raw) if base else raw


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
