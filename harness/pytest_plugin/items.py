"""Our collectors and items: a suite holds scenarios, a scenario is played once, and each of its checks is an item."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin.session import (
    STAGE,
    configuration,
    named_file,
    named_scenarios,
    run_directory,
    settings_of,
    veil_of,
    worker_of,
)

if TYPE_CHECKING:
    from harness.model.scenario import Scenario
    from harness.model.verdict import Verdict
    from harness.settings import Settings
    from harness.stage import Stage


class ScimFile(pytest.File):
    """A scim.toml as a test file. One session rehearses one configuration: the first that it is given."""

    def collect(self) -> Iterable[pytest.Item]:
        named = named_file(self.config) or self.config.getoption("scim_config")
        if not named:
            # Found while walking a folder: a file that nobody named must not start to send requests.
            return []
        if Path(named).resolve() != self.path.resolve():
            raise self.CollectError(f"this session already rehearses {named}; give {self.path} a session of its own")
        return list(ScimSuite.from_parent(self, name="scim", nodeid=self.nodeid).items(settings_of(self.config)))


class ScenarioFile(pytest.File):
    """A saved scenario as a test file. All that a session names are told together, by the first."""

    def collect(self) -> Iterable[pytest.Item]:
        named = named_scenarios(self.config)
        if named_file(self.config) or not named or Path(named[0]).resolve() != self.path.resolve():
            # Nobody named it, a scim.toml tells it, or it is told with the first one.
            return []
        return list(ScimSuite.from_parent(self, name="scim", nodeid=self.nodeid).items(settings_of(self.config)))


class ScimSuite(pytest.Collector):
    """All scenarios of one run. Their plan is made at collection; nothing is sent before the first item runs."""

    def collect(self) -> Iterable[pytest.Item]:
        return list(self.items(settings_of(self.config)))

    def items(self, settings: Settings) -> Iterator[ScimItem]:
        """One item that plays a scenario and one for each check that can say something about it."""
        from harness.judge import in_question
        from harness.known import KnownError
        from harness.plan import PlanError, Selection, plan, set_up, vendors
        from harness.probes import all_probes
        from harness.profiles import ProfileError
        from harness.profiles import load as load_profile
        from harness.reporting import checked
        from harness.saved import with_saved
        from harness.settings import SettingsError
        from harness.sharding import shard
        from harness.stage import Stage
        from harness.suites import suite_probes

        try:
            checked(settings.reports)
            profile = load_profile(settings.profile)
            selection = Selection(settings.idps, settings.stories, settings.suite, settings.quick)
            idps, selection = with_saved(settings.scenarios, set_up(vendors(), settings.setups), selection)
            part = shard(settings.shard, plan(profile, selection, idps, {**all_probes(), **suite_probes()}))
        except (PlanError, ProfileError, SettingsError) as error:
            raise pytest.UsageError(str(error)) from error
        try:
            stage = Stage(
                settings,
                profile,
                run_directory(self.config, settings),
                worker=worker_of(self.config),
                command=self.config.getoption("scim_command")
                or shlex.join(["pytest", *self.config.invocation_params.args]),
                config=configuration(self.config),
                veil=veil_of(self.config, settings),
                shard=part,
            )
        except KnownError as error:
            raise pytest.UsageError(str(error)) from error
        self.config.stash[STAGE] = stage
        for scenario in part.share(settings.shuffle):
            parent = ScimScenario.from_parent(self, name=scenario.id, nodeid=f"{self.nodeid}::{scenario.id}")
            asked = () if self.config.getoption("scim_by_scenario") else stage.checks
            for check in in_question(scenario.key, profile, stage.requirements, asked):
                yield ScimItem.from_parent(parent, name=check.id, scenario=scenario, check=check.id)
            yield ScimItem.from_parent(parent, name="played", scenario=scenario, check="")


class ScimScenario(pytest.Collector):
    """One scenario; its items are made by the suite."""

    def collect(self) -> Iterable[pytest.Item]:
        return []


class CouldNotPlay(Exception):
    """A scenario could not be set up or played to its end: an error, never a failure of the service."""


class Nonconformity(Exception):
    """A check found that the service breaks a requirement."""


class Unsteady(Exception):
    """A check did not say the same each time that its scenario was played: a person has to look."""


class ScimItem(pytest.Item):
    """One check in one scenario; ``check`` "" is the item that stands for the playing itself, and for all checks
    where they have no items of their own."""

    def __init__(self, *, scenario: Scenario, check: str, **options: Any) -> None:
        super().__init__(**options)
        self.scenario = scenario
        self.check = check

    @property
    def stage(self) -> Stage:
        return self.config.stash[STAGE]

    def has_nothing_to_say(self) -> bool:
        """Whether the check met nothing to look at. Such an item is not reported: it neither passed nor was skipped."""
        from harness.model.verdict import Outcome

        mine = self.stage.verdicts_of(self.scenario, self.check)
        return bool(self.check) and all(v.outcome is Outcome.NOT_APPLICABLE for v in mine)

    def setup(self) -> None:
        from harness.model.verdict import Outcome

        alone = not self.check and self.config.getoption("scim_by_scenario")
        mine = self.stage.verdicts(self.scenario) if alone else self.stage.verdicts_of(self.scenario, self.check)
        transcript = self.stage.transcripts[self.scenario.id]
        self.user_properties.append(("scimulator", self._properties(mine)))
        if not self.check:
            if not transcript.complete:
                raise CouldNotPlay(transcript.stopped)
            return
        outcomes = {v.outcome for v in mine}
        if outcomes & {Outcome.FAILED, Outcome.PASSED, Outcome.WARNED, Outcome.NOTED, Outcome.KNOWN, Outcome.REVIEW}:
            return
        reason = next((v.reason for v in mine if v.reason), "nothing to look at in this scenario")
        if Outcome.ERROR in outcomes:
            raise CouldNotPlay(reason)
        pytest.skip(reason)

    def runtest(self) -> None:
        from harness.model.verdict import Outcome

        broken = [v for v in self.stage.verdicts_of(self.scenario, self.check) if v.outcome is Outcome.FAILED]
        if broken:
            raise Nonconformity("\n".join(_explain(v, self.stage) for v in broken))
        unsteady = [v for v in self.stage.verdicts_of(self.scenario, self.check) if v.outcome is Outcome.REVIEW]
        if unsteady:
            raise Unsteady("; ".join(dict.fromkeys(f"{v.requirement}: {v.reason}" for v in unsteady)))
        known = [v for v in self.stage.verdicts_of(self.scenario, self.check) if v.outcome is Outcome.KNOWN]
        if known:
            pytest.xfail("; ".join(dict.fromkeys(v.reason for v in known)))

    def _properties(self, verdicts: tuple[Verdict, ...]) -> dict[str, str]:
        requirement = self.stage.requirements.get(verdicts[0].requirement) if verdicts else None
        return {
            "scenario": self.scenario.id,
            "check": self.check,
            "clause": requirement.id if requirement else "",
            "level": requirement.level.value if requirement else "",
            "profile": self.stage.profile.name,
            "outcome": ",".join(sorted({v.outcome.value for v in verdicts})),
            "finding": " ".join(f.id for v in verdicts for f in v.findings),
            "requests": str(len(self.stage.transcripts[self.scenario.id].exchanges)),
        }

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Nonconformity | CouldNotPlay | Unsteady):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.scenario.id}: {self.check or 'played'}"


def _explain(verdict: Verdict, stage: Stage) -> str:
    requirement = stage.requirements[verdict.requirement]
    lines = [f"{requirement.id} ({requirement.section}, {requirement.level}): {requirement.says}"]
    for finding in verdict.findings:
        lines.append(f"  expected  {' or '.join(str(e) for e in finding.expected)}")
        lines.append(f"  received  {finding.received[:500]}{f' at {finding.at}' if finding.at else ''}")
        exchange = stage.transcripts[verdict.scenario].exchange(finding.exchange)
        if exchange is not None:
            lines.append(
                f"  where     {exchange.id}: {exchange.method} {exchange.template} -> {exchange.status or 'no answer'}"
            )
        lines.append(f"  what now  {finding.hint or requirement.remedy}")
    text = "\n".join(lines)
    return stage.veil.text(text) if stage.veil is not None else text
