"""Two IdPs at one service, as when a customer moves from one to the other and both are still connected."""

from harness.model.change import Assign, Reassign, Unassign
from harness.model.story import EXTENDED, Part, Story

_PARTS = (Part("leaver"), Part("bystander-1"))

two_idps = Story(
    name="two-idps",
    title="Two identity providers know the same person, and one after the other takes the app away",
    changes=(
        Assign("leaver"),
        Assign("leaver", by="second"),
        Unassign("leaver", by="second"),
        Unassign("leaver"),
    ),
    parts=_PARTS,
    suite=EXTENDED,
)

moved_to_another_idp = Story(
    name="moved-to-another-idp",
    title="Somebody loses the app at one identity provider and gets it at another",
    changes=(
        Assign("leaver"),
        Assign("leaver", by="second"),
        Unassign("leaver"),
        Reassign("leaver", by="second"),
        Unassign("leaver", by="second"),
    ),
    parts=_PARTS,
    suite=EXTENDED,
)
