"""Routes: which conditions an exchange can meet, told from the traits that it shares with many others.

A condition is asked once for all exchanges with the same traits, and blindfold: of a stand-in that knows these traits
and refuses to say more. What it answers without having been refused holds for every one of them; a condition that was
refused is asked of each exchange itself. So nothing is declared that could turn out to be untrue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from harness.checks.reading import ASKED, ENTRIES, PARTS, SEARCH, parts, shown
from harness.model.check import Predicate
from harness.model.exchange import NO_JSON, Exchange
from harness.model.partial import NotRecorded

Traits = tuple[Any, ...]

_MOST = 4096
"""How many kinds of exchanges are remembered at a time: traffic of others may hold any number of tags and paths."""


class Unsaid(Exception):
    """A condition asked for more than is common to all exchanges that a stand-in stands for."""


class Something:
    """Stands for a value that is there and not empty, and that differs from exchange to exchange."""

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: Any) -> Any:
        raise Unsaid

    # Whatever a condition could learn about a value. isinstance asks for __class__ when the type itself does not do.
    __class__ = property(_refuse)
    __eq__ = __ne__ = __str__ = __repr__ = __format__ = _refuse
    __hash__ = _refuse
    __len__ = __iter__ = __contains__ = __getitem__ = __getattr__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __or__ = __ror__ = __mod__ = _refuse


class _Segment(Something):
    """Stands for an id in a path, which is never ".search": that is a trait of its own."""

    def __eq__(self, other: object) -> bool:
        if other == SEARCH:
            return False
        raise Unsaid

    __hash__ = Something.__hash__


class _Entries:
    """Stands for one resource or more in an answer."""

    def __iter__(self) -> Iterator[tuple[Something, Something]]:
        yield Something(), Something()
        raise Unsaid


class StandIn:
    """An exchange of which only this much is known."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> NoReturn:
        raise Unsaid(name)


_KEPT = ("role", "phase", "intent", "effect", "place", "notes")
_FOLLOWING = ("method", "status", "answered", "ok", "is_error", "meets_another")
"""What follows from the traits and nothing else."""


def traits(exchange: Exchange) -> Traits:
    """What many exchanges have in common: from whom, how and where to, and what kind of answer came."""
    path = parts(exchange)
    alike = _is_alike(path)
    query = exchange.query or "?" in exchange.request.url
    return (
        exchange.role,
        exchange.phase,
        exchange.intent,
        exchange.effect,
        exchange.place,
        exchange.notes,
        exchange.request.method,
        exchange.response.status if exchange.response else 0,
        path if alike else (path[0], len(path)),
        (exchange.path if alike else "") if not query else None,
        *_answer(exchange),
    )


def _is_alike(path: tuple[str, ...]) -> bool:
    """Whether a path names no single resource, so that many exchanges have the very same."""
    return len(path) < 2 or path[-1] == SEARCH


def _answer(exchange: Exchange) -> tuple[object, ...]:
    try:
        body = exchange.json
        kind = "none" if body is NO_JSON else "object" if body and isinstance(body, dict) else "other"
        return kind, exchange.is_list, bool(exchange.resource), bool(shown(exchange))
    except NotRecorded:
        return ()


def stand_in(exchange: Exchange) -> StandIn:
    """What is known of every exchange with the traits of this one."""
    *_, path, plain = (its := traits(exchange))[:10]
    known: dict[str, Any] = {name: getattr(exchange, name) for name in (*_KEPT, *_FOLLOWING)}
    known["request"] = StandIn(method=exchange.method)
    if exchange.response is None:
        known["response"] = None
    known[PARTS] = path if _is_alike(parts(exchange)) else (path[0], *(_Segment() for _ in range(path[1] - 1)))
    if plain is not None:
        known["query"] = ""
        if not (exchange.method == "POST" and parts(exchange)[-1:] == (SEARCH,)):
            known[ASKED] = {}
        if plain:
            known["path"] = plain
    if len(its) > 10:
        kind, is_list, resource, entries = its[10:]
        known |= {"is_list": is_list, "resource": Something() if resource else {}}
        known[ENTRIES] = _Entries() if entries else ()
        if kind != "other":
            known["json"] = NO_JSON if kind == "none" else Something()
    return StandIn(**known)


class Routes:
    """For any exchange, the conditions that it meets."""

    def __init__(self, conditions: Iterable[Predicate]) -> None:
        by_tag: list[Predicate] = []
        others: list[Predicate] = []
        for condition in dict.fromkeys(conditions):
            (by_tag if _looks_at_the_tag_first(condition) else others).append(condition)
        self._by_tag, self._others = tuple(by_tag), tuple(others)
        self._of_tag: dict[str, tuple[list[Predicate], list[Predicate]]] = {}
        self._of_traits: dict[Traits, tuple[list[Predicate], list[Predicate]]] = {}

    def met(self, exchange: Exchange, broken: dict[Predicate, Exception]) -> list[Predicate]:
        """The conditions that an exchange meets; one that falls over is put into ``broken``, with its first error.

        What asks for something that was not recorded is not met.
        """
        tag = exchange.tag
        tagged = self._of_tag.get(tag)
        if tagged is None:
            tagged = _kept(self._of_tag, tag, _sorted(self._by_tag, StandIn(tag=tag)))
        its = traits(exchange)
        alike = self._of_traits.get(its)
        if alike is None:
            alike = _kept(self._of_traits, its, _sorted(self._others, stand_in(exchange)))
        found = alike[0] + tagged[0]
        for condition in alike[1] + tagged[1]:
            try:
                if condition(exchange):
                    found.append(condition)
            except NotRecorded:
                continue
            except Exception as error:
                broken.setdefault(condition, error)
        return found


def _kept(known: dict[Any, Any], key: Any, value: Any) -> Any:
    if len(known) >= _MOST:
        known.clear()
    known[key] = value
    return value


def _looks_at_the_tag_first(condition: Predicate) -> bool:
    try:
        condition(StandIn())
    except Unsaid as refused:
        return refused.args == ("tag",)
    except Exception:
        return False
    return True


def _sorted(conditions: Iterable[Predicate], blind: StandIn) -> tuple[list[Predicate], list[Predicate]]:
    """The conditions that are certainly met, and those that have to be asked of each exchange."""
    certain: list[Predicate] = []
    open_: list[Predicate] = []
    for condition in conditions:
        try:
            if condition(blind):
                certain.append(condition)
        except Exception:  # refused, or something refused to be used as what it is: only the exchange itself can tell
            open_.append(condition)
    return certain, open_
