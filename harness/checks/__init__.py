"""Checks: pure judges, one theme a file. The folder is walked; importing a module registers its checks."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache, lru_cache

from harness.catalogue.loader import load
from harness.model.check import REGISTRY, Check


def all_checks() -> dict[str, Check]:
    """Import every module of this folder and return the checks by id, sorted.

    Behind its own requirements each check has those that restate one of them.
    """
    _import()
    return dict(_sorted(len(REGISTRY)))


@cache
def _import() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


@lru_cache(maxsize=1)
def _sorted(_number: int) -> dict[str, Check]:
    """All checks that there are; a check that comes later, as in a test, makes another number of them."""
    restating: dict[str, list[str]] = {}
    for requirement in load().values():
        for other in requirement.restates:
            restating.setdefault(other, []).append(requirement.id)
    return {name: _with(check, restating) for name, check in sorted(REGISTRY.items())}


def _with(check: Check, restating: dict[str, list[str]]) -> Check:
    further = [r for own in check.requirements for r in restating.get(own, ()) if r not in check.requirements]
    return replace(check, requirements=(*check.requirements, *dict.fromkeys(further))) if further else check
