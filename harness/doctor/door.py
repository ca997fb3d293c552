"""Whether the door is shut for whoever comes without a key."""

from __future__ import annotations

from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange


def ask(visit: Visit) -> Exchange:
    return visit.ask(question("Ask without any key", "/Users", "startIndex=1&count=1", key=False))


def lines(answer: Exchange) -> list[Line]:
    """One line when the door stands open, none otherwise: a shut door is what everybody expects."""
    if not (answer.ok and answer.is_list):
        return []
    return [
        Line(
            "door-open",
            State.WRONG,
            "API key",
            "The service shows people to anybody, also without a key. Whoever knows the address may be able to switch "
            "your people off, or on again.",
            "Do not go live, and send this line to the service at once.",
            "service",
            evidence=(Proof(f"GET {answer.request.url} without a key: {answer.status}", answer.id),),
        )
    ]
