"""The people of a service, asked from the service itself: page by page, read-only, only their names and states kept."""

from __future__ import annotations

from typing import Any

from harness.configuration.first_cycle import There
from harness.doctor import address, key
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, State
from harness.model.exchange import Exchange
from harness.model.secret import Secret
from harness.model.step import Intent
from harness.model.target import Target
from harness.settings import Settings

PAGE = 100
MOST = 50_000
BUDGET_S = 300.0
"""How long the whole list may take, in seconds: this is asked for by whoever gives a list of people."""


def ask(
    settings: Settings, pasted: Secret, adapter: Any = None
) -> tuple[There | None, list[Line], tuple[Exchange, ...]]:
    """The people of the target, or a Line that says why they are not known; and what was asked.

    ``adapter`` is a transport in place of a socket.
    """
    base = address.read(settings.target, ()).base
    target = Target(base, key.read(pasted, ()).clean, verify=settings.ca_bundle or True, timeout_s=settings.timeout)
    visit = Visit(target, adapter=adapter, budget_s=BUDGET_S)
    try:
        there, problem = _listed(visit)
    finally:
        visit.close()
    asked = tuple(visit.exchanges)
    if not problem:
        return there, [], asked
    line = Line(
        "people-there-unknown",
        State.COULD_NOT_ASK,
        f"Who has an account at the service could not be asked: {problem}",
        "What follows takes everybody in the list to have an account there.",
        "Give the people of the service as a file: --there FILE.",
    )
    return None, [line], asked


def _listed(visit: Visit) -> tuple[There, str]:
    there, start = There(), 1
    while True:
        query = f"startIndex={start}&count={PAGE}"
        answer = visit.ask(question("List the people of the service", "/Users", query, intent=Intent.LIST))
        if not (answer.ok and answer.is_list):
            told = answer.trouble.message if answer.trouble else f"HTTP {answer.status} to GET /Users"
            return there, told
        for person in answer.resources:
            name = person.get("userName")
            if isinstance(name, str):
                there.add(name, person.get("active") is not False)
        total = answer.json.get("totalResults") if isinstance(answer.json, dict) else None
        start += len(answer.resources)
        if not answer.resources or not isinstance(total, int) or start > total:
            return there, ""
        if start > MOST:
            return there, f"it has more than {MOST} people"
