"""python -m benchmarks [NAME ...] [--size NAME=N] [--document]: measure, and print one line for each figure.

Every module of this folder with a function ``measure(size)`` or ``measure()`` is a benchmark; it yields Figures.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import pkgutil
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import benchmarks
from benchmarks.document import document
from benchmarks.figure import Figure

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def modules() -> dict[str, ModuleType]:
    """Every benchmark by name."""
    names = sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__))
    named = {name: f"benchmarks.{name}" for name in names if name not in ("__main__", "figure", "document")}
    found = {name: importlib.import_module(path) for name, path in named.items()}
    return {name: module for name, module in found.items() if hasattr(module, "measure")}


def figures(module: ModuleType, size: int | None) -> Iterator[Figure]:
    """The figures of one benchmark, as they come."""
    sized = bool(inspect.signature(module.measure).parameters)
    yield from module.measure(size) if sized and size is not None else module.measure()


def main() -> None:
    available = modules()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is measured, and against whom.")
    parser.add_argument("names", nargs="*", help="which of them; all when left out", metavar="NAME")
    parser.add_argument(
        "--size", action="append", default=[], metavar="NAME=N", help="how much of it, where a benchmark can be sized"
    )
    parser.add_argument("--document", action="store_true", help="write docs/performance.md anew from these figures")
    given = parser.parse_args()
    unknown = set(given.names) - set(available)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(available)}")
    sizes = dict(one.partition("=")[::2] for one in given.size)
    if wrong := [name for name, size in sizes.items() if name not in available or not size.isdigit()]:
        parser.error(f"--size wants NAME=N with the name of a benchmark: {', '.join(wrong)}")
    seen: dict[str, list[Figure]] = {}
    for name in given.names or available:
        seen[name] = []
        for figure in figures(available[name], int(sizes[name]) if name in sizes else None):
            seen[name].append(figure)
            print(line(name, figure), flush=True)
    if given.document:
        about = f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, Python {platform.python_version()}"
        told = {name: (available[name].__doc__ or "", found) for name, found in seen.items()}
        DOCUMENT.write_text(document(told, f"{datetime.now(UTC):%Y-%m-%d}, {about}"), "utf-8")
    missed = sum(figure.met is False for found in seen.values() for figure in found)
    print(f"{missed} of the goals missed" if missed else "every goal met", file=sys.stderr)


def line(name: str, figure: Figure) -> str:
    """One figure as a line of text."""
    against = f" against {figure.against}" if figure.against else ""
    ratio = f"; ratio {figure.told}" if figure.told else ""
    goal = f" (goal: {figure.goal}; {figure.sign or 'not to be told'})" if figure.goal else ""
    return f"{name}: {figure.what}: {figure.value}{against}{ratio}{goal}"


if __name__ == "__main__":
    main()
