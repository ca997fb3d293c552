"""Token buckets: each tenant has its own, all workers share it, and no clock locks anybody out."""

import os

import pytest

from reference_server.limits import SLOTS, Buckets, limit

ONE, OTHER = "1" * 32, "2" * 32


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_so_many_at_once_and_then_one_after_the_other(clock):
    buckets = Buckets(2, 3, clock)
    assert [buckets.take(ONE) for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.5
    assert [buckets.take(ONE) for _ in range(2)] == [0, 1]


def test_a_tenant_that_asks_too_much_takes_nothing_from_another(clock):
    buckets = Buckets(1, 1, clock)
    assert [buckets.take(ONE), buckets.take(ONE), buckets.take(OTHER)] == [0, 1, 0]


def test_the_wait_is_told_in_whole_seconds_and_is_long_enough(clock):
    buckets = Buckets(0.1, 1, clock)
    buckets.take(ONE)
    wait = buckets.take(ONE)
    assert wait == 10
    clock.now += wait
    assert buckets.take(ONE) == 0


@pytest.mark.parametrize("jump", [-86400.0, 10.0**9])
def test_a_clock_that_jumps_neither_locks_out_nor_opens_the_gate(clock, jump):
    buckets = Buckets(1, 2, clock)
    buckets.take(ONE)
    clock.now += jump
    assert [buckets.take(ONE) for _ in range(4)].count(0) <= 2
    clock.now += 1
    assert buckets.take(ONE) == 0


def test_tenants_whose_places_meet_keep_buckets_of_their_own(clock):
    buckets = Buckets(1, 1, clock)
    meeting = [f"{number * SLOTS:08x}" + f"{number:024x}" for number in range(1, 9)]
    assert [buckets.take(tenant) for tenant in meeting] == [0] * 8
    assert [buckets.take(tenant) for tenant in meeting] == [1] * 8


def test_more_tenants_than_places_push_out_whoever_was_silent_longest(clock):
    buckets = Buckets(1, 1, clock)
    for number in range(1, 40):
        clock.now += 0.001
        assert buckets.take(f"{number * SLOTS:08x}" + f"{number:024x}") == 0


def test_processes_that_were_forked_share_the_buckets():
    buckets = Buckets(0.001, 5)
    for _ in range(2):
        child = os.fork()
        if child == 0:
            buckets.take(ONE)
            buckets.take(ONE)
            os._exit(0)
        os.waitpid(child, 0)
    assert [buckets.take(ONE) == 0 for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_limit_that_lets_nobody_in_is_refused(rate, burst):
    with pytest.raises(ValueError, match="at least 1 at once"):
        Buckets(rate, burst)


def test_the_answer_is_a_scim_429_that_says_when_to_come_back(open_house):
    house = open_house()
    limit(house.server.behaviour, Buckets(0.5, 1))
    assert house.client.get("/Users").status == 200
    answer = house.client.get("/Users")
    assert answer.status == 429
    assert answer.is_scim_error
    assert answer.headers["Retry-After"] == "2"
    assert house.neighbour().get("/Users").status == 200


def test_whoever_has_no_key_takes_nothing_from_a_tenant(open_house):
    house = open_house()
    limit(house.server.behaviour, Buckets(0.5, 1))
    for _ in range(3):
        assert house.client.get("/Users", authorization="Bearer scim_wrong").status == 401
    assert house.client.get("/Users").status == 200
