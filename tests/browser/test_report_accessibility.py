from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["conformant", "with_findings", "hostile", "incomplete", "large"])
def test_axe_finds_nothing_to_complain_about(opened, name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(name, color_scheme=scheme).page
    if name != "large":
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_on_a_phone_or_with_a_filter_set(opened, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened("with_findings", width=width).page
    page.click('button[data-value="failed"]')
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def test_the_keyboard_alone_leads_from_the_top_to_an_exchange(opened) -> None:
    page = opened("with_findings").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#findings"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "go":
            break
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.parentElement.className")
    assert focused.split()[:2] == ["exchange", "flagged"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_page_has_a_language_landmarks_and_one_main_heading(opened) -> None:
    page = opened("with_findings").page
    assert page.evaluate("document.documentElement.lang") == "en"
    for landmark in ("header", "nav", "main", "footer", "[role=search]"):
        assert page.locator(landmark).count() == 1
    assert page.locator("h1").count() == 1


def test_what_can_be_pressed_is_large_enough_for_a_finger(opened) -> None:
    page = opened("with_findings", width=375).page
    small = page.locator("button, summary, nav a, .go").evaluate_all(
        "(all) => all.filter((one) => one.offsetParent && one.getBoundingClientRect().height < 24)"
        ".map((one) => one.outerHTML.slice(0, 80))"
    )
    assert small == []
