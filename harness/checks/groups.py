"""Groups: refused whole where they are not served; kept to the member where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from harness.checks.moments import WRITES, answered, id_in_path, is_collection, is_on
from harness.checks.oracles import Refusal, refusal_faults
from harness.checks.patching import one, pair
from harness.checks.state import member, patch_operations
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

UNSERVED = (404, 501, 403, 405)
_SELECTED = re.compile(r'members\[\s*value\s+eq\s+"([^"\\]*)"\s*\]', re.IGNORECASE)


def _asks_properly(exchange: Exchange) -> bool:
    """Whether the request carries the credential and nothing that another probe has spoilt on purpose."""
    ours = exchange.role in (Role.IDP, Role.WITNESS) or exchange.tag.startswith("refuse.group")
    return ours and answered(exchange)


# Where groups are not served.


@judges("PROF-D-02", when=lambda x: _asks_properly(x) and is_on(x, "Groups") and x.method in WRITES)
def group_writes_are_refused(exchange: Exchange) -> Iterator[Finding]:
    """A group push that was left on gets a loud no: a success would make the IdP believe in rights nobody has."""
    yield from refusal_faults(exchange, Refusal.UNSERVED)


def _lists_groups(exchange: Exchange) -> bool:
    return _asks_properly(exchange) and exchange.method == "GET" and is_collection(exchange, "Groups")


@judges("PROF-D-03", when=_lists_groups)
def a_list_of_groups_is_refused_or_empty(exchange: Exchange) -> Iterator[Finding]:
    """Okta reads groups when its settings are saved: an empty list or a clear no are both right."""
    expected = ["HTTP 404", *(f"HTTP {status}" for status in UNSERVED[1:]), "HTTP 200 with an empty list"]
    if exchange.status in UNSERVED:
        return
    total = member(exchange.json, "totalResults")
    if exchange.status == 200 and exchange.is_list and not exchange.resources and total in (0, None):
        return
    yield Finding(
        expected=expected,
        actual=f"HTTP {exchange.status}" + (f" with {len(exchange.resources)} groups" if exchange.ok else ""),
        hint="Groups are managed in the app: do not show them over SCIM, and do not fail either.",
        likeness="groups" if exchange.ok else f"{exchange.status // 100}xx",
    )


@judges("PROF-D-04", when=lambda x: _asks_properly(x) and x.method == "GET" and bool(id_in_path(x, "Groups")))
def no_group_can_be_read(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in UNSERVED:
        yield Finding(
            expected=[f"HTTP {status}" for status in UNSERVED],
            actual=f"HTTP {exchange.status}",
            hint="Answer 404 for every id below /Groups.",
            likeness="served" if exchange.ok else f"{exchange.status // 100}xx",
        )


# Where they are.


def _shows_members(exchange: Exchange) -> bool:
    return is_on(exchange, "Groups") and any(member(g, "members") is not None for g in exchange.resources)


@judges("RFC7643-4.2-02", when=_shows_members)
def members_are_objects_with_a_value(exchange: Exchange) -> Iterator[Finding]:
    for group in exchange.resources:
        members = member(group, "members")
        wrong = (
            [m for m in members if not isinstance(member(m, "value"), str)]
            if isinstance(members, list)
            else [members]
            if members is not None
            else []
        )
        if wrong:
            yield Finding(
                expected=['a list of objects with "value", the id of the member'],
                actual=wrong[0],
                at="/members",
                hint='Show each member as {"value": "...", "$ref": "...", "type": "User"}.',
            )
            return


def ids(group: Any) -> set[str]:
    """The ids of a group's members."""
    members = member(group, "members")
    values = [member(m, "value") for m in members] if isinstance(members, list) else []
    return {v for v in values if isinstance(v, str)}


def _told(value: Any) -> set[str] | None:
    """The ids in a value of ``members`` as it was sent; None when it has another shape."""
    listed = value if isinstance(value, list) else [value]
    found = [member(m, "value") for m in listed]
    return {v for v in found if isinstance(v, str)} if all(isinstance(v, str) for v in found) else None


def expected_members(exchanges: Iterable[Exchange]) -> set[str] | None:
    """Who is in the pushed group after these requests of an IdP, by the RFC; None when that cannot be told.

    Only what was confirmed counts. A removal with a list as value is read as Entra means it.
    """
    now: set[str] | None = None
    for exchange in exchanges:
        if not exchange.ok or not is_on(exchange, "Groups"):
            continue
        if exchange.intent is Intent.GROUP_CREATE or exchange.method == "PUT":
            now = _told(member(exchange.sent, "members") or [])
        elif exchange.intent is Intent.GROUP_UPDATE:
            for operation in patch_operations(exchange.sent):
                now = _after(operation, now)
    return now


def _after(operation: Any, now: set[str] | None) -> set[str] | None:
    op, path = str(member(operation, "op")).lower(), member(operation, "path")
    value = member(operation, "value")
    if path is None:
        value = member(value, "members")
        if value is None:
            return now
    elif not isinstance(path, str) or not path.lower().startswith("members"):
        return now
    selected = _SELECTED.fullmatch(path) if isinstance(path, str) else None
    if op == "remove":
        gone = {selected[1]} if selected else _told(value) if value is not None else now
        return None if now is None or gone is None else now - gone
    told = _told(value)
    if told is None or (path is not None and path.lower() != "members"):
        return None
    if op == "replace":
        return told
    return None if now is None else now | told


def _group_read(moment: Moment) -> Exchange | None:
    read = next((x for x in moment.after if x.intent is Intent.GROUP_READ and x.tag == "group-by-id"), None)
    return read if read is not None and read.resource else None


def _confirmed_group_write(moment: Moment) -> bool:
    sent = moment.asked(Intent.GROUP_CREATE, Intent.GROUP_UPDATE)
    return any(x.ok for x in sent) and _group_read(moment) is not None


@judges("STATE-02", when=_confirmed_group_write)
def a_confirmed_group_write_took_effect(moment: Moment, transcript: Transcript) -> Iterator[Finding]:
    """The group has exactly the members that the IdP has sent until now."""
    read = _group_read(moment)
    assert read is not None
    sent = [x for x in transcript.exchanges if x.role is Role.IDP and x.moment <= moment.index]
    wanted = expected_members(sent)
    if wanted is not None and ids(read.resource) != wanted:
        missing, extra = wanted - ids(read.resource), ids(read.resource) - wanted
        yield Finding(
            expected=[f"{len(wanted)} members, as the IdP has sent them"],
            actual=f"{len(missing)} missing, {len(extra)} too many",
            at="/members",
            hint="The IdP never reads members back: what was answered with success counts for ever.",
            exchange=read.id,
            likeness="missing" if missing else "extra",
        )


def _members_after(transcript: Transcript, tag: str) -> tuple[Exchange, Exchange, set[str], set[str]] | None:
    """The change, the read after it, the members before it and after it."""
    order = ("create", "add", "add-again", "remove", "remove-again")
    before = one(transcript, f"group.{order[order.index(tag) - 1]}.read")
    found = pair(transcript, f"group.{tag}")
    if before is None or not before.resource or found is None:
        return None
    return (*found, ids(before.resource), ids(found[1].resource))


def _changes(transcript: Transcript, tags: tuple[str, ...]) -> Iterator[Finding]:
    for tag in tags:
        found = _members_after(transcript, tag)
        if found is None:
            continue
        change, read, before, after = found
        wanted = _after(patch_operations(change.sent)[0], before)
        if not change.ok or after != wanted:
            yield Finding(
                expected=[f"success, and then {len(wanted or ())} members"],
                actual=f"HTTP {change.status}, and then {len(after)} members",
                at="/members",
                hint="Add and remove exactly the members that are named; what is so already is a success.",
                exchange=read.id if change.ok else change.id,
                likeness=tag,
            )


def _was_changed(*tags: str) -> Any:
    return lambda transcript: any(_members_after(transcript, tag) for tag in tags)


@judges("RFC7644-3.5.2.1-10", probe="group-members", when=_was_changed("add", "add-again"))
def adding_members_keeps_the_others(transcript: Transcript) -> Iterator[Finding]:
    yield from _changes(transcript, ("add", "add-again"))


@judges("RFC7644-3.5.2.2-08", probe="group-members", when=_was_changed("remove", "remove-again"))
def removing_a_member_keeps_the_others(transcript: Transcript) -> Iterator[Finding]:
    yield from _changes(transcript, ("remove", "remove-again"))
