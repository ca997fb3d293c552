"""Answers that nobody gave: a sequence is told on with them, to learn what would be sent next. They are never sent."""

from __future__ import annotations

from typing import Any

from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.step import SCIM_JSON, Step, compact_json


def imagined(step: Step, body: Any) -> Exchange:
    """The step with a 200 and this body."""
    return Exchange(
        id="x-imagined",
        scenario="doctor",
        ordinal=0,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=0,
        title=step.title,
        intent=step.intent,
        effect=step.effect,
        request=Request(step.method, step.path, step.headers, step.body),
        response=Response(200, "OK", (("Content-Type", SCIM_JSON),), compact_json(body)),
        path=step.path,
        query=step.query,
    )
