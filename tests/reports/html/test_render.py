from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from harness.model.audience import Audience
from harness.model.cause import Who
from harness.model.known import Known, KnownEntry, KnownState
from harness.model.programme import Grade, Programme, StepState
from harness.model.requirement import Applies
from harness.model.run import Run, ScenarioResult
from harness.model.verdict import Conclusion, Outcome
from reports import words
from reports.html import render, write
from reports.html.order import SECTIONS
from reports.html.scenarios import STATIC, THRESHOLD

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


@pytest.fixture(scope="module")
def rendered(samples: ModuleType):
    made: dict[str, str] = {}

    def get(name: str) -> str:
        if name not in made:
            made[name] = render(samples.large(500) if name == "large" else getattr(samples, name)())
        return made[name]

    return get


@pytest.mark.parametrize("name", [*RUNS, "large"])
def test_the_page_is_balanced_html_with_ids_that_occur_once(rendered, page, name: str) -> None:
    found = page(rendered(name))
    assert found.mismatched == []
    assert sorted(found.ids) == sorted(set(found.ids))


@pytest.mark.parametrize("name", RUNS)
def test_every_link_inside_the_page_leads_somewhere(rendered, page, name: str) -> None:
    found = page(rendered(name))
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert len(inside) > 5
    assert inside <= set(found.ids)


@pytest.mark.parametrize("name", [*RUNS, "large"])
def test_the_policy_allows_our_own_style_and_script_and_nothing_else(rendered, name: str) -> None:
    html = rendered(name)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in allowed
    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed


@pytest.mark.parametrize("name", [*RUNS, "large"])
def test_the_page_refers_to_nothing_that_a_browser_would_fetch(rendered, page, name: str) -> None:
    for tag, attributes in page(rendered(name)).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "audio", "video", "source", "base", "use")
        assert not {"src", "srcset", "style", "action", "background", "ping"} & attributes.keys()
        assert not [key for key in attributes if key.startswith("on")]


@pytest.mark.parametrize("name", [*RUNS, "large"])
def test_links_that_leave_the_page_are_https_and_tell_nothing(rendered, page, name: str) -> None:
    leaving = [a for tag, a in page(rendered(name)).tags if tag == "a" and not str(a["href"]).startswith("#")]
    assert all(str(a["href"]).startswith("https://") and a["rel"] == "noreferrer noopener" for a in leaving)


def test_hostile_text_becomes_no_tag_and_hides_nothing(rendered, page) -> None:
    html = rendered("hostile")
    invisible = [c for c in html if not c.isprintable() and c not in "\n\t"]
    assert invisible == []
    executable = [a for tag, a in page(html).tags if tag == "script" and "type" not in a]
    assert len(executable) == 1
    assert "<img" not in html
    assert "\\u202egnp.exe" in html
    assert "{{ 7*7 }}" in html


def test_a_hostile_run_of_many_megabytes_stays_small_and_says_what_was_cut(rendered) -> None:
    html = rendered("hostile")
    assert len(html) < 600_000
    assert "of 5,000,019 bytes" in html
    assert "5,000,000 characters in all, sha256" in html


@pytest.mark.parametrize("audience", list(Audience))
def test_each_audience_gets_every_section_and_every_finding_in_its_own_order(
    samples: ModuleType, page, audience: Audience
) -> None:
    run = samples.with_findings()
    html = render(run, audience)
    found = page(html)
    assert [name for name in found.ids if name in SECTIONS[audience]] == list(SECTIONS[audience])
    assert sorted(SECTIONS[audience]) == sorted(SECTIONS[Audience.DEVELOPER])
    assert {finding.id for _, finding in run.findings} <= set(found.ids)
    assert "Not conformant</h1>" in html
    assert run.sentence in found.text


def test_an_administrator_meets_no_clause_on_the_first_screen(samples: ModuleType) -> None:
    html = render(samples.with_findings(), Audience.ADMIN)
    first = html.split("<header>")[1].split("</header>")[0]
    assert "People who leave can still get into the product." in first
    assert "RFC" not in first


@pytest.mark.parametrize(
    ("conclusion", "words"),
    [
        (Conclusion.CONFORMANT, "Conformant"),
        (Conclusion.WITH_WARNINGS, "Conformant, with warnings"),
        (Conclusion.NON_CONFORMANT, "Not conformant"),
        (Conclusion.INCOMPLETE, "Cannot tell: the run is incomplete"),
        (Conclusion.UNREACHABLE, "Cannot tell: the service could not be asked"),
    ],
)
def test_the_verdict_is_the_heading_of_the_page(samples: ModuleType, conclusion: Conclusion, words: str) -> None:
    run = Run(**{**vars(samples.conformant()), "conclusion": conclusion})
    heading = re.search(r"<h1>.*?</span> (.*?)</h1>", render(run))
    assert heading is not None
    assert heading[1] == words


def test_a_run_without_a_sentence_or_results_still_says_something(samples: ModuleType) -> None:
    html = render(samples.run([], Conclusion.UNREACHABLE, meta={}, idps=()))
    assert "this says nothing about the service" in html
    assert "No command was recorded." in html


def test_a_conformant_result_without_one_passed_check_is_called_doubtful(samples: ModuleType) -> None:
    html = render(samples.run([], Conclusion.CONFORMANT))
    assert "Not one check passed" in html


def test_counts_that_do_not_fit_the_verdicts_are_called_doubtful(samples: ModuleType) -> None:
    run = Run(**{**vars(samples.conformant()), "counts": {"passed": 999}})
    assert "the record is damaged" in render(run)
    assert "the record is damaged" not in render(samples.conformant())


def test_the_proof_stands_before_the_fix_and_the_findings_behind_it(rendered) -> None:
    card = rendered("with_findings").split('<article class="card')[1].split("</article>")[0]
    wanted = ("Leavers keep access", "to act:", "show the exchange", ">expected<", ">received<", "Fix in the service",
              "administrator sees", "until then", "All 3 findings")  # fmt: skip
    places = [card.index(word) for word in wanted]
    assert places == sorted(places)


def test_a_finding_leads_to_its_exchange_and_the_exchange_back(rendered, page, samples: ModuleType) -> None:
    html = rendered("with_findings")
    for _, finding in samples.with_findings().findings:
        exchange = html.split(f'<details class="exchange flagged" id="{finding.exchange}"')[1].split("</details>")[0]
        assert f'href="#{finding.id}"' in exchange
        place = html.split(f'<li id="{finding.id}"')[1].split("</li>")[0]
        assert f'href="#{finding.exchange}"' in place


def test_the_credential_is_nowhere_but_as_a_variable(rendered) -> None:
    for name in RUNS:
        commands = re.findall(r'<pre data-copy="curl">.*?</pre>', rendered(name), re.DOTALL)
        assert commands
        assert all("redacted" not in command for command in commands)
    assert '"$SCIM_TOKEN"' in rendered("with_findings")


def test_a_small_run_is_all_plain_html(rendered, samples: ModuleType, page) -> None:
    run = samples.with_findings()
    ids = page(rendered("with_findings")).ids
    assert {x.id for r in run.results for x in r.transcript.exchanges} <= set(ids)
    assert re.findall(r'<script type="application/gzip" id="([^"]*)"', rendered("with_findings")) == ["pack-index"]
    assert '<div class="inner" data-fragment' not in rendered("with_findings")


def test_a_large_run_keeps_what_shows_a_finding_plain_and_packs_the_rest(rendered, samples: ModuleType, page) -> None:
    run = samples.large(500)
    assert sum(len(r.transcript.exchanges) for r in run.results) > THRESHOLD
    ids = set(page(rendered("large")).ids)
    shown = {x.id for r in run.results for x in r.transcript.exchanges} & ids
    flagged = {f.exchange for _, f in run.findings}
    assert len(flagged) < STATIC
    assert shown == flagged


def test_ten_thousand_exchanges_stay_below_five_megabytes(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.large(), tmp_path)
    assert path.stat().st_size <= 5_000_000


def test_a_finding_everywhere_does_not_unpack_the_page(samples: ModuleType) -> None:
    run = samples.large(2500)
    results = [
        ScenarioResult(
            r.key,
            Outcome.FAILED,
            r.transcript,
            tuple(samples.broken(r.key, "RFC7644-3.12-01", Outcome.FAILED, x.id, at=f"/{x.id}", actual=1)
                  for x in r.transcript.exchanges),
        )
        for r in run.results
    ]  # fmt: skip
    html = render(samples.run(results, Conclusion.NON_CONFORMANT))
    assert html.count('class="exchange flagged"') == STATIC
    assert "2,480 further ways" in html
    assert len(html) < 2_500_000


def test_a_requirement_broken_in_the_same_way_in_hundreds_of_scenarios_is_one_short_card(samples: ModuleType) -> None:
    html = render(samples.large(10_000))
    assert html.count('id="R-MB-1"') == 1
    assert html.count('<article class="card') == 2
    assert "Seen in 100 places" in html
    assert "40 further places" in html


def test_the_same_run_makes_the_same_bytes(samples: ModuleType) -> None:
    assert render(samples.large(500)) == render(samples.large(500))


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    path = write(samples.conformant(), tmp_path / "runs" / "one")
    assert path == tmp_path / "runs" / "one" / "report.html"
    assert path.read_text("utf-8").startswith("<!doctype html>")


def test_the_script_of_the_page_stays_below_thirty_kilobytes(rendered) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", rendered("conformant"), re.DOTALL)
    assert len(script.encode()) < 30_000


def test_known_failures_and_published_tests_are_told_where_there_are_any(samples: ModuleType) -> None:
    entry = KnownEntry("MB-1", ("okta/*",), "the fix is on its way <b>", "team-iam", date(2026, 12, 31))
    grades = (Grade("Read a user", StepState.PASSED), Grade("Create a user", StepState.NOT_APPLICABLE, "not claimed"))
    run = replace(
        samples.with_findings(),
        known=(Known(entry, KnownState.STALE),),
        programmes=(Programme("okta-spec", "Okta's test", "the catalogue", "okta/oin/leaver", grades),),
    )
    html = render(run)
    assert "the fix is on its way &lt;b&gt;" in html
    assert "the catalogue is ruled out: Create a user: not claimed" in html
    assert '<a href="#programmes">' in html
    nobody = replace(run, idps=(), results=tuple(r for r in run.results if not r.key.idp))
    assert "the catalogue is ruled out: Create a user: not claimed" in render(nobody), "no IdP has to have spoken"
    assert 'id="known"' not in render(samples.with_findings())


def test_every_value_of_the_model_has_its_word() -> None:
    for table, values in ((words.KNOWN, KnownState), (words.STEPS, StepState), (words.USES, Applies), (words.WHO, Who)):
        assert set(table) == set(values)


def test_a_step_leads_to_its_exchange_also_when_that_lies_in_another_scenario(samples: ModuleType) -> None:
    run = samples.with_findings()
    away = next(result for result in run.results if result.key.id != "okta/oin/leaver" and result.transcript.exchanges)
    exchange = away.transcript.exchanges[0].id
    grade = Grade("Read a user", StepState.FAILED, "expected HTTP 200", exchange, scenario=away.key.id)
    programme = Programme("okta-spec", "Okta's test", "the catalogue", "okta/oin/leaver", (grade,))
    html = render(replace(run, programmes=(programme,)))
    steps = html[html.index('id="programmes"') :]
    assert f'href="#{exchange}"' in steps[: steps.index("</details>")]
