"""Import: Okta reads everybody, and the groups when it imports them."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.change import Import
from harness.model.exchange import Exchange
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.mapping import PAGE, page
from simulators.render import Address, Ask, identifier


@sequence(
    "Import users and groups",
    on=(Import,),
    evidence="documented",
    source=sources.REFERENCE,
    seen="2024-08",
    omits="confirming imported people, profile sourcing, and the safeguard against mass removals",
)
def import_users(okta: Okta, _change: Import, _cast: Cast) -> Steps:
    """Every page of a hundred people, then of groups when Import Groups is on."""
    yield from read_everybody(okta)


def read_everybody(okta: Okta) -> Ask[None]:
    """One full scan. There is no other kind: Okta never asks a cloud service what has changed since the last one.

    When the people cannot be read, the groups are not asked for.
    """
    read = yield from _pages(okta, okta.users(), Intent.LIST, "Retrieve users")
    if read and okta.imports_groups:
        yield from _pages(okta, okta.groups(), Intent.GROUP_READ, "Retrieve groups", okta.groups_seen)


def _pages(okta: Okta, address: Address, intent: Intent, title: str, names: dict[str, str] | None = None) -> Ask[bool]:
    """Page after page until the total is covered; an empty page ends the scan, too. Whether all could be read."""
    start = 1
    while True:
        answer: Exchange = yield okta.get(address, intent, title, query=page(start))
        found = okta.found(answer)
        if not found:
            return found is not None
        if names is not None:
            names |= {g["displayName"]: identifier(g) for g in found if isinstance(g.get("displayName"), str)}
        start += PAGE
        total = answer.json.get("totalResults")
        if not isinstance(total, int) or start > total:
            return True
