"""python -m benchmarks: run all of them and print one line for each figure."""

from __future__ import annotations

from benchmarks import comparison, peers, simulators, validation

if __name__ == "__main__":
    for module in (peers, simulators, validation, comparison):
        for line in module.measure():
            print(line)
