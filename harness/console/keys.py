"""Keys that somebody chose to remember: in the keyring of this computer, never in a file of ours."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

SERVICE = "scimulator"


def offered() -> bool:
    """Whether this computer has a keyring, and the package to reach it (``pip install scimulator[keyring]``)."""
    if find_spec("keyring") is None:
        return False
    try:
        # A back end that keeps nothing, or fails at once, says so by its priority.
        return float(_keyring().get_keyring().priority) > 0
    except Exception:
        return False


def remembered(base_url: str) -> str:
    """The key that was remembered for a base URL, "" when there is none or the keyring stays shut."""
    if not offered():
        return ""
    try:
        return str(_keyring().get_password(SERVICE, base_url) or "")
    except Exception:
        return ""


def remember(base_url: str, key: str) -> bool:
    """Keep a key; whether that worked."""
    if not offered():
        return False
    try:
        _keyring().set_password(SERVICE, base_url, key)
    except Exception:
        return False
    return True


def _keyring() -> Any:
    from importlib import import_module

    return import_module("keyring")
