"""Answers that nobody gave: a sequence is told on with them, to learn what would be sent next. They are never sent."""

from __future__ import annotations

from typing import Any

from harness.model.answering import exchanged
from harness.model.exchange import Exchange, Response
from harness.model.step import SCIM_JSON, Step, compact_json


def imagined(step: Step, body: Any) -> Exchange:
    """The step with a 200 and this body."""
    return exchanged(step, Response(200, "OK", (("Content-Type", SCIM_JSON),), compact_json(body)))
