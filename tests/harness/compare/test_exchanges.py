from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.compare import compare
from harness.model.comparison import Detail

Directory = Callable[..., Path]
Make = Callable[..., dict[str, Any]]


def _details(run_directory: Directory, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Detail]:
    comparison = compare(run_directory("a", [], old), run_directory("b", [], new))
    return [detail for one in comparison.exchanges for detail in one.details]


def test_equal_answers_do_not_differ(run_directory: Directory, make_exchange: Make) -> None:
    assert _details(run_directory, [make_exchange(0, '{"active":true}')], [make_exchange(0, '{"active":true}')]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"id":"42","manager":"42"}', '{"id":"57","manager":"57"}'),
        ('{"id":"2819c223-7f76-453a-919d-413861904646"}', '{"id":"99999999-7f76-453a-919d-413861904646"}'),
        ('{"meta":{"lastModified":"2026-11-24T02:00:00Z"}}', '{"meta":{"lastModified":"2027-11-24T02:00:00.5Z"}}'),
        ('{"meta":{"version":"W/\\"a\\""}}', '{"meta":{"version":"W/\\"b\\""}}'),
        ('{"id":"42","meta":{"location":"/Users/42"}}', '{"id":"57","meta":{"location":"/Users/57"}}'),
    ],
)
def test_ids_times_and_versions_are_left_out_of_account(
    run_directory: Directory, make_exchange: Make, before: str, after: str
) -> None:
    assert _details(run_directory, [make_exchange(0, before)], [make_exchange(0, after)]) == []


def test_an_id_that_points_to_somebody_else_is_a_difference(run_directory: Directory, make_exchange: Make) -> None:
    people = '{"Resources":[{"id":"1"},{"id":"2"}],"leaver":"%s"}'
    details = _details(run_directory, [make_exchange(0, people % "1")], [make_exchange(0, people % "2")])
    assert [d.where for d in details] == ["/leaver"]


def test_a_number_that_looks_like_an_id_inside_a_word_is_left_alone(
    run_directory: Directory, make_exchange: Make
) -> None:
    old, new = '{"id":"4","title":"Room-4 of 14"}', '{"id":"5","title":"Room-4 of 15"}'
    assert [d.where for d in _details(run_directory, [make_exchange(0, old)], [make_exchange(0, new)])] == ["/title"]


def test_a_changed_value_is_named_by_its_pointer(run_directory: Directory, make_exchange: Make) -> None:
    old, new = '{"a/b":[{"x":1}],"only":1}', '{"a/b":[{"x":2}],"more":2}'
    details = _details(run_directory, [make_exchange(0, old)], [make_exchange(0, new)])
    assert details == [
        Detail("/a~1b/0/x", "1", "2"),
        Detail("/only", "1", "(absent)"),
        Detail("/more", "(absent)", "2"),
    ]


def test_status_and_headers_that_clients_read_are_compared_and_others_are_not(
    run_directory: Directory, make_exchange: Make
) -> None:
    old = make_exchange(0, "", response={"status": 204, "headers": [["Date", "x"], ["Allow", "GET"]]})
    new = make_exchange(0, "", response={"status": 200, "headers": [["Date", "y"], ["allow", "GET, PUT"]]})
    assert _details(run_directory, [old], [new]) == [
        Detail("status", "204", "200"),
        Detail("header Allow", "GET", "GET, PUT"),
    ]


def test_an_answer_that_did_not_come_is_a_difference(run_directory: Directory, make_exchange: Make) -> None:
    lost = make_exchange(0, "", trouble={"kind": "timeout"})
    lost["response"] = None
    (first, *_) = _details(run_directory, [make_exchange(0, "{}")], [lost])
    assert first == Detail("status", "200", "no answer (timeout)")


def test_a_request_that_only_one_run_sent_is_named_and_the_rest_stays_aligned(
    run_directory: Directory, make_exchange: Make
) -> None:
    old = [make_exchange(0, "{}", title="Look up"), make_exchange(1, '{"n":1}', title="Read")]
    new = [make_exchange(0, "{}", title="Probe"), make_exchange(1, "{}", title="Look up"),
           make_exchange(2, '{"n":1}', title="Read")]  # fmt: skip
    comparison = compare(run_directory("a", [], old), run_directory("b", [], new))
    (one,) = comparison.exchanges
    assert (one.title, one.before, one.after) == ("Probe", "", "x-0")
    assert one.details == (Detail("request", "was not sent", "was sent"),)


def test_with_another_seed_only_status_and_media_type_are_compared(
    run_directory: Directory, make_exchange: Make
) -> None:
    first = run_directory("a", [], [make_exchange(0, '{"userName":"ada"}')])
    second = run_directory("b", [], [make_exchange(0, '{"userName":"ben"}')], seed=8)
    assert compare(first, second).exchanges == ()


def test_a_body_that_is_no_json_is_compared_as_a_whole(run_directory: Directory, make_exchange: Make) -> None:
    details = _details(run_directory, [make_exchange(0, "<html>a")], [make_exchange(0, "<html>b")])
    assert details == [Detail("the body as a whole", "<html>a", "<html>b")]


def test_true_and_one_are_different_values(run_directory: Directory, make_exchange: Make) -> None:
    details = _details(run_directory, [make_exchange(0, '{"active":true}')], [make_exchange(0, '{"active":1}')])
    assert details == [Detail("/active", "true", "1")]
