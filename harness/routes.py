"""Routes: which checks an exchange leads to, and what they say, told once for all exchanges that are alike.

Each condition and each check is first asked blindfold, of a stand-in for all exchanges with the same traits; then of
one for all answers with the same outline. Only what was refused both times is asked of the exchange itself. What
describes the service is hardly ever another, and is known by its body instead of its outline.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.blindfold import (
    PLAINEST,
    AnotherTag,
    StandIn,
    Traits,
    answer,
    by_body,
    plainest,
    plainly,
    stand_in,
    traits,
    with_body,
    with_outline,
)
from harness.checks.reading import endpoint
from harness.model.addressed import DISCOVERY
from harness.model.blank import Unsaid
from harness.model.bounded import kept
from harness.model.check import Check, Predicate
from harness.model.exchange import NO_JSON, Exchange
from harness.model.finding import Finding
from harness.schemas.outline import key, outlined

Open = tuple[Predicate | None, tuple[Check, ...]]
"""What is still to be asked: a condition, None where it is certainly met, and the checks behind it."""

_MOST = 4096
"""How much is remembered of a kind at a time: traffic of others may hold any number of tags, paths and people."""

_LARGEST = 8_192
"""A body of more bytes is not remembered."""


@dataclass(frozen=True, slots=True)
class Told:
    """What holds of all exchanges that are alike: which checks met something, what was found, what remains to ask."""

    met: frozenset[str] = frozenset()
    found: tuple[tuple[Check, tuple[Finding, ...]], ...] = ()
    left: tuple[Open, ...] = ()


_NOTHING = Told()


def _joined(*parts: Told) -> Told:
    return Told(
        frozenset().union(*(told.met for told in parts)),
        tuple(one for told in parts for one in told.found),
        tuple(one for told in parts for one in told.left),
    )


_UNSORTED = -1
"""The number of what turns on a tag that was not met before."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is to be asked of answers, and that as what is ``told`` where an answer is not known whole."""

    number: int
    open: tuple[Open, ...]
    told: Told


@dataclass(slots=True)
class _Way:
    """What the traits tell: what was ``told``, what is still to be asked, and what turns on the tag."""

    told: Told
    rest: _Rest
    plain: dict[str, Any]
    blind: StandIn
    by_tag: tuple[Open, ...]
    of_tag: dict[str, tuple[Told, _Rest]] = field(default_factory=dict)
    tags: dict[str, bool] = field(default_factory=dict)


class Routes:
    """For any exchange, what its checks say as far as others like it have shown, and what is to be asked of it."""

    def __init__(self, by_condition: Mapping[Predicate, Iterable[Check]], extras: Mapping[str, Any]) -> None:
        self._extras = extras
        by_tag: list[Open] = []
        others: list[Open] = []
        for condition, checks in by_condition.items():
            (by_tag if _looks_at_the_tag_first(condition) else others).append((condition, tuple(checks)))
        self._by_tag = tuple((one, _met_by(one[0])) for one in by_tag)
        self._others = tuple(others)
        self._here: dict[tuple[object, ...], tuple[Open, ...]] = {}
        self._numbers = itertools.count()
        self._of_tag: dict[str, tuple[Open, ...]] = {}
        self._kinds: dict[Traits, int] = {}
        self._ways: dict[tuple[object, ...], _Way] = {}
        self._rests: dict[tuple[object, ...], _Rest] = {}
        self._of_answer: dict[tuple[object, ...], Told] = {}
        self._known: dict[tuple[object, ...], Told] = {}
        self._keys: dict[bytes, bytes] = {}

    def told(self, exchange: Exchange) -> Told:
        """Everything that its checks are told and asked; the same object for exchanges that are alike."""
        its = traits(exchange)
        kind = self._kinds.get(its)
        if kind is None:
            kind = _kept(self._kinds, its, next(self._numbers))
        if type(exchange) is not Exchange or len(exchange.body) > _LARGEST:
            way = self._way(exchange, its, kind)
            told, rest = self._with_tag(exchange, way)
            return _joined(way.told, way.rest.told, told, rest.told)
        its_key = self._key(exchange)
        whole = (kind, exchange.tag, its_key, answer(exchange))
        known = self._known.get(whole)
        if known is None:
            known, sorted_out = self._with_answer(exchange, its, kind, its_key)
            if sorted_out:
                _kept(self._known, whole, known)
        return known

    def _key(self, exchange: Exchange) -> object:
        """What tells answers apart: NO_JSON without a body, bytes for an outline, or everything that is known of it."""
        body = exchange.body
        if not body:
            return NO_JSON
        if endpoint(exchange) in DISCOVERY:
            return by_body(exchange)
        known = self._keys.get(body)
        if known is None:
            if exchange.json is NO_JSON:
                return by_body(exchange)
            known = _kept(self._keys, body, key(outlined(exchange.json)))
        return known

    def _way(self, exchange: Exchange, its: Traits, kind: int) -> _Way:
        """What the traits and the kind of answer tell."""
        answered = answer(exchange)
        way = self._ways.get((kind, answered))
        if way is None:
            plain = plainly(exchange)
            blind = stand_in(exchange, plain)
            asked = self._ask(self._asked_here(its[-1], plain), blind)
            # Who sent it and why does not count where a body is looked at: the same person is read on many occasions.
            rest = self._rest(asked.told.left, its[-1])
            way = _Way(Told(asked.told.met), rest, plain, blind, tuple(asked.by_tag))
            _kept(self._ways, (kind, answered), way)
        return way

    def _asked_here(self, its: Traits, plain: dict[str, Any]) -> tuple[Open, ...]:
        """What may be met by such a request to such a place with such a status, whatever else is known of it."""
        here = plainest(its)
        known = self._here.get(here)
        if known is None:
            blind = StandIn(**{name: plain[name] for name in PLAINEST if name in plain})
            known = _kept(self._here, here, tuple(one for one in self._others if _may_meet(one[0], blind)))
        return known

    def _rest(self, left: tuple[Open, ...], *its: object) -> _Rest:
        their = (its, *((when, *(check.id for check in checks)) for when, checks in left))
        known = self._rests.get(their)
        return known or _kept(self._rests, their, _Rest(next(self._numbers), tuple(left), Told(left=tuple(left))))

    def _with_tag(self, exchange: Exchange, way: _Way) -> tuple[Told, _Rest]:
        """What the tag tells in addition. A probe has a tag for nearly each request: what is met once is not sorted."""
        tag = exchange.tag
        known = way.of_tag.get(tag)
        if known is None:
            tagged = self._of_tag.get(tag)
            if tagged is None:
                asked = (one for one, only in self._by_tag if only is None or tag in only)
                tagged = _kept(self._of_tag, tag, self._ask(asked, StandIn(tag=tag)).told.left)
            if tag not in way.tags:
                _kept(way.tags, tag, True)
                return _NOTHING, _Rest(_UNSORTED, (), Told(left=(*tagged, *way.by_tag)))
            told = self._ask((*tagged, *way.by_tag), StandIn(**way.blind.__dict__, tag=tag)).told
            known = _kept(way.of_tag, tag, (Told(told.met), self._rest(told.left, way.rest.number, tag)))
        return known

    def _with_answer(self, exchange: Exchange, its: Traits, kind: int, its_key: object) -> tuple[Told, bool]:
        """What an answer tells, of which the outline is known, or else everything; and whether its tag is sorted."""
        way = self._way(exchange, its, kind)
        tagged, rest = self._with_tag(exchange, way)
        blind: StandIn | None = None
        found = []
        for todo in (way.rest, rest):
            told = self._of_answer.get((todo.number, its_key)) if todo.open else todo.told
            if told is None:
                if blind is None:
                    blind = _answered(exchange, way.plain, its_key)
                if todo is rest:
                    blind.__dict__["tag"] = exchange.tag
                asked = self._ask(todo.open, blind, whole=isinstance(its_key, tuple))
                # Nobody asks again: what turns on the tag has to be asked of the exchange as well.
                told = _joined(asked.told, Told(left=tuple(asked.by_tag)))
                _kept(self._of_answer, (todo.number, its_key), told)
            found.append(told)
        return _joined(way.told, tagged, *found), rest.number != _UNSORTED

    def _ask(self, what: Iterable[Open], blind: StandIn, *, whole: bool = False) -> _Asked:
        """``whole``: the values of the stand-in are real ones, so that findings can be made."""
        met: set[str] = set()
        found: list[tuple[Check, tuple[Finding, ...]]] = []
        left: list[Open] = []
        by_tag: list[Open] = []
        for condition, checks in what:
            if condition is not None:
                try:
                    if not condition(blind):
                        continue
                except Exception as error:  # refused, or refused to be used as what it is
                    again = by_tag if error.args == ("tag",) and type(error) is Unsaid else left
                    again.append((condition, checks))
                    continue
            for check in checks:
                try:
                    if check.arguments:
                        extras = {name: self._extras[name] for name in check.arguments}
                        findings = tuple(check.function(blind, **extras) or ())
                    else:
                        findings = tuple(check.function(blind) or ())
                except Exception as error:  # the same, or an argument that is another for each scenario
                    again = by_tag if error.args == ("tag",) and type(error) is Unsaid else left
                    again.append((None, (check,)))
                    continue
                if findings and not whole:
                    left.append((None, (check,)))
                    continue
                met.add(check.id)
                if findings:
                    found.append((check, findings))
        return _Asked(Told(frozenset(met), tuple(found), tuple(left)), by_tag)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a stand-in told, and what it refused to tell for want of a tag."""

    told: Told
    by_tag: list[Open]


def _answered(exchange: Exchange, plain: dict[str, Any], its_key: object) -> StandIn:
    """Stands for all exchanges with this answer, or with an answer that has the same outline."""
    if isinstance(its_key, tuple):
        return with_body(exchange, plain)
    try:
        return with_outline(plain, NO_JSON if its_key is NO_JSON else outlined(exchange.json))
    except Exception:  # not even what kind of answer it is can be told without its texts
        return StandIn()


def _kept(known: dict[Any, Any], key: Any, value: Any) -> Any:
    return kept(known, key, value, _MOST)


def _may_meet(condition: Predicate | None, blind: StandIn) -> bool:
    try:
        return condition is None or bool(condition(blind))
    except Exception:  # refused
        return True


def _met_by(condition: Predicate | None) -> frozenset[str] | None:
    """The only tags with which a condition can be met, where it does nothing but compare the tag with some; or None."""
    tag = AnotherTag()
    return None if _may_meet(condition, StandIn(tag=tag)) else frozenset(tag.compared)


def _looks_at_the_tag_first(condition: Predicate) -> bool:
    try:
        condition(StandIn())
    except Unsaid as refused:
        return refused.args == ("tag",)
    except Exception:
        return False
    return True
