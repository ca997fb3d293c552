"""Access: whether offboarding is more than a flag. Seen through the hooks of the operator's own product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.moments import (
    deletion,
    ends_access,
    goes_by_name,
    read_after,
    read_before,
    restores_access,
    state_after,
)
from harness.checks.state import differences, is_active, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
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
    """The last answer of the hook that tells whether access is alive, or None: it is asked for a while."""
    asked = [x for x in moment.after if x.intent is Intent.ACCESS and x.subject == moment.part]
    asked = [x for x in asked if x.tag in ("access", "access-later")]
    answer = asked[-1] if asked else None
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


def _kinds(moment: Moment) -> list[str]:
    """The kinds of access beside the session that the hook tells of: api_token, refresh_token, ssh_key ..."""
    answer = access_hook(moment)
    told = answer.json if answer is not None else {}
    return sorted(k for k, v in told.items() if k not in ("userName", "session") and isinstance(v, str))


@judges("ACCESS-02", when=lambda moment: _left(moment) and bool(_kinds(moment)))
def personal_tokens_end_with_the_account(moment: Moment) -> Iterator[Finding]:
    hint = "Refuse every key, refresh token and device that belongs to the person."
    for kind in _kinds(moment):
        named = "a personal API token" if kind == "api_token" else f"a {kind}"
        yield from _alive(moment, kind, named, hint)


FIVE_MINUTES_S = 300


def _asked_at_first(moment: Moment) -> Exchange | None:
    first = moment.seen_after(moment.part, Intent.ACCESS, "access")
    return first if _left(moment) and first is not None and first.ok and isinstance(first.json, dict) else None


@judges("ACCESS-05", when=lambda moment: _asked_at_first(moment) is not None)
def access_ends_in_good_time(moment: Moment) -> Iterator[Finding]:
    """At once, or while the Witness goes on asking: a leaver must not wait for a session to run out."""
    last = access_hook(moment)
    alive = sorted(k for k in ("session", *_kinds(moment)) if last is not None and _lives(member(last.json, k)))
    if last is not None and alive:
        later = sum(x.tag == "access-later" for x in moment.after)
        yield Finding(
            expected=[f"no access within {FIVE_MINUTES_S // 60} minutes of the request"],
            actual=f"{', '.join(alive)} still alive" + (f" after {later} more questions" if later else ""),
            at=f"/{alive[0]}",
            hint="End sessions and tokens when active becomes false, not when they run out.",
            exchange=last.id,
        )


def _lives(state: Any) -> bool:
    return isinstance(state, str) and state not in ("ended", "none")


def _back(moment: Moment, intent: Intent, tag: str) -> Exchange | None:
    """What a hook told after a reactivation, where the person reads active; None when it was not asked."""
    answer = moment.seen_after(moment.part, intent, tag)
    read = state_after(moment)
    here = restores_access(moment) and read is not None and is_active(read.resource) and goes_by_name(moment)
    return answer if here and answer is not None and answer.answered else None


@judges("ACCESS-06", when=lambda moment: _back(moment, Intent.SIGN_IN, "sign-in-back") is not None)
def whoever_is_back_can_sign_in(moment: Moment) -> Iterator[Finding]:
    """Into the same account: what they had before is theirs again."""
    attempt, read = _back(moment, Intent.SIGN_IN, "sign-in-back"), state_after(moment)
    assert attempt is not None
    assert read is not None
    same = member(attempt.json, "id") in (None, member(read.resource, "id"))
    if not attempt.ok or member(attempt.json, "allowed") is False or not same:
        yield Finding(
            expected=["the sign-in is allowed, into the account that was reactivated"],
            actual=f"HTTP {attempt.status}" if same else f"another account, {as_json(member(attempt.json, 'id'))}",
            hint="Keep the link between the account and the identity provider when somebody is deactivated.",
            exchange=attempt.id,
            likeness="refused" if same else "another",
        )


@judges("ACCESS-07", when=lambda moment: _back(moment, Intent.ACCESS, "access-back") is not None)
def old_sessions_do_not_come_back(moment: Moment) -> Iterator[Finding]:
    """Asked before the person signs in anew: a browser that was lost in between must stay outside."""
    answer = _back(moment, Intent.ACCESS, "access-back")
    assert answer is not None
    told = answer.json if isinstance(answer.json, dict) else {}
    alive = sorted(k for k, v in told.items() if k != "userName" and _lives(v))
    if alive and _ended_before(moment):
        yield Finding(
            expected=["ended", "none"],
            actual=f"{', '.join(alive)} alive again",
            at=f"/{alive[0]}",
            hint="End sessions and tokens for good: mark them ended instead of looking at active alone.",
            exchange=answer.id,
        )


def _ended_before(moment: Moment) -> bool:
    """Whether the person had been seen inactive: only then was there anything to end."""
    read = read_before(moment)
    return read is not None and is_inactive(read.resource)


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
