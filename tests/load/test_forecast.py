"""What a storm is said to cost, against what the same pages really cost at the reference server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli.storm_command import command
from harness.load import planning
from harness.load.crowd import Crowd, pages
from harness.load.forecast import Rules, forecast, whole
from harness.plan import vendors

SPEAKERS = (("okta", "oin"), ("okta", "aiw"), ("entra", "default"), ("entra", "aadOptscim062020"))


@pytest.mark.parametrize("speaker", SPEAKERS, ids=":".join)
def test_requests_and_bytes_are_what_the_reference_server_sees_within_a_tenth(embedded: Any, speaker: Any) -> None:
    crowd = Crowd(1, 12, (speaker,))
    (page,) = pages(crowd.job(0))
    requests, weighs = embedded.play(speaker, page)
    seen = forecast(crowd, vendors())
    assert seen.requests == requests
    assert seen.bytes == pytest.approx(weighs, rel=0.1)


@pytest.mark.parametrize("people", [1, 49, 50, 51, 120])
def test_a_page_stands_for_all_others_like_it(people: int) -> None:
    crowd = Crowd(4, people, SPEAKERS)
    assert forecast(crowd, vendors()).requests == sum(1 for _ in whole(crowd, vendors()))


def test_the_parts_of_two_workers_are_the_whole() -> None:
    crowd = Crowd(5, 3, SPEAKERS)
    both = [(job.number, step.path) for w in (0, 1) for job, _, step in whole(crowd, vendors(), None, w, 2)]
    alone = [(job.number, step.path) for job, _, step in whole(crowd, vendors())]
    assert sorted(both) == sorted(alone)


def test_one_job_takes_as_long_as_its_rate_says() -> None:
    seen = forecast(Crowd(1, 100, (("entra", "default"),)), vendors(), Rules(latency_s=0.001))
    assert seen.requests == 300
    assert seen.duration_s == pytest.approx(300 / 25, rel=0.01)


def test_a_slow_service_makes_a_job_with_one_lane_slower_than_its_rate() -> None:
    seen = forecast(Crowd(1, 100, (("entra", "default"),)), vendors(), Rules(latency_s=0.2))
    assert seen.duration_s == pytest.approx(300 * 0.2)


def test_what_a_service_can_answer_bounds_the_whole_storm() -> None:
    crowd = Crowd(200, 500, SPEAKERS)
    assert forecast(crowd, vendors(), Rules(capacity=1000)).duration_s >= forecast(crowd, vendors()).requests / 1000


def test_a_hundred_thousand_leavers_are_worked_out_as_fast_as_a_hundred() -> None:
    seen = forecast(Crowd(200, 500, (("okta", "oin"),)), vendors())
    assert seen.requests == 200_000


def test_quarantine_is_foretold_where_the_vendor_would_slow_the_job_down() -> None:
    crowd = Crowd(3, 20_000, (("entra", "default"),))
    safe, risky = (forecast(crowd, vendors(), Rules(errors=errors)) for errors in (0.3, 0.5))
    assert (safe.quarantined, risky.quarantined) == (0, 3)
    assert risky.reasons == ("EncounteredEscrowProportionThreshold",)
    assert risky.breaks_at == {("entra", "default"): 8_001}


def test_okta_knows_no_quarantine_and_comes_back_to_no_error() -> None:
    seen = forecast(Crowd(3, 20_000, (("okta", "oin"),)), vendors(), Rules(errors=0.5))
    assert (seen.quarantined, seen.retries, seen.requests) == (0, 0, 120_000)


def test_failures_at_entra_cost_further_cycles() -> None:
    crowd = Crowd(1, 1000, (("entra", "default"),))
    seen = forecast(crowd, vendors(), Rules(errors=0.1))
    assert seen.retries == 3 * (100 + 10 + 1)
    assert seen.idp_minutes == 40 + 80 + 160


def test_the_command_prints_one_object_with_what_scripts_read() -> None:
    done = CliRunner().invoke(command, ["--plan", "--tenants", "200", "--people", "500", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert {"requests", "duration_s", "bytes", "quarantine"} <= told.keys()
    assert told["leavers"] == 100_000


def test_the_command_says_what_is_assumed() -> None:
    done = CliRunner().invoke(command, ["--plan", "--tenants", "3", "--people", "5", "--rate", "50"])
    assert done.exit_code == 0
    assert "50 requests a second for each job (given), 5 at the same time (assumed)" in done.stdout


def test_an_unknown_idp_is_refused_with_those_that_there_are() -> None:
    done = CliRunner().invoke(command, ["--plan", "--idp", "onelogin"])
    assert done.exit_code == 2
    assert "there are okta, entra" in done.stderr


@pytest.mark.parametrize("processes", [1, 2])
def test_every_request_can_be_written_down_for_another_tool(tmp_path: Any, processes: int) -> None:
    options = ["--plan", "--tenants", "4", "--people", "3", "--idp", "okta:oin", "--steps", str(tmp_path / "steps")]
    done = CliRunner().invoke(command, [*options, "--processes", str(processes)])
    assert done.exit_code == 0, done.output
    files = sorted((tmp_path / "steps").iterdir())
    assert [file.name for file in files] == [f"steps-{number}.jsonl" for number in range(processes)]
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert len(lines) == 4 * 3 * 2
    assert {line["tenant"] for line in lines} == {0, 1, 2, 3}
    assert {line["path"] for line in lines} == {"/Users", "/Users/{leaver-0}", "/Users/{leaver-1}", "/Users/{leaver-2}"}
    for tenant in range(4):
        due = [line["due_s"] for line in lines if line["tenant"] == tenant]
        assert due == sorted(due)


def test_the_command_says_what_it_takes_for_granted_of_the_service() -> None:
    plain = CliRunner().invoke(command, ["--plan", "--tenants", "3", "--people", "5"]).output
    told = CliRunner().invoke(command, ["--plan", "--tenants", "3", "--people", "5", "--capacity", "40"]).output
    assert "The service: an answer in 20 ms, as many a second as come" in plain
    assert "The service: an answer in 20 ms, 40 a second (given)" in told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4.24, "4.2 s"), (59.4, "59.4 s"), (119.68, "2 min 0 s"), (125, "2 min 5 s"), (3599.9, "1 h 0 min")],
)
def test_no_minute_has_sixty_seconds(seconds: float, words: str) -> None:
    assert planning.span(seconds) == words
