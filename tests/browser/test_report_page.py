from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RUNS = ("conformant", "with_findings", "hostile", "incomplete", "large")


@pytest.mark.parametrize("name", RUNS)
def test_the_page_asks_for_nothing_but_itself_and_complains_about_nothing(opened, name: str) -> None:
    watched = opened(name)
    watched.unfold()
    assert [url for url in watched.requests if not url.startswith("file:")] == []
    assert len(watched.requests) == 1
    assert watched.complaints == []


def test_a_request_would_be_refused_by_the_policy(opened) -> None:
    watched = opened("conformant")
    refused = watched.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')")
    assert refused == "refused"
    assert any("Content Security Policy" in complaint for complaint in watched.complaints)


def test_the_verdict_and_what_makes_it_doubtful_are_on_the_first_screen(opened) -> None:
    for name, width in (("incomplete", 1280), ("incomplete", 375), ("with_findings", 1280), ("with_findings", 375)):
        page = opened(name, width=width).page
        for selector in (
            ("h1", ".sentence", ".doubts") if name == "incomplete" else ("h1", ".sentence", ".urgent li:first-child")
        ):
            box = page.locator(selector).bounding_box()
            assert box["y"] + box["height"] <= 720, (name, width, selector)


@pytest.mark.parametrize("name", ["with_findings", "hostile", "large"])
def test_a_narrow_phone_never_scrolls_sideways(opened, name: str) -> None:
    watched = opened(name, width=320)
    watched.unfold()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_arrow_opens_its_exchange_and_the_exchange_leads_back_to_the_finding(opened, samples) -> None:
    run = samples.with_findings()
    verdict, finding = next((v, f) for v, f in run.findings if v.requirement == "MB-1")
    page = opened("with_findings").page
    page.locator('.urgent a[href^="#C-"]').first.click()
    page.locator(".card.reached .proof >> text=show the exchange").first.click()
    exchange = page.locator(f'[id="{finding.exchange}"]')
    assert exchange.is_visible()
    assert page.evaluate("location.hash") == f"#{finding.exchange}"

    page.locator(f'[id="{finding.exchange}"] > .inner .marks a').first.click()
    assert page.locator(f'li[id="{finding.id}"]').is_visible()

    page.locator(f'[id="{verdict.scenario}"] > summary').scroll_into_view_if_needed()
    page.evaluate("(id) => { document.getElementById(id).open = false; }", finding.exchange)
    page.locator(f'[id="{verdict.scenario}"] svg a[href="#{finding.exchange}"]').click()
    assert exchange.get_attribute("open") is not None
    assert exchange.locator("pre.body mark").inner_text().strip() == '"session": "alive",'


def test_a_deep_link_opens_what_is_folded(opened, samples) -> None:
    witness = samples.conformant().results[1].transcript.exchanges[1].id
    page = opened("conformant", f"#{witness}").page
    assert page.locator(f'[id="{witness}"]').is_visible()
    assert page.locator(f'[id="{witness}"] .halves').is_visible()


def test_a_deep_link_opens_what_is_packed(opened, samples) -> None:
    run = samples.large(500)
    quiet = run.results[7].transcript.exchanges[20].id
    page = opened("large", f"#{quiet}").page
    exchange = page.locator(f'[id="{quiet}"]')
    exchange.wait_for(state="visible")
    assert run.results[7].transcript.exchanges[20].request.url in exchange.inner_text()
    assert page.locator(f'[id="{run.results[7].key.id}"] details.exchange').count() == 25


def test_opening_a_packed_scenario_shows_every_exchange_once(opened, samples) -> None:
    result = samples.large(500).results[0]
    page = opened("large").page
    page.locator(f'[id="{result.key.id}"] > summary').click()
    page.wait_for_selector(f'[id="{result.key.id}"] [data-state=filled]')
    ids = page.locator(f'[id="{result.key.id}"] details.exchange').evaluate_all("(all) => all.map((one) => one.id)")
    assert ids == [x.id for x in result.transcript.exchanges]


def test_an_unknown_anchor_is_told_and_breaks_nothing(opened) -> None:
    watched = opened("large", "#x-unknown%")
    watched.page.wait_for_selector("#said:not(:empty)", state="attached")
    assert watched.page.locator("#said").inner_text() == "This page has no x-unknown%."
    assert watched.complaints == []


def test_a_link_and_a_filter_survive_a_reload(opened, samples) -> None:
    exchange = samples.large(500).results[7].transcript.exchanges[20].id
    page = opened("large", f"#{exchange}?q=story-0007&o=passed").page
    page.wait_for_selector(f'[id="{exchange}"] .halves')
    page.reload()
    page.wait_for_selector(f'[id="{exchange}"] .halves')
    assert page.input_value("#words") == "story-0007"
    assert page.get_attribute('button[data-value="passed"]', "aria-pressed") == "true"
    assert page.locator("details.scenario:visible").count() == 1


def test_the_colours_that_were_chosen_are_kept(opened) -> None:
    page = opened("conformant").page
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click('[data-theme-to="dark"]')
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.click('[data-theme-to=""]')
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_going_back_returns_to_where_one_was(opened) -> None:
    page = opened("with_findings").page
    page.locator('nav a[href="#matrix"]').click()
    page.locator('nav a[href="#reproduce"]').click()
    page.go_back()
    assert page.evaluate("location.hash") == "#matrix"
    assert page.locator("#matrix.reached").count() == 1


def test_hostile_text_stays_text(opened) -> None:
    watched = opened("hostile")
    assert watched.page.locator("img").count() == 0
    assert watched.page.locator("script:not([type])").count() == 1
    assert "</script><script>alert(1)</script>" in watched.page.locator(".sentence").inner_text()
    assert watched.complaints == []


def test_without_javascript_findings_matrix_and_exchanges_can_be_read(opened, samples) -> None:
    page = opened("with_findings", script=False).page
    assert page.locator("h1").inner_text().endswith("Not conformant")
    assert page.locator("#filter").is_hidden()
    assert page.locator("button.copy").count() == 0
    page.locator('[id="okta/oin/leaver"] > summary').click()
    assert page.locator('[id="okta/oin/leaver"] svg').is_visible()
    flagged = samples.with_findings().results[0].verdicts[0].findings[0].exchange
    assert page.locator(f'[id="{flagged}"] .halves').is_visible()


def test_copying_a_command_copies_exactly_what_is_shown(opened) -> None:
    page = opened("with_findings", permissions=["clipboard-read", "clipboard-write"]).page
    page.locator("#reproduce button.copy").click()
    page.wait_for_selector("#said:text-is('Copied.')", state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#reproduce pre").inner_text()
