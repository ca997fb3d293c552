"""What Entra ID expects of its own exchanges, beyond the RFCs. An expectation of a vendor, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.groups import ids
from harness.checks.moments import (
    answered,
    is_collection,
    is_on,
)
from harness.checks.oracles import Refusal, refusal_faults
from harness.checks.patching import one, pair
from harness.checks.reading import asked as asked_for
from harness.checks.reading import endpoint, teller
from harness.checks.state import member, patch_operations
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Transcript


def from_entra(exchange: Exchange) -> bool:
    return exchange.role is Role.IDP and teller(exchange) == "entra" and answered(exchange)


def _sent(*intents: Intent) -> Callable[[Exchange], bool]:
    return lambda exchange: from_entra(exchange) and exchange.intent in intents


def _tests_the_connection(exchange: Exchange) -> bool:
    return _sent(Intent.CONNECT)(exchange) and is_collection(exchange, "Users") and "count=" not in exchange.query


@judges("ENTRA-01", when=_tests_the_connection)
def entra_asks_for_somebody_who_cannot_exist(exchange: Exchange) -> Iterator[Finding]:
    total = member(exchange.json, "totalResults")
    if exchange.status != 200 or not exchange.is_list or exchange.resources or total not in (0, None):
        yield Finding(
            expected=["HTTP 200 with an empty list"],
            actual=f"HTTP {exchange.status}"
            + (f" with {len(exchange.resources)} people" if exchange.is_list else " and no list"),
            hint="Entra takes anything else for an endpoint that does not speak SCIM.",
            likeness=f"{exchange.status // 100}xx" if exchange.status != 200 else "list",
        )


def _matches_by_mail(exchange: Exchange) -> bool:
    people = exchange.method == "GET" and is_collection(exchange, "Users") and answered(exchange)
    return people and bool(
        re.fullmatch(r'emails\[type eq "work"\]\.value eq "[^"]*"', str(asked_for(exchange)["filter"]))
    )


@judges("ENTRA-08", when=lambda exchange: "filter" in asked_for(exchange) and _matches_by_mail(exchange))
def entra_matches_by_mail(exchange: Exchange) -> Iterator[Finding]:
    """A filter outside the RFC's grammar, which some administrators need; whoever asks it is answered alike."""
    if exchange.status != 200:
        yield Finding(
            expected=["HTTP 200"],
            actual=f"HTTP {exchange.status}",
            hint='Matching by mail address needs emails[type eq "work"].value as a filter.',
        )


@judges("ENTRA-07", when=lambda x: _sent(Intent.DELETE)(x) and is_on(x, "Users"))
def entra_deletes_after_thirty_days(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    """Carried out, or refused properly: anything else is tried again in every cycle."""
    gone = exchange.status in (200, 204, 404)
    if not gone or profile.refuses("delete"):
        yield from refusal_faults(exchange, Refusal.SERVED, also=(404,))


@judges("ENTRA-16", probe="external-id", when=lambda t: bool(_kept(t)))
def entra_reads_what_it_has_sent(transcript: Transcript) -> Iterator[Finding]:
    """A value that comes back changed differs for ever, and is sent again in every cycle."""
    for sent, read in _kept(transcript):
        if member(read.resource, "externalId") != sent:
            yield Finding(
                expected=[sent],
                actual=member(read.resource, "externalId"),
                at="/externalId",
                hint="Store and return values as they were sent.",
                exchange=read.id,
            )


def _kept(transcript: Transcript) -> list[tuple[str, Exchange]]:
    """What was sent as externalId and confirmed, with the read after it."""
    found = []
    for tag in ("set", "names"):
        asked = pair(transcript, f"external-id.{tag}")
        values = [member(o, "value") for o in patch_operations(asked[0].sent)] if asked is not None else []
        if asked is not None and asked[0].ok and values and isinstance(values[0], str):
            found.append((values[0], asked[1]))
    return found


# Writing people and groups, where they can be written.


@judges("ENTRA-09", probe="several-attributes", when=lambda t: pair(t, "update.several") is not None)
def entra_updates_several_attributes(transcript: Transcript) -> Iterator[Finding]:
    """In one PATCH, with dots and brackets in the paths. Our simulated jobs map active alone, so a probe replays it."""
    found = pair(transcript, "update.several")
    assert found is not None
    sent, read = found
    if not sent.ok:
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {sent.status}",
            hint="Take paths with dots and with a value filter; one path that is refused costs the whole request.",
            exchange=sent.id,
            likeness="refused",
        )
        return
    for operation in patch_operations(sent.sent):
        path, value = str(member(operation, "path")), member(operation, "value")
        if value not in _values(read.resource, path):
            yield Finding(
                expected=[str(value)],
                actual=_values(read.resource, path) or None,
                at=f"/{path}",
                hint="The update was answered with success: store all of it.",
                exchange=read.id,
                likeness=path,
            )


def _values(resource: Any, path: str) -> list[Any]:
    """What a resource has under a path, whatever filter stands in it."""
    found = [resource]
    for name in re.sub(r"\[[^\]]*\]", "", path).split("."):
        inside = [member(part, name) for part in found]
        found = [v for value in inside for v in (value if isinstance(value, list) else [value]) if v is not None]
    return found


@judges("ENTRA-11", when=_sent(Intent.GROUP_LOOKUP, Intent.GROUP_UPDATE))
def entra_works_on_groups(exchange: Exchange) -> Iterator[Finding]:
    """A lookup that leaves members out, and changes that are answered with success."""
    if exchange.intent is Intent.GROUP_UPDATE:
        if not exchange.ok:
            yield Finding(
                expected=["HTTP 204"],
                actual=f"HTTP {exchange.status}",
                hint="Take Entra's group changes, members with a null $ref included.",
                likeness="update",
            )
        return
    if exchange.status != 200 or not exchange.is_list or len(exchange.resources) > 1:
        yield Finding(
            expected=["HTTP 200 with one group or none"],
            actual=f"HTTP {exchange.status} with {len(exchange.resources)} groups",
            hint="Keep group names unique, and answer the filter on displayName with a list.",
            likeness="lookup",
        )
    elif "count=" not in exchange.query and any(member(g, "members") for g in exchange.resources):
        yield Finding(
            expected=["a group without its members"],
            actual="members, although they were excluded",
            at="/Resources/0/members",
            hint="Obey excludedAttributes=members: large groups come back as an error in Entra's log otherwise.",
            likeness="members",
        )


@judges("ENTRA-12", probe="group-members", when=lambda t: bool(_removals(t)))
def entra_removes_one_member(transcript: Transcript) -> Iterator[Finding]:
    """By value without the flag, by a filter with it: one member goes, the others stay. A probe replays both."""
    for tag, sent, before, read in _removals(transcript):
        gone, left = before - ids(read.resource), ids(read.resource)
        if not sent.ok or len(gone) != 1 or left - before:
            yield Finding(
                expected=[f"success, and {len(before) - 1} of {len(before)} members left"],
                actual=f"HTTP {sent.status}, and {len(left)} members left",
                at="/members",
                hint="Take a value on a removal for the members to be removed, as Entra means it.",
                exchange=read.id if sent.ok else sent.id,
                likeness=f"{tag}-emptied" if sent.ok and not left else tag,
            )


def _removals(transcript: Transcript) -> list[tuple[str, Exchange, set[str], Exchange]]:
    """Each way of removing, the request, the members before it and the read after it."""
    found = []
    for tag, earlier in (("remove", "add-again"), ("remove-by-value", "add-back")):
        before, asked = one(transcript, f"group.{earlier}.read"), pair(transcript, f"group.{tag}")
        if before is not None and before.resource and asked is not None:
            found.append((tag, asked[0], ids(before.resource), asked[1]))
    return found


@judges("ENTRA-13", when=lambda x: _sent(Intent.CREATE)(x) and is_on(x, "Users"))
def entra_creates_somebody(exchange: Exchange) -> Iterator[Finding]:
    """With an empty list of roles, meta.resourceType, and the enterprise URN without its container."""
    if exchange.status != 201 or not exchange.resource:
        yield Finding(
            expected=["HTTP 201 with the person"],
            actual=f"HTTP {exchange.status}",
            hint="Pass over what Entra sends and the service does not know.",
        )


def _shows_schemas(exchange: Exchange) -> bool:
    plain = exchange.method == "GET" and endpoint(exchange) == "Schemas" and exchange.status == 200
    return plain and exchange.role is not Role.SETUP and "filter" not in exchange.query


@judges("ENTRA-15", when=lambda x: _shows_schemas(x) and is_collection(x, "Schemas"))
def entra_reads_the_schemas(exchange: Exchange) -> Iterator[Finding]:
    """A list, and nothing in it that is null."""
    if not exchange.is_list:
        yield Finding(
            expected=["a ListResponse"],
            actual=type(exchange.json).__name__,
            hint="Wrap the schemas in a ListResponse.",
            likeness="list",
        )
    elif (place := _null(exchange.json, "")) is not None:
        yield Finding(
            expected=["no member that is null"],
            actual=None,
            at=place,
            hint="Leave out what has no value.",
            likeness="null",
        )


def _null(value: Any, at: str) -> str | None:
    """The JSON Pointer of the first null inside a value, or None."""
    if value is None:
        return at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return next((place for key, part in inside if (place := _null(part, f"{at}/{key}")) is not None), None)
