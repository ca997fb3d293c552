"""Suite: a vendor's published test, and the small words in which its steps are graded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.model.change import Change
from harness.model.exchange import Exchange
from harness.model.scenario import Probe, ScenarioKey
from harness.model.step import ERROR, LIST_RESPONSE, Intent
from harness.model.transcript import Transcript

Find = Callable[[Transcript], Exchange | None]
Expectation = Callable[[Exchange], Iterator[str]]


@dataclass(frozen=True)
class Claim:
    """One step of a vendor's test: its title, the exchange that it is about, and what the vendor expects of that.

    ``needs`` names the capabilities without which the step is not applicable ("!create": with which it is not). A step
    that is not ``mandatory`` costs nothing when it fails. ``beyond`` says why a step cannot be asked from here at all:
    it is not applicable then, whoever is tested, and rules nothing out.
    """

    title: str
    find: Find
    expects: tuple[Expectation, ...]
    needs: tuple[str, ...] = ()
    mandatory: bool = True
    beyond: str = ""

    def wrong(self, exchange: Exchange) -> list[str]:
        """What the vendor's test would complain about; empty when it passes."""
        return [said for expectation in self.expects for said in expectation(exchange)]


@dataclass(frozen=True)
class Suite:
    """A published test. It is played by a client of its own (``probe``), told by an IdP as ``stories``, or both."""

    name: str
    title: str
    programme: str
    source: str
    claims: tuple[Claim, ...]
    probe: Probe | None = None
    stories: tuple[str, ...] = ()

    def told_in(self, key: ScenarioKey) -> bool:
        return key.story in self.stories

    def asked_in(self, key: ScenarioKey) -> bool:
        return self.probe is not None and key.id == f"probe/{self.probe.name}"


# Where a step is found.


def tagged(tag: str) -> Find:
    return lambda transcript: next(iter(transcript.tagged(tag)), None)


def seen_after(change: type[Change], part: str, intent: Intent, *, last: bool = False) -> Find:
    """What the Witness saw of a part after the first (or last) Change of this kind about it."""

    def find(transcript: Transcript) -> Exchange | None:
        moments = [m for m in transcript.moments if type(m.change) is change and m.part == part]
        return moments[-1 if last else 0].seen_after(part, intent) if moments else None

    return find


def asked_in(change: type[Change], *intents: Intent, last: bool = False) -> Find:
    """The last request of the IdP with one of these intents, after the first (or last) Change of this kind."""

    def find(transcript: Transcript) -> Exchange | None:
        moments = [m for m in transcript.moments if type(m.change) is change]
        asked = moments[-1 if last else 0].asked(*intents) if moments else ()
        return asked[-1] if asked else None

    return find


# What a step expects.


def status(*codes: int) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        if exchange.status not in codes:
            yield f"expected HTTP {' or '.join(map(str, codes))}, got {exchange.status}"

    return expect


def total(number: int) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        found = exchange.json.get("totalResults") if isinstance(exchange.json, dict) else None
        if found != number:
            yield f"expected totalResults {number}, got {found!r}"

    return expect


def is_list(exchange: Exchange) -> Iterator[str]:
    if LIST_RESPONSE not in _schemas(exchange):
        yield f"expected {LIST_RESPONSE} among schemas"


def is_error(exchange: Exchange) -> Iterator[str]:
    if ERROR not in _schemas(exchange):
        yield f"expected {ERROR} among schemas"
    if not at(exchange.json, "detail"):
        yield "expected a detail that is not empty"


def says_status(exchange: Exchange) -> Iterator[str]:
    if str(at(exchange.json, "status")) != str(exchange.status):
        yield f"expected status {exchange.status} in the body, got {at(exchange.json, 'status')!r}"


def numeric(*names: str) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        for name in names:
            value = at(exchange.json, name)
            if isinstance(value, bool) or not isinstance(value, int):
                yield f"expected a number as {name}, got {value!r}"

    return expect


def holds(*paths: str) -> Expectation:
    """Each dotted path leads to a value; digits pick from a list."""

    def expect(exchange: Exchange) -> Iterator[str]:
        for path in paths:
            if at(exchange.json, path) in (None, "", [], {}):
                yield f"expected {path}, got nothing"

    return expect


def reads(path: str, value: Any) -> Expectation:
    def expect(exchange: Exchange) -> Iterator[str]:
        found = at(exchange.json, path)
        if found != value or isinstance(found, bool) != isinstance(value, bool):
            yield f"expected {value!r} as {path}, got {found!r}"

    return expect


def echoes(*paths: str) -> Expectation:
    """What was sent comes back as it was."""

    def expect(exchange: Exchange) -> Iterator[str]:
        for path in paths:
            if at(exchange.json, path) != at(exchange.sent, path):
                yield f"expected {at(exchange.sent, path)!r} as {path}, got {at(exchange.json, path)!r}"

    return expect


def at(value: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(value, list) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def _schemas(exchange: Exchange) -> Iterable[Any]:
    schemas = at(exchange.json, "schemas")
    return schemas if isinstance(schemas, list) else ()
