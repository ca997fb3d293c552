"""Coming back: the same person gets access again, and has to be the same person at the service."""

from harness.model.change import Assign, Reassign, Restore, SoftDelete, Unassign
from harness.model.story import Part, Story

rehire = Story(
    name="rehire",
    title="Somebody leaves the app and gets it again",
    changes=(Assign("rehire"), Unassign("rehire"), Reassign("rehire")),
    parts=(Part("rehire"), Part("bystander-1")),
)

# Okta has no recycle bin: a deleted person can only be made anew, with another Okta id.
restored = Story(
    name="restored",
    title="Somebody's account is deleted by mistake and restored from the recycle bin",
    changes=(Assign("person"), SoftDelete("person"), Restore("person")),
    parts=(Part("person"), Part("bystander-1"), Part("bystander-2")),
    idps=("entra",),
)
