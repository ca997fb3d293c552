"""docs/performance.md, written from the figures of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figure import Figure

HEAD = """# Performance

Written by `make bench`; every peer and every floor was started and measured in the same run, in turn with ours. Ratios
count, seconds do not: they belong to one machine ({about}).
A missed goal stays in the table, with what binds.
"""


def document(seen: Mapping[str, tuple[str, Sequence[Figure]]], about: str) -> str:
    """The whole page: a table for each benchmark, what it measures, and what its distances are made of."""
    return "\n".join([HEAD.format(about=about), *(_section(n, t, f) for n, (t, f) in seen.items())])


def _section(name: str, text: str, figures: Sequence[Figure]) -> str:
    rows = [
        f"| {_cell(f.what)} | {_cell(f.value)} | {_cell(f.against)} | {f.told} | {_cell(f.goal)} | {f.sign} |"
        for f in figures
    ]
    whys = [f"- *{f.what}*: {f.why}" for f in figures if f.why]
    head = ["| what | ours | against | ratio | goal | |", "|---|---|---|---|---|---|"]
    return "\n".join([f"## {name}", "", text.strip(), "", *head, *rows, "", *whys, *([""] if whys else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
