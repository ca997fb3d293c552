"""What the first cycle would do to the people of a list: who is found, who is confused with whom, who loses access."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from harness.configuration.matching import Matching
from harness.configuration.people import TOMBSTONE, Row
from harness.guides import line
from harness.model.diagnosis import Line, State
from harness.model.profile import Profile
from harness.model.sighting import Complaint

SHOWN = 10
"""How many people a Line names; it counts all."""

STORM, STORM_SHARE = 5_000, 0.4
"""From so many failures on, when they are more than this share, Entra puts a job into quarantine."""

_USUAL = 5


@dataclass
class There:
    """The people of the service: name in small letters -> (name as kept, whether active)."""

    people: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def add(self, name: str, active: bool) -> None:
        self.people[name.casefold()] = (name, active)

    def active(self, name: str) -> bool:
        """Whether there is such an account, in any letter case, that may be used."""
        return self.people.get(name.casefold(), ("", False))[1]


def there_from(rows: Iterable[Row | Complaint]) -> There:
    """The people of the service from a list of theirs."""
    there = There()
    for row in rows:
        if isinstance(row, Row):
            name = next((row.attributes[n] for n in ("userName", "login", "mail") if row.attributes.get(n)), "")
            if name:
                there.add(name, row.may_use)
    return there


@dataclass
class _Some:
    """Some people: how many, and the first of them."""

    count: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(text)

    @property
    def first(self) -> str:
        """The first three, for a sentence."""
        return f" The first: {'; '.join(self.shown[:3])}." if self.shown else ""

    @property
    def evidence(self) -> tuple[str, ...]:
        more = self.count - len(self.shown)
        return (*self.shown, f"and {more} more") if more else tuple(self.shown)


class Census:
    """Takes the people of a list one by one, and then tells about all of them. Holds names, never whole rows."""

    def __init__(self, matching: Matching, there: There | None) -> None:
        self.matching = matching
        self.there = there
        self.total = 0
        self.usable = 0
        self.found: dict[str, _Some] = {}
        self.first: dict[str, int] = {}
        self.without_plus: dict[str, tuple[str, int]] = {}
        self.handles: dict[str, tuple[str, int]] = {}
        self.tombstones: dict[str, int] = {}
        self.seen: set[str] = set()

    def add(self, row: Row) -> None:
        """Look at one person."""
        self.total += 1
        name = self.matching.value(row)
        told = f"row {row.number}: {row.name}"
        if tombstone := TOMBSTONE.match(name):
            self.tombstones[name[tombstone.end() :].casefold()] = row.number
            return
        if not name:
            if not row.gone:
                self._note("people-unmatched", told)
            return
        if not row.gone:
            self._collide(name, row)
        if not self._filtered(row, name, told):
            self._at_the_service(row, name, told)

    def _note(self, fault: str, text: str) -> None:
        self.found.setdefault(fault, _Some()).add(text)

    def _collide(self, name: str, row: Row) -> None:
        key = name.casefold()
        if key in self.first:
            self._note("people-collide", f"rows {self.first[key]} and {row.number}: {name}")
            return
        self.first[key] = row.number
        local, _, domain = key.partition("@")
        bare = local.partition("+")[0]
        for kept, form, fault in (
            (self.without_plus, f"{bare}@{domain}", "people-collide-plus"),
            (self.handles, re.sub(r"[^a-z0-9]", "", local), "people-collide-handle"),
        ):
            other, number = kept.setdefault(form, (key, row.number))
            if other != key:
                self._note(fault, f"rows {number} and {row.number}: {other} and {key}")
                break

    def _filtered(self, row: Row, name: str, told: str) -> bool:
        if self.matching.in_scope is None or self.matching.in_scope(row):
            return False
        self.seen.add(name.casefold())
        if self.there is None or self.there.active(name):
            self._note("people-out-of-scope", told)
        return True

    def _at_the_service(self, row: Row, name: str, told: str) -> None:
        key, there = name.casefold(), self.there
        self.usable += row.may_use
        attributes = row.attributes
        mail = attributes.get("mail", "")
        if there is not None and key not in there.people and mail and mail.casefold() in there.people:
            self.seen.add(mail.casefold())
            self._note("people-mail-differs", f"{told} is there as {mail}")
            return
        self.seen.add(key)
        if there is None:
            self._guessed(row, name, told, mail)
        elif key not in there.people:
            if row.may_use:
                self._note("people-no-account", told)
        else:
            kept, active = there.people[key]
            if kept != name:
                self._note("people-case", f"{told} is there as {kept}")
            if row.may_use and not active:
                self._note("people-inactive-there", told)
            self._leaving(row, told, active)

    def _guessed(self, row: Row, name: str, told: str, mail: str) -> None:
        """Nobody said who is at the service: whoever could have an account is taken to have one."""
        guest = row.attributes.get("userType", "").lower() == "guest" or "#EXT#" in name
        if guest and "#EXT#" in name:
            self._note("people-guests", told)
        elif mail and "@" in name and mail.casefold() != name.casefold():
            self._note("people-mail-differs", f"{told}, e-mail {mail}")
        self._leaving(row, told, True)

    def _leaving(self, row: Row, told: str, active: bool) -> None:
        if not active or row.may_use:
            return
        if self.matching.idp == "entra" and row.blocked and not row.gone:
            self._note("people-first-cycle", told)
        elif not row.suspended:
            self._note("people-left-over", told)

    def lines(self, profile: Profile) -> Iterator[Line]:
        """What there is to say, in no particular order."""
        anchor = f"{self.matching.idp}-people"
        of = f"of {self.total} in the list"
        for name, number in self.tombstones.items():
            self.seen.add(name)
            if name in self.first:
                self._note("people-tombstone", f"row {number} was {name}, which is row {self.first[name]} now")
            elif self.there is None or self.there.active(name):
                self._note("people-left-over", f"row {number}: {name}, deleted")
        if self.there is not None:
            for key, (kept, active) in self.there.people.items():
                if active and key not in self.seen:
                    self._note("people-not-in-directory", kept)
        for fault, some in self.found.items():
            if fault != "people-first-cycle":
                told = line(fault, *some.evidence, anchor=anchor)
                title = f"{told.title}: {some.count}" + ("" if "not-in" in fault else f" {of}")
                yield _titled(told, title, told.meaning + some.first)
        if self.matching.idp == "entra":
            yield from self._first_cycle(anchor, profile)

    def _first_cycle(self, anchor: str, profile: Profile) -> Iterator[Line]:
        some = self.found.get("people-first-cycle", _Some())
        known = "" if self.there is not None else " (if all of them have an account there; give theirs with --there)"
        if some.count:
            told = line("people-first-cycle", *some.evidence, anchor=anchor)
            title = f"{_people(some.count)} of {self.total} would lose access in the first cycle{known}"
            yield _titled(told, title, told.meaning + some.first)
        else:
            told = line("people-first-cycle", state=State.OK, anchor=anchor)
            yield _titled(told, f"Nobody of {self.total} would lose access in the first cycle", "")
        yield self._threshold(some.count, anchor)
        missing = self.found.get("people-no-account", _Some()).count
        storm = missing >= STORM and missing > STORM_SHARE * max(self.usable, 1)
        if storm and self.matching.creates and profile.refuses("create"):
            yield line("people-storm", f"{missing} of {self.usable} people have no account yet", anchor=anchor)

    def _threshold(self, expected: int, anchor: str) -> Line:
        later = max(_USUAL, math.ceil(self.usable / 100))
        advice = (
            f"Prevent accidental deletion: for the first cycle enter {max(expected, 1)}, afterwards {later} (one in a "
            "hundred people, at least five: our suggestion, Microsoft names no number)."
        )
        now = self.matching.threshold
        told = line("people-threshold", advice, anchor=anchor, fix=advice)
        if now is None:
            title = f"Suggested number for accidental deletion prevention: {max(expected, 1)}, later {later}"
            return Line(told.id, State.OK, title, guide="entra-deletions", evidence=told.evidence)
        if now == 0:
            return _titled(told, "Accidental deletion prevention is off")
        if now < expected:
            return _titled(told, f"The first cycle stops: it would switch off {expected}, and the number is {now}")
        if now > max(10 * later, 2 * expected):
            return _titled(told, f"The number of accidental deletion prevention is {now}, for {self.usable} people")
        title = f"Accidental deletion prevention fits: {now}"
        return Line(told.id, State.OK, title, guide="entra-deletions", evidence=told.evidence)


def _titled(told: Line, title: str, meaning: str | None = None) -> Line:
    meaning = told.meaning if meaning is None else meaning
    return Line(told.id, told.state, title, meaning, told.fix, told.who, told.guide, told.evidence)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
