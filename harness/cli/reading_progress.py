"""How far a large file has been read, on standard error and only where somebody watches."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import click

LARGE = 20 * 1024 * 1024
"""Below so many bytes reading is over before anybody could look."""


class Reading:
    """Is called with the file, bytes read and bytes in all; writes one line that is overwritten."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._on = not quiet and sys.stderr.isatty()
        self._last = 0.0
        self._written = False

    def __call__(self, path: Path, read: int, size: int) -> None:
        if not self._on or size < LARGE or monotonic() - self._last < 0.2:
            return
        self._last, self._written = monotonic(), True
        click.echo(
            f"\r{path.name}: {read / 2**20:.0f} of {size / 2**20:.0f} MB, {read / size:.0%}  ", err=True, nl=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._written:
            click.echo("\r" + " " * 70 + "\r", err=True, nl=False)
