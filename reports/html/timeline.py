"""How long the service took: by kind of request, over the time of the run, and where it asked to wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from harness.model.exchange import Exchange
from harness.model.run import Run
from reports.html.rows import moment_of
from reports.text import shortened
from reports.words import many

BINS = 120
"""So many columns the picture has: each is a stretch of the run."""

ROWS = 25
"""At most so many kinds of request are listed, the slowest first."""

WIDTH, HEIGHT, LEFT, BASE = 860, 170, 58, 140


@dataclass(frozen=True)
class Latency:
    """One kind of request. Times are milliseconds to the last byte; ``scenario`` and ``slowest`` name the longest."""

    name: str
    count: int
    median: float
    p95: float
    longest: float
    scenario: str
    slowest: str


@dataclass(frozen=True)
class Wait:
    """An answer that asked the client to wait (429, 503, or a Retry-After header)."""

    scenario: str
    exchange: str
    status: int
    retry_after: str


@dataclass(frozen=True)
class Timeline:
    """``rows`` are the slowest kinds of request, ``hidden`` further ones; ``overall`` is over all answers.

    ``seconds`` from the first request to the last answer; ``picture`` is empty when times were not recorded.
    """

    overall: Latency | None
    rows: tuple[Latency, ...]
    hidden: int
    waits: tuple[Wait, ...]
    troubles: tuple[tuple[str, int], ...]
    seconds: float
    picture: Markup


@dataclass
class _Times:
    all: list[float] = field(default_factory=list)
    longest: tuple[float, str, str] = (-1.0, "", "")

    def take(self, exchange: Exchange) -> None:
        self.all.append(exchange.elapsed_ms)
        self.longest = max(self.longest, (exchange.elapsed_ms, exchange.scenario, exchange.id))

    def told(self, name: str) -> Latency:
        times = sorted(self.all)
        return Latency(name, len(times), _part(times, 0.5), _part(times, 0.95), *self.longest)


def timeline(run: Run) -> Timeline:
    """Measure the run. Requests without an answer count as troubles, not as times."""
    kinds: dict[str, _Times] = {}
    every, troubles, waits = _Times(), Counter[str](), []
    sent: list[tuple[float, float, bool]] = []
    for result in run.results:
        for x in result.transcript.exchanges:
            at = moment_of(x)
            if at is not None:
                sent.append((at, x.elapsed_ms, x.trouble is not None or x.status >= 500 or x.status == 429))
            if x.trouble is not None:
                troubles[x.trouble.kind.value] += 1
                continue
            every.take(x)
            kinds.setdefault(shortened(f"{x.method} {x.template or '(no template)'}", 100), _Times()).take(x)
            asked = x.header("Retry-After")
            if x.status in (429, 503) or asked is not None:
                waits.append(Wait(x.scenario, x.id, x.status, shortened(asked or "", 60)))
    told = sorted((times.told(name) for name, times in kinds.items()), key=lambda one: (-one.p95, one.name))
    begin = min((at for at, _, _ in sent), default=0.0)
    end = max((at + ms / 1000 for at, ms, _ in sent), default=0.0)
    return Timeline(
        overall=every.told("all requests") if every.all else None,
        rows=tuple(told[:ROWS]),
        hidden=max(0, len(told) - ROWS),
        waits=tuple(waits),
        troubles=tuple(sorted(troubles.items())),
        seconds=end - begin,
        picture=_picture(sent, begin, end) if end > begin else Markup(""),
    )


def _part(ordered: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def _picture(sent: Iterable[tuple[float, float, bool]], begin: float, end: float) -> Markup:
    """Columns over time: the longest answer in each (pale), the median (dark), and where something went wrong."""
    bins: list[list[float]] = [[] for _ in range(BINS)]
    wrong = [0] * BINS
    for at, ms, bad in sent:
        column = min(BINS - 1, int((at - begin) / (end - begin) * BINS))
        bins[column].append(ms)
        wrong[column] += bad
    top = max(max(times, default=0.0) for times in bins) or 1.0
    step = (WIDTH - LEFT) / BINS
    drawn = [_grid(top)]
    for column, times in enumerate(bins):
        if times:
            x = LEFT + column * step
            drawn.append(_bar("longest", x, max(times) / top, step))
            drawn.append(_bar("median", x, _part(sorted(times), 0.5) / top, step))
        if wrong[column]:
            drawn.append(Markup('<text class="wrong" x="{:.1f}" y="12">!</text>').format(LEFT + column * step))
    said = f"Time to answer over {end - begin:,.1f} seconds: the longest took {top:,.0f} ms"
    if lost := sum(wrong):
        said += f"; {many(lost, 'request')} got no answer, 429 or 5xx"
    return Markup('<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>').format(
        WIDTH, HEIGHT, said, Markup("").join(drawn), _axis(end - begin)
    )


def _bar(kind: str, x: float, part: float, step: float) -> Markup:
    height = max(1.0, part * (BASE - 20))
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, x, BASE - height, max(1.0, step - 1), height
    )


def _grid(top: float) -> Markup:
    """Lines across the picture: the longest time, half of it, none."""
    rows = ((20, top), ((20 + BASE) // 2, top / 2), (BASE, 0.0))
    return Markup("").join(
        Markup('<line class="life" x1="{}" y1="{y}" x2="{}" y2="{y}"/><text x="{}" y="{}" text-anchor="end">{}</text>')
        .format(LEFT, WIDTH, LEFT - 6, y + 4, f"{ms:,.0f} ms", y=y)
        for y, ms in rows
    )  # fmt: skip


def _axis(seconds: float) -> Markup:
    """Marks along the time, in seconds since the first request."""
    return Markup("").join(
        Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{:,.1f} s</text>').format(
            LEFT + (WIDTH - LEFT) * n / 4, BASE + 20, side, seconds * n / 4
        )
        for n, side in enumerate(("start", "middle", "middle", "middle", "end"))
    )
