"""What can happen to a PostgreSQL: its disk is full, its log cannot be written, it only reads, somebody kills it."""

import pytest

from benchmarks.postgresql import postgresql
from tests.reliability.leavers import kept, leavers, more, until
from tests.soak import parts

pytestmark = [pytest.mark.socket, pytest.mark.postgres]

HEAVY = 40_000
"""Bytes of each deactivation: a file of a few megabytes is full after some dozens."""


def served(serve, database):
    return serve("--preset", "full", "--store", database.url, "--workers", "2")


def come_back_later(told):
    """Whether all that was refused is an answer 503 which says when to come back, and nothing of the inside."""
    for answer in told.refused:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
        assert answer.json()["detail"].startswith("The service cannot reach its store at the moment")
        for inside in ("scim@", "127.0.0.1", "base/", "psycopg", "pg_", "SQL", "displayName"):
            assert inside not in answer.text
    return True


def everything_is_kept(server, database, told) -> bool:
    """Stop the server: who was refused was told to come back, and nothing acknowledged is lost or half done."""
    assert come_back_later(told)
    assert server.stop() == 0
    assert kept(database.url, server.tenant, told) >= len(told.came)
    assert '"text": "unexpected"' not in server.log
    return True


@pytest.mark.parametrize("size", [2**21 + 4096, 2**21], ids=["no space left", "file too large"])
def test_on_a_full_disk_nothing_is_half_done_reading_goes_on_and_room_is_enough_to_go_on(serve, size):
    with postgresql(log_segment=1) as database:
        server = served(serve, database)
        with leavers(server, weight=HEAVY) as told:
            more(told)
            database.limit_files(size)
            until(lambda: len(told.refused) >= 8)
            refused = told.refused[-1].request.url.rpartition("/")[2]
            person = server.ask("GET", f"/Users/{refused}").json()
            assert person["active"] is True
            assert len(person["displayName"]) < HEAVY
            with server.session() as client:
                assert client.get(f"{server.origin}/readyz", timeout=60).status_code == 200
            database.limit_files(None)
            more(told)
        assert everything_is_kept(server, database, told)


def test_when_the_log_of_the_database_finds_no_room_nothing_acknowledged_is_lost(serve):
    with postgresql(log_segment=4) as database:
        server = served(serve, database)
        with leavers(server, weight=HEAVY) as told:
            more(told)
            # A new segment of the log is written out whole. Without one PostgreSQL ends itself and comes back.
            database.limit_files(2**21)
            until(lambda: not database.takes_connections())
            until(lambda: len(told.refused) >= 8)
            database.limit_files(None)
            if not database.running:
                database.start()
            more(told)
        assert everything_is_kept(server, database, told)


def test_a_database_that_only_reads_is_read_and_who_writes_is_told_to_come_back(serve):
    with postgresql() as database:
        server = served(serve, database)
        with leavers(server) as told:
            more(told)
            database.only_reads(True)
            until(lambda: len(told.refused) >= 8)
            assert server.ask("GET", f"/Users/{told.came[0]}").status_code == 200
            database.only_reads(False)
            more(told)
        assert everything_is_kept(server, database, told)


@pytest.mark.parametrize("children", [False, True], ids=["the postmaster alone", "all of its processes"])
def test_a_database_that_is_killed_outright_loses_nothing_acknowledged_and_is_found_again(serve, children):
    with postgresql() as database:
        server = served(serve, database)
        with leavers(server) as told:
            for _ in range(3):
                more(told, 10)
                database.kill_outright(children=children)
                refused = len(told.refused)
                until(lambda refused=refused: len(told.refused) > refused + 3)
                database.start()
            more(told, 10)
        assert everything_is_kept(server, database, told)


@pytest.mark.thorough
def test_after_half_a_minute_without_its_database_the_service_goes_on_by_itself(serve):
    with postgresql() as database:
        server = served(serve, database)
        written, ready = parts.gone(server, database.kill, database.start, 30)
        assert set(ready) == {503}
        assert set(written.statuses) == {201, 503}
        assert set(written.acknowledged) <= parts.everybody(server)
        assert server.stop() == 0
