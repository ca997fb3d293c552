"""One Okta app with provisioning on: what its administrator ticked, whom it has linked, how it words a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.model.account import Cast, Member
from harness.model.change import Change
from harness.model.idp import Variant
from harness.model.person import Person, Team
from harness.model.sequence import Sequence, Steps
from harness.model.step import SCIM_JSON, TOKEN, Intent, Step
from simulators.render import Address, collection, encoded, member_of, step_to
from simulators.stories.consequences import promoted

OIN = Variant("oin", "Okta app from the catalogue (SCIM 2.0 template): deactivates with PATCH")
AIW = Variant("aiw", "Okta app from the App Integration Wizard: reads the user and writes it back with PUT")
VARIANTS = (OIN, AIW)


@dataclass(frozen=True)
class Features:
    """The boxes on the Provisioning tab. The defaults are those of a service that is there to deactivate people.

    ``create`` stays on, since lookup and link belong to it in Okta's own guide. ``import_groups`` None means: as usual
    for the app type (on for a catalogue app, off for a wizard app). ``push_groups`` needs no tick of its own: without a
    pushed team it sends nothing, and an administrator who pushes one has ticked it.
    """

    create: bool = True
    update: bool = False
    deactivate: bool = True
    import_groups: bool | None = None
    rename_groups: bool = True


DEPROVISIONING = Features()


class Okta:
    """The app of one tenant. Remembers which person has which External ID; fresh for every scenario."""

    def __init__(self, variant: Variant, features: Features, sequences: tuple[Sequence, ...]) -> None:
        self.variant = variant
        self.features = features
        self.group_id = ""
        self._sequences = sequences
        self._external_ids: dict[str, str] = {}
        self._linked_before: set[str] = set()
        self._profiles: dict[str, Person] = {}
        self._team: Team | None = None

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield what Okta sends when this happens; nothing at all when it sends nothing."""
        member = cast[change.part] if change.part else None
        for reaction in self._sequences:
            if type(change) in reaction.on:
                yield from reaction(self, member, cast)

    # What the app knows.

    @property
    def patches(self) -> bool:
        """Whether this app type changes ``active`` by PATCH. Okta decides it per app and never asks the service."""
        return self.variant is OIN

    @property
    def reads_groups_on_save(self) -> bool:
        chosen = self.features.import_groups
        return self.variant is OIN if chosen is None else chosen

    def profile(self, member: Member) -> Person:
        return self._profiles.get(member.part, member.person)

    def edit(self, member: Member) -> None:
        self._profiles[member.part] = promoted(self.profile(member))

    def external_id(self, member: Member) -> str:
        """The service's id for this person, or "" when Okta has not linked the person."""
        return self._external_ids.get(member.part, "")

    def link(self, member: Member, external_id: str) -> None:
        self._external_ids[member.part] = external_id
        self._linked_before.add(member.part)

    def drop(self, member: Member) -> str:
        """End the assignment, whatever the service will say. Returns the External ID that it had."""
        return self._external_ids.pop(member.part, "")

    def was_deactivated(self, member: Member) -> bool:
        """Whether Okta itself took this person off the app earlier, so that an assignment means a reactivation."""
        return member.part in self._linked_before and member.part not in self._external_ids

    def team(self, cast: Cast) -> Team | None:
        return self._team or cast.team

    def regroup(self, team: Team) -> None:
        self._team = team

    # How the app words a request.

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

    def user(self, member: Member, external_id: str) -> Address:
        return member_of("Users", external_id, member.part)

    def groups(self) -> Address:
        return collection("Groups")

    def group(self, member: Member | None = None) -> Address:
        return member_of("Groups", self.group_id, member.part if member else "")

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
        headers = _headers(method)
        return step_to(method, address, intent, title, headers, query=query, tag=tag, body=body)


def _headers(method: str) -> tuple[tuple[str, str], ...]:
    # The order of the 2018 capture. DELETE names a media type although it has no body; GET does not.
    content_type = () if method == "GET" else (("Content-Type", f"{SCIM_JSON}; charset=utf-8"),)
    return (
        ("Accept", SCIM_JSON),
        ("Accept-Charset", "utf-8"),
        *content_type,
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Authorization", f"Bearer {TOKEN}"),
        ("Connection", "Keep-Alive"),
        ("Accept-Encoding", "gzip,deflate"),
    )
