"""Programme: what a vendor asks of a service before listing it, and how the steps of its published test went."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StepState(enum.StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"


@dataclass(frozen=True)
class Grade:
    """How one step of a vendor's test went. ``title`` is the vendor's; ``reason`` "" when it passed.

    ``exchange`` is the one it was graded by, and lies in ``scenario``, which need not be that of the programme.
    """

    title: str
    state: StepState
    reason: str = ""
    exchange: str = ""
    mandatory: bool = True
    scenario: str = ""


@dataclass(frozen=True)
class Programme:
    """One played suite. ``programme`` is what the vendor grants to who passes it, ``scenario`` where it was played."""

    suite: str
    title: str
    programme: str
    scenario: str
    grades: tuple[Grade, ...] = ()

    @property
    def ruled_out(self) -> tuple[Grade, ...]:
        """The mandatory steps that the profile makes impossible: with one of them, the programme is out of reach."""
        return tuple(g for g in self.grades if g.mandatory and g.state is StepState.NOT_APPLICABLE)

    @property
    def failed(self) -> tuple[Grade, ...]:
        return tuple(g for g in self.grades if g.mandatory and g.state is StepState.FAILED)

    @property
    def verdict(self) -> str:
        """ "passed", "failed", "ruled-out" (by the profile) or "incomplete"."""
        if self.failed:
            return "failed"
        if self.ruled_out:
            return "ruled-out"
        done = all(g.state is StepState.PASSED for g in self.grades if g.mandatory)
        return "passed" if done else "incomplete"

    @property
    def sentence(self) -> str:
        """One line for a reader."""
        passed = sum(g.state is StepState.PASSED for g in self.grades)
        told = f"{self.title} ({self.scenario}): {passed} of {len(self.grades)} steps passed"
        match self.verdict:
            case "failed":
                return f"{told}; failed: {self.failed[0].title} ({self.failed[0].reason})"
            case "ruled-out":
                return f"{told}; {self.programme} is ruled out: {self.ruled_out[0].title}: {self.ruled_out[0].reason}"
            case "incomplete":
                missing = next(g for g in self.grades if g.mandatory and g.state is StepState.NOT_RUN)
                return f"{told}; not run: {missing.title} ({missing.reason})"
        return told
