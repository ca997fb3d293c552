from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def _violations(page) -> str:
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options=RULES)
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize(("name", "scheme"), [("with_findings", "dark"), ("hostile", "light")])
def test_axe_finds_nothing_to_complain_about_when_everything_is_open(opened, name: str, scheme: str) -> None:
    watched = opened(name, color_scheme=scheme)
    watched.unfold()
    watched.page.locator("#rows").scroll_into_view_if_needed()
    watched.page.locator(".row").nth(1).click()
    watched.page.wait_for_selector("#pane .halves")
    assert _violations(watched.page) == ""


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("conformant", "light"),
        ("incomplete", "dark"),
        ("with_findings", "light"),
        ("large", "light"),
        ("parts", "dark"),
    ],
)
def test_axe_finds_nothing_to_complain_about_as_the_page_opens(opened, name: str, scheme: str) -> None:
    assert _violations(opened(name, color_scheme=scheme).page) == ""


def test_axe_finds_nothing_on_a_phone_with_a_filter_set_and_the_other_colours_chosen(opened) -> None:
    page = opened("with_findings", width=375).page
    page.click('button[data-value="failed"]')
    page.click('[data-theme-to="dark"]')
    assert _violations(page) == ""


def test_the_keyboard_walk_reaches_every_control_and_shows_where_it_is(opened) -> None:
    page = opened("with_findings").page
    walked = page.evaluate(CONTROLS)
    reached = []
    for _ in range(len(walked) + 5):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUSED)
        if seen is None:
            break
        reached.append(seen)
    assert [one for one in walked if one not in {r["path"] for r in reached}] == []
    assert all(one["outlined"] for one in reached)


CONTROLS = """() => {
  window.pathOf = (one) => {
    const steps = [];
    for (; one.parentElement; one = one.parentElement) steps.push([...one.parentElement.children].indexOf(one));
    return steps.join(".");
  };
  return [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
    .map(window.pathOf);
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  return { path: window.pathOf(one), outlined: getComputedStyle(one).outlineStyle !== "none" };
}"""


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
