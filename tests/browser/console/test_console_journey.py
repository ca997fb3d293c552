"""From an empty page to the downloaded report, with a wrong address and a wrong key on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.socket]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def _complaints(page) -> str:
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options=RULES)
    return results.generate_report() if results.violations_count else ""


def _only_loopback(page) -> None:
    assert [url for url in page.asked if not url.startswith(("http://127.0.0.1:", "data:"))] == []
    # The browser itself remarks on a form that comes back with something to mend.
    assert [text for text in page.complaints if "422 (UNPROCESSABLE ENTITY)" not in text] == []


def _sign_in(service: dict[str, Any], name: str) -> None:
    """Let somebody sign in to the reference server for the first time, so that they have an account."""
    who = {"userName": name, "givenName": "Ada", "familyName": "Example", "email": name}
    key = {"Authorization": f"Bearer {service['api_key']}", "Content-Type": "application/json"}
    place = service["base_url"].replace("/scim/v2", "/sso/sign-in")
    with urlopen(Request(place, json.dumps(who).encode(), key), timeout=60) as answer:
        assert answer.status == 200


def test_a_wrong_address_is_told_before_anything_is_sent_and_the_key_is_not_shown_again(visit, connect) -> None:
    page = visit()
    connect(page, base_url="https://169.254.169.254/scim/v2", key="a-key-that-must-not-return")
    page.wait_for_selector("#wrong-base_url")
    assert "where a cloud keeps credentials" in page.inner_text("#wrong-base_url")
    assert "Nothing was sent" in page.inner_text("[role=alert]")
    assert page.input_value("#key") == ""
    assert "a-key-that-must-not-return" not in page.content()
    assert page.input_value("#base_url") == "https://169.254.169.254/scim/v2"
    assert _complaints(page) == ""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("idp", "look"),
    [("okta:oin", {"color_scheme": "light"}), ("entra:default", {"color_scheme": "dark", "width": 375})],
)
def test_the_whole_journey_from_an_empty_page_to_the_downloaded_report(
    visit, connect, service, tmp_path: Path, idp: str, look
) -> None:
    page = visit(**look)
    assert page.inner_text("h1") == "Will a leaver really lose access?"
    assert "token=" not in page.url
    assert _complaints(page) == ""

    connect(page, idp, base_url=service["base_url"].replace("/scim/v2", "/sso/acs"))
    page.wait_for_selector("text=does not work yet")
    assert service["base_url"] in page.inner_text("main")
    assert _complaints(page) == ""
    page.click("text=Change what I typed")

    connect(page, idp, key=f"Bearer {service['api_key']}x")
    page.wait_for_selector("text=does not work yet")
    assert "key" in page.inner_text("main .sentence").lower()
    assert service["api_key"] not in page.content()
    page.click("text=Change what I typed")

    ada = f"ada-{idp.partition(':')[0]}@example.test"
    _sign_in(service, ada)
    connect(page, idp, account=ada.upper())
    page.click("a:text-is('Try it with one person')")
    page.fill("#account", ada)
    page.click("text=Show what would be sent")
    page.wait_for_selector("#agreed")
    assert page.locator(".sent li").count() > 1
    assert _complaints(page) == ""
    page.check("#agreed")
    page.click("text=Send this")
    page.wait_for_selector("h2:text-is('What was seen')")
    assert page.inner_text("h1").endswith("Access ended")
    assert f"{ada} is exactly as before" in page.inner_text(".sentence")
    assert service["api_key"] not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert _complaints(page) == ""
    page.click("text=Back to the look")

    page.click("text=Go on: plan a rehearsal")
    page.wait_for_selector("#requests details")
    assert _complaints(page) == ""
    page.click("text=Start the rehearsal")
    page.wait_for_selector("text=you have not agreed")
    for question in page.locator("input[name=question]").all():
        question.set_checked(question.get_attribute("value") in ("connection", "leaver"))
    page.check("#agreed")
    page.click("text=Start the rehearsal")
    page.wait_for_selector("text=Download the report")
    assert page.inner_text("h1").endswith("Ready")
    assert "lost their access" in page.inner_text(".sentence")
    assert page.locator(".leavers tbody tr").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert _complaints(page) == ""

    with page.expect_download() as downloading:
        page.click("text=Download the report")
    report = tmp_path / "report.html"
    downloading.value.save_as(report)
    assert "scimulator report" in report.read_text("utf-8")
    assert service["api_key"] not in report.read_text("utf-8")

    page.click("text=Earlier rehearsals")
    page.wait_for_selector(".runs .line")
    assert _complaints(page) == ""
    _only_loopback(page)


def _tab_to(page, condition: str) -> None:
    """Press Tab until the focus is where the condition says, and see that it is shown."""
    for _ in range(60):
        if page.evaluate(f"((one) => {condition})(document.activeElement)"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail(f"the keyboard never came to {condition}")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


@pytest.mark.thorough
def test_the_keyboard_alone_leads_to_the_rehearsal(visit, service) -> None:
    page = visit(reduced_motion="reduce")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _tab_to(page, "one.name === 'idp'")
    page.keyboard.press("Space")
    for field, text in (("base_url", service["base_url"]), ("key", service["api_key"])):
        _tab_to(page, f"one.id === '{field}'")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Go on: plan a rehearsal")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    _tab_to(page, "one.textContent.startsWith('Go on')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#requests")
    _tab_to(page, "one.id === 'agreed'")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Stop, and put everybody back")
    _tab_to(page, "one.textContent.startsWith('Stop')")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:not(:has-text('goes on'))")
    assert "stopped" in page.inner_text("main").lower()
    _only_loopback(page)
