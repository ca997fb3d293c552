from __future__ import annotations

import pytest

from harness.model.exchange import Request
from reports.snippets.http import http
from reports.snippets.redacted import LIMIT

URL = "https://scim.acme.example/scim/v2/Users/1"


@pytest.mark.parametrize("value", ["Bearer [redacted:token]", "Bearer abc.def"])
def test_a_block_has_title_request_headers_and_body_with_the_credential_as_a_variable(value: str) -> None:
    request = Request("PATCH", URL, (("Authorization", value), ("Host", "x"), ("Accept", "a/b")), b'{"a": 1}')
    assert http(request, "Deactivate\nthe user").splitlines() == [
        "### Deactivatethe user",
        f"PATCH {URL}",
        "Authorization: Bearer {{SCIM_TOKEN}}",
        "Accept: a/b",
        "",
        '{"a": 1}',
    ]


@pytest.mark.parametrize(("body", "told"), [(b"x" * (LIMIT + 1), "too long"), (b"\x00\xff", "not text")])
def test_a_body_that_cannot_stand_there_is_named_as_a_file(body: bytes, told: str) -> None:
    block = http(Request("POST", URL, (), body))
    assert told in block
    assert block.endswith("< ./body.bin")
    assert len(block) < 500
