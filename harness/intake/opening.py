"""Opening: what lies behind a path, as files that an importer can read: unpacked, within limits, and in UTF-8."""

from __future__ import annotations

import codecs
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from harness.intake.decoding import encoding_of
from harness.intake.importer import HEAD
from harness.model.sighting import Complaint, Provenance

LARGEST = 8 * 1024**3
"""How many bytes one packed file may have when it is unpacked."""
MEMBERS = 2_000
"""How many files of an archive are looked at."""
CHUNK = 256 * 1024


@dataclass
class Opened:
    """Files that can be read as they are. ``complaints`` say what of an archive was left out, and why."""

    paths: list[Path] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unpacked: bool = False


class TooLarge(Exception):
    """More came out of an archive than is looked at."""


def head_of(path: Path) -> bytes:
    """What importers recognise a file by. Of a folder: the names in it, one on a line. Raises OSError."""
    if path.is_dir():
        return "\n".join(sorted(entry.name for entry in path.iterdir())[:MEMBERS]).encode("utf-8", "replace")[:HEAD]
    with path.open("rb") as file:
        return file.read(HEAD)


def name_of(path: Path) -> str:
    """The name that importers see: a folder's ends with a slash."""
    return f"{path.name}/" if path.is_dir() else path.name


def wide(head: bytes) -> str:
    """The encoding of a text in UTF-16 or UTF-32, which no importer need know; "" for everything else."""
    name = encoding_of(head)
    return name if name.startswith(("utf-16", "utf-32")) else ""


def is_wide(path: Path) -> bool:
    """Whether a file is a text in UTF-16 or UTF-32. Raises OSError."""
    return not path.is_dir() and bool(wide(head_of(path)))


def packed(head: bytes) -> str:
    """How a file is packed: "gzip", "zip" or ""."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    return "zip" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else ""


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The files behind a path; what had to be unpacked or recoded is deleted afterwards. Raises OSError."""
    head = b"" if path.is_dir() else head_of(path)
    if not packed(head) and not wide(head):
        yield Opened([path])
        return
    with tempfile.TemporaryDirectory(prefix="scimulator-") as folder:
        yield _unpacked(path, Path(folder), head)


def _unpacked(path: Path, folder: Path, head: bytes) -> Opened:
    kind = packed(head)
    if kind == "zip":
        return _from_zip(path, folder)
    if kind == "gzip":
        return _from_gzip(path, folder)
    return Opened([_recoded(path, folder / "text")])


def _from_gzip(path: Path, folder: Path) -> Opened:
    name = path.name[:-3] if path.name.lower().endswith(".gz") and len(path.name) > 3 else path.name
    found = Opened(unpacked=True)
    target = folder / name
    try:
        with path.open("rb") as source, target.open("wb") as file:
            whole = _inflate(source, file)
        broken = "" if whole else "it ends in the middle"
    except TooLarge:
        found.complaints.append(_complaint(path, f"it unpacks to more than {LARGEST >> 30} GB; the rest was left out"))
        broken = ""
    except zlib.error as error:
        broken = str(error)
    if broken:
        message = f"it is packed (gzip) and breaks off or is damaged: {broken}"
        found.complaints.append(_complaint(path, message, "what came before was kept"))
    found.paths.append(_recoded(target, folder / "text"))
    return found


def _from_zip(path: Path, folder: Path) -> Opened:
    found = Opened(unpacked=True)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            for number, info in enumerate(members[:MEMBERS]):
                _member(archive, info, folder / f"{number}", path, found)
            if len(members) > MEMBERS:
                found.complaints.append(_complaint(path, f"it holds {len(members)} files; {MEMBERS} were looked at"))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        found.complaints.append(
            _complaint(path, f"the ZIP archive cannot be read: {error}", "pack the files again", fatal=not found.paths)
        )
    return _as_folder(found, folder)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, path: Path, found: Opened) -> None:
    """Unpack one member under its bare name: whatever folders it names, it stays in ours."""
    name = _bare_name(info)
    if not name:
        return
    place.mkdir()
    target = place / name
    try:
        with archive.open(info) as source, target.open("wb") as file:
            _copy(source, file)
    except TooLarge:
        found.complaints.append(_complaint(path, f"{name} unpacks to more than {LARGEST >> 30} GB and was left out"))
        return
    except RuntimeError:
        found.complaints.append(
            _complaint(path, f"{name} is locked with a password", "hand in the files without a password")
        )
        return
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        found.complaints.append(
            _complaint(path, f"{name} in the archive is damaged: {error}", "what came out was kept")
        )
    if target.exists() and target.stat().st_size:
        found.paths.append(_recoded(target, place / "text"))


def _bare_name(info: zipfile.ZipInfo) -> str:
    """The name of a member without its folders; "" for what a system has put beside the files."""
    name = PurePosixPath(info.filename.replace("\\", "/")).name
    if name in (".", "..") or name.startswith("._") or "__MACOSX" in info.filename:
        return ""
    return name[-200:].replace("\0", "")


def heads(path: Path) -> list[tuple[str, bytes]]:
    """The name and the head of each file behind a path, of packed ones as well, without unpacking more of them.

    What is damaged or locked is left out. Raises OSError.
    """
    head = head_of(path)
    kind = "" if path.is_dir() else packed(head)
    if kind == "gzip":
        with suppress(zlib.error):
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD)
    if kind != "zip":
        return [(name_of(path), _narrow(head))]
    found = []
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as archive:
        for info in [info for info in archive.infolist() if not info.is_dir()][:MEMBERS]:
            with suppress(*_DAMAGED), archive.open(info) as source:
                found.append((_bare_name(info), _narrow(source.read(HEAD))))
    return [(name, head) for name, head in found if name]


def _narrow(head: bytes) -> bytes:
    """The same text in UTF-8."""
    return head.decode(wide(head), "replace").encode("utf-8", "replace") if wide(head) else head


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


def _as_folder(found: Opened, folder: Path) -> Opened:
    """A packed run directory is given as a folder again; other archives as the files in them."""
    names = [path.name for path in found.paths]
    if any(name.startswith("events") and ".jsonl" in name for name in names) and len(set(names)) == len(names):
        together = folder / "run"
        together.mkdir()
        for path in found.paths:
            shutil.move(path, together / path.name)
        found.paths = [together]
    return found


def _inflate(source: IO[bytes], target: IO[bytes]) -> bool:
    """Unpack to the last byte that can be had, and say whether that was all. Raises TooLarge, zlib.error."""
    size, unpacker = 0, zlib.decompressobj(wbits=31)
    while data := source.read(CHUNK):
        while data:
            piece = unpacker.decompress(data, CHUNK)
            size += len(piece)
            if size > LARGEST:
                raise TooLarge
            target.write(piece)
            data = unpacker.unconsumed_tail
            if unpacker.eof:
                # Logs are packed day by day into one file: another member may follow.
                data = unpacker.unused_data.lstrip(b"\0")
                if data:
                    unpacker = zlib.decompressobj(wbits=31)
    target.write(unpacker.flush())
    return unpacker.eof


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge
        target.write(chunk)


def _recoded(path: Path, folder: Path) -> Path:
    """The same file in UTF-8 when it is in UTF-16 or UTF-32, under the same name in ``folder``; else as it is."""
    encoding = wide(head_of(path))
    if not encoding:
        return path
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as source, target.open("wb") as file:
        while chunk := source.read(CHUNK):
            file.write(decoder.decode(chunk).encode("utf-8", "replace"))
        file.write(decoder.decode(b"", True).encode("utf-8", "replace"))
    return target


def _complaint(path: Path, message: str, hint: str = "", *, fatal: bool = False) -> Complaint:
    return Complaint(Provenance(path.name, "archive", "the file as a whole"), message, hint, fatal)
