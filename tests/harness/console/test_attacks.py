"""Attacks over a real socket: bodies without end, very many requests at once, and names that change their mind."""

from __future__ import annotations

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.console.desk import Desk
from harness.console.jobs import AT_ONCE, Busy, Jobs
from harness.console.serving import Listener
from harness.console.uploads import LARGEST_UPLOAD
from harness.model.secret import Secret

pytestmark = pytest.mark.socket

PATIENCE = 120


@pytest.fixture
def served(tmp_path: Path):
    desk = Desk(tmp_path / "runs")
    listener = Listener(desk)
    thread = threading.Thread(target=listener.run)
    thread.start()
    yield desk
    listener.stop()
    thread.join(PATIENCE)
    desk.close()


def _asked(desk: Desk, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _entered(desk: Desk) -> tuple[str, str]:
    """The cookie of somebody who was let in, and the token of their forms."""
    cookie = desk.entrance.spend(desk.entrance.token)
    assert cookie is not None
    return f"scimulator-{desk.port}={cookie}", desk.entrance.csrf(cookie) or ""


def _form(desk: Desk) -> dict[str, str]:
    cookie, _ = _entered(desk)
    origin = f"http://127.0.0.1:{desk.port}"
    return {"Cookie": cookie, "Origin": origin, "Content_Type": "application/x-www-form-urlencoded"}


def test_a_gigabyte_is_refused_by_its_announcement_and_not_taken_in(served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as raw:
        announced = f"POST /files/trouble HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Length: {2**30}\r\n\r\n"
        raw.sendall(announced.encode())
        assert b" 413 " in raw.recv(4096).split(b"\r\n")[0]


def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_limit(served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as raw:
        head = f"POST /files/trouble HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nTransfer-Encoding: chunked\r\n\r\n"
        raw.sendall(head.encode())
        chunk = b"100000\r\n" + b"0" * 0x100000 + b"\r\n"
        sent = 0
        try:
            while sent < 4 * LARGEST_UPLOAD:
                raw.sendall(chunk)
                sent += 0x100000
        except OSError:
            pass
    assert sent < 2 * LARGEST_UPLOAD
    assert _asked(served, "GET", "/enter")[0] == 200


def test_a_foreign_host_name_is_refused_on_the_wire(served) -> None:
    assert _asked(served, "GET", "/enter", Host="rebound.example")[0] == 421


class _Endless(Jobs):
    """Counts what is started; nothing of it ends before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[tuple[str, ...]] = []
        self.lock = threading.Lock()

    def start(self, arguments, names, secret=None):
        with self.lock:
            if len(self.started) >= AT_ONCE:
                raise Busy
            self.started.append(tuple(arguments))
        return _NeverOver()


class _NeverOver:
    over = False
    stopped = False
    events: tuple[object, ...] = ()
    complaint = ""


def test_of_a_hundred_runs_at_once_only_a_few_begin_and_the_page_goes_on_answering(served) -> None:
    served.jobs = _Endless()
    headers = _form(served)
    csrf = served.entrance.csrf(headers["Cookie"].partition("=")[2])
    body = f"csrf={csrf}&idp=okta:oin&base_url=http://127.0.0.1:9/scim&key=secret-secret".encode()
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: _asked(served, "POST", "/connections", body, **headers), range(100)))
    statuses = [status for status, _ in answers]
    assert statuses.count(303) == AT_ONCE
    assert statuses.count(429) == 100 - AT_ONCE
    assert len(served.jobs.started) == AT_ONCE
    assert _asked(served, "GET", "/", Cookie=headers["Cookie"])[0] == 200


def test_the_real_counter_of_jobs_lets_no_more_begin_either(tmp_path: Path) -> None:
    jobs = Jobs(at_once=1)
    job = jobs.start(["look", "{}"], {"app.example": ["127.0.0.1"]}, Secret("secret-secret"))
    with pytest.raises(Busy):
        jobs.start(["look", "{}"], {})
    assert job.wait(PATIENCE)
    again = jobs.start(["look", "{}"], {})
    assert again.wait(PATIENCE)


def test_a_key_is_in_no_event_and_no_complaint_of_a_child() -> None:
    jobs = Jobs()
    job = jobs.start(["look", '{"target": "secret-secret"}'], {}, Secret("secret-secret"))
    assert job.wait(PATIENCE)
    assert "secret-secret" not in f"{job.events}{job.complaint}"


def test_an_answer_that_redirects_to_this_computer_is_not_followed(served) -> None:
    """The look goes to a service that answers every question with a redirect; what it leads to is never asked."""
    asked: list[bytes] = []
    trap = socket.create_server(("127.0.0.1", 0))
    service = socket.create_server(("127.0.0.1", 0))
    elsewhere = f"http://127.0.0.1:{trap.getsockname()[1]}/latest/meta-data/"
    trap.settimeout(1)

    def answer() -> None:
        while True:
            try:
                there, _ = service.accept()
            except OSError:
                return
            with there:
                there.settimeout(PATIENCE)
                asked.append(there.recv(65536))
                there.sendall(f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode())

    threading.Thread(target=answer, daemon=True).start()
    headers = _form(served)
    csrf = served.entrance.csrf(headers["Cookie"].partition("=")[2])
    target = f"http://127.0.0.1:{service.getsockname()[1]}/scim"
    body = f"csrf={csrf}&idp=okta:oin&base_url={target}&key=secret-secret".encode()
    assert _asked(served, "POST", "/connections", body, **headers)[0] == 303
    (connection,) = served.connections()
    assert connection.look.wait(PATIENCE)
    service.close()
    assert asked
    with pytest.raises(TimeoutError):
        trap.accept()
    trap.close()
    looked = connection.look.events[-1]
    assert looked["readiness"] == "not-ready"


def test_a_service_whose_every_word_is_hostile_cannot_put_a_script_on_a_page(served) -> None:
    body = b'{"schemas":["<script>alert(1)</script>"],"detail":"<img src=x onerror=alert(1)>","status":"401"}'
    service = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                there, _ = service.accept()
            except OSError:
                return
            with there:
                there.settimeout(PATIENCE)
                there.recv(65536)
                head = (
                    b"HTTP/1.1 401 <script>alert(1)</script>\r\nContent-Type: application/scim+json\r\nContent-Length: "
                )
                there.sendall(head + str(len(body)).encode() + b"\r\nConnection: close\r\n\r\n" + body)

    threading.Thread(target=answer, daemon=True).start()
    headers = _form(served)
    csrf = served.entrance.csrf(headers["Cookie"].partition("=")[2])
    target = f"http://127.0.0.1:{service.getsockname()[1]}/%3Cscript%3Ealert(1)%3C/script%3E"
    form = f"csrf={csrf}&idp=entra:default&base_url={target}&account=%3Cscript%3E&key=secret-secret".encode()
    assert _asked(served, "POST", "/connections", form, **headers)[0] == 303
    (connection,) = served.connections()
    assert connection.look.wait(PATIENCE)
    service.close()
    for page in (
        f"/connections/{connection.id}",
        f"/connections/{connection.id}/plan",
        f"/connections/{connection.id}/events",
    ):
        status, text = _asked(served, "GET", page, Cookie=headers["Cookie"])
        assert status == 200
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "secret-secret" not in text


def test_a_child_that_is_killed_takes_nothing_with_it_and_is_told(served) -> None:
    service = socket.create_server(("127.0.0.1", 0))  # takes connections and never answers
    headers = _form(served)
    csrf = served.entrance.csrf(headers["Cookie"].partition("=")[2])
    target = f"http://127.0.0.1:{service.getsockname()[1]}/scim"
    body = f"csrf={csrf}&idp=okta:oin&base_url={target}&key=secret-secret".encode()
    assert _asked(served, "POST", "/connections", body, **headers)[0] == 303
    (connection,) = served.connections()
    connection.look._process.kill()
    assert connection.look.wait(PATIENCE)
    service.close()
    status, text = _asked(served, "GET", f"/connections/{connection.id}", Cookie=headers["Cookie"])
    assert status == 200
    assert "The look was not finished" in text
    assert "says nothing about your service" in text
