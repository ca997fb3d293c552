"""How a job is set up: what the administrator ticked, and what is not known for certain about the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.model.change import Feature
from simulators.entra.mapping import ACTIVE, DEPROVISIONING, FULL, ObjectMapping, Schema
from simulators.entra.quarantine import BACKOFF

REHEARSED_THRESHOLD = 1
"""Accidental deletion prevention takes a number. A rehearsal has a handful of people, so its number is this."""


@dataclass(frozen=True)
class Setup:
    """The ticks and the mapping of the portal, then switches for behaviours on whose evidence is thin or divided.

    ``create``, ``update`` and ``delete`` are the target object actions, all ticked as Entra ticks them; ``groups``
    tells whether the group mapping is enabled, ``started`` whether the job runs. ``deletion_threshold`` is the number
    of accidental deletion prevention (None: off), ``interval`` the length of a cycle in minutes.

    ``probe_groups``: the connection test asks for a group too. ``probe_each_cycle``: every cycle begins with the
    connection test. ``rematch_after_404``: a cached id that is gone is looked up and created again.
    ``deletes_without_active``: where nothing is mapped to active, whoever leaves is deleted.
    ``removes_deleted_members``: somebody in the recycle bin is taken out of groups. ``asks_members_first``: memberships
    and managers are probed by filter before they are written, as an older client did. ``old_manager_sample``: a manager
    is written as a list. ``old_group_sample``: a new group names a schema of the vendor's own, and no members.
    ``operations_first``: a PATCH begins with its operations. ``honours_retry_after``: an object that met 429 waits as
    long as it was told. ``restart_keeps_links``: the portal's restart, as opposed to one with ``resetScope`` Full.
    ``backoff`` are the gaps of a job in quarantine, in minutes.
    """

    create: bool = True
    update: bool = True
    delete: bool = True
    groups: bool = True
    started: bool = True
    mapping: Schema = DEPROVISIONING
    skip_out_of_scope_deletions: bool = False
    deletion_threshold: int | None = None
    interval: int = 40
    probe_groups: bool = True
    probe_each_cycle: bool = False
    rematch_after_404: bool = False
    deletes_without_active: bool = False
    removes_deleted_members: bool = True
    asks_members_first: bool = False
    old_manager_sample: bool = False
    old_group_sample: bool = False
    operations_first: bool = False
    honours_retry_after: bool = False
    restart_keeps_links: bool = True
    backoff: tuple[int, ...] = BACKOFF

    @property
    def users(self) -> ObjectMapping:
        """The mapping of people, with the target object actions taken into account."""
        return _ticked(self.mapping.users, self)

    @property
    def teams(self) -> ObjectMapping:
        mapping = _ticked(self.mapping.groups, self)
        return replace(mapping, enabled=mapping.enabled and self.groups)

    def switched(self, feature: Feature, on: bool) -> Setup:
        """The same with one tick set or taken away. What Entra does not have is passed over."""
        match feature:
            case Feature.CREATE:
                return replace(self, create=on)
            case Feature.UPDATE:
                return replace(self, update=on)
            case Feature.DELETE:
                return replace(self, delete=on)
            case Feature.PUSH_GROUPS:
                return replace(self, groups=on)
            case Feature.PROVISIONING:
                return replace(self, started=on)
            case Feature.SKIP_OUT_OF_SCOPE:
                return replace(self, skip_out_of_scope_deletions=on)
            case Feature.ACCIDENTAL_DELETIONS:
                return replace(self, deletion_threshold=REHEARSED_THRESHOLD if on else None)
            case Feature.MAP_ACTIVE:
                users = self.mapping.users.without("active")
                users = replace(users, rows=(self.mapping.users.active or ACTIVE, *users.rows)) if on else users
                return replace(self, mapping=replace(self.mapping, users=users))
            case Feature.MAP_EVERYTHING:
                mapping = FULL if on else DEPROVISIONING
                users = mapping.users if self.mapping.users.active else mapping.users.without("active")
                return replace(self, mapping=replace(mapping, users=users))
        return self


def _ticked(mapping: ObjectMapping, setup: Setup) -> ObjectMapping:
    return replace(
        mapping,
        create=mapping.create and setup.create,
        update=mapping.update and setup.update,
        delete=mapping.delete and setup.delete,
    )


BY_THE_GUIDE = Setup()
