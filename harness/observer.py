"""Observer: takes the Run out of a pytest session, and hands on what happens in it to a Progress."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.model.verdict import Outcome
from harness.progress import Progress
from harness.pytest_plugin.parallel import scope_of
from harness.pytest_plugin.session import RUN, STAGE

if TYPE_CHECKING:
    from harness.model.run import Run
    from harness.settings import Settings

_GRAVEST = (
    Outcome.ERROR,
    Outcome.FAILED,
    Outcome.NOT_RUN,
    Outcome.REVIEW,
    Outcome.WARNED,
    Outcome.KNOWN,
    Outcome.NOTED,
    Outcome.PASSED,
)


class Observer:
    """A pytest plug-in. Afterwards ``run``, ``directory`` and ``settings`` hold what the session left, or None."""

    def __init__(self, progress: Progress) -> None:
        self.run: Run | None = None
        self.directory: Path | None = None
        self.settings: Settings | None = None
        self._progress = progress
        self._outcomes: dict[str, set[Outcome]] = defaultdict(set)
        self._parallel = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        stage = session.config.stash.get(STAGE, None)
        if stage is not None:
            stage.progress = self._progress
            self._progress.begin(len({scope_of(item.nodeid) for item in session.items}))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        if not self._parallel:
            self._parallel = True
            self._progress.begin(len({scope_of(nodeid) for nodeid in ids}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Where workers play, a scenario is over when its last item is reported."""
        if not self._parallel or report.when != "setup":
            return
        told = dict(report.user_properties).get("scimulator")
        if not isinstance(told, dict):
            return
        scenario = str(told["scenario"])
        self._outcomes[scenario] |= {Outcome(o) for o in str(told["outcome"]).split(",") if o}
        if not told["check"]:
            outcomes = self._outcomes.pop(scenario)
            gravest = next((o for o in _GRAVEST if o in outcomes), Outcome.NOT_APPLICABLE)
            requests = int(told["requests"])
            self._progress.requests += requests
            self._progress.judged(scenario, Outcome.NOT_RUN if report.failed else gravest, requests)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        self.run = config.stash.get(RUN, None)
        stage = config.stash.get(STAGE, None)
        self.directory = stage.directory if stage is not None else None
        self.settings = stage.settings if stage is not None else None
        self._progress.end(self.run)
