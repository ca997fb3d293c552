"""A month goes by: a thousand people, and group push that was left on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.account import Account, Cast, Member, Source
from harness.model.change import Assign, Disable, TimePasses

MONTH = 30 * 24 * 60


def test_a_month_of_cycles_over_a_thousand_people(job: Any, service: Any, cast: Cast) -> None:
    ada = cast["leaver"].person
    members = []
    for number in range(1000):
        person = replace(ada, directory_id=f"{number:032x}", user_name=f"p{number}@example.example")
        members.append(Member(f"p{number}", person, Account(person.user_name, f"u-{number}", Source.JIT)))
    crowd = Cast(tuple(members))
    play = job(cast=crowd)
    answering = service(crowd)
    for member in members:
        play.when(Assign(member.part, rushed=True)).is_done()
    assert play.when(TimePasses(minutes=40)).answering(answering, 2000) == ["GET /Users"] * 1000
    for day in range(30):
        play.when(Disable(f"p{day}", rushed=True)).is_done()
        asked = play.when(TimePasses(minutes=MONTH // 30)).answering(answering)
        assert asked == ["GET /Users/{id}", "PATCH /Users/{id}"]
    assert play.idp.now == MONTH + 40
    assert sum(not user["active"] for user in answering.users.values()) == 30


def left_on(profile: str, place: Path) -> Any:
    """The outlook of the story in which group push is left on for a month, at a service of this profile."""
    words = ["run", "--idp", "entra:default", "--story", "group-sync-left-on", "--profile", profile, "--json"]
    ran = CliRunner().invoke(main, [*words, "--out", str(place / "run"), "--report", "junit"])
    assert ran.exit_code == 0, ran.output
    (scenario,) = json.loads(ran.stdout)["scenarios"]
    return scenario["outlook"]


def test_with_a_tolerant_group_list_deprovisioning_never_stops_and_the_log_says_when_what_failed(
    tmp_path: Path,
) -> None:
    seen = left_on("marketbeam", tmp_path)
    assert {r["part"]: r["state"] for r in seen["removals"]} == {"leaver": "done", "late-leaver": "done"}
    assert seen["quarantine"] is None
    failures = [n for n in seen["notices"] if n["status"] == "Failure"]
    assert len(failures) > 30
    assert all("Groups are managed inside the app" in n["text"] for n in failures)
    assert [n["at"] for n in failures[:5]] == [200, 240, 320, 480, 800]


def test_with_404_for_groups_the_job_is_given_up_and_the_late_leaver_keeps_access(tmp_path: Path) -> None:
    seen = left_on("deprovisioning-only", tmp_path)
    assert {r["part"]: r["state"] for r in seen["removals"]} == {"leaver": "done", "late-leaver": "lost"}
    quarantine = seen["quarantine"]
    assert (quarantine["since"], quarantine["evidence"]) == (200, "captured")
    assert quarantine["forecast"]["at"] == 200 + 28 * 24 * 60
    assert quarantine["next_attempts"] == []


@pytest.mark.parametrize("dialect", ["default", "aadOptscim062020"])
def test_the_outlook_is_the_same_when_the_record_is_read_again(
    dialect: str, job: Any, service: Any, cast: Cast
) -> None:
    play = job(dialect)
    for change in (Assign("leaver"), Disable("leaver")):
        play.when(change).answering(service(cast))
    transcript = play.transcript()
    assert play.vendor.outlook(transcript) == play.vendor.outlook(transcript)
    assert [n.status for n in play.vendor.outlook(transcript).notices] == ["Skipped", "Success"]
