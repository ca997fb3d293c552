"""No content of a file brings a reader of traffic down, lets it hang, or lets a known credential through."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.intake import access_log, curl, gateway, har, http_file, ngrok, own_run, postman, runscope
from harness.intake.importer import Importer
from harness.intake.masking import Masker
from harness.intake.recording import gather
from harness.model.sighting import Complaint

IMPORTERS = [m.IMPORTER for m in (access_log, curl, gateway, har, http_file, ngrok, own_run, postman, runscope)]
WORDS = st.sampled_from(
    [
        *("log", "entries", "request", "response", "method", "url", "headers", "name", "value", "content", "text"),
        *("status", "postData", "item", "steps", "requests", "raw", "GET", "PATCH", "https://a.example/scim/Users/1"),
        *(
            "uri",
            "path",
            "body",
            "message",
            "{}",
            '{"method":"GET","path":"/scim/Users","status":200}',
            "isBase64Encoded",
        ),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)
ENTRIES = st.lists(st.fixed_dictionaries({"request": VALUES, "response": VALUES}) | VALUES, max_size=4)
LINES = st.sampled_from(
    [
        "curl -X PATCH 'https://a.example/scim/v2/Users/1' \\",
        " -d '{\"active\": false}'",
        "PATCH https://a.example/scim/v2/Users/1 HTTP/1.1",
        "@a = {{a}}{{a}}",
        "GET {{a}}/scim/Users",
        "HTTP/1.1 200 OK",
        "### x",
        '::1 - - [01/Mar/2026:08:00:00 +0000] "GET /scim/v2/Users/1 HTTP/1.1" 200 1 "-" "-"',
        "Authorization: Bearer x",
        "",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=15).map("\n".join)
QUIET = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(importer: Importer, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert 0 <= importer.recognises(path.name, data[:65536]) <= 100
    found = list(importer.read(path, lambda _read: None))
    assert all(isinstance(one, Complaint) or one.exchange is not None for one in found)
    repr(found).encode("utf-8", "backslashreplace")
    gather(found, answered=False)


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda i: i.name)
@QUIET
@given(data=st.binary(max_size=400) | TEXTS.map(str.encode))
def test_any_bytes_are_survived(tmp_path: Path, importer: Importer, data: bytes) -> None:
    survives(importer, tmp_path / "f", data)


@pytest.mark.thorough
@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda i: i.name)
@QUIET
@given(value=VALUES, entries=ENTRIES)
def test_any_json_is_survived(tmp_path: Path, importer: Importer, value: object, entries: list[object]) -> None:
    whole = {"log": {"entries": entries}, "requests": entries, "item": entries, "steps": entries, "value": value}
    for one in (value, whole, entries):
        survives(importer, tmp_path / "f", json.dumps(one).encode("utf-8", "backslashreplace"))


NASTY = {
    "deep": b'{"log":{"entries":[' + b'{"request":' * 50_000,
    "deep arrays": b'{"log":{"entries":' + b"[" * 200_000,
    "a huge number": b'{"log":{"entries":[{"time":' + b"9" * 100_000 + b"}]}}",
    "quotation marks": b"curl '" + b"\"'" * 50_000,
    "continuations": b"curl a \\\n" * 20_000,
    "open quotes": b"curl 'x\n" * 5_000,
    "blanks": b"curl " + b" " * 200_000 + b"x",
    "colons": b"GET https://a/scim/Users\n" + b": \n" * 50_000,
    "variables": b"@a = " + b"{{a}}" * 2000 + b"\nGET {{a}}/scim/Users\n",
    "brackets": b"[" * 200_000,
    "dots": b'::1 - - [01/Mar/2026:08:00:00 +0000] "GET /' + b"a/" * 5_000 + b' HTTP/1.1" 200 1 "' + b"\\" * 20_000,
    "one long line": b"x" * 2_000_000,
    "amps": b'{"method":"GET","uri":"/scim/Users?' + b"a=b&" * 50_000 + b'","status":200}\n',
    "eyJ": b'{"method":"GET","uri":"/scim/Users","status":200,"response_body":"' + b"eyJ" * 50_000 + b'"}\n',
    "Bearer": b'{"method":"GET","uri":"/scim/Users","status":200,"response_body":"' + b"Bearer " * 30_000 + b'"}\n',
}


@pytest.mark.thorough
@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda i: i.name)
def test_nothing_takes_more_than_its_size_deserves(tmp_path: Path, importer: Importer) -> None:
    """Thirty seconds for a few megabytes are far beyond what a slow machine needs, and far below what squares take."""
    began = time.process_time()
    for data in NASTY.values():
        survives(importer, tmp_path / "f", data)
    assert time.process_time() - began < 120


@QUIET
@given(
    secret=st.text(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", min_size=12, max_size=40
    ).filter(lambda text: len(set(text)) > 6),
    scheme=st.sampled_from(["", "Bearer ", "bearer ", "Basic ", "Bearer Bearer "]),
    around=st.text(max_size=10),
)
def test_a_key_that_was_sent_is_masked_wherever_it_is_echoed(secret: str, scheme: str, around: str) -> None:
    masker = Masker()
    headers = masker.headers((("Authorization", scheme + secret), ("X-Echo", f"{around}{secret}")))
    assert secret not in repr(headers)
    assert secret not in masker.url(f"https://a.example/scim?x={secret}&{around}")
    assert secret.encode() not in masker.body(f"{around}{secret}{around}".encode())
