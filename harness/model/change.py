"""Change: what an administrator did, told without the words of any IdP.

An IdP that does not know a Change sends nothing: Okta has no scoping filter, Entra has no suspension.

What a Change means for the person decides what the Witness asks after it; see the tuples at the end of this file.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Change:
    """The base of all Changes. ``part`` names who it is about ("" for the app as a whole).

    ``by`` is "" for the IdP that tells the story, "second" for another IdP that is connected to the same service.
    ``rushed`` means that the next Change follows so soon that an IdP which works in cycles sees both at once; one that
    reacts to events takes no notice of it. Whatever else a Change says is given by name: ``TimePasses(minutes=40)``.
    """

    part: str = ""
    by: str = field(default="", kw_only=True)
    rushed: bool = field(default=False, kw_only=True)

    @property
    def kind(self) -> str:
        return type(self).__name__


class Feature(enum.StrEnum):
    """What an administrator can tick, told in the words of both vendors' pages. An IdP passes over what it lacks."""

    PROVISIONING = "provisioning"
    """Okta: Provisioning to App. Entra: the job is started. While off, nothing goes out that nobody asked for."""

    CREATE = "create"
    """Okta: Create Users. Entra: the target object action Create."""

    UPDATE = "update"
    """Okta: Update User Attributes. Entra: the target object action Update, without which nobody is disabled either."""

    DEACTIVATE = "deactivate"
    """Okta: Deactivate Users."""

    DELETE = "delete"
    """Entra: the target object action Delete."""

    SYNC_PASSWORD = "sync-password"  # noqa: S105 - the name of a box
    """Okta: Sync Password."""

    PUSH_GROUPS = "push-groups"
    """Okta: Push Groups. Entra: the group mapping is enabled."""

    RENAME_GROUPS = "rename-groups"
    """Okta: rename the app's group with the pushed one."""

    IMPORT_GROUPS = "import-groups"
    """Okta: Import Groups."""

    MAP_ACTIVE = "map-active"
    """Entra: there is a mapping to ``active``."""

    MAP_EVERYTHING = "map-everything"
    """The attribute mapping is left as delivered, instead of being cut to what a deprovisioning service takes."""

    SKIP_OUT_OF_SCOPE = "skip-out-of-scope-deletions"
    """Entra: whoever falls out of scope is left alone."""

    ACCIDENTAL_DELETIONS = "accidental-deletions"
    """Entra: the job stops when more people are about to be deleted than a threshold allows."""


class TestConnection(Change):
    """The administrator presses the button that tests the base URL and the key."""

    __test__ = False  # pytest: this is a word of ours, not a test class


@dataclass(frozen=True)
class Switch(Change):
    """The administrator ticks a box or takes the tick away. Stories begin with it to say how the IdP is set up."""

    feature: Feature = field(kw_only=True)
    on: bool = field(kw_only=True)


class KeyExpires(Change):
    """The API key that the administrator once entered is no longer good: expired, revoked, or replaced elsewhere."""


class KeyRenewed(Change):
    """The administrator enters a key that is good."""


class Restart(Change):
    """The administrator clears what the IdP remembers and lets it begin anew (Entra: Restart provisioning)."""


class Retry(Change):
    """The administrator has failed work done again by hand: that about ``part``, or everything."""


@dataclass(frozen=True)
class TimePasses(Change):
    """Nobody does anything for a while, by the IdP's own clock: its scheduled cycles run."""

    minutes: int = field(kw_only=True)


class OnDemand(Change):
    """The administrator has one person provisioned at once (Entra: Provision on demand)."""


class Import(Change):
    """The IdP reads all the people of the app."""


class Assign(Change):
    """A person gets the app."""


class SignIn(Change):
    """A person signs in to the app by SSO; whoever had no account there gets one. No SCIM is involved."""


@dataclass(frozen=True)
class Edit(Change):
    """A person's profile changes in the directory.

    ``attributes`` are pairs of a field of Person and its new value ("" clears it); empty: the job title changes.
    """

    attributes: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)


class RenamePerson(Change):
    """A person's family name changes in the directory, and with it the user name and the e-mail address."""


class SyncPassword(Change):
    """A person has a new password in the directory."""


class GainGrant(Change):
    """A person who has the app gets it in one more way, as by another group."""


class LoseGrant(Change):
    """A person loses one way of having the app, and keeps it by another."""


class Suspend(Change):
    """A person's directory account is suspended: no sign-in by SSO, and the apps are not told."""


class Unsuspend(Change):
    """The suspension ends."""


class Unassign(Change):
    """A person loses the app."""


class LeaveScope(Change):
    """A person keeps the app but no longer passes the filter that says whom the IdP provisions."""


class EnterScope(Change):
    """A person passes that filter again."""


class Disable(Change):
    """A person's directory account is disabled (sign-in blocked)."""


class SoftDelete(Change):
    """A person's directory account goes to the recycle bin."""


class HardDelete(Change):
    """A person's directory account is gone for good."""


class Restore(Change):
    """A person's directory account comes back from the recycle bin."""


class Reassign(Change):
    """A person gets the app again after having lost it, or is enabled again."""


@dataclass(frozen=True)
class TeamChange(Change):
    """The base of what happens to a team. ``team`` is its role in the story ("": the first, or only, team)."""

    team: str = field(default="", kw_only=True)


class PushGroup(TeamChange):
    """A team is pushed to the app."""


class GroupOnDemand(TeamChange):
    """The administrator has one pushed team provisioned at once (Entra: Provision on demand)."""


class PushNow(TeamChange):
    """The administrator has the whole membership of a pushed team written again."""


class LinkGroup(TeamChange):
    """A team is linked with a group that the app has already."""


class AddMember(TeamChange):
    """A person joins the pushed team."""


class RemoveMember(TeamChange):
    """A person leaves the pushed team."""


@dataclass(frozen=True)
class Reorganise(TeamChange):
    """Several people join and leave the pushed team at once. ``joining`` and ``leaving`` are parts."""

    joining: tuple[str, ...] = field(default=(), kw_only=True)
    leaving: tuple[str, ...] = field(default=(), kw_only=True)


class RenameGroup(TeamChange):
    """The pushed team gets another name."""


@dataclass(frozen=True)
class UnlinkGroup(TeamChange):
    """The team is no longer pushed. ``delete`` tells whether its group in the app is to go as well, or to stay."""

    delete: bool = field(default=True, kw_only=True)


class DeleteGroup(TeamChange):
    """The team itself is deleted in the directory."""


ENDS_ACCESS = (Unassign, LeaveScope, Disable, SoftDelete, HardDelete)
"""The Changes after which the person must have no access left: the Witness asks in every way an IdP could look.

Losing one grant of several does not end access, and neither does a suspension: the IdP keeps it at its own door and the
app is not told.
"""

RESTORES_ACCESS = (Reassign, EnterScope, Restore)
"""The Changes after which the person must have access again, where the service claims reactivation."""

SWEEPS = (TimePasses, Retry, Restart)
"""The Changes after which anybody may have been written to: the Witness reads everybody."""

IMPERSONAL = (TestConnection, Import, Switch, KeyExpires, KeyRenewed)
"""The Changes that concern nobody: the Witness stays silent."""
