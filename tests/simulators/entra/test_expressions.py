"""Expressions: parsing with places of errors, and the functions as the vendor's reference describes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies

from simulators.entra.expressions import ExpressionError, parse

ADA = {
    "userPrincipalName": "ada@example.example",
    "IsSoftDeleted": "False",
    "givenName": "Zoë",
    "surname": "Hopper",
    "mobile": "+91 9998887777",
    "proxyAddresses": ("smtp:a@x", "smtp:b@x", "smtp:a@x"),
    "appRoleAssignments": ({"id": "r-25", "value": "25", "displayName": "Role25"},),
    "empty": "",
}

ACTIVE = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (ACTIVE, "True"),
        ('Switch([IsSoftDeleted], , "false", "true", "true", "false")', None),
        ('Switch("CA", "?", "CA", "California")', "California"),
        ('Switch("NY", "?", "CA", "California")', "?"),
        ("Not([IsSoftDeleted])", "True"),
        ("Coalesce([mail], [empty], [userPrincipalName])", ""),
        ("Coalesce([mail], [userPrincipalName])", "ada@example.example"),
        ("Coalesce([mail])", None),
        ('Join(" ", [givenName], [surname])', "Zoë Hopper"),
        ('Join(" ", [givenName], [department])', "Zoë"),
        ('Join(";", [proxyAddresses])', "smtp:a@x;smtp:b@x;smtp:a@x"),
        ('Join(" ", [department])', None),
        ('Replace([userPrincipalName], "example.example", , , "x", , )', "ada@x"),
        ('Replace([givenName], "<n>", , , , , "<n>@x.example")', "Zoë@x.example"),
        (r'Replace([mobile], , "\\+(?<isd>\\d* )(?<number>\\d{10})", , "${number}", , )', "9998887777"),
        (r'Replace("+1 (999) 888-7777", , "[()\\s-]+", , "", , )', "+19998887777"),
        ('Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )', "ada"),
        (r'Replace([phone], , "\\+(?<isd>\\d* )(?<number>\\d{10})", "number" , , [mobile], )', "9998887777"),
        (r'Replace("123", , "(?<number>\\d{10})", "number" , , [mobile], )', "123"),
        ('Replace([userPrincipalName], , "(", , "x", , )', "ada@example.example"),
        ("ToLower([surname])", "hopper"),
        ("ToUpper([surname], )", "HOPPER"),
        ("ToLower([mail])", None),
        ("NormalizeDiacritics([givenName])", "Zoe"),
        ('NormalizeDiacritics("Ørsted Łódź")', "Orsted Lodz"),
        ("Mid([userPrincipalName], 1, 3)", "ada"),
        ("Mid([userPrincipalName], 5, 99)", "example.example"),
        ("Mid([surname], 99, 3)", ""),
        ("SingleAppRoleAssignment([appRoleAssignments])", "25"),
        ("SingleAppRoleAssignment([nothing])", None),
        ('Append([surname], ".test")', "Hopper.test"),
        ('IIF([surname]="Hopper", "yes", "no")', "yes"),
        ('IIF([surname]<>"Hopper", "yes", "no")', "no"),
        ('IIF(10 > 9, "as numbers", "as text")', "as numbers"),
        ('IIF(IsPresent([mail]), "yes", "no")', "no"),
        ("Item([proxyAddresses], 2)", "smtp:b@x"),
        ("Item([proxyAddresses], 9)", None),
        ("Count(RemoveDuplicates([proxyAddresses]))", "2"),
        ('Word([userPrincipalName], 2, "@.")', "example"),
        ('Item(Split([userPrincipalName], "@"), 1)', "ada"),
        ('StripSpaces("a b c")', "abc"),
        ('PCase("PABLO GONSALVES (SECOND)")', "Pablo Gonsalves (Second)"),
        ('PCase("PINTO-DE\'SILVA", " \'-")', "Pinto-De'Silva"),
        (r'"Company: \"A\" \\ B"', 'Company: "A" \\ B'),
        ("[surname]", "Hopper"),
        ("[ surname ]", "Hopper"),
    ],
)
def test_an_expression_has_the_value_of_the_reference(expression: str, value: Any) -> None:
    assert parse(expression).value(ADA) == value


@pytest.mark.parametrize(
    ("expression", "says", "at"),
    [
        ("", "expected [attribute]", 1),
        ("Switch([a], ,", "expected [attribute]", 14),
        ('Join(" " [a])', "expected , or )", 10),
        ("ToLower [a]", "expected ( after ToLower", 9),
        ("tolower([a])", "the function tolower is not simulated", 1),
        ("Join(RandomString(6,3,0,0,3))", "the function RandomString is not simulated", 6),
        ("ToLower()", "ToLower takes 1 to 2 arguments and has 0", 1),
        ("Mid([a], 1)", "Mid takes 3 arguments and has 2", 1),
        ("[a] [b]", "expected the end", 5),
        ('"open', "expected [attribute]", 1),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(expression: str, says: str, at: int) -> None:
    with pytest.raises(ExpressionError, match=f"at character {at} of") as error:
        parse(expression)
    assert says in str(error.value)
    assert expression in str(error.value)


def test_an_expression_tells_what_it_reads_and_calls() -> None:
    expression = parse('IIF(IsNullOrEmpty([mail]), Join("", [givenName], ToLower([surname])), [mail])')
    assert expression.attributes == {"mail", "givenName", "surname"}
    assert expression.functions == {"IIF", "IsNullOrEmpty", "Join", "ToLower"}


@given(strategies.text(alphabet='SwitchJoin[]()",\\ ab1=<>', max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    place = 0
    try:
        parse(text).value(ADA)
    except ExpressionError as error:
        place = error.at
    assert 0 <= place <= len(text)
