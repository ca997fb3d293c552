"""The Witness: reads around each Change, made by the harness itself and never looking like an IdP."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast, Member
from harness.model.change import (
    ENDS_ACCESS,
    IMPERSONAL,
    RESTORES_ACCESS,
    SWEEPS,
    Change,
    TeamChange,
)
from harness.model.exchange import Exchange
from harness.model.person import Team
from harness.model.sequence import Steps
from harness.model.step import SCIM_JSON, TOKEN, Effect, Intent, Place, Step, compact_json

HEADERS = (
    ("User-Agent", "scimulator-witness"),
    ("Accept", SCIM_JSON),
    ("Authorization", f"Bearer {TOKEN}"),
)
PAGE = 100
ENDED = ("ended", "none")
"""What the access hook says of a session or a token that gives no access: it has ended, or there never was one."""
PAUSES = (1, 1, 3, 5, 10, 10, 30, 60, 60, 60, 60)
"""Seconds between two questions whether access has ended; five minutes in all."""
PAGES = 3
"""How far the list is read in search of a person: a target may hold a hundred thousand."""


class Witness:
    """Asks for state before and after each Change.

    ``hooks`` are the names of the hooks that the target has; ``patience_s`` is for how many seconds it goes on asking
    whether access has ended.
    """

    def __init__(self, hooks: frozenset[str] = frozenset(), patience_s: float = 0.0) -> None:
        self._hooks = hooks
        self._patience_s = patience_s

    def before(self, change: Change, cast: Cast, seen: frozenset[str] = frozenset()) -> Steps:
        """Read the person and the bystanders as they stand, but not those whom it has just ``seen``."""
        if isinstance(change, IMPERSONAL):
            return
        for member in (*self._concerned(change, cast), *self._bystanders(change, cast)):
            if member.part not in seen:
                yield from _read(member, "before")

    def after(self, change: Change, cast: Cast, ended_by_idp: frozenset[str] = frozenset()) -> Steps:
        """Read again, in every way an IdP could look, and ask whether access has really ended.

        ``ended_by_idp`` are the parts whose access the IdP has just asked to end: only theirs is worth waiting for.
        """
        if isinstance(change, IMPERSONAL):
            return
        turning = isinstance(change, (*ENDS_ACCESS, *RESTORES_ACCESS))
        gone_by = False
        for member in self._concerned(change, cast):
            seen = yield from _read(member, "after")
            gone_by = gone_by or _goes_by_another_name(member, seen)
            if turning or member.account is None:
                yield find(member.person.user_name, member.part)
            if turning and member.account is not None:
                yield from _list(member)
        for member in self._bystanders(change, cast):
            yield from _read(member, "after")
        if isinstance(change, TeamChange):
            yield from _group(cast.team_of(change))
        ended = isinstance(change, ENDS_ACCESS) and change.part in cast and cast[change.part].account is not None
        # With a name that the IdP has freed it would be somebody new who signs in.
        if ended and not gone_by:
            yield from self._access(cast[change.part], patient=change.part in ended_by_idp)
        back = isinstance(change, RESTORES_ACCESS) and change.part in cast and cast[change.part].account is not None
        if back and not gone_by:
            yield from self._return(cast[change.part])

    @staticmethod
    def _bystanders(change: Change, cast: Cast) -> Iterator[Member]:
        """Who must stay as they are: everybody else, or the one whom this very Change is about."""
        for member in cast.bystanders:
            if not change.part.startswith("bystander") or member.part == change.part:
                yield member

    @staticmethod
    def _concerned(change: Change, cast: Cast) -> Iterator[Member]:
        if change.part and change.part in cast and not change.part.startswith("bystander"):
            yield cast[change.part]
        elif isinstance(change, SWEEPS):
            yield from (member for member in cast if not member.part.startswith("bystander"))
        elif isinstance(change, TeamChange):
            team = cast.team_of(change)
            yield from (cast[part] for part in (team.members if team else ()) if not part.startswith("bystander"))

    def _access(self, member: Member, *, patient: bool = True) -> Steps:
        person = member.person
        if "access" in self._hooks:
            answer: Exchange = yield ask_access(member, f"Ask whether {person.user_name} still has access", "access")
            waited = 0
            for pause in PAUSES:
                waited += pause
                if not patient or waited > self._patience_s or not answer.ok or not lives(answer.json):
                    break
                title = f"Ask again after {waited} s whether {person.user_name} still has access"
                answer = yield ask_access(member, title, "access-later", pause)
        if "sign_in" in self._hooks:
            yield sign_in(member, tag="sign-in-again", title=f"{person.user_name} tries to sign in again")
            if member.account is not None:
                yield read(
                    member.account.id, member.part, "Read the person after the attempt to sign in", "after-sign-in"
                )

    def _return(self, member: Member) -> Steps:
        """Whoever is back can sign in again, and what they had before has stayed ended."""
        name = member.person.user_name
        if "access" in self._hooks:
            yield ask_access(member, f"Ask whether an old session of {name} is alive again", "access-back")
        if "sign_in" in self._hooks:
            yield sign_in(member, tag="sign-in-back", title=f"{name} signs in again")


def lives(told: Any) -> bool:
    """Whether an answer of the access hook says that any kind of access still works."""
    kinds = {k: v for k, v in told.items() if k != "userName"} if isinstance(told, dict) else {}
    return any(isinstance(state, str) and state not in ENDED for state in kinds.values())


def ask_access(member: Member, title: str, tag: str, pause_s: float = 0.0) -> Step:
    step = _hook("access", {"userName": member.person.user_name}, title, member.part, tag=tag)
    return replace(step, pause_s=pause_s) if pause_s else step


def _read(member: Member, when: str) -> Generator[Step, Exchange, Exchange | None]:
    if member.account is None:
        return None
    who = "a bystander" if member.part.startswith("bystander") else "the person"
    seen: Exchange = yield read(member.account.id, member.part, f"Read {who} by id, {when} the change", "by-id")
    return seen


def _goes_by_another_name(member: Member, seen: Exchange | None) -> bool:
    name = seen.resource.get("userName") if seen is not None else None
    return isinstance(name, str) and name.casefold() != member.person.user_name.casefold()


def read(resource_id: str, subject: str, title: str, tag: str) -> Step:
    """Read one person by the service's id."""
    return Step(
        title=title,
        method="GET",
        path=f"/Users/{quote(resource_id, safe='')}",
        template="/Users/{id}",
        headers=HEADERS,
        effect=Effect.READ,
        intent=Intent.READ,
        subject=subject,
        tag=tag,
    )


def find(
    user_name: str, subject: str, *, title: str = "Look the person up by user name", tag: str = "by-filter"
) -> Step:
    """Look one person up by user name, as every known client does."""
    return Step(
        title=title,
        method="GET",
        path="/Users",
        query=urlencode({"filter": f'userName eq "{user_name}"'}, quote_via=quote),
        template="/Users?filter",
        headers=HEADERS,
        effect=Effect.READ,
        intent=Intent.LOOKUP,
        subject=subject,
        tag=tag,
    )


def _list(member: Member) -> Steps:
    assert member.account is not None
    for page in range(PAGES):
        answer: Exchange = yield Step(
            title="Look for the person in the list of all people",
            method="GET",
            path="/Users",
            query=urlencode({"startIndex": page * PAGE + 1, "count": PAGE}),
            template="/Users?startIndex&count",
            headers=HEADERS,
            effect=Effect.READ,
            intent=Intent.LIST,
            subject=member.part,
            tag="in-list",
        )
        resources = answer.resources
        total = answer.json.get("totalResults") if isinstance(answer.json, dict) else None
        if any(r.get("id") == member.account.id for r in resources) or not resources:
            return
        if not isinstance(total, int) or total <= page * PAGE + len(resources):
            return


def _group(team: Team | None) -> Steps:
    if team is None:
        return
    answer: Exchange = yield Step(
        title="Look the pushed group up by name",
        method="GET",
        path="/Groups",
        query=urlencode({"filter": f'displayName eq "{team.name}"'}, quote_via=quote),
        template="/Groups?filter",
        headers=HEADERS,
        effect=Effect.READ,
        intent=Intent.GROUP_LOOKUP,
        tag="group-by-name",
    )
    for group in answer.resources[:1]:
        if isinstance(group.get("id"), str):
            yield Step(
                title="Read the pushed group by id",
                method="GET",
                path=f"/Groups/{quote(group['id'], safe='')}",
                template="/Groups/{id}",
                headers=HEADERS,
                effect=Effect.READ,
                intent=Intent.GROUP_READ,
                tag="group-by-id",
            )


def sign_in(member: Member, *, tag: str, title: str, readmit: bool = False) -> Step:
    """The hook call that stands for "this person signed in by SSO".

    ``readmit`` asks the product to let the person in again if an earlier rehearsal has left them inactive.
    """
    person = member.person
    body: dict[str, str | bool] = {
        "userName": person.user_name,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "email": person.email,
    }
    if readmit:
        body["readmit"] = True
    return _hook("sign_in", body, title, member.part, intent=Intent.SIGN_IN, tag=tag, effect=Effect.WRITE)


def _hook(
    name: str,
    body: Mapping[str, str | bool],
    title: str,
    subject: str,
    *,
    intent: Intent = Intent.ACCESS,
    tag: str = "access",
    effect: Effect = Effect.READ,
) -> Step:
    return Step(
        title=title,
        method="POST",
        path=f"/{name}",
        template=f"hook {name}",
        headers=(
            ("User-Agent", "scimulator-witness"),
            ("Authorization", f"Bearer {TOKEN}"),
            ("Content-Type", "application/json"),
        ),
        body=compact_json(body),
        effect=effect,
        intent=intent,
        subject=subject,
        tag=tag,
        place=Place.HOOK,
    )
