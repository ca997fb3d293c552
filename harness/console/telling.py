"""What a run means for somebody who has to decide whether to go live: an answer, what to do, who must act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.diagnosis import Readiness, State
from harness.model.exchange import Exchange, Role
from harness.model.outlook import RemovalState
from harness.model.requirement import Harm
from harness.model.run import Run, ScenarioResult
from harness.model.step import Effect
from harness.model.verdict import Conclusion, Outcome
from reports import words
from reports.html.causes import CauseView, Proof, Screen, Way, cause_views
from reports.html.vendors import vendor_blocks
from reports.text import shortened

GRAVE = (Harm.ACCESS, Harm.LOCKOUT, Harm.LEAK, Harm.SETUP)
"""What must not go live. Anything else can wait for the vendor."""

SENDERS = (Role.IDP, Role.SECOND_IDP, Role.PROBE)
PLACES = ("/active", "/session", "/api_token", "/allowed")
"""Where an answer tells that somebody still has access."""

_SENTENCES = {
    Harm.ACCESS: "People who leave would keep their access.",
    Harm.LOCKOUT: "People would lose access who should keep it.",
    Harm.LEAK: "Data would reach people who must not see it.",
    Harm.SETUP: "The connection cannot be relied on as it is set up now.",
}


@dataclass(frozen=True)
class Leaver:
    """One way of leaving that was tried: what was done, whether access ended, what the identity provider believes."""

    did: str
    idp: str
    state: State
    ended: str
    believes: str
    why: str = ""


@dataclass(frozen=True)
class Trouble:
    """One thing that wants doing. ``why`` is what was seen; ``ways`` say what to do at each identity provider."""

    id: str
    state: State
    harm: str
    meaning: str
    why: str
    who: str
    fix: str
    ways: tuple[Way, ...]
    screens: tuple[Screen, ...]
    seen: tuple[str, ...]
    fact: str
    clause: str


@dataclass(frozen=True)
class Result:
    """The answer and what stands behind it. ``unknown`` are sentences about what was not found out, with what to do."""

    readiness: Readiness
    sentence: str
    leavers: tuple[Leaver, ...]
    troubles: tuple[Trouble, ...]
    minor: int
    unknown: tuple[tuple[str, str], ...]


def result(run: Run) -> Result:
    """The result of a run in the words of an administrator; the verdict of the run stays what it is."""
    views = [view for view in cause_views(run) if words.counts_against(view.cause.outcome)]
    troubles = tuple(_trouble(view) for view in views if _matters(view))
    leavers = tuple(sorted(_leavers(run), key=lambda one: len(one.did)))
    unknown = tuple(_unknown(run, leavers))
    readiness, sentence = _answer(run, views, leavers, unknown)
    return Result(readiness, sentence, leavers, troubles, len(views) - len(troubles), unknown)


def _matters(view: CauseView) -> bool:
    """Whether an administrator has to know of it one by one; the rest is counted, and told in the report."""
    return view.cause.harm is not Harm.FORM


def _answer(
    run: Run, views: list[CauseView], leavers: tuple[Leaver, ...], unknown: tuple[tuple[str, str], ...]
) -> tuple[Readiness, str]:
    grave = [v for v in views if v.cause.harm in GRAVE and v.cause.outcome is Outcome.FAILED]
    kept = [leaver for leaver in leavers if leaver.state is State.WRONG]
    if grave and not kept and leavers and all(v.cause.harm is Harm.ACCESS for v in grave):
        return Readiness.NOT_READY, "Leavers could keep their access: see below what stands in the way."
    if grave:
        return Readiness.NOT_READY, _SENTENCES[min((v.cause.harm for v in grave), key=words.harm_rank)]
    if kept:
        return Readiness.NOT_READY, _SENTENCES[Harm.ACCESS]
    if run.conclusion is Conclusion.UNREACHABLE:
        return Readiness.CANNOT_TELL, "The service could not be asked, so nothing is known about it."
    if not leavers:
        return Readiness.CANNOT_TELL, "Nobody was deactivated in this rehearsal, so nothing is known about leavers."
    if run.conclusion is Conclusion.INCOMPLETE:
        return Readiness.CANNOT_TELL, "Not everything could be tried, so the answer is not safe."
    tried = "whoever left in this rehearsal lost their access"
    if views or unknown:
        return Readiness.READY_WITH_CAVEATS, f"As far as it was tried, {tried}; some things want your attention."
    return Readiness.READY, f"{tried.capitalize()}."


def _leavers(run: Run) -> Iterable[Leaver]:
    ended_well = "Yes" if _asked_for_access(run) else "The account is off"
    for block in vendor_blocks(run):
        for rehearsal, leaver in ((r, one) for r in block.rehearsals for one in r.leavers):
            removal = leaver.removal
            if leaver.contradicted and _goes_on(rehearsal.result):
                state, ended = State.WRONG, "No: the access goes on"
            elif removal.state is RemovalState.DONE:
                state, ended = State.OK, ended_well
            elif removal.state is RemovalState.PENDING:
                state, ended = State.WARNING, "Not yet"
            else:
                state, ended = State.WRONG, "No"
            believes = words.REMOVALS[removal.state].means
            reason = "" if removal.state is RemovalState.DONE else removal.why.partition("; ")[0]
            yield Leaver(rehearsal.result.key.title, block.title, state, ended, believes, reason)


def _goes_on(played: ScenarioResult) -> bool:
    """Whether somebody was seen with access afterwards; other breaches may endanger it, and leave this leaver out."""
    return any(v.outcome is Outcome.FAILED and any(f.at in PLACES for f in v.findings) for v in played.verdicts)


def _trouble(view: CauseView) -> Trouble:
    cause = view.cause
    failed = cause.outcome is Outcome.FAILED and cause.harm in GRAVE
    return Trouble(
        id=cause.id,
        state=State.WRONG if failed else State.WARNING,
        harm=words.HARMS[cause.harm],
        meaning=view.admin or cause.title,
        why=why(view),
        who=cause.who.value,
        fix=view.root.remedy,
        ways=view.ways,
        screens=view.screens,
        seen=_seen(view),
        fact=view.fact,
        clause=f"{view.root.section or view.root.id} ({view.root.id})",
    )


def why(view: CauseView) -> str:
    """What happened, step by step, in words that need no knowledge of the protocol."""
    finding = view.worst.finding
    proof = next((p for p in view.proofs if p.place == view.worst), None)
    write = _write(proof)
    who = words.idp_title(view.worst.key.idp) if view.worst.key.idp else "A client"
    if write is None:
        # What comes behind the first sentence of a hint is advice for developers.
        return f"{(finding.hint or view.root.says).partition('. ')[0].rstrip('.')}."
    did = f"{who} sent “{write.title}”"
    if not write.answered:
        return f"{did}, and no answer came."
    if write.is_error:
        detail = write.json.get("detail") if isinstance(write.json, dict) else ""
        said = f" It said: “{shortened(str(detail), 200)}”." if detail else ""
        failed = "and the service broke down over it" if write.status >= 500 else "and the service refused it"
        return f"{did}, {failed} ({write.status}).{said}"
    if finding.at == "/active" and finding.actual in (True, "true", "True"):
        spelt = b'"False"' in (write.request.body or b"")
        hint = f' {who} writes the word "False"; the service seems to take any word for yes.' if spelt else ""
        return (
            f"{did}, and the service answered that it had worked ({write.status}). Read a moment later, the person was "
            f"still active there.{hint}"
        )
    return f"{did}, and the service answered {write.status}. {finding.hint or view.root.says}"


def _write(proof: Proof | None) -> Exchange | None:
    """The change that a finding is about: the exchange itself, or what was written before it was read."""
    if proof is None:
        return None
    if proof.exchange is not None and proof.exchange.effect is not Effect.READ and proof.exchange.role in SENDERS:
        return proof.exchange
    return proof.evidence.write if proof.evidence is not None else None


def _seen(view: CauseView) -> tuple[str, ...]:
    """In which rehearsals it was seen, the plainest first."""
    keys = {place.key for card in view.cards for place in card.places if place.key.idp}
    ordered = sorted(keys, key=lambda key: (key.story != "leaver", len(key.story), key.id))
    return tuple(dict.fromkeys(key.title for key in ordered)) or (view.worst.key.title,)


def _unknown(run: Run, leavers: tuple[Leaver, ...]) -> Iterable[tuple[str, str]]:
    for waiting in (r for r in run.results if r.outcome in (Outcome.NOT_RUN, Outcome.ERROR)):
        reason = waiting.reason.partition(": name ")[0].removesuffix(".")
        yield f"“{waiting.key.title}” could not be tried: {reason}.", _remedy(waiting.reason)
    if leavers and not _asked_for_access(run):
        yield (
            "The account was switched off, but whether somebody who is signed in at that moment is thrown out was not "
            "seen.",
            "Sign in as a test person in another browser, deactivate that person, and reload the page there: it has to "
            "ask for a new sign-in.",
        )


def _asked_for_access(run: Run) -> bool:
    """Whether it was seen that the access itself ended, and not only that the account was switched off."""
    looked = {v.outcome for v in run.verdicts if v.requirement.startswith("ACCESS-")}
    return bool(looked & {Outcome.PASSED, Outcome.FAILED})


def _remedy(reason: str) -> str:
    if "account" in reason or "allow" in reason or "listed" in reason:
        return "Name test people on the page of the plan (three for a team), agree to the changes, and rehearse again."
    return "Rehearse again; if it stays so, send the report to the vendor of the service."
