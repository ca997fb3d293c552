"""What to say about the one careful write: whether access ended, whether it came back, whether all is as it was."""

from __future__ import annotations

from dataclasses import dataclass

from harness.doctor.connection import Speaker
from harness.doctor.remedies import where
from harness.ledger import Ledger
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.witness import ENDED, lives

TITLE = "Somebody leaves"
_AGAIN = "scimulator doctor --undo"


@dataclass(frozen=True)
class Done:
    """The lines, in the order in which things happened, and the exchanges."""

    lines: tuple[Line, ...]
    exchanges: tuple[Exchange, ...]


def switched_off(
    speaker: Speaker,
    account: str,
    off: Exchange | None,
    after: Exchange,
    found: Exchange,
    access: Exchange | None,
    notices: tuple[str, ...],
) -> list[Line]:
    """What the deactivation did."""
    proof = tuple(_proof(x) for x in (off, after) if x is not None) + tuple(Proof(n) for n in notices)
    title = f"{TITLE}, as {speaker.vendor.title} does it"
    if off is None:
        told = f"{speaker.vendor.title} would have sent nothing: {account} would keep access, and nobody would be told."
        return [Line("write-nothing-sent", State.WRONG, title, told, _leave(speaker), "customer", evidence=proof)]
    if not after.resource:
        told = (
            f"Whether {account} is switched off is not known: afterwards the service did not show them "
            f"({_status(after)})."
        )
        state = State.WRONG if after.status in (404, 410) else State.COULD_NOT_ASK
        if state is State.WRONG:
            told = (
                f"Switching {account} off made them disappear ({after.status}). When they come back, the identity "
                "provider cannot switch them on again."
            )
        return [Line("write-vanished", state, title, told, "Send this line to the service.", "service", evidence=proof)]
    if after.resource.get("active") is not False:
        return [_not_off(speaker, account, off, title, proof)]
    lines = [
        Line("write-off", State.OK, title, f"{account} was switched off, and the service says so.", evidence=proof)
    ]
    if not off.ok:
        lines[0] = Line(
            "write-off-but-refused",
            State.WARNING,
            title,
            f"{account} was switched off, but the service reported a failure ({_status(off)}). Access ends, and the "
            "identity provider shows an error and tries again.",
            "Send this line to the service.",
            "service",
            evidence=proof,
        )
    return [*lines, *_still_found(account, found), _ended(account, access)]


def _not_off(speaker: Speaker, account: str, off: Exchange, title: str, proof: tuple[Proof, ...]) -> Line:
    if off.ok:
        return Line(
            "write-no-effect",
            State.WRONG,
            title,
            f"The service said yes ({off.status}), and {account} is still switched on. The identity provider believes "
            "that access has ended; it has not, and nobody is told.",
            "Do not go live. Send this line to the service.",
            "service",
            evidence=proof,
        )
    fix = "Send this line to the service."
    if speaker.name == "entra" and speaker.variant == "default" and off.status == 400:
        fix = (
            "The service may not take the way in which Entra ID writes yes and no. Add ?aadOptscim062020 to the end of "
            "the Tenant URL, then look again with --idp entra:aadOptscim062020. (Provision on demand never uses that "
            f"flag.)\n{where('address', ('entra',))}"
        )
    return Line(
        "write-refused",
        State.WRONG,
        title,
        f"The service refused to switch {account} off ({_status(off)}). They would keep access.",
        fix,
        "customer" if "aadOptscim" in fix else "service",
        evidence=proof,
    )


def _still_found(account: str, found: Exchange) -> list[Line]:
    if found.ok and any(str(r.get("userName")).casefold() == account.casefold() for r in found.resources):
        return []
    state = State.WARNING if found.answered else State.COULD_NOT_ASK
    return [
        Line(
            "write-hidden",
            state,
            "While switched off",
            f"While switched off, {account} is not found by name. When they come back, the identity provider takes "
            "them for somebody new and tries to create them.",
            "Send this line to the service.",
            "service",
            evidence=(_proof(found),),
        )
    ]


def _ended(account: str, access: Exchange | None) -> Line:
    title = "Access"
    if access is None:
        return Line(
            "write-access",
            State.NOT_AVAILABLE,
            title,
            f"That {account} is marked as switched off does not show whether open sessions and personal tokens have "
            "ended. We cannot see that from here.",
            "Sign in as that person in a second browser, switch them off in the identity provider, and reload the "
            "page. Or give a hook with --hook access=URL (docs/hooks.md).",
            "customer",
        )
    told = access.json if access.ok and isinstance(access.json, dict) else None
    if told is None:
        what = f"Your hook could not say whether {account} still has access ({_status(access)})."
        fix = "Look at the hook: docs/hooks.md shows what it has to answer."
        return Line("write-access", State.COULD_NOT_ASK, title, what, fix, "customer", evidence=(_proof(access),))
    states = {k: v for k, v in told.items() if k != "userName"}
    shown = Proof(", ".join(f"{kind}: {state}" for kind, state in states.items()), access.id)
    if lives(told):
        alive = ", ".join(kind for kind, state in states.items() if state not in ENDED)
        return Line(
            "write-access-alive",
            State.WRONG,
            title,
            f"{account} is marked as switched off and still gets in ({alive}).",
            "Do not go live. Send this line to the service.",
            "service",
            evidence=(shown,),
        )
    return Line("write-access", State.OK, title, f"Whatever {account} had open has ended.", evidence=(shown,))


def switched_on(speaker: Speaker, account: str, on: Exchange | None, again: Exchange) -> Line:
    """What the return did."""
    title = f"Somebody comes back, as {speaker.vendor.title} does it"
    proof = tuple(_proof(x) for x in (on, again) if x is not None)
    if again.resource.get("active") is True:
        return Line("write-on", State.OK, title, f"{account} was switched on again.", evidence=proof)
    if not again.resource:
        told = f"Whether {account} is switched on again is not known ({_status(again)})."
        return Line("write-on-unknown", State.COULD_NOT_ASK, title, told, who="service", evidence=proof)
    why = f" ({_status(on)})" if on is not None else ""
    return Line(
        "write-on-refused",
        State.WARNING,
        title,
        f"The service did not switch {account} on again{why}. Whoever comes back needs somebody to switch them on by "
        "hand.",
        "Send this line to the service.",
        "service",
        evidence=proof,
    )


def put_back(
    ledger: Ledger, as_before: bool | None, apart: tuple[str, ...], exchanges: list[Exchange], *, undoing: bool
) -> list[Line]:
    """Whether everything is as it was before."""
    title, who = "Put back", ledger.account
    proof = tuple(_proof(x) for x in exchanges[-1:])
    if as_before is None:
        return [
            Line(
                "write-back-unknown",
                State.WRONG,
                title,
                f"It is not known whether {who} is as before: the service did not show them. They may be without "
                "access.",
                f"Run {_AGAIN} as soon as the service answers again; what to put back is kept in {ledger.path}.",
                "customer",
                evidence=proof,
            )
        ]
    if not as_before or "externalId" in apart:
        what = "switched on" if ledger.before.get("active") is True else "switched off"
        return [
            Line(
                "write-not-back",
                State.WRONG,
                title,
                f"{who} could not be put back: {', '.join(apart)} {'is' if len(apart) == 1 else 'are'} not as before. "
                f"Before, they were {what}.",
                f"Put {who} right in the service by hand now, or run {_AGAIN} later; what to put back is kept in "
                f"{ledger.path}.",
                "customer",
                evidence=proof,
            )
        ]
    if apart:
        return [
            Line(
                "write-back-differs",
                State.WARNING,
                title,
                f"{who} has access as before, but switching off and on changed something else: {', '.join(apart)}.",
                "Look at that person in the service, and send this line to it.",
                "service",
                evidence=proof,
            )
        ]
    word = "is as before; what was left behind is put right" if undoing else "is exactly as before"
    return [Line("write-back", State.OK, title, f"{who} {word}.", evidence=proof)]


def nothing_to_undo(base_url: str) -> Line:
    told = f"No look at {base_url} was cut short here; there is nothing to put back."
    return Line("write-back", State.OK, "Put back", told)


def _leave(speaker: Speaker) -> str:
    return f"See to it that leaving is passed on.\n{where('leave', (speaker.name,))}"


def _proof(x: Exchange) -> Proof:
    return Proof(f"{x.method} {x.path}: {_status(x)}", x.id)


def _status(x: Exchange | None) -> str:
    if x is None:
        return "nothing was sent"
    if x.trouble is not None:
        return x.trouble.message
    detail = x.json.get("detail") if isinstance(x.json, dict) else None
    return f"{x.status}: {detail[:160]}" if isinstance(detail, str) and detail else str(x.status)
