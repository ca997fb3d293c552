"""Plan: which scenarios a run consists of, decided before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from harness.model.idp import Vendor
from harness.model.profile import Profile
from harness.model.scenario import Kind, Probe, Scenario, ScenarioKey
from harness.model.story import EXTENDED, LONG, Presence, Story


class PlanError(ValueError):
    """A selection names something that does not exist; the message lists what does."""


@dataclass(frozen=True)
class Selection:
    """What the operator asked for; empty means everything.

    ``idps`` are "okta" or "okta:oin"; ``stories`` names of stories or probes; ``quick`` is the gate for every commit.
    """

    idps: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    suite: str = ""
    quick: bool = False


SUITES = ("stories", "probes", EXTENDED, LONG)
"""The suites that do not belong to a vendor. "stories" and "probes" are the two halves of what every run plays."""


@cache
def vendors() -> dict[str, Vendor]:
    """The IdPs that are installed, by name, from the entry points of the group "scimulator.idps"."""
    found = {point.name: point.load() for point in entry_points(group="scimulator.idps")}
    first = {"okta": 0, "entra": 1}
    return dict(sorted(found.items(), key=lambda pair: (first.get(pair[0], 2), pair[0])))


def set_up(idps: Mapping[str, Vendor], setups: Mapping[str, Mapping[str, Any]]) -> dict[str, Vendor]:
    """The IdPs as the operator set them up: tables by "okta", or "okta:oin" for one app type. Raises PlanError."""
    tables: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry, table in setups.items():
        name, _, variant = entry.partition(":")
        if name not in idps:
            raise PlanError(f"[idp.{entry}]: there is no IdP called {name!r}; there are {', '.join(idps)}")
        known = [v.name for v in idps[name].variants]
        if variant and variant not in known:
            raise PlanError(f'[idp."{entry}"]: {name} has no app type {variant!r}; it has {", ".join(known)}')
        tables.setdefault(name, {})[variant] = table
    configured = dict(idps)
    for name, given in tables.items():
        configure = idps[name].configure
        if configure is None:
            raise PlanError(f"[idp.{name}]: {idps[name].title} cannot be set up from a file")
        try:
            configured[name] = configure(given)
        except ValueError as error:
            raise PlanError(f"[idp.{name}]: {error}") from error
    return configured


def plan(
    profile: Profile, selection: Selection, idps: Mapping[str, Vendor], probes: Mapping[str, Probe]
) -> tuple[Scenario, ...]:
    """The scenarios of a run in their order. Raises PlanError for unknown names."""
    known = {s.name for v in idps.values() for s in v.stories} | set(probes)
    for name in selection.stories:
        if name not in known:
            raise PlanError(f"there is no story or probe called {name!r}; there are {', '.join(sorted(known))}")
    suites = suites_of(idps, probes)
    if selection.suite and selection.suite not in suites:
        raise PlanError(f"there is no suite called {selection.suite!r}; there are {', '.join(suites)}")
    scenarios: list[Scenario] = []
    if selection.suite != "probes":
        scenarios += _stories(profile, selection, idps)
    if selection.suite != "stories":
        scenarios += _probes(profile, selection, probes)
    return tuple(scenarios)


def suites_of(idps: Mapping[str, Vendor], probes: Mapping[str, Probe]) -> tuple[str, ...]:
    """Every suite that can be asked for: our own, then those that vendors publish."""
    published = {s.suite for v in idps.values() for s in v.stories} | {p.suite for p in probes.values()}
    return (*SUITES, *sorted(published - {"", *SUITES}))


def _probes(profile: Profile, selection: Selection, probes: Mapping[str, Probe]) -> Iterable[Scenario]:
    wanted_suite = "" if selection.suite == "probes" else selection.suite
    for probe in probes.values():
        suite = "" if selection.stories and not wanted_suite else probe.suite
        wanted = suite == wanted_suite and _wanted(probe.name, probe.quick, selection)
        if wanted and _makes_sense(probe.needs, profile):
            yield Scenario(ScenarioKey(f"probe/{probe.name}", Kind.PROBE, probe.title), probe=probe)


def _stories(profile: Profile, selection: Selection, idps: Mapping[str, Vendor]) -> Iterable[Scenario]:
    wanted_suite = "" if selection.suite == "stories" else selection.suite
    for name, variant in _speakers(selection.idps, idps):
        vendor = idps[name]
        for story in vendor.stories:
            # Whoever names a story wants it, whatever suite it belongs to.
            suite = "" if selection.stories and not wanted_suite else story.suite_for(name, variant)
            wanted = suite == wanted_suite and _wanted(story.name, name in story.quick, selection)
            if wanted and _can_be_told(story, name, profile):
                key = ScenarioKey(f"{name}/{variant}/{story.name}", Kind.STORY, story.title, name, variant, story.name)
                yield Scenario(key, story=story)


def _speakers(wanted: tuple[str, ...], idps: Mapping[str, Vendor]) -> Iterable[tuple[str, str]]:
    asked = wanted or tuple(name for name, vendor in idps.items() if not vendor.on_request)
    seen: set[tuple[str, str]] = set()
    for entry in asked:
        name, _, variant = entry.partition(":")
        if name not in idps:
            raise PlanError(f"there is no IdP called {name!r}; there are {', '.join(idps)}")
        known = [v.name for v in idps[name].variants]
        if variant and variant not in known:
            raise PlanError(f"{name} has no app type {variant!r}; it has {', '.join(known)}")
        for speaker in ((name, v) for v in known if not variant or v == variant):
            if speaker not in seen:
                seen.add(speaker)
                yield speaker


def _wanted(name: str, quick: bool, selection: Selection) -> bool:
    if selection.stories:
        return name in selection.stories
    return quick or not selection.quick


def _can_be_told(story: Story, idp: str, profile: Profile) -> bool:
    if (story.idps and idp not in story.idps) or not _makes_sense(story.needs, profile):
        return False
    # Nobody can be made inactive beforehand where the service claims no deactivation.
    return profile.supports("deactivate") or all(p.presence is not Presence.INACTIVE for p in story.parts)


def _makes_sense(needs: tuple[str, ...], profile: Profile) -> bool:
    """Whether the profile supports what is needed; "!x": refuses it, "?x": does not refuse it, "x|y": one of them."""
    told = {"!": lambda n: profile.refuses(n[1:]), "?": lambda n: not profile.refuses(n[1:])}
    return all(any(told.get(n[:1], profile.supports)(n) for n in need.split("|")) for need in needs)
