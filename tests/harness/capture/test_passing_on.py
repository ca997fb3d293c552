"""A capture in front of a real service passes on and changes nothing; it reaches no other host."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from harness.capture.backstage import PassedOn
from harness.capture.listener import Incoming, Listener, Outgoing
from harness.model.secret import Secret
from harness.wire.relay import NotPassedOn, looked_at
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn
from reference_server.serve import Listener as ReferenceListener
from tests.harness.capture.test_capture import ask, everything

KEY = "CANARY-key-of-the-service-9911"


@pytest.fixture
def behind() -> Iterator[Any]:
    """A small service that tells what arrived: status by path."""
    seen: list[Incoming] = []

    def handle(request: Incoming) -> Outgoing:
        seen.append(request)
        if request.path.endswith("/moved"):
            return Outgoing(302, (("Location", "http://127.0.0.1:1/elsewhere"), ("X-Kept", "1")))
        body = json.dumps({"headers": request.headers, "body": request.body.decode()}).encode()
        return Outgoing(200, (("Content-Type", "application/scim+json"),), body)

    listener = Listener(handle)
    listener.seen = seen  # type: ignore[attr-defined]
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    yield listener
    listener.stop()
    thread.join(timeout=60)


@pytest.mark.socket
def test_what_arrives_is_passed_on_with_the_services_own_key_and_without_the_ways_of_one_connection(
    capturing: Any, behind: Any
) -> None:
    capture = capturing(PassedOn(f"{behind.origin}/base", Secret(KEY, "test")))
    more = {"Connection": "keep-alive, X-Private", "X-Private": "1", "X-Forwarded-For": "192.0.2.1", "TE": "gzip"}
    status, told = ask(capture, "/scim/v2/Users?filter=userName+eq+%22a%40b%22&x=%20", User_Agent="Okta", **more)
    assert status == 200
    (request,) = behind.seen
    assert request.target == "/base/Users?filter=userName+eq+%22a%40b%22&x=%20"
    headers = {name.lower(): value for name, value in told["headers"]}
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["host"] == behind.origin.partition("://")[2]
    assert headers["user-agent"] == "Okta"
    assert set(headers) & {"x-private", "x-forwarded-for", "te"} == set()
    capture.end()
    assert "CANARY" not in everything(capture)


@pytest.mark.socket
def test_a_redirect_goes_back_to_the_sender_and_is_not_followed(capturing: Any, behind: Any) -> None:
    capture = capturing(PassedOn(behind.origin, Secret(KEY, "test")))
    assert ask(capture, "/scim/v2/moved")[0] == 302
    assert len(behind.seen) == 1


@pytest.mark.socket
def test_a_service_that_is_not_there_is_told_and_is_no_fault_of_its_answer(capturing: Any) -> None:
    capture = capturing(PassedOn("http://127.0.0.1:1/scim/v2", Secret(KEY, "test")))
    status, told = ask(capture)
    assert status == 502
    assert "did not answer" in told["detail"]
    (kept,) = capture.end().results[0].transcript.exchanges
    assert kept.trouble is not None
    assert "CANARY" not in everything(capture)


@pytest.mark.socket
def test_in_front_of_a_running_reference_server_it_changes_nothing(capturing: Any) -> None:
    server = ReferenceServer("marketbeam")
    tenant = server.add_tenant("Example", "it@example.test")
    server.behaviour.sign_in(tenant.id, SignIn("ada@example.test"))
    listener = ReferenceListener(server)
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    try:
        base_url = f"{listener.origin}{server.base_path}"
        capture = capturing(PassedOn(looked_at(base_url), Secret(tenant.api_key, "test")))
        status, told = ask(capture, "/scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22")
        assert (status, told["totalResults"]) == (200, 1)
        assert capture.end().counts["failed"] == 0
    finally:
        listener.stop()
        thread.join(timeout=60)
        server.close()


@pytest.mark.parametrize(
    ("url", "addresses", "says"),
    [
        ("https://app.example/scim", ["169.254.169.254"], "keep for themselves"),
        ("https://app.example/scim", ["192.0.2.1", "fe80::1"], "keep for themselves"),
        ("https://app.example/scim", ["::ffff:169.254.169.254"], "keep for themselves"),
        ("https://app.example/scim", ["100.100.100.200"], "keep for themselves"),
        ("ftp://app.example/scim", [], "no base URL to pass on to"),
        ("file:///etc/passwd", [], "no base URL to pass on to"),
        ("https://me:secret@app.example/scim", [], "no base URL to pass on to"),
        ("https://app.example/scim?x=1", [], "no base URL to pass on to"),
        ("/scim/v2", [], "no base URL to pass on to"),
    ],
)
def test_nothing_is_passed_on_to_what_was_not_meant(url: str, addresses: list[str], says: str) -> None:
    with pytest.raises(NotPassedOn, match=says):
        looked_at(url, resolver=lambda _host, _port: addresses)


def test_an_address_that_the_operator_allows_may_be_passed_on_to() -> None:
    url = "https://app.example/scim/"
    assert looked_at(url, resolver=lambda _h, _p: ["169.254.1.1"], anywhere=True) == "https://app.example/scim"
    assert looked_at(url, resolver=lambda _h, _p: ["192.0.2.1"]) == "https://app.example/scim"
