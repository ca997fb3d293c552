"""``make soak``: a quarter of an hour of load and faults that are too long for CI. Prints a table; 1 if a line fails.

``python -m tests.soak --seconds 400 --gone 30 --tenants 120`` are its measures: seconds of traffic for each store, how
long the database is gone, and how many tenants with PEOPLE leavers each there are.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.postgresql import postgresql
from tests.reliability.served import Served
from tests.soak import parts

WORKERS = "2"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seconds", type=float, default=400)
    parser.add_argument("--gone", type=float, default=30)
    parser.add_argument("--tenants", type=int, default=120)
    given = parser.parse_args()
    held = True
    with tempfile.TemporaryDirectory(prefix="scimulator-soak-") as place:
        for store in ("PostgreSQL", "SQLite"):
            for line in soaked(store, Path(place) / store, given.seconds, given.gone, given.tenants):
                held = held and not line.startswith("FAIL")
                print(f"{store:<10} {line}", flush=True)  # noqa: T201
    return 0 if held else 1


def soaked(store: str, place: Path, seconds: float, away: float, tenants: int) -> Iterator[str]:
    """Soak a server on one store; a line for each thing that was looked at, beginning with "ok" or "FAIL"."""
    place.mkdir(parents=True)
    options = ("--preset", "full", "--workers", WORKERS, "--seed-tenants", str(tenants))
    options += ("--seed-people", str(parts.PEOPLE), "--seed-bystanders", "2")
    if store == "SQLite":
        file = place / "people.db"
        with serving(place, f"sqlite:///{file}", *options) as server:
            yield from traffic(server, seconds, place, lambda: 0)
            lock = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=60)
            with closing(lock):
                yield from gone(
                    server, lambda: lock.execute("BEGIN IMMEDIATE"), lambda: lock.execute("ROLLBACK"), away, "locked"
                )
            yield from killed(server, place)
        return
    with postgresql(durable=True) as database, serving(place, database.url, *options) as server:
        yield from traffic(server, seconds, place, lambda: connected(database.url))
        yield from gone(server, database.kill, database.start, away, "gone")
        yield from killed(server, place)


def traffic(server: Served, seconds: float, place: Path, connections: object) -> Iterator[str]:
    done = parts.traffic(server, seconds, place / "storm", connections)  # type: ignore[arg-type]
    told = f"{parts.HOURS} h of traffic in {done.watch.samples[-1].at:,.0f} s, {done.requests:,} requests"
    yield f"{_word(done.code == 0)} {told}; the storm's exit code is {done.code}"
    for what in ("memory", "handles", "connections"):
        yield f"{_word(done.watch.flat(what))} {done.watch.told(what)}"


def gone(server: Served, take: object, give: object, away: float, how: str) -> Iterator[str]:
    written, ready = parts.gone(server, take, give, away)  # type: ignore[arg-type]
    lost = set(written.acknowledged) - parts.everybody(server)
    refused = len(written.statuses) - written.count
    told = (
        f"store {how} for {away:,.0f} s: {written.count:,} writes acknowledged, {refused:,} refused, {len(lost)} lost"
    )
    yield f"{_word(not lost and set(written.statuses) <= {201, 503})} {told}; it went on by itself"
    if how == "gone":
        yield f"{_word(set(ready) == {503})} /readyz meanwhile said {', '.join(map(str, sorted(set(ready))))}"


def killed(server: Served, place: Path) -> Iterator[str]:
    left = parts.killed_run(server, parts.roles(server), place / "killed" / "run")
    yield f"{_word(left.code == 3)} a run that was killed is judged: exit code {left.code}, {left.verdict}"
    without = parts.inactive(server)
    undone = parts.undo(server, place / "killed" / "run" / "left")
    told = f"{len(without)} were left without access, {len(without - left.ledger)} of them not in the ledger"
    held = without <= left.ledger and undone == 0 and not parts.inactive(server)
    yield f"{_word(held)} {told}; doctor --undo put all of them back"


@contextmanager
def serving(place: Path, store: str, *options: str) -> Iterator[Served]:
    server = Served(place / "log", *options, "--store", store)
    try:
        yield server
    finally:
        server.stop()


def connected(url: str) -> int:
    """How many connections the database has besides this one."""
    import psycopg

    try:
        with psycopg.connect(url, autocommit=True) as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return 0
    return int(row[0]) - 1 if row else 0


def _word(held: bool) -> str:
    return "ok  " if held else "FAIL"


if __name__ == "__main__":
    sys.exit(main())
