"""Group push: left on at a service that manages its groups itself, and in daily use at one that takes groups."""

from harness.model.change import (
    AddMember,
    Assign,
    DeleteGroup,
    GainGrant,
    LinkGroup,
    LoseGrant,
    PushGroup,
    PushNow,
    RemoveMember,
    RenameGroup,
    Unassign,
    UnlinkGroup,
)
from harness.model.story import EXTENDED, Group, Part, Story

# Three members, because an answer that mixes up "one" and "all" cannot be told apart with two.
_TEAM = ("leaver", "bystander-1", "bystander-2")
_ASSIGNED = tuple(Assign(part) for part in _TEAM)
_PARTS = tuple(Part(part) for part in _TEAM)

group_push_refused = Story(
    name="group-push-refused",
    title="A team is pushed by mistake, and then one of its members leaves",
    changes=(*_ASSIGNED, PushGroup(), Unassign("leaver")),
    parts=_PARTS,
    teams=(Group(_TEAM),),
    quick=("okta", "entra"),
)

group_push_insisted = Story(
    name="group-push-insisted",
    title="An administrator insists: pushes a team again, renames it, links it, gives it up; one of its members leaves",
    changes=(*_ASSIGNED, PushGroup(), PushNow(), RenameGroup(), LinkGroup(), UnlinkGroup(), Unassign("leaver")),
    parts=_PARTS,
    teams=(Group(_TEAM),),
    needs=("!groups",),
    suite=EXTENDED,
)

group_life = Story(
    name="group-life",
    title="A team is pushed, loses a member, gets them back, is renamed, pushed whole, and given up",
    changes=(
        *_ASSIGNED,
        PushGroup(),
        RemoveMember("leaver"),
        AddMember("leaver"),
        RenameGroup(),
        PushNow(),
        UnlinkGroup(delete=True),
    ),
    parts=_PARTS,
    teams=(Group(_TEAM),),
    needs=("groups",),
)

group_linked_again = Story(
    name="group-linked-again",
    title="A team is given up, its group stays in the app and is linked again; later the team is deleted",
    changes=(*_ASSIGNED, PushGroup(), UnlinkGroup(delete=False), LinkGroup(), PushNow(), DeleteGroup()),
    parts=_PARTS,
    teams=(Group(_TEAM),),
    needs=("groups",),
)

leaver_in_pushed_teams = Story(
    name="leaver-in-pushed-teams",
    title="A member of two pushed teams is taken off the app and then off the teams",
    changes=(
        *_ASSIGNED,
        PushGroup(team="sales"),
        PushGroup(team="projects"),
        Unassign("leaver"),
        RemoveMember("leaver", team="sales"),
        RemoveMember("leaver", team="projects"),
    ),
    parts=_PARTS,
    teams=(Group(_TEAM, "sales"), Group(_TEAM, "projects")),
    needs=("groups",),
)

# Losing one of two grants must change nothing in the app; losing the last one ends access.
contractor = Story(
    name="contractor",
    title="A contractor has the app by two groups, loses one of them, and then the other",
    changes=(Assign("contractor"), GainGrant("contractor"), LoseGrant("contractor"), Unassign("contractor")),
    parts=(Part("contractor"), Part("bystander-1")),
    suite=EXTENDED,
)
