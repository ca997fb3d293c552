"""Every page in light and dark, on a phone, on paper; and half a minute in which nothing leaves this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from harness.ledger import FOLDER, opened
from harness.model.step import PATCH_OP

pytestmark = [pytest.mark.browser, pytest.mark.socket]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PAGES = ("/", "/runs", "/files", "/preview", "/guides", "/guides/okta", "/guides/entra", "/watch", "/nowhere")


def _complaints(page) -> str:
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options=RULES)
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize(("scheme", "width", "pages"), [("light", 1280, PAGES), ("dark", 360, PAGES[:3] + PAGES[6:8])])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(visit, scheme: str, width: int, pages: tuple[str, ...]) -> None:
    page = visit(color_scheme=scheme, width=width)
    origin = page.url.rstrip("/")
    for path in pages:
        page.goto(origin + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert _complaints(page) == "", path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        small = page.locator("main button, main summary, main select, nav a").evaluate_all(
            "(all) => all.filter((one) => one.offsetParent && one.getBoundingClientRect().height < 24).length"
        )
        assert small == 0, path


def test_a_page_without_scripts_can_still_be_used(visit) -> None:
    page = visit(java_script_enabled=False)
    assert page.inner_text("h1") == "Will a leaver really lose access?"
    page.check('input[value="okta:oin"]')
    page.fill("#base_url", "https://10.0.0.1/scim")
    page.fill("#key", "secret-secret")
    page.click("text=Look at the connection")
    assert "private address" in page.inner_text("#wrong-base_url")


@pytest.mark.thorough
def test_for_half_a_minute_nothing_is_asked_but_this_computer(visit, connect, service) -> None:
    page = visit()
    origin = page.url.rstrip("/")
    connect(page, "okta:aiw")
    page.wait_for_selector("text=Go on: plan a rehearsal")
    page.goto(page.url + "/watch")
    page.wait_for_timeout(30_000)
    for path in PAGES:
        page.goto(origin + path)
    assert [url for url in page.asked if not url.startswith((origin, "data:"))] == []
    refused = page.evaluate("fetch('https://app.example/').then(() => 'sent', () => 'refused')")
    assert refused == "refused"


def test_on_paper_there_is_no_navigation(visit) -> None:
    page = visit()
    page.goto(page.url.rstrip("/") + "/guides/okta")
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert page.locator("section h3").first.is_visible()


def test_whoever_a_killed_try_left_switched_off_is_put_back_on_a_page(
    visit, service: dict[str, Any], runs: Path
) -> None:
    """A killed try leaves its ledger and the person switched off; both are made here as it leaves them."""
    key = {"Authorization": f"Bearer {service['api_key']}"}
    name = "left.behind@example.test"
    who = {"userName": name, "givenName": "Ada", "familyName": "Example", "email": name}
    requests.post(service["base_url"].replace("/scim/v2", "/sso/sign-in"), json=who, headers=key, timeout=60)
    people = {"filter": f'userName eq "{name}"'}
    (ada,) = requests.get(f"{service['base_url']}/Users", people, headers=key, timeout=60).json()["Resources"]
    ledger = opened(runs / FOLDER.name, service["base_url"], name, ada)
    off = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    there = f"{service['base_url']}/Users/{ada['id']}"
    assert requests.patch(there, json=off, headers=key, timeout=60).ok

    page = visit(color_scheme="dark", width=375)
    page.goto(page.url.rstrip("/") + "/undo")
    assert name in page.inner_text("main")
    assert _complaints(page) == ""
    page.fill("#base_url", "https://169.254.169.254/scim/v2")
    page.fill("#key", "wrong")
    page.click("button.primary")
    page.wait_for_selector("#wrong-base_url")
    assert _complaints(page) == ""
    assert requests.get(there, headers=key, timeout=60).json()["active"] is False
    page.fill("#base_url", service["base_url"])
    page.fill("#key", service["api_key"])
    page.click("button.primary")
    page.wait_for_selector("h2:text-is('What was seen')")
    assert _complaints(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert requests.get(there, headers=key, timeout=60).json()["active"] is True
    assert not ledger.path.exists()
