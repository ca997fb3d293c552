"""python -m benchmarks [NAME ...] [--sample N]: run them and print one line for each figure."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from benchmarks import comparison, detection, peers, report_page, simulators, validation


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is measured, and against whom.")
    parser.add_argument("names", nargs="*", help="which of them; all when left out", metavar="NAME")
    parser.add_argument(
        "--sample", type=int, default=detection.SAMPLE, help="defects that the peers are let at; 0: all, for hours"
    )
    given = parser.parse_args()
    measures: dict[str, Callable[[], Iterable[str]]] = {
        "peers": peers.measure,
        "detection": lambda: detection.measure(given.sample),
        "simulators": simulators.measure,
        "validation": validation.measure,
        "comparison": comparison.measure,
        "report": report_page.measure,
    }
    unknown = set(given.names) - set(measures)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(measures)}")
    for name in given.names or measures:
        for line in measures[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
