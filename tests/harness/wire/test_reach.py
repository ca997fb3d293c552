from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from harness.doctor.reaching import lines
from harness.wire.reach import Reached, reach

NOW = datetime.now(UTC)
IDPS = ("okta", "entra")


class Greeter:
    """Shakes hands with whoever connects, and says nothing more."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                if self._context is not None:
                    self._context.wrap_socket(connection, server_side=True).close()

    def close(self) -> None:
        # shutdown wakes the thread; on some systems it is refused for a socket that only listens.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(60)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, str]:
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(path)
    return made, str(path)


@pytest.fixture
def greet(authority: tuple[trustme.CA, str]) -> Iterator[Callable[..., str]]:
    """Serves with a certificate for a name; the base URL to reach it at."""
    greeters: list[Greeter] = []

    def serve(name: str = "localhost", ends: datetime | None = None, begins: datetime | None = None) -> str:
        certificate = authority[0].issue_cert(name, not_after=ends, not_before=begins)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        greeters.append(Greeter(context))
        return f"https://localhost:{greeters[-1].port}/scim/v2"

    yield serve
    for greeter in greeters:
        greeter.close()


def _ids(url: str, reached: Reached, verify: bool | str) -> list[str]:
    return [line.id for line in lines(url, reached, verify, IDPS, NOW)[0]]


@pytest.mark.socket
def test_a_certificate_in_order_is_trusted_and_its_end_is_told(
    greet: Callable[..., str], authority: tuple[trustme.CA, str]
) -> None:
    url = greet(ends=NOW + timedelta(days=100))
    reached = reach(url, 60, authority[1])
    assert reached.failed == ""
    assert reached.version in ("TLSv1.2", "TLSv1.3")
    assert reached.ends is not None
    assert abs(reached.ends - NOW - timedelta(days=100)) < timedelta(days=1)
    assert _ids(url, reached, authority[1]) == ["reach", "tls-private"]


@pytest.mark.socket
@pytest.mark.parametrize(
    ("name", "ends", "begins", "fault"),
    [
        ("localhost", NOW - timedelta(days=1), NOW - timedelta(days=9), "expired"),
        ("localhost", NOW + timedelta(days=9), NOW + timedelta(days=2), "not-yet-valid"),
        ("app.example", None, None, "name"),
    ],
)
def test_a_certificate_that_an_idp_would_refuse_is_told_apart(
    greet: Callable[..., str],
    authority: tuple[trustme.CA, str],
    name: str,
    ends: datetime | None,
    begins: datetime | None,
    fault: str,
) -> None:
    url = greet(name, ends, begins)
    reached = reach(url, 60, authority[1])
    assert (reached.failed, reached.fault) == ("tls", fault)
    assert _ids(url, reached, authority[1])[0] == f"tls-{fault}"


@pytest.mark.socket
def test_a_certificate_of_nobody_who_is_known_is_not_trusted(greet: Callable[..., str]) -> None:
    url = greet()
    reached = reach(url, 60)
    assert (reached.failed, reached.fault) == ("tls", "incomplete")
    told, go_on = lines(url, reached, True, IDPS, NOW)
    assert not go_on
    assert "--ca-bundle" in told[0].fix


@pytest.mark.socket
def test_a_certificate_that_ends_soon_is_told(greet: Callable[..., str], authority: tuple[trustme.CA, str]) -> None:
    url = greet(ends=NOW + timedelta(days=5))
    assert _ids(url, reach(url, 60, authority[1]), authority[1]) == ["reach", "tls-ends-soon"]


@pytest.mark.socket
def test_a_port_that_speaks_no_tls_is_told(tmp_path: Path) -> None:
    plain = Greeter(None)
    try:
        reached = reach(f"https://localhost:{plain.port}", 60)
        assert (reached.failed, reached.fault) == ("tls", "protocol")
    finally:
        plain.close()


@pytest.mark.socket
def test_a_closed_port_is_told_from_an_unknown_name() -> None:
    # A port at which nothing listens on any machine that runs tests.
    assert reach("http://127.0.0.1:1", 60).failed == "connect"


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "https://ap.example/scim"
    reached = reach(url, 60)
    assert reached.failed == "dns"
    told, go_on = lines(url, reached, True, IDPS, NOW)
    assert not go_on
    assert told[0].id == "reach-name"
    assert "ap.example" in told[0].meaning


def test_a_name_server_that_is_silent_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answer.wait(60))
    reached = reach("https://app.example/scim", 0.05)
    answer.set()
    assert reached.failed == "dns"


def test_behind_a_proxy_name_and_certificate_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://ada:canary-4711@proxy.example:8080")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = "https://app.example/scim"
    reached = reach(url, 60)
    assert reached.proxy == "proxy.example:8080"
    told, go_on = lines(url, reached, True, IDPS, NOW)
    assert go_on
    assert "canary-4711" not in repr(told)
