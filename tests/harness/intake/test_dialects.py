"""Who sent recorded requests: our simulators' traffic gives their IdP and app type away, other clients do not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.ground import Ground
from harness.intake.dialects import recognise_sender
from harness.intake.intents import Names, address_of, read_request
from harness.model.case import Likelihood
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.scenario import Kind, Scenario, ScenarioKey
from harness.plan import vendors
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings

STORIES = ("connection", "unknown-at-service", "profile-edit", "rehire", "group-life")


@cache
def played(idp: str, variant: str) -> tuple[Exchange, ...]:
    """What an IdP sends in some stories, each against a server of its own."""
    found: list[Exchange] = []
    with TemporaryDirectory() as folder, Ground(Settings(), load_profile("marketbeam"), Path(folder), 7) as ground:
        for story in (one for one in vendors()[idp].stories if one.name in STORIES):
            scenario = Scenario(ScenarioKey(f"{idp}/{variant}/{story.name}", Kind.STORY, "", idp, variant), story)
            player = ground.player(Recorder(Path(folder)), lambda _exchange: None, scenario.id)
            found += (x for x in player.play(scenario).transcript.exchanges if x.role is Role.IDP)
    return tuple(found)


@pytest.mark.parametrize(
    ("idp", "variant"),
    [("okta", "oin"), ("okta", "aiw"), ("entra", "default"), ("entra", "aadOptscim062020")],
)
def test_our_simulators_are_recognised(idp: str, variant: str) -> None:
    sender = recognise_sender(played(idp, variant))
    assert (sender.idp, sender.variant) == (idp, variant)
    assert sender.likelihood is Likelihood.HIGH
    assert sender.reasons


@pytest.mark.parametrize("idp", ["okta", "entra"])
def test_requests_are_read_as_the_simulators_mark_them(idp: str) -> None:
    for variant in vendors()[idp].variants:
        names = Names()
        for exchange in played(idp, variant.name):
            address = address_of(exchange.request.url)
            assert address is not None
            reading = read_request(exchange.method, address, exchange.sent, names)
            for resource in exchange.resources:
                names.learn(resource)
            assert (reading.intent, reading.effect) == (exchange.intent, exchange.effect), exchange.title
            assert address.template == exchange.template


def request(method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes | None = None) -> Exchange:
    address = address_of(f"https://a.example/scim{path}")
    assert address is not None
    reading = read_request(method, address, None)
    return Exchange(
        "x", "s", 0, Role.IDP, Phase.DURING, -1, reading.title, reading.intent, reading.effect,
        Request(method, f"https://a.example/scim{path}", headers, body), Response(200),
        template=address.template, path=address.path, query=address.query,
    )  # fmt: skip


def test_another_client_is_named_and_not_taken_for_an_idp() -> None:
    sender = recognise_sender([request("GET", "/Users?startIndex=1&count=2", (("User-Agent", "python-httpx/0.28"),))])
    assert (sender.idp, sender.client) == ("", "python-httpx")


def test_a_lone_lookup_is_not_enough_to_be_sure() -> None:
    sender = recognise_sender([request("GET", "/Users?filter=userName+eq+%22a%22", (("Host", "a.example"),))])
    assert sender.likelihood is not Likelihood.HIGH


def test_nothing_gives_nothing_away() -> None:
    assert recognise_sender([]).idp == ""
