from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.doctor.key import read
from harness.model.diagnosis import Diagnosis, Line, State
from harness.model.secret import Secret

Troubles = Callable[[Diagnosis], list[str]]
Named = Callable[[Diagnosis, str], Line]

IDPS = ("okta", "entra")


@pytest.mark.parametrize(
    ("pasted", "id"),
    [
        ("Bearer abcdef", "key-doubled-bearer"),
        ("bearer  abcdef", "key-doubled-bearer"),
        ("Bearer Bearer abcdef", "key-doubled-bearer"),
        ("Authorization: Bearer abcdef", "key-doubled-bearer"),
        (" abcdef", "key-white-space"),
        ("abcdef\n", "key-white-space"),
        ("abc\ndef", "key-white-space-inside"),
        ("abc def", "key-white-space-inside"),
        ('"abcdef"', "key-quotes"),
        ("“abcdef”", "key-quotes"),
        ("", "key-empty"),
        ("<your token>", "key-placeholder"),
        ("YOUR_API_KEY", "key-placeholder"),
    ],
)
def test_a_flaw_of_the_pasted_text_is_named_and_the_key_behind_it_found(pasted: str, id: str) -> None:
    key = read(Secret(pasted), IDPS)
    assert key.line is not None
    assert key.line.id == id
    assert "abcdef" not in repr(key.line)
    if "a" in pasted and id != "key-placeholder":
        assert key.clean.reveal() == "abcdef"


def test_a_sound_key_has_no_line() -> None:
    assert read(Secret("scim_a-b_c.d"), IDPS).line is None


def test_a_field_that_is_sent_as_it_stands_needs_the_word_bearer() -> None:
    missing = read(Secret("abcdef"), ("okta",), as_it_stands=True).line
    assert missing is not None
    assert missing.id == "key-missing-bearer"
    assert read(Secret("Bearer abcdef"), ("okta",), as_it_stands=True).line is None


def test_a_doubled_bearer_is_named_first_and_everything_else_is_looked_at_all_the_same(
    patient: Any, troubles: Troubles, line: Named
) -> None:
    seen = patient.look(key=f"Bearer {patient.key}")
    assert troubles(seen)[0] == "key-doubled-bearer"
    assert line(seen, "lookup").state is State.OK
    assert line(seen, "test-okta").state is State.WRONG
    assert "Secret Token" in line(seen, "key-doubled-bearer").fix


def test_an_okta_app_that_sends_the_key_as_typed_fails_without_the_word(patient: Any, troubles: Troubles) -> None:
    setups = {"okta:oin": {"authorization": "header"}}
    seen = patient.look("okta:oin", setups=setups)
    assert troubles(seen)[0] == "key-missing-bearer"
    assert troubles(patient.look("okta:oin", setups=setups, key=f"Bearer {patient.key}")) == []


def test_an_expired_key_is_told_from_an_unknown_one(patient: Any, troubles: Troubles) -> None:
    ended = patient.server.credentials.issue(patient.tenant.id, "old", datetime.now(UTC) - timedelta(days=1))
    assert troubles(patient.look(key=ended.api_key))[0] == "key-expired"
    revoked = patient.server.credentials.issue(patient.tenant.id, "lost")
    patient.server.credentials.revoke(revoked.id)
    assert troubles(patient.look(key=revoked.api_key))[0] == "key-revoked"
    assert troubles(patient.look(key="scim_of-another-service"))[0] == "key-refused"


def test_a_service_that_asks_for_a_name_and_a_password_is_told(
    patients: Callable[..., Any], troubles: Troubles
) -> None:
    assert (
        troubles(patients("marketbeam", "401-basic-challenge").look(key="ada:secret-word"))[0] == "key-basic-expected"
    )


def _jwt(**claims: float) -> str:
    parts = [{"alg": "none"}, claims]
    head, body = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return f"{head}.{body}.c2ln"


@pytest.mark.parametrize(
    ("lives", "began", "id"),
    [
        (timedelta(hours=1), timedelta(0), "key-short-lived"),
        (timedelta(days=200), timedelta(days=190), "key-expires-soon"),
    ],
)
def test_the_end_of_a_key_that_tells_it_is_read(lives: timedelta, began: timedelta, id: str) -> None:
    from harness.doctor.key_life import lifetime

    now = datetime.now(UTC)
    made = (now - began).timestamp()
    key = read(Secret(_jwt(iat=made, exp=made + lives.total_seconds())), IDPS)
    assert lifetime(key, [], now, IDPS).id == id


def test_a_key_without_an_end_is_worth_a_look() -> None:
    from harness.doctor.key_life import lifetime

    assert lifetime(read(Secret(_jwt(iat=1.0)), IDPS), [], datetime.now(UTC), IDPS).id == "key-never-expires"
    told = lifetime(read(Secret("opaque"), IDPS), [], datetime.now(UTC), IDPS)
    assert told.state is State.NOT_AVAILABLE
