"""Finding: evidence that one Requirement is broken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What a check saw. A check fills the first five; the judge adds the rest.

    ``expected`` lists every acceptable outcome, ``actual`` what came, ``at`` a JSON Pointer into the response body or a
    header name, ``hint`` what to do, ``exchange`` the id of the exchange that shows it. ``requirement`` may be left out
    when the check judges only one. ``likeness`` groups equal deviations: ids survive other values in ``actual``.
    """

    expected: Sequence[str]
    actual: Any
    at: str = ""
    hint: str = ""
    exchange: str = ""
    requirement: str = ""
    likeness: str = ""
    check: str = ""
    scenario: str = ""
    id: str = field(default="")

    @property
    def received(self) -> str:
        """What came, as text: a string as it is, everything else as JSON writes it."""
        return self.actual if isinstance(self.actual, str) else as_json(self.actual)

    def placed(self, *, check: str, scenario: str, requirement: str, exchange: str) -> Finding:
        """The same finding with its place filled in and its stable id computed.

        The id is made of requirement, check, scenario, pointer and likeness only: never of hosts, ids, times or values.
        """
        named = self.requirement or requirement
        basis = "\x1f".join((named, check, scenario, _without_numbers(self.at), self.likeness))
        digest = hashlib.sha256(basis.encode("utf-8", "backslashreplace")).hexdigest()[:6]
        return replace(
            self,
            check=check,
            scenario=scenario,
            requirement=named,
            exchange=self.exchange or exchange,
            id=f"F-{digest}",
        )


def as_json(value: Any) -> str:
    """A value as JSON writes it; "nothing" for what is absent or null."""
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=repr)


def _without_numbers(pointer: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))
