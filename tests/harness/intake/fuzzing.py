"""What both fuzzers share: a file that is only in memory, the beginning of a corpus, and the start.

Opening a file takes a thousand times longer than reading most inputs: a fuzzer that writes each input to the disk
tries a hundred a second instead of thousands.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO


class InMemory:
    """As much of a Path as importers ask for. There is nothing beside it and it is no folder."""

    name = "f"
    suffix = ""
    parent = Path(os.devnull)

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self, _mode: str = "rb") -> BinaryIO:
        return io.BytesIO(self._content)

    def read_bytes(self) -> bytes:
        return self._content

    def stat(self) -> SimpleNamespace:
        return SimpleNamespace(st_size=len(self._content))

    def is_dir(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.name


def begin(corpus: Path, samples: Iterable[bytes], choices: int) -> None:
    """Put the samples into a corpus that is still empty, once for each reader that the first byte may choose."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    for number, content in enumerate(samples):
        for choice in range(choices):
            (corpus / f"sample-{number}-{choice}").write_bytes(bytes([choice]) + content)


def start(groups: Iterable[str], prepare: Callable[[str, Path], Callable[[bytes], None]]) -> None:
    """Run what ``prepare`` gives for the group and the corpus that the command line names."""
    import atheris  # type: ignore[import-not-found]

    if len(sys.argv) < 3 or sys.argv[1] not in (known := sorted(groups)):
        sys.exit(f"expected GROUP CORPUS [OPTIONS OF LIBFUZZER]; groups are {', '.join(known)}")
    one = prepare(sys.argv[1], Path(sys.argv[2]))
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()
