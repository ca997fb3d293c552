"""Factories for hand-made exchanges, moments, transcripts and profiles, and one way to ask a check what it finds."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Change
from harness.model.check import REGISTRY, Check
from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble
from harness.model.finding import Finding
from harness.model.person import Person, Team
from harness.model.profile import Claim, Profile
from harness.model.requirement import Applies
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import Effect, Intent, Place
from harness.model.transcript import Moment, Transcript

BASE = "https://app.example/scim/v2"
RIGHT = "Bearer [redacted:token]"
"""The credential of a run, as it stands in a record."""

_ABSENT: Any = object()


def _encoded(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()


def _member(part: str, *, resource_id: str = "", source: Source = Source.JIT, **person: str) -> Member:
    who = {
        "directory_id": hashlib.sha256(part.encode()).hexdigest()[:32],
        "user_name": f"{part}@rehearsal.example",
        "given_name": part.capitalize(),
        "family_name": "Example",
        "email": f"{part}@rehearsal.example",
        **person,
    }
    account = Account(who["user_name"], resource_id, source) if resource_id else None
    return Member(part, Person(**who), account)


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    """``exchange(method, path, status=, body=, headers=, sent=, query=, tag=, role=, ...)``.

    ``body`` and ``sent`` are JSON values, or bytes to be taken as they are; absent means no body. ``headers`` are
    response headers besides Content-Type (``media_type``; None for none), ``sent_headers`` request headers besides
    Authorization (``authorization``; None for none). ``trouble`` stands in place of any answer. Whatever else Exchange
    has may be given by name. Ordinals count up within a test.
    """
    ordinals = itertools.count()

    def make(
        method: str = "GET",
        path: str = "/Users",
        *,
        status: int = 200,
        body: Any = _ABSENT,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        media_type: str | None = "application/scim+json",
        sent: Any = _ABSENT,
        sent_headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        authorization: str | None = RIGHT,
        query: str = "",
        trouble: Trouble | None = None,
        **given: Any,
    ) -> Exchange:
        ordinal = next(ordinals)
        asked = dict(sent_headers)
        if authorization is not None:
            asked["Authorization"] = authorization
        answered = dict(headers)
        if media_type is not None and body is not _ABSENT:
            answered.setdefault("Content-Type", media_type)
        values: dict[str, Any] = {
            "id": f"x-0ddba1-{ordinal:03d}",
            "scenario": "probe/hand-made",
            "ordinal": ordinal,
            "role": Role.PROBE,
            "phase": Phase.DURING,
            "moment": -1,
            "title": "A hand-made request",
            "intent": Intent.PROBE,
            "effect": Effect.READ if method in ("GET", "HEAD", "OPTIONS") else Effect.WRITE,
            "path": path,
            "query": query,
            "template": path,
            "place": Place.SCIM,
            "elapsed_ms": 5.0,
        }
        values.update(given)
        url = BASE + path + (f"?{query}" if query else "")
        return Exchange(
            request=Request(method, url, tuple(asked.items()), None if sent is _ABSENT else _encoded(sent)),
            response=None
            if trouble is not None
            else Response(status, "", tuple(answered.items()), b"" if body is _ABSENT else _encoded(body)),
            trouble=trouble,
            **values,
        )

    return make


@pytest.fixture
def member() -> Callable[..., Member]:
    """``member(part, resource_id="u1", source=Source.JIT, user_name=...)``; without a resource_id nobody is there."""
    return _member


@pytest.fixture
def cast() -> Callable[..., Cast]:
    """``cast(leaver="u1", newcomer="")``: parts by keyword ("_" stands for "-") with their ids, "" for no account."""

    def make(team: Team | None = None, **ids: str) -> Cast:
        return Cast(tuple(_member(p.replace("_", "-"), resource_id=i) for p, i in ids.items()), (team,) if team else ())

    return make


@pytest.fixture
def moment() -> Callable[..., Moment]:
    """``moment(change, *exchanges, cast=Cast(...), index=0)``; give each exchange its ``phase`` and ``role``."""

    def make(change: Change, *exchanges: Exchange, cast: Cast | None = None, index: int = 0) -> Moment:
        return Moment(index, change, exchanges, cast or Cast())

    return make


@pytest.fixture
def transcript() -> Callable[..., Transcript]:
    """``transcript(*exchanges, scenario="probe/x", changes=(), cast=..., complete=True)``: a probe by default."""

    def make(*exchanges: Exchange, scenario: str = "probe/hand-made", **given: Any) -> Transcript:
        idp, variant, story = (*scenario.split("/"), "", "")[:3]
        probe = idp == "probe"
        key = ScenarioKey(
            scenario,
            Kind.PROBE if probe else Kind.STORY,
            "A hand-made scenario",
            "" if probe else idp,
            "" if probe else variant,
            "" if probe else story,
        )
        return Transcript(**{"scenario": key, "base_url": BASE, "exchanges": exchanges, **given})

    return make


@pytest.fixture
def profile() -> Callable[..., Profile]:
    """``profile("deprovisioning", supports=("filter",), refuses=("create",), tolerances=(...), adjusts={...})``."""

    def make(
        family: str = "deprovisioning",
        *,
        supports: Iterable[str] = ("read", "deactivate", "filter"),
        refuses: Iterable[str] = (),
        tolerances: Iterable[str] = (),
        attributes: Iterable[str] = (),
        adjusts: Mapping[str, Applies] | None = None,
    ) -> Profile:
        claims = dict.fromkeys(supports, Claim.SUPPORTED) | dict.fromkeys(refuses, Claim.REFUSED)
        return Profile(
            "hand-made", "Hand-made", family, claims, frozenset(tolerances), tuple(attributes), dict(adjusts or {})
        )

    return make


def check_of(function: Callable[..., Any]) -> Check:
    """The registered Check of a decorated function. Raises KeyError for one that is no check."""
    return REGISTRY[f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"]


@pytest.fixture
def applies() -> Callable[..., bool]:
    """``applies(check_function, subject)``: has the check anything to look at there?"""

    def ask(function: Callable[..., Any], subject: Any) -> bool:
        return bool(check_of(function).when(subject))

    return ask


@pytest.fixture
def found(profile: Callable[..., Profile]) -> Callable[..., list[Finding]]:
    """``found(check_function, subject, profile=..., transcript=...)``: the findings; the check must have applied.

    Each finding carries its requirement, also where the check leaves it to the judge.
    """

    def ask(function: Callable[..., Any], subject: Any, **extras: Any) -> list[Finding]:
        check = check_of(function)
        assert check.when(subject), f"{check.id} has nothing to look at"
        extras.setdefault("profile", profile())
        extras.setdefault("transcript", subject if isinstance(subject, Transcript) else None)
        return [
            finding.placed(check=check.id, scenario="probe/hand-made", requirement=check.requirements[0], exchange="x")
            for finding in check.judge(subject, **extras)
        ]

    return ask


@pytest.fixture
def see(exchange: Callable[..., Exchange], transcript: Callable[..., Transcript]) -> Callable[..., Any]:
    """``see({...})``: an exchange of these values; ``see([{...}, ...], cast=...)``: a transcript of such exchanges."""

    def make(told: Any, **given: Any) -> Any:
        if isinstance(told, dict):
            return exchange(**told)
        return transcript(*(exchange(**one) for one in told), **given)

    return make
