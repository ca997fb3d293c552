from __future__ import annotations

import hashlib

from reports.html.bodies import BUDGET, LIMIT, TIGHT_LIMIT, Bodies


def test_the_offending_value_is_marked_and_nothing_else() -> None:
    body = Bodies().show(b'{"a": 1, "status": 404, "b": 2}', ["/status"])
    assert [text.strip() for marked, text in body.pieces if marked] == ['"status": 404,']
    assert "".join(text for _, text in body.pieces).count("404") == 1


def test_a_value_that_is_missing_is_said_to_be_missing() -> None:
    body = Bodies().show(b'{"a": 1}', ["/status"])
    assert body.notes == ("/status is not there.",)


def test_a_header_name_is_not_taken_for_a_pointer() -> None:
    assert Bodies().show(b'{"a": 1}', ["Content-Type", ""]).notes == ()


def test_a_long_body_is_cut_and_says_true_length_and_digest() -> None:
    data = b'{"displayName": "' + b"A" * 5_000_000 + b'"}'
    body = Bodies().show(data, ["/displayName"])
    assert sum(len(text) for _, text in body.pieces) == LIMIT
    assert f"of {len(data):,} bytes" in body.notes[0]
    assert hashlib.sha256(data).hexdigest() in body.notes[0]
    assert "not marked" in body.notes[1]


def test_bytes_that_are_no_text_are_spelt_out() -> None:
    body = Bodies().show(b"\xff\xfe\x00 </script>")
    assert body.kind == "not JSON"
    assert body.pieces == ((False, "\\xff\\xfe\\u0000 </script>"),)


def test_json_that_is_too_deep_is_shown_as_it_came() -> None:
    body = Bodies().show(b"[" * 100 + b"]" * 100, ["/0"])
    assert body.kind == "not JSON"
    assert body.notes == ("/0: the body is not JSON.",)


def test_no_body_and_an_empty_body_are_two_things() -> None:
    assert (Bodies().show(None).kind, Bodies().show(b"").kind) == ("none", "empty")


def test_when_the_page_is_full_only_important_bodies_are_shown_at_length() -> None:
    bodies, long = Bodies(), b"x" * LIMIT
    for _ in range(BUDGET // LIMIT):
        assert bodies.show(long).notes == ()
    assert f"first {TIGHT_LIMIT:,}" in bodies.show(long).notes[0]
    assert bodies.show(long, important=True).notes == ()
