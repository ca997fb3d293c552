"""Scenario: anything that yields Steps; and its key, which is all that is written down of it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.story import Part, Story


class Kind(enum.StrEnum):
    STORY = "story"
    PROBE = "probe"
    RECORDING = "recording"


@dataclass(frozen=True)
class ScenarioKey:
    """Who plays what: "okta/oin/leaver", "probe/unknown-id". ``id`` is stable over runs, shuffles and shards."""

    id: str
    kind: Kind
    title: str
    idp: str = ""
    variant: str = ""
    story: str = ""


@dataclass(frozen=True)
class Probe:
    """A scenario for a picky client that no vendor sells. ``run(cast)`` yields its Steps.

    ``suite`` is "" for what every run plays; a probe of a published suite is played when that is asked for.
    """

    name: str
    title: str
    run: Callable[[Cast], Steps]
    parts: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ()
    quick: bool = False
    suite: str = ""


@dataclass(frozen=True)
class Scenario:
    """A key and what it plays: a Story with the IdP variant that tells it, or a Probe."""

    key: ScenarioKey
    story: Story | None = None
    probe: Probe | None = None

    @property
    def id(self) -> str:
        return self.key.id

    @property
    def parts(self) -> tuple[Part, ...]:
        if self.story is not None:
            return self.story.parts
        return self.probe.parts if self.probe is not None else ()
