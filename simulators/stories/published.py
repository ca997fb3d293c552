"""The stories of tests that vendors publish, as far as their own IdP has to play a part in them."""

from harness.model.change import (
    AddMember,
    Assign,
    DeleteGroup,
    Disable,
    Edit,
    Feature,
    GroupOnDemand,
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
    UnlinkGroup,
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
_GROUPS = (
    PushGroup(),
    RenameGroup(),
    RemoveMember("person"),
    AddMember("person"),
    RemoveMember("person"),
    AddMember("person", rushed=True),
    GroupOnDemand(),
    UnlinkGroup(),
    PushGroup(),
    DeleteGroup(),
)
# The manager is cleared again: who refuses one would be sent it anew in every cycle.
_MANAGER = tuple(Edit("person", attributes=(("manager", manager),)) for manager in ("manager", ""))
# Users are restored by the reading that fits the generic connector: inactive while unassigned, then active again.
_RESTORED = (Unassign("person"), Reassign("person"))

entra_gallery = Story(
    name="entra-gallery",
    title="Users and groups as the test before publication in the gallery wants them",
    changes=(
        Switch(feature=Feature.MAP_EVERYTHING, on=True),
        Assign("person"),
        SignIn("person"),
        Edit("person"),
        Assign("manager"),
        *_MANAGER,
        *_GROUPS,
        Disable("person"),
        Reassign("person"),
        OnDemand("person"),
        *_RESTORED,
        SoftDelete("person"),
        HardDelete("person"),
    ),
    parts=(Part("person", Presence.UNKNOWN), Part("manager"), Part("bystander-1"), Part("bystander-2")),
    teams=(Group(_TEAM),),
    idps=("entra",),
    needs=("create", "groups"),
    suite=ENTRA_GALLERY,
)

entra_gallery_users = Story(
    name="entra-gallery-users",
    title="The test before publication in the gallery without what the app does not do",
    changes=(
        Assign("person"),
        Disable("person"),
        Reassign("person"),
        OnDemand("person"),
        *_RESTORED,
        Unassign("person"),
    ),
    parts=(Part("person"), Part("bystander-1")),
    idps=("entra",),
    needs=("!create",),
    suite=ENTRA_GALLERY,
)
