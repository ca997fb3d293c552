"""Change: what an administrator did, told without the words of any IdP."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """The base of all Changes. ``part`` names who it is about ("" for the app as a whole)."""

    part: str = ""

    @property
    def kind(self) -> str:
        return type(self).__name__


class TestConnection(Change):
    """The administrator presses the button that tests the base URL and the key."""

    __test__ = False  # pytest: this is a word of ours, not a test class


class Assign(Change):
    """A person gets the app."""


class Edit(Change):
    """A person's profile changes in the directory (their title)."""


class Unassign(Change):
    """A person loses the app."""


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


class Import(Change):
    """The IdP reads all the people of the app."""


class PushGroup(Change):
    """A team is pushed to the app."""


class AddMember(Change):
    """A person joins the pushed team."""


class RemoveMember(Change):
    """A person leaves the pushed team."""


class RenameGroup(Change):
    """The pushed team gets another name."""


class UnlinkGroup(Change):
    """The team is no longer pushed, and is to be deleted in the app."""


ENDS_ACCESS = (Unassign, Disable, SoftDelete, HardDelete)
"""The Changes after which the person must have no access left."""

RESTORES_ACCESS = (Reassign, Restore)
"""The Changes after which the person must have access again, where the service claims reactivation."""
