"""A reference server with people in it, and what a page of leavers really costs there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.load.crowd import LEAVER, Page, Speaker, named
from harness.load.telling import Telling
from harness.model.answering import exchanged
from harness.model.secret import Secret
from harness.model.step import Effect
from harness.model.target import Target
from harness.plan import vendors
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.session import Session
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn


class Embedded:
    """One tenant of an embedded reference server. ``play`` tells a page to it and counts requests and bytes."""

    def __init__(self) -> None:
        self.server = ReferenceServer()
        self.tenant = self.server.add_tenant("Storm", "it@storm.example")
        target = Target(f"http://{HOST}/scim/v2", Secret(self.tenant.api_key, "test"), frozenset(Effect))
        self.session = Session(target, adapter=WsgiAdapter(self.server.wsgi))

    def play(self, speaker: Speaker, page: Page) -> tuple[int, int]:
        for number in range(page.first, page.last):
            name = named(LEAVER, page.job.number, number)
            self.server.front_door._sign_in(self.tenant.id, SignIn(name, "Leaver", f"Number-{number}", name))
        requests = weighs = 0
        steps = Telling(vendors()[speaker[0]], page).steps()
        answer: Any = None
        while True:
            try:
                step = next(steps) if answer is None else steps.send(answer)
            except StopIteration:
                return requests, weighs
            sent = self.session.send(step)
            assert sent.response is not None
            requests += 1
            weighs += _bytes(sent)
            answer = exchanged(step, sent.response)
            assert answer.ok


def _bytes(sent: Any) -> int:
    """As on the wire: request line, heads with the key in it, and bodies; the answer with its head."""
    request, response = sent.request, sent.response
    head = len(f"{request.method} {request.url.removeprefix('http://')} HTTP/1.1\r\nHost: \r\n\r\n")
    head += sum(len(f"{n}: {v}\r\n") for n, v in request.headers) + len("scim_") + 43 - len("[redacted:token]")
    answer = sum(len(f"{n}: {v}\r\n") for n, v in response.headers) + len("HTTP/1.1 200 OK\r\n\r\n")
    return head + len(request.body or b"") + answer + len(response.body)


@pytest.fixture
def embedded() -> Iterator[Embedded]:
    server = Embedded()
    yield server
    server.server.close()
