"""Transcripts as tests: drive an IdP by hand, one request and one answer at a time.

``play.when(Assign("leaver")) >> "GET /Users" << answers.users(ada)`` says: after this change the IdP sends a GET to
/Users, and is answered with a list that holds Ada. ``>>`` fails when another request is waiting, ``<<`` hands the
answer over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Change
from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.idp import IdP, Vendor
from harness.model.person import Person, Team
from harness.model.scenario import Kind, ScenarioKey
from harness.model.sequence import Steps
from harness.model.step import ERROR, LIST_RESPONSE, USER, Step
from harness.model.story import Group
from harness.model.transcript import Transcript

BASE = "https://scim.app.example/scim/v2"

ADA = Person(
    directory_id="0123456789abcdef0123456789abcdef",
    user_name="ada@example.example",
    given_name="Ada",
    family_name="Hopper",
    email="ada@example.example",
)
GRACE = replace(ADA, directory_id="f" * 32, user_name="grace@example.example", given_name="Grace")
LINUS = replace(ADA, directory_id="e" * 32, user_name="linus@example.example", given_name="Linus")

Answer = Response | Trouble


class Answers:
    """What a service may answer."""

    no_content = Response(204)

    def json(self, body: Any, status: int = 200) -> Response:
        return Response(status, body=json.dumps(body).encode(), headers=(("Content-Type", "application/scim+json"),))

    def raw(self, body: bytes, status: int = 200) -> Response:
        return Response(status, body=body)

    def user(self, user_id: Any = "u-1001", *, person: Person = ADA, active: Any = True, **more: Any) -> dict[str, Any]:
        return {"schemas": [USER], "id": user_id, "userName": person.user_name, "active": active, **more}

    def one(self, resource: dict[str, Any], status: int = 200) -> Response:
        return self.json(resource, status)

    def users(self, *resources: dict[str, Any], **more: Any) -> Response:
        listing = {
            "schemas": [LIST_RESPONSE],
            "totalResults": len(resources),
            "startIndex": 1,
            "itemsPerPage": len(resources),
            "Resources": list(resources),
        }
        return self.json(listing | more)

    def error(self, status: int, detail: str = "not possible here") -> Response:
        return self.json({"schemas": [ERROR], "status": str(status), "detail": detail}, status)

    def trouble(self, kind: TroubleKind = TroubleKind.TIMEOUT) -> Trouble:
        return Trouble(kind, f"{kind.value} on the way")


@dataclass
class Play:
    """One IdP at work. ``steps`` are the requests of all changes so far, ``sent`` those that were answered."""

    idp: IdP
    cast: Cast
    vendor: Vendor | None = None
    variant: str = ""
    changes: list[Change] = field(default_factory=list)
    sent: list[Exchange] = field(default_factory=list)
    waiting: Step | None = None
    _running: Steps | None = None

    def when(self, change: Change) -> Play:
        """The administrator does this. Fails when the IdP still wanted to send something after the last change."""
        self.is_done()
        self.changes.append(change)
        self._running = self.idp.react(change, self.cast)
        self.waiting = next(self._running, None)
        return self

    def __rshift__(self, request: str) -> Play:
        assert self.waiting is not None, f"expected {request}, but nothing was sent"
        assert f"{self.waiting.method} {self.waiting.template}" == request, self.waiting
        return self

    def __lshift__(self, answer: Answer) -> Play:
        assert self.waiting is not None, "there is no request to answer"
        assert self._running is not None
        exchange = self._exchange(self.waiting, answer)
        self.sent.append(exchange)
        try:
            self.waiting = self._running.send(exchange)
        except StopIteration:
            self.waiting = None
        return self

    def is_done(self) -> None:
        assert self.waiting is None, f"{self.waiting.method} {self.waiting.path} was not expected"

    def answering(self, answer: Any, limit: int = 50) -> list[str]:
        """Answer every request of this change the same way (or by a function); returns what was asked."""
        asked: list[str] = []
        while self.waiting is not None:
            asked.append(f"{self.waiting.method} {self.waiting.template}")
            assert len(asked) <= limit, f"still sending after {limit} requests: {asked[-3:]}"
            self << (answer(self.waiting) if callable(answer) else answer)
        return asked

    @property
    def step(self) -> Step:
        """The request that waits for an answer."""
        assert self.waiting is not None, "nothing was sent"
        return self.waiting

    @property
    def body(self) -> Any:
        assert self.step.body is not None, "the request has no body"
        return json.loads(self.step.body)

    def transcript(self) -> Transcript:
        name = self.vendor.name if self.vendor else "idp"
        key = ScenarioKey(f"{name}/{self.variant}/test", Kind.STORY, "test", idp=name, variant=self.variant)
        return Transcript(key, BASE, tuple(self.sent), tuple(self.changes), self.cast)

    @property
    def notices(self) -> list[tuple[str, str, str]]:
        """What the administrator sees: status, code, text."""
        assert self.vendor is not None
        return [(n.status, n.code, n.text) for n in self.vendor.outlook(self.transcript()).notices]

    def _exchange(self, step: Step, answer: Answer) -> Exchange:
        url = BASE + step.path + (f"?{step.query}" if step.query else "")
        number = len(self.sent) + 1
        return Exchange(
            id=f"x-{number}",
            scenario="test",
            ordinal=number,
            role=Role.IDP,
            phase=Phase.DURING,
            moment=len(self.changes) - 1,
            title=step.title,
            intent=step.intent,
            effect=step.effect,
            request=Request(step.method, url, step.headers, step.body),
            response=answer if isinstance(answer, Response) else None,
            trouble=answer if isinstance(answer, Trouble) else None,
            subject=step.subject,
            tag=step.tag,
            template=step.template,
            path=step.path,
            query=step.query,
        )


class Service:
    """A service in a few lines: people who may be found and switched off; nothing can be created, groups are unknown.

    With ``full`` it creates people and groups, too.
    """

    def __init__(self, answers: Answers, cast: Cast, *, inactive: tuple[str, ...] = (), full: bool = False) -> None:
        self.answers = answers
        self.full = full
        self.group: dict[str, Any] = {"id": "g-1", "displayName": "T"}
        self.users = {
            m.account.id: answers.user(m.account.id, person=m.person, active=m.part not in inactive)
            for m in cast
            if m.account
        }

    def __call__(self, step: Step) -> Response:
        collection, _, user_id = step.path.strip("/").partition("/")
        body: Any = json.loads(step.body) if step.body else None
        if collection == "Groups":
            return self._groups(step, body)
        if step.method == "POST":
            if not self.full:
                return self.answers.error(405, "people are created by their first sign-in")
            self.users["u-new"] = body | {"id": "u-new"}
            return self.answers.one(self.users["u-new"], 201)
        if not user_id:
            name = step.query.partition("%22")[2].partition("%22")[0].replace("%40", "@")
            found = [u for u in self.users.values() if u["userName"] == name]
            return self.answers.users(*(found if "filter=" in step.query else list(self.users.values())[:2]))
        if user_id not in self.users:
            return self.answers.error(404)
        user = self.users[user_id]
        if step.method == "PUT":
            user["active"] = body["active"]
        elif step.method == "PATCH":
            self._patch(user, body)
        elif step.method == "DELETE":
            del self.users[user_id]
            return self.answers.no_content
        return self.answers.one(user)

    def _patch(self, user: dict[str, Any], body: Any) -> None:
        for operation in body["Operations"]:
            changes = {operation["path"]: operation.get("value")} if "path" in operation else operation["value"]
            for name, value in changes.items():
                user[name] = str(value) == "True" if name == "active" else value

    def _groups(self, step: Step, body: Any) -> Response:
        if not self.full:
            return self.answers.error(404, "groups are managed in the app")
        if step.method == "POST":
            self.group = body | {"id": "g-1"}
            return self.answers.one(self.group, 201)
        if step.path == "/Groups":
            return self.answers.users()
        return self.answers.no_content if step.method != "GET" else self.answers.one(self.group)


def cast_of(*parts: str, teams: tuple[Group, ...] = (), unknown: tuple[str, ...] = ()) -> Cast:
    people = {"bystander-1": GRACE, "bystander-2": LINUS}
    members = tuple(
        Member(
            part,
            people.get(part, ADA),
            None if part in unknown else Account(people.get(part, ADA).user_name, f"u-{1001 + i}", Source.JIT),
        )
        for i, part in enumerate(parts)
    )
    return Cast(members, tuple(Team(c * 32, "Sales", g.members, g.role) for c, g in zip("dc", teams, strict=False)))


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def cast() -> Cast:
    """Ada leaves; Grace and Linus are in her team."""
    parts = ("leaver", "bystander-1", "bystander-2")
    return cast_of(*parts, teams=(Group(parts),))


@pytest.fixture
def casting() -> Any:
    """``casting(story)``: the cast that a story asks for."""

    def casting(story: Any) -> Cast:
        unknown = tuple(p.name for p in story.parts if p.presence == "unknown")
        return cast_of(*(p.name for p in story.parts), teams=story.teams, unknown=unknown)

    return casting


@pytest.fixture
def service(answers: Answers) -> Any:
    """``service(cast)``: a small service that deactivates; ``service(cast, full=True)`` one that creates as well."""

    def service(cast: Cast, **options: Any) -> Service:
        return Service(answers, cast, **options)

    return service


@pytest.fixture
def ada() -> Person:
    return ADA


@pytest.fixture
def playing() -> type[Play]:
    """``playing(idp, cast)``; with ``vendor=`` and ``variant=`` it can tell the notices as well."""
    return Play
