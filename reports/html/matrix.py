"""The two tables of a run: scenario by outcome, and requirement by kind of scenario; their totals add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.model.requirement import Applies, Requirement
from harness.model.run import Run, ScenarioResult
from harness.model.scenario import Kind, ScenarioKey
from harness.model.verdict import Outcome, Verdict
from reports import words

Counts = Mapping[Outcome, int]


@dataclass(frozen=True)
class ScenarioRow:
    """How many verdicts of each outcome one scenario has."""

    result: ScenarioResult
    counts: Counts

    @property
    def total(self) -> int:
        return sum(self.counts.values())


ROWS = 120
"""At most so many scenarios stand in the table; of a larger run those that did not pass come first."""


@dataclass(frozen=True)
class ScenarioTable:
    """``outcomes`` are the columns in use; ``totals`` their sums, over the ``hidden`` rows, too."""

    outcomes: tuple[Outcome, ...]
    rows: tuple[ScenarioRow, ...]
    totals: Counts
    hidden: int = 0
    hidden_counts: Counts = field(default_factory=dict)

    @property
    def hidden_total(self) -> int:
        return sum(self.hidden_counts.values())

    @property
    def total(self) -> int:
        return sum(self.totals.values())


@dataclass(frozen=True)
class Cell:
    """What one kind of scenario says of one requirement: None in ``outcome`` when it was not asked there."""

    outcome: Outcome | None
    count: int = 0
    of: int = 0

    @property
    def text(self) -> str:
        if self.outcome is None:
            return "—"
        if self.outcome is Outcome.NOT_APPLICABLE:
            return words.OUTCOMES[self.outcome].short
        number = f"{self.count}" if self.count == self.of else f"{self.count} of {self.of}"
        return f"{words.OUTCOMES[self.outcome].short} {number}"


FAMILIES = ("full", "deprovisioning", "read-only")
"""The kinds of profile, in the order of their columns."""


@dataclass(frozen=True)
class RequirementRow:
    """``uses`` says how each of FAMILIES uses the clause."""

    requirement: Requirement
    uses: tuple[str, ...]
    cells: tuple[Cell, ...]
    all: Cell


@dataclass(frozen=True)
class RequirementTable:
    """``columns`` are headings; ``totals`` the verdicts of each column by outcome, the last one over all columns."""

    columns: tuple[str, ...]
    rows: tuple[RequirementRow, ...]
    totals: tuple[Counts, ...]


def counted(result: ScenarioResult) -> Counts:
    """The verdicts of a scenario by outcome; one that could not begin counts once, under its own outcome."""
    if not result.verdicts and result.outcome in (Outcome.ERROR, Outcome.NOT_RUN):
        return {result.outcome: 1}
    return Counter(verdict.outcome for verdict in result.verdicts)


def by_scenario(run: Run) -> ScenarioTable:
    """One row per scenario in the order of the run, or the worst ``ROWS`` of them; the totals are over all."""
    rows = tuple(ScenarioRow(result, counted(result)) for result in run.results)
    totals: Counter[Outcome] = Counter()
    for row in rows:
        totals.update(row.counts)
    listed = rows
    if len(rows) > ROWS:
        listed = tuple(sorted(rows, key=lambda row: words.outcome_rank(row.result.outcome))[:ROWS])
    rest: Counter[Outcome] = Counter(totals)
    for row in listed:
        rest.subtract(row.counts)
    return ScenarioTable(tuple(o for o in words.OUTCOMES if totals[o]), listed, totals, len(rows) - len(listed), +rest)


def column(key: ScenarioKey) -> str:
    """The column that a scenario belongs to: its IdP with the app type, the probes, or the recordings."""
    if key.kind is Kind.PROBE:
        return "Probes"
    if key.kind is Kind.RECORDING:
        return "Recordings"
    return words.sender(key)


def by_requirement(run: Run) -> RequirementTable:
    """One row per requirement that has a verdict, the worst first, and one column per kind of scenario."""
    names = list(dict.fromkeys(column(result.key) for result in run.results if result.verdicts))
    names.sort(key=lambda name: (name in ("Probes", "Recordings"), name))
    found: dict[str, dict[str, list[Outcome]]] = {}
    for result in run.results:
        for verdict in result.verdicts:
            found.setdefault(verdict.requirement, {}).setdefault(column(result.key), []).append(verdict.outcome)
    rows = [
        RequirementRow(
            _requirement(run, name),
            _uses(_requirement(run, name)),
            tuple(cell(cells.get(heading, ())) for heading in names),
            cell([outcome for outcomes in cells.values() for outcome in outcomes]),
        )
        for name, cells in found.items()
    ]
    rows.sort(key=lambda row: (words.outcome_rank(row.all.outcome or Outcome.NOT_APPLICABLE), row.requirement.id))
    totals = [Counter(outcome for cells in found.values() for outcome in cells.get(heading, ())) for heading in names]
    every: Counter[Outcome] = Counter()
    for total in totals:
        every.update(total)
    return RequirementTable(tuple(names), tuple(rows), (*totals, every))


def cell(outcomes: Iterable[Outcome]) -> Cell:
    """The worst outcome, how often it came, and of how many verdicts (not-applicable ones are left out of these)."""
    everything = list(outcomes)
    if not everything:
        return Cell(None)
    asked = [outcome for outcome in everything if outcome is not Outcome.NOT_APPLICABLE] or everything
    worst = words.worst(asked)
    return Cell(worst, sum(outcome is worst for outcome in asked), len(asked))


def _uses(requirement: Requirement) -> tuple[str, ...]:
    told = []
    for family in FAMILIES:
        use = requirement.under(family)
        needs = f" {requirement.needs}" if use is Applies.CLAIMED and requirement.needs else ""
        told.append(words.USES[use] + needs)
    return tuple(told)


def _requirement(run: Run, name: str) -> Requirement:
    known = run.requirements.get(name)
    if known is not None:
        return known
    level = next(verdict.level for verdict in _verdicts(run, name))
    return Requirement(id=name, level=level, section="", says=f"Requirement {name}", link="", remedy="")


def _verdicts(run: Run, name: str) -> Iterable[Verdict]:
    return (verdict for verdict in run.verdicts if verdict.requirement == name)
