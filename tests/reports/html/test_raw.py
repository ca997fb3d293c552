from __future__ import annotations

from types import ModuleType

from harness.model.exchange import Request
from reports.html.bodies import LIMIT
from reports.html.raw import received, sent


def test_a_request_stands_as_it_was_sent_with_its_host(samples: ModuleType) -> None:
    request = samples.exchange("s", 1, "PATCH", path="/Users/1", query="a=b", send={"x": 1}).request
    lines = sent(request).split("\n")
    assert lines[0] == "PATCH /scim/v2/Users/1?a=b HTTP/1.1"
    assert lines[1] == "Host: scim.marketbeam.example"
    assert "Authorization: Bearer [redacted:token]" in lines
    assert lines[-2:] == ["", '{"x": 1}']


def test_an_answer_keeps_its_order_and_spelling_and_a_long_one_is_cut_and_says_so(samples: ModuleType) -> None:
    response = samples.exchange("s", 1, raw=b'{ "b":1,"a" :2}' + b" " * LIMIT).response
    text = received(response)
    assert text.startswith("HTTP/1.1 200 OK\nContent-Type: application/scim+json\n")
    assert '{ "b":1,"a" :2}' in text
    assert text.endswith("… and 15 more bytes")


def test_a_url_without_a_path_still_has_a_target() -> None:
    assert sent(Request("GET", "https://x.example")).startswith("GET / HTTP/1.1\nHost: x.example")
