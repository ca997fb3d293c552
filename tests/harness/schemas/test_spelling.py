"""Letter case of attribute names: folded for judging, kept for showing."""

from __future__ import annotations

from typing import Any

import pytest

from harness.schemas.spelling import Spelling, respelt_back

NAMES = Spelling.of(["userName", "emails"], {"emails": Spelling.of(["value", "$ref"])})


def test_a_document_that_is_spelt_right_comes_back_as_the_same_object() -> None:
    document = {"userName": "ada", "emails": [{"value": "x"}], "other": 1}
    assert NAMES.respell(document) is document


def test_a_document_that_is_spelt_otherwise_is_copied_not_changed() -> None:
    document = {"USERNAME": "ada", "Emails": [{"VALUE": "x", "$REF": "y"}]}
    assert NAMES.respell(document) == {"userName": "ada", "emails": [{"value": "x", "$ref": "y"}]}
    assert document == {"USERNAME": "ada", "Emails": [{"VALUE": "x", "$REF": "y"}]}


def test_only_the_inner_object_is_spelt_otherwise() -> None:
    document = {"userName": "ada", "emails": [{"value": "x"}, {"Value": "y"}]}
    respelt = NAMES.respell(document)
    assert respelt == {"userName": "ada", "emails": [{"value": "x"}, {"value": "y"}]}
    assert respelt["emails"][0] is document["emails"][0]


def test_of_two_spellings_in_one_object_the_canonical_one_counts() -> None:
    assert NAMES.respell({"USERNAME": "a", "userName": "b"}) == {"USERNAME": "a", "userName": "b"}


def test_the_first_of_two_published_spellings_counts() -> None:
    assert Spelling.of(["nickName", "NickName"]).respell({"NICKNAME": 1}) == {"nickName": 1}


@pytest.mark.parametrize("value", [None, 3, "userName", [], [["USERNAME"]], {5: "x"}, {None: {}}])
def test_what_is_no_object_with_names_stays_as_it_is(value: Any) -> None:
    assert NAMES.respell(value) is value


def test_a_path_leads_back_to_the_spelling_of_the_service() -> None:
    original = {"Emails": [{"VALUE": 3}]}
    assert respelt_back(["emails", 0, "value"], original) == ["Emails", 0, "VALUE"]


def test_a_path_to_something_missing_keeps_the_canonical_name() -> None:
    assert respelt_back(["emails", 0, "value"], {"EMAILS": []}) == ["EMAILS", 0, "value"]
    assert respelt_back(["userName"], None) == ["userName"]
