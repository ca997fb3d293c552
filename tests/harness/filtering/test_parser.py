"""The grammar of filters and PATCH paths: what is read, how it is written again, and what is refused."""

from __future__ import annotations

import pytest

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
    parse,
    parse_path,
)
from harness.filtering.syntax import comparisons

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
A, B, C = (Present(Path(name)) for name in "abc")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ('userName Eq "x"', Compare(Path("userName"), "eq", "x")),
        ('name.familyName co "\\u0041\\""', Compare(Path("name", "familyName"), "co", 'A"')),
        (f"{USER}:userName pr", Present(Path("userName", urn=USER))),
        ("a pr or b pr AND c pr", Or((A, And((B, C))))),
        ("(a pr or b pr) and c pr", And((Or((A, B)), C))),
        ("not(a pr) and b pr", And((Not(A), B))),
        ("NOT (a pr and b pr)", Not(And((A, B)))),
        ("((a pr))", A),
        ("a eq true and b eq null", And((Compare(Path("a"), "eq", True), Compare(Path("b"), "eq", None)))),
        ("a gt -1.5e2", Compare(Path("a"), "gt", -150.0)),
        ('a[b pr and c eq "x"]', ValuePath(Path("a"), And((B, Compare(Path("c"), "eq", "x"))))),
        ("not pr", Present(Path("not"))),
    ],
)
def test_a_filter_is_read(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "userName",
        "userName eq",
        'userName eq "x',
        "(a pr",
        "a pr)",
        'userName regex "a"',
        "a eq x",
        "a eq True",
        "a eq 'x'",
        'a eq "\\x"',
        "a pr b pr",
        "a pr and",
        "and a pr",
        "not a pr",
        'emails[type eq "work"].value eq "x"',
        "a[b[c pr]]",
        "a.b[c pr]",
        "1a pr",
        "a.b.c pr",
        "(" * 100 + "a pr" + ")" * 100,
    ],
)
def test_what_the_grammar_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(FilterSyntaxError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("active", PatchPath(Path("active"))),
        ("name.familyName", PatchPath(Path("name", "familyName"))),
        (f"{USER}:name.familyName", PatchPath(Path("name", "familyName", USER))),
        ('emails[type eq "work"]', PatchPath(Path("emails"), Compare(Path("type"), "eq", "work"))),
        ('emails[type eq "work"].value', PatchPath(Path("emails"), Compare(Path("type"), "eq", "work"), "value")),
    ],
)
def test_a_path_is_read_and_written_again(text: str, path: PatchPath) -> None:
    assert parse_path(text) == path
    assert parse_path(str(path)) == path


@pytest.mark.parametrize(
    "text",
    ["", "emails[", "emails[type]", 'a[b eq "x"].', 'a[b eq "x"] .c', "a[b pr].c.d", "a b", ".a", "a.", "[a pr]"],
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(FilterSyntaxError):
        parse_path(text)


def test_comparisons_stand_in_their_order_with_the_whole_path() -> None:
    node = parse('a pr or not (b eq 1) and emails[type eq "work" and value pr]')
    assert [str(c) for c in comparisons(node)] == ["a pr", "b eq 1", 'emails.type eq "work"', "emails.value pr"]
