"""What the Okta administrator sees in the end: the texts of the console, worked out from the exchanges alone.

Okta builds them as "<sentence>: <reason phrase>. Errors reported by remote server: <detail of the service>" (Okta's
help on troubleshooting). Sentences that nobody has published are marked as inferred. The code of a line in the System
Log is the type of the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from harness.model.change import Feature, Reassign, Switch, TestConnection
from harness.model.exchange import Exchange
from harness.model.outlook import Notice, Outlook
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript
from simulators.okta.history import ASSIGNS, History
from simulators.okta.mapping import found_in
from simulators.okta.push_outlook import push_notices
from simulators.okta.texts import (
    ASSIGNMENTS,
    BEFORE_PROVISIONING,
    IMPORT,
    LOG,
    TASKS,
    TEST,
    passed,
    reason,
    remote,
    verdict,
)
from simulators.render import identifier, retry_after

_GROUP_INTENTS = (Intent.GROUP_LOOKUP, Intent.GROUP_CREATE, Intent.GROUP_READ, Intent.GROUP_UPDATE, Intent.GROUP_DELETE)

_EVENTS = {
    Intent.LOOKUP: ("application.provision.user.verify_exists", "Verify user exists in external application"),
    Intent.CREATE: ("application.provision.user.push", "Push new user to external application"),
    Intent.UPDATE: ("application.provision.user.push_profile", "Push user's profile to external application"),
    Intent.READ: ("application.provision.user.push_profile", "Push user's profile to external application"),
    Intent.REACTIVATE: ("application.provision.user.reactivate", "Push user reactivation in external application"),
    Intent.DEACTIVATE: ("application.provision.user.deactivate", "Push user deactivation to external application"),
}
_PASSWORD = ("application.provision.user.push_password", "Push user's password to external application")
_SYNC = ("application.provision.user.sync", "Sync user in external application")
_REMOVED = ("application.user_membership.remove", "Remove user's application membership")
_BOX = "application.lifecycle.update"


def outlook(transcript: Transcript) -> Outlook:
    """The notices of a whole scenario, in order, and what became of each leaver."""
    history = History(transcript)
    notices = [
        replace(notice, at=history.clock)
        for moment, sent, complete in history.moments()
        for notice in _of(moment, sent, complete, history)
    ]
    return Outlook(tuple(notices), tuple(history.removals.values()))


def _of(moment: Moment, sent: list[Exchange], complete: bool, history: History) -> Iterator[Notice]:
    change = moment.change
    if isinstance(change, TestConnection):
        yield from _connection(sent, history)
        return
    if isinstance(change, Switch):
        yield from _box(change)
    if history.left and (sent or complete):
        yield Notice(LOG, "Success", _REMOVED[1], _REMOVED[0])
    if isinstance(change, ASSIGNS) and change.part in history.unprovisioned:
        yield Notice(ASSIGNMENTS, "Error", BEFORE_PROVISIONING)
    groups = [x for x in sent if x.intent in _GROUP_INTENTS]
    lists = [x for x in sent if x.intent is Intent.LIST]
    users = [x for x in sent if x.intent not in (*_GROUP_INTENTS, Intent.LIST)]
    searches = [x for x in users if x.intent is Intent.LOOKUP]
    sought = {x.subject for x in searches}
    for exchange in users:
        pushing = exchange.intent in (Intent.READ, Intent.UPDATE) and exchange.subject not in sought
        yield from _user(exchange, moment, history, pushing)
    for search in searches:
        follows = [x for x in users if x.subject == search.subject and x.ordinal > search.ordinal]
        if complete and not follows:
            yield from _after_lookup(search, moment, history)
    yield from _import([*lists, *(x for x in groups if lists)])
    yield from push_notices([x for x in groups if not lists], moment, history)


def _connection(sent: list[Exchange], history: History) -> Iterator[Notice]:
    variant = history.transcript.scenario.variant
    for test in (x for x in sent if x.intent is Intent.CONNECT and not x.tag):
        text, inferred = verdict(test, variant)
        status = "Error" if text else "Success"
        yield Notice(TEST, status, text or passed(variant, history.app), exchange=test.id, inferred=inferred)


def _box(switch: Switch) -> Iterator[Notice]:
    """Ticking and unticking Deactivate Users is on record in the System Log; of other boxes it is not known."""
    if switch.feature is Feature.DEACTIVATE:
        text = "Deprovisioning unassigned users" if switch.on else "Stop deprovisioning unassigned users"
        yield Notice(LOG, "Success", text, _BOX)


def _import(sent: list[Exchange]) -> Iterator[Notice]:
    for exchange in sent:
        if not exchange.ok or found_in(exchange) is None:
            yield Notice(IMPORT, "Error", f"Import failed: {reason(exchange)}", exchange=exchange.id, inferred=True)


def _user(exchange: Exchange, moment: Moment, history: History, pushing: bool) -> Iterator[Notice]:
    """What one call about a person shows: a line in the System Log, and a task when it failed.

    ``pushing``: the call belongs to a profile push by itself, not to an assignment.
    """
    event, words = _event(exchange, moment)
    who = history.user_name(exchange.subject)
    failed = _failure(exchange, who, history)
    if failed is None:
        if exchange.ok and exchange.intent not in (Intent.LOOKUP, Intent.READ):
            yield Notice(LOG, "Success", f"{words}: {who}", event, exchange.id)
        return
    sentence, why, inferred = failed
    text = f"{_begin(exchange, history, pushing)}: {sentence}: {why}"
    yield Notice(TASKS, "Task", text, exchange=exchange.id, inferred=inferred)
    if exchange.intent is Intent.READ and exchange.subject in history.gone:
        event, words = _EVENTS[Intent.DEACTIVATE]
    created = exchange.intent is Intent.CREATE
    unknown = not created or exchange.trouble is not None
    yield Notice(LOG, "Failure", f"{words} FAILURE: {why}", event, exchange.id, inferred=unknown)
    if created:
        yield Notice(LOG, "Failure", f"{_SYNC[1]} FAILURE: {why}", _SYNC[0], exchange.id, inferred=unknown)
    seconds = retry_after(exchange) if exchange.status == 429 else None
    if seconds is not None:
        text = f"{words}: Okta sends it again by itself after {seconds:.0f} seconds"
        yield Notice(LOG, "Deferred", text, event, exchange.id, inferred=True)


def _event(exchange: Exchange, moment: Moment) -> tuple[str, str]:
    if exchange.title == "Push the password":
        return _PASSWORD
    if exchange.intent is Intent.DEACTIVATE and isinstance(moment.change, Reassign):
        # The profile push after a quick return, which still says inactive: to Okta it is a profile push.
        return _EVENTS[Intent.UPDATE]
    return _EVENTS.get(exchange.intent, _SYNC)


def _after_lookup(search: Exchange, moment: Moment, history: History) -> Iterator[Notice]:
    """What the lookup led to when no further call followed it."""
    begin = _begin(search, history)
    found = found_in(search)
    if found is None and search.ok:
        # One administrator saw a failed job without a reason; that unreadable counts were the cause is a conclusion.
        text = f"{_SYNC[1]}: FAILURE, without a reason"
        yield Notice(LOG, "Failure", text, _SYNC[0], search.id, inferred=True)
    elif found == []:
        yield Notice(TASKS, "Task", f"{begin}: Matching user not found", exchange=search.id)
    elif found and isinstance(moment.change, Reassign) and found[0].get("active") is False:
        yield Notice(TASKS, "Task", f"{begin}: User account is inactive", exchange=search.id)
    elif found and not identifier(found[0]):
        text = f"{begin}: the user that was found has no id"
        yield Notice(TASKS, "Task", text, exchange=search.id, inferred=True)
    elif found:
        event, words = _EVENTS[Intent.LOOKUP]
        yield Notice(LOG, "Success", f"{words}: {history.user_name(search.subject)}", event, search.id)


def _failure(exchange: Exchange, who: str, history: History) -> tuple[str, str, bool] | None:
    """Okta's sentence about a failed call, why it failed, and whether the text is inferred; None when it worked."""
    sentence, known = _sentence(exchange, who, history)
    if not exchange.ok:
        if exchange.intent is Intent.LOOKUP and exchange.status == 404:
            return None
        if exchange.intent is Intent.READ and exchange.status == 404 and exchange.subject not in history.gone:
            # On record for people who were deleted at the service; that the read is answered with 404 then is a
            # conclusion.
            return sentence, f"No user returned for user {unquote(exchange.path.rpartition('/')[2])}", True
        return sentence, reason(exchange), not known or exchange.trouble is not None
    if exchange.intent is Intent.CREATE and not identifier(exchange.resource):
        return sentence, "Create new user returned empty user.", False
    if exchange.intent is Intent.READ and not isinstance(exchange.json, dict):
        return sentence, remote(exchange), True
    return None


def _sentence(exchange: Exchange, who: str, history: History) -> tuple[str, bool]:
    """Okta's own sentence about a failed call, and whether somebody has published it."""
    if exchange.intent is Intent.LOOKUP:
        return f"Error while verifying if user {who} exists", True
    if exchange.intent is Intent.CREATE:
        return f"Error while creating user {who}", True
    if exchange.subject in history.gone:
        return f"Error while deactivating user {who}", False
    if exchange.intent is Intent.REACTIVATE:
        return f"Error while reactivating user {who}", False
    if exchange.title == "Push the password":
        return f"Error while trying to push password update for {who}", False
    return f"Error while trying to push profile update for {who}", exchange.intent is not Intent.READ


def _begin(exchange: Exchange, history: History, pushing: bool = False) -> str:
    who = history.user_name(exchange.subject)
    if exchange.subject in history.gone:
        return f"Automatic deprovisioning of user {who} from app {history.app} failed"
    if pushing:
        return f"Automatic profile push of user {who} to app {history.app} failed"
    return f"Automatic provisioning of user {who} to app {history.app} failed"
