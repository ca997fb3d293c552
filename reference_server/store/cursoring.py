"""The page behind a cursor, asked of the store: the page itself, two numbers and one neighbour, never everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from reference_server.store.tables import resources


@dataclass(frozen=True)
class Position:
    """Where a page begins: behind the resource with an ``id``, and where that is not there any more, at the number
    ``at`` from 0 on. Without an id it is the first page, or the number alone."""

    id: str = ""
    at: int = 0

    @classmethod
    def of(cls, told: Any) -> Position:
        """From what a cursor holds; None for the first page."""
        return cls(told["id"], told["at"]) if isinstance(told, dict) else cls()

    def told(self) -> dict[str, Any]:
        return {"id": self.id, "at": self.at}


@dataclass(frozen=True)
class Behind:
    """``rows`` of a page, of ``total`` in all, the first of them at ``start``; ``previous`` is where the page before
    begins, None for the first."""

    total: int
    start: int
    rows: list[Any]
    previous: Position | None


def page_behind(connection: Connection, where: ColumnElement[bool], position: Position, count: int | None) -> Behind:
    """The resources behind a position, oldest first, at most ``count``; four statements at most."""
    seq = resources.c.seq
    anchor = None
    if position.id:
        anchor = connection.execute(select(seq).where(where, resources.c.id == position.id)).scalar()
    before = func.count() if anchor is None else func.count().filter(seq <= anchor)
    numbers = connection.execute(select(func.count(), before).select_from(resources).where(where)).one()
    total = int(numbers[0])
    start = min(position.at, total) if anchor is None else int(numbers[1])
    if count == 0:
        return Behind(total, start, [], None)
    page = select(resources).order_by(seq).limit(count)
    page = page.where(where).offset(start) if anchor is None else page.where(where, seq > anchor)
    rows = list(connection.execute(page).all())
    if not rows or start == 0:
        return Behind(total, start, rows, None)
    first = max(start - (count or 0), 0)
    if first == 0:
        return Behind(total, start, rows, Position())
    # The neighbour in front of the page before: it is counted back from this page, which is a short way.
    way = select(resources.c.id).where(where, seq < rows[0].seq).order_by(seq.desc()).offset(start - first).limit(1)
    return Behind(total, start, rows, Position(str(connection.execute(way).scalar_one()), first))
