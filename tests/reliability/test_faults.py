"""Faults around a running server: its database gone, its disk full, clients that are slow, silent or many, clocks."""

import datetime
import json
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import requests

from benchmarks.postgresql import postgresql
from reference_server.app import ReferenceServer

pytestmark = pytest.mark.socket


@pytest.mark.postgres
def test_while_the_database_is_gone_everybody_is_told_to_come_back_and_nothing_is_lost(serve):
    with postgresql() as database:
        server = serve("--preset", "full", "--store", database.url, "--workers", "2")
        person = server.create("ada@test.example").json()["id"]
        database.kill()
        for _ in range(4):
            answer = server.activate(person, active=False)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
            assert answer.json()["status"] == "503"
        with server.session() as client:
            assert client.get(f"{server.origin}/readyz", timeout=60).status_code == 503
            assert client.get(f"{server.origin}/healthz", timeout=60).status_code == 200
        assert "scim@" not in answer.text
        assert "127.0.0.1" not in answer.text
        database.start()
        end = time.monotonic() + 60
        while server.activate(person, active=False).status_code != 200:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert server.ask("GET", f"/Users/{person}").json()["active"] is False
        assert server.stop() == 0


def test_on_a_full_disk_nothing_is_half_done_and_reading_goes_on(tmp_path):
    store = f"sqlite:///{tmp_path / 'people.db'}"
    ReferenceServer("full", store_url=store).close()
    program = f"""
import json, resource, signal, sys
from reference_server.app import ReferenceServer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
server = ReferenceServer("full", store_url={store!r})
tenant = server.add_tenant("Team", "it@team.example").id
storage = server.people_of(tenant)
model = storage.provider.model_for(server.user_type)
full = 700_000
resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))
from reference_server.admission import Caller
kept, refused = [], []
desk = server.desk_of(Caller(tenant, "key"), "post")
for number in range(400):
    try:
        with desk.operation():
            person = model.model_validate({{"userName": f"u{{number}}", "displayName": "x" * 5000}})
            desk.create(server.user_type, person)
        kept.append(f"u{{number}}")
    except Exception as problem:
        refused.append(server.behaviour.failure(problem).status)
        if len(refused) > 3:
            break
found = [p.user_name for p in storage.all(server.user_type)]
audited = [e.resource_id for e in server.audit.entries(tenant)]
print(json.dumps([kept, refused, found, len(audited)]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr

    kept, refused, found, audited = json.loads(done.stdout)
    assert set(refused) == {503}
    assert found == kept != []
    assert audited == len(kept)
    again = ReferenceServer("full", store_url=store)
    assert len(again.people_of(None).all(again.user_type)) == len(kept)
    again.close()


def test_clients_that_are_slow_or_half_closed_hold_nobody_else_up(server):
    held = []
    for number in range(120):
        slow = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        body = number % 2 == 0
        slow.sendall(
            b"POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\n" + (b"Content-Length: 99\r\n\r\n{" if body else b"X: y")
        )
        if number % 3 == 0:
            slow.shutdown(socket.SHUT_WR)
        held.append(slow)
    for _ in range(5):
        assert server.ask("GET", "/Users?count=1").status_code == 200
    for slow in held:
        slow.close()
    assert server.ask("GET", "/Users?count=1").status_code == 200


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 4x\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Authorization : Bearer x\r\n",
        b"X: a\r\n\x00b: c\r\n",
    ],
)
def test_a_request_that_could_be_read_in_two_ways_is_not_read(server, head):
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        smuggled = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        client.sendall(b"POST /scim/v2/Users HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n" + smuggled)
        client.shutdown(socket.SHUT_WR)
        answered = b""
        while part := client.recv(65536):
            answered += part
    assert b" 200 " not in answered


def test_a_header_with_underscores_does_not_stand_for_the_real_one(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        more = f"Connection: close\r\nX_Request_Id: mine\r\nX: {server.key}\r\n\r\n"
        client.sendall(f"GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\n{more}".encode())
        answered = b""
        while part := client.recv(65536):
            answered += part
    assert answered.startswith(b"HTTP/1.1 401")
    assert b"X-Request-Id: mine" not in answered


@pytest.mark.thorough
def test_two_thousand_connections_are_served(server):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    held = []
    try:
        for _ in range(2000):
            held.append(socket.create_connection(("127.0.0.1", server.port), timeout=120))
        request = (
            f"GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.key}\r\n\r\n".encode()
        )
        for one in held[::10]:
            one.sendall(request)
        for one in held[::10]:
            assert one.recv(65536).startswith(b"HTTP/1.1 200")
    finally:
        for one in held:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_requests_under_way_are_answered_when_the_server_stops(serve, tmp_path):
    server = serve("--preset", "full", "--store", f"sqlite:///{tmp_path / 'p.db'}", "--workers", "2")
    answers, stop = [], threading.Event()

    def write(lane):
        number = 0
        while not stop.is_set():
            number += 1
            try:
                answers.append((f"p{lane}-{number}", server.create(f"p{lane}-{number}").status_code))
            except requests.ConnectionError:
                return

    lanes = [threading.Thread(target=write, args=(lane,)) for lane in range(3)]
    for lane in lanes:
        lane.start()
    while len(answers) < 6:
        time.sleep(0.01)
    server.process.send_signal(signal.SIGTERM)
    assert server.stop() == 0
    stop.set()
    for lane in lanes:
        lane.join()
    assert {status for _, status in answers} == {201}
    again = ReferenceServer("full", store_url=f"sqlite:///{tmp_path / 'p.db'}")
    kept = {p.user_name for p in again.people_of(server.tenant).all(again.user_type)}
    assert {name for name, _ in answers} <= kept
    again.close()


@pytest.mark.parametrize("jump", [datetime.timedelta(days=-400), datetime.timedelta(days=400)], ids=["back", "ahead"])
def test_a_clock_that_jumps_turns_no_history_around(jump):
    now = [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)]
    server = ReferenceServer("full", clock=lambda: now[0])
    tenant = server.add_tenant("Team", "it@team.example").id
    storage = server.people_of(tenant)
    person = storage.create(
        server.user_type, storage.provider.model_for(server.user_type).model_validate({"userName": "a"})
    )
    now[0] += jump
    changed = storage.update(server.user_type, person)
    assert changed.meta.last_modified > person.meta.last_modified
    assert changed.meta.version != person.meta.version
    server.close()
