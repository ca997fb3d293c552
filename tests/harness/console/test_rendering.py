from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.console.questions import QUESTIONS, offered, run_arguments
from harness.console.rendering import IDPS, off_terminal
from harness.plan import Selection, plan, set_up, vendors
from harness.probes import all_probes
from harness.profiles import load

ADVICE = {
    "That it really ends access is only shown by scimulator doctor --write, with one person.": "Try it with one person",
    "Ask the service whether it is true; scimulator doctor --write finds out with one person.": "one person” finds out",
    "Run scimulator doctor --undo as soon as the service answers.": "choose “Put it back” on the first page",
    "Name one person who has an account: --account ada@example.test": "last field of the first page",
    "Give the list to scimulator doctor --people FILE. It says who": "page “Read files”. It says who",
    "with your people first: scimulator doctor --export FILE --people FILE.": "first: the page “Read files”.",
    "for one of them: scimulator doctor --target URL --account NAME.": "first page, with that person's user name.",
    "Review your schema here, and give it with --export.": "on the page “Read files”.",
    "Send it. To go on looking at a test service with --ca-bundle FILE, name the file of its authority.": "Send it.",
    "Use scimulator storm --plan N to see.": "Use this console to see.",
    "name it with --something FILE first": "with the field for it first",
}


@pytest.mark.parametrize(("text", "told"), ADVICE.items())
def test_no_advice_sends_somebody_without_a_terminal_to_one(text: str, told: str) -> None:
    assert told in off_terminal(text)
    assert "--" not in off_terminal(text)


@pytest.mark.parametrize("idp", IDPS)
def test_every_question_is_answered_by_something_that_can_be_played(idp: str) -> None:
    for question in offered(idp):
        selection = Selection((idp,), question.stories, "", False)
        assert list(plan(load("marketbeam"), selection, set_up(vendors(), {}), all_probes())), question.name


def test_nothing_is_changed_where_nobody_was_named() -> None:
    asked = run_arguments("https://app.example/scim", "entra:default", "marketbeam", QUESTIONS, [], Path("out"))
    assert not [argument for argument in asked if argument.startswith("--allow")]


def test_nothing_is_ever_deleted() -> None:
    asked = run_arguments("https://app.example", "entra:default", "full", QUESTIONS, ["a@example.test"], Path("out"))
    assert [argument for argument in asked if argument.startswith("--allow")] == ["--allow=write"]


def test_no_question_is_asked_in_the_words_of_a_standard() -> None:
    words = " ".join(f"{q.title} {q.explains}" for q in QUESTIONS)
    assert not re.search(r"RFC|PATCH|schema|\b[45]\d\d\b|active|/Users", words)
