"""Every failure in the field that a simulator has to provoke: which story provokes it, and what it must have sent.

The names are those of our collection of failures; the stories are told to a service that can do everything, so that
whatever an IdP wants to send is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from harness.model.step import Step
from harness.plan import vendors
from harness.probes import all_probes
from simulators.stories import all_stories


@dataclass(frozen=True)
class Shown:
    """A story, who tells it, and a text that one of its requests must hold: "METHOD template query body"."""

    story: str
    speaker: str
    request: str


@dataclass(frozen=True)
class Elsewhere:
    """Why no story shows a failure, and what shows it instead."""

    why: str
    probe: str = ""


LEGACY, FLAGGED, OIN, AIW = "entra:default", "entra:aadOptscim062020", "okta:oin", "okta:aiw"
DISABLED = '"path":"active","value":"False"'

FAILURES: dict[str, Shown | Elsewhere] = {
    "spc-says-no-patch": Shown("leaver", FLAGGED, "PATCH /Users/{id}"),
    "no-match-404": Shown("unknown-at-service", OIN, "GET /Users filter=userName"),
    "unfiltered-list-400": Shown("connection", OIN, "GET /Users startIndex=1&count=2"),
    "active-string-false-rejected": Shown("leaver", LEGACY, DISABLED),
    "op-name-case": Shown("leaver", LEGACY, '"op":"Replace"'),
    "pathless-value-object": Shown("leaver", OIN, '{"op":"replace","value":{"active":false}}'),
    "patch-501-no-fallback": Shown("leaver", OIN, "PATCH /Users/{id}"),
    "put-without-active-suspends": Elsewhere("neither vendor leaves active out of a PUT", "replacing"),
    "one-bad-op-vetoes-active": Shown("leaver-deleted", LEGACY, DISABLED + '},{"op":"Replace","path":"userName"'),
    "rehire-409-externalid": Shown("rehire", OIN, '"value":{"active":true}'),
    "rehire-412": Shown("rehire", LEGACY, '"path":"active","value":"True"'),
    "post-refused-for-jit-only": Shown("unknown-at-service", OIN, "POST /Users"),
    "groups-probe-on-save": Shown("connection", OIN, "GET /Groups startIndex=1&count=100"),
    "idp-offers-push-anyway": Shown("group-push-refused", OIN, "POST /Groups"),
    "groups-refusal-read-as-broken-app": Shown("group-life", LEGACY, "DELETE /Groups/{id}"),
    "remove-one-wipes-all": Shown("group-life", LEGACY, '"op":"Remove","path":"members","value":[{"value":'),
    "remove-with-value-rejected": Shown("group-life", LEGACY, '"op":"Remove","path":"members","value":[{"value":'),
    "resources-key-missing": Shown("unknown-at-service", LEGACY, "GET /Users filter=userName"),
    "error-vanishes-in-client": Shown("unknown-at-service", OIN, "POST /Users"),
    "slow-response-fails-review": Elsewhere("how fast an answer comes is measured, not judged"),
    "parallel-member-patch-lost": Elsewhere("one scenario has one request on its way at a time"),
    "add-op-on-single-value": Shown("everything-mapped", LEGACY, '"op":"Add","path":"externalId"'),
    "groups-501-on-member-replace": Shown("group-life", OIN, '"op":"replace","path":"members"'),
    "rename-then-409": Shown("renamed-between-assignments", OIN, "POST /Users"),
    "okta-stale-false-after-reactivate": Elsewhere("a switch of Okta's set-up, stale_active, told there"),
    "expired-token": Shown("key-expired", LEGACY, "PATCH /Users/{id}"),
    "compliance-flag-mismatch": Shown("on-demand", FLAGGED, DISABLED),
    "entra-disabled-by-scope-filter": Shown("out-of-scope", LEGACY, DISABLED),
    "errors-quarantine-the-job": Shown("group-sync-left-on", LEGACY, "GET /Groups"),
    "mass-unassign-burst": Shown("layoff-day", OIN, '"value":{"active":false}'),
}

SILENT: dict[str, tuple[str, str]] = {
    "okta-unlinked-user-never-deactivated": ("assigned-before-first-sign-in", OIN),
    "assigned-before-provisioning": ("assigned-before-provisioning", OIN),
    "features-not-ticked": ("deactivation-unticked", OIN),
    "idp-skips-inactive-member-on-removal": ("leaver-in-pushed-teams", OIN),
    "entra-active-unmapped": ("state-unmapped", LEGACY),
    "entra-purged-before-cycle": ("leaver-purged-at-once", LEGACY),
}
"""Failures that consist in nothing being written when the last change happens."""


def text(step: Step) -> str:
    return " ".join((step.method, step.template, step.query, (step.body or b"").decode()))


@cache
def _story(name: str) -> Any:
    return next(story for story in all_stories() if story.name == name)


def tell(story: Any, speaker: str, casting: Any, service: Any, playing: Any, *, full: bool) -> list[list[str]]:
    name, _, variant = speaker.partition(":")
    vendor = vendors()[name]
    cast = casting(story)
    play = playing(vendor.connect(variant), cast, vendor, variant)
    answering = service(cast, full=full)
    told: list[list[str]] = []
    for change in story.changes:
        told.append([])
        play.when(change).answering(lambda step, told=told: (told[-1].append(text(step)), answering(step))[1])
    return told


@pytest.mark.parametrize("failure", [name for name, how in FAILURES.items() if isinstance(how, Shown)])
def test_a_failure_that_needs_a_simulator_is_provoked_by_a_story(
    failure: str, casting: Any, service: Any, playing: Any
) -> None:
    how = FAILURES[failure]
    assert isinstance(how, Shown)
    told = [r for change in tell(_story(how.story), how.speaker, casting, service, playing, full=True) for r in change]
    assert any(how.request in request for request in told), told


@pytest.mark.parametrize("failure", SILENT)
def test_a_failure_of_silence_is_told_by_a_story_that_ends_in_silence(
    failure: str, casting: Any, service: Any, playing: Any
) -> None:
    story, speaker = SILENT[failure]
    creates_nobody = failure == "okta-unlinked-user-never-deactivated"
    told = tell(_story(story), speaker, casting, service, playing, full=not creates_nobody)
    assert [request for request in told[-1] if not request.startswith("GET ")] == []


def test_no_failure_that_needs_a_simulator_is_forgotten() -> None:
    """Thirty-six of the collected failures show only when an IdP sends a certain shape, order or nothing."""
    assert len({*FAILURES, *SILENT}) == 36


def test_what_no_story_shows_says_why_and_names_a_probe_that_exists() -> None:
    for how in FAILURES.values():
        if isinstance(how, Elsewhere):
            assert how.why
            assert not how.probe or how.probe in all_probes()
