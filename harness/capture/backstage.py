"""Backstage: who really answers a captured request, a preset of the reference server or the customer's own service."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

from harness.model.exchange import Response, Trouble
from harness.model.secret import Secret
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.relay import Relay

BASE = "/scim/v2"
"""Where the capture serves SCIM, whoever answers."""


class Backstage(Protocol):
    """Answers what was let in. ``base_url`` is the service behind, "" for the reference server."""

    base_url: str
    key: Secret

    def answer(
        self, method: str, rest: str, headers: Sequence[tuple[str, str]], body: bytes, origin: str
    ) -> Response | Trouble:
        """``rest`` is what follows BASE, as sent; ``origin`` the scheme and host that the sender used."""
        ...

    def close(self) -> None: ...


class Embedded:
    """A reference server of this process; ``people`` have signed in to it by SSO beforehand. Raises PresetError."""

    base_url = ""

    def __init__(self, preset: str, people: Iterable[str] = (), defects: Iterable[str] = ()) -> None:
        # Imported here: a capture that passes on needs no server.
        from reference_server.app import ReferenceServer
        from reference_server.jit import SignIn

        self._server = ReferenceServer(preset, defects)
        tenant = self._server.add_tenant("Capture", "it@capture.example")
        for name in people:
            # Okta misses a mail address where there is none; an SSO tells one.
            mail = name if "@" in name else ""
            self._server.behaviour.sign_in(tenant.id, SignIn(name, email=mail))
        self.key = Secret(tenant.api_key, "embedded reference server")
        self._adapter = WsgiAdapter(self._server.wsgi)
        self._lock = threading.Lock()

    def answer(
        self, method: str, rest: str, headers: Sequence[tuple[str, str]], body: bytes, origin: str
    ) -> Response | Trouble:
        # Addresses in replies have to begin as the sender knows them.
        relay = Relay((origin or f"http://{HOST}") + BASE, self.key, adapter=self._adapter)
        with self._lock:
            return relay.pass_on(method, rest, headers, body)

    def close(self) -> None:
        self._server.close()


class PassedOn:
    """The customer's own service behind ``base_url``, which was looked at before."""

    def __init__(self, base_url: str, key: Secret, *, verify: bool | str = True) -> None:
        self.base_url = base_url
        self.key = key
        self._relay = Relay(base_url, key, verify=verify)

    def answer(
        self, method: str, rest: str, headers: Sequence[tuple[str, str]], body: bytes, origin: str
    ) -> Response | Trouble:
        del origin
        return self._relay.pass_on(method, rest, headers, body)

    def close(self) -> None:
        self._relay.close()
