"""What customers hand in, written from what is on record for both vendors: the right cause is told first."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from harness.intake.importer import importers
from harness.intake.reading import read_files
from harness.model.case import Case, Likelihood
from harness.model.sighting import Complaint, Sighting
from harness.triaging import told, triage

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(folder.name for folder in CORPUS.iterdir())
SHARE = 0.95
"""So many have to name the right cause first."""


def expected(name: str) -> dict[str, object]:
    return tomllib.loads((CORPUS / name / "expected.toml").read_text("utf-8"))


@cache
def diagnosed(name: str) -> Case:
    return triage(files(name))


def files(name: str) -> list[Path]:
    return sorted(p for p in (CORPUS / name).iterdir() if p.name != "expected.toml")


def found(name: str) -> list[Sighting | Complaint]:
    return list(read_files(files(name)))


def right(name: str) -> bool:
    wanted, causes = expected(name)["first"], diagnosed(name).causes
    likely = [c for c in causes if c.likelihood is not Likelihood.LOW or expected(name).get("likelihood") == "low"]
    assert isinstance(wanted, list)
    return likely[0].id in wanted if likely and wanted else not likely and not wanted


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60


def test_every_importer_reads_something_of_it() -> None:
    """Whole and damaged: a format that nobody hands in here may break unseen."""
    named = {importer.name for importer in importers()}
    read = {s.provenance.format for name in CASES for s in found(name) if isinstance(s, Sighting)}
    assert read == named


@pytest.mark.parametrize(
    ("name", "idp"),
    [
        ("run-directory-group-pushed", "okta"),
        ("run-directory-packed", "okta"),
        ("run-directory-false-as-text", "entra"),
    ],
)
def test_a_captured_run_is_told_by_what_its_requests_give_away(name: str, idp: str) -> None:
    assert diagnosed(name).idp == idp


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("-cut-off") or "broken" in name])
def test_what_is_damaged_is_told_or_kept_as_far_as_it_goes(name: str) -> None:
    case = diagnosed(name)
    assert case.complaints or case.causes


def test_nearly_all_name_the_right_cause_first() -> None:
    wrong = [name for name in CASES if not right(name)]
    assert len(wrong) <= (1 - SHARE) * len(CASES), wrong


@pytest.mark.parametrize("name", CASES)
def test_none_names_a_wrong_cause_with_high_confidence(name: str) -> None:
    first = next(iter(diagnosed(name).causes), None)
    if first is not None and first.likelihood is Likelihood.HIGH:
        assert right(name), first.id


@pytest.mark.parametrize("name", [name for name in CASES if not expected(name)["first"]])
def test_what_cannot_be_known_says_so_and_what_is_needed(name: str) -> None:
    case = diagnosed(name)
    assert all(cause.likelihood is Likelihood.LOW for cause in case.causes)
    assert case.unknown
    assert "cannot tell" in case.reply


@pytest.mark.parametrize("name", [name for name in CASES if expected(name).get("likelihood") in ("low", "medium")])
def test_what_is_not_sure_is_not_told_as_sure(name: str) -> None:
    assert diagnosed(name).causes[0].likelihood is not Likelihood.HIGH


@pytest.mark.parametrize(
    "name", ["curl-commands-only", "http-file-without-answers", "postman-without-answers", "runscope-requests-only"]
)
def test_requests_without_answers_say_so_and_ask_for_the_answers(name: str) -> None:
    case = diagnosed(name)
    assert any(text.startswith("The answers: these files hold requests alone") for text in case.unknown)
    entries = [entry["what"] for line in told(case)["timelines"] for entry in line["entries"]]
    assert entries
    assert all(what.endswith(": the file holds no answer") for what in entries)


def test_a_run_whose_last_line_breaks_off_says_so() -> None:
    (complaint,) = diagnosed("run-directory-cut-off").complaints
    assert complaint.message == "1 line cannot be read as exchanges"


@pytest.mark.parametrize("name", ["entra-action-not-ticked", "entra-left-alone", "entra-purged", "entra-scope-said"])
def test_a_cause_that_rests_on_an_inferred_wording_says_so(name: str) -> None:
    first = diagnosed(name).causes[0]
    assert first.likelihood is Likelihood.MEDIUM
    assert any("wording that is inferred" in text for text in first.evidence)


@pytest.mark.parametrize("name", CASES)
def test_every_answer_can_be_acted_on_and_holds_no_secret(name: str) -> None:
    case = diagnosed(name)
    for cause in case.causes:
        assert cause.steps
        assert cause.evidence
        assert cause.meaning
    document = str(told(case))
    assert "mbk4f7a1c9e2d8b6035" not in document
    assert "mb_live_4f7a1c9e2d8b6035" not in document
    assert "RFC" not in case.reply
    assert "§" not in case.reply
