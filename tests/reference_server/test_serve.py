"""The server on a real loopback socket: it says where it listens, answers, and stops when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest
import requests

from reference_server.app import ReferenceServer
from reference_server.serve import Listener, serve

pytestmark = pytest.mark.socket


@pytest.fixture
def running():
    server = ReferenceServer()
    listener = Listener(server)
    thread = threading.Thread(target=listener.run)
    thread.start()
    yield server, listener
    listener.stop()
    thread.join(timeout=10)
    assert not thread.is_alive()
    server.close()


def session(server):
    client = requests.Session()
    client.trust_env = False
    client.headers["Authorization"] = f"Bearer {server.add_tenant('Team', 'it@team.example').api_key}"
    return client


def test_a_person_is_deactivated_over_the_wire(running):
    server, listener = running
    client = session(server)
    base = listener.origin + server.base_path
    made = client.post(listener.origin + "/sso/sign-in", json={"userName": "ada@test.example"}).json()
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "Replace", "path": "active", "value": "False"}],
    }
    answer = client.patch(f"{base}/Users/{made['id']}", json=body)
    assert answer.json()["active"] is False
    assert answer.json()["meta"]["location"] == f"{base}/Users/{made['id']}"
    assert "Server" not in answer.headers
    assert client.head(f"{base}/Users/{made['id']}").headers["Content-Length"] == str(len(answer.content))


def test_a_large_body_is_a_scim_413_and_the_next_request_works(running):
    server, listener = running
    client = session(server)
    base = listener.origin + server.base_path
    large = client.patch(f"{base}/Users/x", data=b"a" * 10_000_000)
    assert large.status_code == 413
    assert large.json()["status"] == "413"
    assert client.get(f"{base}/Users").status_code == 200


def test_chunks_are_put_together(running):
    server, listener = running
    client = session(server)
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
    chunks = (bytes([byte]) for byte in json.dumps(search).encode())
    answer = client.post(f"{listener.origin}{server.base_path}/Users/.search", data=chunks)
    assert answer.json()["totalResults"] == 0


def test_many_people_at_once_get_their_own_answers(running):
    server, listener = running
    client = session(server)
    origin = listener.origin
    ids = [
        client.post(f"{origin}/sso/sign-in", json={"userName": f"u{n}@test.example"}).json()["id"] for n in range(20)
    ]
    seen = {}

    def ask(resource_id):
        answer = requests.get(f"{origin}/scim/v2/Users/{resource_id}", headers=dict(client.headers), timeout=10)
        seen[resource_id] = answer.json()["id"]

    threads = [threading.Thread(target=ask, args=(i,)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {i: i for i in ids}


def test_a_taken_port_is_an_os_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serve(ReferenceServer(), port=taken.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_gracefully_when_it_is_told_to(number):
    program = (
        "from reference_server.app import ReferenceServer\n"
        "from reference_server.serve import serve\n"
        "serve(ReferenceServer(), port=0, on_ready=lambda host, port: print(port, flush=True))\n"
        "print('stopped')"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline())
        assert requests.get(f"http://127.0.0.1:{port}/.well-known/scimulator", timeout=10).status_code == 200
        os.kill(process.pid, number)
        assert process.wait(timeout=10) == 0
        assert process.stdout.read() == "stopped\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
