"""Scenes and rehearsals made by hand: one Change with all that was seen around it, a probe with the answers it got."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Change
from harness.model.check import REGISTRY
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.finding import Finding
from harness.model.person import Person, Team
from harness.model.profile import Claim, Profile
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import ERROR, LIST_RESPONSE, USER, Effect, Intent, Place, Step
from harness.model.transcript import Transcript
from harness.probes import all_probes

BASE = "https://app.example/scim/v2"
NAME = "leaver@rehearsal.example"
Answer = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]


def person(**members: Any) -> dict[str, Any]:
    """The person of every scene as the service shows them; None takes a member away."""
    whole = {
        "schemas": [USER],
        "id": "u1",
        "userName": NAME,
        "name": {"givenName": "Lea", "familyName": "Ver"},
        "displayName": "Lea Ver",
        "emails": [{"value": NAME, "type": "work", "primary": True}],
        "active": True,
        "meta": {
            "resourceType": "User",
            "created": "2026-11-24T09:00:00.000Z",
            "lastModified": "2026-11-24T09:00:00.000Z",
            "location": f"{BASE}/Users/u1",
        },
        **members,
    }
    return {name: value for name, value in whole.items() if value is not None}


def people(*found: Mapping[str, Any], total: int | None = None) -> dict[str, Any]:
    count = len(found) if total is None else total
    return {
        "schemas": [LIST_RESPONSE],
        "totalResults": count,
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": list(found),
    }


def error(status: int, scim_type: str = "", detail: str = "This is not served here.") -> dict[str, Any]:
    body = {"schemas": [ERROR], "status": str(status), "detail": detail}
    return body | ({"scimType": scim_type} if scim_type else {})


def _member(part: str, resource_id: str) -> Member:
    name = NAME if part in ("leaver", "subject") else f"{part}@rehearsal.example"
    who = Person("0" * 32, name, "Lea", "Ver", name)
    return Member(part, who, Account(name, resource_id, Source.JIT) if resource_id else None)


def _encoded(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


class Scenes:
    """Builds transcripts exchange by exchange; ordinals and ids count up."""

    def __init__(self, scenario: str) -> None:
        self.scenario = scenario
        self.exchanges: list[Exchange] = []

    def add(self, step: Step, answer: Answer, role: Role, phase: Phase = Phase.DURING, moment: int = -1) -> Exchange:
        ordinal = len(self.exchanges)
        headers = dict(answer[2]) if len(answer) > 2 else {}
        headers.setdefault("Content-Type", "application/scim+json")
        query = f"?{step.query}" if step.query else ""
        made = Exchange(
            id=f"x-0ddba1-{ordinal:03d}",
            scenario=self.scenario,
            ordinal=ordinal,
            role=role,
            phase=phase,
            moment=moment,
            title=step.title,
            intent=step.intent,
            effect=step.effect,
            request=Request(step.method, BASE + step.path + query, step.headers, step.body),
            response=Response(answer[0], "", tuple(headers.items()), _encoded(answer[1])),
            subject=step.subject,
            tag=step.tag,
            template=step.template,
            place=step.place,
            path=step.path,
            query=step.query,
            elapsed_ms=5.0,
        )
        self.exchanges.append(made)
        return made


def asked(
    intent: Intent,
    method: str,
    path: str = "/Users/u1",
    body: Any = None,
    *,
    answer: Answer = (204, None),
    query: str = "",
    tag: str = "",
    subject: str = "leaver",
) -> tuple[Step, Answer]:
    """One request of an IdP and the answer to it."""
    encoded = None if body is None else _encoded(body)
    step = Step("Asked", method, path, Effect.WRITE, intent, query=query, body=encoded, subject=subject, tag=tag)
    return step, answer


def operations(*each: Mapping[str, Any]) -> dict[str, Any]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(each)}


def deactivated(value: Any = False, *, answer: Answer = (204, None), **more: Any) -> tuple[Step, Answer]:
    """The deactivation by PATCH; ``more`` are further attributes in the same request."""
    each = [{"op": "replace", "path": name, "value": v} for name, v in {"active": value, **more}.items()]
    return asked(Intent.DEACTIVATE, "PATCH", body=operations(*each), answer=answer)


def reactivated(value: Any = True, *, answer: Answer = (204, None)) -> tuple[Step, Answer]:
    body = operations({"op": "replace", "path": "active", "value": value})
    return asked(Intent.REACTIVATE, "PATCH", body=body, answer=answer)


_UNSET: Any = object()


@pytest.fixture
def scene() -> Callable[..., Transcript]:
    """``scene(change, *requests, before=, after=, found=, listed=, hook=, attempt=, later=, bystander=, group=, ...)``.

    ``before``, ``after`` and ``later`` are resources (or an Answer) read by id, ``found`` and ``listed`` who is found
    by filter and in the list, ``hook`` the answer of the access hook, ``attempt`` the Answer to the sign-in afterwards,
    ``bystander`` a pair of resources. What is None was never asked. The part of the Change has the account "u1".
    """

    def make(
        change: Change,
        *requests: tuple[Step, Answer],
        before: Any = _UNSET,
        after: Any = _UNSET,
        found: Any = None,
        listed: Any = None,
        hook: Any = None,
        attempt: Answer | None = None,
        later: Any = None,
        bystander: tuple[Any, Any] | None = None,
        group: Any = None,
        scenario: str = "okta/oin/leaver",
        accounts: Mapping[str, str] | None = None,
        team: tuple[str, ...] = (),
    ) -> Transcript:
        built = Scenes(scenario)
        part = change.part
        if before is not None:
            _read(built, part, person() if before is _UNSET else before, Phase.BEFORE)
        if bystander is not None:
            _read(built, "bystander-1", bystander[0], Phase.BEFORE)
        for step, answer in requests:
            built.add(step, answer, Role.IDP, Phase.DURING, 0)
        if after is not None:
            _read(built, part, person(active=False) if after is _UNSET else after, Phase.AFTER)
        for intent, tag, answer in ((Intent.LOOKUP, "by-filter", found), (Intent.LIST, "in-list", listed)):
            if answer is not None:
                step = Step("Look", "GET", "/Users", Effect.READ, intent, subject=part, tag=tag)
                built.add(step, answer if isinstance(answer, tuple) else (200, answer), Role.WITNESS, Phase.AFTER, 0)
        if bystander is not None:
            _read(built, "bystander-1", bystander[1], Phase.AFTER)
        if group is not None:
            step = Step("Read", "GET", "/Groups/g1", Effect.READ, Intent.GROUP_READ, tag="group-by-id")
            built.add(step, (200, group), Role.WITNESS, Phase.AFTER, 0)
        _hooks(built, part, hook, attempt, later)
        ids = {part: "u1", "bystander-1": "u2"} if accounts is None else dict(accounts)
        cast = Cast(
            tuple(_member(name, i) for name, i in ids.items() if name), (Team("1" * 32, "Team", team),) if team else ()
        )
        names = (*scenario.split("/"), "", "")[:3]
        key = ScenarioKey(scenario, Kind.STORY, "A scene", *names)
        return Transcript(key, BASE, tuple(built.exchanges), (change,), cast)

    return make


def _read(built: Scenes, part: str, seen: Any, phase: Phase, tag: str = "by-id") -> None:
    answer = seen if isinstance(seen, tuple) else (200, seen)
    path = "/Users/u2" if part.startswith("bystander") else "/Users/u1"
    built.add(
        Step("Read", "GET", path, Effect.READ, Intent.READ, subject=part, tag=tag), answer, Role.WITNESS, phase, 0
    )


def _hooks(built: Scenes, part: str, hook: Any, attempt: Answer | None, later: Any) -> None:
    for name, intent, tag, answer in (
        ("access", Intent.ACCESS, "access", None if hook is None else (200, hook)),
        ("sign_in", Intent.SIGN_IN, "sign-in-again", attempt),
    ):
        if answer is not None:
            step = Step("Ask", "POST", f"/{name}", Effect.READ, intent, subject=part, tag=tag, place=Place.HOOK)
            built.add(step, answer, Role.WITNESS, Phase.AFTER, 0)
    if later is not None:
        _read(built, part, later, Phase.AFTER, "after-sign-in")


@pytest.fixture
def rehearsed() -> Callable[..., Transcript]:
    """``rehearsed("patching", {tag: answer})``: the probe's own requests with these answers, 404 for any other tag.

    An answer is ``(status, body)`` or ``(status, body, headers)``; a list of answers is handed out in order.
    """

    def make(name: str, answers: Mapping[str, Any]) -> Transcript:
        probe = all_probes()[name]
        given = {tag: iter(a) if isinstance(a, list) else None for tag, a in answers.items()}
        cast = Cast(tuple(_member(part.name, f"u{i + 1}") for i, part in enumerate(probe.parts)))
        built = Scenes(f"probe/{name}")
        steps = probe.run(cast)
        exchange: Any = None
        try:
            while True:
                step = steps.send(exchange)
                wanted = answers.get(step.tag, (404, error(404)))
                listed = given.get(step.tag)
                exchange = built.add(step, wanted if listed is None else next(listed), Role.PROBE)
        except StopIteration:
            pass
        return Transcript(
            ScenarioKey(f"probe/{name}", Kind.PROBE, "A rehearsal"), BASE, tuple(built.exchanges), (), cast
        )

    return make


def claims(family: str = "deprovisioning", *tolerances: str, refuses: str = "", supports: str = "") -> Profile:
    """A profile of this family with its usual claims; words in ``refuses`` and ``supports`` change single ones."""
    basic = {"read": Claim.SUPPORTED, "filter": Claim.SUPPORTED}
    life = dict.fromkeys(("deactivate", "reactivate", "replace"), Claim.SUPPORTED)
    rest = dict.fromkeys(("create", "update", "groups", "bulk", "me"), Claim.REFUSED)
    if family == "full":
        rest = dict.fromkeys(("create", "update", "groups", "delete"), Claim.SUPPORTED)
    changed = dict.fromkeys(refuses.split(), Claim.REFUSED) | dict.fromkeys(supports.split(), Claim.SUPPORTED)
    return Profile("hand-made", "Hand-made", family, basic | life | rest | changed, frozenset(tolerances))


@pytest.fixture
def made() -> SimpleNamespace:
    """The makers of this file by name: person, people, error, asked, deactivated, reactivated, operations, claims."""
    makers = (person, people, error, asked, deactivated, reactivated, operations, claims)
    return SimpleNamespace(**{maker.__name__: maker for maker in makers})


@pytest.fixture
def finds() -> Callable[..., list[Finding]]:
    """``finds(check, transcript, profile=...)``: what a check yields over all its subjects; it must have met one."""

    def ask(function: Callable[..., Any], transcript: Transcript, profile: Profile | None = None) -> list[Finding]:
        check = REGISTRY[f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"]
        subjects = [s for s in subjects_of(check.scope.value, transcript) if check.when(s)]
        assert subjects, f"{check.id} has nothing to look at"
        found = []
        for subject in subjects:
            for finding in check.judge(subject, profile=profile or claims(), transcript=transcript):
                found.append(
                    finding.placed(check=check.id, scenario="", requirement=check.requirements[0], exchange="x")
                )
        return found

    return ask


@pytest.fixture
def applies_to() -> Callable[..., bool]:
    """``applies_to(check, transcript)``: whether the check has anything to look at there."""

    def ask(function: Callable[..., Any], transcript: Transcript) -> bool:
        check = REGISTRY[f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"]
        return any(check.when(s) for s in subjects_of(check.scope.value, transcript))

    return ask


def subjects_of(scope: str, transcript: Transcript) -> tuple[Any, ...]:
    if scope == "transcript":
        return (transcript,)
    if scope == "moment":
        return transcript.moments
    return tuple(x for x in transcript.exchanges if x.answered and x.place is Place.SCIM and x.role is not Role.SETUP)
