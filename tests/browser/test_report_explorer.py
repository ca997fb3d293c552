from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def _explorer(opened, name: str, fragment: str = "", **more):
    page = opened(name, fragment, **more).page
    page.locator("#rows").scroll_into_view_if_needed()
    page.wait_for_selector("#rows-shown:not(:empty)", state="attached")
    page.wait_for_selector("#rows-shown:text-matches('exchanges$')")
    return page


def test_of_hundreds_of_exchanges_only_those_on_the_screen_are_rows(opened) -> None:
    page = _explorer(opened, "large")
    assert page.locator("#rows-shown").inner_text() == "500 of 500 exchanges"
    assert 10 < page.locator(".row").count() < 40
    page.evaluate("document.getElementById('rows').scrollTop = 1e9")
    page.wait_for_selector("#row-499")
    assert page.locator(".row").count() < 40
    assert page.locator("#row-499").get_attribute("aria-setsize") == "500"


def test_arrow_keys_walk_and_enter_opens_an_exchange_that_leads_to_its_scenario(opened, samples) -> None:
    page = _explorer(opened, "large")
    page.focus("#rows")
    for key in ("ArrowDown", "ArrowDown", "PageDown", "ArrowUp"):
        page.keyboard.press(key)
    assert page.get_attribute("#rows", "aria-activedescendant") == "row-10"
    page.keyboard.press("Enter")
    page.wait_for_selector("#pane .halves")
    assert page.evaluate("document.activeElement.id") == "pane"
    shown = page.locator("#pane h3").inner_text()
    assert shown.startswith("11 ")
    page.locator("#pane a", has_text="in its scenario").click()
    page.wait_for_selector("details.exchange.reached .halves")
    assert page.locator("details.exchange.reached > summary .number").inner_text() == "11"


@pytest.mark.parametrize(
    ("words", "number", "fits"),
    [
        ("status:5", 1, {"500"}),
        ("method:patch status:200", 3, {"200"}),
        ("from:okta -status:2", 0, set()),
        ("-from:okta -from:entra -status:2", 2, {"500", "no answer (timeout)"}),
        ("slower:13", 0, set()),
    ],
)
def test_exchanges_are_found_by_status_method_sender_and_time(opened, words: str, number: int, fits: set[str]) -> None:
    page = _explorer(opened, "with_findings")
    page.fill("#words", words)
    page.wait_for_selector(f"#rows-shown:text-matches('^{number} of')")
    answers = page.locator(".row .answer").all_inner_texts()
    assert {answer.removesuffix(" OK") for answer in answers} == fits


@pytest.mark.parametrize("name", ["large", "with_findings"])
def test_a_word_in_a_body_is_found_when_asked_for_and_the_address_keeps_it(opened, samples, name: str) -> None:
    run = samples.large(500) if name == "large" else samples.with_findings()
    word = run.results[3].transcript.exchanges[4].json["userName"] if name == "large" else '"api_token":'
    holding = sum(word.encode() in x.body.lower() for r in run.results for x in r.transcript.exchanges)
    page = _explorer(opened, name)
    page.fill("#words", word)
    page.wait_for_selector("#rows-shown:text-matches('^0 of')")
    page.click("#bodies")
    page.wait_for_selector("#rows-shown:text-matches('^[1-9]')")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.locator("#rows").scroll_into_view_if_needed()
    page.wait_for_selector("#rows-shown:text-matches('^[1-9]')")
    found = page.locator("#rows-shown").inner_text()
    assert holding > 0
    assert found.split(" ")[0] == str(holding)


def test_a_chosen_exchange_can_be_copied_in_every_form(opened) -> None:
    page = _explorer(opened, "large", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".row").nth(2).click()
    page.wait_for_selector("#pane .tools")
    assert page.locator("#pane .tools button").all_inner_texts() == [
        "curl", "Python", ".http", "raw request", "raw answer",
    ]  # fmt: skip
    for form, word in (("Python", "requests.request("), (".http", "{{SCIM_TOKEN}}"), ("curl", '"$SCIM_TOKEN"')):
        page.click(f'#pane .tools button[aria-label="Copy as {form}"]')
        page.wait_for_selector("#said:text-is('Copied.')", state="attached")
        assert word in page.evaluate("navigator.clipboard.readText()")
        page.evaluate("document.getElementById('said').textContent = ''")


def test_without_a_script_there_is_no_empty_explorer(opened) -> None:
    page = opened("with_findings", script=False).page
    assert page.locator("#exchanges").is_hidden()
