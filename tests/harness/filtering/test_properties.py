"""What holds for every filter, path and resource, and where another parser of the field agrees."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scim2_models import InvalidFilterException, ScimFilter, User
from scim2_models.path import Comparison, LogicalExpr
from scim2_models.path import Not as TheirNot
from scim2_models.path import Present as TheirPresent

from harness.filtering import (
    And,
    Compare,
    FilterSyntaxError,
    Node,
    Not,
    Or,
    PatchPath,
    Path,
    Present,
    ValuePath,
    evaluate,
    parse,
    parse_path,
)

USER = "urn:ietf:params:scim:schemas:core:2.0:User"

NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,6}\Z").filter(
    lambda name: name.lower() not in ("and", "or", "not", "true", "false", "null")
)
SIMPLE = st.builds(Path, NAMES)
PATHS = st.builds(Path, NAMES, st.just("") | NAMES, st.sampled_from(["", USER]))
VALUES = (
    st.text(max_size=6)
    | st.booleans()
    | st.none()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False, width=16)
)
OPERATORS = st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"])


def terms(paths: st.SearchStrategy[Path]) -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.builds(Compare, paths, OPERATORS, VALUES) | st.builds(Present, paths)
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(lambda many: And(tuple(many)), st.lists(inner, min_size=2, max_size=3))
            | st.builds(lambda many: Or(tuple(many)), st.lists(inner, min_size=2, max_size=3))
        ),
        max_leaves=5,
    )


VALUE_PATHS = st.builds(ValuePath, SIMPLE, terms(SIMPLE))
FILTERS = terms(PATHS) | VALUE_PATHS | st.builds(lambda a, b: And((a, b)), terms(PATHS), VALUE_PATHS)


@given(FILTERS)
def test_what_is_written_is_read_as_the_same(node: Node) -> None:
    text = str(node)
    assert str(parse(text)) == text


@given(st.text(max_size=40) | st.lists(st.sampled_from('ab.[]()" \\eq'), max_size=30).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse, parse_path):
        with suppress(FilterSyntaxError):
            assert str(read(text))


@given(st.builds(PatchPath, PATHS) | st.builds(PatchPath, SIMPLE, terms(SIMPLE), st.just("") | NAMES))
def test_a_written_path_is_read_as_the_same(path: PatchPath) -> None:
    assert str(parse_path(str(path))) == str(path)


RESOURCES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["Ada", "ada", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "B", "value", "userName"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(FILTERS, RESOURCES)
def test_any_filter_over_anything_is_answered_and_not_turns_it_round(node: Any, resource: Any) -> None:
    answer = evaluate(node, resource)
    assert answer in (True, False, None)
    assert evaluate(Not(node), resource) is (None if answer is None else not answer)


@given(st.text(max_size=8), st.sampled_from(["eq", "co", "sw", "ew", "ge", "le"]))
def test_every_text_stands_to_itself_in_every_inclusive_relation(value: str, op: str) -> None:
    if value:
        assert evaluate(Compare(Path("userName"), op, value), {"userName": value}) is True
        assert evaluate(Compare(Path("externalId"), op, value), {"externalId": value}) is True


def shape(node: Any) -> Any:
    """What a filter of theirs says, in the words of ours."""
    if isinstance(node, LogicalExpr):
        kind = And if node.op.value == "and" else Or
        return kind(tuple(shape(term) for term in node.terms))
    if isinstance(node, TheirNot):
        return Not(shape(node.expr))
    path = Path(node.attr_path.attr, node.attr_path.sub_attr or "", node.attr_path.uri or "")
    if isinstance(node, TheirPresent):
        return Present(path)
    if isinstance(node, Comparison):
        return Compare(path, node.op.value, node.value)
    return ValuePath(path, shape(node.val_filter))


@given(FILTERS)
def test_scim2_models_reads_every_filter_in_the_same_way(node: Node) -> None:
    assert shape(ScimFilter(str(node)).ast) == parse(str(node))


TEXTS = st.lists(
    st.sampled_from(["a", "b.c", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", '"x"', "1", "true", "a[b pr]"]),
    max_size=8,
).map(" ".join)


def differs_by_a_clause(text: str) -> bool:
    """Where the two may differ, and why.

    An attribute may be called like a word of the language, for the grammar has no reserved words: "not pr" is a filter
    in RFC 7644 Fig. 1, and they refuse it. A value filter with something behind it is no filter there (C16, C18), and
    they read it. Brackets directly behind a name with a blank between are none of the grammar either.
    """
    words = text.split()
    reserved = {"and", "or", "not", "eq", "pr"}
    as_names = any(w in reserved and (i == 0 or words[i - 1] in {*reserved, "(", "["}) for i, w in enumerate(words))
    return as_names or "[" in words or "]" in words or "a[b pr]" in words


@given(TEXTS.filter(lambda text: not differs_by_a_clause(text)))
def test_scim2_models_refuses_what_we_refuse(text: str) -> None:
    try:
        ours: Any = parse(text)
    except FilterSyntaxError:
        ours = None
    try:
        theirs: Any = shape(ScimFilter(text).ast)
    except InvalidFilterException:
        theirs = None
    assert ours == theirs


PERSON: dict[str, Any] = {
    "schemas": [USER],
    "id": "Ab1",
    "userName": "Ada@x.example",
    "externalId": "E-1",
    "active": True,
    "displayName": "Ada",
    "name": {"familyName": "Lovelace"},
    "emails": [{"value": "ada@x.example", "type": "work"}, {"value": "home@x.example", "type": "home"}],
}
KNOWN = st.sampled_from(["userName", "externalId", "displayName", "nickName", "title", "emails.type"])
WORDS = st.sampled_from(["Ada@x.example", "ada@X.example", "ada", "ADA", "E-1", "e-1", "home", "work", "x.example", ""])
QUESTIONS: st.SearchStrategy[Node] = st.recursive(
    st.builds(
        lambda name, op, value: Compare(parse_path(name).path, op, value),
        KNOWN,
        st.sampled_from(["eq", "ne", "co", "sw", "ew"]),
        WORDS.filter(bool),
    )
    | st.builds(lambda name: Present(parse_path(name).path), KNOWN)
    | st.builds(lambda value: Compare(Path("active"), "eq", value), st.booleans()),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda a, b: And((a, b)), inner, inner)
        | st.builds(lambda a, b: Or((a, b)), inner, inner)
    ),
    max_leaves=4,
)


@given(QUESTIONS)
def test_scim2_models_finds_whom_we_find_wherever_the_answer_is_definite(node: Node) -> None:
    ours = evaluate(node, PERSON)
    if ours is not None:
        assert ScimFilter[User](str(node)).match(User.model_validate(PERSON)) is ours


@pytest.mark.parametrize("text", ["not pr", 'emails[type eq "work"].value eq "x"', "a eq True"])
def test_the_known_differences_are_still_there(text: str) -> None:
    """When one of these fails, the explanation above has to be written anew."""

    def reads(read: Any) -> bool:
        try:
            read(text)
        except (FilterSyntaxError, InvalidFilterException):
            return False
        return True

    assert reads(parse) is not reads(ScimFilter)
