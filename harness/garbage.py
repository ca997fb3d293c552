"""Garbage: how seldom Python looks for it while much is read and judged that is kept to the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (200_000, 20, 100)
"""Thresholds of ``gc``: to look through all that is kept, again and again, finds next to none."""


@contextmanager
def seldom() -> Iterator[None]:
    """While this lasts, garbage is looked for seldom."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
