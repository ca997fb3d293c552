"""Several workers on one store: whatever dies, what was acknowledged is there, and the service goes on."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
import requests

pytestmark = pytest.mark.socket


def until(condition, seconds=60):
    """Wait for something that is going to be so; fails when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_a_worker_that_is_killed_loses_nothing_that_was_acknowledged(serve, store):
    server = serve("--preset", "full", "--store", store, "--workers", "2")
    acknowledged, refused, stop = [], [], threading.Event()

    def write(lane):
        number = 0
        while not stop.is_set():
            name = f"p{lane}-{number}@test.example"
            number += 1
            try:
                answer = server.create(name)
            except requests.RequestException:
                continue  # Cut off: whether it was done is not known, and was not promised.
            (acknowledged if answer.status_code == 201 else refused).append((name, answer.status_code))

    lanes = [threading.Thread(target=write, args=(lane,)) for lane in range(3)]
    for lane in lanes:
        lane.start()
    for _ in range(2):
        seen = len(acknowledged)
        until(lambda seen=seen: len(acknowledged) > seen + 5)
        killed = server.workers[0]
        os.kill(killed, signal.SIGKILL)
        until(lambda killed=killed: len(server.workers) == 2 and killed not in server.workers)
    seen = len(acknowledged)
    until(lambda: len(acknowledged) > seen + 5)
    stop.set()
    for lane in lanes:
        lane.join()
    assert refused == []
    kept = {p["userName"] for p in everybody(server)}
    assert {name for name, _ in acknowledged} <= kept
    assert len(kept) <= len(acknowledged) + 6, "at most what was under way at each kill may be more"
    assert server.stop() == 0
    assert "worker ended" in server.log


def everybody(server):
    found, start = [], 1
    while True:
        page = server.ask("GET", f"/Users?startIndex={start}&count=200").json()
        found += page["Resources"]
        start += len(page["Resources"])
        if len(found) >= page["totalResults"]:
            return found


def test_members_that_come_at_one_moment_to_several_workers_are_all_kept(server):
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
    group = server.ask("POST", "/Groups", {"schemas": schemas, "displayName": "Everybody"}).json()["id"]
    answers = []

    def add(lane):
        for number in range(6):
            operation = {"op": "add", "path": "members", "value": [{"value": f"p{lane}-{number}"}]}
            body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
            answers.append(server.ask("PATCH", f"/Groups/{group}", body).status_code)

    lanes = [threading.Thread(target=add, args=(lane,)) for lane in range(4)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert set(answers) == {200}
    members = {m["value"] for m in server.ask("GET", f"/Groups/{group}").json()["members"]}
    assert members == {f"p{lane}-{number}" for lane in range(4) for number in range(6)}


def test_of_changes_that_were_read_at_one_version_only_one_wins(server):
    made = server.create("eve@test.example").json()
    start, answers = threading.Barrier(6), []

    def rename(number):
        body = made | {"displayName": f"Name {number}"}
        start.wait()
        answers.append(
            server.ask("PUT", f"/Users/{made['id']}", body, **{"If-Match": made["meta"]["version"]}).status_code
        )

    threads = [threading.Thread(target=rename, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412, 412, 412]


def test_of_two_that_create_the_same_person_at_once_one_is_told_so(server):
    start, answers = threading.Barrier(6), []

    def create():
        start.wait()
        answers.append(server.create("Ada@test.example").status_code)

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]


def test_first_sign_ins_at_one_moment_make_one_account(server):
    start, answers = threading.Barrier(5), []

    def sign_in():
        start.wait()
        with server.session() as client:
            answer = client.post(f"{server.origin}/sso/sign-in", json={"userName": "cy@test.example"}, timeout=120)
        answers.append((answer.status_code, answer.json().get("id")))

    threads = [threading.Thread(target=sign_in) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} == {200}
    assert len({person for _, person in answers}) == 1


def test_workers_end_with_the_server_that_was_killed(serve, tmp_path):
    server = serve("--store", f"sqlite:///{tmp_path / 'p.db'}", "--workers", "2")
    workers = server.workers
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait(60)
    until(lambda: not any(alive(pid) for pid in workers))


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_store_that_is_opened_again_knows_its_tenant_and_its_people(serve, store):
    first = serve("--preset", "full", "--store", store)
    person = first.create("ada@test.example").json()["id"]
    assert first.stop() == 0
    second = serve("--preset", "full", "--store", store, "--workers", "2")
    assert second.tenant == first.tenant
    assert second.ask("GET", f"/Users/{person}").json()["userName"] == "ada@test.example"
    with second.session(first.key) as client:
        assert second.ask("GET", "/Users", session=client).status_code == 200
