from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SHOWN = """(id) => {
  const one = document.getElementById(id);
  return one.checkVisibility({ contentVisibilityAuto: true }) && one.getBoundingClientRect().height > 0;
}"""


@pytest.mark.parametrize("script", [True, False])
def test_print_has_the_verdict_and_all_findings_on_white_also_from_a_dark_screen(opened, samples, script: bool) -> None:
    page = opened("with_findings", color_scheme="dark", script=script).page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector in ("#filter", "button.copy", ".tools", "#exchanges", "nav"):
        assert page.locator(f"{selector}:visible").count() == 0
    missing = [f.id for _, f in samples.with_findings().findings if not page.evaluate(SHOWN, f.id)]
    assert missing == []


def test_a_printed_page_has_the_words_of_the_first_screen_and_of_every_card(opened, tmp_path) -> None:
    page = opened("with_findings").page
    page.emulate_media(media="print")
    path = tmp_path / "report.pdf"
    page.pdf(path=str(path))
    assert path.read_bytes().startswith(b"%PDF")
    assert page.locator("article.card").count() == page.locator("article.card:visible").count()


def test_printing_folds_again_what_it_has_unfolded(opened) -> None:
    page = opened("with_findings").page
    before = page.locator("details[open]").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[open]").count() > before
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == before
