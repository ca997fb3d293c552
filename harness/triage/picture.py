"""Picture: what all files show together, kept small however large they are. Signs are counted, a few examples kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from harness.model.sighting import Complaint, Confidence, Sighting
from harness.triage.look import Look, look

EXAMPLES = 4
"""So many Sightings are kept of each sign; the rest is counted."""

TRAIL = 24
"""So many Sightings are kept of each person: the first ones and the last ones."""

PEOPLE = 400
"""Of so many people and groups the trail is kept; who is in trouble pushes out who is not."""

LOOKED = 20_000
"""Of so many people what was last seen of them is kept as evidence; of those who come later only what it says."""

BODIES = 64 * 1024 * 1024
"""So many bytes of bodies may be kept as evidence; of what comes later only LIGHT ones are."""

LIGHT = 2 * 1024
"""A body of so many bytes is kept however many there are."""

KINDS = 500
"""So many kinds of failures are told apart."""

NAMED = 300_000
"""So many names and ids are joined; a file with more of them is only counted."""


@dataclass
class Trace:
    """How often a sign was seen, by whom, and a few Sightings that show it."""

    count: int = 0
    examples: list[Look] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    first: str = ""
    last: str = ""

    def add(self, seen: Look, person: int) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(seen)
        if person and len(self.people) < 10_000:
            self.people.add(person)
        if seen.at:
            self.first = min(self.first or seen.at, seen.at)
            self.last = max(self.last, seen.at)


class Person:
    """One person or group over all files. ``shown`` is what the service last showed of ``active``; ``asked`` what the
    IdP last asked it to be, ``confirmed`` whether the service confirmed that, ``proved`` whether another answer showed
    it, ``touched`` whether something else was changed since. ``values`` are what was last shown of the person's names,
    ``unshown`` the changes since then whose answers showed nobody.
    """

    __slots__ = (
        "asked", "asked_at", "asked_look", "confirmed", "did", "empty", "failed", "group", "name", "number", "owner",
        "proved", "shown", "shown_look", "spellings", "touched", "trail", "troubled",
        "unshown", "values",
    )  # fmt: skip

    def __init__(self, number: int, name: str, group: bool) -> None:
        self.number, self.name, self.group = number, name, group
        self.spellings: set[str] = set()
        self.shown: bool | None = None
        self.shown_look: Look | None = None
        self.asked: bool | None = None
        self.asked_at = ""
        self.asked_look: Look | None = None
        self.confirmed = False
        self.proved = False
        self.touched = False
        self.values: dict[str, Any] = {}
        self.unshown: tuple[Look, ...] = ()
        self.empty: Look | None = None
        self.failed = 0
        self.troubled = False
        self.owner = False
        self.did: Counter[str] = Counter()
        self.trail: list[Look] = []

    def follow(self, seen: Look) -> None:
        """Take in what this Sighting says about the person; signs were looked for before."""
        self.did[f"{seen.act}:{seen.went}"] += 1
        for alias in seen.aliases:
            if not alias.startswith("id:") and len(self.spellings) < 8:
                self.spellings.add(alias)
        if seen.failed:
            self.failed += 1
            self.troubled = True
        if seen.went in ("skipped", "held"):
            self.troubled = True
        if seen.act == "lookup":
            self.empty = (
                seen if seen.went == "ok" and seen.extra.get("hits") == 0 and seen.exchange is not None else None
            )
        evidence = seen if self.number <= LOOKED else None
        if seen.write and seen.active is not None and not seen.group:
            self.asked, self.asked_at, self.asked_look = seen.active, seen.at, evidence
            self.confirmed = seen.went == "ok"
            self.proved = self.touched = False
            if seen.went == "ok":
                self.shown = seen.active
        elif seen.write and seen.went == "ok":
            self.touched = True
        shows = seen.extra.get("shows")
        if isinstance(shows, bool) and seen.went == "ok":
            self.shown, self.shown_look = shows, evidence
            self.proved = self.proved or (shows is self.asked and not seen.write)
        if evidence is not None and seen.went == "ok" and not seen.group:
            self._show(seen)

    def _show(self, seen: Look) -> None:
        """Take in the names that an answer shows, or that there was a change whose answer shows none."""
        if "values" in seen.extra:
            self.values, self.unshown = seen.extra["values"], ()
        elif seen.write and len(self.unshown) < EXAMPLES:
            self.unshown += (seen,)
        elif seen.write:
            self.values = {}  # too much was changed to compare with


class Picture:
    """Grows with each Sighting. ``signs`` are functions by name, from harness.triage.signs."""

    def __init__(self) -> None:
        self.signs: dict[str, Trace] = {}
        self.people: dict[int, Person] = {}
        self.files: dict[str, None] = {}
        self.complaints: list[Complaint] = []
        self.idps: Counter[str] = Counter()
        self.sightings = 0
        self.recorded = 0
        self.ok = 0
        self.failed = 0
        self.events = 0
        self.statuses: Counter[int] = Counter()
        self.acts: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """How often each act went so; "refused" where the key was not taken."""
        self.first_failure: Look | None = None
        self.failures: Counter[frozenset[str]] = Counter()
        """What failed, by the signs that it shows: a failure that no cause speaks of is not explained."""
        self.spelling: dict[str, str] = {}
        self.app = ""
        self._alias: dict[str, int] = {}
        self._kept: dict[int, None] = {}
        self._calm: dict[int, None] = {}
        self._bodies = 0
        self._place: tuple[str, str] = ("", "")

    def take(self, sighting: Sighting | Complaint) -> Look | None:
        """Take one Sighting in; the Look of it, None when it says nothing new."""
        if isinstance(sighting, Complaint):
            if len(self.complaints) < 100:
                self.complaints.append(sighting)
            return None
        at = (sighting.provenance.file, sighting.provenance.place)
        if sighting.exchange is not None and sighting.confidence is not Confidence.RECORDED and at == self._place:
            return None  # the event that stands at the same place said it already
        self._place = at if sighting.event is not None else ("", "")
        self.sightings += 1
        seen = look(sighting, self.sightings)
        if seen is None:
            return None
        self.files[at[0]] = None
        if sighting.idp:
            self.idps[sighting.idp] += 1
        person = self._person(seen)
        kept = self._light(seen)
        self._signs(seen, kept, person)
        self._count(kept)
        if person is not None:
            person.follow(kept)
            self._keep(person, kept)
        if kept.exchange is not None:
            kept.exchange.forget()
        return seen

    def has(self, sign: str) -> bool:
        return sign in self.signs

    def add(self, sign: str, looks: Iterable[Look]) -> None:
        """A sign that only the whole shows."""
        for seen in looks:
            self.signs.setdefault(sign, Trace()).add(seen, self._number(seen))

    def mark(self, sign: str) -> None:
        """A sign that no single Sighting shows."""
        self.signs.setdefault(sign, Trace()).count += 1

    @property
    def idp(self) -> str:
        return self.idps.most_common(1)[0][0] if self.idps else ""

    def trails(self) -> Iterator[Person]:
        """People and groups whose trail was kept, those in trouble first."""
        kept = [self.people[number] for number in self._kept]
        return iter(sorted(kept, key=lambda p: (not p.troubled, p.group, -p.failed, p.number)))

    def _light(self, seen: Look) -> Look:
        """The Look as it may be kept: without its bodies when they are large and enough such are held."""
        exchange = seen.exchange
        if exchange is None:
            return seen
        weight = len(exchange.body) + len(exchange.request.body or b"")
        if self._bodies + weight <= BODIES:
            self._bodies += weight
            return seen
        if weight <= LIGHT:
            return seen
        request, response = exchange.request, exchange.response
        bare = replace(
            exchange,
            request=replace(request, body=b"" if request.body else request.body),
            response=replace(response, body=b"") if response is not None else None,
        )
        return replace(seen, sighting=replace(seen.sighting, exchange=bare))

    def _signs(self, seen: Look, kept: Look, person: Person | None) -> None:
        from harness.triage.signs import of_plain, of_sighting

        shown: set[str] = set()
        for name, holds in (of_plain() if seen.plain else of_sighting()).items():
            if holds(seen, person, self):
                shown.add(name)
                trace = self.signs.get(name)
                if trace is None:
                    trace = self.signs[name] = Trace()
                trace.add(kept, person.number if person else 0)
        if seen.failed and (len(self.failures) < KINDS or frozenset(shown) in self.failures):
            self.failures[frozenset(shown)] += 1

    def _count(self, seen: Look) -> None:
        self.acts[seen.act] += 1
        self.outcomes[seen.act, "refused" if seen.status == 401 else seen.went] += 1
        self.events += seen.event is not None
        self.recorded += seen.recorded
        self.ok += seen.went == "ok"
        if seen.status:
            self.statuses[seen.status] += 1
        if seen.event is not None and seen.event.app and not self.app:
            self.app = seen.event.app
        if seen.failed or seen.went == "held":
            self.failed += 1
            self.first_failure = self.first_failure or seen

    def _number(self, seen: Look) -> int:
        return next((self._alias[key] for key in map(str.casefold, seen.aliases) if key in self._alias), 0)

    def _person(self, seen: Look) -> Person | None:
        """The person whom any of the names or ids belongs to; new names are joined."""
        keys = [alias.casefold() for alias in seen.aliases]
        if not keys:
            return None
        number = self._number(seen)
        if not number:
            if len(self._alias) > NAMED:
                return None
            number = len(self.people) + 1
            self.people[number] = Person(number, seen.who or seen.aliases[0], seen.group)
        person = self.people[number]
        if person.name.startswith("id:") and seen.who and not seen.who.startswith("id:"):
            person.name = seen.who
        for key in keys:
            if key not in self._alias and len(self._alias) <= NAMED:
                self._alias[key] = number
        return person

    def _keep(self, person: Person, seen: Look) -> None:
        number = person.number
        if number not in self._kept:
            if len(self._kept) >= PEOPLE and not (person.troubled and self._room()):
                return
            self._kept[number] = None
            if not person.troubled:
                self._calm[number] = None
        person.trail.append(seen)
        if len(person.trail) > TRAIL:
            del person.trail[TRAIL // 2]

    def _room(self) -> bool:
        """Forget the trail of the first who is not in trouble; False when all of them are."""
        while self._calm:
            number = next(iter(self._calm))
            del self._calm[number]
            if not self.people[number].troubled:
                self.people[number].trail.clear()
                del self._kept[number]
                return True
        return False
