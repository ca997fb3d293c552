"""A comparison as JSON-plain values (schema scimulator/comparison/1)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harness.model.comparison import Comparison, Fate
from reports.comparison.telling import sentence

SCHEMA = "scimulator/comparison/1"


def plain(comparison: Comparison) -> dict[str, Any]:
    """Everything that the comparison holds, with the counts and the sentence first."""
    return {
        "schema": SCHEMA,
        "sentence": sentence(comparison),
        "worse": len(comparison.worse),
        "counts": {fate.value: len(comparison.of(fate)) for fate in Fate},
        **asdict(comparison),
    }
