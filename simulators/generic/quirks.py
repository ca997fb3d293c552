"""Generic's habits on the wire that no RFC asks for, each with what it is known from."""

from __future__ import annotations

from harness.model.quirk import Quirk

QUIRKS: tuple[Quirk, ...] = ()
"""None: this client does what the RFC says, and leaves the rest alone."""
