"""The tables in each simulator's README are written from the code, and kept in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import simulators
from harness.model.idp import Vendor
from simulators.entra import ENTRA
from simulators.okta import OKTA

VENDORS = (OKTA, ENTRA)
BEGIN, END = "<!-- written from the code: begin -->\n", "<!-- written from the code: end -->\n"


def tables(vendor: Vendor) -> str:
    """What is simulated, how well each habit is known and how it is turned, and what is not simulated."""
    return "\n".join((*_sequences(vendor), "", *_quirks(vendor), "", *_omissions(vendor), ""))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sequences(vendor: Vendor) -> Iterator[str]:
    yield "### Page by page\n"
    yield _row("heading", "after", "function", "evidence", "newest", "not simulated")
    yield _row(*["---"] * 6)
    for s in vendor.sequences:
        after = ", ".join(change.__name__ for change in s.on)
        place = f"`{s.run.__module__.rpartition('.')[2]}.{s.name}`"
        yield _row(f"[{s.title}]({s.source})", after, place, s.evidence.value, s.seen, s.omits)


def _quirks(vendor: Vendor) -> Iterator[str]:
    yield "### Habits\n"
    yield _row("habit", "what it is", "evidence", "newest", "switch")
    yield _row(*["---"] * 5)
    for q in vendor.quirks:
        switch = f"`{q.switch}`" if q.switch else ""
        yield _row(f"[`{q.name}`]({q.source})", q.says, q.evidence.value, q.seen, switch)


def _omissions(vendor: Vendor) -> Iterator[str]:
    yield "### Not simulated\n"
    yield _row("heading", "why")
    yield _row("---", "---")
    for heading, why in vendor.omits:
        yield _row(heading, why)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_tables_are_in_step_with_the_code(request: pytest.FixtureRequest, vendor: Vendor) -> None:
    path = Path(simulators.__file__).parent / vendor.name / "README.md"
    head, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, marked, tail = rest.partition(END)
    assert marked, f"{path} has no place for the tables: it needs {BEGIN!r} and {END!r}"
    written = head + BEGIN + tables(vendor) + END + tail
    if request.config.getoption("--update-documents"):
        path.write_text(written, "utf-8")
    assert path.read_text("utf-8") == written, f"{path} is out of step: run `make docs` and look at the difference"


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_sequence_says_when_it_was_last_seen(vendor: Vendor) -> None:
    assert [s.title for s in vendor.sequences if not s.seen[:4].isdigit()] == []
