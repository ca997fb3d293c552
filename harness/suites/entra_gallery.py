"""Microsoft's test before publication in the application gallery: a Logic App drives Entra and reads its log."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.change import (
    AddMember,
    Assign,
    Change,
    DeleteGroup,
    Disable,
    Edit,
    GroupOnDemand,
    HardDelete,
    OnDemand,
    PushGroup,
    Reassign,
    RemoveMember,
    RenameGroup,
)
from harness.model.exchange import Exchange
from harness.model.step import Intent
from harness.model.transcript import Transcript
from harness.suites import entra_gallery_direct as direct
from harness.suites.suite import Claim, Find, Suite, asked_in, reads, seen_after, status, tagged


def _after(change: type[Change], *, last: bool = False) -> Find:
    return seen_after(change, "person", Intent.READ, last=last)


def _accepted(exchange: Exchange) -> Iterator[str]:
    if not exchange.ok:
        yield f"expected the log entry Success, which takes a 2xx; got HTTP {exchange.status}"


def _nowhere(_: Transcript) -> None:
    return None


_GROUPS = ("create", "groups")

_CREDENTIALS = "an exchange of tokens between Entra and the service, which cannot be had without a tenant of Entra"

SUITE = Suite(
    name=direct.SUITE_NAME,
    title="Microsoft Entra application gallery, SCIM validation",
    programme="publication in the Microsoft Entra application gallery",
    source="https://github.com/AzureAD/SCIMReferenceCode",
    claims=(
        Claim("Create User", asked_in(Assign, Intent.CREATE), (_accepted,), ("create",)),
        Claim("Update User", asked_in(Edit, Intent.UPDATE), (_accepted,), ("create", "update")),
        Claim("Update Manager", tagged("manager"), (_accepted,), ("create", "update")),
        Claim("Disable User", _after(Disable), (status(200), reads("active", False)), ("deactivate",)),
        Claim(
            # The page expects a deletion and a creation, which Entra sends only where nothing is mapped to active.
            "Restore User (inferred: inactive while unassigned, then active again)",
            _after(Reassign, last=True),
            (status(200), reads("active", True)),
            ("reactivate",),
        ),
        Claim("On-demand User", asked_in(OnDemand, Intent.LOOKUP, Intent.READ), (_accepted,), ("read",)),
        Claim("Delete User", asked_in(HardDelete, Intent.DELETE), (_accepted,), ("create", "delete"), mandatory=False),
        Claim("Create Group", asked_in(PushGroup, Intent.GROUP_CREATE), (_accepted,), _GROUPS),
        Claim("Update Group", asked_in(RenameGroup, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim("Group membership: remove", asked_in(RemoveMember, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim("Group membership: add", asked_in(AddMember, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim("On-demand Group", asked_in(GroupOnDemand, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim(
            "Restore Group",
            asked_in(PushGroup, Intent.GROUP_CREATE, last=True),
            (_accepted,),
            _GROUPS,
            mandatory=False,
        ),
        Claim("Delete Group", asked_in(DeleteGroup, Intent.GROUP_DELETE), (_accepted,), _GROUPS, mandatory=False),
        *direct.CLAIMS,
        Claim("Credentials: OAuth", _nowhere, (), mandatory=False, beyond=_CREDENTIALS),
        Claim("Credentials: federated identity", _nowhere, (), mandatory=False, beyond=_CREDENTIALS),
    ),
    probe=direct.PROBE,
    stories=("entra-gallery", "entra-gallery-users"),
)
