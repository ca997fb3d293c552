"""Casting: finds or makes the account of each part before a scenario, and puts things back after it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from harness.directory import Directory
from harness.ledger import Ledger
from harness.model.account import Account, Cast, Member, Source
from harness.model.change import SignIn
from harness.model.exchange import Exchange
from harness.model.person import Person
from harness.model.scenario import Scenario
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, USER, Effect, Intent, Step, compact_json
from harness.model.story import Part, Presence
from harness.witness import HEADERS, find, read, sign_in

_CastSteps = Generator[Step, Exchange, Cast]
_MemberSteps = Generator[Step, Exchange, Member]
_MaybeMemberSteps = Generator[Step, Exchange, Member | None]

WRITE_HEADERS = (*HEADERS, ("Content-Type", "application/scim+json"))


class NotCast(Exception):
    """A part could not be filled. ``ours`` tells whether the set-up itself broke (an error) or accounts are missing."""

    def __init__(self, reason: str, *, broke: bool) -> None:
        super().__init__(reason)
        self.broke = broke
        self.members: tuple[Member, ...] = ()
        """Who had been cast by then, and has to be put back."""


@dataclass
class Casting:
    """Fills the parts of scenarios from one source of accounts.

    ``listed`` are user names that the operator named as disposable; they are handed out in order and each is used by
    one scenario at a time. ``cast`` and ``strike`` are generators of Steps like sequences; ``cast`` returns the Cast.
    ``remember`` writes down on disk how a listed person is, before anything can change them.
    """

    directory: Directory
    source: Source
    listed: tuple[str, ...] = ()
    permit: Callable[[str], None] = lambda _resource_id: None
    remember: Callable[[str, dict[str, Any]], Ledger] | None = None
    originals: dict[str, dict[str, Any]] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def cast(self, scenario: Scenario) -> _CastSteps:
        """Yield the set-up Steps of a scenario; the generator's return value is its Cast. Raises NotCast."""
        members: list[Member] = []
        story = scenario.story
        if self.source is Source.LISTED and story is not None and any(isinstance(c, SignIn) for c in story.changes):
            raise NotCast("listed accounts exist already, so nobody can sign in for the first time", broke=False)
        try:
            for position, part in enumerate(scenario.parts):
                member = yield from self._member(part, self.directory.person(scenario.id, part.name), position)
                if member is not None:
                    members.append(member)
        except NotCast as error:
            error.members = tuple(members)
            raise
        present = tuple(m.part for m in members)
        teams = (
            self.directory.team(scenario.id, group.role, tuple(p for p in group.members if p in present))
            for group in (story.teams if story is not None else ())
        )
        return Cast(tuple(members), tuple(teams))

    def admit(self, cast: Cast, part: str, moment: int) -> _CastSteps:
        """Somebody signs in during a story. Whoever had no account has one afterwards. Raises NotCast."""
        member = cast[part]
        if member.account is not None:
            yield sign_in(member, tag="in-story", title=f"{member.person.user_name} signs in by SSO")
            return cast
        made = self._found_or_created if self.source is Source.SCIM else self._sign_in
        admitted = yield from made(Part(part), member.person)
        assert admitted.account is not None
        self.permit(admitted.account.id)
        admitted = replace(admitted, account=replace(admitted.account, since=moment))
        return replace(cast, members=tuple(admitted if m.part == part else m for m in cast.members))

    def _found_or_created(self, part: Part, person: Person) -> _MemberSteps:
        """Without a sign-in there is only SCIM to make people by, and an IdP of the story may have done so already."""
        answer: Exchange = yield find(person.user_name, part.name, tag="casting")
        resource = _named(answer, person.user_name)
        if resource is None:
            return (yield from self._create(part, person))
        return Member(part.name, person, Account(person.user_name, resource["id"], Source.SCIM))

    def strike(self, members: tuple[Member, ...], created: tuple[str, ...]) -> Steps:
        """Put things back: listed accounts as they were, what this run created (paths) away. JIT people stay."""
        for member in members:
            if member.account is not None and member.account.source is Source.LISTED:
                yield from self._restore(member)
        for path in created:
            yield Step(
                title="Take away what this run created",
                method="DELETE",
                path=path,
                template=path.rpartition("/")[0] + "/{id}",
                headers=HEADERS,
                effect=Effect.DELETE,
                intent=Intent.DELETE,
                tag="strike",
            )

    def _member(self, part: Part, person: Person, position: int) -> _MaybeMemberSteps:
        if part.presence is Presence.UNKNOWN:
            return Member(part.name, person)
        member: Member | None
        if self.source is Source.LISTED:
            member = yield from self._listed(part, person, position)
        elif self.source is Source.SCIM:
            member = yield from self._create(part, person)
        else:
            member = yield from self._sign_in(part, person)
        if member is None or member.account is None:
            return None
        self.permit(member.account.id)
        if part.presence is Presence.INACTIVE:
            yield from self._deactivate(member)
        return member

    def _restore(self, member: Member) -> Steps:
        assert member.account is not None
        original = self.originals.get(member.account.id, {})
        now: Exchange = yield read(
            member.account.id, member.part, "Read the listed person after the rehearsal", "restore"
        )
        apart = _apart(now.resource, original)
        if now.resource and apart:
            operations = [{"op": "replace", "path": name, "value": original.get(name)} for name in apart]
            body = {"schemas": [PATCH_OP], "Operations": operations}
            now = yield _write(member.account.id, body, "Put the listed person back", member.part)
            if now.ok and not now.resource:
                title = "Read whether the listed person is back"
                now = yield read(member.account.id, member.part, title, "restore")
        ledger = self.ledgers.get(member.account.id)
        if ledger is not None and now.ok and now.resource and not _apart(now.resource, original):
            ledger.close()

    def _sign_in(self, part: Part, person: Person) -> _MemberSteps:
        title = f"{person.user_name} signs in by SSO for the first time"
        answer: Exchange = yield sign_in(Member(part.name, person), tag="casting", title=title, readmit=True)
        if not answer.ok:
            raise NotCast(f"the sign-in hook could not make {person.user_name}: {describe(answer)}", broke=True)
        resource_id = answer.json.get("id") if isinstance(answer.json, dict) else None
        if not isinstance(resource_id, str) or not resource_id:
            found: Exchange = yield find(person.user_name, part.name, tag="casting")
            resource_id = next((r.get("id") for r in found.resources if _is(r, person.user_name)), None)
        if not isinstance(resource_id, str) or not resource_id:
            raise NotCast(f"{person.user_name} signed in, but neither the hook nor SCIM tells an id", broke=True)
        return Member(part.name, person, Account(person.user_name, resource_id, Source.JIT))

    def _create(self, part: Part, person: Person) -> _MemberSteps:
        body = {
            "schemas": [USER],
            "userName": person.user_name,
            # Some services publish the whole name as required.
            "name": {
                "formatted": person.display_name,
                "givenName": person.given_name,
                "familyName": person.family_name,
            },
            "displayName": person.display_name,
            "emails": [{"value": person.email, "type": "work", "primary": True}],
            "active": True,
        }
        answer: Exchange = yield _creation(part, person, body)
        if answer.status == 400:
            # A service may refuse what its schema does not hold: once more with what hardly any leaves out.
            lean = {k: v for k, v in body.items() if k != "displayName"} | {"emails": [{"value": person.email}]}
            answer = yield _creation(part, person, lean)
        resource_id = answer.resource.get("id")
        if not answer.ok or not isinstance(resource_id, str) or not resource_id:
            raise NotCast(f"POST /Users did not make {person.user_name}: {describe(answer)}", broke=True)
        return Member(part.name, person, Account(person.user_name, resource_id, Source.SCIM))

    def _listed(self, part: Part, person: Person, position: int) -> _MaybeMemberSteps:
        if position >= len(self.listed):
            if part.name.startswith("bystander"):
                return None
            raise NotCast(
                f"no account for the part of the {part.name}: name disposable people with --account USERNAME",
                broke=False,
            )
        user_name = self.listed[position]
        answer: Exchange = yield find(user_name, part.name, tag="casting")
        resource = _named(answer, user_name)
        if resource is None:
            raise NotCast(f"the account {user_name!r} was not found at the target: {describe(answer)}", broke=False)
        account = Account(user_name, resource["id"], Source.LISTED)
        if self.remember is not None and account.id not in self.ledgers:
            self.ledgers[account.id] = self.remember(user_name, resource)
            self.originals[account.id] = self.ledgers[account.id].before
        self.originals.setdefault(account.id, resource)
        return Member(part.name, _as_listed(person, resource, user_name), account)

    @staticmethod
    def _deactivate(member: Member) -> Steps:
        assert member.account is not None
        body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
        written: Exchange = yield _write(member.account.id, body, "Deactivate the person beforehand", member.part)
        now: Exchange = yield read(member.account.id, member.part, "Check that the person is inactive", "casting")
        if now.resource.get("active") is not False:
            why = describe(now)
            if not written.ok:
                why = describe(written)
            elif now.ok:
                why = f"the service answered {describe(written)} and still shows the person as active"
            raise NotCast(f"{member.person.user_name} could not be deactivated beforehand: {why}", broke=False)


def describe(exchange: Exchange) -> str:
    """One line about an answer, for messages."""
    if exchange.trouble is not None:
        return exchange.trouble.message
    detail = exchange.json.get("detail") if isinstance(exchange.json, dict) else None
    return f"HTTP {exchange.status}" + (f", {detail}" if isinstance(detail, str) else "")


def _apart(now: dict[str, Any], original: dict[str, Any]) -> list[str]:
    """What of somebody is put back, and is not as it was."""
    return [name for name in ("active", "externalId") if now.get(name) != original.get(name)]


def _creation(part: Part, person: Person, body: dict[str, Any]) -> Step:
    return Step(
        title=f"Create {person.user_name} for the rehearsal",
        method="POST",
        path="/Users",
        template="/Users",
        headers=WRITE_HEADERS,
        body=compact_json(body),
        effect=Effect.WRITE,
        intent=Intent.CREATE,
        subject=part.name,
        tag="casting",
    )


def _write(resource_id: str, body: object, title: str, subject: str) -> Step:
    return Step(
        title=title,
        method="PATCH",
        path=f"/Users/{quote(resource_id, safe='')}",
        template="/Users/{id}",
        headers=WRITE_HEADERS,
        body=compact_json(body),
        effect=Effect.WRITE,
        intent=Intent.UPDATE,
        subject=subject,
        tag="casting",
    )


def _is(resource: dict[str, Any], user_name: str) -> bool:
    value = resource.get("userName")
    return isinstance(value, str) and value.casefold() == user_name.casefold()


def _named(answer: Exchange, user_name: str) -> dict[str, Any] | None:
    """The resource in the answer to a lookup that really has this user name, and an id."""
    for resource in answer.resources:
        if _is(resource, user_name) and isinstance(resource.get("id"), str):
            return resource
    return None


def _as_listed(person: Person, resource: dict[str, Any], user_name: str) -> Person:
    name = resource.get("name")
    name = name if isinstance(name, dict) else {}
    given, family = name.get("givenName"), name.get("familyName")
    return Person(
        directory_id=person.directory_id,
        user_name=user_name,
        given_name=given if isinstance(given, str) else person.given_name,
        family_name=family if isinstance(family, str) else person.family_name,
        email=user_name if "@" in user_name else person.email,
        title=person.title,
        department=person.department,
    )
