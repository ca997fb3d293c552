"""Wrong URL, wrong key, no service: each has its own message and exit code, and never a traceback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

pytestmark = pytest.mark.socket

Run = Callable[..., Any]


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    running: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                """Keep the test output quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is what some tests are about."""

        server = Server(("127.0.0.1", 0), Handler)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(server)
        return f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def html(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<!doctype html><title>Sign in</title>")


def flood(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/scim+json")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" " * 1024 * 1024)


def told(done: Any, *words: str, code: int = 4) -> None:
    assert done.code == code, done.out + done.err
    assert "Traceback" not in done.out + done.err
    for word in words:
        assert word in done.out, done.out
    assert done.run["verdict"] == "unreachable"


def test_a_closed_port(scimulator: Run) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = scimulator("run", "--target", f"http://127.0.0.1:{port}/scim/v2", SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, f"nothing listens at 127.0.0.1:{port}", "is the service running")


def test_a_name_that_does_not_exist(scimulator: Run) -> None:
    done = scimulator("run", "--target", "https://scim.nowhere.invalid/v2", SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, "scim.nowhere.invalid is not known in DNS")


def test_a_page_for_people_instead_of_json(scimulator: Run, answering: Callable[..., str]) -> None:
    done = scimulator("run", "--target", answering(html), SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, "no SCIM service answers", "brought 200 with text/html")


def test_a_self_signed_certificate(scimulator: Run, answering: Callable[..., str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    done = scimulator("run", "--target", answering(html, context), SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, "is not trusted", "--ca-bundle FILE")


def test_an_answer_of_two_hundred_megabytes(scimulator: Run, answering: Callable[..., str]) -> None:
    done = scimulator("run", "--target", answering(flood), SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, "sent more than 8 MiB in one answer")


def test_a_service_that_hangs(scimulator: Run, answering: Callable[..., str]) -> None:
    released = threading.Event()
    origin = answering(lambda handler: released.wait(20))
    done = scimulator("run", "--target", origin, "--timeout", "0.5", SCIMULATOR_TOKEN="a-key-of-mine")
    released.set()
    told(done, "did not send anything within", "--timeout changes the limit")


def test_a_wrong_key(scimulator: Run, serving: Callable[..., Any]) -> None:
    with serving() as served:
        done = scimulator("run", "--target", served.base_url, SCIMULATOR_TOKEN="a-key-of-mine")
    told(done, "does not accept the API key (401", "it came from the environment variable SCIMULATOR_TOKEN")


def test_no_key_at_all(scimulator: Run) -> None:
    done = scimulator("run", "--target", "https://scim.nowhere.invalid/v2")
    assert done.code == 2
    assert "no API key: put it into the environment variable SCIMULATOR_TOKEN" in done.err


def test_a_base_url_without_its_path_is_answered_with_the_right_one(
    scimulator: Run, serving: Callable[..., Any]
) -> None:
    with serving() as served:
        origin = served.base_url.removesuffix("/scim/v2")
        done = scimulator("run", "--target", origin, SCIMULATOR_TOKEN=served.api_key)
    told(done, f"did you mean {served.base_url} ?")


def test_a_trailing_slash_makes_no_difference(scimulator: Run, serving: Callable[..., Any]) -> None:
    with serving() as served:
        options = ("--story", "leaver", "--idp", "okta")
        done = scimulator("run", "--target", served.base_url + "/", *options, SCIMULATOR_TOKEN=served.api_key)
    assert done.code == 0, done.out
    assert done.run["target"]["base_url"] == served.base_url


def test_a_foreign_service_is_only_read_and_the_verdict_is_incomplete(
    scimulator: Run, answering: Callable[..., str]
) -> None:
    asked: list[str] = []

    def empty_list(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.command)
        body = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}'
        handler.send_response(200)
        handler.send_header("Content-Type", "application/scim+json")
        handler.end_headers()
        handler.wfile.write(body)

    done = scimulator("run", "--target", answering(empty_list), "--story", "leaver", SCIMULATOR_TOKEN="a-key-of-mine")
    assert done.code == 3, done.out
    assert done.run["verdict"] == "incomplete"
    assert set(asked) == {"GET"}
    assert "name disposable people with --account USERNAME" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "nonsense"], "there is no profile and no file 'nonsense'"),
        (["--idp", "onelogin"], "there is no IdP called 'onelogin'"),
        (["--story", "nonsense"], "there is no story or probe called 'nonsense'"),
        (["--report", "pdf"], "there is no report called 'pdf'"),
        (["--preset", "nonsense"], "nonsense"),
        (["--defect", "nonsense"], "nonsense"),
        (["--target", "app.example"], "expected https://HOST/PATH"),
        (["--seed", "x"], "expected a number"),
        (["--config", "nowhere.toml"], "cannot be read"),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_exit_code_2(scimulator: Run, arguments: list[str], said: str) -> None:
    done = scimulator("run", *arguments)
    assert done.code == 2, done.out + done.err
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_selection_of_nothing_says_5(scimulator: Run) -> None:
    done = scimulator("run", "--idp", "okta", "--story", "restored")
    assert done.code == 5, done.out + done.err
