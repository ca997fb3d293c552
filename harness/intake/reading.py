"""Reading: whatever a customer handed in, recognised by its content, as Sightings in the order of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness.intake.decoding import decoded
from harness.intake.fieldmap import FieldMap
from harness.intake.gateway import IMPORTER as GATEWAY
from harness.intake.gateway import read_lines
from harness.intake.har import IMPORTER as HAR
from harness.intake.importer import Importer, importers
from harness.intake.opening import Opened, head_of, heads, is_wide, name_of, opened, packed
from harness.model.sighting import Complaint, Provenance, Sighting

FileProgress = Callable[[Path, int, int], None]
"""Is told the file as it was named, how many bytes of it were read and how many it has (0: not known)."""


def recognise(path: Path) -> Importer | None:
    """The importer for a file, a packed file or a folder; None when no format fits. Raises OSError."""
    own = None if is_wide(path) else _best(path)
    if own is not None:
        return own
    with opened(path) as found:
        return next((importer for one in found.paths if (importer := _best(one)) is not None), None)


def is_one(paths: Iterable[Path]) -> bool:
    """Whether files are one recording or one log with what completes it, and not several that have to be put in order.

    Raises OSError.
    """
    told = [(importer, head) for path in paths for name, head in heads(path) if (importer := _surest(name, head))]
    return sum(importer.completes is None or not importer.completes(head) for importer, head in told) < 2


def read_files(
    paths: Iterable[Path], progress: FileProgress | None = None, fields: FieldMap | None = None
) -> Iterator[Sighting | Complaint]:
    """What each file shows, file by file. What cannot be read comes out as a Complaint, never as an exception.

    Files that complete each other are read together, where the first of them stands. ``fields`` says how a gateway
    names what it logs: lines of JSON that are of no particular form are read by it.
    """
    named = list(paths)
    companions = _companions(named)
    read: set[Path] = set()
    for path in named:
        try:
            if path in companions:
                if path not in read:
                    importer, files = companions[path]
                    read.update(files)
                    yield from _together(importer, files, path, progress)
            else:
                yield from _file(path, progress, fields)
        except OSError as error:
            yield _complaint(path, f"cannot be read: {error.strerror or error}", fatal=True)


def _companions(paths: list[Path]) -> dict[Path, tuple[Importer, tuple[Path, ...]]]:
    """For each file of a format that is read together: its importer, and all the files of it."""
    found: dict[str, tuple[Importer, list[Path]]] = {}
    for path in dict.fromkeys(paths):
        try:
            importer = None if path.is_dir() else _best(path)
        except OSError:
            continue
        if importer is not None and importer.together is not None:
            found.setdefault(importer.name, (importer, []))[1].append(path)
    return {path: (importer, tuple(files)) for importer, files in found.values() for path in files}


def _together(
    importer: Importer, files: tuple[Path, ...], named: Path, progress: FileProgress | None
) -> Iterator[Sighting | Complaint]:
    size = sum(file.stat().st_size for file in files)
    shown = named if len(files) < 2 else Path(f"{named.name} and {len(files) - 1} more")

    def tell(read: int) -> None:
        if progress is not None:
            progress(shown, read, size)

    if importer.together is not None:
        yield from importer.together(files, tell)


def _file(path: Path, progress: FileProgress | None, fields: FieldMap | None) -> Iterator[Sighting | Complaint]:
    importer = None if is_wide(path) else _best(path, fields)
    if importer is not None:
        yield from _through(importer, path, path, progress)
        return
    with opened(path) as found:
        yield from found.complaints
        yield from _each(found, path, progress, fields)


def _each(
    found: Opened, path: Path, progress: FileProgress | None, fields: FieldMap | None
) -> Iterator[Sighting | Complaint]:
    known = [(one, importer) for one in found.paths if (importer := _best(one, fields)) is not None]
    companions = _companions([one for one, _ in known])
    read: set[Path] = set()
    for one, importer in known:
        if one in companions:
            if one not in read:
                read.update(companions[one][1])
                yield from _together(*companions[one], path, progress)
        else:
            yield from _through(importer, one, path, progress)
    if not known and not any(complaint.fatal for complaint in found.complaints):
        yield _unknown(path, found)


def _through(
    importer: Importer, file: Path, named: Path, progress: FileProgress | None
) -> Iterator[Sighting | Complaint]:
    size = 0 if file.is_dir() else file.stat().st_size

    def tell(read: int) -> None:
        if progress is not None:
            progress(named, read, size)

    yield from importer.read(file, tell)


def _best(path: Path, fields: FieldMap | None = None) -> Importer | None:
    """The importer that is surest of a file, 0 counting as no; the first by name among equals.

    What is packed has to be opened first: a ZIP that only stores its files shows the text of the first one.
    """
    name, head = name_of(path), head_of(path)
    if packed(head) and not path.is_dir():
        return None
    if (
        fields is not None
        and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
        and not HAR.recognises(name, head)
    ):
        return replace(GATEWAY, read=lambda path, progress: read_lines(path, progress, fields))
    return _surest(name, head)


def _surest(name: str, head: bytes) -> Importer | None:
    rated = [(importer.recognises(name, head), importer) for importer in importers()]
    sure, best = max(rated, key=lambda pair: pair[0], default=(0, None))
    return best if sure > 0 else None


def _unknown(path: Path, found: Opened) -> Complaint:
    if not found.paths:
        return _complaint(path, "it is empty, or holds nothing that can be read", fatal=True)
    head = head_of(found.paths[0])
    if not decoded(head).strip():
        return _complaint(path, "the file is empty", "ask for it again, whole", fatal=True)
    if any(one.name == "[Content_Types].xml" for one in found.paths):
        return _complaint(path, "it is a document of Excel or Word", _SAVE_AS, fatal=True)
    for mark, kind in _PICTURES.items():
        if head.startswith(mark):
            return _complaint(path, f"it is {kind}, and no text can be read from it", _TYPE_IT, fatal=True)
    titles = ", ".join(importer.title for importer in importers())
    begins = "".join(letter if letter.isprintable() else " " for letter in decoded(head[:60])[:40]).strip()
    inside = f" (inside it: {', '.join(p.name for p in found.paths[:5])})" if found.unpacked else ""
    return _complaint(
        path,
        f"expected one of: {titles}; came a file that begins with '{begins}'{inside}",
        "check that the whole file was handed in; a text can be pasted to scimulator explain",
        fatal=True,
    )


_PICTURES = {b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"%PDF": "a PDF"}
_TYPE_IT = "copy the error text out of it, or type it word for word, and paste it to scimulator explain"
_SAVE_AS = "hand in the export as it was downloaded; a table: save it as CSV; a text: paste it to scimulator explain"


def _complaint(path: Path, message: str, hint: str = "", *, fatal: bool = False) -> Complaint:
    return Complaint(Provenance(path.name, "", "the file as a whole"), message, hint, fatal)
