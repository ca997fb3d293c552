"""The soak, short: hours of traffic leave nothing behind, a killed run can be read, and its people are known."""

import pytest

from tests.soak import parts
from tests.soak.watching import MEGABYTE, Sample, Watch, handles_of

pytestmark = [pytest.mark.socket, pytest.mark.thorough]

SEEDED = ("--preset", "full", "--workers", "2", "--seed-tenants", "8", "--seed-people", "20", "--seed-bystanders", "2")


def test_two_hours_of_both_idps_leave_memory_and_handles_flat(serve, store, tmp_path):
    server = serve("--store", store, *SEEDED)
    before = handles(server)
    done = parts.traffic(server, 6, tmp_path / "storm", lambda: 0)
    assert done.code == 0, done.said
    assert done.requests > 8 * parts.PEOPLE * 2
    # So short a time is that of filling caches and pools; a handle or a body kept of each request would be far above.
    parts.until(lambda: handles(server) <= before + 64)
    memory = [sample.memory for sample in done.watch.samples]
    assert max(memory) - memory[0] <= 48 * MEGABYTE


def handles(server):
    return sum(handles_of(pid) for pid in [server.pid, *server.workers])


def test_a_run_that_is_killed_can_be_read_and_its_ledger_knows_whom_to_put_back(serve, tmp_path):
    server = serve("--preset", "full", "--store", f"sqlite:///{tmp_path / 'people.db'}", "--workers", "2")
    left = parts.killed_run(server, parts.roles(server), tmp_path / "killed" / "run")
    assert (left.code, left.verdict) == (3, "incomplete")
    assert f"--ledger {tmp_path / 'killed' / 'run' / 'left'}" in left.said
    without = parts.inactive(server)
    assert without <= left.ledger
    assert parts.undo(server, tmp_path / "killed" / "run" / "left") == 0
    assert parts.inactive(server) == set()
    assert list((tmp_path / "killed" / "run" / "left").iterdir()) == []


@pytest.mark.parametrize(("leak", "flat"), [(0, True), (20_000, False)])
def test_what_grows_is_told_from_what_goes_up_and_down(leak, flat):
    watch = Watch(list, lambda: 0)
    watch.samples = [
        Sample(at, 80 * MEGABYTE + MEGABYTE * (at % 3) + leak * at, 30 + at % 5, 4) for at in range(0, 1000, 2)
    ]
    assert watch.flat("memory") is flat
    assert watch.flat("handles")
    assert watch.flat("connections")
    assert ("flat" if flat else "GROWS") in watch.told("memory")
