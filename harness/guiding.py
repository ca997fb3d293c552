"""Guiding: has the simulated IdPs play the situations of the guides, to learn what their administrators would see.

``make docs`` writes the result into ``harness/guides/seen.json``, from which the guides are made without playing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.ground import Ground
from harness.leaving import Named
from harness.model.change import Assign, Change, KeyExpires, PushGroup, TestConnection, Unassign
from harness.model.exchange import Exchange, Response, Role
from harness.model.idp import Vendor
from harness.model.outlook import Notice
from harness.model.person import Team
from harness.model.scenario import Kind, Scenario, ScenarioKey
from harness.model.story import Group, Part, Presence, Story
from harness.model.transcript import Transcript
from harness.plan import vendors
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings

NAME, GROUP, APP = "ada@example.test", "Sales", "Your app"
_WHO = "leaver-1"
_PAGE = b"<!DOCTYPE html><title>Not found</title>"
_STORIES: dict[str, tuple[Change, ...]] = {
    "test-passed": (TestConnection(),),
    "test-wrong-key": (KeyExpires(), TestConnection()),
    "test-wrong-address": (TestConnection(),),
    "leaver": (Assign(_WHO), Unassign(_WHO)),
    "no-account": (Assign(_WHO),),
    "group": (Assign(_WHO), PushGroup()),
    "key-expired": (Assign(_WHO), KeyExpires(), Unassign(_WHO)),
}


class _Directory(Named):
    def team(self, scenario: str, role: str, members: tuple[str, ...]) -> Team:
        return replace(super().team(scenario, role, members), name=GROUP)


def seen(idps: tuple[str, ...] = ("okta", "entra")) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """For each IdP and situation the lines on its administrator's screen: where, status, text, inferred."""
    return {idp: dict(_of(vendors()[idp])) for idp in idps}


def _of(vendor: Vendor) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    profile = load_profile("marketbeam")
    with tempfile.TemporaryDirectory() as place:
        recorder = Recorder(Path(place))
        with Ground(Settings(), profile, Path(place), 0, _Directory((NAME,))) as ground:
            for name, changes in _STORIES.items():
                scenario = _scenario(vendor, name, changes)
                transcript = ground.player(recorder, lambda _exchange: None, scenario.id).play(scenario).transcript
                if name == "test-wrong-address":
                    transcript = _astray(transcript)
                last = {x.id for x in transcript.exchanges if x.moment == len(changes) - 1}
                notices = vendor.outlook(transcript).notices
                shown = [n for n in notices if n.exchange in last or (not n.exchange and len(changes) > 1)]
                rows = [_row(notice) for notice in shown or notices]
                yield name, [row for place, row in enumerate(rows) if row not in rows[:place]]
        recorder.close()


def _scenario(vendor: Vendor, name: str, changes: tuple[Change, ...]) -> Scenario:
    presence = Presence.UNKNOWN if name == "no-account" else Presence.ACTIVE
    teams = (Group((_WHO,)),) if name == "group" else ()
    story = Story(name, name, changes, (Part(_WHO, presence),), teams)
    variant = vendor.variants[0].name
    key = ScenarioKey(f"{vendor.name}/{variant}/{name}", Kind.STORY, name, vendor.name, variant, name)
    return Scenario(key, story=story)


def _astray(transcript: Transcript) -> Transcript:
    """The same with a web page for an answer to whatever the IdP asked."""
    page = Response(404, "Not Found", (("Content-Type", "text/html"),), _PAGE)

    def answered(exchange: Exchange) -> Exchange:
        return replace(exchange, response=page) if exchange.role is Role.IDP else exchange

    return replace(transcript, exchanges=tuple(map(answered, transcript.exchanges)))


def _row(notice: Notice) -> dict[str, Any]:
    text = notice.text.replace("http://reference.scimulator.example", "https://app.example")
    text = text.replace("reference.scimulator.example", APP)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "(a random name)", text)
    # When Entra would try again is another moment in each run.
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ UTC", "(a date)", text)
    text = re.sub(r"Failed on [\d-]+ [\d:]+[AP]M UTC", "Failed on (a date)", text)
    return {"where": notice.where, "status": notice.status, "text": text, "inferred": notice.inferred}
