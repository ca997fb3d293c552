"""Rows of a CSV file as spreadsheets leave them: any usual separator, any encoding, "sep=" lines, quotes left open."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

LONGEST = 4 << 20
"""Characters of one line, and of one cell; an opened quote that is never closed would take in the whole file."""

PATIENCE = 50
"""After so many places that are no CSV nothing more is tried."""

SEPARATORS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_PLAIN = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """A heading without letter case, blanks and punctuation: "Change Id", "changeId" and "change_id" are one."""
    return _PLAIN.sub("", name).lower()


@dataclass(frozen=True)
class Row:
    """``number`` counts as a spreadsheet does: the headings are row 1."""

    number: int
    cells: list[str]

    def oddity(self, headings: int) -> str:
        """What may be wrong with a row that makes no sense, in words."""
        if any(cell.count("\n") > 5 for cell in self.cells):
            return "a quote seems to be opened and not closed: many lines went into one cell"
        cells = f"{len(self.cells)} cell{'' if len(self.cells) == 1 else 's'}"
        return f"the row has {cells}, the headings are {headings}"


@dataclass(frozen=True)
class Torn:
    """A place that is no CSV."""

    number: int
    message: str


class Table:
    """A table with its headings; iterate over it once. ``headings`` is empty when there is nothing at all."""

    def __init__(self, stream: TextIO) -> None:
        self._lines = _lines(stream)
        first = ""
        for line in self._lines:
            if line.strip().lower().startswith("sep=") and len(line.strip()) <= 5:
                continue
            if line.strip():
                first = line
                break
        self.separator = separator_of(first)
        self._reader = self._again(first)
        self._torn: Torn | None = None
        try:
            self.headings = [cell.strip().lstrip("\ufeff") for cell in next(self._reader, [])]
        except csv.Error as error:
            self.headings = []
            self._torn = Torn(1, str(error))

    def _again(self, first: str = "") -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST)

        def lines() -> Iterator[str]:
            if first:
                yield first
            yield from self._lines

        return iter(csv.reader(lines(), delimiter=self.separator))

    def __iter__(self) -> Iterator[Row | Torn]:
        if self._torn:
            yield self._torn
            return
        number, torn = 1, 0
        while torn < PATIENCE:
            try:
                for cells in self._reader:
                    number += 1
                    if cells:
                        yield Row(number, cells)
                return
            except csv.Error as error:
                number += 1
                torn += 1
                told = "a quote is opened and not closed" if "field limit" in str(error) else str(error)
                yield Torn(number, told)
                self._reader = self._again()
        yield Torn(number, "too much of the file is damaged; the rest of it was not read")


def separator_of(line: str) -> str:
    """What separates the cells of a line of headings: the sign that is there most often outside of quotes."""
    bare = _QUOTED.sub("", line)
    return max(SEPARATORS, key=bare.count)


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(LONGEST):
        yield line
