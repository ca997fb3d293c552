"""What a service declares: its discovery documents say no more than it does, and no less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import answer_of, configuration, declared_urns, flag, resource_types, whole
from harness.checks.patching import one
from harness.checks.reading import endpoint, listing, mapping, member, page, schemas_of, text
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import GROUP, USER
from harness.model.transcript import Transcript

ABOUT_ITSELF = "urn:ietf:params:scim:schemas:core:2.0:"
_CONFIGURATION = ("serviceproviderconfig", "resourcetype", "schema")


def _is_about_people(schema: dict[str, Any]) -> bool:
    """Whether a schema describes people or extends them, and not the discovery documents or groups."""
    urn = text(member(schema, "id")).lower()
    return urn not in (f"{ABOUT_ITSELF}{name}".lower() for name in (*_CONFIGURATION, "group"))


def _publishes_people(exchange: Exchange) -> bool:
    return whole(exchange, "Schemas") and exchange.is_list and any(_is_people(s) for s in page(exchange))


def _is_people(schema: Any) -> bool:
    return text(member(schema, "id")).lower() == USER.lower()


def _writable(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and mutability of the attributes that a client may write, sub-attributes with a dot."""
    for attribute in map(mapping, listing(member(schema, "attributes"))):
        name, mutability = text(member(attribute, "name")), member(attribute, "mutability") or "readWrite"
        if mutability != "readOnly":
            yield name, str(mutability)
            continue
        for part in map(mapping, listing(member(attribute, "subAttributes"))):
            mutability = member(part, "mutability") or "readWrite"
            if mutability != "readOnly":
                yield f"{name}.{text(member(part, 'name'))}", str(mutability)


@judges("PROF-D-05", when=_publishes_people)
def only_active_is_published_as_writable(exchange: Exchange) -> Iterator[Finding]:
    """And externalId, where it is listed."""
    for index, schema in enumerate(exchange.resources):
        if not _is_about_people(schema):
            continue
        found = dict(_writable(schema))
        if _is_people(schema) and found.get("active") != "readWrite":
            yield Finding(
                expected=['active with "mutability": "readWrite"'],
                actual=found.get("active", "absent or readOnly"),
                at=f"/Resources/{index}/attributes",
                hint="Publish active, and publish it as writable: it is what the service is there for.",
                likeness="active",
            )
        for name in [name for name in found if name not in ("active", "externalId")]:
            yield Finding(
                expected=[f'{name} with "mutability": "readOnly"'],
                actual=found[name],
                at=f"/Resources/{index}/attributes",
                hint="Publish what clients cannot write as readOnly: administrators map attributes by it.",
                likeness=name,
            )


@judges("PROF-D-06", when=_publishes_people)
def a_read_only_service_publishes_nothing_writable(exchange: Exchange) -> Iterator[Finding]:
    for index, schema in enumerate(exchange.resources):
        for name, mutability in _writable(schema) if _is_about_people(schema) else ():
            yield Finding(
                expected=[f'{name} with "mutability": "readOnly"'],
                actual=mutability,
                at=f"/Resources/{index}/attributes",
                hint="Publish every attribute as readOnly where nothing can be written.",
                likeness=name,
            )


@judges("PROF-D-06", when=lambda t: bool(configuration(t)))
def a_read_only_service_announces_no_write(transcript: Transcript) -> Iterator[Finding]:
    for feature in ("patch", "bulk", "changePassword"):
        if flag(configuration(transcript), feature):
            yield Finding(
                expected=[f'"{feature}": {{"supported": false}}'],
                actual=True,
                at=f"/{feature}/supported",
                hint="Announce no way to write where nothing can be written.",
                exchange=_exchange(transcript, "ServiceProviderConfig"),
                likeness=feature,
            )


def _exchange(transcript: Transcript, name: str) -> str:
    return next((x.id for x in transcript.exchanges if x.ok and endpoint(x) == name), "")


_WRITES = ("POST", "PUT", "PATCH", "DELETE")


def _tells_methods(transcript: Transcript) -> bool:
    refused = one(transcript, "refuse.create.repeat")
    return refused is not None and refused.is_error


@judges("PROF-D-13", probe="refused-creation", when=_tells_methods)
def refusals_agree_with_discovery(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """No Allow names what is refused, no resource type stands for what is not served, and a page says why."""
    for exchange in transcript.exchanges:
        allow = exchange.header("Allow")
        told = [method.strip().upper() for method in (allow or "").split(",")]
        if exchange.tag.startswith("refuse.create") and exchange.is_error and exchange.method in told:
            yield Finding(
                expected=[f"an Allow without {exchange.method}"],
                actual=allow,
                at="Allow",
                hint="Allow lists what works at this address, and nothing that was just refused.",
                exchange=exchange.id,
                likeness="allow",
            )
    types = answer_of(transcript, "ResourceTypes")
    if types is not None and profile.refuses("groups"):
        yield from _group_types(transcript, types)
    config = one(transcript, "declared.config")
    if config is not None and config.ok and not text(member(config.json, "documentationUri")):
        yield Finding(
            expected=["the address of a page for administrators"],
            actual=member(config.json, "documentationUri"),
            at="/documentationUri",
            hint="SCIM has no flag for “people are not created here”: link the page that says so.",
            exchange=config.id,
            likeness="documentation",
        )
    if config is not None and profile.refuses("bulk") and flag(configuration(transcript), "bulk"):
        yield Finding(
            expected=['"bulk": {"supported": false}'],
            actual=True,
            at="/bulk/supported",
            hint="Announce only what is served.",
            exchange=config.id,
            likeness="bulk",
        )
    if config is not None and profile.supports("deactivate") and flag(configuration(transcript), "patch") is False:
        yield Finding(
            expected=['"patch": {"supported": true}'],
            actual=False,
            at="/patch/supported",
            hint="PATCH works, if only on active: announce it.",
            exchange=config.id,
            likeness="patch",
        )


def _group_types(transcript: Transcript, answer: Exchange) -> Iterator[Finding]:
    for entry in resource_types(transcript):
        if GROUP.lower() in {urn.lower() for urn in declared_urns(entry)}:
            yield Finding(
                expected=["no resource type for groups"],
                actual=text(member(entry, "name")),
                at="/Resources",
                hint="List only the kinds of resource that are served.",
                exchange=answer.id,
                likeness="groups",
            )


def _shows_people(exchange: Exchange) -> bool:
    people = endpoint(exchange) == "Users" and any(USER in schemas_of(r) for r in exchange.resources)
    return people or _publishes_people(exchange)


def _has_groups(schema: dict[str, Any]) -> bool:
    return any(text(member(a, "name")).lower() == "groups" for a in listing(member(schema, "attributes")))


@judges("PROF-D-21", when=_shows_people)
def people_carry_no_groups_where_none_are_served(exchange: Exchange, profile: Profile) -> Iterator[Finding]:
    if profile.supports("groups"):
        return
    at_people = endpoint(exchange) == "Users"
    for resource in exchange.resources:
        if member(resource, "groups") is not None if at_people else _is_people(resource) and _has_groups(resource):
            yield Finding(
                expected=["no groups attribute"],
                actual=member(resource, "groups") if endpoint(exchange) == "Users" else "published in /Schemas",
                at="/groups",
                hint="groups holds ids of Group resources: without such resources leave it out.",
                likeness=endpoint(exchange),
            )
            return
