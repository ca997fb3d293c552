"""What both simulators share."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness.model.change import Change
from harness.model.exchange import Response
from harness.model.step import Intent
from simulators.render import alphanumeric, collection, encoded, guid, identifier, member_of, retry_after, step_to


def test_an_address_keeps_the_template_beside_the_path() -> None:
    address = member_of("Users", "a b/c", "leaver")
    assert (address.path, address.template, address.subject) == ("/Users/a%20b%2Fc", "/Users/{id}", "leaver")
    assert collection("Groups").path == "/Groups"


def test_a_body_is_compact_utf_8_and_escapes_only_what_utf_8_cannot_hold() -> None:
    assert encoded({"a": ["ü", 1]}) == '{"a":["ü",1]}'.encode()
    assert encoded({"a": "\ud800"}) == b'{"a":"\\ud800"}'


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"id": "u-1"}, "u-1"),
        ({"id": 12}, "12"),
        ({"id": True}, ""),
        ({"id": ".."}, ""),
        ({"id": None}, ""),
        ({}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_an_id_is_taken_as_text_or_not_at_all(resource: Any, expected: str) -> None:
    assert identifier(resource) == expected


def test_invented_values_depend_on_their_words_only() -> None:
    assert alphanumeric(17, "a") == alphanumeric(17, "a") != alphanumeric(17, "b")
    assert len(alphanumeric(17, "a")) == 17
    assert alphanumeric(17, "a").isalnum()
    assert guid("a") == guid("a") != guid("b")
    assert uuid.UUID(guid("a")).version == 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 GMT"}, 30.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 -0000"}, None),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
        ({"Retry-After": "soon", "Date": "Fri, 31 Dec 1999 23:59:29 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read_as_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float | None, playing: Any, cast: Any
) -> None:
    class OneQuestion:
        def react(self, change: Any, cast: Any) -> Any:
            yield step_to("GET", collection("Users"), Intent.LIST, "Ask", ())

    play = playing(OneQuestion(), cast).when(Change()) << Response(429, headers=tuple(headers.items()))
    assert retry_after(play.sent[0]) == seconds
