"""What the Entra administrator sees in the end: provisioning log rows, connection tests and quarantine.

Worked out from the exchanges alone. The log speaks in error codes (an older page listed them); which HTTP status
leads to which code is mostly by their names, and such rows are marked as inferred. The frame of an error text is
captured.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_plus, urlsplit

from harness.model.change import Change, Disable, SoftDelete, TestConnection, Unassign
from harness.model.exchange import Exchange, TroubleKind
from harness.model.outlook import Notice, Outlook
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript
from simulators.render import PHRASES, heard, identifier, page_of, readable

LOG = "Provisioning logs"
TEST = "Provisioning > Test Connection"
STATUS = "Provisioning > Current cycle status"

_PREFIX = "SystemForCrossDomainIdentityManagement"
INCOMPATIBLE = f"{_PREFIX}ServiceIncompatible"
NOT_FOUND = (
    "An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response. To address this issue, "
    "ensure that the tenant URL is correct. The tenant URL is usually in a format like: https://<>/scim. If this does "
    "not resolve the issue, contact the application developer to ensure their SCIM endpoint conforms with the protocol "
    "https://tools.ietf.org/html/rfc7644#section-3.4.2"
)
_PHRASE = (
    "Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' "
    "property of this exception for details."
)
_CODES = {
    400: f"{_PREFIX}BadRequest",
    401: "Unauthorized",
    403: "InsufficientRights",
    404: "InvalidAnchor",
    405: "MethodNotAllowed",
    409: f"{_PREFIX}ServiceIncompatibleFiltering",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    500: "InternalServerError",
    501: "NotImplemented",
}
_ON_RECORD = (400, 404, 409)
_ACTIONS = {
    Intent.CREATE: "Create",
    Intent.UPDATE: "Update",
    Intent.REACTIVATE: "Update",
    Intent.DEACTIVATE: "Disable",
    Intent.DELETE: "Delete",
    Intent.GROUP_CREATE: "Create",
    Intent.GROUP_UPDATE: "Update",
    Intent.GROUP_DELETE: "Delete",
}
_LOOKUPS = (Intent.LOOKUP, Intent.GROUP_LOOKUP)
_READS = (Intent.READ, Intent.GROUP_READ)
_CREATES = (Intent.CREATE, Intent.GROUP_CREATE)
_DISABLES = (Unassign, Disable, SoftDelete)
_LONGEST = 500


def outlook(transcript: Transcript) -> Outlook:
    """The notices of a whole scenario, in order. The job is quarantined once, whatever goes on failing."""
    notices: list[Notice] = []
    for moment in transcript.moments:
        for notice in _of(moment, transcript):
            quarantined = notice.status == "Quarantine" and any(n.status == "Quarantine" for n in notices)
            if not quarantined:
                notices.append(notice)
    return Outlook(tuple(notices))


def _of(moment: Moment, transcript: Transcript) -> Iterator[Notice]:
    sent, complete = heard(moment, transcript)
    if isinstance(moment.change, TestConnection):
        yield from _connection(sent)
        return
    who = _who(moment, transcript)
    if not sent and complete and isinstance(moment.change, _DISABLES):
        text = f"{who} is not linked, so nothing was sent"
        yield Notice(LOG, "Skipped", text, "NotEffectivelyEntitled", inferred=True)
    for exchange in sent:
        yield from _row(exchange, who)
    if sent and complete:
        yield from _skipped(sent[-1], moment.change, who)


def _connection(sent: list[Exchange]) -> Iterator[Notice]:
    for exchange in sent:
        code, text, inferred = _test(exchange)
        if text:
            yield Notice(TEST, "Failure", text, code, exchange=exchange.id, inferred=inferred)
            return
    if sent:
        text = "The supplied credentials are authorized to enable provisioning"
        yield Notice(TEST, "Success", text, exchange=sent[-1].id)


def _test(exchange: Exchange) -> tuple[str, str, bool]:
    """Code, text and whether that is inferred, for one probe of the connection test; no text when it passed."""
    if exchange.ok and page_of(exchange) is not None:
        return "", "", False
    if exchange.ok:
        return INCOMPATIBLE, f"We were not able to deserialize the resource received: {_body(exchange)}", True
    if exchange.status == 404:
        return INCOMPATIBLE, NOT_FOUND, False
    known = exchange.status == 401
    failure = "Failure" if known else "Unavailable"
    dump = (
        f"Received response from Web resource. Resource: {unquote_plus(exchange.request.url)} Operation: GET "
        f"Response Status Code: {_name(exchange)} Response Headers: Response Content: {_body(exchange)}"
    )
    return f"{_PREFIX}CredentialValidation{failure}", dump, not known and exchange.status < 500


def _row(exchange: Exchange, who: str) -> Iterator[Notice]:
    """What one call of a cycle leaves in the log, and whether it puts the job into quarantine."""
    if exchange.intent is Intent.CONNECT:
        code, text, inferred = _test(exchange)
        if text:
            yield Notice(STATUS, "Quarantine", text, "EncounteredQuarantineException", exchange.id, inferred)
        return
    if exchange.intent in _LOOKUPS and exchange.status == 404:
        yield Notice(STATUS, "Quarantine", NOT_FOUND, "EncounteredQuarantineException", exchange=exchange.id)
        return
    code, inferred = _code(exchange)
    if code:
        yield Notice(LOG, "Failure", f"{who}: {_message(exchange)}", code, exchange=exchange.id, inferred=inferred)
    elif exchange.intent in _ACTIONS:
        yield Notice(LOG, "Success", f"{_ACTIONS[exchange.intent]} {who}", exchange=exchange.id)
    if exchange.status == 401:
        text = "The credentials were refused by the application"
        yield Notice(STATUS, "Quarantine", text, "EncounteredQuarantineException", exchange.id, True)


def _code(exchange: Exchange) -> tuple[str, bool]:
    """The error code of one call, "" when it went well, and whether the code is inferred."""
    if exchange.trouble is not None:
        return ("Timeout" if exchange.trouble.kind is TroubleKind.TIMEOUT else "WebExceptionProtocolError"), True
    if not exchange.ok:
        if exchange.intent in _CREATES and exchange.status == 409:
            return "EntryConflict", False
        if exchange.intent in _CREATES and exchange.status == 404:
            return INCOMPATIBLE, True
        inferred = exchange.status not in _ON_RECORD or exchange.intent is Intent.DELETE
        return _CODES.get(exchange.status, INCOMPATIBLE), inferred
    if exchange.intent in _LOOKUPS:
        page = page_of(exchange)
        if page is None:
            return INCOMPATIBLE, False
        return ("DuplicateTargetEntries", False) if len(page) > 1 else ("", False)
    if exchange.intent in _READS and not exchange.resource:
        return INCOMPATIBLE, False
    if exchange.intent in _CREATES and not identifier(exchange.resource):
        return INCOMPATIBLE, True
    return ("", False) if readable(exchange) else (INCOMPATIBLE, False)


def _skipped(last: Exchange, change: Change, who: str) -> Iterator[Notice]:
    """The row for a cycle that read and then sent nothing."""
    if _code(last)[0] or last.status == 404:
        return
    active = str(last.resource.get("active")).lower()
    if last.intent is Intent.READ and isinstance(change, _DISABLES) and active != "false":
        text = f"{who} is active, but Update is not ticked among the target object actions"
        yield Notice(LOG, "Skipped", text, exchange=last.id, inferred=True)
    elif last.intent is Intent.READ:
        yield Notice(LOG, "Skipped", f"{who} is in step already", "RedundantExport", exchange=last.id)
    elif last.intent is Intent.LOOKUP and page_of(last):
        text = f"{who} was found and linked, and is in step already"
        yield Notice(LOG, "Skipped", text, "RedundantExport", exchange=last.id, inferred=True)
    elif last.intent is Intent.LOOKUP:
        text = f"{who} was not found, and Create is not ticked among the target object actions"
        yield Notice(LOG, "Skipped", text, exchange=last.id, inferred=True)


def _message(exchange: Exchange) -> str:
    if exchange.trouble is not None:
        return exchange.trouble.message
    if exchange.intent in _LOOKUPS and exchange.ok and page_of(exchange):
        return "more than one object of the application matched"
    # The real text goes on with the date of the next attempt, which only the job itself knows.
    return (
        f"StatusCode: {_name(exchange)} Message: {_PHRASE} Web Response: {_body(exchange)}. "
        "This operation was retried 0 times."
    )


def _name(exchange: Exchange) -> str:
    """The .NET name of a status: the reason phrase without its blanks."""
    if exchange.trouble is not None:
        return exchange.trouble.message
    if exchange.ok:
        return "OK"
    return PHRASES.get(exchange.status, str(exchange.status)).replace(" ", "")


def _body(exchange: Exchange) -> str:
    return exchange.body[:_LONGEST].decode("utf-8", "replace")


def _who(moment: Moment, transcript: Transcript) -> str:
    if moment.part in transcript.cast:
        return transcript.cast[moment.part].person.user_name
    if transcript.cast.team is not None:
        return transcript.cast.team.name
    return urlsplit(transcript.base_url).hostname or "the app"
