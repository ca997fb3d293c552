"""The pieces that Okta's texts are made of, and the verdict of the connection test."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harness.model.exchange import Exchange, TroubleKind
from simulators.okta.mapping import found_in
from simulators.render import detail_of, phrase_of, readable

TASKS = "Dashboard > Tasks"
LOG = "Reports > System Log"
TEST = "Provisioning > Integration"
IMPORT = "Import"
ASSIGNMENTS = "Assignments"
PUSH = "Push Groups > Errors"

BEFORE_PROVISIONING = (
    "User was assigned this application before Provisioning was enabled and not provisioned in the downstream "
    "application. Click Provision User."
)
_NO_TEST = (
    "The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct "
    "and that there is an implementation available at the URL provided."
)


def passed(variant: str, app: str) -> str:
    return "Connector configured successfully" if variant == "aiw" else f"{app} was verified successfully!"


def verdict(test: Exchange, variant: str) -> tuple[str, bool]:
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


def reason(exchange: Exchange) -> str:
    """Why a call failed: the reason phrase, and the words of the service. A rate limit has a phrase of its own."""
    if exchange.trouble is not None:
        return exchange.trouble.message
    phrase = "Rate Limit Exceeded" if exchange.status == 429 else phrase_of(exchange)
    return f"{phrase}. {remote(exchange)}"


def remote(exchange: Exchange) -> str:
    """The part that Okta takes from the service. A body that is not JSON is told as a fault of its first word."""
    if readable(exchange):
        detail = detail_of(exchange)
    elif word := re.match(rb"\s*(\w+)", exchange.body):
        detail = f"Invalid JSON: Unrecognized token '{word.group(1).decode('ascii')}'"
    else:
        detail = "Invalid JSON: Unexpected character"
    return f"Errors reported by remote server: {detail}"
