"""Group push that was left on, at a service that manages its groups itself."""

from harness.model.change import Assign, PushGroup, Unassign
from harness.model.story import Group, Part, Story

# Three members, because an answer that mixes up "one" and "all" cannot be told apart with two.
_TEAM = ("leaver", "bystander-1", "bystander-2")

group_push_refused = Story(
    name="group-push-refused",
    title="A team is pushed by mistake, and then one of its members leaves",
    changes=(*(Assign(part) for part in _TEAM), PushGroup(), Unassign("leaver")),
    parts=tuple(Part(part) for part in _TEAM),
    teams=(Group(_TEAM),),
    quick=("okta", "entra"),
)
