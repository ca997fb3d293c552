from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import Effect, Intent
from harness.model.transcript import Transcript

KEY = ScenarioKey("okta/oin/leaver", Kind.STORY, "Somebody leaves", "okta", "oin", "leaver")


@pytest.fixture
def crossed() -> Callable[..., Exchange]:
    """One exchange; anything can be given by name."""

    def make(ordinal: int = 0, *, status: int = 200, body: bytes = b"{}", **given: Any) -> Exchange:
        values: dict[str, Any] = {
            "id": f"x-0ddba1-{ordinal:03d}",
            "scenario": KEY.id,
            "ordinal": ordinal,
            "role": Role.IDP,
            "phase": Phase.DURING,
            "moment": 0,
            "title": "Deactivate the user",
            "intent": Intent.DEACTIVATE,
            "effect": Effect.WRITE,
            "request": Request("PATCH", "https://app.example/scim/v2/Users/u1", (("Accept", "x"),), b"{}"),
            "response": Response(status, "", (("Content-Type", "application/scim+json"),), body),
            "path": "/Users/u1",
            "template": "/Users/{id}",
            "started_at": "2026-11-24T10:00:00.000+00:00",
        }
        values.update(given)
        if isinstance(values.get("trouble"), Trouble):
            values["response"] = None
        return Exchange(**values)

    return make


@pytest.fixture
def told(crossed: Callable[..., Exchange]) -> Callable[..., Transcript]:
    """A transcript of the leaver story with these exchanges."""

    def make(*exchanges: Exchange, **given: Any) -> Transcript:
        values: dict[str, Any] = {"scenario": KEY, "base_url": "https://app.example/scim/v2"}
        values.update(given)
        return Transcript(exchanges=exchanges or (crossed(),), **values)

    return make
