"""Whom a storm lets go, and which worker does it."""

from __future__ import annotations

import tracemalloc

import pytest

from harness.load.crowd import Crowd, arrivals, cast, layoff, named, pages
from harness.model.change import Assign, Unassign

SPEAKERS = (("okta", "oin"), ("okta", "aiw"), ("entra", "default"))


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_every_job_belongs_to_exactly_one_worker(workers: int) -> None:
    crowd = Crowd(20, 5, SPEAKERS)
    seen = sorted(job.number for worker in range(workers) for job in crowd.jobs(worker, workers))
    assert seen == list(range(20))


@pytest.mark.parametrize(("people", "lanes"), [(1, 1), (49, 5), (50, 5), (501, 5), (1000, 3)])
def test_every_leaver_stands_on_exactly_one_page_of_one_lane(people: int, lanes: int) -> None:
    job = Crowd(1, people, SPEAKERS).job(0)
    seen = sorted(n for lane in range(lanes) for page in pages(job, lane, lanes) for n in range(page.first, page.last))
    assert seen == list(range(people))


def test_jobs_begin_within_the_ramp_and_at_moments_of_their_own() -> None:
    begins = [job.begins for job in Crowd(200, 5, SPEAKERS, ramp=60.0).jobs()]
    assert all(0 <= moment < 60 for moment in begins)
    assert len(set(begins)) == 200
    assert 20 < sum(begins) / 200 < 40


def test_the_same_seed_draws_the_same_moments() -> None:
    crowd = Crowd(10, 5, SPEAKERS, ramp=60.0, seed=3)
    assert list(crowd.jobs()) == list(Crowd(10, 5, SPEAKERS, ramp=60.0, seed=3).jobs())
    assert list(crowd.jobs()) != list(Crowd(10, 5, SPEAKERS, ramp=60.0, seed=4).jobs())


def test_the_speakers_take_turns() -> None:
    crowd = Crowd(7, 5, SPEAKERS)
    assert [crowd.count(speaker) for speaker in SPEAKERS] == [3, 2, 2]
    assert [sum(job.speaker == s for job in crowd.jobs()) for s in SPEAKERS] == [3, 2, 2]


def test_a_page_lets_each_of_its_people_go_once_and_at_one_moment() -> None:
    page = next(pages(Crowd(1, 3, SPEAKERS).job(0)))
    changes = [*arrivals(page), *layoff(page)]
    assert [(type(c), c.part, c.rushed) for c in changes] == [
        (Assign, "leaver-0", True),
        (Assign, "leaver-1", True),
        (Assign, "leaver-2", False),
        (Unassign, "leaver-0", True),
        (Unassign, "leaver-1", True),
        (Unassign, "leaver-2", False),
    ]
    assert [member.part for member in cast(page)] == list(page.parts)


def test_user_names_follow_the_pattern_of_the_target() -> None:
    assert named("p{number}@t{tenant}.example", 4, 12) == "p12@t4.example"


def test_a_million_people_weigh_no_more_than_a_hundred() -> None:
    def peak(people: int) -> int:
        tracemalloc.start()
        for number, page in enumerate(pages(Crowd(1, people, SPEAKERS).job(0))):
            cast(page)
            if number > 200:
                break
        weighs = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return weighs

    assert peak(1_000_000) < 1.5 * peak(10_000)
