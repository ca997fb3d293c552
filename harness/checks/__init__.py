"""Checks: pure judges, one theme a file. The folder is walked; importing a module registers its checks."""

from __future__ import annotations

import importlib
import pkgutil

from harness.model.check import REGISTRY, Check


def all_checks() -> dict[str, Check]:
    """Import every module of this folder and return the checks by id, sorted."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(REGISTRY.items()))
