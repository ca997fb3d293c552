"""One Okta app with provisioning on: whom it has linked, what it pushes, how it words a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import (
    AddMember,
    Assign,
    Change,
    Disable,
    Edit,
    Feature,
    HardDelete,
    Reassign,
    RemoveMember,
    RenameGroup,
    RenamePerson,
    Reorganise,
    SoftDelete,
    Suspend,
    Switch,
    TeamChange,
    TestConnection,
    TimePasses,
    Unassign,
    Unsuspend,
)
from harness.model.exchange import Exchange
from harness.model.idp import Variant
from harness.model.sequence import Sequence, Steps
from harness.model.step import SCIM_JSON, Intent, Step
from simulators.okta.mapping import empty, found_in, okta_profile, only
from simulators.okta.profile import TEMPLATE
from simulators.okta.setup import OIN, WRITTEN, Features, Setup
from simulators.okta.state import AppUser, PushedGroup, Task, Tasks, Work, known
from simulators.render import Address, collection, encoded, member_of, retry_after, step_to
from simulators.stories.consequences import after, regrouped


class Okta:
    """The app of one tenant. Remembers which person has which External ID; fresh for every scenario."""

    def __init__(self, variant: Variant, setup: Setup, sequences: tuple[Sequence, ...]) -> None:
        self.variant = variant
        self.setup = setup.fitting(variant)
        self.tasks = Tasks()
        self.groups_seen: dict[str, str] = {}
        """Name to id of the groups that an import has shown."""
        self.pushes: dict[str, PushedGroup] = {}
        self._mapping = setup.mapping
        self._sequences = sequences
        self._people: dict[str, AppUser] = {}

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield what Okta sends when this happens; nothing at all when it sends nothing."""
        if change.part and change.part not in cast:
            return
        self._note(change, cast)
        if not self.features.provisioning and not isinstance(change, TestConnection):
            self._note_unprovisioned(change, cast)
            return
        for reaction in self._sequences:
            if type(change) in reaction.on:
                yield from reaction(self, change, cast)

    def _note(self, change: Change, cast: Cast) -> None:
        """Let the change happen in Okta's own directory and settings."""
        match change:
            case Switch(feature=Feature.MAP_EVERYTHING, on=on):
                self.setup = replace(self.setup, mapping=TEMPLATE if on else self._mapping)
            case Switch(feature=feature, on=on):
                features = self.features.switched(feature.replace("-", "_"), on)
                self.setup = replace(self.setup, features=features)
            case TimePasses(minutes=minutes):
                self.tasks.clock += minutes
            case Edit() | RenamePerson():
                self._edit(self.user(cast[change.part]), change)
            case Suspend() | Unsuspend() | Reassign():
                self.user(cast[change.part]).suspended = isinstance(change, Suspend)
            case RenameGroup() | AddMember() | RemoveMember() | Reorganise():
                push = self.push(change, cast)
                if push is not None:
                    push.team = regrouped(push.team, change)

    def _note_unprovisioned(self, change: Change, cast: Cast) -> None:
        """Assignments come and go without a word to the service; who was assigned waits for Provision User."""
        match change:
            case Assign() | Reassign():
                self.tasks.put_off(Task(Work.PROVISION, change.part), None)
            case Unassign() | Disable() | SoftDelete() | HardDelete():
                self.user(cast[change.part]).drop()
                self.tasks.forget(change.part, *Work)

    def _edit(self, user: AppUser, change: Change) -> None:
        mapping = self.setup.mapping
        old = dict(mapping.values(okta_profile(user.person), creating=False))
        user.person = after(user.person, change)
        new = dict(mapping.values(okta_profile(user.person), creating=False))
        user.edited = user.edited or old != new
        user.cleared |= {place for place, value in old.items() if not empty(value) and empty(new[place])}

    # What the app knows.

    @property
    def features(self) -> Features:
        return self.setup.features

    @property
    def patches(self) -> bool:
        """Whether this app type changes ``active`` by PATCH. Okta decides it per app and never asks the service."""
        return self.variant is OIN and not self.setup.put_users

    @property
    def patches_groups(self) -> bool:
        return self.variant is OIN

    @property
    def imports_groups(self) -> bool:
        chosen = self.features.import_groups
        return self.variant is OIN if chosen is None else chosen

    def user(self, member: Member) -> AppUser:
        return known(self._people, member)

    def reaches(self, user: AppUser) -> bool:
        """Whether what happens to a person is sent at all: linked, and active in Okta."""
        return bool(user.external_id) and not (user.suspended and self.setup.freeze_suspended)

    def push(self, change: TeamChange, cast: Cast) -> PushedGroup | None:
        """The team that a Change is about, as it is now; None when the story has none."""
        team = cast.team_of(change)
        return None if team is None else self.pushes.setdefault(team.role, PushedGroup(team))

    def user_name(self, user: AppUser) -> str:
        """What the app compares with ``userName``."""
        return self.setup.mapping.user_name(okta_profile(user.person))

    def found(self, search: Exchange) -> list[dict[str, Any]] | None:
        return found_in(search, strict_counts=self.setup.strict_counts)

    def settle(self, task: Task, failed: Exchange | None) -> None:
        """Remember how work ended. What was answered with 429 and Retry-After is come back to without a click."""
        if failed is None:
            self.tasks.settle(task)
        else:
            seconds = retry_after(failed) if failed.status == 429 else None
            self.tasks.put_off(task, None if seconds is None else seconds / 60)

    # How the app words a request.

    def only(self, attribute: str, value: str) -> str:
        return only(attribute, value, plus=self.setup.plus_for_blanks)

    def get(self, address: Address, intent: Intent, title: str, query: str = "", tag: str = "") -> Step:
        return self._step("GET", address, intent, title, query=query, tag=tag)

    def post(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("POST", address, intent, title, body=encoded(body))

    def put(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("PUT", address, intent, title, body=encoded(body))

    def patch(self, address: Address, intent: Intent, title: str, body: Any) -> Step:
        return self._step("PATCH", address, intent, title, body=encoded(body))

    def delete(self, address: Address, intent: Intent, title: str) -> Step:
        return self._step("DELETE", address, intent, title)

    def users(self, member: Member | None = None) -> Address:
        return collection("Users", member.part if member else "")

    def user_at(self, member: Member, external_id: str) -> Address:
        return member_of("Users", external_id, member.part)

    def groups(self) -> Address:
        return collection("Groups")

    def group(self, push: PushedGroup, part: str = "") -> Address:
        return member_of("Groups", push.group_id, part)

    def _step(
        self,
        method: str,
        address: Address,
        intent: Intent,
        title: str,
        *,
        query: str = "",
        tag: str = "",
        body: bytes | None = None,
    ) -> Step:
        headers = self._headers(method)
        if self.setup.trailing_slash:
            address = replace(address, path=f"/{address.path}")
        return step_to(method, address, intent, title, headers, query=query, tag=tag, body=body)

    def _headers(self, method: str) -> tuple[tuple[str, str], ...]:
        # The order of the 2018 capture. DELETE names a media type although it has no body; GET does not.
        content_type = () if method == "GET" else (("Content-Type", f"{SCIM_JSON}; charset=utf-8"),)
        return (
            ("Accept", SCIM_JSON),
            ("Accept-Charset", "utf-8"),
            *content_type,
            ("User-Agent", "Okta SCIM Client 1.0.0"),
            ("Authorization", WRITTEN[self.setup.authorization]),
            ("Connection", "Keep-Alive"),
            ("Accept-Encoding", "gzip,deflate"),
        )
