"""The texts that Entra's administrator reads: error codes, the frame of an error message, rows of the provisioning log.

Which HTTP status leads to which code is mostly by the codes' names (an older page listed them); such rows are marked
as inferred. The frame of an error text is captured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from harness.model.exchange import Exchange, TroubleKind
from harness.model.outlook import Notice
from harness.model.step import Intent
from simulators.render import PHRASES, identifier, page_of, readable

LOG = "Provisioning logs"
TEST = "Provisioning > Test Connection"
STATUS = "Provisioning > Current cycle status"
ON_DEMAND = "Provision on demand"
MAPPING = "Provisioning > Attribute mapping"

BEGINNING = datetime(2026, 1, 1)
"""The first minute of the job's own calendar. It is the same in every run, so that records can be compared."""

_PREFIX = "SystemForCrossDomainIdentityManagement"
INCOMPATIBLE = f"{_PREFIX}ServiceIncompatible"
UNRESOLVED = "UnableToResolveReferenceAttributeValue"
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
_STEPS = {
    Intent.CREATE: ("Create", "EntryExportAdd"),
    Intent.UPDATE: ("Update", "EntryExportUpdate"),
    Intent.REACTIVATE: ("Update", "EntryExportUpdate"),
    Intent.DEACTIVATE: ("Disable", "EntryExportUpdateSoftDelete"),
    Intent.DELETE: ("Delete", "EntryExportDelete"),
    Intent.GROUP_CREATE: ("Create", "EntryExportAdd"),
    Intent.GROUP_UPDATE: ("Update", "EntryExportUpdate"),
    Intent.GROUP_DELETE: ("Delete", "EntryExportDelete"),
}
_LOOKUPS = (Intent.LOOKUP, Intent.GROUP_LOOKUP)
_READS = (Intent.READ, Intent.GROUP_READ)
_CREATES = (Intent.CREATE, Intent.GROUP_CREATE)
_LONGEST = 500


@dataclass
class Journal:
    """What the job tells its administrator. A job that nobody asks keeps nothing, so that it can run for ever."""

    kept: bool = False
    notices: list[Notice] = field(default_factory=list)

    def write(self, notice: Notice) -> None:
        if self.kept:
            self.notices.append(notice)


def failure(exchange: Exchange) -> tuple[str, bool]:
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


def failed(exchange: Exchange, who: str, retried: int, due: int | None) -> Notice:
    """The row of an object that failed and will be tried again at the minute ``due`` (None: not by itself)."""
    code, inferred = failure(exchange)
    text = f"{who}: {_message(exchange, retried, due)}"
    return Notice(LOG, "Failure", text, code, exchange.id, inferred, step_of(exchange))


def succeeded(exchange: Exchange, who: str) -> Notice | None:
    """The row of an export; None for a call that exports nothing."""
    if exchange.intent not in _STEPS:
        return None
    return Notice(LOG, "Success", f"{_STEPS[exchange.intent][0]} {who}", exchange=exchange.id, step=step_of(exchange))


def skipped(text: str, code: str = "", exchange: Exchange | None = None, inferred: bool = True) -> Notice:
    """The row of an object for which nothing was exported."""
    return Notice(LOG, "Skipped", text, code, exchange.id if exchange else "", inferred, "EntrySynchronizationSkip")


def not_simulated(row: str) -> Notice:
    """A row of the customer's mapping that is left out here; the real job would send it."""
    return Notice(
        MAPPING, "Not simulated", f"This row of the mapping is left out of the rehearsal: {row}", inferred=True
    )


def step_of(exchange: Exchange) -> str:
    """The vendor's name of the step that a call belongs to."""
    if exchange.intent in _STEPS:
        return _STEPS[exchange.intent][1]
    return "EntrySynchronizationAdd" if exchange.intent in _LOOKUPS else "EntryImportUpdate"


def test(exchange: Exchange) -> tuple[str, str, bool]:
    """Code, text and whether that is inferred, for one probe of the connection test; no text when it passed."""
    if exchange.ok and page_of(exchange) is not None:
        return "", "", False
    if exchange.ok:
        return INCOMPATIBLE, f"We were not able to deserialize the resource received: {_body(exchange)}", True
    if exchange.status == 404:
        return INCOMPATIBLE, NOT_FOUND, False
    known = exchange.status == 401
    kind = "Failure" if known else "Unavailable"
    dump = (
        f"Received response from Web resource. Resource: {unquote_plus(exchange.request.url)} Operation: GET "
        f"Response Status Code: {_name(exchange)} Response Headers: Response Content: {_body(exchange)}"
    )
    return f"{_PREFIX}CredentialValidation{kind}", dump, not known and exchange.status < 500


def date(minute: int) -> str:
    """A minute of the job's clock as a date of its own calendar."""
    return (BEGINNING + timedelta(minutes=minute)).isoformat()


def _message(exchange: Exchange, retried: int, due: int | None) -> str:
    if exchange.trouble is not None:
        return exchange.trouble.message
    if exchange.intent in _LOOKUPS and exchange.ok and page_of(exchange):
        return "more than one object of the application matched"
    text = f"StatusCode: {_name(exchange)} Message: {_PHRASE} Web Response: {_body(exchange)}."
    if due is None:
        return text
    again = f"It will be retried again after this date: {date(due)}Z UTC"
    return f"{text} This operation was retried {retried} times. {again}"


def _name(exchange: Exchange) -> str:
    """The .NET name of a status: the reason phrase without its blanks."""
    if exchange.trouble is not None:
        return exchange.trouble.message
    if exchange.ok:
        return "OK"
    return PHRASES.get(exchange.status, str(exchange.status)).replace(" ", "")


def _body(exchange: Exchange) -> str:
    return exchange.body[:_LONGEST].decode("utf-8", "replace")
