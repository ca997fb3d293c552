"""Members of groups: completed from bare ids, each of them once, and gone with the person."""

from __future__ import annotations

from typing import Any

from scim2_models import Resource

from reference_server.store.resources import SqlStorage


def complete_members(resource: Resource[Any]) -> None:
    """Give members that came as bare ids their kind and address, and keep each of them once."""
    members = getattr(resource, "members", None)
    if not members:
        return
    once: dict[str, Any] = {}
    for member in members:
        if member.value:
            member.type = member.type or "User"
            member.ref = member.ref or f"{member.type}s/{member.value}"
        once.setdefault(member.value or f"#{len(once)}", member)
    resource.members = list(once.values())  # type: ignore[attr-defined]


def leave_groups(storage: SqlStorage, person_id: str) -> None:
    """Take a person out of every group of the tenant."""
    for kind in storage.provider.resource_types:
        if kind.name != "Group":
            continue
        for group in storage.naming(kind, person_id):
            members = getattr(group, "members", None) or []
            left = [m for m in members if m.value != person_id]
            if len(left) != len(members):
                group.members = left or None  # type: ignore[attr-defined]
                storage.update(kind, group)
