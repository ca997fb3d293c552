from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_main_page_leads_to_an_exchange_in_another_file(opened, samples) -> None:
    run = samples.large(500)
    quiet = run.results[7].transcript.exchanges[20]
    watched = opened("parts", f"#{quiet.id}")
    watched.page.wait_for_url("**/report-parts/part-*.html#*")
    watched.page.wait_for_selector(f'[id="{quiet.id}"] .halves')
    assert quiet.request.url in watched.page.locator(f'[id="{quiet.id}"]').inner_text()
    assert [url for url in watched.requests if not url.startswith("file:")] == []
    assert watched.complaints == []
    watched.page.locator("header a").click()
    watched.page.wait_for_url("**/report.html")


def test_the_explorer_lists_everything_and_opens_what_its_own_file_holds(opened) -> None:
    page = opened("parts").page
    page.locator("#rows").scroll_into_view_if_needed()
    page.wait_for_selector(".row")
    assert page.locator("#rows-shown").inner_text() == "500 of 500 exchanges"
    page.locator(".row").nth(1).click()
    page.wait_for_selector("#pane a")
    page.locator("#pane a", has_text="in its scenario").click()
    page.wait_for_url("**/report-parts/part-*.html#*")
    page.wait_for_selector("html[data-ready]")
    page.locator("#rows").scroll_into_view_if_needed()
    page.wait_for_selector(".row")
    page.locator(".row").nth(1).click()
    page.wait_for_selector("#pane .halves")


def test_the_parts_hold_every_scenario_once_and_their_links_lead_back(opened, samples) -> None:
    page = opened("parts", script=False).page
    parts = page.locator("#scenarios > p a").evaluate_all("(all) => all.map((one) => one.href)")
    assert len(parts) > 2
    ids = []
    for part in parts:
        page.goto(part)
        ids += page.locator("details.scenario").evaluate_all("(all) => all.map((one) => one.id)")
    assert sorted(ids) == sorted(r.key.id for r in samples.large(500).results)
