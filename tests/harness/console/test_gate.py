from __future__ import annotations

import pytest

from harness.console.gate import HEADERS

PAGES = ("/", "/runs", "/compare", "/connections/x", "/runs/x", "/runs/x/events", "/runs/x/download")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:49152", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:49152", ""]
)
@pytest.mark.parametrize("path", ["/", "/enter?token=x", "/static/htmx.js"])
def test_a_foreign_name_that_points_at_this_computer_is_not_answered(guest, host: str, path: str) -> None:
    assert guest.get(path, Host=host).status_code == 421


@pytest.mark.parametrize("path", PAGES)
def test_nobody_gets_in_without_the_cookie(stranger, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "has not been let in" in answer.text


def test_the_token_is_good_once_and_leaves_the_address_at_once(desk, stranger) -> None:
    told: list[str] = []
    desk.entrance.announce = told.append
    spent = desk.entrance.token
    answer = stranger.get(f"/enter?token={spent}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert spent not in cookie
    assert stranger.get(f"/enter?token={spent}").status_code == 403
    assert told == [desk.entrance.token]


def test_a_browser_that_only_looks_ahead_does_not_spend_the_token(desk, stranger) -> None:
    token = desk.entrance.token
    stranger.get(f"/enter?token={token}", Sec_Purpose="prefetch")
    assert stranger.get(f"/enter?token={token}").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "ä", "\x00", "x" * 10_000])
def test_a_wrong_token_lets_nobody_in(stranger, token: str) -> None:
    answer = stranger.client.get("/enter", base_url="http://127.0.0.1:49152", query_string={"token": token})
    assert "Set-Cookie" not in answer.headers
    assert stranger.get("/").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "http://evil.example", "Sec_Fetch_Site": ""},
        {"Origin": "http://127.0.0.1:8000", "Sec_Fetch_Site": ""},
        {"Origin": "null", "Sec_Fetch_Site": ""},
        {"Origin": "", "Sec_Fetch_Site": ""},
    ],
)
@pytest.mark.parametrize("path", ["/connections", "/leave", "/connections/x/runs", "/runs/x/stop"])
def test_a_form_of_another_page_is_not_carried_out_even_with_cookie_and_token(guest, path, headers) -> None:
    assert guest.post(path, **headers).status_code == 403
    assert guest.get("/").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_on_another_page_does_not_lead_in(guest, site: str) -> None:
    assert guest.get("/", Sec_Fetch_Site=site).status_code == 403
    assert guest.get("/enter?token=x", Sec_Fetch_Site=site).status_code == 403


@pytest.mark.parametrize("csrf", ["", "x", "ü"])
def test_a_form_without_our_token_is_not_carried_out(guest, csrf: str) -> None:
    answer = guest.post("/leave", csrf=csrf)
    assert answer.status_code == 403
    assert "not from this session" in answer.text
    assert guest.get("/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_methods_that_the_page_does_not_use_are_refused(guest, method: str) -> None:
    assert guest.client.open("/", base_url="http://127.0.0.1:49152", method=method).status_code == 405


@pytest.mark.parametrize("path", ["/", "/nowhere", "/runs", "/static/htmx.js", "/enter", "/runs/..%2f..%2fetc"])
def test_every_answer_forbids_frames_scripts_of_others_and_keeping_it(guest, path: str) -> None:
    answer = guest.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_holds_a_script_or_a_style_of_its_own(guest) -> None:
    for path in ("/", "/runs", "/nowhere", "/enter"):
        text = guest.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_who_signs_out_is_out_and_the_keys_are_gone(desk, guest) -> None:
    assert guest.post("/leave").status_code == 200
    assert desk.secrets() == []
    assert guest.get("/").status_code == 403
