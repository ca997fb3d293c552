"""The relay: passes a request on to one service and brings its answer back, unread and unredacted.

It speaks to the host that was named and to no other, follows no redirect, and puts the service's own credential in the
place of the sender's.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import SKIP_HEADER

from harness.model.exchange import Response, Trouble
from harness.model.secret import Secret
from harness.wire.answer import ON_THE_WAY, whole_body
from harness.wire.trouble import trouble_of

Resolver = Callable[[str, int], Sequence[str]]

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"}
    | {"te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers that mean one connection and are never passed on (RFC 9110 §7.6.1)."""

_OURS = HOP_BY_HOP | {"host", "content-length", "authorization", "accept-encoding", "expect", "cookie", "forwarded"}
METADATA = frozenset({"169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"})


class NotPassedOn(ValueError):
    """An address that nothing is passed on to; the message says which and why."""


def looked_at(base_url: str, *, anywhere: bool = False, resolver: Resolver | None = None) -> str:
    """A base URL that may be passed on to, without its trailing slash. Raises NotPassedOn before anything is sent.

    Link-local addresses and those at which clouds hand out credentials are refused unless ``anywhere``.
    """
    parts = urlsplit(base_url.strip())
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise NotPassedOn(
            f"{base_url!r} is no base URL to pass on to: expected https://HOST/PATH and nothing behind it"
        )
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = (resolver or _resolve)(parts.hostname, port)
    except (OSError, ValueError) as error:
        raise NotPassedOn(f"the host {parts.hostname} cannot be found: {error}") from error
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if not anywhere and (mapped.is_link_local or str(mapped) in METADATA or mapped.is_multicast):
            raise NotPassedOn(
                f"{parts.hostname} leads to {text}, an address that networks and clouds keep for themselves; allow it "
                "with --allow-link-local if you are sure"
            )
    return base_url.strip().rstrip("/")


def _resolve(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Relay:
    """Passes on to one service. ``adapter`` is a transport in place of a socket. Safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        verify: bool | str = True,
        timeout_s: float = 60.0,
        max_body: int = 32 * 1024 * 1024,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.base_url = base_url
        self._key = key
        self._verify = verify
        self._timeout_s = timeout_s
        self._max_body = max_body
        self._real = adapter is None
        self._adapter = adapter or HTTPAdapter(pool_connections=4, pool_maxsize=64)

    def close(self) -> None:
        self._adapter.close()

    def pass_on(self, method: str, rest: str, headers: Sequence[tuple[str, str]], body: bytes) -> Response | Trouble:
        """``rest`` is what follows the base URL, as sent."""
        prepared = requests.PreparedRequest()
        prepared.method = method
        # Set past prepare_url on purpose: it would re-encode what the IdP has encoded in its own way.
        prepared.url = self.base_url + rest
        prepared.headers = self._headers(method, headers, body)
        prepared.body = body or None
        prepared.hooks = {"response": []}
        began = time.perf_counter()
        try:
            return self._receive(prepared, began)
        except ON_THE_WAY as error:
            netloc = urlsplit(self.base_url).netloc
            return trouble_of(
                error, netloc, timeout_s=self._timeout_s, deadline_s=self._timeout_s * 2, max_body=self._max_body
            )

    def _headers(self, method: str, given: Sequence[tuple[str, str]], body: bytes) -> Any:
        named = next((value for name, value in given if name.lower() == "connection"), "")
        dropped = _OURS | {word.strip().lower() for word in named.split(",")}
        headers = requests.structures.CaseInsensitiveDict[Any]()
        for name, value in given:
            if name.lower() not in dropped and not name.lower().startswith("x-forwarded-"):
                headers[name] = value
        headers["Authorization"] = f"Bearer {self._key.reveal()}"
        if self._real:
            # A sender that has no such header (Entra sends no User-Agent) must not get the library's.
            for name in ("User-Agent", "Accept-Encoding"):
                headers.setdefault(name, SKIP_HEADER)
        if body or method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(body))
        return headers

    def _receive(self, prepared: requests.PreparedRequest, began: float) -> Response:
        timeouts = (min(10.0, self._timeout_s), self._timeout_s)
        answer = self._adapter.send(prepared, stream=True, timeout=timeouts, verify=self._verify, proxies={})
        body = whole_body(answer, self._max_body, began + self._timeout_s * 2)
        headers = tuple((str(k), str(v)) for k, v in answer.raw.headers.items())
        return Response(answer.status_code, answer.reason or "", headers, body)
