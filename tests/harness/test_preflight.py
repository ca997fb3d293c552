from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from harness.model.secret import Secret
from harness.model.target import Target
from harness.preflight import Clock, Preflight, look
from harness.wire.inprocess import WsgiAdapter
from harness.wire.session import Session

LIST = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []}
Routes = dict[str, tuple[int, Any]]


@pytest.fixture
def knock() -> Callable[..., Preflight]:
    """Look at a service that answers by path: a dict as JSON, a string as HTML; everything else is a 404 page.

    Bytes are sent as they are, under the media type of SCIM.
    """

    def ask(routes: Routes, base_url: str = "https://app.example/scim/v2", **options: Any) -> Preflight:
        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            status, content = routes.get(environ["PATH_INFO"], (404, "<html>nothing here</html>"))
            headers = [("Content-Type", "text/html" if isinstance(content, str) else "application/scim+json")]
            if 300 <= status < 400:
                headers.append(("Location", "https://www.app.example/login"))
            start_response(f"{status} X", headers)
            if isinstance(content, bytes):
                return [content]
            return [content.encode() if isinstance(content, str) else json.dumps(content).encode()]

        target = Target(base_url=base_url, token=Secret("the-api-key", "environment variable X"), **options)
        return look(Session(target, adapter=WsgiAdapter(application)))

    return ask


def test_a_service_that_answers_with_a_list_lets_the_run_begin(knock: Callable[..., Preflight]) -> None:
    assert knock({"/scim/v2/Users": (200, LIST)}) == Preflight()


def test_a_wrong_key_is_told_with_the_services_own_words_and_where_the_key_came_from(
    knock: Callable[..., Preflight],
) -> None:
    seen = knock({"/scim/v2/Users": (401, {"detail": "this key is unknown", "status": "401"})})
    assert seen.problem == 'app.example does not accept the API key (401: "this key is unknown")'
    assert "environment variable X" in seen.hint


def test_a_key_without_permission_is_told_apart_from_a_wrong_one(knock: Callable[..., Preflight]) -> None:
    assert "does not let it read people" in knock({"/scim/v2/Users": (403, {})}).problem


def test_a_base_url_without_its_path_gets_the_path_that_answers(knock: Callable[..., Preflight]) -> None:
    seen = knock({"/scim/v2/Users": (200, LIST), "/Users": (200, "<html>")}, "https://app.example")
    assert "GET https://app.example/Users brought 200 with text/html" in seen.problem
    assert seen.hint == "did you mean https://app.example/scim/v2 ? It answers like SCIM"


def test_a_base_url_with_users_at_its_end_is_recognised(knock: Callable[..., Preflight]) -> None:
    seen = knock({"/scim/v2/Users": (200, LIST)}, "https://app.example/scim/v2/Users")
    assert "did you mean https://app.example/scim/v2 ?" in seen.hint


def test_a_page_for_people_is_not_mistaken_for_a_service(knock: Callable[..., Preflight]) -> None:
    seen = knock({"/scim/v2/Users": (200, "<html>Welcome</html>")})
    assert "no SCIM service answers at https://app.example/scim/v2" in seen.problem
    assert "copy the SCIM base URL" in seen.hint


def test_a_redirect_is_told_and_the_key_does_not_follow_it(knock: Callable[..., Preflight]) -> None:
    seen = knock({"/scim/v2/Users": (302, "")})
    assert "redirects to https://www.app.example/login (302)" in seen.problem


def test_a_service_that_is_only_wrong_is_left_to_the_checks(knock: Callable[..., Preflight]) -> None:
    assert knock({"/scim/v2/Users": (500, {"detail": "oops"})}).problem == ""
    assert knock({"/scim/v2/Users": (400, {"detail": "a filter is needed"})}).problem == ""


def test_a_service_that_breaks_down_under_the_media_type_of_scim_is_left_to_the_checks(
    knock: Callable[..., Preflight],
) -> None:
    assert knock({"/scim/v2/Users": (500, b"<html>Internal Server Error</html>")}).problem == ""


ABOUT = {"reference_server": True, "hooks": {"sign_in": "/sso/sign-in", "access": "/sso/access"}}


def test_our_own_reference_server_is_recognised_on_loopback(knock: Callable[..., Preflight]) -> None:
    routes: Routes = {"/scim/v2/Users": (200, LIST), "/.well-known/scimulator": (200, ABOUT)}
    seen = knock(routes, "http://127.0.0.1:8000/scim/v2")
    assert seen.reference_server
    assert seen.hooks == {"sign_in": "http://127.0.0.1:8000/sso/sign-in", "access": "http://127.0.0.1:8000/sso/access"}


def test_a_foreign_host_that_calls_itself_our_reference_server_is_not_believed(
    knock: Callable[..., Preflight],
) -> None:
    seen = knock({"/scim/v2/Users": (200, LIST), "/.well-known/scimulator": (200, ABOUT)})
    assert (seen.reference_server, seen.hooks) == (False, {})


class _Patience(Clock):
    """A clock that only moves when somebody waits, and lets the service start after a while."""

    def __init__(self, starts_at: float, start: Callable[[], None]) -> None:
        self.slept, self._starts_at, self._start = 0.0, starts_at, start

    def now(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        before, self.slept = self.slept, self.slept + seconds
        if before < self._starts_at <= self.slept:
            self._start()


@pytest.fixture
def starting() -> Iterator[tuple[str, Callable[[], None]]]:
    """The base URL of a service that does not listen yet, and what lets it start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    servers: list[ThreadingHTTPServer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/scim/v2/Users") else 404)
            self.send_header("Content-Type", "application/scim+json")
            self.end_headers()
            self.wfile.write(json.dumps(LIST).encode())

        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    def start() -> None:
        servers.append(ThreadingHTTPServer(("127.0.0.1", port), Handler))
        threading.Thread(target=servers[0].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    yield f"http://127.0.0.1:{port}/scim/v2", start
    for server in servers:
        server.shutdown()
        server.server_close()


def _session(base_url: str) -> Session:
    return Session(Target(base_url=base_url, token=Secret("the-api-key", "environment variable X")))


def test_a_service_that_is_still_starting_is_waited_for(starting: tuple[str, Callable[[], None]]) -> None:
    base_url, start = starting
    clock = _Patience(3.0, start)
    assert look(_session(base_url), 30, clock) == Preflight()
    assert 3.0 <= clock.slept < 4.0


def test_a_service_that_never_starts_is_given_up_in_time(starting: tuple[str, Callable[[], None]]) -> None:
    base_url, _ = starting
    clock = _Patience(10**6, lambda: None)
    assert "refused" in look(_session(base_url), 5, clock).problem
    assert 5.0 <= clock.slept < 5.5


def test_without_patience_nobody_waits(starting: tuple[str, Callable[[], None]]) -> None:
    clock = _Patience(10**6, lambda: None)
    assert look(_session(starting[0]), 0, clock).problem
    assert clock.slept == 0
