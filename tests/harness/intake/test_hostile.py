"""Hostile files cost what honest ones do: twice the input is about twice the work, for every importer.

Work is CPU time, compared with itself a moment before, and tried again larger before a blow-up is believed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.intake.importer import importers
from harness.intake.reading import read_files

UNIT = 20_000
"""Characters of the smaller input: below, what every file costs hides how the work grows."""
BOUND = 3.2
"""Twice the input may cost so many times as much: doubled work, and a machine that does other things meanwhile."""

HOSTILE: dict[str, Callable[[int], str]] = {
    "open brackets": lambda n: "[" * n,
    "open objects": lambda n: '{"a":' * (n // 5),
    "quotes": lambda n: '"' * n,
    "backslashes in a text": lambda n: '{"log":{"entries":["' + "\\" * n,
    "one long line": lambda n: "a" * n,
    "many short lines": lambda n: "a\n" * (n // 2),
    "blanks": lambda n: " " * n + "x",
    "commas": lambda n: "Change Id,Name,Old Value,New Value\n" + "," * n,
    "many columns": lambda n: ",".join(f"c{k}" for k in range(n // 6)) + "\nx\n",
    "an open quote": lambda n: 'eventType,outcome\n"' + "a,\n" * (n // 3),
    "records that break off": lambda n: '[{"eventType":"x","published":"y"' * (n // 33),
    "objects without an end": lambda n: '{"changeId":"a","provisioningAction":"create",' * (n // 46),
    "headers": lambda n: "curl -H 'a: b' " * (n // 15) + "https://a.example/scim/v2/Users",
    "continued lines": lambda n: "curl \\\n" * (n // 7),
    "requests without an end": lambda n: "GET https://a.example/scim/v2/Users\n" * (n // 36),
    "error texts": lambda n: "StatusCode: BadRequest Message: x. Web Response: {" * (n // 50),
    "reason phrases": lambda n: "Errors reported by remote server: Not Found " * (n // 44),
    "addresses": lambda n: "a@b.example " * (n // 12),
    "access log": lambda n: '127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET /scim/v2/Users ' * (n // 64),
    "bearers": lambda n: "Bearer " * (n // 7),
    "pairs": lambda n: "https://a.example/scim/v2/Users?" + "a=" * (n // 2),
    "dates": lambda n: "2026-01-01T00:00:00Z " * (n // 21),
}


def work(read: Callable[[], object]) -> float:
    """Seconds of CPU, the least of three: whatever else the machine does only adds to it."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        read()
        spent.append(time.process_time() - begun)
    return min(spent)


def reading(name: str, path: Path) -> Callable[[], object]:
    importer = next(importer for importer in importers() if importer.name == name)
    return lambda: (
        importer.recognises("f", path.read_bytes()[:65536]),
        sum(1 for _ in importer.read(path, lambda _: None)),
    )


def grows(
    make: Callable[[int], str],
    read: Callable[[Path], Callable[[], object]],
    folder: Path,
    sizes: tuple[int, ...] = (UNIT, 4 * UNIT, 12 * UNIT),
) -> str:
    """What grew faster than the input; "" when nothing did. Tried again larger before it is believed."""
    told = ""
    for size in sizes:
        small, large = folder / "small", folder / "large"
        small.write_text(make(size), "utf-8")
        large.write_text(make(2 * size), "utf-8")
        before, after = work(read(small)), work(read(large))
        if after < 0.05 or after <= BOUND * before:
            return ""
        told = f"{2 * size} characters took {after:.3f} s, half of them {before:.3f} s"
    return told


def test_a_blow_up_is_seen(tmp_path: Path) -> None:
    def read(path: Path) -> Callable[[], object]:
        # By the third power, so that a machine with other work on it cannot hide it: eight times for twice the input.
        rounds = (path.stat().st_size // 200) ** 3 // 2
        return lambda: sum(1 for _ in range(rounds))

    assert "took" in grows(lambda n: "a" * n, read, tmp_path, (UNIT,))


@pytest.mark.thorough
@pytest.mark.parametrize("importer", [importer.name for importer in importers()])
def test_twice_the_input_is_about_twice_the_work(importer: str, tmp_path: Path) -> None:
    told = {title: grows(make, lambda path: reading(importer, path), tmp_path) for title, make in HOSTILE.items()}
    assert {title: what for title, what in told.items() if what} == {}


@pytest.mark.thorough
def test_so_it_is_for_a_file_that_nobody_recognises(tmp_path: Path) -> None:
    def read(path: Path) -> Callable[[], object]:
        return lambda: sum(1 for _ in read_files([path]))

    told = {title: grows(make, read, tmp_path) for title, make in HOSTILE.items()}
    assert {title: what for title, what in told.items() if what} == {}
