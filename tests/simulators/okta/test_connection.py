"""Test API Credentials."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.change import TestConnection
from harness.model.step import Effect, Intent
from simulators.okta import Features, Setup


def test_the_credential_test_asks_for_two_users_and_no_more(app: Any, answers: Any) -> None:
    play = app("oin").when(TestConnection())
    assert (play.step.path, play.step.query) == ("/Users", "startIndex=1&count=2")
    assert (play.step.intent, play.step.effect) == (Intent.CONNECT, Effect.READ)


def test_a_read_carries_the_captured_headers_in_their_order_and_no_content_type(app: Any) -> None:
    play = app("oin").when(TestConnection())
    assert play.step.headers == (
        ("Accept", "application/scim+json"),
        ("Accept-Charset", "utf-8"),
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Authorization", "Bearer {token}"),
        ("Connection", "Keep-Alive"),
        ("Accept-Encoding", "gzip,deflate"),
    )
    assert play.step.body is None


def test_a_catalogue_app_reads_the_groups_on_saving(app: Any, answers: Any) -> None:
    play = app("oin").when(TestConnection()) >> "GET /Users" << answers.users()
    play >> "GET /Groups"
    assert (play.step.query, play.step.tag) == ("startIndex=1&count=100", "on-save")
    assert play.step.intent is Intent.GROUP_READ
    play << answers.error(404)
    play.is_done()


def test_a_wizard_app_without_import_groups_only_asks_again(app: Any, answers: Any) -> None:
    play = app("aiw").when(TestConnection()) >> "GET /Users" << answers.users()
    play >> "GET /Users"
    assert play.step.query == "startIndex=1&count=2"
    play << answers.users()
    play.is_done()


def test_a_wizard_app_with_import_groups_reads_them(app: Any, answers: Any) -> None:
    play = app("aiw", Setup(Features(import_groups=True))).when(TestConnection()) << answers.users()
    play >> "GET /Groups"


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_a_failed_test_leaves_nothing_to_save(app: Any, answers: Any, variant: str) -> None:
    for answer in (answers.error(401), answers.error(404), answers.raw(b"<html>"), answers.trouble()):
        play = app(variant).when(TestConnection()) << answer
        play.is_done()
        assert [status for status, _, _ in play.notices] == ["Error"]


def test_an_app_type_that_okta_does_not_have_is_named_with_the_known_ones(app: Any) -> None:
    with pytest.raises(KeyError, match="no app type 'opp'; it has oin, aiw"):
        app("opp")
