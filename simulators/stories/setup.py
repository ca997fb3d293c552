"""Settings of the IdP that keep a leaver's removal from being sent, or send it to the wrong people."""

from harness.model.change import (
    Assign,
    Disable,
    EnterScope,
    Feature,
    LeaveScope,
    OnDemand,
    Restart,
    Retry,
    Switch,
    TimePasses,
    Unassign,
)
from harness.model.story import EXTENDED, Part, Story

_PARTS = (Part("leaver"), Part("bystander-1"))
_SEVERAL = tuple(f"leaver-{number}" for number in range(1, 4))


def _set(feature: Feature, on: bool) -> Switch:
    return Switch(feature=feature, on=on)


assigned_before_provisioning = Story(
    name="assigned-before-provisioning",
    title="Somebody was assigned before provisioning was switched on, and leaves",
    changes=(
        _set(Feature.PROVISIONING, False),
        Assign("leaver"),
        _set(Feature.PROVISIONING, True),
        Unassign("leaver"),
    ),
    parts=_PARTS,
    suite=EXTENDED,
)

provisioned_by_hand = Story(
    name="provisioned-by-hand",
    title="Somebody was assigned before provisioning was switched on, is provisioned by hand, and leaves",
    changes=(
        _set(Feature.PROVISIONING, False),
        Assign("leaver"),
        _set(Feature.PROVISIONING, True),
        Retry("leaver"),
        Unassign("leaver"),
    ),
    parts=_PARTS,
    suite=EXTENDED,
)

deactivation_unticked = Story(
    name="deactivation-unticked",
    title="Somebody leaves while the box for deactivation is not ticked",
    changes=(_set(Feature.DEACTIVATE, False), Assign("leaver"), Unassign("leaver")),
    parts=_PARTS,
    idps=("okta",),
    suite=EXTENDED,
)

creation_unticked = Story(
    name="creation-unticked",
    title="Somebody leaves while the box for creating people is not ticked",
    changes=(_set(Feature.CREATE, False), Assign("leaver"), Unassign("leaver")),
    parts=_PARTS,
    suite=EXTENDED,
)

update_unticked = Story(
    name="update-unticked",
    title="Somebody leaves while the target object action for updates is not ticked",
    changes=(_set(Feature.UPDATE, False), Assign("leaver"), Unassign("leaver")),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)

state_unmapped = Story(
    name="state-unmapped",
    title="Somebody leaves while nothing is mapped to whether a person may use the app",
    changes=(_set(Feature.MAP_ACTIVE, False), Assign("leaver"), Unassign("leaver")),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)

# What an administrator gets who changes nothing: with every attribute mapped, the removal of access travels in one
# request with attributes that a service for removal alone does not take.
everything_mapped = Story(
    name="everything-mapped",
    title="Every attribute is mapped as delivered; somebody is disabled and then taken off the app",
    changes=(_set(Feature.MAP_EVERYTHING, True), Assign("leaver"), Disable("leaver"), Unassign("leaver")),
    parts=_PARTS,
    skips=("okta",),
)

out_of_scope = Story(
    name="out-of-scope",
    title="Somebody falls out of the filter that says who is provisioned, and passes it again later",
    changes=(Assign("leaver"), LeaveScope("leaver"), EnterScope("leaver")),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)

out_of_scope_skipped = Story(
    name="out-of-scope-skipped",
    title="Somebody leaves while people out of scope are left alone",
    changes=(_set(Feature.SKIP_OUT_OF_SCOPE, True), Assign("leaver"), LeaveScope("leaver"), Unassign("leaver")),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)

# The flag in the base URL is passed over by provisioning on demand: one tenant speaks both dialects.
on_demand = Story(
    name="on-demand",
    title="The job is stopped; somebody leaves and is provisioned on demand",
    changes=(
        Assign("leaver"),
        _set(Feature.PROVISIONING, False),
        Unassign("leaver"),
        OnDemand("leaver"),
    ),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)

# Three leave within one cycle, more than the threshold allows: nobody is removed until the administrator lets it be.
too_many_at_once = Story(
    name="too-many-at-once",
    title="More people leave at once than the safeguard allows; the administrator switches it off and they are removed",
    changes=(
        _set(Feature.ACCIDENTAL_DELETIONS, True),
        *(Assign(part) for part in _SEVERAL),
        *(Unassign(part, rushed=True) for part in _SEVERAL[:-1]),
        Unassign(_SEVERAL[-1]),
        _set(Feature.ACCIDENTAL_DELETIONS, False),
        Retry(),
        TimePasses(minutes=2 * 24 * 60),
    ),
    parts=(*(Part(part) for part in _SEVERAL), Part("bystander-1")),
    idps=("entra",),
    suite=EXTENDED,
)

# A restart by the button keeps the links, so that the removal is made up for in the first cycle after it.
restarted_too_early = Story(
    name="restarted-too-early",
    title="Somebody is taken off the app, and the job begins anew before it looked again",
    changes=(Assign("leaver"), Unassign("leaver", rushed=True), Restart()),
    parts=_PARTS,
    idps=("entra",),
    suite=EXTENDED,
)
