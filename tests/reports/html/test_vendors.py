from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from harness.model.outlook import Outlook, Removal, RemovalState
from harness.model.requirement import Level
from harness.model.run import ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports.html.vendors import LISTED, NO, UNKNOWN, YES, vendor_blocks


def test_an_idp_whose_rehearsals_all_went_through_will_work(samples: ModuleType) -> None:
    okta, entra = vendor_blocks(samples.conformant())
    assert (okta.idp, okta.answer, entra.idp, entra.answer) == ("okta", YES, "entra", YES)
    assert okta.sentence == "2 rehearsals with Okta went through."


def test_an_idp_whose_rehearsals_were_cut_short_cannot_be_told(samples: ModuleType) -> None:
    blocks = vendor_blocks(samples.incomplete())
    assert [block.answer for block in blocks] == [UNKNOWN, UNKNOWN]


def test_an_idp_that_was_asked_for_and_never_rehearsed_cannot_be_told(samples: ModuleType) -> None:
    (block,) = vendor_blocks(samples.run([], Conclusion.INCOMPLETE, idps=("okta",)))
    assert block.answer is UNKNOWN


def test_a_failed_promise_in_an_idps_own_rehearsal_is_its_trouble(samples: ModuleType) -> None:
    okta, _ = vendor_blocks(samples.with_findings())
    assert okta.answer is NO
    assert okta.sentence.startswith("2 of 2 rehearsals with Okta went wrong")


def test_vendor_expectations_stand_with_their_idp_also_when_a_probe_met_them(samples: ModuleType) -> None:
    okta, entra = vendor_blocks(samples.with_findings())
    assert [card.requirement.id for card in okta.cards] == ["OKTA-2.3-04"]
    assert [card.requirement.id for card in entra.cards] == ["ENTRA-4-02"]


def test_every_vendor_finding_of_a_run_is_in_exactly_one_block(samples: ModuleType) -> None:
    run = samples.with_findings()
    wanted = sorted(f.id for v, f in run.findings if v.level is Level.VENDOR)
    placed = [p.finding.id for block in vendor_blocks(run) for card in block.cards for p in card.places]
    assert sorted(placed) == wanted


def test_an_expectation_of_an_idp_that_is_not_in_the_run_is_not_lost(samples: ModuleType) -> None:
    run = samples.with_findings()
    probe = [r for r in run.results if not r.key.idp]
    blocks = vendor_blocks(samples.run(probe, Conclusion.NON_CONFORMANT, idps=("okta",)))
    assert [(b.idp, len(b.cards)) for b in blocks] == [("okta", 0), ("", 1)]


def _leaving(samples: ModuleType, *removals: Removal, harm: bool) -> ScenarioResult:
    k = samples.key()
    verdicts = (samples.broken(k, "MB-1", Outcome.FAILED, "x"),) if harm else (samples.verdict(k, "MB-1"),)
    outcome = Outcome.FAILED if harm else Outcome.PASSED
    return ScenarioResult(k, outcome, samples.leaver_transcript(k), verdicts, Outlook(removals=removals))


def test_a_removal_that_the_idp_takes_for_done_and_that_is_not_true_is_told(samples: ModuleType) -> None:
    done = Removal("leaver", RemovalState.DONE, "confirmed with 200")
    (block,) = vendor_blocks(
        samples.run([_leaving(samples, done, harm=True)], Conclusion.NON_CONFORMANT, idps=("okta",))
    )
    assert (block.contradicted, block.removals) == (1, ((RemovalState.DONE, 1),))
    assert block.rehearsals[0].silent
    assert len(block.leavers) == 1


@pytest.mark.parametrize(("subject", "contradicted"), [("leaver", 1), ("", 1), ("team", 0)])
def test_what_is_wrong_with_a_group_does_not_say_that_the_leaver_stayed(
    samples: ModuleType, subject: str, contradicted: int
) -> None:
    k = samples.key()
    transcript = samples.leaver_transcript(k)
    about = replace(transcript.exchanges[0], subject=subject)
    transcript = replace(transcript, exchanges=(about, *transcript.exchanges[1:]))
    broken = samples.broken(k, "MB-1", Outcome.FAILED, about.id)
    outlook = Outlook(removals=(Removal("leaver", RemovalState.DONE, "confirmed with 200"),))
    result = ScenarioResult(k, Outcome.FAILED, transcript, (broken,), outlook)
    (block,) = vendor_blocks(samples.run([result], Conclusion.NON_CONFORMANT, idps=("okta",)))
    assert block.contradicted == contradicted


def test_a_removal_that_is_done_and_true_needs_no_words_and_a_lost_one_does(samples: ModuleType) -> None:
    done, lost = Removal("leaver", RemovalState.DONE, "ok"), Removal("other", RemovalState.LOST, "never linked")
    (block,) = vendor_blocks(
        samples.run([_leaving(samples, done, lost, harm=False)], Conclusion.CONFORMANT, idps=("okta",))
    )
    assert block.contradicted == 0
    assert [leaver.removal.part for _, leaver in block.leavers] == ["other"]


def test_of_hundreds_of_rehearsals_those_that_went_wrong_are_told_one_by_one(samples: ModuleType) -> None:
    okta = next(block for block in vendor_blocks(samples.large(10_000)) if block.idp == "okta")
    assert len(okta.rehearsals) == LISTED
    assert len(okta.rehearsals) + okta.fine == 200
    assert all(one.troubled for one in okta.rehearsals)
