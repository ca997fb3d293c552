"""Answering: a Step and what came of it as the Exchange with which its sequence is told on, outside of any record."""

from __future__ import annotations

from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble
from harness.model.step import Step


def exchanged(step: Step, response: Response | None, trouble: Trouble | None = None) -> Exchange:
    """It has no id and belongs to no scenario: nothing but a sequence is meant to read it."""
    return Exchange(
        id="",
        scenario="",
        ordinal=0,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=-1,
        title=step.title,
        intent=step.intent,
        effect=step.effect,
        request=Request(step.method, step.path, step.headers, step.body),
        response=response,
        trouble=trouble,
        subject=step.subject,
        tag=step.tag,
        template=step.template,
        path=step.path,
        query=step.query,
    )
