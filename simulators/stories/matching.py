"""Finding people who are in the app already, because they signed in before provisioning was set up."""

from harness.model.change import Assign, Disable, Edit, Unassign
from harness.model.story import Part, Presence, Story

_BYSTANDERS = (Part("bystander-1"), Part("bystander-2"))

match_and_link = Story(
    name="match-and-link",
    title="Somebody who already uses the app is assigned to it",
    changes=(Assign("person"),),
    parts=(Part("person"), *_BYSTANDERS),
    # Every story of a leaver begins like this.
    skips=("okta", "entra"),
)

# Disable comes before Unassign so that each IdP meets an inactive person in its own way: Okta finds one when it
# deactivates, Entra finds one when it compares once more and sees nothing left to do.
already_inactive = Story(
    name="already-inactive",
    title="Somebody whom the app had already switched off is assigned, disabled and taken off the app",
    changes=(Assign("leaver"), Disable("leaver"), Unassign("leaver")),
    parts=(Part("leaver", Presence.INACTIVE), *_BYSTANDERS),
)

profile_edit = Story(
    name="profile-edit",
    title="Somebody gets another job title and leaves some time later",
    changes=(Assign("person"), Edit("person"), Unassign("person")),
    parts=(Part("person"), *_BYSTANDERS),
    skips=("okta:oin", "entra:aadOptscim062020"),
)
