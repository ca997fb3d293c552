"""People whom the service has never seen."""

from harness.model.change import Assign
from harness.model.story import Part, Presence, Story

unknown_at_service = Story(
    name="unknown-at-service",
    title="Somebody who has never signed in is assigned to the app",
    changes=(Assign("newcomer"),),
    parts=(Part("newcomer", Presence.UNKNOWN), Part("bystander-1"), Part("bystander-2")),
    # The lookup and the creation are the same in both app types and dialects.
    skips=("okta:aiw", "entra:aadOptscim062020"),
)
