"""Check: a pure function, Transcript in, Findings out. Never sends, never grades."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.model.finding import Finding

CheckFunction = Callable[..., Iterable[Finding] | None]
Predicate = Callable[..., bool]


class Scope(enum.StrEnum):
    """What a check looks at, taken from the name of its first parameter."""

    EXCHANGE = "exchange"
    MOMENT = "moment"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True)
class Each:
    """How a check looks at one resource of an answer by itself: whether there is anything to look at, and its judge.

    Both are given the resource (a JSON object) and nothing else, so what they said of it holds wherever the very same
    resource is shown again. ``collections`` are the endpoints at which it looks ("Users", "Groups"); ``whole`` leaves
    out answers to which some attributes only were asked for. Pointers in its findings begin at the resource.
    """

    collections: tuple[str, ...]
    when: Predicate
    function: CheckFunction
    whole: bool = False


@dataclass(frozen=True)
class Check:
    """A judge of one or more requirements.

    ``id`` is "module.function". ``when`` tells for one subject (an Exchange, a Moment or a Transcript, by ``scope``)
    whether the check has anything to look at there: a check that met no subject is *not applicable* (or *not run*),
    never passed. ``probe`` restricts the check to one probe by name. ``arguments`` are the further parameters it asks
    for ("profile", "transcript"). ``by_client``: what it judges may stand there because a client wrote it so; in a
    recording, whose client is not ours, nobody can tell whose mistake it is. ``each`` says that it is nothing but the
    sum of what it finds in the resources of an answer.
    """

    id: str
    requirements: tuple[str, ...]
    scope: Scope
    when: Predicate
    function: CheckFunction
    title: str
    probe: str = ""
    arguments: tuple[str, ...] = ()
    by_client: bool = False
    each: Each | None = None

    def judge(self, subject: Any, **extras: Any) -> Iterator[Finding]:
        """Run the check on one subject. ``extras`` holds everything a check may ask for by parameter name."""
        found = self.function(subject, **{name: extras[name] for name in self.arguments})
        yield from found or ()


REGISTRY: dict[str, Check] = {}
"""All checks that have been imported, by id."""


def always(_subject: Any) -> bool:
    return True


def judges(
    *requirements: str, when: Predicate = always, probe: str = "", by_client: bool = False, each: Each | None = None
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check of these requirements.

    The name of the first parameter says what it looks at: ``exchange``, ``moment`` or ``transcript``. The function
    yields a Finding per defect; nothing means passed. ``when`` receives the same first argument. Raises TypeError on
    another first parameter, ValueError on a second check with the same id.
    """

    def decorate(function: CheckFunction) -> CheckFunction:
        names = list(inspect.signature(function).parameters)
        if not names or names[0] not in {scope.value for scope in Scope}:
            raise TypeError(f"{function.__qualname__}: the first parameter must be one of {[s.value for s in Scope]}")
        unknown = set(names[1:]) - {"profile", "transcript"}
        if unknown:
            raise TypeError(f"{function.__qualname__}: a check cannot ask for {sorted(unknown)}")
        check_id = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        if check_id in REGISTRY and REGISTRY[check_id].function.__module__ != function.__module__:
            raise ValueError(f"two checks are called {check_id}")
        REGISTRY[check_id] = Check(
            id=check_id,
            requirements=requirements,
            scope=Scope(names[0]),
            when=when,
            function=function,
            title=function.__name__.replace("_", " "),
            probe=probe,
            arguments=tuple(names[1:]),
            by_client=by_client,
            each=each,
        )
        return function

    return decorate
