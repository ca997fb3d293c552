"""What went wrong, as a SCIM error answer: a sentence, the right keyword, and nothing from inside the server."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from scim2_models import Error, SCIMException
from scim2_server.errors import MethodNotAllowedException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from reference_server.admission import TooMany, Unauthorized
from reference_server.http import Response, error
from reference_server.store.troubles import StoreGone, unusable

LOG = logging.getLogger("reference_server")
LONGEST_DETAIL = 300
RETRY_AFTER_S = 5
"""When a client may come back that was turned away because the store could not be used."""


def failure(exception: Exception) -> Response:
    """The answer to what was raised while serving. An unexpected exception is logged and told as a bare 500."""
    if isinstance(exception, Unauthorized):
        return error(401, exception.detail, headers={"WWW-Authenticate": exception.challenge})
    if isinstance(exception, MethodNotAllowedException):
        return error(405, exception.detail, headers={"Allow": ", ".join(exception.allowed)})
    if isinstance(exception, TooMany):
        return error(429, str(exception.detail), headers={"Retry-After": str(exception.retry_after)})
    if isinstance(exception, SCIMException):
        told = exception.to_error()
        return error(told.status or 400, _sentence(exception), told.scim_type or "")
    if isinstance(exception, RecursionError):
        return error(400, "The request is nested too deeply", "invalidSyntax")
    if isinstance(exception, (StoreGone, NoConnection)) or _broken(exception):
        LOG.error("the store cannot be used: %s", _in_one_line(exception))
        detail = "The service cannot reach its store at the moment; send the request again in a few seconds"
        return error(503, detail, headers={"Retry-After": str(RETRY_AFTER_S)})
    LOG.exception("unexpected", exc_info=exception)
    return error(500, "Something went wrong inside the service; it has been noted")


def _broken(exception: Exception) -> bool:
    return isinstance(exception, DBAPIError) and (exception.connection_invalidated or unusable(exception.orig))


def _in_one_line(exception: Exception) -> str:
    """What the driver says, without the statement and its values, which may be somebody's data."""
    said = exception.orig if isinstance(exception, DBAPIError) else exception
    return f"{type(exception).__name__}: {str(said).strip().partition(chr(10))[0][:LONGEST_DETAIL]}"


def _sentence(exception: SCIMException) -> str:
    cause = exception.__cause__
    if isinstance(cause, ValidationError):
        detail = Error.from_validation_errors(cause)[0].detail or ""
    else:
        detail = str(exception.to_error().detail or exception.detail)
    # A validator's report runs over several lines and names its own make and names; the first line is for people.
    first = detail.strip().partition("\n")[0].removeprefix("Value error, ")
    return (
        first.replace("excluded_attributes", "excludedAttributes")[:LONGEST_DETAIL]
        or "The request cannot be carried out"
    )
