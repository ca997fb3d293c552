"""Checks that look at each person, or each resource, of an answer by itself.

The resource is the first parameter, and pointers begin at it: where it stands in the answer is added here. The judge
asks such a check once for all answers that show the very same resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from typing import Any

from harness.checks.reading import entries, projected
from harness.model.addressed import COLLECTIONS
from harness.model.check import CheckFunction, Each, always, judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding

Resource = dict[str, Any]
EachFunction = Callable[[Resource], Iterable[Finding]]


def judges_people(
    *requirements: str, when: Callable[[Resource], bool] = always, whole: bool = False, by_client: bool = False
) -> Callable[[EachFunction], CheckFunction]:
    """Register a function as the check of these requirements for each person of a 2xx answer at /Users.

    ``when`` is asked of the person; ``whole`` leaves out answers to a request for some attributes only.
    """
    return _judges(requirements, ("Users",), when, whole=whole, by_client=by_client)


def judges_resources(
    *requirements: str, when: Callable[[Resource], bool] = always, whole: bool = False, by_client: bool = False
) -> Callable[[EachFunction], CheckFunction]:
    """The same for each person and each group."""
    return _judges(requirements, COLLECTIONS, when, whole=whole, by_client=by_client)


def _judges(
    requirements: tuple[str, ...],
    collections: tuple[str, ...],
    when: Callable[[Resource], bool],
    *,
    whole: bool,
    by_client: bool,
) -> Callable[[EachFunction], CheckFunction]:
    def decorate(function: EachFunction) -> CheckFunction:
        each = Each(collections, when, function, whole)

        @wraps(function)
        def in_all(exchange: Exchange) -> Iterator[Finding]:
            for pointer, resource in entries(exchange, *each.collections):
                if each.when(resource):
                    yield from (at(pointer, finding) for finding in function(resource))

        del in_all.__wrapped__  # what it looks at is told by its own parameter, an exchange

        def shows_any(exchange: Exchange) -> bool:
            if each.whole and projected(exchange):
                return False
            return any(each.when(resource) for _, resource in entries(exchange, *each.collections))

        return judges(*requirements, when=shows_any, by_client=by_client, each=each)(in_all)

    return decorate


def at(pointer: str, finding: Finding) -> Finding:
    """A finding about a resource, as one about the answer in which it stands at this pointer."""
    return replace(finding, at=f"{pointer}{finding.at}") if pointer else finding
