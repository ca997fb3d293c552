"""The wire over a real loopback socket: what is sent, what is never sent, and how each trouble is told."""

from __future__ import annotations

import base64
import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme

from harness.model.exchange import TroubleKind
from harness.model.secret import Secret
from harness.model.step import BASIC_TOKEN, TOKEN, Step, token_of
from harness.model.target import Target
from harness.wire.session import Session

pytestmark = pytest.mark.socket

Make = Callable[..., Step]
MakeTarget = Callable[..., Target]
Service = Callable[..., str]


def reply(handler: BaseHTTPRequestHandler, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
    length = int(handler.headers.get("Content-Length") or 0)
    handler.rfile.read(length)
    handler.send_response_only(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def heard(service: Service, target: MakeTarget, step: Step) -> tuple[str, list[tuple[str, str]]]:
    seen: list[tuple[str, list[tuple[str, str]]]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append((handler.requestline, list(handler.headers.items())))
        reply(handler)

    session = Session(target(service(answer) + "/scim/v2"))
    session.send(step)
    session.close()
    return seen[0]


def test_only_the_headers_of_the_step_are_sent_in_their_order_and_spelling(
    service: Service, target: MakeTarget, step: Make
) -> None:
    _, headers = heard(service, target, step(headers=(("accept", "x/y"), ("X-Odd", "1"), ("Authorization", TOKEN))))
    assert [name for name, _ in headers] == ["Host", "accept", "X-Odd", "Authorization"]
    assert dict(headers)["Authorization"] == "canary-7f3a9c-api-key"


def test_basic_carries_the_credential_in_base64_and_nothing_of_it_is_kept(
    service: Service, target: MakeTarget, step: Make
) -> None:
    asked = step(headers=(("Authorization", f"Basic {BASIC_TOKEN}"),))
    _, headers = heard(service, target, asked)
    assert dict(headers)["Authorization"] == "Basic " + base64.b64encode(b"canary-7f3a9c-api-key").decode()
    kept = Session(target("http://127.0.0.1:1/scim/v2")).request_as_kept(asked)
    assert kept.headers == (("Authorization", "Basic [redacted:token]"),)


def test_a_sender_without_user_agent_gets_none_from_the_library(
    service: Service, target: MakeTarget, step: Make
) -> None:
    _, headers = heard(service, target, step())
    assert not {"user-agent", "accept-encoding", "connection"} & {name.lower() for name, _ in headers}


@pytest.mark.parametrize("query", ["filter=userName+eq+%22a%40b%22", "filter=userName%20eq%20%22a%40b%22", "x%2By=%7e"])
def test_the_query_keeps_the_encoding_of_its_sender(
    service: Service, target: MakeTarget, step: Make, query: str
) -> None:
    line, _ = heard(service, target, step(query=query))
    assert line == f"GET /scim/v2/Users?{query} HTTP/1.1".replace("%7e", "%7E")


def test_a_delete_has_no_body_and_no_length(service: Service, target: MakeTarget, step: Make) -> None:
    _, headers = heard(service, target, step("DELETE", "/Users/u1"))
    assert "Content-Length" not in dict(headers)


def test_a_redirect_is_not_followed_and_the_key_stays_at_home(service: Service, target: MakeTarget, step: Make) -> None:
    visited: list[str] = []
    elsewhere = service(lambda handler: (visited.append(handler.path), reply(handler)))
    here = service(lambda handler: reply(handler, 302, b"", Location=elsewhere + "/scim/v2/Users"))
    sent = Session(target(here)).send(step())
    assert sent.response is not None
    assert sent.response.status == 302
    assert visited == []


def test_cookies_are_not_kept_from_one_request_to_the_next(service: Service, target: MakeTarget, step: Make) -> None:
    cookies: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        cookies.append(handler.headers.get("Cookie"))
        reply(handler, Set_Cookie="sid=1; Path=/")

    session = Session(target(service(answer)))
    session.send(step())
    session.send(step())
    assert cookies == [None, None]


def test_the_key_is_nowhere_in_what_is_kept(service: Service, target: MakeTarget, step: Make) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, 401, b'{"detail": "canary-7f3a9c-api-key is unknown"}', X_Echo="canary-7f3a9c-api-key")

    sent = Session(target(service(answer))).send(step(query=f"access_token={TOKEN}"))
    assert "canary" not in repr(sent)
    assert "[redacted:token] is unknown" in repr(sent)


def trouble_of(sent: Any) -> Any:
    assert sent.response is None
    assert sent.trouble is not None
    assert sent.trouble.hint, "every trouble says what to do next"
    return sent.trouble


def test_a_closed_port_is_told_as_refused(target: MakeTarget, step: Make) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    trouble = trouble_of(Session(target(f"http://127.0.0.1:{port}")).send(step()))
    assert trouble.kind is TroubleKind.REFUSED
    assert f"nothing listens at 127.0.0.1:{port}" in trouble.message


def test_an_unknown_name_is_told_as_dns(target: MakeTarget, step: Make) -> None:
    trouble = trouble_of(Session(target("http://no-such-host.invalid")).send(step()))
    assert trouble.kind is TroubleKind.DNS
    assert "no-such-host.invalid is not known in DNS" in trouble.message


def test_a_self_signed_certificate_is_told_as_tls_and_its_authority_can_be_given(
    service: Service, target: MakeTarget, step: Make, tmp_path: Any
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    origin = service(reply, tls=context)
    trouble = trouble_of(Session(target(origin)).send(step()))
    assert trouble.kind is TroubleKind.TLS
    assert "is not trusted" in trouble.message
    assert "--ca-bundle" in trouble.hint
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    assert Session(target(origin, verify=str(bundle))).send(step()).response is not None


def test_a_service_that_hangs_is_told_as_timeout(service: Service, target: MakeTarget, step: Make) -> None:
    released = threading.Event()
    origin = service(lambda handler: released.wait(5))
    trouble = trouble_of(Session(target(origin, timeout_s=0.2)).send(step()))
    released.set()
    assert trouble.kind is TroubleKind.TIMEOUT


def test_a_service_that_drips_is_cut_off_at_the_deadline(service: Service, target: MakeTarget, step: Make) -> None:
    released = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not released.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    trouble = trouble_of(Session(target(service(drip), timeout_s=5, deadline_s=0.3)).send(step()))
    released.set()
    assert trouble.kind is TroubleKind.TIMEOUT
    assert "had not finished its answer" in trouble.message


def test_an_endless_answer_is_not_read_to_its_end(service: Service, target: MakeTarget, step: Make) -> None:
    written = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal written
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(200 * 1024 * 1024))
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b" " * 1024 * 1024)
            written += 1

    trouble = trouble_of(Session(target(service(flood), max_body=1024 * 1024)).send(step()))
    assert trouble.kind is TroubleKind.TOO_LARGE
    assert written < 200


def test_a_gzip_bomb_is_stopped_by_its_unpacked_size(service: Service, target: MakeTarget, step: Make) -> None:
    bomb = gzip.compress(b" " * 64 * 1024 * 1024)
    origin = service(lambda handler: reply(handler, 200, bomb, Content_Encoding="gzip"))
    trouble = trouble_of(Session(target(origin, max_body=1024 * 1024)).send(step()))
    assert trouble.kind is TroubleKind.TOO_LARGE


def test_an_answer_that_is_not_what_its_encoding_says_is_told_as_protocol(
    service: Service, target: MakeTarget, step: Make
) -> None:
    origin = service(lambda handler: reply(handler, 200, b"{}", Content_Encoding="gzip"))
    assert trouble_of(Session(target(origin)).send(step())).kind is TroubleKind.PROTOCOL


def hang_up_first(times: int) -> tuple[Callable[[BaseHTTPRequestHandler], None], list[str]]:
    calls: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        calls.append(handler.command)
        if len(calls) <= times:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            reply(handler)

    return answer, calls


def test_a_read_that_was_reset_is_asked_once_more_and_says_so(service: Service, target: MakeTarget, step: Make) -> None:
    answer, calls = hang_up_first(1)
    sent = Session(target(service(answer))).send(step())
    assert sent.response is not None
    assert sent.notes[0].startswith("asked twice")
    assert calls == ["GET", "GET"]


def test_a_write_that_was_reset_is_never_sent_again(service: Service, target: MakeTarget, step: Make) -> None:
    answer, calls = hang_up_first(9)
    trouble = trouble_of(Session(target(service(answer))).send(step("PATCH", "/Users/u1", body=b"{}")))
    assert trouble.kind is TroubleKind.RESET
    assert calls == ["PATCH"]


def test_a_further_key_is_sent_in_its_place_and_kept_by_its_name(target: MakeTarget, step: Make, service: Any) -> None:
    seen: list[str] = []

    def answer(handler: Any) -> None:
        seen.append(handler.headers["Authorization"])
        body = b'{"echo": "canary-second-tenant"}'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    further = {"second": Secret("canary-second-tenant", "test")}
    sent = Session(target(service(answer), credentials=further)).send(
        step("GET", "/Users", headers=(("Authorization", f"Bearer {token_of('second')}"),))
    )
    assert seen == ["Bearer canary-second-tenant"]
    assert dict(sent.request.headers)["Authorization"] == "Bearer [redacted:token:second]"
    assert sent.response is not None
    assert b"canary" not in sent.response.body


def test_a_body_that_was_sent_to_be_too_large_is_kept_by_its_beginning(target: MakeTarget, step: Make) -> None:
    kept = Session(target()).request_as_kept(step("PATCH", "/Users/u1", body=b"x" * 1_000_000))
    assert kept.body is not None
    assert len(kept.body) < 2000
    assert kept.body.endswith(b"(1000000 bytes)")
