"""Entra's provisioning log as CSV: the portal's three files, joined by change id, or one table of Azure Monitor.

The steps and the modified properties go into a database in a temporary file, so that half a million rows need little
memory. Any of the three files may be missing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from harness.intake.decoding import Counted, decoded, text_of
from harness.intake.entra_columns import change_ids, columns, part_of
from harness.intake.entra_log import sightings
from harness.intake.entra_records import event_of, record_in
from harness.intake.entra_rows import Reader, Side
from harness.intake.importer import Importer, Progress
from harness.intake.tables import Row, Table, Torn
from harness.model.sighting import Complaint, Provenance, Sighting

FORMAT = "entra-csv"
HINT = (
    "Download it again: Entra admin center > Enterprise apps > your app > Provisioning logs > Download (CSV); hand in "
    "the whole ZIP, or all three files: ProvisioningLogs, ProvisioningSteps and ModifiedProperties."
)
_PEEK = 20
_MISSING = {
    "steps": "the steps are not there (the file ..._ProvisioningSteps): why somebody was skipped stands in it",
    "changes": "the modified properties are not there (the file ..._ModifiedProperties): what was written stands in it",
    "log": "the log itself is not there, only what goes with it: times, errors and names stand in it",
}


@dataclass
class _Sheet:
    """One of the files: which part it is, its columns, its first rows, and those that are not read yet."""

    path: Path
    table: Table
    first: list[Row | Torn]
    rest: Iterator[Row | Torn]
    part: str

    def rows(self) -> Iterator[Row | Torn]:
        """From row 2 on; the table goes on counting where the first rows end."""
        yield from self.first
        yield from self.rest


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    yield from _together((path,), progress)


def _together(paths: tuple[Path, ...], progress: Progress) -> Iterator[Sighting | Complaint]:
    """All the files of one or several downloads: side tables first, then the logs, row by row."""
    with ExitStack() as stack:
        done: dict[Path, int] = {}
        sheets = [_open(path, stack, progress, done) for path in paths]
        for sheet in sheets:
            if not sheet.part:
                what = "expected the headings of a provisioning log, among them the change id"
                yield _complaint(sheet.path, "row 1", f"{what}; came {sheet.table.headings[:8]}", fatal=True)
        side = stack.enter_context(Side())
        for sheet in sheets:
            if sheet.part in ("steps", "changes"):
                yield from _fill(side, sheet)
        side.ready()
        yield from _tell(sheets, side)


def _tell(sheets: list[_Sheet], side: Side) -> Iterator[Sighting | Complaint]:
    parts = {sheet.part for sheet in sheets}
    logs = [sheet for sheet in sheets if sheet.part in ("log", "monitor")]
    for sheet in logs:
        yield from _log(sheet, side) if sheet.part == "log" else _monitor(sheet)
    if not logs and parts & _MISSING.keys():
        name = next(sheet.path for sheet in sheets if sheet.part)
        yield _complaint(name, "the file as a whole", _MISSING["log"])
        for change, event in side.orphans():
            yield from sightings(event, "", Provenance(name.name, FORMAT, f"change {change}"))
    elif "log" in parts:
        log = next(sheet.path for sheet in logs)
        for part in ("steps", "changes"):
            if part not in parts:
                yield _complaint(log, "the file as a whole", _MISSING[part])
        if lost := side.lost():
            what = f"{lost} changes have steps or properties, but no row in the log; they were passed over"
            yield _complaint(log, "the file as a whole", what)


def _fill(side: Side, sheet: _Sheet) -> Iterator[Complaint]:
    where = columns(sheet.table.headings, _cells(sheet.first))
    if "changeId" not in where:
        yield _complaint(sheet.path, "row 1", "expected a column with the change id, which joins the files")
        return
    take = side.taker(sheet.part, where)
    for row in sheet.rows():
        if isinstance(row, Torn):
            yield _complaint(sheet.path, f"row {row.number}", f"this is not valid CSV: {row.message}")
        elif not take(row.cells):
            yield _complaint(sheet.path, f"row {row.number}", row.oddity(len(sheet.table.headings)))


def _log(sheet: _Sheet, side: Side) -> Iterator[Sighting | Complaint]:
    where = columns(sheet.table.headings, _cells(sheet.first))
    for column in change_ids(sheet.table.headings, _cells(sheet.first)):
        # In a translated file only the other two can tell which of the ids joins them.
        if any(side.has(row[column]) for row in _cells(sheet.first) if column < len(row)):
            where["changeId"] = column
            break
    reader = Reader(where, sheet.table.headings, side)
    name = sheet.path.name
    for row in sheet.rows():
        if isinstance(row, Torn):
            yield _complaint(sheet.path, f"row {row.number}", f"this is not valid CSV: {row.message}")
            continue
        told = reader.event(row.cells)
        if told is None:
            yield _complaint(sheet.path, f"row {row.number}", row.oddity(len(sheet.table.headings)))
        else:
            yield from sightings(told[1], told[0], Provenance(name, FORMAT, f"row {row.number}"))


def _monitor(sheet: _Sheet) -> Iterator[Sighting | Complaint]:
    for row in sheet.rows():
        if isinstance(row, Torn):
            yield _complaint(sheet.path, f"row {row.number}", f"this is not valid CSV: {row.message}")
            continue
        record = record_in(dict(zip(sheet.table.headings, row.cells, strict=False)))
        if record is None or len(row.cells) < 3:
            yield _complaint(sheet.path, f"row {row.number}", row.oddity(len(sheet.table.headings)))
        else:
            at, event = event_of(record)
            yield from sightings(event, at, Provenance(sheet.path.name, FORMAT, f"row {row.number}"))


def _open(path: Path, stack: ExitStack, progress: Progress, done: dict[Path, int]) -> _Sheet:
    def tell(read: int) -> None:
        done[path] = read
        progress(sum(done.values()))

    file = stack.enter_context(path.open("rb"))
    table = Table(text_of(Counted(file, tell)))  # type: ignore[arg-type]
    rest = iter(table)
    first = list(islice(rest, _PEEK))
    return _Sheet(path, table, first, rest, part_of(table.headings, _cells(first)))


def _cells(rows: list[Row | Torn]) -> list[list[str]]:
    return [row.cells for row in rows if isinstance(row, Row)]


def _complaint(path: Path, place: str, message: str, *, fatal: bool = False) -> Complaint:
    return Complaint(Provenance(path.name, FORMAT, place), message, HINT, fatal)


def _part(head: bytes) -> str:
    """Which of the files it is, by its head; "" for none of them."""
    text = decoded(head)
    if text.lstrip()[:1] in ("{", "[", "<"):
        return ""
    whole = text if len(head) < len(text.encode("utf-8", "replace")) else text.rpartition("\n")[0] or text
    table = Table(io.StringIO(whole))
    return part_of(table.headings, [row.cells for row in islice(iter(table), _PEEK) if isinstance(row, Row)])


def _recognises(name: str, head: bytes) -> int:
    part = _part(head)
    if not part:
        return 0
    named = "provisioninglogs" in name.lower().replace("_", "").replace(" ", "")
    return 97 if named else {"monitor": 92, "log": 88, "steps": 80, "changes": 80}[part]


def _completes(head: bytes) -> bool:
    return _part(head) in ("steps", "changes")


IMPORTER = Importer(FORMAT, "Entra: provisioning log (CSV)", _recognises, _read, _together, _completes)
