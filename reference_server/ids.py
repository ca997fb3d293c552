"""Where ids of resources come from: random ones, or, for rehearsals that have to be repeatable, seeded ones."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable

NewId = Callable[[], str]


def random_id() -> str:
    """32 hex digits that nobody can guess."""
    return uuid.uuid4().hex


def seeded(seed: str) -> NewId:
    """Ids that look like random ones and are the same for the same seed. Only for servers that hold nothing real."""
    source = random.Random(seed)  # noqa: S311 - repeatable is what is wanted
    return lambda: uuid.UUID(int=source.getrandbits(128), version=4).hex
