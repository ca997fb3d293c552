"""People whose name changes, and people who come back under another one."""

from harness.model.change import Assign, Edit, Feature, Reassign, RenamePerson, SignIn, Switch, Unassign
from harness.model.story import EXTENDED, Part, Presence, Story

renamed_leaver = Story(
    name="renamed-leaver",
    title="Somebody gets another name and user name, and leaves some time later",
    changes=(Assign("leaver"), RenamePerson("leaver"), Unassign("leaver")),
    parts=(Part("leaver"), Part("bystander-1")),
    # Without Update User Attributes, Okta says nothing of the new name and everything by id.
    skips=("okta", "entra:default"),
)

renamed_between_assignments = Story(
    name="renamed-between-assignments",
    title="Somebody is taken off the app, gets another user name and the app again",
    changes=(Assign("rehire"), Unassign("rehire"), RenamePerson("rehire"), Reassign("rehire")),
    parts=(Part("rehire"), Part("bystander-1")),
    suite=EXTENDED,
)

# The directory knows the returning person as somebody new; so must the app, and the old account stays as it was left.
rehired_under_a_new_address = Story(
    name="rehired-under-a-new-address",
    title="Somebody leaves, is hired again under another address, and leaves again",
    changes=(
        Assign("leaver"),
        Unassign("leaver"),
        SignIn("rehire"),
        Assign("rehire"),
        Unassign("rehire"),
    ),
    parts=(Part("leaver"), Part("rehire", Presence.UNKNOWN), Part("bystander-1")),
    suite=EXTENDED,
)

rehired_and_promoted = Story(
    name="rehired-and-promoted",
    title="Somebody leaves, and comes back with another job title that is pushed as well",
    changes=(
        Switch(feature=Feature.UPDATE, on=True),
        Assign("rehire"),
        Unassign("rehire"),
        Edit("rehire"),
        Reassign("rehire"),
    ),
    parts=(Part("rehire"), Part("bystander-1")),
    idps=("okta",),
    suite=EXTENDED,
)
