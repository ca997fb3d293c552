"""A comparison as Markdown, for a comment on a change or a job summary; too long a one is cut with a notice."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.comparison import Comparison, Difference, ExchangeDifference, Fate
from reports.comparison.telling import FATES, sentence
from reports.markdown import SIZE, code, cut, text

PLACES = 20


def markdown(comparison: Comparison, *, size: int = SIZE) -> str:
    """The document, at most ``size`` bytes."""
    return cut(_blocks(comparison), size)


def _blocks(comparison: Comparison) -> Iterator[str]:
    before, after = comparison.before, comparison.after
    yield f"## {'✕' if comparison.worse else '?' if comparison.lost else '✓'} {sentence(comparison)}\n\n"
    for notice in comparison.notices:
        yield f"> **Doubtful:** {text(notice, 500)}\n\n"
    yield "| | run | verdict | profile | |\n|---|---|---|---|---|\n"
    for word, side in (("before", before), ("after", after)):
        cells = (word, f"`{code(side.name)}`", side.verdict, f"`{code(side.profile)}`", text(side.sentence, 300))
        yield f"| {' | '.join(cells)} |\n"
    yield "\n"
    for fate, (sign, heading, means) in FATES.items():
        found = comparison.of(fate)
        if found:
            yield f"### {sign} {heading} ({len(found):,})\n\n{means.capitalize()}.\n\n"
            yield from (_difference(one) for one in found[:PLACES])
            yield f"- and {len(found) - PLACES:,} more\n\n" if len(found) > PLACES else "\n"
    if comparison.lost:
        names = ", ".join(f"`{code(name)}`" for name in comparison.lost[:PLACES])
        yield f"### Not played again ({len(comparison.lost):,})\n\n{names}\n\n"
    yield from _exchanges(comparison)


def _difference(one: Difference) -> str:
    outcomes = f"{one.before or 'not found'} → {one.after or 'not found'}"
    came = f", came `{code(one.actual_after or one.actual_before)}`"
    if one.fate is Fate.CHANGED and one.actual_before != one.actual_after:
        came = f", came `{code(one.actual_before)}` before and `{code(one.actual_after)}` after"
    return f"- `{one.id}` {text(one.requirement, 100)} ({one.level}) in `{code(one.scenario)}`: {outcomes}{came}\n"


def _exchanges(comparison: Comparison) -> Iterator[str]:
    if not comparison.exchanges:
        return
    yield f"### Answers that differ ({len(comparison.exchanges):,})\n\nIds and times are left out of account.\n\n"
    yield from (_exchange(one) for one in comparison.exchanges[:PLACES])
    if len(comparison.exchanges) > PLACES:
        yield f"- and {len(comparison.exchanges) - PLACES:,} more\n"


def _exchange(one: ExchangeDifference) -> str:
    shown = "; ".join(f"`{code(d.where)}` `{code(d.before)}` → `{code(d.after)}`" for d in one.details[:3])
    more = f" and {len(one.details) - 3} more places" if len(one.details) > 3 else ""
    return f"- `{code(one.call)}` in `{code(one.scenario)}` ({text(one.title, 100)}): {shown}{more}\n"
