from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import responses

from harness.model.exchange import Request
from reports.snippets.python import python

URL = "https://scim.acme.example/scim/v2/Users/1?filter=userName%20eq%20%22o'hara%22"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch):
    """Runs a snippet against a stub; gives the request that arrived."""

    def run(snippet: str):
        monkeypatch.setenv("SCIM_TOKEN", "s3cret token")
        with responses.RequestsMock() as stub:
            stub.add_passthru("nothing")
            for method in ("GET", "PATCH", "POST"):
                stub.add(method, URL.partition("?")[0], body="ok")
            stub.assert_all_requests_are_fired = False
            exec(compile(snippet, "snippet", "exec"), {})
            return stub.calls[0].request

    return run


@pytest.mark.parametrize("value", ["Bearer [redacted:token]", "Bearer abc.def", "abc.def"])
def test_the_credential_comes_from_the_environment(sent, value: str) -> None:
    snippet = python(Request("GET", URL, (("Authorization", value),)))
    assert "redacted" not in snippet
    assert "abc" not in snippet
    assert sent(snippet).headers["Authorization"].endswith("s3cret token")


@pytest.mark.parametrize("body", [b'{"a": "o\'hara \\n"}', b"\x00\xff", "“ü\u202e”".encode()])
def test_the_same_bytes_are_sent_again_without_headers_that_were_not_there(sent, body: bytes) -> None:
    request = sent(python(Request("PATCH", URL, (("Content-Type", "application/scim+json"), ("X-Empty", "")), body)))
    assert request.body == body
    assert request.url == URL
    assert {k.lower() for k in request.headers} == {"content-type", "x-empty", "content-length"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    snippet = python(Request('GET"); import os; os._exit(7)#', 'https://x.example/"""\r\n', (("X", "a'\"b\r\nc"),)))
    script = tmp_path / "snippet.py"
    script.write_text(snippet)
    done = subprocess.run([sys.executable, "-m", "py_compile", str(script)], capture_output=True, timeout=30)
    assert done.returncode == 0
    assert "a\\'\"bc" in snippet
