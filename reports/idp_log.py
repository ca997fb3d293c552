"""What both logs of an IdP are made of: its notices with the person, the call and the time that each is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from harness.model.account import Member
from harness.model.change import ENDS_ACCESS
from harness.model.exchange import Exchange, Role
from harness.model.outlook import Notice
from harness.model.person import Team
from harness.model.run import Run, ScenarioResult
from reports.text import visible

BEGINNING = datetime(2026, 1, 1)
"""The first minute of every IdP's own calendar, so that logs of two runs can be laid side by side."""

MARK = "scimulator"
"""The member by which a file says that nobody's tenant is in it. No importer reads it."""


@dataclass(frozen=True)
class Line:
    """One notice and what it is about. ``at`` is ISO 8601; ``key`` tells it from every other line of the run."""

    result: ScenarioResult
    notice: Notice
    at: str
    key: str
    exchange: Exchange | None = None
    person: Member | None = None
    team: Team | None = None

    @property
    def target_id(self) -> str:
        """The id at the service, as the IdP knows it: it stands in the path, or came back from the creation."""
        if self.exchange is None:
            return ""
        if "{id}" in self.exchange.template:
            return self.exchange.path.rpartition("/")[2]
        answer = self.exchange.resources
        return str(answer[0].get("id", "")) if len(answer) == 1 else ""


def lines(run: Run, idp: str) -> Iterator[Line]:
    """Every notice of the scenarios that this IdP played, in order."""
    for result in run.results:
        if result.key.idp == idp:
            yield from _lines(result)


def _lines(result: ScenarioResult) -> Iterator[Line]:
    transcript = result.transcript
    by_id = {x.id: x for x in transcript.exchanges}
    leavers = [change.part for change in transcript.changes if isinstance(change, ENDS_ACCESS)]
    for number, notice in enumerate(result.outlook.notices):
        exchange = by_id.get(notice.exchange)
        team, person = None, None
        if exchange is not None and exchange.intent.value.startswith("group"):
            team = _team(result, notice) or transcript.cast.team
        else:
            person = _person(result, notice, exchange, leavers)
        at = BEGINNING + timedelta(minutes=notice.at, seconds=number)
        yield Line(result, notice, f"{at.isoformat()}Z", f"{result.key.id} {number}", exchange, person, team)


def _person(result: ScenarioResult, notice: Notice, exchange: Exchange | None, leavers: list[str]) -> Member | None:
    """Whoever the call is about, else whoever the text names, else the next one who was to leave."""
    cast = result.transcript.cast
    if exchange is not None and exchange.subject in cast:
        return cast[exchange.subject]
    named = next((m for m in cast if m.person.user_name and m.person.user_name in notice.text), None)
    if named is not None or exchange is not None:
        return named
    while notice.code == "application.user_membership.remove" and leavers:
        part = leavers.pop(0)
        if part in cast:
            return cast[part]
    return None


def _team(result: ScenarioResult, notice: Notice) -> Team | None:
    return next((team for team in result.transcript.cast.teams if team.name and team.name in notice.text), None)


def seen_before(line: Line) -> dict[str, Any]:
    """The person or group as the IdP last read it before the call, or {}."""
    exchange = line.exchange
    if exchange is None:
        return {}
    found: dict[str, Any] = {}
    for earlier in line.result.transcript.exchanges:
        if earlier.ordinal >= exchange.ordinal:
            break
        if earlier.subject == exchange.subject and earlier.role is Role.IDP and len(earlier.resources) == 1:
            found = earlier.resources[0]
    return found


def identifier(*parts: str) -> str:
    """A GUID that is the same in every run."""
    digits = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def app_name(scenario: str) -> str:
    """The label of the app: each scenario is an app of its own, whose label gives nothing away."""
    return f"Rehearsal app {identifier('app', scenario)[:6]}"


def mark(run: Run, scenario: str = "") -> dict[str, str]:
    """What says that the file is a rehearsal."""
    told = {"simulated": f"by scimulator {run.meta.get('tool', '')}".rstrip(), "base_url": run.base_url}
    return told | ({"scenario": scenario} if scenario else {})


def written(directory: Path, name: str, document: str) -> Path:
    """Write a document into the directory (made if missing). Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(document, encoding="utf-8")
    return path


def dumped(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True) + "\n"


def clean(text: str) -> str:
    """Text of a service, fit to be written."""
    return visible(text)
