"""What somebody hands in: kept in a private folder under a name of ours, unpacked within limits, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LARGEST_UPLOAD = 64 * 1024 * 1024
"""Bytes of one request. What is larger is read by the command on the terminal, which needs no copy."""

LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_FILES = 200
LARGEST_RATIO = 200
"""JSON packs well, at most about fifty to one; what swells more was made to."""

CHUNK = 256 * 1024
KNOWN = (".json", ".har", ".csv", ".tsv", ".txt", ".log", ".xml", ".toml", ".yaml", ".jsonl", ".ndjson", ".md", ".http")


class TooMuch(ValueError):
    """A file that is not taken. ``str`` says which and why; ``hint`` what to do next."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


@contextmanager
def received(files: list[tuple[str, IO[bytes]]], largest: int = LARGEST_UPLOAD) -> Iterator[list[Path]]:
    """Keep uploaded files, zips unpacked, in a folder that only this user can read, as long as the block lasts.

    ``files`` are pairs of the name that the browser gave, which is only shown and never used as a path, and the stream.
    Raises TooMuch.
    """
    place = Path(tempfile.mkdtemp(prefix="scimulator-console-"))
    try:
        kept: list[Path] = []
        for number, (name, stream) in enumerate(files):
            path = place / f"{number:03d}-{_plain(name)}"
            with path.open("wb") as out:
                _copy(stream, out, largest, name)
            kept += _unpacked(path, name) if zipfile.is_zipfile(path) and path.suffix.lower() != ".xlsx" else [path]
        yield kept
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _plain(name: str) -> str:
    """A name without any folder in it, of letters that every file system takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in last).strip(".")[-80:]
    return kept or "file"


def _unpacked(path: Path, shown: str) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise TooMuch(f"{shown[:120]} holds {len(members)} files; at most {MOST_FILES} are read", "pack fewer")
            room, kept = LARGEST_UNPACKED, []
            for number, member in enumerate(members):
                # The other methods are unpacked a whole block at a time, however little was asked for.
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise TooMuch(f"{shown[:120]} is packed in an unusual way", "pack it as an ordinary zip")
                if not member.filename.lower().endswith(KNOWN):
                    continue
                # The sizes in a zip are what its maker wrote there: what really comes out is counted.
                most = min(room, max(member.compress_size * LARGEST_RATIO, CHUNK))
                out = path.with_name(f"{path.stem}-{number:03d}-{_plain(member.filename)}")
                with archive.open(member) as stream, out.open("wb") as file:
                    room -= _copy(stream, file, most, f"{shown}: {member.filename}")
                kept.append(out)
    except TooMuch:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise TooMuch(
            f"{shown[:120]} cannot be unpacked: {error}", "unpack it yourself and hand in the files"
        ) from error
    finally:
        path.unlink(missing_ok=True)
    if not kept:
        raise TooMuch(f"{shown[:120]} holds no file that is known here", f"known are {', '.join(KNOWN)}")
    return kept


def _copy(stream: IO[bytes], out: IO[bytes], most: int, name: str) -> int:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise TooMuch(
                f"{name[:120]} is larger than {most // 1024 or 1} KiB, which is more than is read here",
                "cut it down to the hour in question, or use scimulator triage on the terminal",
            )
        out.write(chunk)
    return size
