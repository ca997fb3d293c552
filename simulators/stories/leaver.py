"""Leaving: every way in which an administrator takes somebody's access away."""

from harness.model.change import Assign, Disable, HardDelete, PushGroup, SoftDelete, Suspend, Unassign, Unsuspend
from harness.model.story import EXTENDED, Group, Part, Story

# Okta knows one way of taking access away, whatever happened in the directory; the flag of Entra's dialect changes the
# words of a request, not which requests there are.
_OKTA_ALIKE = ("okta",)
_WORDS_ALIKE = ("okta", "entra:aadOptscim062020")

_TEAM = ("leaver", "bystander-1", "bystander-2")
_BYSTANDERS = (Part("bystander-1"), Part("bystander-2"))

leaver = Story(
    name="leaver",
    title="Somebody is taken off the app",
    changes=(Assign("leaver"), Unassign("leaver")),
    parts=(Part("leaver"), Part("bystander-1")),
    quick=("okta", "entra"),
)

leaver_disabled = Story(
    name="leaver-disabled",
    title="Somebody's account is disabled in the directory",
    changes=(Assign("leaver"), Disable("leaver")),
    parts=(Part("leaver"), *_BYSTANDERS),
    skips=_WORDS_ALIKE,
)

leaver_deleted = Story(
    name="leaver-deleted",
    title="Somebody's account is deleted in the directory",
    changes=(Assign("leaver"), SoftDelete("leaver")),
    parts=(Part("leaver"), Part("bystander-1")),
    # Entra renames the person in the same breath.
    skips=_OKTA_ALIKE,
    quick=("entra",),
)

leaver_purged = Story(
    name="leaver-purged",
    title="Somebody's account is deleted in the directory and later removed for good",
    changes=(Assign("leaver"), SoftDelete("leaver"), HardDelete("leaver")),
    parts=(Part("leaver"), *_BYSTANDERS),
    skips=_OKTA_ALIKE,
)

leaver_purged_after_unassign = Story(
    name="leaver-purged-after-unassign",
    title="Somebody is taken off the app before the account is removed for good",
    changes=(Assign("leaver"), Unassign("leaver"), HardDelete("leaver")),
    parts=(Part("leaver"), *_BYSTANDERS),
    skips=_WORDS_ALIKE,
)

# Reported once, years ago: an account that goes to the recycle bin and out of it before a cycle ran is never removed.
leaver_purged_at_once = Story(
    name="leaver-purged-at-once",
    title="Somebody's account is removed for good at once, before the IdP looked again",
    changes=(Assign("leaver"), SoftDelete("leaver", rushed=True), HardDelete("leaver")),
    parts=(Part("leaver"), Part("bystander-1")),
    idps=("entra",),
    suite=EXTENDED,
)

# One leaver from beginning to end: the three ways in which an administrator makes somebody go, one after the other.
leaver_step_by_step = Story(
    name="leaver-step-by-step",
    title="Somebody in a pushed team is disabled, deleted the next day, and removed for good a month later",
    changes=(*(Assign(p) for p in _TEAM), PushGroup(), Disable("leaver"), SoftDelete("leaver"), HardDelete("leaver")),
    parts=tuple(Part(part) for part in _TEAM),
    teams=(Group(_TEAM),),
    suite=EXTENDED,
)

suspended = Story(
    name="suspended",
    title="Somebody is suspended for a while, suspended again, and taken off the app",
    changes=(Assign("leaver"), Suspend("leaver"), Unsuspend("leaver"), Suspend("leaver"), Unassign("leaver")),
    parts=(Part("leaver"), Part("bystander-1")),
    idps=("okta",),
    suite=EXTENDED,
)
