"""Whatever the key and wherever it stands: nothing of it is left, and nothing else is touched."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from harness.wire.redact import SHORTEST, Redactor

MARK = b"[redacted:token]"
KEYS = st.text(
    alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x17E, exclude_characters="\x7f"),
    min_size=SHORTEST,
    max_size=24,
).filter(lambda key: key not in MARK.decode())


def spellings(key: str) -> list[bytes]:
    raw = key.encode()
    return [
        raw,
        quote(key, safe="").encode(),
        json.dumps(key)[1:-1].encode(),
        base64.b64encode(raw),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
    ]


def redactor_of(key: str) -> Redactor:
    redactor = Redactor()
    redactor.learn(key, "token")
    return redactor


@given(KEYS, st.binary(max_size=12), st.binary(max_size=12), st.integers(0, 4))
def test_no_spelling_of_a_key_is_left_anywhere(key: str, before: bytes, after: bytes, which: int) -> None:
    told = redactor_of(key).data(before + spellings(key)[which] + after)
    rest = told.replace(MARK, b"")
    assert MARK in told
    assert not any(spelling in part for spelling in spellings(key) for part in told.split(MARK))
    assert len(rest) <= len(before) + len(after)


@given(KEYS, st.binary(max_size=60))
def test_redacting_again_changes_nothing(key: str, data: bytes) -> None:
    redactor = redactor_of(key)
    once = redactor.data(data)
    assert redactor.data(once) == once


@given(KEYS, st.lists(st.sampled_from([b"ada", b" ", b"{}", b"active"]), max_size=8).map(b"".join))
def test_what_holds_no_key_stays_as_it_is(key: str, data: bytes) -> None:
    if not any(spelling in data for spelling in spellings(key)):
        assert redactor_of(key).data(data) == data


@given(KEYS, st.sampled_from(["Authorization", "COOKIE", "x-api-key"]), st.sampled_from(["", "Bearer ", "Basic "]))
def test_a_credential_header_never_keeps_its_value(key: str, name: str, scheme: str) -> None:
    ((_, value),) = Redactor().headers(((name, scheme + key),))
    assert key not in value.replace("[redacted:header]", "")
