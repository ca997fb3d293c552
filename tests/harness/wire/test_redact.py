from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from harness.model.secret import Secret
from harness.wire.redact import Redactor

KEY = 'canary+key/with"odd&signs='


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.learn(Secret(KEY), "token")
    return redactor


@pytest.mark.parametrize(
    "spelt",
    [
        KEY,
        quote(KEY, safe=""),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
        json.dumps(KEY)[1:-1],
    ],
)
def test_a_secret_is_taken_out_however_it_is_spelt(redactor: Redactor, spelt: str) -> None:
    kept = redactor.data(f'{{"detail": "bad token {spelt} sent"}}'.encode())
    assert spelt.encode() not in kept
    assert b"bad token [redacted:token] sent" in kept


def test_a_credential_header_that_nobody_knows_keeps_its_scheme_only(redactor: Redactor) -> None:
    headers = (("Authorization", "Bearer somebody-elses"), ("Set-Cookie", "sid=abc; Path=/"), ("ETag", 'W/"1"'))
    assert redactor.headers(headers) == (
        ("Authorization", "Bearer [redacted:header]"),
        ("Set-Cookie", "[redacted:header]"),
        ("ETag", 'W/"1"'),
    )


def test_a_password_in_a_body_is_masked_and_the_rest_of_the_body_stays(redactor: Redactor) -> None:
    body = b'{"userName":"ada","password":"s3cr\\"et","active":true}'
    assert redactor.data(body) == b'{"userName":"ada","password":"[redacted:value]","active":true}'


def test_the_state_of_a_session_is_no_secret(redactor: Redactor) -> None:
    body = b'{"session":"ended","api_token":"alive"}'
    assert redactor.data(body) == body
    assert redactor.data(b'{"session":"f00ba4"}') == b'{"session":"[redacted:value]"}'


def test_a_very_short_secret_does_not_blot_out_ordinary_text() -> None:
    redactor = Redactor()
    redactor.learn("a", "token")
    assert redactor.text("a banana") == "a banana"


def test_a_secret_never_shows_itself() -> None:
    secret = Secret(KEY)
    shown = f"{secret!r} {secret} {secret:>20} { {'key': secret} }"
    assert KEY not in shown
    with pytest.raises(TypeError, match="not to be pickled"):
        secret.__reduce__()
