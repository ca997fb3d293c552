"""The page of a comparison, in a browser: nothing fetched, nothing run, readable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.model.comparison import Comparison, Detail, Difference, ExchangeDifference, Fate, Side
from harness.model.verdict import Outcome
from reports.comparison import html

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
NASTY = "</script><script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'> \u202e"


def _comparison() -> Comparison:
    side = Side("before", "conformant", "Fine.", "marketbeam", "https://app.example/scim/v2", "0.1.0", 7, "2026-11-24")
    one = ("F-1", "MB-1", "RFC 7644 §3.5.2", "MUST", "x.y", "okta/oin/leaver")
    return Comparison(
        side,
        side,
        tuple(
            Difference(fate, *one, before, after, (NASTY,), NASTY, NASTY, "x-1", "x-1")
            for fate, before, after in (
                (Fate.NEW, None, Outcome.FAILED),
                (Fate.CHANGED, Outcome.WARNED, Outcome.FAILED),
                (Fate.FIXED, Outcome.FAILED, None),
                (Fate.GONE, Outcome.FAILED, None),
            )
        ),
        (ExchangeDifference("okta/oin/leaver", NASTY, "GET /Users/{id}", "x-1", "x-2", (Detail("/a", NASTY, "2"),)),),
        ("okta/oin/rehire",),
        (),
        ("The profile differs.",),
    )


@pytest.fixture
def page(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    (tmp_path / "comparison.html").write_text(html(_comparison()), "utf-8")
    page.goto((tmp_path / "comparison.html").as_uri())
    page.asked = asked
    yield page
    context.close()


@pytest.mark.parametrize("page", [("light", 1280), ("dark", 375)], indirect=True)
def test_it_fetches_nothing_runs_nothing_and_axe_has_no_complaint(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert len(page.asked) == 1
    assert page.evaluate("window.hurt") is None
    assert "<script>window.hurt" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()
