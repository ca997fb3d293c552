"""Where defects are registered, found and put into effect. The modules of this folder are walked; none is listed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer
    from reference_server.behaviour import Behaviour

Injection = Callable[["Behaviour"], None]


class UnknownDefect(ValueError):
    """There is no defect of that name. The message lists the ones that sound alike."""


@dataclass(frozen=True)
class Defect:
    """A named wrong.

    ``title`` says what is wrong, ``breaks`` names the requirements that it breaks, ``source`` the field report that it
    re-creates ("" when it is only conceivable), ``presets`` those under which it can show (empty: all).
    """

    name: str
    title: str
    breaks: tuple[str, ...]
    source: str
    presets: tuple[str, ...]
    inject: Injection


_FOUND: dict[str, Defect] = {}


def defect(
    name: str, *, breaks: Iterable[str], source: str = "", presets: Iterable[str] = ()
) -> Callable[[Injection], Injection]:
    """Register a function that takes a Behaviour and makes it wrong. Its docstring's first line is the title."""

    def register(inject: Injection) -> Injection:
        title = (inject.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        if not title:
            raise ValueError(f"the defect {name!r} needs a docstring that says what is wrong")
        if name in _FOUND and _FOUND[name].inject.__module__ != inject.__module__:
            raise ValueError(f"two defects are called {name!r}")
        _FOUND[name] = Defect(name, title, tuple(breaks), source, tuple(presets), inject)
        return inject

    return register


@cache
def _walk() -> None:
    package = importlib.import_module("reference_server.defects")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "registry":
            importlib.import_module(f"{package.__name__}.{module.name}")


def catalogue() -> dict[str, Defect]:
    """All defects by name, sorted."""
    _walk()
    return dict(sorted(_FOUND.items()))


def apply(server: ReferenceServer, names: Iterable[str]) -> None:
    """Make a server wrong. Raises UnknownDefect before anything is changed."""
    wanted = list(names)
    if not wanted:
        return
    known = catalogue()
    for name in wanted:
        if name not in known:
            alike = [k for k in known if set(k.split("-")) & set(name.split("-"))][:8]
            raise UnknownDefect(f"there is no defect {name!r}; alike: {', '.join(alike) or 'none'}")
    for name in wanted:
        known[name].inject(server.behaviour)
