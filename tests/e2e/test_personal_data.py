"""People's data stay out of everything that is left behind, when that is asked for."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from harness.reporting import formats

pytestmark = pytest.mark.thorough
CANARIES = (b"kan\xc3\xa1rkov", b"kanarkov", b"\\u00e1rkov", b"zdenka", b"777123456", b"zelen\xc3\xa1", b"%c3%a1rkov")
USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "id": "41f7",
    "userName": "zdenka.kanarkova@customer.example",
    "name": {"givenName": "Zdenka", "familyName": "Kanárková", "formatted": "Ing. Zdenka Kanárková"},
    "displayName": "Zdenka Kanárková",
    "emails": [{"value": "Zdenka.Kanarkova@customer.example", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "tel:+420777123456", "type": "mobile"}],
    "addresses": [{"streetAddress": "Zelená 7", "locality": "Brno", "type": "work"}],
    "active": True,
    "meta": {"resourceType": "User"},
}


@pytest.fixture
def customer() -> Iterator[str]:
    """A service on loopback with one real person, who stands in lists, in error texts and in a header."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one packet: of two, the second waits for the other side

        def _serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = 200, USER
            if self.path.startswith("/scim/v2/Users") and "/Users/" not in self.path:
                answer = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1,
                          "itemsPerPage": 1, "startIndex": 1, "Resources": [USER]}  # fmt: skip
            elif not self.path.startswith("/scim/v2/Users/41f7"):
                status, answer = 404, {"detail": "Zdenka Kanárková (zdenka.kanarkova@customer.example) is not here"}
            data = json.dumps(answer, ensure_ascii=self.command == "GET").encode()
            self.send_response_only(status)
            self.send_header("Content-Type", "application/scim+json")
            self.send_header("X-Owner", "zdenka.kanarkova@customer.example")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/scim/v2"
    server.shutdown()
    server.server_close()


def _rehearse(scimulator: Callable[..., Any], customer: str, *more: str) -> Any:
    return scimulator(
        "run", "--target", customer, "--profile", "read-only", "--account", USER["userName"], "-v",
        "--report", ",".join(formats()), *more, SCIMULATOR_TOKEN="key-of-the-customer",
    )  # fmt: skip


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_nobody_is_named_in_any_file_or_output(
    scimulator: Callable[..., Any], customer: str, tmp_path: Path, workers: list[str]
) -> None:
    done = _rehearse(scimulator, customer, "--redact", "personal", *workers)
    assert len(done.lines("exchanges")) > 20
    records = [path.read_text("utf-8") for path in done.directory.glob("exchanges*.jsonl")]
    assert any("pseudonym.invalid" in record for record in records)
    for path in [p for p in tmp_path.rglob("*") if p.is_file()]:
        for canary in CANARIES:
            assert canary not in path.read_bytes().lower(), (path.name, canary)
    for canary in CANARIES:
        assert canary not in (done.out + done.err).lower().encode()


def test_the_verdict_is_the_same_as_with_everybody_named(
    scimulator: Callable[..., Any], customer: str, comparable: Callable[..., Any], tmp_path: Path
) -> None:
    veiled = _rehearse(scimulator, customer, "--redact", "personal", "--out", str(tmp_path / "veiled"))
    named = _rehearse(scimulator, customer, "--out", str(tmp_path / "named"))
    runs = [json.loads((tmp_path / name / "run.json").read_text()) for name in ("veiled", "named")]
    assert comparable(runs[0]) == comparable(runs[1])
    assert b"kanarkova" in (tmp_path / "named" / "exchanges.jsonl").read_bytes(), "the canary proves nothing otherwise"
    assert (veiled.code, veiled.err == "") == (named.code, named.err == "")


def test_a_veiled_run_is_retold_as_it_was_judged(
    scimulator: Callable[..., Any], customer: str, comparable: Callable[..., Any]
) -> None:
    done = _rehearse(scimulator, customer, "--redact", "personal")
    before = done.run
    again = scimulator("judge", str(done.directory))
    assert again.code == done.code
    assert comparable(done.run) == comparable(before)
