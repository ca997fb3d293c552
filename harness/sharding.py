"""Sharding: one plan, dealt out over several runs on several machines, and what lets them be merged again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harness.codec import key_to_json
from harness.model.scenario import Scenario
from harness.settings import SettingsError


@dataclass(frozen=True)
class Shard:
    """The ``index``-th of ``of`` parts of a plan, counted from 1; ``whole`` is the plan of all parts together."""

    index: int
    of: int
    whole: tuple[Scenario, ...] = ()

    def share(self, shuffle: int | None = None) -> tuple[Scenario, ...]:
        """Every ``of``-th scenario: neighbours in the plan cost about the same, so the parts do too.

        ``shuffle`` names another order of these; each worker comes to the same one.
        """
        mine = list(self.whole[self.index - 1 :: self.of])
        if shuffle is not None:
            random.Random(shuffle).shuffle(mine)  # noqa: S311 - an order that can be repeated
        return tuple(mine)

    def in_order(self, scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
        """The scenarios as they stand in the plan, in whatever order they are to be played."""
        place = {scenario.id: number for number, scenario in enumerate(self.whole)}
        return tuple(sorted(scenarios, key=lambda scenario: place.get(scenario.id, len(place))))

    def to_json(self) -> dict[str, Any]:
        """What the record of a shard says of the whole."""
        return {"index": self.index, "of": self.of, "whole": [key_to_json(s.key) for s in self.whole]}


def shard(text: str, whole: Sequence[Scenario]) -> Shard:
    """The shard that "2/4" names; "" is the whole. Raises SettingsError for anything else."""
    if not text:
        return Shard(1, 1, tuple(whole))
    index, _, of = text.partition("/")
    if not (index.isascii() and index.isdigit() and of.isascii() and of.isdigit() and 1 <= int(index) <= int(of)):
        raise SettingsError(f"--shard {text!r}: expected PART/PARTS with 1 <= PART <= PARTS, for example 1/4")
    return Shard(int(index), int(of), tuple(whole))
