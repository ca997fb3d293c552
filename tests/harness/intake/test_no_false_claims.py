"""Recordings of a service that does nothing wrong give no finding, however much of them is cut away."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.ground import Ground
from harness.intake.recording import gather
from harness.judge import judge
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.partial import note_of
from harness.model.scenario import Kind, Scenario, ScenarioKey
from harness.model.sighting import Confidence, Provenance, Sighting
from harness.plan import vendors
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings

STORIES = ("connection", "leaver", "rehire", "profile-edit", "group-push-refused", "unknown-at-service")
LACKS = ("response body", "response headers", "request body", "request headers")


@cache
def recorded(idp: str, variant: str) -> tuple[Sighting, ...]:
    """What a proxy in front of a clean service would have seen in some stories, one after the other."""
    seen: list[Exchange] = []
    with TemporaryDirectory() as folder, Ground(Settings(), load_profile("marketbeam"), Path(folder), 7) as ground:
        for story in (one for one in vendors()[idp].stories if one.name in STORIES):
            scenario = Scenario(ScenarioKey(f"{idp}/{variant}/{story.name}", Kind.STORY, "", idp, variant), story)
            player = ground.player(Recorder(Path(folder)), lambda _exchange: None, scenario.id)
            seen += (x for x in player.play(scenario).transcript.exchanges if x.place.value == "scim")
    return tuple(Sighting(Provenance("f", "har", str(n)), Confidence.RECORDED, exchange=x) for n, x in enumerate(seen))


def findings(sightings: Sequence[Sighting]) -> Iterator[Finding]:
    profile, requirements = load_profile("marketbeam"), load_catalogue()
    for transcript in gather(sightings).transcripts:
        for verdict in judge(transcript, profile, requirements, all_checks().values()):
            assert verdict.outcome.value != "error", verdict.reason
            yield from verdict.findings


def without(sighting: Sighting, missing: Sequence[str]) -> Sighting:
    """The same as a log would have it that does not write everything down."""
    exchange = sighting.exchange
    if exchange is None or exchange.response is None or not missing:
        return sighting
    request, response = exchange.request, exchange.response
    request = replace(
        request,
        body=None if "request body" in missing else request.body,
        headers=() if "request headers" in missing else request.headers,
    )
    response = replace(
        response,
        body=b"" if "response body" in missing else response.body,
        headers=() if "response headers" in missing else response.headers,
    )
    notes = (*exchange.notes, note_of(missing))
    return replace(sighting, exchange=replace(exchange, request=request, response=response, notes=notes))


@pytest.mark.thorough
@pytest.mark.parametrize(("idp", "variant"), [("okta", "aiw"), ("entra", "default")])
def test_a_clean_service_is_never_blamed_for_what_was_not_recorded(idp: str, variant: str) -> None:
    whole, chance = recorded(idp, variant), random.Random(7)
    assert [*findings(whole)] == []
    for missing in ([one] for one in LACKS):
        assert [*findings([without(one, missing) for one in whole])] == [], missing
    for _ in range(4):
        start = chance.randrange(len(whole))
        cut = [one for one in whole[start:] if chance.random() < 0.5]
        ragged = [without(one, [w for w in LACKS if chance.random() < 0.3]) for one in cut]
        assert [*findings(ragged)] == []
