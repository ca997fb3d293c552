"""Reaching a host before HTTP: its name, its port, its certificate. Nothing is sent beyond a TLS handshake."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


@dataclass(frozen=True)
class Reached:
    """How far it went. ``failed`` is "", "dns", "connect" or "tls"; ``reason`` says why in words.

    ``fault`` names what is wrong with a certificate: "expired", "not-yet-valid", "self-signed", "incomplete", "name",
    "untrusted", "protocol" or "". ``ends`` is when a trusted certificate ends, ``version`` the TLS version.
    ``proxy`` is the proxy that stands in between; then nothing was tried.
    """

    failed: str = ""
    reason: str = ""
    fault: str = ""
    addresses: tuple[str, ...] = ()
    ends: datetime | None = None
    version: str = ""
    proxy: str = ""


_FAULTS = {10: "expired", 9: "not-yet-valid", 18: "self-signed", 19: "untrusted", 20: "incomplete", 21: "incomplete"}
"""What the verification codes of OpenSSL mean here (x509_vfy.h)."""
_WRONG_NAME = (62, 64)


def reach(base_url: str, timeout_s: float, verify: bool | str = True) -> Reached:
    """Look the host up, connect, and shake hands where it is https. ``verify`` as in a Target."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    proxy = getproxies().get(parts.scheme, "")
    if proxy and not proxy_bypass(host):
        return Reached(proxy=urlsplit(proxy).netloc.rpartition("@")[2] or proxy)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = _look_up(host, port, timeout_s)
    except TooLate:
        return Reached("dns", f"the name {host} was not answered within {timeout_s:.0f} s")
    except (OSError, UnicodeError) as error:
        return Reached("dns", f"the name {host} is not known ({_words(error)})")
    try:
        connection = socket.create_connection((host, port), timeout_s)
    except TimeoutError:
        return Reached("connect", f"{host} does not accept a connection on port {port}", addresses=addresses)
    except OSError as error:
        return Reached("connect", f"{host} refuses a connection on port {port} ({_words(error)})", addresses=addresses)
    with connection:
        if parts.scheme != "https":
            return Reached(addresses=addresses)
        return _shake(connection, host, addresses, verify)


def _look_up(host: str, port: int, timeout_s: float) -> tuple[str, ...]:
    # The system's resolver takes no time limit; a name server that is silent must not hold up everything else.
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(timeout_s)
    finally:
        pool.shutdown(wait=False)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _shake(connection: socket.socket, host: str, addresses: tuple[str, ...], verify: bool | str) -> Reached:
    context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        with context.wrap_socket(connection, server_hostname=host) as shaken:
            certificate = shaken.getpeercert() or {}
            version = shaken.version() or ""
    except ssl.SSLCertVerificationError as error:
        wrong_name = error.verify_code in _WRONG_NAME
        fault = "name" if wrong_name else _FAULTS.get(error.verify_code, "untrusted")
        return Reached("tls", error.verify_message, fault, addresses)
    except TimeoutError:
        return Reached("tls", "the handshake was not answered in time", "protocol", addresses)
    except OSError as error:
        return Reached("tls", _words(error), "protocol", addresses)
    ends = certificate.get("notAfter")
    moment = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
    return Reached(addresses=addresses, ends=moment, version=version)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    return getattr(error, "strerror", None) or str(error)
