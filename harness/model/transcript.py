"""Transcript: the ordered Exchanges of one Scenario, and the Moments in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from harness.model.account import Cast
from harness.model.change import Change
from harness.model.exchange import Exchange, Phase, Role
from harness.model.lazy import lazy
from harness.model.scenario import ScenarioKey
from harness.model.step import Intent, Place


@dataclass(frozen=True)
class Moment:
    """One Change with what was seen before it, what the IdP sent, and what was seen after it.

    ``earlier`` is what was seen after the Change before this one: how things stood then is how they stand now, and the
    Witness does not ask twice.
    """

    index: int
    change: Change
    exchanges: tuple[Exchange, ...] = ()
    cast: Cast = field(default_factory=Cast)
    earlier: tuple[Exchange, ...] = ()

    @lazy
    def before(self) -> tuple[Exchange, ...]:
        return (*self.earlier, *(x for x in self.exchanges if x.phase is Phase.BEFORE))

    @lazy
    def during(self) -> tuple[Exchange, ...]:
        """What the IdP itself sent."""
        return tuple(x for x in self.exchanges if x.phase is Phase.DURING)

    @lazy
    def after(self) -> tuple[Exchange, ...]:
        return tuple(x for x in self.exchanges if x.phase is Phase.AFTER)

    @property
    def part(self) -> str:
        """Who the Change is about."""
        return self.change.part

    def read_before(self, part: str) -> dict[str, Any]:
        """The person as read by id before the Change (the last such read), or {}."""
        read = self.seen_before(part, Intent.READ)
        return read.resource if read is not None else {}

    def read_after(self, part: str) -> dict[str, Any]:
        """The person as read by id after the Change (the first such read), or {}."""
        read = self.seen_after(part, Intent.READ)
        return read.resource if read is not None else {}

    def seen_after(self, part: str, intent: Intent, tag: str = "") -> Exchange | None:
        """The first exchange of the Witness after the Change with this intent about this part."""
        found = self._after_by.get((part, intent), ())
        return next((x for x in found if x.tag == tag), None) if tag else found[0] if found else None

    def seen_before(self, part: str, intent: Intent, tag: str = "") -> Exchange | None:
        """The last exchange of the Witness before the Change with this intent about this part."""
        found = self._before_by.get((part, intent), ())
        return next((x for x in reversed(found) if x.tag == tag), None) if tag else found[-1] if found else None

    @lazy
    def _after_by(self) -> dict[tuple[str, Intent], list[Exchange]]:
        return _by_subject(self.after)

    @lazy
    def _before_by(self) -> dict[tuple[str, Intent], list[Exchange]]:
        return _by_subject(self.before)

    def asked(self, *intents: Intent) -> tuple[Exchange, ...]:
        """What the IdP sent with one of these intents."""
        return tuple(x for x in self.during if x.intent in intents)


def _by_subject(exchanges: Iterable[Exchange]) -> dict[tuple[str, Intent], list[Exchange]]:
    """By whom they are about and what the sender wants, in their order."""
    found: dict[tuple[str, Intent], list[Exchange]] = {}
    for exchange in exchanges:
        found.setdefault((exchange.subject, exchange.intent), []).append(exchange)
    return found


@dataclass(frozen=True)
class Transcript:
    """Everything that was exchanged in one Scenario, in order.

    ``complete`` is False when the scenario was cut short; ``stopped`` then says why. ``base_url`` is the SCIM base URL
    without a trailing slash.
    """

    scenario: ScenarioKey
    base_url: str
    exchanges: tuple[Exchange, ...] = ()
    changes: tuple[Change, ...] = ()
    cast: Cast = field(default_factory=Cast)
    complete: bool = True
    stopped: str = ""

    @lazy
    def moments(self) -> tuple[Moment, ...]:
        moments: list[Moment] = []
        for index, change in enumerate(self.changes):
            earlier = moments[-1].after if moments else ()
            mine = tuple(x for x in self.exchanges if x.moment == index)
            moments.append(Moment(index, change, mine, self.cast.at(index), earlier))
        return tuple(moments)

    @lazy
    def observed(self) -> tuple[Exchange, ...]:
        """What is judged as SCIM: answered, not the set-up, not the hooks."""
        return tuple(x for x in self.exchanges if x.answered and x.role is not Role.SETUP and x.place is Place.SCIM)

    def as_told(self) -> Transcript:
        """The same as the IdP that tells the story knows it: what is done at a second IdP is no change for it."""
        if not any(change.by for change in self.changes):
            return self
        return replace(self, changes=tuple(Change() if change.by else change for change in self.changes))

    def by(self, *roles: Role) -> tuple[Exchange, ...]:
        return tuple(x for x in self.exchanges if x.role in roles)

    def tagged(self, tag: str) -> tuple[Exchange, ...]:
        return self._by_tag.get(tag, ())

    @lazy
    def _by_tag(self) -> dict[str, tuple[Exchange, ...]]:
        found: dict[str, list[Exchange]] = {}
        for exchange in self.exchanges:
            found.setdefault(exchange.tag, []).append(exchange)
        return {tag: tuple(exchanges) for tag, exchanges in found.items()}

    def exchange(self, exchange_id: str) -> Exchange | None:
        for exchange in self.exchanges:
            if exchange.id == exchange_id:
                return exchange
        return None
