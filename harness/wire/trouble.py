"""Turns what a transport raises into Trouble: what happened, in words that say what to do next."""

from __future__ import annotations

import requests
import urllib3.exceptions as raised

from harness.model.exchange import Trouble, TroubleKind


class TooLarge(Exception):
    """The answer went past the limit and the rest was not read."""


class TooSlow(Exception):
    """The whole answer took longer than the deadline."""


def trouble_of(error: Exception, host: str, *, timeout_s: float, deadline_s: float, max_body: int) -> Trouble:
    """Explain a transport error. ``host`` is host and port as the operator wrote them."""
    causes = list(_chain(error))
    if isinstance(error, TooLarge):
        return Trouble(
            TroubleKind.TOO_LARGE,
            f"{host} sent more than {max_body / 1024 / 1024:.0f} MiB in one answer; the rest was not read",
            "does the base URL point at a SCIM endpoint? a SCIM service answers in pages",
        )
    if isinstance(error, TooSlow):
        return Trouble(
            TroubleKind.TIMEOUT,
            f"{host} had not finished its answer after {deadline_s:.0f} s",
            "is the service overloaded? --timeout changes the limit",
        )
    if any(isinstance(c, raised.NameResolutionError) for c in causes):
        return Trouble(
            TroubleKind.DNS,
            f"the name {host} is not known in DNS",
            "check the host name in the base URL for a typing error",
        )
    if isinstance(error, requests.exceptions.SSLError) or any(isinstance(c, raised.SSLError) for c in causes):
        return Trouble(
            TroubleKind.TLS,
            f"the TLS certificate of {host} is not trusted: {_tls_reason(causes)}",
            "give an internal authority's file with --ca-bundle FILE; IdPs accept public authorities only",
        )
    if isinstance(error, requests.exceptions.Timeout | raised.TimeoutError | TimeoutError):
        where = "accept the connection" if isinstance(error, requests.exceptions.ConnectTimeout) else "send anything"
        return Trouble(
            TroubleKind.TIMEOUT,
            f"{host} did not {where} within {timeout_s:.0f} s",
            "is a firewall in between, or is the service hanging? --timeout changes the limit",
        )
    if any(isinstance(c, ConnectionRefusedError) for c in causes):
        return Trouble(
            TroubleKind.REFUSED,
            f"nothing listens at {host}: the connection was refused",
            "is the service running, and is the port in the base URL right?",
        )
    if isinstance(error, requests.exceptions.ContentDecodingError) or any(
        isinstance(c, raised.DecodeError) for c in causes
    ):
        return Trouble(
            TroubleKind.PROTOCOL,
            f"{host} announced a Content-Encoding that its answer does not have",
            "look at proxies and compression in front of the service",
        )
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Trouble(TroubleKind.PROTOCOL, f"the URL cannot be used: {error}", "expected https://HOST/PATH")
    if any(isinstance(c, ConnectionError | raised.ProtocolError) for c in causes) or isinstance(
        error, requests.exceptions.ConnectionError
    ):
        return Trouble(
            TroubleKind.RESET,
            f"{host} closed the connection before it had answered",
            "look at the log of the service or of the proxy in front of it",
        )
    return Trouble(TroubleKind.PROTOCOL, f"the answer of {host} is not readable HTTP: {type(error).__name__}")


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    queue: list[BaseException] = [error]
    while queue and len(found) < 32:
        current = queue.pop(0)
        if current in found:
            continue
        found.append(current)
        queue.extend(
            c
            for c in (current.__cause__, current.__context__, getattr(current, "reason", None))
            if isinstance(c, BaseException)
        )
        queue.extend(a for a in current.args if isinstance(a, BaseException))
    return found


def _tls_reason(causes: list[BaseException]) -> str:
    for cause in causes:
        reason = getattr(cause, "verify_message", None)
        if reason:
            return str(reason)
    return "the handshake failed"
