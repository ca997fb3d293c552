"""The page of a storm, in a browser: nothing fetched, nothing run, for everybody, on a telephone and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reports.storm import write
from tests.reports.storm.sample import told

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture
def page(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    scheme, width, bad = request.param
    context = browser.new_context(viewport={"width": width, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(write(told(bad=bad), tmp_path).as_uri())
    page.asked = asked
    yield page
    context.close()


@pytest.mark.parametrize("page", [("light", 1280, False), ("dark", 375, True)], indirect=True)
def test_it_fetches_nothing_runs_nothing_and_axe_has_no_complaint(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert len(page.asked) == 1
    assert page.evaluate("window.hurt") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("page", [("light", 1280, True)], indirect=True)
def test_it_says_first_who_still_has_access_and_prints_whole(page: Any) -> None:
    words = page.inner_text("main")
    assert words.index("3 of 100,000 leavers still have access") < words.index("What did not hold")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # the width of a sheet of A4 between its margins
    assert page.evaluate("[...document.querySelectorAll('.wide')].every(one => one.scrollWidth <= one.clientWidth + 1)")
