"""How far the reading of a large file has come, and how long it will take: told in words, and only of large files."""

from __future__ import annotations

import io
from pathlib import Path

from harness.intake.watching import watched

MB = 1_000_000


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def read(out: io.StringIO, step: float, size: int = 1_000 * MB) -> None:
    clock = Clock()
    with watched(out, clock) as watch:
        for n in range(1, 11):
            clock.now += step
            watch(Path("traffic.har"), n * size // 10, size)


def test_a_line_says_what_is_read_how_much_how_fast_and_how_long_still() -> None:
    out = Terminal()
    read(out, 60.0)
    lines = out.getvalue().split("\r")
    assert "traffic.har: 500 of 1,000 MB read, 50% (1.7 MB/s), 5 min left\033[K" in lines
    assert lines[-1] == "\033[K"


def test_the_last_seconds_are_counted() -> None:
    out = Terminal()
    read(out, 5.0)
    assert "900 of 1,000 MB read, 90% (20.0 MB/s), 5 s left" in out.getvalue()


def test_of_a_small_file_nothing_is_said() -> None:
    out = Terminal()
    read(out, 60.0, size=10 * MB)
    assert out.getvalue() == ""


def test_a_log_gets_a_line_now_and_then_and_no_control_characters() -> None:
    out = io.StringIO()
    read(out, 4.0)
    assert out.getvalue().count("\n") == 3
    assert "\r" not in out.getvalue()


def test_the_pace_is_that_of_the_last_lines() -> None:
    """Two side files are read in no time; the log that they belong to is not."""
    clock, out = Clock(), Terminal()
    with watched(out, clock) as watch:
        for n in range(1, 101):
            clock.now += 1.0 if n <= 50 else 10.0
            watch(Path("Steps.csv"), n * 10 * MB, 1_000 * MB)
    assert "990 of 1,000 MB read, 99% (1.0 MB/s), 10 s left" in out.getvalue()


def test_what_was_put_in_order_first_is_counted_as_entries() -> None:
    clock, out = Clock(), Terminal()
    with watched(out, clock) as watch:
        for n in range(1, 51):
            clock.now += 2.0
            watch.ordered(n * 10_000, 500_000)
    assert "250,000 of 500,000 entries looked at, 50% (5,000 a second), 50 s left" in out.getvalue()
