"""The index of a report: one row per exchange, for the explorer, and the way to everything that is packed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from harness.model.run import ScenarioResult
from reports import words
from reports.html.exchanges import ExchangeView
from reports.html.packing import Slot
from reports.text import clipped, visible

NOWHERE = Slot("", "")
"""The slot of what stands in the page as plain HTML."""


@dataclass
class Index:
    """Grows while the scenarios are rendered. Columns instead of rows: that compresses to half the size.

    ``where`` maps the anchor of something else that is packed (a place of a finding, a scenario) to its slot.
    """

    scenarios: list[tuple[str | int, ...]] = field(default_factory=list)
    where: dict[str, Slot] = field(default_factory=dict)
    _columns: dict[str, list[Any]] = field(
        default_factory=lambda: {name: [] for name in ("s", "n", "id", "who", "line", "title", "answer", "ms", "marks")}
    )
    _slots: dict[str, list[str]] = field(default_factory=lambda: {"f": [], "c": []})

    def scenario(self, result: ScenarioResult, anchor: str, volume: int) -> None:
        """Begin a scenario: the rows that follow are its exchanges."""
        key = result.key
        told = (visible(clipped(text, 300)) for text in (key.id, key.title, words.sender(key)))
        self.scenarios.append((anchor, *told, key.idp or "probe", volume))

    def row(self, view: ExchangeView, slot: Slot = NOWHERE) -> None:
        """One exchange of the scenario that was begun last."""
        marks = (f"{mark.verdict.outcome.value} {mark.verdict.requirement}" for mark in view.marks)
        cells = (
            len(self.scenarios) - 1,
            view.number,
            view.anchor,
            view.role,
            view.line,
            view.title,
            view.answer,
            round(view.exchange.elapsed_ms),
            " ".join(marks),
        )
        for column, value in zip(self._columns.values(), cells, strict=True):
            # The same few senders, titles and answers over and over: one string of each is kept.
            column.append(intern(value) if type(value) is str else value)
        self._slots["f"].append(slot.fragment)
        self._slots["c"].append(slot.chunk)

    def keep(self, anchors: Iterable[str], slot: Slot) -> None:
        for anchor in anchors:
            self.where[anchor] = slot

    def value(self, parts: Sequence[str], volume: int | None = None) -> dict[str, Any]:
        """What the script reads. ``parts`` are the files of the volumes ([] when all is in one file).

        With ``volume`` only the scenarios of that volume: the index of one part.
        """
        chosen = [number for number, one in enumerate(self.scenarios) if volume in (None, one[-1])]
        renumbered = {number: new for new, number in enumerate(chosen)}
        rows = [i for i, number in enumerate(self._columns["s"]) if number in renumbered]
        columns = {name: [values[i] for i in rows] for name, values in (self._columns | self._slots).items()}
        columns["s"] = [renumbered[number] for number in columns["s"]]
        return {
            "parts": list(parts) if volume is None else [],
            "scenarios": [self.scenarios[number] for number in chosen],
            "rows": columns,
            "where": self.where if volume is None else {},
        }
