"""Okta's expression language."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies

from simulators.okta.expressions import ExpressionError, parse

PROFILE = {"login": "Ada.Hopper@example.com", "firstName": "Ada", "lastName": "Hopper", "department": "Sales", "n": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("user.firstName", "Ada"),
        ("source.firstName", "Ada"),
        ("user.middleName", None),
        ("'work'", "work"),
        ('"say \\"yes\\""', 'say "yes"'),
        ("user.firstName + ' ' + user.lastName", "Ada Hopper"),
        ("user.firstName + user.middleName", "Ada"),
        ("1 + 2 - 4", -1),
        ("String.len(user.firstName) > 2", True),
        ("String.toLowerCase(user.login)", "ada.hopper@example.com"),
        ("String.toUpperCase('ß')", "SS"),
        ('String.substringBefore(user.login, "@")', "Ada.Hopper"),
        ('String.substringAfter(user.login, "@")', "example.com"),
        ('String.substringBefore(user.login, "#")', ""),
        ("String.substring(user.firstName, 0, 1) + user.lastName", "AHopper"),
        ("String.replace(user.login, 'example', 'app')", "Ada.Hopper@app.com"),
        ("String.replaceFirst('aa', 'a', 'b')", "ba"),
        ("String.removeSpaces(' a b ')", "ab"),
        ("String.append(user.firstName, '!')", "Ada!"),
        ("String.join('.', user.firstName, user.lastName)", "Ada.Hopper"),
        ("String.startsWith(user.login, 'Ada')", True),
        ("String.stringContains(user.login, '@') ? 'mail' : 'name'", "mail"),
        ("user.department == 'Sales' and user.n >= 7 ? 'yes' : 'no'", "yes"),
        ("user.department == 'Legal' OR !(user.n < 7) ? 'yes' : 'no'", "yes"),
        ("user.middleName == null ? 'none' : user.middleName", "none"),
        ("user.n eq 7 ? user.n ne 7 ? 'a' : 'b' : 'c'", "b"),
        ("String.stringSwitch(user.department, 'other', 'Sal', 'S', 'Leg', 'L')", "S"),
        ("String.stringSwitch(user.firstName, 'other', 'x', '1')", "other"),
        ("Convert.toInt('12') + 1", 13),
    ],
)
def test_an_expression_gives_the_value_that_okta_s_pages_give(text: str, value: Any) -> None:
    assert parse(text)(PROFILE) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected more, at character 1"),
        ("user.", "expected more"),
        ("user", "expected '.'"),
        ("appuser.x", "appuser.x is not simulated; there are user.ATTRIBUTE, source.ATTRIBUTE, String.append"),
        ("Arrays.add(user.x, 1)", "Arrays.add is not simulated"),
        ("String.len()", "String.len does not take 0 values, at character 1"),
        ("String.len(user.x", "expected ','"),
        ("user.x ? 1", "expected ':'"),
        ("user.x user.y", "expected the end, found 'user', at character 8"),
        ("'open", 'this cannot be read, at character 1 of "\'open"'),
        ("user.x + §", "this cannot be read, at character 9"),
        ("1 + )", "expected a value, found ')'"),
        ("1" + "+1" * 400, "too long"),
        ("(" * 60 + "1" + ")" * 60, "nested too deep"),
    ],
)
def test_what_is_not_simulated_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert said in str(refused.value)


PIECES = ["user.a", "'x'", "1", "+", "-", "==", "?", ":", "(", ")", ",", "!", "and", "or", "String.len", "null", "."]


@settings(max_examples=300)
@given(strategies.lists(strategies.sampled_from(PIECES), max_size=12))
def test_any_text_is_read_or_refused_and_nothing_else_happens(pieces: list[str]) -> None:
    try:
        expression = parse(" ".join(pieces))
    except ExpressionError:
        return
    expression({"a": "1"})
    expression({})
