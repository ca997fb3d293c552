"""Compiled templates are kept from one run to the next: to compile them takes longer than to fill in a small report."""

from __future__ import annotations

import contextlib
from pickle import PickleError

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket


class _Kept(FileSystemBytecodeCache):
    """In a folder of the user's own (jinja2 refuses one that somebody else can write to). It may always be lost."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, PickleError):
            # Damaged, say by a full disk: as good as not kept.
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def kept_templates() -> BytecodeCache | None:
    """None where there is no folder that only this user can write to."""
    try:
        return _Kept()
    except (OSError, RuntimeError):
        return None
