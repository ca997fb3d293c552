"""What the Okta administrator sees in the end: the texts of the console, worked out from the exchanges alone.

Okta builds them as "<sentence>: <reason phrase>. Errors reported by remote server: <detail of the service>" (Okta's
help on troubleshooting). Sentences that nobody has published are marked as inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from harness.model.change import Assign, Disable, HardDelete, Reassign, SoftDelete, TestConnection, Unassign
from harness.model.exchange import Exchange, TroubleKind
from harness.model.outlook import Notice, Outlook
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript
from simulators.okta.mapping import found_in
from simulators.render import detail_of, heard, identifier, phrase_of, readable

TASKS = "Dashboard > Tasks"
LOG = "Reports > System Log"
TEST = "Provisioning > Integration"
PUSH = "Push Groups > Errors"

_ASSIGNS = (Assign, Reassign)
_ENDS = (Unassign, Disable, SoftDelete, HardDelete)
_GROUP_INTENTS = (Intent.GROUP_LOOKUP, Intent.GROUP_CREATE, Intent.GROUP_READ, Intent.GROUP_UPDATE, Intent.GROUP_DELETE)
_DONE = {
    Intent.CREATE: "Push new user to external application",
    Intent.UPDATE: "Push user's profile to external application",
    Intent.REACTIVATE: "Push user reactivation in external application",
    Intent.DEACTIVATE: "Push user deactivation to external application",
}
_NO_TEST = (
    "The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct "
    "and that there is an implementation available at the URL provided."
)


def outlook(transcript: Transcript) -> Outlook:
    """The notices of a whole scenario, in order."""
    return Outlook(tuple(notice for moment in transcript.moments for notice in _of(moment, transcript)))


def _of(moment: Moment, transcript: Transcript) -> Iterator[Notice]:
    sent, complete = heard(moment, transcript)
    if isinstance(moment.change, TestConnection):
        yield from _connection(sent, transcript)
        return
    if isinstance(moment.change, _ENDS) and (sent or complete):
        yield Notice(LOG, "Success", "Remove user's application membership")
    groups = [x for x in sent if x.intent in _GROUP_INTENTS]
    users = [x for x in sent if x.intent not in _GROUP_INTENTS]
    yield from _user(moment, users, transcript)
    if complete and users and users[-1].intent is Intent.LOOKUP and isinstance(moment.change, _ASSIGNS):
        yield from _after_lookup(users[-1], moment, transcript)
    yield from _group(groups, transcript)


def _connection(sent: list[Exchange], transcript: Transcript) -> Iterator[Notice]:
    tests = [x for x in sent if x.intent is Intent.CONNECT and not x.tag]
    for test in tests:
        text, inferred = _verdict(test, transcript.scenario.variant)
        status = "Error" if text else "Success"
        yield Notice(TEST, status, text or _passed(transcript), exchange=test.id, inferred=inferred)


def _passed(transcript: Transcript) -> str:
    if transcript.scenario.variant == "aiw":
        return "Connector configured successfully"
    return f"{_app(transcript)} was verified successfully!"


def _verdict(test: Exchange, variant: str) -> tuple[str, bool]:
    """The text of a failed test, "" for a passed one, and whether that text is inferred."""
    if test.trouble is not None:
        host = urlsplit(test.request.url).netloc
        if test.trouble.kind is TroubleKind.TIMEOUT:
            return f"Error authenticating: Connect to {host} failed: Connect timed out", False
        return "Error authenticating: null", test.trouble.kind not in (TroubleKind.DNS, TroubleKind.REFUSED)
    if test.ok:
        # The banner of a catalogue app is not on record.
        return ("", variant != "aiw") if found_in(test) is not None else ("No results for users returned", False)
    if test.status == 404 and not detail_of(test):
        return "Error authenticating: null", False
    return f"Error authenticating: {phrase_of(test)}. {_NO_TEST}", test.status != 401


def _user(moment: Moment, sent: list[Exchange], transcript: Transcript) -> Iterator[Notice]:
    who = _who(moment, transcript)
    for exchange in sent:
        failed = _failure(exchange, moment, transcript)
        if failed:
            yield failed
        elif exchange.ok and exchange.intent in _DONE:
            yield Notice(LOG, "Success", f"{_DONE[exchange.intent]}: {who}", exchange=exchange.id)


def _after_lookup(search: Exchange, moment: Moment, transcript: Transcript) -> Iterator[Notice]:
    """What the lookup led to when no further call followed it."""
    begin = _begin(moment, transcript)
    found = found_in(search)
    if found is None and search.ok:
        # One administrator saw a failed job without a reason; that unreadable counts were the cause is a conclusion.
        text = "Sync user in external application: FAILURE, without a reason"
        yield Notice(LOG, "Failure", text, exchange=search.id, inferred=True)
    elif found == []:
        yield Notice(TASKS, "Task", f"{begin}: Matching user not found", exchange=search.id)
    elif found and isinstance(moment.change, Reassign) and found[0].get("active") is False:
        yield Notice(TASKS, "Task", f"{begin}: User account is inactive", exchange=search.id)
    elif found and not identifier(found[0]):
        text = f"{begin}: the user that was found has no id"
        yield Notice(TASKS, "Task", text, exchange=search.id, inferred=True)
    elif found:
        text = f"Verify user exists in external application: {_who(moment, transcript)}"
        yield Notice(LOG, "Success", text, exchange=search.id)


def _failure(exchange: Exchange, moment: Moment, transcript: Transcript) -> Notice | None:
    """The task that a failed user call leaves behind, or None."""
    who = _who(moment, transcript)
    if exchange.ok:
        if exchange.intent is Intent.CREATE and not identifier(exchange.resource):
            text = f"Error while creating user {who}: Create new user returned empty user."
            return Notice(TASKS, "Task", f"{_begin(moment, transcript)}: {text}", exchange=exchange.id)
        if exchange.intent is Intent.READ and not isinstance(exchange.json, dict):
            sentence, _ = _sentence(exchange, moment, who)
            text = f"{_begin(moment, transcript)}: {sentence}: {_remote(exchange)}"
            return Notice(TASKS, "Task", text, exchange=exchange.id, inferred=True)
        return None
    if exchange.intent is Intent.LOOKUP and exchange.status == 404:
        return None
    sentence, known = _sentence(exchange, moment, who)
    text = f"{_begin(moment, transcript)}: {sentence}: {_reason(exchange)}"
    return Notice(TASKS, "Task", text, exchange=exchange.id, inferred=not known or exchange.trouble is not None)


def _sentence(exchange: Exchange, moment: Moment, who: str) -> tuple[str, bool]:
    """Okta's own sentence about a failed call, and whether somebody has published it."""
    if exchange.intent is Intent.LOOKUP:
        return f"Error while verifying if user {who} exists", True
    if exchange.intent is Intent.CREATE:
        return f"Error while creating user {who}", True
    if exchange.intent is Intent.DEACTIVATE or isinstance(moment.change, _ENDS):
        return f"Error while deactivating user {who}", False
    if exchange.intent is Intent.REACTIVATE:
        return f"Error while reactivating user {who}", False
    return f"Error while trying to push profile update for {who}", exchange.intent is Intent.UPDATE


def _group(sent: list[Exchange], transcript: Transcript) -> Iterator[Notice]:
    name = transcript.cast.team.name if transcript.cast.team else "the group"
    for exchange in sent:
        if exchange.ok:
            if exchange.intent is Intent.GROUP_CREATE and identifier(exchange.resource):
                yield Notice("Push Groups", "Active", name, exchange=exchange.id)
            continue
        if exchange.intent is Intent.GROUP_LOOKUP and exchange.status == 404:
            continue
        begin = f"Unable to update Group Push mapping target App group {name}: "
        if exchange.intent in (Intent.GROUP_LOOKUP, Intent.GROUP_CREATE):
            text = f"{begin}Error while creating user group {name}: {_reason(exchange)}"
            # On record for a SCIM app: 409 to the creation. The others are told in the same frame.
            inferred = exchange.intent is Intent.GROUP_LOOKUP or exchange.status != 409
        else:
            # No colon before the reason: so it stands in the one captured text.
            text = f"{begin}Error while updating user group membership for group {name} {_reason(exchange)}"
            inferred = exchange.status != 501
        yield Notice(PUSH, "Error", text, exchange=exchange.id, inferred=inferred)


def _reason(exchange: Exchange) -> str:
    if exchange.trouble is not None:
        return exchange.trouble.message
    return f"{phrase_of(exchange)}. {_remote(exchange)}"


def _remote(exchange: Exchange) -> str:
    """The part that Okta takes from the service. A body that is not JSON is told as a fault of its first word."""
    if readable(exchange):
        detail = detail_of(exchange)
    elif word := re.match(rb"\s*(\w+)", exchange.body):
        detail = f"Invalid JSON: Unrecognized token '{word.group(1).decode('ascii')}'"
    else:
        detail = "Invalid JSON: Unexpected character"
    return f"Errors reported by remote server: {detail}"


def _begin(moment: Moment, transcript: Transcript) -> str:
    who = _who(moment, transcript)
    if isinstance(moment.change, _ENDS):
        return f"Automatic deprovisioning of user {who} from app {_app(transcript)} failed"
    return f"Automatic provisioning of user {who} to app {_app(transcript)} failed"


def _who(moment: Moment, transcript: Transcript) -> str:
    return transcript.cast[moment.part].person.user_name if moment.part in transcript.cast else moment.part


def _app(transcript: Transcript) -> str:
    """The label of the app. A transcript does not know the customer's, so the host of the service stands for it."""
    return urlsplit(transcript.base_url).hostname or "the app"
