"""The stories of tests that vendors publish, as far as their own IdP has to play a part in them."""

from harness.model.change import (
    AddMember,
    Assign,
    Disable,
    Edit,
    Feature,
    HardDelete,
    OnDemand,
    PushGroup,
    Reassign,
    RemoveMember,
    RenameGroup,
    SignIn,
    SoftDelete,
    Switch,
    Unassign,
)
from harness.model.story import Group, Part, Presence, Story

OKTA_CRUD, ENTRA_GALLERY = "okta-crud", "entra-gallery"

# The suite drives Okta, waits, and reads the service; what it reads is what the Witness reads after each change. After
# the creation the account is looked for (a sign-in finds it), as the suite does.
_CRUD = (Edit("person"), Disable("person"), Reassign("person"), Unassign("person"))

okta_crud = Story(
    name="okta-crud",
    title="Created, edited, deactivated, activated and assigned again, taken off: the whole life in one test",
    changes=(Switch(feature=Feature.UPDATE, on=True), Assign("person"), SignIn("person"), *_CRUD),
    parts=(Part("person", Presence.UNKNOWN), Part("bystander-1")),
    idps=("okta",),
    needs=("create",),
    suite=OKTA_CRUD,
)

okta_crud_without_creation = Story(
    name="okta-crud-without-creation",
    title="Found, deactivated, activated and assigned again, taken off: the test without what the app does not do",
    changes=(Assign("person"), *_CRUD[1:]),
    parts=(Part("person"), Part("bystander-1")),
    idps=("okta",),
    needs=("!create",),
    suite=OKTA_CRUD,
)

_TEAM = ("person", "bystander-1", "bystander-2")
_GROUPS = (PushGroup(), RenameGroup(), RemoveMember("person"), AddMember("person"))

entra_gallery = Story(
    name="entra-gallery",
    title="Users and groups as the test before publication in the gallery wants them",
    changes=(
        Switch(feature=Feature.MAP_EVERYTHING, on=True),
        Assign("person"),
        SignIn("person"),
        Edit("person"),
        *_GROUPS,
        Disable("person"),
        Reassign("person"),
        OnDemand("person"),
        SoftDelete("person"),
        HardDelete("person"),
    ),
    parts=(Part("person", Presence.UNKNOWN), Part("bystander-1"), Part("bystander-2")),
    teams=(Group(_TEAM),),
    idps=("entra",),
    needs=("create", "groups"),
    suite=ENTRA_GALLERY,
)

entra_gallery_users = Story(
    name="entra-gallery-users",
    title="The test before publication in the gallery without what the app does not do",
    changes=(Assign("person"), Disable("person"), Reassign("person"), OnDemand("person"), Unassign("person")),
    parts=(Part("person"), Part("bystander-1")),
    idps=("entra",),
    needs=("!create",),
    suite=ENTRA_GALLERY,
)
