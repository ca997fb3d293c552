"""Signs: small named questions to one Sighting, or to all of them together. Rules are built out of their names."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture

OfSighting = Callable[[Look, Person | None, Picture], bool]
OfWhole = Callable[[Picture], Iterable[Look] | bool]

_SIGHTING: dict[str, OfSighting] = {}
_WHOLE: dict[str, OfWhole] = {}
_INFERRED: set[str] = set()
_OF_TROUBLE: set[str] = set()


def sign(function: OfSighting) -> OfSighting:
    """A question to one Sighting; its name with hyphens is what rules say. The first line of its docstring is shown."""
    _SIGHTING[function.__name__.replace("_", "-")] = function
    return function


def whole(function: OfWhole) -> OfWhole:
    """A question to everything together: the Sightings that show it, or whether it holds."""
    _WHOLE[function.__name__.replace("_", "-")] = function
    return function


def inferred(function: OfSighting) -> OfSighting:
    """Beside @sign: it looks for a text of the IdP that nobody has captured, nor the vendor documented.

    No rule may call a cause HIGH because of it, and the evidence says so.
    """
    _INFERRED.add(function.__name__.replace("_", "-"))
    return function


def of_trouble(function: OfSighting) -> OfSighting:
    """Beside @sign: it holds for nothing that went well without a word (Look.plain), and is not asked about such.

    Most of a long log is plain, and most signs are of trouble: asking them all of each line took most of the time.
    """
    _OF_TROUBLE.add(function.__name__.replace("_", "-"))
    return function


@cache
def _walk() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def of_sighting() -> dict[str, OfSighting]:
    _walk()
    return _SIGHTING


@cache
def of_plain() -> dict[str, OfSighting]:
    """Those that can hold for what went well."""
    return {name: holds for name, holds in of_sighting().items() if name not in _OF_TROUBLE}


def of_whole() -> dict[str, OfWhole]:
    _walk()
    return _WHOLE


def of_inferred_wording() -> frozenset[str]:
    """The signs that look for a wording of our own conclusion."""
    _walk()
    return frozenset(_INFERRED)


def names() -> frozenset[str]:
    """Every sign that a rule may name, apart from those of the configuration check and of the judge."""
    _walk()
    return frozenset(_SIGHTING) | frozenset(_WHOLE)
