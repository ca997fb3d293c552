"""Progress: what is told of a run while it goes on; to a person at a terminal, to a CI log, or to a script."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from harness.model.exchange import Exchange
from harness.model.verdict import Outcome

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from harness.model.run import Run

SCHEMA = "scimulator/stream/1"
EVERY = 10.0
"""Seconds between two lines in a log: a short run says nothing, a long one shows that it is alive."""


class Progress:
    """Says nothing. ``total`` scenarios begin, each is played and judged, in whatever order."""

    def __init__(self) -> None:
        self.total = self.done = self.requests = self.failed = 0

    def begin(self, total: int) -> None:
        self.total = total

    def playing(self, scenario: str) -> None:
        """A scenario is about to be played. Not called for what parallel workers play."""

    def exchange(self, exchange: Exchange) -> None:
        """A request has been answered, or not. Not called for what parallel workers send."""
        self.requests += 1

    def judged(self, scenario: str, outcome: Outcome, requests: int) -> None:
        """A scenario has come to its end."""
        self.done += 1
        self.failed += outcome is Outcome.FAILED

    def end(self, run: Run | None) -> None:
        """The run is over; None when it never came to a verdict."""


class Lines(Progress):
    """A quiet line every few seconds, for logs that are read afterwards; every scenario when ``each`` is set."""

    def __init__(self, out: TextIO, *, each: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._out = out
        self._each = each
        self._clock = clock
        self._told = clock()

    def judged(self, scenario: str, outcome: Outcome, requests: int) -> None:
        super().judged(scenario, outcome, requests)
        if self._each:
            self._say(f"{outcome.value:<14} {scenario}  ({requests} requests)")
        elif self._clock() - self._told >= EVERY:
            self._told = self._clock()
            failed = f", {self.failed} failed" if self.failed else ""
            self._say(f"{self.done} of {self.total} scenarios played{failed}")

    def _say(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


class Terminal(Progress):
    """A bar with the scenario, the rate of requests and the time left; gone when the run is over."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Bar | None = None
        self._began = time.monotonic()

    def begin(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        super().begin(total)
        self._began = time.monotonic()
        columns = (
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.description}", markup=False),
        )
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._bar.add_task("", total=total, rate="")
        self._bar.start()

    def playing(self, scenario: str) -> None:
        self._show(description=scenario)

    def exchange(self, exchange: Exchange) -> None:
        super().exchange(exchange)
        self._show(rate=self._rate())

    def judged(self, scenario: str, outcome: Outcome, requests: int) -> None:
        super().judged(scenario, outcome, requests)
        self._show(completed=self.done, rate=self._rate())

    def end(self, run: Run | None) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _rate(self) -> str:
        failed = f"  {self.failed} failed" if self.failed else ""
        return f"{self.requests / max(time.monotonic() - self._began, 0.001):.0f} requests/s{failed}"

    def _show(self, **fields: Any) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], **fields)


class Stream(Progress):
    """One JSON object a line, for scripts: what was played, what was asked, how it was judged, the verdict."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def begin(self, total: int) -> None:
        super().begin(total)
        self._say("run_started", schema=SCHEMA, scenarios=total)

    def playing(self, scenario: str) -> None:
        self._say("scenario_started", scenario=scenario)

    def exchange(self, exchange: Exchange) -> None:
        super().exchange(exchange)
        self._say(
            "exchange",
            id=exchange.id,
            scenario=exchange.scenario,
            role=exchange.role.value,
            title=exchange.title,
            method=exchange.method,
            template=exchange.template,
            status=exchange.status,
            elapsed_ms=exchange.elapsed_ms,
        )

    def judged(self, scenario: str, outcome: Outcome, requests: int) -> None:
        super().judged(scenario, outcome, requests)
        self._say("scenario_finished", scenario=scenario, outcome=outcome.value, requests=requests)

    def end(self, run: Run | None) -> None:
        if run is not None:
            counts = dict(run.counts)
            self._say("run_finished", verdict=run.conclusion.value, sentence=run.sentence, counts=counts)

    def _say(self, event: str, **data: Any) -> None:
        self._out.write(json.dumps({"event": event, **data}, separators=(",", ":")) + "\n")
        self._out.flush()
