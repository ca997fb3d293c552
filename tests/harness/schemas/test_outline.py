"""An outline tells what many JSON values have in common, and its blanks tell nothing about the texts they stand for."""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.blank import DateTime, Text, Unsaid, sampled
from harness.schemas.date_time import carries_zone, is_date_time
from harness.schemas.outline import KEPT, filled, key, outlined
from harness.validation import ALL, compiled

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", " ", "ada", "2026-01-31T09:30:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "a"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def test_people_who_differ_in_their_texts_alone_have_one_outline() -> None:
    one = {"id": "1", "userName": "ada", "active": True, "meta": {"created": "2026-01-31T09:30:00Z"}}
    other = {"id": "2", "userName": "grace", "active": True, "meta": {"created": "1999-12-31T23:59:59+01:00"}}
    assert key(outlined(one)) == key(outlined(other))


@pytest.mark.parametrize(
    "other",
    [
        {"id": "1", "active": False},
        {"id": "1", "active": "true"},
        {"id": "", "active": True},
        {"id": " ", "active": True},
        {"id": 1, "active": True},
        {"id": "2026-01-31T09:30:00Z", "active": True},
        {"ID": "1", "active": True},
        {"active": True, "id": "1"},
        {"id": "1", "active": True, "type": "work"},
    ],
)
def test_what_differs_in_more_than_a_text_has_another_outline(other: dict[str, Any]) -> None:
    assert key(outlined(other)) != key(outlined({"id": "1", "active": True}))


@given(_VALUES)
def test_an_outline_keeps_everything_but_texts(value: Any) -> None:
    def without_texts(inner: Any, name: str = "") -> Any:
        if isinstance(inner, dict):
            return {n: v if n in KEPT else without_texts(v, n) for n, v in inner.items()}
        if isinstance(inner, list):
            return [without_texts(v) for v in inner]
        return "text" if isinstance(inner, str) and inner.strip() else inner

    def told(inner: Any) -> Any:
        if isinstance(inner, dict):
            return {n: v if n in KEPT else told(v) for n, v in inner.items()}
        if isinstance(inner, list):
            return [told(v) for v in inner]
        return "text" if type(inner) in (Text, DateTime) else inner

    assert told(filled(outlined(value))) == without_texts(value)


@pytest.mark.parametrize("blank", [Text, DateTime])
@pytest.mark.parametrize(
    "looks",
    [
        lambda text: text == "ada",
        lambda text: text != "ada",
        lambda text: text == Text(),
        lambda text: text in {"ada"},
        lambda text: text in ("ada",),
        lambda text: text.lower(),
        lambda text: text.startswith("a"),
        lambda text: text[:1],
        lambda text: "a" in text,
        lambda text: text in "ada",
        lambda text: len(text),
        lambda text: f"{text}",
        lambda text: "%s" % text,  # noqa: UP031
        lambda text: str(text),
        lambda text: "-".join([text]),
        lambda text: text + "a",
        lambda text: "a" + text,
        lambda text: int(text),
        lambda text: sorted([text, text]),
        lambda text: re.match("a", text),
        lambda text: json.dumps(text),
        lambda text: marshal.dumps(text),
        lambda text: {text: 1},
        lambda text: "ada".startswith(text),
        lambda text: text.strip("a"),
    ],
)
def test_nobody_learns_what_a_blank_text_says(looks: Callable[[Any], object], blank: type[Text]) -> None:
    with pytest.raises((Unsaid, TypeError, ValueError)):
        looks(blank())


def test_of_a_blank_text_is_known_that_it_is_one_and_not_empty() -> None:
    text: Any = Text()
    assert isinstance(text, str)
    assert not isinstance(text, dict | list | bool | int)
    assert text
    assert text.strip()
    assert text != ""
    assert text not in (None, [], {}, 0, False)


def test_two_blank_texts_are_not_taken_for_the_same() -> None:
    first, second = filled(outlined(["ada", "ada"]))
    assert first is not second
    with pytest.raises(Unsaid):
        first in [second]  # noqa: B015


def test_a_blank_date_is_a_date_with_a_zone_and_every_text_may_be_one() -> None:
    assert is_date_time(DateTime())
    assert carries_zone(DateTime())
    with pytest.raises(Unsaid):
        is_date_time(Text())


@pytest.mark.parametrize("text", ["2026-01-31T09:30:00", "2026-02-30T09:30:00Z", "2026-01-31", "31.1.2026T09:30Z"])
def test_no_other_text_is_outlined_as_a_date(text: str) -> None:
    assert type(filled(outlined(text))) is Text


_SAFE = frozenset(
    {"type", "properties", "required", "items", "enum", "const", "pattern", "contains", "minItems", "uniqueItems"}
    | {"description", "title", "$schema", "$id", "minimum", "maximum", "anyOf", "not", "format", "additionalProperties"}
    | {"if", "then", "minLength", "default", "$comment"}
)


def _keywords(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {word for inner in schema for word in _keywords(inner)}
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for word, inner in schema.items():
        if word in ("properties", "patternProperties"):
            found |= {w for one in inner.values() for w in _keywords(one)}
        elif word not in ("enum", "const", "default"):
            found |= _keywords(inner)
    return found


@pytest.mark.parametrize("name", ALL)
def test_what_suits_a_sample_suits_every_text(name: str) -> None:
    """A sample suits no pattern and no list of values: wherever it suits, the schema does not look at texts.

    So it stays as long as no schema limits the length of a text, or forbids what a pattern describes.
    """
    schema = compiled(name).schema
    assert _keywords(schema) <= _SAFE, _keywords(schema) - _SAFE

    def limits(inner: Any) -> list[Any]:
        if isinstance(inner, list):
            return [one for value in inner for one in limits(value)]
        if not isinstance(inner, dict):
            return []
        mine = [inner["not"]] if inner.get("not") else []
        mine += [inner["minLength"]] if inner.get("minLength", 1) > 1 else []
        return mine + [one for value in inner.values() for one in limits(value)]

    assert limits(schema) == []


def test_a_value_without_blanks_is_its_own_sample() -> None:
    value = {"a": ["b", {"c": 1}]}
    assert sampled(value) is value
    assert sampled({"a": [Text()]}) == {"a": [Text.sample]}
