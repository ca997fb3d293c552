"""What went wrong, as a SCIM error answer: a sentence, the right keyword, and nothing from inside the server."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from scim2_models import Error, SCIMException
from scim2_server.errors import MethodNotAllowedException

from reference_server.admission import Unauthorized
from reference_server.http import Response, error

LOG = logging.getLogger("reference_server")
LONGEST_DETAIL = 300


def failure(exception: Exception) -> Response:
    """The answer to what was raised while serving. An unexpected exception is logged and told as a bare 500."""
    if isinstance(exception, Unauthorized):
        return error(401, exception.detail, headers={"WWW-Authenticate": exception.challenge})
    if isinstance(exception, MethodNotAllowedException):
        return error(405, exception.detail, headers={"Allow": ", ".join(exception.allowed)})
    if isinstance(exception, SCIMException):
        told = exception.to_error()
        return error(told.status or 400, _sentence(exception), told.scim_type or "")
    if isinstance(exception, RecursionError):
        return error(400, "The request is nested too deeply", "invalidSyntax")
    LOG.exception("unexpected", exc_info=exception)
    return error(500, "Something went wrong inside the service; it has been noted")


def _sentence(exception: SCIMException) -> str:
    cause = exception.__cause__
    if isinstance(cause, ValidationError):
        detail = Error.from_validation_errors(cause)[0].detail or ""
    else:
        detail = str(exception.to_error().detail or exception.detail)
    # A validator's report runs over several lines and names its own make; the first line is for people.
    first = detail.strip().partition("\n")[0]
    return first[:LONGEST_DETAIL] or "The request cannot be carried out"
