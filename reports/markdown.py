"""Markdown for a job summary or a ticket: the verdict first; what is too long is cut from the bottom.

A job summary of more than 1 MiB is not shortened by the platform but refused, so the limit is kept here, with a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.model.cause import Cause
from harness.model.finding import Finding
from harness.model.programme import Programme, StepState
from harness.model.requirement import Level
from harness.model.run import Run
from harness.model.verdict import Verdict
from reports import words
from reports.findings import by_cause, call, exchanges
from reports.text import shortened, shown

SIZE = 900_000
"""Bytes; job summaries end at 1 MiB (1,024 kB), and other steps of the job may write one too."""

PLACES = 10
"""How many places of one cause are named."""

_NOTICE = "\n> **Cut here**: the rest does not fit into a summary of {limit:,} bytes. See report.html and run.json.\n"


def write(run: Run, directory: Path) -> Path:
    """Write ``report.md`` into the directory (made if missing) and return its path. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "report.md"
    path.write_text(render(run), "utf-8")
    return path


def render(run: Run, *, size: int = SIZE) -> str:
    """The document, at most ``size`` bytes of UTF-8: blocks are left out from the bottom, and a notice says so."""
    return cut(_blocks(run), size)


def cut(blocks: Iterable[str], size: int) -> str:
    """The blocks as one document of at most ``size`` bytes of UTF-8; what does not fit is left out, with a notice."""
    notice = _NOTICE.format(limit=size)
    room = size - len(notice.encode())
    kept: list[str] = []
    for block in blocks:
        room -= len(block.encode())
        if room < 0:
            return "".join(kept) + notice
        kept.append(block)
    return "".join(kept)


def _blocks(run: Run) -> Iterator[str]:
    word = words.CONCLUSIONS[run.conclusion]
    yield f"## {word.sign} {word.short}\n\n{text(run.sentence or word.means, 1000)}\n\n"
    for doubt in run.doubts:
        yield f"> **Doubtful:** {text(doubt, 1000)}\n\n"
    yield f"Profile `{code(run.profile)}` at `{code(run.base_url)}`. {_counted(run)}\n\n"
    yield from _causes(run)
    yield from _vendors(run)
    yield from _programmes(run)
    yield from _scenarios(run)
    yield from _reproduce(run)


def _counted(run: Run) -> str:
    told = [
        f"{run.counts.get(o.value, 0):,} {word.short}" for o, word in words.OUTCOMES.items() if run.counts.get(o.value)
    ]
    return f"Checks: {', '.join(told)}." if told else "Nothing was checked."


def _causes(run: Run) -> Iterator[str]:
    seen = exchanges(run)
    heading = ""
    for cause, places in by_cause(run):
        if cause.level is Level.VENDOR:
            continue
        title = words.HARMS[cause.harm]
        if not words.counts_against(cause.outcome):
            title = "Seen, and not counted against the service"
        if title != heading:
            heading = title
            yield f"### {title}\n\n"
        yield _cause(run, cause)
        for verdict, finding in places[:PLACES]:
            yield _place(verdict, finding, call(seen.get(finding.exchange)))
        if len(places) > PLACES:
            yield f"- and {len(places) - PLACES:,} more places\n"
        requirement = run.requirements.get(cause.requirement)
        remedy = f"\nFix: {text(requirement.remedy, 500)}" if requirement and requirement.remedy else ""
        yield f"{remedy}\n\n"


def _cause(run: Run, cause: Cause) -> str:
    word = words.OUTCOMES[cause.outcome]
    requirement = run.requirements.get(cause.requirement)
    clause = text(requirement.section, 100) if requirement else ""
    if requirement and requirement.link:
        clause = f"[{clause}]({requirement.link})"
    named = ", ".join(part for part in (text(cause.requirement, 100), clause, cause.level.value) if part)
    also = ", ".join(text(name, 100) for name in cause.requirements if name != cause.requirement)
    also = f" It breaks {also} as well." if also else ""
    return (
        f"**{word.sign} {word.short}: {text(cause.title, 300)}** (`{code(cause.id)}`: {named})\n\n"
        f"{_means(run, cause)}{text(cause.because, 500)}{also}\n\n"
    )


def _means(run: Run, cause: Cause) -> str:
    """What it means for people, in the words of a requirement that says what is worst about it."""
    entries = (run.requirements[name] for name in cause.requirements if name in run.requirements)
    said = next((entry.admin for entry in entries if entry.harm is cause.harm and entry.admin), "")
    return f"{text(said, 300)}\n\n" if said else ""


def _place(verdict: Verdict, finding: Finding, asked: str) -> str:
    at = f" at `{code(finding.at)}`" if finding.at else ""
    expected = text(" or ".join(finding.expected), 300)
    came = code(shortened(shown(finding.actual, 300), 300))
    asked = f", `{code(asked)}`" if asked else ""
    found = f"`{finding.id}` {text(verdict.requirement, 100)} in `{code(verdict.scenario)}`"
    return f"- {found}{asked}{at}: expected {expected}; came `{came}`\n"


def _vendors(run: Run) -> Iterator[str]:
    told = [(cause, places) for cause, places in by_cause(run) if cause.level is Level.VENDOR]
    if not told:
        return
    yield "### What the identity providers' administrators will notice\n\n"
    yield "No clause of the standard is broken by these.\n\n"
    for cause, places in told:
        requirement = run.requirements.get(cause.requirement)
        says = (requirement.admin or requirement.says) if requirement else cause.title
        yield f"- {text(cause.requirement, 100)}: {text(says, 300)} ({words.many(len(places), 'place')})\n"
    yield "\n"


def _programmes(run: Run) -> Iterator[str]:
    if not run.programmes:
        return
    yield "### Tests that vendors publish\n\nThey are graded apart: none of them changes the verdict.\n\n"
    yield "| | test | scenario | passed | failed | not applicable | not run | what it means |\n"
    yield "|---|---|---|---|---|---|---|---|\n"
    for programme in run.programmes:
        yield _programme(programme)
    yield "\n"


def _programme(programme: Programme) -> str:
    word = words.PROGRAMMES[programme.verdict]
    counts = {state: sum(grade.state is state for grade in programme.grades) for state in StepState}
    optional = counts[StepState.FAILED] - len(programme.failed)
    failed = f"{counts[StepState.FAILED]} ({optional} optional)" if optional else str(counts[StepState.FAILED])
    return (
        f"| {word.sign} {word.short} | {text(programme.title, 200)} | `{code(programme.scenario)}` "
        f"| {counts[StepState.PASSED]} of {len(programme.grades)} | {failed} | {counts[StepState.NOT_APPLICABLE]} "
        f"| {counts[StepState.NOT_RUN]} | {text(_consequence(programme), 500)} |\n"
    )


def _consequence(programme: Programme) -> str:
    """What stands in the way of the vendor's programme, the first step of it by name."""
    if programme.failed:
        first = programme.failed[0]
        return f"{programme.programme} is not reached: {first.title}: {first.reason}"
    if programme.ruled_out:
        first = programme.ruled_out[0]
        return f"{programme.programme} is ruled out: {first.title}: {first.reason}"
    return "" if programme.verdict == "passed" else f"whether {programme.programme} is reached cannot be told"


def _scenarios(run: Run) -> Iterator[str]:
    yield "### Scenarios\n\n| | scenario | requests | what happened |\n|---|---|---|---|\n"
    for result in sorted(run.results, key=lambda r: (words.outcome_rank(r.outcome), r.key.id)):
        word = words.OUTCOMES[result.outcome]
        said = f"{result.key.title} ({result.reason})" if result.reason else result.key.title
        yield (
            f"| {word.sign} {word.short} | `{code(result.key.id)}` | {len(result.transcript.exchanges)} "
            f"| {text(said, 200)} |\n"
        )
    yield "\n"


def _reproduce(run: Run) -> Iterable[str]:
    command = run.meta.get("command")
    if command:
        yield f"### Again\n\n```\n{_fence(command)}\n```\n"


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()#+!|~$@"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def text(value: str, limit: int) -> str:
    """One line of plain text: nothing in it is markup, a mention or an issue reference."""
    return shortened(value, limit).translate(_SPECIAL)


def code(value: str) -> str:
    """What may stand between back-ticks, also inside a table."""
    return shortened(value, 400).replace("`", "'").replace("|", "\\|") or " "


def _fence(text: str) -> str:
    return shortened(text, 2000).replace("```", "'''")
