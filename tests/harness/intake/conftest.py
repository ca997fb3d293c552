from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.intake.importer import HEAD, Importer
from harness.model.sighting import Complaint, LogEvent, Sighting

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """The path of a sample file."""
    return lambda name: SAMPLES / name


class Seen:
    """What an importer gave for a file, sorted by kind."""

    def __init__(self, importer: Importer, path: Path) -> None:
        with path.open("rb") as file:
            self.certainty = importer.recognises(path.name, file.read(HEAD))
        self.progress: list[int] = []
        self.all = list(importer.read(path, self.progress.append))
        self.sightings = [s for s in self.all if isinstance(s, Sighting)]
        self.complaints = [c for c in self.all if isinstance(c, Complaint)]

    @property
    def events(self) -> list[LogEvent]:
        return [s.event for s in self.sightings if s.event is not None]

    @property
    def exchanges(self) -> list[Sighting]:
        return [s for s in self.sightings if s.exchange is not None]


@pytest.fixture
def read() -> Callable[[Importer, Path], Seen]:
    """Reads a file with an importer, whole."""
    return Seen
