from __future__ import annotations

from types import ModuleType

from harness.model.run import ScenarioResult
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome
from reports.html.anchors import Anchors, anchor


def test_ids_of_the_record_are_the_anchors_of_the_page(samples: ModuleType) -> None:
    run = samples.with_findings()
    anchors = Anchors(run)
    verdict, finding = run.findings[0]
    assert anchors.scenario("okta/oin/leaver") == "okta/oin/leaver"
    assert anchors.finding(verdict, finding) == finding.id
    assert anchors.exchange(verdict.scenario, finding.exchange) == finding.exchange


def test_an_id_never_holds_what_a_link_could_not_hold() -> None:
    assert anchor('a b"<é%') == "a~20b~22~3c~e9~25"
    assert anchor("") != ""


def test_two_things_with_one_id_get_two_anchors(samples: ModuleType) -> None:
    first, second = samples.key(), samples.key(variant="aiw")
    results = [
        ScenarioResult(k, Outcome.PASSED, Transcript(k, samples.BASE, (samples.exchange(k.id, 1, name="x-same"),)))
        for k in (first, second)
    ]
    anchors = Anchors(samples.run(results, Conclusion.CONFORMANT))
    assert anchors.exchange(first.id, "x-same") == "x-same"
    assert anchors.exchange(second.id, "x-same") == "x-same-2"


def test_what_is_not_in_the_run_has_no_anchor(samples: ModuleType) -> None:
    anchors = Anchors(samples.conformant())
    assert anchors.exchange("okta/oin/leaver", "x-missing") == ""
    assert anchors.scenario("okta/oin/unknown") == ""


def test_anchors_are_the_same_for_the_same_run_again(samples: ModuleType) -> None:
    run = samples.with_findings()
    again = samples.with_findings()
    first, second = Anchors(run), Anchors(again)
    assert [first.finding(v, f) for v, f in run.findings] == [second.finding(v, f) for v, f in again.findings]
