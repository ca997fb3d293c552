"""The words and the order that the page uses for outcomes, levels, harms, conclusions, changes and senders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.cause import Who
from harness.model.change import Change
from harness.model.exchange import Role
from harness.model.known import KnownState
from harness.model.outlook import RemovalState
from harness.model.programme import StepState
from harness.model.requirement import Applies, Harm, Level
from harness.model.run import Run
from harness.model.scenario import Kind, ScenarioKey
from harness.model.verdict import Conclusion, Outcome


@dataclass(frozen=True)
class Word:
    """How one value is shown: a short word, a sign that is not a colour, a tone for the style sheet, an explanation."""

    short: str
    sign: str
    tone: str
    means: str


OUTCOMES = {
    Outcome.ERROR: Word("error (ours)", "?", "error", "the harness itself failed; the service is not to blame"),
    Outcome.FAILED: Word("failed", "✕", "fail", "a requirement of the standard or a promise of the profile is broken"),
    Outcome.NOT_RUN: Word("not run", "?", "unknown", "could not be asked, so nothing is known"),
    Outcome.REVIEW: Word("to review", "?", "warn", "needs the judgement of a person"),
    Outcome.WARNED: Word("warned", "!", "warn", "a recommendation of the standard is not followed"),
    Outcome.KNOWN: Word("known", "=", "note", "fails, and is listed in the file of known failures"),
    Outcome.NOTED: Word("noted", "i", "note", "seen and written down; does not count against the service"),
    Outcome.PASSED: Word("passed", "✓", "pass", "held wherever it was looked at"),
    Outcome.NOT_APPLICABLE: Word("n/a", "–", "quiet", "the profile does not claim it, or there was nothing to look at"),
}
"""Every outcome, the worst first: this order is the order of severity everywhere on the page."""

LEVELS = {
    Level.PROMISE: "Promise: the profile of this service says so",
    Level.MUST: "MUST: the standard requires it",
    Level.SHOULD: "SHOULD: the standard recommends it",
    Level.MAY: "MAY: the standard leaves it open",
    Level.VENDOR: "Vendor: the identity provider expects it",
}

HARMS = {
    Harm.ACCESS: "Leavers keep access",
    Harm.LOCKOUT: "People lose access who should keep it",
    Harm.LEAK: "Data reaches somebody who must not see it",
    Harm.SETUP: "The connection cannot be set up or tested",
    Harm.DRIFT: "The identity provider and the service no longer agree",
    Harm.FORM: "Nobody is harmed at once, but a strict client may stumble",
}
"""What a breach does to people, the worst first."""

CONCLUSIONS = {
    Conclusion.CONFORMANT: Word("Conformant", "✓", "pass", "Everything that had to hold did hold."),
    Conclusion.WITH_WARNINGS: Word(
        "Conformant, with warnings", "!", "warn", "Nothing required is broken; some recommendations are not followed."
    ),
    Conclusion.NON_CONFORMANT: Word("Not conformant", "✕", "fail", "At least one requirement is broken."),
    Conclusion.NOTHING_BROKEN: Word(
        "Nothing broken in what was recorded",
        "✓",
        "pass",
        "A recording shows what happened to be asked: what was not asked, or not recorded, is not known.",
    ),
    Conclusion.INCOMPLETE: Word(
        "Cannot tell: the run is incomplete", "?", "unknown", "Something that had to be asked was not asked."
    ),
    Conclusion.UNREACHABLE: Word(
        "Cannot tell: the service could not be asked",
        "?",
        "unknown",
        "No answer came, or the credential was refused: this says nothing about the service's behaviour.",
    ),
}

PROGRAMMES = {
    "failed": Word("failed", "✕", "fail", "a mandatory step failed"),
    "incomplete": Word("cannot tell", "?", "unknown", "a mandatory step was not run"),
    "ruled-out": Word("ruled out", "–", "quiet", "the profile makes a mandatory step impossible"),
    "passed": Word("passed", "✓", "pass", "every mandatory step passed"),
}
"""How a suite that a vendor publishes went."""

STEPS = {
    StepState.FAILED: Word("failed", "✕", "fail", "not what the vendor expects"),
    StepState.NOT_RUN: Word("not run", "?", "unknown", "could not be asked"),
    StepState.NOT_APPLICABLE: Word("n/a", "–", "quiet", "not claimed, or not to be asked from here"),
    StepState.PASSED: Word("passed", "✓", "pass", "as the vendor expects"),
}
"""How one step of such a suite went."""

KNOWN = {
    KnownState.EXPIRED: Word("expired", "!", "warn", "its day is over: the breach counts again"),
    KnownState.STALE: Word("stale", "!", "warn", "it is not broken any more: take the entry out"),
    KnownState.UNMET: Word("not met", "?", "unknown", "nothing of it was judged in this run"),
    KnownState.USED: Word("known", "=", "note", "it stands for a breach of this run"),
}
"""What became of an entry of the file of known failures."""

USES = {
    Applies.TEST: "tested",
    Applies.CLAIMED: "if it claims",
    Applies.REFUSED: "refused",
    Applies.HOOK: "tested by a hook",
    Applies.OBSERVE: "observed",
    Applies.OFF: "–",
}
"""How a kind of profile uses a clause."""

WHO = {
    Who.SERVICE: "The developers of the service",
    Who.EITHER: "The developers of the service, or the administrator of the identity provider",
}
"""Who can put an end to a cause."""

REMOVALS = {
    RemovalState.LOST: Word("lost", "✕", "fail", "it failed, and nothing happens until an administrator acts"),
    RemovalState.NEVER_TRIED: Word("never tried", "✕", "fail", "nothing was sent, and nobody is shown an error"),
    RemovalState.PENDING: Word("still pending", "!", "warn", "it failed or waits; the identity provider tries again"),
    RemovalState.DONE: Word("done", "✓", "pass", "the service confirmed it; the identity provider will not come back"),
}
"""What an IdP believes about the access of a leaver."""

IDPS = {"okta": "Okta", "entra": "Microsoft Entra ID"}

CHANGES = {
    "TestConnection": "the administrator tests the connection",
    "Assign": "{who} gets the app",
    "Edit": "{who} is edited in the directory",
    "Unassign": "{who} loses the app",
    "Disable": "{who} is disabled in the directory",
    "SoftDelete": "{who} goes to the directory's recycle bin",
    "HardDelete": "{who} is deleted from the directory for good",
    "Restore": "{who} comes back from the recycle bin",
    "Reassign": "{who} gets the app again",
    "Import": "the identity provider reads all people of the app",
    "PushGroup": "a group is pushed to the app",
    "AddMember": "{who} joins the pushed group",
    "RemoveMember": "{who} leaves the pushed group",
    "Reorganise": "several people join and leave the pushed group at once",
    "RenameGroup": "the pushed group is renamed",
    "UnlinkGroup": "the group is no longer pushed",
    "PushNow": "the whole membership of the group is pushed again",
    "LinkGroup": "the team is linked with a group of the app",
    "DeleteGroup": "the team is deleted in the directory",
    "Switch": "the administrator sets {feature} to {on}",
    "KeyExpires": "the API key is no longer good",
    "KeyRenewed": "the administrator enters a good API key",
    "Restart": "the administrator lets the identity provider begin anew",
    "Retry": "the administrator has failed work done again",
    "TimePasses": "{minutes} minutes pass by the identity provider's clock",
    "OnDemand": "{who} is provisioned on demand",
    "GroupOnDemand": "the pushed group is provisioned on demand",
    "SignIn": "{who} signs in to the app by SSO",
    "RenamePerson": "{who} gets another name and user name",
    "SyncPassword": "{who} has a new password",
    "GainGrant": "{who} gets the app in one more way",
    "LoseGrant": "{who} loses one of several ways of having the app",
    "Suspend": "{who} is suspended in the directory",
    "Unsuspend": "{who} is no longer suspended",
    "LeaveScope": "{who} falls out of what is provisioned",
    "EnterScope": "{who} is provisioned again by the filter",
}

_ROLES = {
    Role.SETUP: "harness, set-up",
    Role.WITNESS: "harness, witness",
    Role.PREFLIGHT: "harness, preflight",
    Role.PROBE: "probe",
    Role.SECOND_IDP: "another identity provider",
}

_OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
_HARM_RANK = {harm: rank for rank, harm in enumerate(HARMS)}
_LEVEL_RANK = {level: rank for rank, level in enumerate(LEVELS)}


def outcome_rank(outcome: Outcome) -> int:
    """The place of an outcome in the order of severity; 0 is the worst."""
    return _OUTCOME_RANK[outcome]


def harm_rank(harm: Harm) -> int:
    """The place of a harm in the order of harm to people; 0 is the worst."""
    return _HARM_RANK[harm]


def level_rank(level: Level) -> int:
    """The place of a level by how binding it is; 0 binds the most."""
    return _LEVEL_RANK[level]


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The most severe of some outcomes; NOT_APPLICABLE when there are none."""
    return min(outcomes, key=outcome_rank, default=Outcome.NOT_APPLICABLE)


def counts_against(outcome: Outcome) -> bool:
    """Whether a finding with this outcome asks somebody to act (a noted or known one does not)."""
    return outcome in (Outcome.ERROR, Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED)


def idp_title(name: str) -> str:
    """The name that an administrator knows an IdP by."""
    return IDPS.get(name, name.capitalize())


def idps(run: Run) -> list[str]:
    """The IdPs of a run, as they were asked for, then those that its scenarios name besides."""
    asked = [name.partition(":")[0] for name in run.idps]
    return list(dict.fromkeys([*asked, *(result.key.idp for result in run.results if result.key.idp)]))


def sender(key: ScenarioKey) -> str:
    """Who plays the client in a scenario: "Okta (oin)", "Probe", "Recorded client"."""
    if key.kind is Kind.PROBE:
        return "Probe"
    if not key.idp:
        return "Recorded client"
    return f"{idp_title(key.idp)} ({key.variant})" if key.variant else idp_title(key.idp)


def role(role: Role, key: ScenarioKey) -> str:
    """Who sent one exchange, in words."""
    return _ROLES.get(role) or sender(key)


def change(change: Change) -> str:
    """What the administrator did, with the part that it is about."""
    who = "the person" if not change.part else f"the {change.part}"
    where = ", at another identity provider" if change.by else ""
    return f"{CHANGES.get(change.kind, '{who}').format(who=who, **_details(change))}{where} ({change.kind})"


def _details(change: Change) -> dict[str, object]:
    told = {name: value for name, value in vars(change).items() if name not in ("part", "by")}
    return told | ({"on": "on" if told["on"] else "off"} if "on" in told else {})


def many(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 request", "1,204 requests"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def clock(minutes: int) -> str:
    """A time on an IdP's own clock, which starts when the app is connected: "day 2, 03:40"."""
    return f"day {minutes // 1440}, {minutes % 1440 // 60:02d}:{minutes % 60:02d}"
