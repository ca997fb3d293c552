from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def _shown(page) -> list[str]:
    """The roots of the causes that are shown."""
    roots = "(all) => all.filter((one) => one.offsetParent).map((one) => one.querySelector('.requirement').id)"
    return page.locator("#findings .card").evaluate_all(roots)


def test_words_narrow_the_page_and_a_minus_takes_away(opened) -> None:
    page = opened("with_findings").page
    page.fill("#words", "cannot be understood")
    assert _shown(page) == ["R-RFC7644-3.4.2-05"]
    page.fill("#words", "-filter -rfc7644")
    assert _shown(page) == ["R-MB-1", "R-RFC7643-3.1-04"]


def test_toggles_of_one_kind_widen_and_of_two_kinds_narrow(opened) -> None:
    page = opened("with_findings").page
    page.click('button[data-value="warned"]')
    assert _shown(page) == ["R-RFC7643-3.1-04"]
    page.click('button[data-value="known"]')
    assert _shown(page) == ["R-RFC7643-3.1-04", "R-RFC7644-3.4.2-11"]
    page.click('button[data-value="okta"]')
    assert _shown(page) == ["R-RFC7643-3.1-04"]


def test_a_toggle_says_that_it_is_pressed(opened) -> None:
    page = opened("with_findings").page
    toggle = page.locator('button[data-value="failed"]')
    assert toggle.get_attribute("aria-pressed") == "false"
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "true"


def test_the_number_of_entries_is_told_and_everything_comes_back(opened) -> None:
    page = opened("with_findings").page
    page.fill("#words", "no such thing")
    assert page.locator("#shown").inner_text().startswith("0 of ")
    page.click("#clear")
    assert page.locator("#shown").inner_text() == ""
    assert page.locator(".filtered").count() == 0


def test_the_filter_is_kept_in_the_address_and_a_shared_link_shows_the_same(opened) -> None:
    page = opened("with_findings").page
    page.fill("#words", "session -filter")
    page.click('button[data-value="failed"]')
    fragment = page.evaluate("location.hash")
    shared = opened("with_findings", fragment).page
    assert shared.input_value("#words") == "session -filter"
    assert _shown(shared) == _shown(page) == ["R-MB-1"]


def test_a_link_to_something_filtered_away_shows_it(opened) -> None:
    page = opened("with_findings").page
    page.fill("#words", "filter")
    page.locator(".urgent a").first.click()
    assert page.locator(".card.reached").is_visible()
    assert page.input_value("#words") == ""


def test_the_slash_key_goes_to_the_filter(opened) -> None:
    page = opened("with_findings").page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"
    assert page.input_value("#words") == ""
