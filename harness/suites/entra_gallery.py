"""Microsoft's test before publication in the application gallery: a Logic App drives Entra and reads its log."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.change import (
    AddMember,
    Assign,
    Change,
    Disable,
    Edit,
    HardDelete,
    OnDemand,
    PushGroup,
    Reassign,
    RemoveMember,
    RenameGroup,
)
from harness.model.exchange import Exchange
from harness.model.step import Intent
from harness.suites.suite import Claim, Find, Suite, asked_in, reads, seen_after, status


def _after(change: type[Change], part: str = "person") -> Find:
    return seen_after(change, part, Intent.READ)


def _write(change: type[Change], intent: Intent) -> Find:
    return asked_in(change, intent)


def _accepted(exchange: Exchange) -> Iterator[str]:
    if not exchange.ok:
        yield f"expected the log entry Success, which takes a 2xx; got HTTP {exchange.status}"


_GROUPS = ("create", "groups")

SUITE = Suite(
    name="entra-gallery",
    title="Microsoft Entra application gallery, SCIM validation",
    programme="publication in the Microsoft Entra application gallery",
    source="https://github.com/AzureAD/SCIMReferenceCode",
    claims=(
        Claim("Create User", _write(Assign, Intent.CREATE), (_accepted,), ("create",)),
        Claim("Update User", _write(Edit, Intent.UPDATE), (_accepted,), ("create", "update")),
        Claim("Disable User", _after(Disable), (status(200), reads("active", False)), ("deactivate",)),
        Claim("Restore User", _after(Reassign), (status(200), reads("active", True)), ("reactivate",)),
        Claim("On-demand User", asked_in(OnDemand, Intent.LOOKUP, Intent.READ), (_accepted,), ("read",)),
        Claim("Delete User", _write(HardDelete, Intent.DELETE), (_accepted,), ("create", "delete"), mandatory=False),
        Claim("Create Group", _write(PushGroup, Intent.GROUP_CREATE), (_accepted,), _GROUPS),
        Claim("Update Group", _write(RenameGroup, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim("Group membership: remove", _write(RemoveMember, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
        Claim("Group membership: add", _write(AddMember, Intent.GROUP_UPDATE), (_accepted,), _GROUPS),
    ),
    stories=("entra-gallery", "entra-gallery-users"),
)
