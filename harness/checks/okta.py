"""What Okta expects of its own exchanges, beyond the RFCs. An expectation of a vendor, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.moments import (
    answered,
    by_present_name,
    is_collection,
    is_scim_error,
    state_after,
)
from harness.checks.reading import RIGHT_TOKEN, teller, text
from harness.checks.reading import asked as asked_for
from harness.checks.state import member
from harness.model.change import Import
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

PATIENCE_MS = 60_000
IDENTITY = (("id",), ("userName",), ("active",), ("name", "givenName"), ("name", "familyName"))
"""What Okta's published test asks of each person, besides the first mail address."""


def from_okta(exchange: Exchange) -> bool:
    """Whether the service answered Okta. A 401 to a key that Okta wrote in another way says nothing of the service."""
    spoken = exchange.role is Role.IDP and teller(exchange) == "okta" and answered(exchange)
    return spoken and (exchange.status != 401 or exchange.sent_header("Authorization") in (None, RIGHT_TOKEN))


def _sent(*intents: Intent) -> Callable[[Exchange], bool]:
    return lambda exchange: from_okta(exchange) and exchange.intent in intents


def _lists_people(exchange: Exchange) -> bool:
    return _sent(Intent.CONNECT, Intent.LIST)(exchange) and is_collection(exchange, "Users")


@judges("OKTA-01", when=_lists_people)
def okta_reads_the_list_of_people(exchange: Exchange) -> Iterator[Finding]:
    """A list with whole-number counts; each person with a name, a state and a mail address."""
    if exchange.status != 200 or not exchange.is_list or not isinstance(exchange.json.get("Resources"), list):
        yield Finding(
            expected=["HTTP 200 with a ListResponse, and Resources in it"],
            actual=f"HTTP {exchange.status}" + ("" if exchange.is_list else " and no list"),
            hint='Answer with "Resources": [] when nobody is there: without it Okta reports that no users came back.',
            likeness="list",
        )
        return
    for name in ("totalResults", "startIndex", "itemsPerPage"):
        value = exchange.json.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            yield Finding(
                expected=["a number"],
                actual=value,
                at=f"/{name}",
                hint="Okta reads these as numbers and gives up in silence when they are strings.",
                likeness=name,
            )
    for index, resource in enumerate(exchange.resources[:2]):
        yield from _identity(resource, f"/Resources/{index}")


def _exactly(resource: Any, *path: str) -> Any:
    """A value by attribute names in exactly this spelling, as Okta's test reads them."""
    for name in path:
        resource = resource.get(name) if isinstance(resource, dict) else None
    return resource


def _identity(resource: Any, at: str) -> Iterator[Finding]:
    emails = _exactly(resource, "emails")
    first = emails[0] if isinstance(emails, list) and emails else None
    missing = ["/".join(path) for path in IDENTITY if _exactly(resource, *path) is None]
    if not text(_exactly(first, "value")):
        missing.append("emails/0/value")
    for name in missing:
        yield Finding(
            expected=["a value"],
            actual=None,
            at=f"{at}/{name}",
            hint="Okta's published test wants id, userName, active, given and family name and a mail address.",
            likeness=name,
        )


@judges("OKTA-02", when=lambda x: _sent(Intent.READ)(x) and bool(x.resource))
def okta_reads_one_person(exchange: Exchange) -> Iterator[Finding]:
    yield from _identity(exchange.resource, "")


@judges("OKTA-03", when=_sent(Intent.LOOKUP))
def okta_looks_somebody_up(exchange: Exchange) -> Iterator[Finding]:
    """Nobody found is 200 with an empty list."""
    if exchange.status != 200 or not exchange.is_list:
        yield Finding(
            expected=["HTTP 200 with a ListResponse"],
            actual=f"HTTP {exchange.status}" + ("" if exchange.is_list else " and no list"),
            hint="Answer a filter with a list, also when nobody matches.",
            likeness=f"{exchange.status // 100}xx",
        )


@judges("OKTA-04", when=lambda exchange: exchange.status == 401 and answered(exchange))
def okta_shows_the_reason_of_a_401(exchange: Exchange) -> Iterator[Finding]:
    told = text(member(exchange.json, "detail"))
    if not is_scim_error(exchange) or not told or str(member(exchange.json, "status")) != "401":
        yield Finding(
            expected=['a SCIM error with "status": "401" and a detail'],
            actual=exchange.body[:120].decode("utf-8", "replace") or "an empty body",
            hint="Okta's test reads the body of a 401, and its administrators see the detail.",
        )


@judges("OKTA-05", when=_sent(Intent.CREATE))
def okta_creates_somebody(exchange: Exchange) -> Iterator[Finding]:
    """With a password, an empty list of groups and a locale, whether the service knows them or not."""
    if exchange.status != 201 or not exchange.resource:
        yield Finding(
            expected=["HTTP 201 with the person"],
            actual=f"HTTP {exchange.status}",
            hint="Pass over the password, the groups and whatever else of Okta's body is not served.",
        )


def _looks_up_in_capitals(exchange: Exchange) -> bool:
    name = re.fullmatch(r'userName eq "([^"\\]+)"', str(asked_for(exchange).get("filter", "")))
    by_name = is_collection(exchange, "Users") and exchange.method == "GET" and exchange.role is not Role.SETUP
    return bool(name and name[1].isascii() and name[1] == name[1].upper() != name[1].lower()) and by_name


@judges("OKTA-06", when=lambda exchange: answered(exchange) and _looks_up_in_capitals(exchange))
def okta_looks_up_in_capitals(exchange: Exchange) -> Iterator[Finding]:
    """Okta's published test writes the name of an existing person in capitals; whoever asks so is answered alike."""
    if exchange.status != 200:
        yield Finding(
            expected=["HTTP 200"],
            actual=f"HTTP {exchange.status}",
            hint="A user name has no letter case: look it up as it comes.",
        )


@judges("OKTA-07", when=lambda x: _sent(Intent.GROUP_READ)(x) and is_collection(x, "Groups"))
def okta_reads_the_groups_on_saving(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    """An optional step of Okta's test; a clear no costs that step alone, where nothing else is declared."""
    refused = exchange.status in (403, 404, 405, 501) and is_scim_error(exchange)
    refused = refused and not profile.tolerates("empty-group-list")
    if not refused and (exchange.status != 200 or not exchange.is_list):
        yield Finding(
            expected=["HTTP 200 with a ListResponse", "a SCIM error with 404, 405, 403 or 501"],
            actual=f"HTTP {exchange.status}",
            hint="Okta reads JSON here when its settings are saved: a web page or a server error spoils the setup.",
        )


# Finding and importing.


def _looks_up_who_is_there(moment: Moment) -> bool:
    linked = moment.part in moment.cast and moment.cast[moment.part].account is not None
    looked = (x for x in moment.during if _sent(Intent.LOOKUP)(x))
    return linked and any(by_present_name(x, moment) for x in looked) and _still_there(moment)


def _still_there(moment: Moment) -> bool:
    read = state_after(moment)
    return read is not None and bool(read.resource)


@judges("OKTA-12", when=_looks_up_who_is_there)
def okta_finds_who_is_there(moment: Moment) -> Iterator[Finding]:
    """The matching query of an assignment: without a hit Okta links nobody, and never deactivates them later."""
    member_of_cast = moment.cast[moment.part]
    assert member_of_cast.account is not None
    for lookup in moment.asked(Intent.LOOKUP):
        if from_okta(lookup) and [member(r, "id") for r in lookup.resources] != [member_of_cast.account.id]:
            yield Finding(
                expected=["this one person"],
                actual=f"HTTP {lookup.status} with {len(lookup.resources)} people",
                at="/Resources",
                hint="A person whom Okta does not find at the assignment is not linked, and stays when they leave.",
                exchange=lookup.id,
                likeness="several" if lookup.resources else "nobody",
            )


def _pages(moment: Moment) -> list[Exchange]:
    return [x for x in moment.asked(Intent.LIST) if from_okta(x) and is_collection(x, "Users") and x.ok]


@judges("OKTA-13", when=lambda moment: isinstance(moment.change, Import) and bool(_pages(moment)))
def okta_imports_everybody_once(moment: Moment) -> Iterator[Finding]:
    """Page after page of a hundred, in one order."""
    seen: set[str] = set()
    for page in _pages(moment):
        ids = [text(member(r, "id")) for r in page.resources]
        again = [i for i in ids if i in seen] + [i for i in dict.fromkeys(ids) if ids.count(i) > 1]
        seen |= set(ids)
        per_page = member(page.json, "itemsPerPage")
        if again:
            yield Finding(
                expected=["each person once over all pages"],
                actual=f"{len(again)} people twice",
                at="/Resources",
                hint="Keep one order for all pages, whatever is written in between.",
                exchange=page.id,
                likeness="twice",
            )
        if isinstance(per_page, int) and per_page != len(ids):
            yield Finding(
                expected=[str(len(ids))],
                actual=per_page,
                at="/itemsPerPage",
                hint="Okta counts on it: the number of people on this page, not the number that was asked for.",
                exchange=page.id,
                likeness="items-per-page",
            )


@judges("OKTA-15", when=from_okta)
def okta_does_not_wait_longer_than_a_minute(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    host = transcript.base_url.partition("://")[2].partition("/")[0]
    if exchange.elapsed_ms > PATIENCE_MS:
        yield Finding(
            expected=["an answer within 60 seconds"],
            actual=f"{exchange.elapsed_ms / 1000:.0f} seconds",
            hint="Answer first and finish the work later.",
            likeness="slow",
        )
    if "_" in host:
        yield Finding(
            expected=["a host name without an underscore"],
            actual=host,
            hint="Okta does not take a base URL with an underscore in it.",
            likeness="underscore",
        )
