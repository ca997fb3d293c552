from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from harness.model.step import Step
from harness.model.target import Target
from harness.wire.inprocess import WsgiAdapter, undisturbed
from harness.wire.session import Session


def test_an_embedded_application_sees_what_a_server_would_show_it(
    target: Callable[..., Target], step: Callable[..., Step]
) -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("Content-Type", "application/scim+json"), ("X-Two", "a"), ("X-Two", "b")])
        return [b'{"id": ', b'"1"}']

    session = Session(target("http://host.example/scim/v2"), adapter=WsgiAdapter(application))
    sent = session.send(step("POST", "/Users/a%2Fb", query="q=1+2", body=b'{"x":1}'))
    assert sent.response is not None
    assert (sent.response.status, sent.response.body) == (201, b'{"id": "1"}')
    assert [v for n, v in sent.response.headers if n == "X-Two"] == ["a", "b"]
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("POST", "/scim/v2/Users/a/b", "q=1+2")
    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("7", b'{"x":1}')
    assert seen["HTTP_AUTHORIZATION"] == "Bearer canary-7f3a9c-api-key"
    assert "HTTP_USER_AGENT" not in seen


def test_a_head_answer_has_no_body(target: Callable[..., Target], step: Callable[..., Step]) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "16")])
        return [b"never to be seen"]

    sent = Session(target("http://host.example"), adapter=WsgiAdapter(application)).send(step("HEAD"))
    assert sent.response is not None
    assert sent.response.body == b""


def test_ctrl_c_stops_the_run_and_never_the_server_inside_it() -> None:
    # A shell starts what runs in the background with Ctrl-C ignored; here it is to be heard.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    finished = []

    def answer() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            finished.append("the application has answered")

    try:
        with pytest.raises(KeyboardInterrupt):
            answer()
        assert finished
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
