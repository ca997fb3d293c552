from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.model.exchange import Request
from reports.snippets.curl import curl
from reports.snippets.redacted import LIMIT

URL = "https://scim.acme.example/scim/v2/Users/1?filter=userName%20eq%20%22o'hara%22"
STUB = """#!{python}
import json, sys
body = sys.stdin.buffer.read() if "@-" in sys.argv else b""
json.dump({{"argv": sys.argv[1:], "stdin": body.hex()}}, sys.stdout)
"""


@pytest.fixture
def ran(tmp_path: Path):
    """Runs a command line in a shell in which curl only tells what it was given."""
    stub = tmp_path / "curl"
    stub.write_text(STUB.format(python=sys.executable))
    stub.chmod(0o755)

    def run(command: str) -> dict[str, object]:
        environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "SCIM_TOKEN": "s3cret token"}
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, check=True, timeout=30)
        return json.loads(done.stdout)

    return run


def test_the_credential_is_a_variable_and_reaches_the_command(ran) -> None:
    command = curl(Request("GET", URL, (("Authorization", "Bearer [redacted:token]"),)))
    assert "redacted" not in command
    told = ran(command)
    assert "Authorization: Bearer s3cret token" in told["argv"]
    assert URL in told["argv"]


@pytest.mark.parametrize("value", ["Bearer abc.def", "abc.def", "Basic Zm9vOmJhcg=="])
def test_a_credential_that_was_not_redacted_is_left_out_all_the_same(value: str) -> None:
    command = curl(Request("GET", URL, (("Authorization", value),)))
    assert "abc.def" not in command
    assert "Zm9v" not in command
    assert "$SCIM_TOKEN" in command


@pytest.mark.parametrize(
    "body", [b'{"a": "o\'hara $HOME `id` \\n"}', b"line\nline\r\n", b"\x00\xff", "“ü\u202e”".encode(), b"@/etc/passwd"]
)
def test_the_same_bytes_are_sent_again(ran, body: bytes) -> None:
    told = ran(curl(Request("PATCH", URL, (("Content-Type", "application/scim+json"),), body)))
    argv = told["argv"]
    assert isinstance(argv, list)
    sent = bytes.fromhex(str(told["stdin"])) if "--data-binary" in argv else argv[argv.index("--data-raw") + 1].encode()
    assert sent == body


def test_headers_that_curl_would_make_up_are_kept_from_it(ran) -> None:
    argv = ran(curl(Request("POST", URL, (("X-Empty", ""),), b"x")))["argv"]
    assert [a for a in argv if a.endswith((":", ";"))] == ["X-Empty;", "User-Agent:", "Accept:", "Content-Type:"]


def test_host_and_length_are_left_to_curl() -> None:
    command = curl(Request("GET", URL, (("Host", "scim.acme.example"), ("Content-Length", "0"))))
    assert "Host" not in command
    assert "Content-Length" not in command


def test_a_hostile_method_url_or_header_stays_one_argument(ran) -> None:
    argv = ran(curl(Request("GET; id", "https://x.example/$(id)\r\n", (("X", "a'b\r\nc"),))))["argv"]
    assert argv[argv.index("-X") + 1] == "GET; id"
    assert "https://x.example/$(id)" in argv
    assert "X: a'bc" in argv


def test_a_body_too_long_for_a_command_line_is_named_as_a_file() -> None:
    command = curl(Request("PUT", URL, (), b"x" * (LIMIT + 1)))
    assert command.startswith("# The body is too long")
    assert command.endswith("--data-binary @body.bin")
    assert len(command) < 1000
