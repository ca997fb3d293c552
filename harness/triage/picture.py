"""Picture: what all files show together, kept small however large they are. Signs are counted, a few examples kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.model.sighting import Complaint, Confidence, Sighting
from harness.triage.look import Look, look
from harness.triage.person import Person

EXAMPLES = 4
"""So many Sightings are kept of each sign; the rest is counted."""

TRAIL = 24
"""So many Sightings are kept of each person: the first ones and the last ones."""

PEOPLE = 400
"""Of so many people and groups the trail is kept; who is in trouble pushes out who is not."""

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
