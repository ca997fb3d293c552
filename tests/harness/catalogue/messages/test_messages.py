"""What administrators paste is recognised: as it stands, misread, broken over lines, in part."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.catalogue.messages import load_messages, recognise, recognise_code, said, statuses

KNOWN = tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))
TEXTS = KNOWN["texts"]
LONG = {text: name for text, name in TEXTS.items() if len(text) > 40}


def ids(text: str) -> list[str]:
    return [hit.message.id for hit in recognise(text)]


@pytest.mark.parametrize("code", KNOWN["codes"])
def test_every_code_on_record_is_explained(code: str) -> None:
    message = recognise_code(code)
    assert message is not None
    assert message.means
    assert message.checks or message.who == "nobody"
    assert message.id in ids(code)


@pytest.mark.parametrize(("text", "name"), TEXTS.items(), ids=TEXTS.values())
def test_every_text_on_record_is_recognised(text: str, name: str) -> None:
    assert name in ids(text)


@pytest.mark.parametrize(("text", "name"), LONG.items(), ids=LONG.values())
def test_a_text_in_a_mail_is_recognised(text: str, name: str) -> None:
    mail = (
        f"Hi team,\n\nsince this morning we get this:\n> {text[:70]}\n> {text[70:]}\n\nPlease help, thank you!\n-- \nIT"
    )
    assert name in ids(mail)


@pytest.mark.parametrize(("text", "name"), LONG.items(), ids=LONG.values())
def test_letter_case_and_line_breaks_do_not_matter(text: str, name: str) -> None:
    assert name in ids(re.sub(r" (?=\w)", "\n", text.upper(), count=3))


@pytest.mark.parametrize(("text", "name"), LONG.items(), ids=LONG.values())
def test_what_a_scanner_misread_is_recognised(text: str, name: str) -> None:
    chance = random.Random(text)
    swaps = {"l": "1", "o": "0", "i": "l", "m": "rn", "e": "c", "'": "’"}
    noisy = "".join(swaps[c] if c in swaps and chance.random() < 0.08 else c for c in text)
    found = ids(noisy)
    if name.startswith(("http-", "scim-")):
        assert found
    else:
        assert name in found


@pytest.mark.parametrize(
    "text",
    ["the printer on the third floor is out of paper", "hello", "users are sad", "we love SCIM", "Error", "x" * 30_000],
)
def test_what_is_no_message_is_not_recognised(text: str) -> None:
    assert ids(text) == []


def test_the_first_half_of_a_text_is_enough() -> None:
    assert "okta-before-provisioning" in ids("User was assigned this application before Provisioning was enabled")


def test_a_longer_code_hides_the_shorter_one_inside_it() -> None:
    assert ids("SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering") == ["entra-incompatible-filtering"]


def test_a_code_that_the_screen_has_broken_is_recognised() -> None:
    assert "entra-incompatible" in ids("SystemForCrossDomain\nldentityManagement Servicelncompatible")


def test_an_idp_that_is_named_rules_the_other_out() -> None:
    assert recognise("Error authenticating: null", "entra") == ()


def test_statuses_are_found_in_every_spelling() -> None:
    for text in (
        "HTTP 403 Forbidden",
        "StatusCode: Forbidden",
        '"status":"403"',
        "x: Forbidden. Errors reported",
        "403",
    ):
        assert statuses(text) == (403,), text


def test_the_services_own_words_are_found() -> None:
    assert said("x: Conflict. Errors reported by remote server: name is taken") == "name is taken"
    assert said('Web Response: {"detail":"must be \\"active\\"","status":"409"}. This operation was retried') == (
        'must be \\"active\\"'
    )
    assert said("Error authenticating: null") == ""


def test_every_message_says_what_to_do_and_names_no_clause() -> None:
    for message in load_messages().values():
        words = " ".join((message.means, *message.checks))
        assert not re.search(r"\bRFC ?\d|§", words), message.id
        assert message.checks or message.who == "nobody", message.id


@settings(max_examples=100)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    for hit in recognise(text):
        assert 0 < hit.score <= 1
    said(text)
