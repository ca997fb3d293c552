"""People who are assigned before the app knows them: accounts come into being by the first sign-in, not before."""

from harness.model.change import Assign, Retry, SignIn, Unassign
from harness.model.story import EXTENDED, Part, Presence, Story

_PARTS = (Part("newcomer", Presence.UNKNOWN), Part("bystander-1"))

left_before_first_sign_in = Story(
    name="left-before-first-sign-in",
    title="Somebody is assigned, never signs in, and leaves again",
    changes=(Assign("newcomer"), Unassign("newcomer")),
    parts=_PARTS,
    suite=EXTENDED,
)

# The trap of every app whose people come from their first sign-in: the assignment failed while nobody was there, the
# IdP remembers nobody, and when the person leaves there is nobody for it to switch off.
assigned_before_first_sign_in = Story(
    name="assigned-before-first-sign-in",
    title="Somebody is assigned, signs in for the first time afterwards, and leaves",
    changes=(Assign("newcomer"), SignIn("newcomer"), Unassign("newcomer")),
    parts=_PARTS,
    skips=("okta:aiw", "entra:default"),
)

provisioned_after_first_sign_in = Story(
    name="provisioned-after-first-sign-in",
    title="Somebody is assigned, signs in, is provisioned once more by the administrator, and leaves",
    changes=(Assign("newcomer"), SignIn("newcomer"), Retry("newcomer"), Unassign("newcomer")),
    parts=_PARTS,
    suite=EXTENDED,
)
