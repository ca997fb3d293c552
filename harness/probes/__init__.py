"""Probes: scenarios for a picky client that no vendor sells. The folder is walked; one theme a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from harness.model.account import Cast
from harness.model.scenario import Probe
from harness.model.sequence import Steps
from harness.model.story import Part

_PROBES: dict[str, Probe] = {}


def probe(
    name: str, title: str, *, parts: tuple[Part, ...] = (), needs: tuple[str, ...] = (), quick: bool = False
) -> Callable[[Callable[[Cast], Steps]], Callable[[Cast], Steps]]:
    """Register a generator function as a probe. ``needs`` names capabilities the profile must support ("!x": refuse,
    "?x": not refuse, "x|y": one of them).

    Raises ValueError when another function already has that name.
    """

    def decorate(function: Callable[[Cast], Steps]) -> Callable[[Cast], Steps]:
        known = _PROBES.get(name)
        if known is not None and known.run.__module__ != function.__module__:
            raise ValueError(f"two probes are called {name!r}: {known.run.__module__} and {function.__module__}")
        _PROBES[name] = Probe(name=name, title=title, run=function, parts=parts, needs=needs, quick=quick)
        return function

    return decorate


def all_probes() -> dict[str, Probe]:
    """Import every module of this folder and return the probes by name, sorted."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_PROBES.items()))
