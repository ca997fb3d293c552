"""Shown: what the checks that look at each resource find in it, looked at once however often it is shown.

It is known by the outline of the resource, by the resource where that did not do, and by the whole answer.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.checks.reading import projected, searches, shown
from harness.model.addressed import COLLECTIONS
from harness.model.bounded import kept
from harness.model.check import Check, Each
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.schemas.outline import Outline, filled, outlined
from harness.schemas.outline import key as outline_key

_MOST = 2048
"""How many resources and answers are remembered at a time, with what was found in them."""

_LARGEST = 8_192
"""An answer of more bytes is not remembered as a whole."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found in one resource: the checks that had something to look at, those that found something, and those
    that fell over. ``alike`` are those that have something to look at in every resource of the same outline."""

    alike: frozenset[str]
    met: tuple[str, ...]
    found: tuple[tuple[Check, tuple[Finding, ...]], ...]
    broken: tuple[tuple[Check, Exception], ...]


Page = tuple[tuple[str, Known], ...]
"""What was found in the resources of an answer, by their JSON Pointers."""


class Shown:
    """What the checks of each resource find. What is learnt of one answer serves for the next ones."""

    def __init__(self, checks: Iterable[Check]) -> None:
        given = tuple(checks)
        self.each = {
            (collection, whole): tuple(
                (check, check.each)
                for check in given
                if check.each is not None and collection in check.each.collections and (whole or not check.each.whole)
            )
            for collection in COLLECTIONS
            for whole in (True, False)
        }
        self._known: dict[tuple[str, bool, bytes], Known] = {}
        self._pages: dict[tuple[str, bool, bool, bool, bytes], Page] = {}
        self._outlined: dict[tuple[str, bool, bytes], tuple[frozenset[str], tuple[tuple[Check, Each], ...]]] = {}

    def known(self, collection: str, whole: bool, resource: dict[str, Any]) -> Known:
        """What the checks that look at each resource find in this one."""
        key = (collection, whole, marshal.dumps(resource, 2))
        found = self._known.get(key)
        if found is None:
            met, again = self._by_outline(collection, whole, outlined(resource))
            found = kept(self._known, key, _look_at(resource, again, met), _MOST)
        return found

    def page(self, collection: str, exchange: Exchange) -> Page:
        """The same for each resource of an answer, with its JSON Pointer; the same object for the same answer."""
        whole, body = not projected(exchange), exchange.body
        key = (collection, whole, exchange.ok, searches(exchange), body)
        page = self._pages.get(key)
        if page is None:
            page = tuple((pointer, self.known(collection, whole, resource)) for pointer, resource in shown(exchange))
            if len(body) <= _LARGEST:
                kept(self._pages, key, page, _MOST)
        return page

    def _by_outline(
        self, collection: str, whole: bool, outline: Outline
    ) -> tuple[frozenset[str], tuple[tuple[Check, Each], ...]]:
        """The checks that are content with every resource of this outline, and those that have to look at each."""
        key = (collection, whole, outline_key(outline))
        known = self._outlined.get(key)
        if known is None:
            all_of_them = self.each[collection, whole]
            told = _look_at(filled(outline), all_of_them)
            again = {check.id for check, _ in (*told.found, *told.broken)}
            left = tuple((check, each) for check, each in all_of_them if check.id in again)
            known = kept(self._outlined, key, (frozenset(told.met) - again, left), _MOST)
        return known


def _look_at(
    resource: dict[str, Any], checks: Iterable[tuple[Check, Each]], alike: frozenset[str] = frozenset()
) -> Known:
    met, found, broken = [], [], []
    for check, each in checks:
        try:
            if not each.when(resource):
                continue
            findings = tuple(each.function(resource) or ())
        except Exception as error:
            broken.append((check, error))
            continue
        met.append(check.id)
        if findings:
            found.append((check, findings))
    return Known(alike, tuple(met), tuple(found), tuple(broken))
