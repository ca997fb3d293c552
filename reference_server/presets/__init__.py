"""Presets: how a server is set up, as data. ``names()`` lists them, ``load(name)`` reads one."""

from reference_server.presets.loader import PresetError, load, names
from reference_server.presets.preset import Preset, Refusal

__all__ = ["Preset", "PresetError", "Refusal", "load", "names"]
