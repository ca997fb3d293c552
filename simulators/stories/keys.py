"""API keys that stop working, which nobody notices until somebody leaves."""

from harness.model.change import Assign, KeyExpires, KeyRenewed, Retry, TimePasses, Unassign
from harness.model.story import EXTENDED, Part, Story

_PARTS = (Part("leaver"), Part("bystander-1"))

key_expired = Story(
    name="key-expired",
    title="The key has expired when somebody leaves; days later a new one is entered and failed work done again",
    changes=(
        Assign("leaver"),
        KeyExpires(),
        Unassign("leaver"),
        TimePasses(minutes=2 * 24 * 60),
        KeyRenewed(),
        Retry("leaver"),
        TimePasses(minutes=2 * 24 * 60),
    ),
    parts=_PARTS,
    suite=EXTENDED,
)
