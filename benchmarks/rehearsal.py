"""What a wrong of the service leaves behind at the customer's: the traffic of their IdP, and the IdP's own log.

Stories are told to the reference server in this process, by the IdP alone: no Witness, no judge, no record on disk.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.ground import Ground
from harness.model.exchange import Exchange, Role
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind, Scenario
from harness.model.story import EXTENDED
from harness.model.verdict import Conclusion, Outcome
from harness.plan import Selection, plan, vendors
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings
from reports import entra_log, har, okta_log
from reports.idp_log import MARK

PRESET = "marketbeam"

_VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|\b00[ug][0-9A-F]{17}|\b0[uo]a[0-9A-F]{17}|Rehearsal app [0-9a-f]{6}"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+Z?"
    r'|"durationInMilliseconds": \d+|"id": "[0-9a-zA-Z]{20}"'
)


class Forgetful(Recorder):
    """Records nothing."""

    def __init__(self) -> None:
        pass

    def _write(self, file: Any, line: Any) -> None:
        pass

    def event(self, event: str, **data: Any) -> None:
        pass

    def exchange(self, exchange: Exchange) -> None:
        pass


@dataclass(frozen=True)
class Clean:
    """The same story at a service without defects: what the IdP met, and the files of it."""

    seen: list[object]
    traffic: dict[str, str]
    log: dict[str, str]
    steady: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Export:
    """One story by one IdP against one defect, as the files that a customer would hand in.

    ``traffic`` is empty where the IdP's own requests met the same answers as without the defect. ``log`` is always
    there; ``steady`` are its lines without times, ids and names.
    """

    scenario: str
    defect: str
    traffic: dict[str, str]
    log: dict[str, str]
    steady: dict[str, tuple[str, ...]]
    without: Clean

    @property
    def told(self) -> bool:
        """Whether the log says anything else than without the defect, apart from times and ids."""
        return self.steady != self.without.steady

    @property
    def shows(self) -> bool:
        """Whether the defect leaves anything behind at all."""
        return bool(self.traffic) or self.told

    @property
    def also(self) -> str:
        """A story in which a service without any defect leaves this log behind, or one of which this is an excerpt.

        Nobody can tell from it that it is the service: the IdP says the same of its own affairs. "" when there is none.
        """
        idp = self.scenario.partition("/")[0]
        pool = (scenario for scenario in scenarios() if scenario.key.idp == idp and scenario.id != self.scenario)
        return next((s.id for s in pool if excerpt(self.steady, clean(s).steady)), "")


def scenarios(*, every: bool = False, only: frozenset[str] = frozenset()) -> Iterator[Scenario]:
    """The stories of every run by Okta and Entra in all their app types; with ``every`` also the extended ones."""
    profile = load_profile(PRESET)
    for suite in ("", EXTENDED) if every else ("",):
        for scenario in plan(profile, Selection(suite=suite), vendors(), {}):
            key = scenario.key
            named = key.id.rpartition("/")[2]
            if key.kind is Kind.STORY and key.idp in ("okta", "entra") and (not only or named in only):
                yield scenario


def played(scenario: Scenario, defect: str = "") -> ScenarioResult | None:
    """One story told to a fresh server, with the defect or with none; what the IdP's administrator sees in the end.

    None where the defect already kept the story from being set up: then the IdP was never asked anything.
    """
    settings = Settings(profile=PRESET, preset=PRESET, defects=(defect,) if defect else ())
    with (
        tempfile.TemporaryDirectory() as place,
        Ground(settings, load_profile(PRESET), Path(place), settings.seed) as ground,
    ):
        player = ground.player(Forgetful(), lambda _: None, scenario.id)
        told = replace(player, watched=False).play(scenario)
    if told.problem:
        return None
    outlook = vendors()[scenario.key.idp].outlook(told.transcript)
    return ScenarioResult(scenario.key, Outcome.PASSED, told.transcript, outlook=outlook)


def exports(defect: str, chosen: tuple[Scenario, ...]) -> Iterator[Export]:
    """What the defect leaves behind, story by story."""
    for scenario in chosen:
        without = clean(scenario)
        result = played(scenario, defect)
        if result is None:
            continue
        log = log_of(result)
        traffic = blind(result) if _seen(result) != without.seen else {}
        yield Export(scenario.id, defect, traffic, log, _steady(log, result), without)


_CLEAN: dict[str, Clean] = {}


def clean(scenario: Scenario) -> Clean:
    """What the IdP meets and tells in this story without any defect."""
    if scenario.id not in _CLEAN:
        result = played(scenario)
        assert result is not None, f"{scenario.id} cannot be set up at a server without defects"
        log = log_of(result)
        _CLEAN[scenario.id] = Clean(_seen(result), blind(result), log, _steady(log, result))
    return _CLEAN[scenario.id]


def _seen(result: ScenarioResult) -> list[object]:
    return [(x.method, x.status, _state(x)) for x in result.transcript.exchanges if x.role is Role.IDP]


def _state(exchange: Exchange) -> object:
    """What of an answer counts: who is in it and whether they are active; ids and times differ from run to run."""
    body = exchange.json
    if not isinstance(body, dict):
        return len(exchange.body) > 0
    return [(sorted(r), r.get("userName"), r.get("active")) for r in exchange.resources] or sorted(body)


def _steady(log: dict[str, str], result: ScenarioResult) -> dict[str, tuple[str, ...]]:
    """A log's lines without what differs from run to run and from story to story: times, ids, names."""
    cast = result.transcript.cast
    people = [member.person for member in cast]
    names = {name for p in people for name in (p.user_name, p.user_name.partition("@")[0], p.display_name)}
    names |= {team.name for team in cast.teams}
    found = {}
    for file, text in log.items():
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(name, "x")
        found[file] = tuple(_VARIES.sub("x", line) for line in _lines(text))
    return found


def _lines(text: str) -> Iterator[str]:
    """The records of a JSON document, or the paragraphs of a page."""
    if not text.lstrip().startswith(("{", "[")):
        yield from filter(None, text.split("\n\n"))
        return
    value = json.loads(text)
    records = value.get("value", [value]) if isinstance(value, dict) else value
    yield from (json.dumps(record, sort_keys=True) for record in records)


def excerpt(part: dict[str, tuple[str, ...]], whole: dict[str, tuple[str, ...]]) -> bool:
    """Whether all lines of the one stand in the other in this order."""
    for file, lines in part.items():
        rest = iter(whole.get(file, ()))
        if not all(any(line == other for other in rest) for line in lines):
            return False
    return True


def blind(result: ScenarioResult) -> dict[str, str]:
    """The HAR of one story with nothing but what the IdP sent, and no comment that gives anything away; {} if none."""
    kept = tuple(replace(x, title="") for x in result.transcript.exchanges if x.role is Role.IDP)
    if not kept:
        return {}
    document = json.loads(har.render(_run(replace(result, transcript=replace(result.transcript, exchanges=kept)))))
    document["log"].pop("comment", None)
    document["log"]["creator"] = {"name": "gateway", "version": "1"}
    document["log"].pop("browser", None)
    for number, entry in enumerate(document["log"]["entries"]):
        entry.pop("comment", None)
        entry["startedDateTime"] = f"2026-01-02T{3 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000Z"
    return {"gateway.har": json.dumps(document)}


def log_of(result: ScenarioResult) -> dict[str, str]:
    """What the IdP itself would give of one story: its log, the state of its job, its page of tasks."""
    with tempfile.TemporaryDirectory() as place:
        (entra_log if result.key.idp == "entra" else okta_log).write(_run(result), Path(place))
        files = {path.name: path.read_text("utf-8") for path in sorted(Path(place).iterdir())}
    return {name: unmarked(text) for name, text in files.items()}


def unmarked(text: str) -> str:
    """A file of a log without the mark that says that it is simulated, and which story it is."""
    if not text.lstrip().startswith(("{", "[")):
        return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# simulated"))
    value = json.loads(text)
    for record in [value, *(value if isinstance(value, list) else ())]:
        if isinstance(record, dict):
            record.pop(MARK, None)
    return json.dumps(value, indent=1, ensure_ascii=False)


def _run(result: ScenarioResult) -> Run:
    return Run(PRESET, (result.key.idp,), result.transcript.base_url, True, Conclusion.CONFORMANT, {}, (result,), {})
