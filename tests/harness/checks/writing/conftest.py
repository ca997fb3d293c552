"""Probes played in this process against the reference server, right or wrong on purpose, and what a check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest

from harness.checks import all_checks
from harness.model.check import REGISTRY, Scope
from harness.model.exchange import Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.scenario import Kind, Scenario, ScenarioKey
from harness.model.step import Place
from harness.model.transcript import Transcript
from harness.plan import vendors
from harness.probes import all_probes
from harness.profiles import load as load_profile
from harness.settings import Settings
from harness.stage import Stage

Played = Callable[..., Transcript]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """``played("attributes", "full", "list-add-replaces")``: a probe (or "okta/oin/leaver") against that server."""

    @cache
    def play(name: str, preset: str, *defects: str) -> Transcript:
        profile = load_profile(preset)
        settings = Settings(profile=preset, preset=preset, defects=defects)
        stage = Stage(settings, profile, tmp_path_factory.mktemp("played"))
        scenario = _scenario(name)
        stage.begin((scenario,))
        told = stage.ground.player(stage.recorder, lambda _exchange: None, scenario.id).play(scenario)
        stage.close()
        return told.transcript

    return play


def _scenario(name: str) -> Scenario:
    if "/" not in name:
        probe = all_probes()[name]
        return Scenario(ScenarioKey(f"probe/{name}", Kind.PROBE, probe.title), probe=probe)
    idp, variant, story = name.split("/")
    told = next(s for s in vendors()[idp].stories if s.name == story)
    return Scenario(ScenarioKey(name, Kind.STORY, told.title, idp, variant, story), story=told)


def subjects_of(scope: Scope, transcript: Transcript) -> Iterable[Any]:
    if scope is Scope.TRANSCRIPT:
        return (transcript,)
    if scope is Scope.MOMENT:
        return transcript.moments
    return (x for x in transcript.exchanges if x.answered and x.place is Place.SCIM and x.role is not Role.SETUP)


@pytest.fixture
def judged() -> Callable[..., list[Finding] | None]:
    """``judged(check, transcript, profile)``: its findings, or None when it had nothing to look at."""

    def judge(function: Any, transcript: Transcript, profile: Profile | str = "full") -> list[Finding] | None:
        all_checks()
        check = REGISTRY[f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"]
        if check.probe and transcript.scenario.id != f"probe/{check.probe}":
            return None
        claimed = load_profile(profile) if isinstance(profile, str) else profile
        subjects = [s for s in subjects_of(check.scope, transcript) if check.when(s)]
        if not subjects:
            return None
        return [f for s in subjects for f in check.judge(s, profile=claimed, transcript=transcript)]

    return judge
