"""The wall cannot be taken down again, so each of these runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = "import socket, sys\nfrom harness.console import wall\nwall.install({'app.example': ['127.0.0.1']})\n"


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('169.254.169.254', 80), 1)",
        "socket.getaddrinfo('evil.example', 443)",
        "socket.getaddrinfo('localhost', 443)",
        "socket.socket().connect(('10.0.0.1', 80))",
        "socket.socket(socket.AF_INET6).connect(('fd00:ec2::254', 80, 0, 0))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53))",
        "import requests; requests.get('http://evil.example/')",
        "import http.client; http.client.HTTPConnection('169.254.169.254').request('GET', '/')",
        "import _socket; _socket.socket().connect(('192.168.0.1', 1))",
    ],
)
def test_nothing_but_the_named_host_is_reached(code: str) -> None:
    assert "only the host that was typed is asked" in _run(code)


def test_the_named_host_is_reached_at_the_address_that_was_looked_at() -> None:
    told = _run(
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "there = socket.create_connection(('APP.example', server.getsockname()[1]), 30)\n"
        "print(there.getpeername()[0])\n"
    )
    assert told.strip() == "127.0.0.1"


def test_without_a_word_from_the_console_nothing_is_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.console.child", "list", "idps"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode != 0
    assert "SCIMULATOR_CONSOLE_WALL" in done.stderr
