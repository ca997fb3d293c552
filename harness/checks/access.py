"""Access: whether offboarding is more than a flag. Seen through the hooks of the operator's own product."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import deletion, ends_access, goes_by_name, read_after, state_after
from harness.checks.state import differences, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

GHOST = "Check whether the person may sign in before anything is written: create no account, session or link."


def _left(moment: Moment) -> bool:
    """Whether, by the service's own word, the person is switched off or gone."""
    read = state_after(moment)
    if not ends_access(moment) or read is None or not goes_by_name(moment):
        return False
    deleted = deletion(moment)
    return is_inactive(read.resource) or (read.status == 404 and deleted is not None and deleted.ok)


def access_hook(moment: Moment) -> Exchange | None:
    """The answer of the hook that tells whether access is alive, or None."""
    answer = moment.seen_after(moment.part, Intent.ACCESS, "access")
    return answer if answer is not None and answer.ok and isinstance(answer.json, dict) else None


def _tells(moment: Moment, what: str) -> bool:
    answer = access_hook(moment)
    return _left(moment) and answer is not None and isinstance(member(answer.json, what), str)


def _alive(moment: Moment, what: str, named: str, hint: str) -> Iterator[Finding]:
    answer = access_hook(moment)
    assert answer is not None
    state = member(answer.json, what)
    if state not in ("ended", "none"):
        yield Finding(
            expected=["ended", "none"],
            actual=state,
            at=f"/{what}",
            hint=f"The person is inactive, but {named} still works. {hint}",
            exchange=answer.id,
        )


@judges("ACCESS-01", when=lambda moment: _tells(moment, "session"))
def sessions_end_with_the_account(moment: Moment) -> Iterator[Finding]:
    """Each path to inactive ends the sessions that are open, not only the one that was tested."""
    yield from _alive(moment, "session", "a session in the browser", "End every session when active becomes false.")


@judges("ACCESS-02", when=lambda moment: _tells(moment, "api_token"))
def personal_tokens_end_with_the_account(moment: Moment) -> Iterator[Finding]:
    yield from _alive(
        moment, "api_token", "a personal API token", "Refuse every key and refresh token that belongs to the person."
    )


def _tried_to_sign_in(moment: Moment) -> Exchange | None:
    attempt = moment.seen_after(moment.part, Intent.SIGN_IN, "sign-in-again")
    return attempt if attempt is not None and attempt.answered else None


def _inactive_tried(moment: Moment) -> bool:
    read = state_after(moment)
    left = ends_access(moment) and goes_by_name(moment) and read is not None and is_inactive(read.resource)
    return left and _tried_to_sign_in(moment) is not None


@judges("ACCESS-03", when=_inactive_tried)
def signing_in_again_does_not_help_a_leaver(moment: Moment) -> Iterator[Finding]:
    """The first-sign-in path asks for the state first: it refuses, and it does not reactivate."""
    attempt = _tried_to_sign_in(moment)
    assert attempt is not None
    if not 400 <= attempt.status < 500:
        yield Finding(
            expected=["HTTP 403: sign-in refused"],
            actual=f"HTTP {attempt.status}",
            hint="Refuse the sign-in of an inactive person, also when the identity provider vouches for them.",
            exchange=attempt.id,
            likeness="allowed",
        )
    read = moment.seen_after(moment.part, Intent.READ, "after-sign-in")
    if read is not None and read.resource and not is_inactive(read.resource):
        yield Finding(
            expected=["false after the attempt to sign in"],
            actual=member(read.resource, "active"),
            at="/active",
            hint="A sign-in must never set active: only the IdP's reactivation does.",
            exchange=read.id,
            likeness="reactivated",
        )


def _refused_to_sign_in(moment: Moment) -> bool:
    attempt = _tried_to_sign_in(moment)
    return _inactive_tried(moment) and attempt is not None and 400 <= attempt.status < 500


@judges("ACCESS-04", when=_refused_to_sign_in)
def a_refused_sign_in_leaves_no_ghost(moment: Moment, transcript: Transcript) -> Iterator[Finding]:
    """No second account, no new link: a later lookup still finds one person, and that one is unchanged."""
    attempt = _tried_to_sign_in(moment)
    account = moment.cast[moment.part].account if moment.part in moment.cast else None
    assert attempt is not None
    told = member(attempt.json, "id")
    if member(attempt.json, "created") is True or (
        account is not None and isinstance(told, str) and told != account.id
    ):
        yield Finding(
            expected=["no account is created"],
            actual={"id": told, "created": member(attempt.json, "created")},
            hint=GHOST,
            exchange=attempt.id,
            likeness="created",
        )
    before, after = read_after(moment), moment.seen_after(moment.part, Intent.READ, "after-sign-in")
    if before is not None and after is not None and after.resource and is_inactive(after.resource):
        for difference in differences(before.resource, after.resource):
            yield Finding(
                expected=["the person as before the attempt"],
                actual=str(difference),
                at=difference.pointer,
                hint=GHOST,
                exchange=after.id,
                likeness=difference.pointer,
            )
    for lookup in transcript.exchanges:
        if lookup.intent is Intent.SIGN_IN and lookup.subject == moment.part and lookup.ordinal > attempt.ordinal:
            return  # what is seen from here on may come of that attempt
        later = lookup.ordinal > attempt.ordinal and lookup.intent is Intent.LOOKUP and lookup.subject == moment.part
        if not later or account is None:
            continue
        ids = {str(member(r, "id")) for r in lookup.resources}
        if ids - {account.id}:
            yield Finding(
                expected=["one person with this user name"],
                actual=f"{len(ids)} people" if len(ids) > 1 else f"another person, {ids.pop()}",
                at="/Resources",
                hint=GHOST,
                exchange=lookup.id,
                likeness="second-account",
            )
            return
