from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import clipped, shortened, shown, visible


@pytest.mark.parametrize(
    ("hostile", "spelt"),
    [
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("nul\x00", "nul\\u0000"),
        ("line\u2028break", "line\\u2028break"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ufeffmark", "\\ufeffmark"),
        ("no\u00a0break", "no\\u00a0break"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\ud800", "half\\ud800"),
        ("carriage\rreturn", "carriage\\rreturn"),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(hostile: str, spelt: str) -> None:
    assert visible(hostile) == spelt


def test_line_breaks_tabs_and_letters_of_every_script_stay() -> None:
    text = "Zoë\tŁukasz\nさくら محمد"
    assert visible(text) == text


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_visible_text_can_always_be_written_as_utf_8_and_shows_every_character(text: str) -> None:
    said = visible(text)
    assert said.encode("utf-8").decode("utf-8") == said
    assert all(c.isprintable() or c in "\n\t" for c in said)


def test_a_long_text_is_cut_and_says_its_true_length_and_digest() -> None:
    text = "é" * 5000
    cut = clipped(text, 100)
    assert cut.startswith("é" * 100 + "…")
    assert "5,000 characters in all" in cut
    assert hashlib.sha256(text.encode()).hexdigest() in cut


def test_a_text_of_just_the_limit_is_not_cut() -> None:
    assert clipped("a" * 100, 100) == "a" * 100


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing (absent or null)"),
        (False, "false"),
        ("False", '"False"'),
        ("", '""'),
        ("404", '"404"'),
        (404, "404"),
        (" padded", '" padded"'),
        ("the session goes on", "the session goes on"),
        ({"a": [1]}, '{"a": [1]}'),
    ],
)
def test_a_string_that_reads_like_another_type_keeps_its_quotes(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_value_that_is_no_json_is_still_shown() -> None:
    looped: list[object] = []
    looped.append(looped)
    assert "..." in shown(looped)
    assert "b'x'" in shown(b"x")


def test_a_shortened_text_is_one_line_of_at_most_the_limit() -> None:
    assert shortened("a\nb  c", 10) == "a b c"
    assert shortened("abcdef" * 10, 10) == "abcdefabc…"
