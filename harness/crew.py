"""Crew: several processes that look at what was recorded; what they met is put together and decided in this one.

What is dealt out are whole scenarios, and stretches of a scenario with very many exchanges. A check sees a person's
history only as a whole, so moments and transcripts go to one process. The verdicts are those of one process alone.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.judge import Packed, decided, look_at, packed
from harness.looking import Look, Part
from harness.model.check import Check
from harness.model.profile import Profile
from harness.model.requirement import Requirement
from harness.model.transcript import Transcript
from harness.model.verdict import Verdict

STRETCH = 1000
"""So many exchanges are looked at as one piece: the longest scenario must not keep one process busy at the end."""

HELPINGS = 16
"""So many times at least each process comes for more work: the first helping must not be half of it."""

Piece = tuple[int, Part]
Looks = dict[str, Look]


@dataclass(frozen=True)
class _Work:
    """What each process has before it from its start: nothing of it is sent."""

    transcripts: Sequence[Transcript]
    profile: Profile
    requirements: Mapping[str, Requirement]
    checks: Sequence[Check]


_WORK: list[_Work] = []


def judge_all(
    transcripts: Sequence[Transcript],
    profile: Profile,
    requirements: Mapping[str, Requirement],
    checks: Sequence[Check],
    workers: int,
) -> list[tuple[Verdict, ...]]:
    """The verdicts of each transcript in order, as ``judge`` gives them, worked out by so many processes."""
    import multiprocessing  # hardly any command needs it

    work = _Work(transcripts, profile, requirements, checks)
    pieces = sorted(_pieces(transcripts), key=lambda piece: -_size(piece, transcripts))
    verdicts: dict[int, tuple[Verdict, ...]] = {}
    looks: dict[int, dict[int, Looks]] = {}
    # Forked processes see what is here already; where that is not safe they are started anew, and it is sent to them.
    method = "fork" if sys.platform == "linux" else "spawn"
    gc.freeze()
    try:
        with multiprocessing.get_context(method).Pool(workers, _begin, (work,)) as pool:
            helping = max(1, len(pieces) // (workers * HELPINGS))
            for (index, part), met in zip(pieces, pool.imap(_look, pieces, helping), strict=True):
                if isinstance(met, Packed):
                    verdicts[index] = met.verdicts(transcripts[index], profile, requirements, checks)
                else:
                    looks.setdefault(index, {})[part.start] = met
    finally:
        gc.unfreeze()
    for index, parts in looks.items():
        met = _together(parts[start] for start in sorted(parts))
        verdicts[index] = decided(transcripts[index], met, profile, requirements, checks)
    return [verdicts[index] for index in range(len(transcripts))]


def _pieces(transcripts: Sequence[Transcript]) -> Iterable[Piece]:
    for index, transcript in enumerate(transcripts):
        for start in range(0, len(transcript.observed), STRETCH) or (0,):
            yield index, Part(start, start + STRETCH, larger=start == 0)


def _size(piece: Piece, transcripts: Sequence[Transcript]) -> int:
    index, part = piece
    return len(transcripts[index].observed[part.start : part.stop]) + (
        len(transcripts[index].exchanges) if part.larger else 0
    )


def _begin(work: _Work) -> None:
    _WORK[:] = [work]


def _look(piece: Piece) -> Looks | Packed:
    """What was met in a stretch; a scenario that is one piece is judged here to its end."""
    index, part = piece
    work = _WORK[0]
    transcript = work.transcripts[index]
    whole = part.larger and len(transcript.observed) <= STRETCH
    met: Looks | Packed
    if whole:
        met = packed(transcript, work.profile, work.requirements, work.checks)
    else:
        met = look_at(transcript, work.profile, work.requirements, work.checks, part)
    for exchange in transcript.exchanges:
        exchange.forget()
    return met


def _together(parts: Iterable[Looks]) -> Looks:
    whole: Looks = {}
    for part in parts:
        for name, seen in part.items():
            whole.setdefault(name, Look()).plus(seen)
    return whole
