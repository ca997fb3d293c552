"""A capture writes down what a real IdP sends as it was sent, knows who it is, and lets nobody else in."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import harness.schemas
from harness import record
from harness.bundling import bundle
from harness.capture.backstage import Embedded
from harness.capture.retention import mark, purge
from harness.ground import Ground
from harness.model.exchange import Response, Role
from harness.model.verdict import Outcome
from harness.plan import Selection, plan, vendors
from harness.profiles import load
from harness.record import Recorder
from harness.settings import Settings
from harness.stage import retell
from reports import html as report_html
from tests.harness.capture.conftest import PEOPLE, TOKEN, Capture

pytestmark = pytest.mark.socket
FILES = Path(harness.schemas.__file__).parent / "files"


def connect(capture: Capture) -> http.client.HTTPConnection:
    context = ssl.create_default_context(cafile=capture.ca)
    return http.client.HTTPSConnection("127.0.0.1", capture.listener.port, context=context, timeout=60)


def ask(capture: Capture, path: str = "/scim/v2/Users?startIndex=1&count=2", **headers: str) -> tuple[int, Any]:
    connection = connect(capture)
    sent = {"Authorization": f"Bearer {TOKEN}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    connection.request("GET", path, headers=sent)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body else None


def raw(capture: Capture, *pieces: bytes) -> bytes:
    context = ssl.create_default_context(cafile=capture.ca)
    plain = socket.create_connection(("127.0.0.1", capture.listener.port), timeout=60)
    with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


def events(capture: Capture, kind: str) -> list[dict[str, Any]]:
    return [line for line in record.lines(capture.directory, "events") if line["event"] == kind]


def everything(capture: Capture) -> str:
    return "\n".join(p.read_text("utf-8", "replace") for p in capture.directory.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    "speaker", ["okta:oin", "okta:aiw", "entra:default", "entra:aadOptscim062020"], ids=lambda name: name
)
def test_both_idps_are_written_down_and_recognised(
    capturing: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speaker: str
) -> None:
    capture = capturing()
    monkeypatch.setenv("SCIMULATOR_TOKEN", TOKEN)
    settings = Settings(target=capture.base_url, ca_bundle=capture.ca, accounts=PEOPLE, allow=("write",))
    profile = load("marketbeam")
    played: list[Any] = []
    with Ground(settings, profile, tmp_path, 7) as ground:
        ground.open()
        recorder = Recorder(tmp_path / "played")
        for scenario in plan(profile, Selection((speaker,), ("connection", "leaver-deleted", "leaver")), vendors(), {}):
            ground.player(recorder, played.append, scenario.id).play(scenario)
        recorder.close()
    run = capture.end()
    sent = [x for x in played if x.role is Role.IDP]
    found = [r for r in run.results if r.key.idp]
    assert [(r.key.idp, r.key.variant) for r in found] == [tuple(speaker.split(":"))]
    kept = [x for x in found[0].transcript.exchanges if x.role is Role.IDP]
    assert {(x.method, x.path, x.query) for x in kept} == {(x.method, x.path, x.query) for x in sent}
    assert next(x.request.body for x in kept if x.method in ("PATCH", "PUT")) in [x.request.body for x in sent]
    assert found[0].outcome is Outcome.PASSED
    assert "this takes the access of ada@example.test away" in kept[-1].notes[0]
    assert retell(capture.directory).counts == run.counts
    assert TOKEN not in everything(capture)


def test_headers_keep_their_order_and_spelling(capturing: Any) -> None:
    capture = capturing()
    answer = raw(
        capture,
        b"GET /scim/v2/Users?filter=userName+eq+%22x%22 HTTP/1.1\r\nhOST: 127.0.0.1\r\nX-oDD: 1\r\n",
        f"AUTHORIZATION: Bearer {TOKEN}\r\nx-odd: 2\r\nConnection: close\r\n\r\n".encode(),
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    (kept,) = capture.end().results[0].transcript.exchanges
    assert [name for name, _ in kept.request.headers] == ["hOST", "X-oDD", "AUTHORIZATION", "x-odd", "Connection"]
    assert kept.request.headers[2][1] == "Bearer [redacted:token]"
    assert kept.query == "filter=userName+eq+%22x%22"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "No token was sent"),
        ("Bearer wrong-CANARY", "This is not the token"),
        (TOKEN, "The word Bearer is missing"),
        (f"Bearer Bearer {TOKEN}", "sent twice"),
        ("Basic CANARY", "This is not the token"),
    ],
)
def test_who_has_not_the_token_is_refused_and_written_down_without_it(capturing: Any, header: str, says: str) -> None:
    capture = capturing()
    status, body = ask(capture, Authorization=header)
    assert status == 401
    assert says in body["detail"]
    run = capture.end()
    assert run.results == ()
    (refused,) = events(capture, "capture_refused")
    assert refused["status"] == 401
    assert says in refused["why"]
    assert "CANARY" not in everything(capture)


def test_a_name_that_it_does_not_have_is_refused(capturing: Any) -> None:
    capture = capturing()
    assert ask(capture, Host="rebound.example")[0] == 421
    assert ask(capture, Host="CAPTURE.example:8443")[0] == 200
    assert ask(capture, "/elsewhere/Users")[0] == 404
    capture.end()
    assert [refused["status"] for refused in events(capture, "capture_refused")] == [421, 404]


@pytest.mark.parametrize(
    ("megabytes", "limit"), [(2, 1 << 20), pytest.param(100, 10 << 20, marks=pytest.mark.thorough)]
)
def test_a_body_that_is_too_large_is_refused_and_never_held(capturing: Any, megabytes: int, limit: int) -> None:
    capture = capturing(body=limit)
    head = f"POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
    megabyte = b"x" * (1 << 20)
    told = raw(capture, f"{head}Content-Length: {megabytes << 20}\r\n\r\n".encode(), *[megabyte] * megabytes)
    assert told.startswith(b"HTTP/1.1 413 ")
    chunk = b"100000\r\n" + megabyte + b"\r\n"
    told = raw(
        capture, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *[chunk] * min(megabytes, 20), b"0\r\n\r\n"
    )
    assert told.startswith(b"HTTP/1.1 413 ")
    assert ask(capture)[0] == 200
    capture.end()
    assert len(events(capture, "capture_refused")) == 2


@pytest.mark.parametrize("many", [20, pytest.param(200, marks=pytest.mark.thorough)])
def test_many_at_once_are_all_answered_and_all_written_down(capturing: Any, many: int) -> None:
    capture = capturing()
    with ThreadPoolExecutor(many) as pool:
        paths = [f"/scim/v2/Users?filter=userName+eq+%22p{n}%22" for n in range(many)]
        answers = list(pool.map(lambda path: ask(capture, path)[0], paths))
    assert answers == [200] * many
    run = capture.end()
    kept = run.results[0].transcript.exchanges
    assert len({x.id for x in kept}) == many
    assert sorted(x.query for x in kept) == sorted(path.partition("?")[2] for path in paths)


def test_who_is_silent_in_the_middle_of_a_request_is_let_go(capturing: Any) -> None:
    capture = capturing(idle_s=0.3)
    assert raw(capture, b"GET /scim/v2/Users HTTP/1.1\r\nHost: loc") == b""
    assert ask(capture)[0] == 200


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01", b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"A" * 100_000]
)
def test_what_is_no_http_never_stops_it(capturing: Any, nonsense: bytes) -> None:
    capture = capturing(tls=False, idle_s=1.0)
    with socket.create_connection(("127.0.0.1", capture.listener.port), timeout=60) as plain:
        plain.sendall(nonsense)
        plain.shutdown(socket.SHUT_WR)
        plain.settimeout(60)
        while plain.recv(65536):
            pass
    connection = http.client.HTTPConnection("127.0.0.1", capture.listener.port, timeout=60)
    connection.request("GET", "/scim/v2/Users", headers={"Authorization": f"Bearer {TOKEN}"})
    assert connection.getresponse().status == 200


def test_behind_a_proxy_that_ends_tls_addresses_begin_as_the_sender_knows_them(capturing: Any) -> None:
    capture = capturing(tls=False)
    connection = http.client.HTTPConnection("127.0.0.1", capture.listener.port, timeout=60)
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "capture.example", "X-Forwarded-Proto": "https"}
    connection.request("GET", "/scim/v2/Users", headers=headers)
    told = json.loads(connection.getresponse().read())
    assert told["Resources"][0]["meta"]["location"].startswith("https://capture.example/scim/v2/Users/")
    (kept,) = capture.end().results[0].transcript.exchanges
    assert kept.request.url == "https://capture.example/scim/v2/Users"


def test_one_connection_carries_several_requests(capturing: Any) -> None:
    capture = capturing()
    connection = connect(capture)
    for _ in range(3):
        connection.request("GET", "/scim/v2/ServiceProviderConfig", headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
    connection.close()
    assert len(capture.end().results[0].transcript.exchanges) == 3


def test_people_can_stand_under_pseudonyms_and_it_is_judged_all_the_same(capturing: Any) -> None:
    capture = capturing(veil=True)
    found = ask(capture, "/scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22")[1]
    assert found["totalResults"] == 1
    run = capture.end()
    assert run.counts["passed"] > 0
    shown = [line for line in everything(capture).splitlines() if "ada@example.test" in line]
    assert shown == []


def test_every_line_is_as_the_published_schemas_say(capturing: Any) -> None:
    capture = capturing(Embedded("marketbeam", PEOPLE, ["list-is-bare-array"]))
    ask(capture)
    ask(capture, Authorization="")
    capture.end()
    for kind in ("events", "exchanges"):
        schema = json.loads((FILES / f"{kind}.schema.json").read_text("utf-8"))
        lines = list(record.lines(capture.directory, kind))
        assert lines
        for line in lines:
            jsonschema.validate(line, schema)


def test_what_the_checks_find_is_told_while_it_goes_on(capturing: Any) -> None:
    capture = capturing(Embedded("marketbeam", PEOPLE, ["list-is-bare-array"]))
    ask(capture)
    capture.end()
    assert [remark["outcome"] for remark in events(capture, "capture_remark")]


def test_people_of_a_capture_have_the_mail_address_that_an_sso_tells() -> None:
    behind = Embedded("marketbeam", ["ada@example.test", "cleo"])
    answer = behind.answer("GET", "/Users", (), b"", "")
    behind.close()
    assert isinstance(answer, Response)
    mails = {one["userName"]: one.get("emails") for one in json.loads(answer.body)["Resources"]}
    assert mails["ada@example.test"][0]["value"] == "ada@example.test"
    assert mails["cleo"] is None


def test_a_bundle_of_a_capture_gives_the_same_report_and_keeps_its_promise(
    capturing: Callable[..., Capture], tmp_path: Path
) -> None:
    capture = capturing()
    assert ask(capture)[0] == 200
    until = mark(capture.directory, timedelta(days=7))
    capture.end()
    done = bundle(capture.directory, tmp_path / "capture.zip")
    assert done.same
    assert not done.hidden
    with zipfile.ZipFile(tmp_path / "capture.zip") as archive:
        archive.extractall(tmp_path / "root" / "again")
        assert all(TOKEN.encode() not in archive.read(name) for name in archive.namelist())
        assert f"deleted by {until.isoformat(timespec='seconds')}" in archive.read("README.txt").decode()
    assert report_html.render(retell(tmp_path / "root" / "again")) == report_html.render(retell(capture.directory))
    assert purge(tmp_path / "root", until - timedelta(hours=1)) == []
    assert purge(tmp_path / "root", until) == [tmp_path / "root" / "again"]
