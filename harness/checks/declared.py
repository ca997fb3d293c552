"""What a service says of itself: the discovery documents in a transcript, in whatever shape they came."""

from __future__ import annotations

from typing import Any

from harness.checks.once import once
from harness.checks.reading import asked, below, endpoint, listing, mapping, member, page, says_error, text
from harness.model.addressed import DISCOVERY
from harness.model.exchange import Exchange, Role
from harness.model.step import USER
from harness.model.transcript import Transcript

CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"

COMMON = frozenset({"schemas", "id", "externalid", "meta"})
"""Attributes of every resource, which no schema has to list (RFC 7643 §3.1)."""

BASIC_PARTS = frozenset({"value", "display", "type", "primary", "$ref"})
"""Sub-attributes that a multi-valued attribute may have without listing them (RFC 7643 §2.4)."""


def whole(exchange: Exchange, name: str) -> bool:
    """Whether an exchange is a plain, unfiltered GET of a discovery endpoint with a credential."""
    return (
        exchange.answered
        and exchange.method == "GET"
        and endpoint(exchange) == name
        and not below(exchange)
        and not asked(exchange)
        and not exchange.tag.startswith("token.")
        and exchange.role is not Role.SETUP
    )


@once
def configuration(transcript: Transcript) -> dict[str, Any]:
    """The ServiceProviderConfig that was read in this scenario, or {}; with or without a credential."""
    return next(
        (
            x.json
            for x in transcript.exchanges
            if x.ok and x.method == "GET" and endpoint(x) == "ServiceProviderConfig" and _is_object(x)
        ),
        {},
    )


def _is_object(exchange: Exchange) -> bool:
    return isinstance(exchange.json, dict) and not says_error(exchange)


def flag(config: dict[str, Any], feature: str) -> bool | None:
    """What the configuration says of a feature ("patch", "filter", ...); None when it says nothing readable."""
    value = member(member(config, feature), "supported")
    return value if isinstance(value, bool) else None


def answer_of(transcript: Transcript, name: str) -> Exchange | None:
    """The plain answer of a discovery endpoint when it is a list, or None."""
    return next((x for x in _read(transcript).get(name, ()) if x.is_list), None)


@once
def _read(transcript: Transcript) -> dict[str, list[Exchange]]:
    """The plain answers of each discovery endpoint. Their bodies are not looked at: a recording may lack some."""
    found: dict[str, list[Exchange]] = {}
    for exchange in transcript.exchanges:
        name = endpoint(exchange)
        if name in DISCOVERY and whole(exchange, name) and exchange.ok:
            found.setdefault(name, []).append(exchange)
    return found


@once
def resource_types(transcript: Transcript) -> list[dict[str, Any]]:
    """The entries of /ResourceTypes, or []."""
    answer = answer_of(transcript, "ResourceTypes")
    return [mapping(entry) for entry in page(answer)] if answer is not None else []


@once
def definitions(transcript: Transcript) -> dict[str, dict[str, Any]]:
    """The entries of /Schemas by URN, or {}."""
    answer = answer_of(transcript, "Schemas")
    found: dict[str, dict[str, Any]] = {}
    for entry in page(answer) if answer is not None else ():
        if urn := text(member(entry, "id")):
            found.setdefault(urn, entry)
    return found


def type_of(transcript: Transcript, collection: str) -> dict[str, Any]:
    """The resource type whose endpoint is this collection ("Users"), or {}."""
    for entry in resource_types(transcript):
        if text(member(entry, "endpoint")).rstrip("/").rsplit("/", 1)[-1] == collection:
            return entry
    return {}


def declared_urns(entry: dict[str, Any]) -> set[str]:
    """The base and extension URNs of a resource type."""
    extensions = (text(member(e, "schema")) for e in listing(member(entry, "schemaExtensions")))
    return {urn for urn in (text(member(entry, "schema")), *extensions) if urn}


def attribute(definition: Any, name: str) -> dict[str, Any]:
    """One attribute of a definition by name, any letter case, or {}."""
    for entry in listing(member(definition, "attributes")):
        if text(member(entry, "name")).lower() == name.lower():
            return mapping(entry)
    return {}


def always_returned(transcript: Transcript) -> set[str]:
    """Names in lower case of the user attributes that are published as returned always; id is one in any case."""
    found = {"id"}
    for exchange in transcript.exchanges:
        for definition in (exchange.json, *page(exchange)) if exchange.ok and endpoint(exchange) == "Schemas" else ():
            if text(member(definition, "id")).lower() == USER.lower():
                entries = listing(member(definition, "attributes"))
                found |= {text(member(a, "name")).lower() for a in entries if member(a, "returned") == "always"}
    return found - {""}
