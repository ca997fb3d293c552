"""Causes: which findings belong together, and what is behind them; a pure function of results and catalogue.

The fewest roots that account for all findings are what is reported. A requirement accounts for a finding when both are
of one theme, or the catalogue says that its theme may explain the other (harness/catalogue/themes.toml), and when the
evidence connects them (harness/evidence.py): the same exchange, the write before it, the same answer, the same member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.evidence import Sign, Strength, pointer, signs
from harness.model.cause import Cause, Theme, Who
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.requirement import Harm, Level, Requirement
from harness.model.run import ScenarioResult
from harness.model.verdict import Outcome, Verdict

_OUTCOMES = (Outcome.FAILED, Outcome.WARNED, Outcome.REVIEW, Outcome.KNOWN, Outcome.NOTED)
_LEVELS = (Level.PROMISE, Level.MUST, Level.SHOULD, Level.MAY, Level.VENDOR)
_HARMS = tuple(Harm)


@dataclass
class _Sighting:
    """One finding with its evidence."""

    verdict: Verdict
    finding: Finding
    theme: int
    exchange: Exchange | None
    signs: Mapping[Sign, Strength]


@dataclass
class _Root:
    """A requirement that may be behind findings: its own ones, and all that it accounts for."""

    requirement: str
    theme: int
    own: list[int]
    covers: set[int] = field(default_factory=set)


class _Themes:
    """What may explain what, by number of theme: from the ground up, as they stand in the catalogue."""

    def __init__(self, themes: Sequence[Theme], place: Mapping[str, str]) -> None:
        number = {theme.name: n for n, theme in enumerate(themes)}
        self._of = {requirement: number[name] for requirement, name in place.items()}
        self.result = [theme.result for theme in themes]
        self.form = [theme.form for theme in themes]
        self.split = [theme.result or theme.split for theme in themes]
        self._explains = [
            {number[name] for name in theme.explains} | {n} | {m for m in range(n + 1, len(themes)) if themes[m].result}
            for n, theme in enumerate(themes)
        ]

    def of(self, requirement: str) -> int:
        return self._of[requirement]

    def explains(self, this: int, that: int) -> bool:
        return that in self._explains[this]


def causes(
    results: Iterable[ScenarioResult],
    requirements: Mapping[str, Requirement],
    themes: Sequence[Theme],
    place: Mapping[str, str],
) -> tuple[Cause, ...]:
    """The causes of all findings, the worst for people first. ``place`` gives the theme of each requirement by name.

    Every finding belongs to exactly one cause. The order of ``results`` does not matter.
    """
    ground = _Themes(themes, place)
    sightings = _sightings(results, ground)
    if not sightings:
        return ()
    roots = _roots(sightings, ground)
    _account(roots, sightings, ground)
    groups: dict[str, list[_Sighting]] = {}
    for numbers in _fewest(roots, sightings, ground):
        members = [sightings[n] for n in numbers]
        # Two groups that show in the same way at the same request are one: there is nothing to tell them apart by.
        groups.setdefault(_identity(_head(members)), []).extend(members)
    return tuple(sorted((_cause(name, group, requirements) for name, group in groups.items()), key=_rank))


def _sightings(results: Iterable[ScenarioResult], ground: _Themes) -> list[_Sighting]:
    return [
        _Sighting(
            verdict,
            finding,
            ground.of(finding.requirement),
            result.transcript.exchange(finding.exchange),
            signs(finding, result.transcript),
        )
        for result in sorted(results, key=lambda r: r.key.id)
        for verdict in result.verdicts
        for finding in verdict.findings
    ]


def _roots(sightings: list[_Sighting], ground: _Themes) -> list[_Root]:
    """One candidate for each requirement; several where its findings have nothing in common and need not have."""
    by_requirement: dict[str, list[int]] = {}
    for number, sighting in enumerate(sightings):
        by_requirement.setdefault(sighting.finding.requirement, []).append(number)
    roots = []
    for requirement, numbers in sorted(by_requirement.items()):
        theme = ground.of(requirement)
        parts = _connected(numbers, sightings) if ground.split[theme] else [numbers]
        roots += [_Root(requirement, theme, part) for part in parts]
    return roots


def _connected(numbers: list[int], sightings: list[_Sighting]) -> list[list[int]]:
    parts: list[tuple[list[int], set[Sign]]] = []
    for number in numbers:
        mine = {s for s, strength in sightings[number].signs.items() if strength >= Strength.PLAIN and s[0] != "does"}
        touched = [part for part in parts if part[1] & mine]
        joined = (sorted([number, *(n for part in touched for n in part[0])]), mine.union(*(p[1] for p in touched)))
        parts = [part for part in parts if part not in touched] + [joined]
    return [part for part, _ in sorted(parts, key=lambda part: part[0])]


def _account(roots: list[_Root], sightings: list[_Sighting], ground: _Themes) -> None:
    """Fill in what each candidate accounts for: by any evidence at first, from there on by strong evidence alone."""
    having: dict[Sign, list[int]] = {}
    for number, sighting in enumerate(sightings):
        for sign in sighting.signs:
            having.setdefault(sign, []).append(number)
    for root in roots:
        root.covers = set(root.own)
        for sign, mine in {s: sightings[n] for n in reversed(root.own) for s in sightings[n].signs}.items():
            for other in having[sign]:
                if other not in root.covers and _follows(mine, sightings[other], sign, ground):
                    root.covers.add(other)
        waiting = sorted(root.covers)
        while waiting:
            here = sightings[waiting.pop()]
            for sign, strength in here.signs.items():
                if strength is not Strength.STRONG:
                    continue
                for other in having[sign]:
                    if other in root.covers or (ground.form[root.theme] and _later(sightings[other], sign)):
                        continue
                    if _leads_to(here, sightings[other], sign, ground):
                        root.covers.add(other)
                        waiting.append(other)


def _leads_to(this: _Sighting, other: _Sighting, sign: Sign, ground: _Themes) -> bool:
    """Whether a sign that both share lets the one explain the other."""
    if not ground.explains(this.theme, other.theme) or not _weighs_enough(this, other):
        return False
    return this.theme == other.theme or not ground.form[this.theme] or not _later(other, sign)


def _weighs_enough(this: _Sighting, other: _Sighting) -> bool:
    """What a service may leave out is not behind what it must do: a header of a read does not keep anybody's access."""
    return this.verdict.level is not Level.MAY or other.verdict.level is Level.MAY


def _later(other: _Sighting, sign: Sign) -> bool:
    """Whether a finding is about what was found out after the exchange that the sign names.

    How an answer looks explains what is wrong with that answer, not what happened afterwards.
    """
    looks_back = any(kind == "looks back on" for kind, *_ in other.signs)
    return looks_back and sign != ("exchange", other.finding.exchange)


def _follows(this: _Sighting, other: _Sighting, sign: Sign, ground: _Themes) -> bool:
    theme = this.theme
    if sign[0] == "does":
        # What is announced follows from what is done, and only where the announcement is what was judged.
        return other.signs[sign] >= Strength.PLAIN and ground.result[other.theme]
    if other.signs[sign] >= Strength.PLAIN:
        return _leads_to(this, other, sign, ground)
    # Within a theme the same kind of request is enough, unless one requirement can be broken in unrelated ways.
    return theme == other.theme and not ground.split[theme]


def _fewest(roots: list[_Root], sightings: list[_Sighting], ground: _Themes) -> list[list[int]]:
    """Choose roots until everything is accounted for: whoever accounts for the most requirements comes first."""
    left = {n for root in roots for n in root.own}
    groups = []
    while left:
        best = max(
            roots,
            key=lambda root: (
                len({sightings[n].finding.requirement for n in root.covers & left}),
                len(root.covers & left),
                -root.theme,
                [-n for n in root.own],
            ),
        )
        got = best.covers & left
        left -= got
        groups.append(sorted(got))
    return _same_elsewhere(groups, sightings, ground)


def _same_elsewhere(groups: list[list[int]], sightings: list[_Sighting], ground: _Themes) -> list[list[int]]:
    """Join what is left of mere results to a group in which the same requirement is broken in the same way.

    A check names the first exchange of a scenario that shows a habit, so not every result has its root beside it.
    """
    kept: list[list[int]] = []
    for group in groups:
        manners = {_manner(sightings[n]) for n in group}
        results = all(ground.result[sightings[n].theme] for n in group)
        host = next((k for k in kept if results and manners <= {_manner(sightings[n]) for n in k}), None)
        if host is None:
            kept.append(group)
        else:
            host.extend(group)
    return kept


def _manner(sighting: _Sighting) -> tuple[str, str, str]:
    finding = sighting.finding
    return finding.requirement, pointer(finding.at), finding.likeness


def _head(members: Sequence[_Sighting]) -> _Sighting:
    """The finding that names a cause: the most basic one among those with the worst outcome."""
    worst = _worst(members)
    return min((s for s in members if s.verdict.outcome is worst), key=lambda s: (s.theme, *_first(s)))


def _worst(members: Iterable[_Sighting]) -> Outcome:
    return min((s.verdict.outcome for s in members), key=_OUTCOMES.index)


def _identity(head: _Sighting) -> str:
    """The id of a cause: made of requirement, place in the answer, manner and kind of request, never of values."""
    x = head.exchange
    asked = (x.method, x.template.partition("?")[0]) if x else ()
    basis = "\x1f".join((head.finding.requirement, pointer(head.finding.at), head.finding.likeness, *asked))
    return f"C-{hashlib.sha256(basis.encode('utf-8', 'backslashreplace')).hexdigest()[:6]}"


def _cause(name: str, members: Sequence[_Sighting], requirements: Mapping[str, Requirement]) -> Cause:
    head, worst = _head(members), _worst(members)
    root = head.finding.requirement
    return Cause(
        id=name,
        title=requirements[root].says,
        harm=min((requirements[s.finding.requirement].harm for s in members), key=_HARMS.index),
        who=Who.EITHER if all(s.verdict.level is Level.VENDOR for s in members) else Who.SERVICE,
        level=min((s.verdict.level for s in members if s.verdict.outcome is worst), key=_LEVELS.index),
        outcome=worst,
        requirement=root,
        requirements=tuple(dict.fromkeys((root, *sorted({s.finding.requirement for s in members})))),
        findings=tuple(s.finding.id for s in sorted(members, key=lambda s: (s is not head, *_first(s)))),
        scenarios=tuple(sorted({s.verdict.scenario for s in members})),
        first_finding=head.finding.id,
        first_exchange=head.finding.exchange,
        because=_because(head, len(members)),
    )


def _first(sighting: _Sighting) -> tuple[str, ...]:
    """Which finding stands for the others: one of a probe before one of a story, then by place."""
    place = f"{sighting.exchange.ordinal:06}" if sighting.exchange else ""
    probe = "0" if sighting.verdict.scenario.startswith("probe/") else "1"
    return probe, sighting.verdict.scenario, place, sighting.finding.requirement, sighting.finding.id


def _because(head: _Sighting, number: int) -> str:
    x, finding = head.exchange, head.finding
    asked = f"{x.method} {x.template} was answered with {x.status or 'nothing'}: " if x else ""
    expected = " or ".join(str(e) for e in finding.expected)
    actual = finding.received
    place = f" at {finding.at}" if finding.at else ""
    rest = {1: "", 2: " One more finding goes back to it."}.get(number, f" {number - 1} more findings go back to it.")
    return f"{asked}expected {expected}{place}, got {actual[:200]}{'…' if len(actual) > 200 else ''}.{rest}"


def _rank(cause: Cause) -> tuple[int, int, int, str]:
    return (
        _OUTCOMES.index(cause.outcome),
        _HARMS.index(cause.harm),
        _LEVELS.index(cause.level),
        cause.id,
    )
