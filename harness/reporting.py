"""Which reports exist, by name, from the entry points of the group "scimulator.reports"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path

from harness.model.audience import Audience
from harness.model.run import Run
from harness.settings import SettingsError

Write = Callable[..., Path]
"""Takes a Run and its directory, and ``audience`` if it wants to."""


@cache
def formats() -> dict[str, str]:
    """The names of the report formats that are installed, with where each comes from."""
    return {point.name: point.value for point in sorted(entry_points(group="scimulator.reports"), key=lambda p: p.name)}


def checked(names: Iterable[str]) -> tuple[str, ...]:
    """The same names. Raises SettingsError for one that no report has."""
    wanted = tuple(names)
    for name in wanted:
        if name not in formats():
            raise SettingsError(f"there is no report called {name!r}; there are {', '.join(formats())}")
    return wanted


def write(run: Run, directory: Path, names: Iterable[str], audience: Audience = Audience.DEVELOPER) -> list[Path]:
    """Write the reports into a run directory and return their paths.

    A report that has a parameter ``audience`` is told for whom it is.
    """
    points = {point.name: point for point in entry_points(group="scimulator.reports")}
    written = []
    for name in checked(names):
        report: Write = points[name].load()
        told = {"audience": audience} if "audience" in signature(report).parameters else {}
        written.append(report(run, directory, **told))
    return written
