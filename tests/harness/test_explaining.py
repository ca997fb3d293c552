"""explain: texts, codes and ids, for people who have to act."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.explain_command import command
from harness.explaining import ORDER, WHOLE_TEXT, explain
from harness.model.audience import Audience
from harness.record import RecordError
from reports.explained import render

TASK = (
    "Automatic deprovisioning of user ada@example.test from app Field Notes failed: Error while deactivating user "
    "ada@example.test: Unauthorized. Errors reported by remote server: the key has run out"
)


def test_the_reason_is_told_before_what_was_tried() -> None:
    told = explain(TASK)
    assert told.known
    assert [answer.id for answer in told.answers][:2] == ["http-401", "okta-deprovisioning-failed"]
    assert told.said == "the key has run out"
    assert told.checks[0].startswith("Base URL and API key")


def test_the_service_s_words_lose_the_marks_of_a_mail_and_end_with_their_paragraph() -> None:
    quoted = "".join(f"> {line}\n" for line in TASK.replace("key has", "key\nhas").splitlines())
    assert explain(f"IT wrote:\n>\n{quoted}>\n> Regards\n\nWhat now?\nJo").said == "the key has run out"


def test_what_was_tried_alone_asks_for_the_rest() -> None:
    assert explain("Error while deactivating user ada").checks[0] == WHOLE_TEXT


def test_what_is_not_known_is_said_plainly_with_what_to_collect() -> None:
    told = explain("the printer is out of paper")
    assert not told.known
    assert told.answers == ()
    assert told.checks == ORDER
    assert "not known to us" in render(told, Audience.ADMIN)
    assert any("UTC" in what for what in told.collect)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("RFC7644-3.12-02", "requirement"),
        ("rfc7644-3.12-02", "requirement"),
        ("MB-1", "requirement"),
        ("active-string-false-truthy", "defect"),
        ("InvalidAnchor", "message"),
        ("okta-test-null", "message"),
        ("noTarget", "message"),
    ],
)
def test_ids_are_explained(word: str, kind: str) -> None:
    assert explain(word).answers[0].kind == kind


@pytest.mark.parametrize("word", ["uniqueness", "EncounteredQuarantineException"])
def test_what_was_told_is_not_offered_once_more_as_another_meaning(word: str) -> None:
    told = explain(word)
    assert not {a.id for a in told.answers} & {a.id for a in told.alternatives}


def test_a_finding_is_looked_up_in_the_run(tmp_path: Path) -> None:
    row = {
        "id": "F-1a2b3c",
        "requirement": "RFC7644-3.12-02",
        "expected": ['"404"'],
        "actual": "404",
        "exchange": "x-1",
    }
    (tmp_path / "run.json").write_text(json.dumps({"findings": [row], "causes": []}), "utf-8")
    answer = explain("f-1a2b3c", tmp_path).answers[0]
    assert answer.kind == "finding"
    assert "x-1" in answer.where
    assert any("scimulator reproduce" in check for check in answer.checks)


def test_a_run_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"run\.json"):
        explain("F-1a2b3c", tmp_path)


def test_administrators_get_no_clauses_above_the_steps() -> None:
    text = render(explain(TASK), Audience.ADMIN)
    assert "Id:" not in text
    assert "See also" not in text
    assert "Means:" in text


def test_the_command_reads_standard_input_and_prints_json() -> None:
    result = CliRunner().invoke(command, ["--json"], input=TASK)
    assert result.exit_code == 0
    document = json.loads(result.output)
    assert document["known"] is True
    assert document["said"] == "the key has run out"


def test_the_command_ends_with_one_when_nothing_is_known() -> None:
    assert CliRunner().invoke(command, ["the", "printer", "burns"]).exit_code == 1


def test_an_empty_text_is_wrong_usage() -> None:
    assert CliRunner().invoke(command, ["-"], input="  ").exit_code == 2


def test_control_characters_of_a_text_do_not_reach_the_terminal() -> None:
    told = explain("x: Conflict. Errors reported by remote server: \x1b[31mred\u202e")
    assert "\x1b" not in render(told, Audience.SUPPORT)
