"""Drives a probe without any service: hands it answers, and keeps what it asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.person import Person
from harness.model.scenario import Kind, Probe, ScenarioKey
from harness.model.step import Step
from harness.model.transcript import Transcript

BASE = "https://app.example/scim/v2"
Answer = Callable[[Step], Response]


def cast_of(probe: Probe, *, there: bool = True) -> Cast:
    """Everybody whom the probe needs, with accounts u1, u2, ... or, with ``there`` false, without."""
    members = []
    for number, part in enumerate(probe.parts, start=1):
        name = f"{part.name}@rehearsal.example"
        person = Person(f"{number:032x}", name, part.name.capitalize(), "Example", name)
        account = Account(name, f"u{number}", Source.JIT) if there else None
        if there or not part.name.startswith("bystander"):
            members.append(Member(part.name, person, account))
    return Cast(tuple(members))


@pytest.fixture
def driven() -> Callable[..., Transcript]:
    """``driven(probe, answer, there=True)``: the transcript of the probe when each step gets ``answer(step)``."""

    def drive(probe: Probe, answer: Answer, *, there: bool = True) -> Transcript:
        cast = cast_of(probe, there=there)
        steps = probe.run(cast)
        exchanges: list[Exchange] = []
        sent: Any = None
        while True:
            try:
                step = steps.send(sent)
            except StopIteration:
                break
            url = BASE + step.path + (f"?{step.query}" if step.query else "")
            sent = Exchange(
                id=f"x-{len(exchanges)}",
                scenario=f"probe/{probe.name}",
                ordinal=len(exchanges),
                role=Role.PROBE,
                phase=Phase.DURING,
                moment=-1,
                title=step.title,
                intent=step.intent,
                effect=step.effect,
                request=Request(step.method, url, step.headers, step.body),
                response=answer(step),
                subject=step.subject,
                tag=step.tag,
                template=step.template,
                place=step.place,
                path=step.path,
                query=step.query,
            )
            exchanges.append(sent)
        key = ScenarioKey(f"probe/{probe.name}", Kind.PROBE, probe.title)
        return Transcript(key, BASE, tuple(exchanges), cast=cast)

    return drive
