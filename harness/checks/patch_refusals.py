"""PATCH: the requests that have to be refused, because they are malformed or reach for what the client does not own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.oracles import mutability_faults, scim_type
from harness.checks.patching import MARK, one, pair
from harness.checks.state import instant, member, unassigned
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.step import USER
from harness.model.transcript import Transcript

MALFORMED = (400, 422)
"""How a request that makes no sense is refused; 422 is another clause's matter."""


def is_served(transcript: Transcript) -> bool:
    """Whether any PATCH of this scenario worked: a service that refuses all of them has one fault, not twenty."""
    return any(x.method == "PATCH" and x.ok for x in transcript.exchanges)


def _sent(*names: str) -> Callable[[Transcript], bool]:
    return lambda t: is_served(t) and any(one(t, f"patch.broken.{name}") for name in names)


def _refused(transcript: Transcript, names: tuple[str, ...], hint: str) -> Iterator[Finding]:
    for name in names:
        answer = one(transcript, f"patch.broken.{name}")
        if answer is not None and answer.status not in MALFORMED:
            yield Finding(
                expected=["HTTP 400"],
                actual=f"HTTP {answer.status}",
                hint=hint,
                exchange=answer.id,
                likeness=f"{name}-accepted" if answer.ok else f"{name}-{answer.status // 100}xx",
            )


@judges("RFC7644-3.5.2-01", probe="patching", when=_sent("urn"))
def a_patch_names_its_message(transcript: Transcript) -> Iterator[Finding]:
    hint = "Refuse a PATCH whose schemas do not hold the URN of PatchOp."
    yield from _refused(transcript, ("urn",), hint)


@judges("RFC7644-3.5.2-02", probe="patching", when=_sent("operations-missing", "operations-empty"))
def a_patch_has_operations(transcript: Transcript) -> Iterator[Finding]:
    hint = "Refuse a PATCH without at least one operation: a success would say that something was done."
    yield from _refused(transcript, ("operations-missing", "operations-empty"), hint)


@judges("RFC7644-3.5.2-03", probe="patching", when=_sent("op-missing", "op-move"))
def an_operation_is_add_remove_or_replace(transcript: Transcript) -> Iterator[Finding]:
    hint = "Refuse any operation but add, remove and replace."
    yield from _refused(transcript, ("op-missing", "op-move"), hint)


@judges("RFC7644-3.5.2-05", probe="patching", when=_sent("path-bracket", "path-filter"))
def a_malformed_path_is_refused(transcript: Transcript) -> Iterator[Finding]:
    hint = 'Refuse a path that does not follow the grammar, with scimType "invalidPath".'
    yield from _refused(transcript, ("path-bracket", "path-filter"), hint)


@judges("RFC7644-3.5.2-15", probe="patching", when=_sent("index", "path-pointer"))
def element_numbers_and_pointers_are_no_paths(transcript: Transcript) -> Iterator[Finding]:
    hint = "SCIM paths are not JSON Pointers: refuse numbers in brackets and leading slashes."
    yield from _refused(transcript, ("index", "path-pointer"), hint)


@judges("RFC7644-3.5.2-16", probe="patching", when=_sent("type-string", "type-number"))
def a_value_of_the_wrong_type_is_refused(transcript: Transcript) -> Iterator[Finding]:
    hint = 'Refuse a value that is not of the attribute\'s type, with scimType "invalidValue".'
    yield from _refused(transcript, ("type-string", "type-number"), hint)


@judges("RFC7644-3.5.2.1-01", probe="patching", when=_sent("add-no-value"))
def add_needs_a_value(transcript: Transcript) -> Iterator[Finding]:
    yield from _refused(transcript, ("add-no-value",), "Refuse an add without a value.")


@judges("RFC7644-3.5.2.3-10", probe="patching", when=_sent("replace-no-value"))
def replace_needs_a_value(transcript: Transcript) -> Iterator[Finding]:
    hint = "Refuse a replace without a value: taking it for false or null switches people off or on by accident."
    yield from _refused(transcript, ("replace-no-value",), hint)


@judges("RFC7644-3.5.2.2-01", probe="patching", when=_sent("remove-no-path"))
def remove_needs_a_path(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "patch.broken.remove-no-path")
    assert answer is not None
    if answer.status != 400 or scim_type(answer) != "noTarget":
        yield Finding(
            expected=['HTTP 400 with scimType "noTarget"'],
            actual=f"HTTP {answer.status} with scimType {as_json(scim_type(answer))}",
            at="/scimType" if answer.status == 400 else "",
            hint="Without a path nothing is named that could be removed.",
            exchange=answer.id,
            likeness="keyword" if answer.status == 400 else "status",
        )


@judges("RFC7644-3.5.2-17", probe="patching", when=lambda t: is_served(t) and one(t, "patch.nobody") is not None)
def a_patch_of_nobody_is_not_found(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "patch.nobody")
    assert answer is not None
    if answer.status != 404:
        yield Finding(
            expected=["HTTP 404"],
            actual=f"HTTP {answer.status}",
            hint="Look the resource up before anything else.",
            exchange=answer.id,
        )


# What the client does not own.


def _end(transcript: Transcript) -> dict[str, Any]:
    """The person as read after all the requests that had to be refused, or {}."""
    read = one(transcript, "patch.broken.read")
    return read.resource if read is not None else {}


@judges("RFC7644-3.5.2-08", probe="patching", when=lambda t: _sent("unknown")(t) and bool(_end(t)))
def an_unknown_attribute_is_not_stored(transcript: Transcript) -> Iterator[Finding]:
    value = member(_end(transcript), "nosuch")
    if value is not None:
        yield Finding(
            expected=["no attribute that the schema does not have"],
            actual=value,
            at="/nosuch",
            hint='Refuse a path to an unknown attribute with 400 and scimType "invalidPath", and never store it.',
            exchange=_id(transcript, "patch.broken.read"),
        )


@judges("STATE-03", probe="patching", when=lambda t: _sent("unknown")(t) and bool(_end(t)))
def success_is_not_claimed_for_what_was_ignored(transcript: Transcript) -> Iterator[Finding]:
    for name, attribute in (("unknown", "nosuch"), ("readonly-groups", "groups")):
        answer = one(transcript, f"patch.broken.{name}")
        if answer is not None and answer.ok and unassigned(member(_end(transcript), attribute)):
            if attribute == "groups" and _published(transcript, "groups"):
                continue
            yield Finding(
                expected=["HTTP 400"],
                actual=f"HTTP {answer.status}, and nothing stored",
                hint="Refuse what you do not store: the IdP believes that the value has arrived.",
                exchange=answer.id,
                likeness=name,
            )


@judges("RFC7644-3.5.2-06", probe="patching", when=_sent("readonly-id", "readonly-created"))
def read_only_attributes_are_refused_in_a_patch(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """id and meta everywhere; the display name too where the service owns all but active and externalId."""
    for tag, what in (("broken.readonly-id", "id"), ("broken.readonly-created", "meta.created")):
        yield from _mutability(transcript, tag, what)
    if not profile.supports("update"):
        yield from _mutability(transcript, "display-name", "displayName")


@judges("RFC7644-3.5.2.2-06", probe="patching", when=_sent("remove-user-name", "remove-id"))
def required_and_read_only_attributes_cannot_be_removed(transcript: Transcript) -> Iterator[Finding]:
    for tag, what in (("remove-user-name", "userName"), ("remove-id", "id")):
        yield from _mutability(transcript, f"broken.{tag}", what)


def _mutability(transcript: Transcript, tag: str, what: str) -> Iterator[Finding]:
    answer = one(transcript, f"patch.{tag}")
    if answer is not None:
        yield from mutability_faults(answer, what)


def _compared(transcript: Transcript) -> bool:
    before = one(transcript, "patch.before")
    return before is not None and bool(before.resource) and bool(_end(transcript))


@judges("RFC7643-7-M01", probe="patching", when=_compared)
def read_only_attributes_never_change_by_patch(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    before = one(transcript, "patch.before")
    assert before is not None
    yield from read_only_faults(before.resource, _end(transcript), profile, _id(transcript, "patch.broken.read"))


def read_only_faults(before: Any, after: Any, profile: Profile, exchange: str) -> Iterator[Finding]:
    """The read-only attributes that two representations disagree about: those that no service lets a client write, and
    the name of a person where the profile refuses updates."""
    paths: list[tuple[str, ...]] = [("id",), ("meta", "created"), ("meta", "resourceType")]
    if profile.refuses("update"):
        paths += [("userName",), ("displayName",)]
    for path in paths:
        old, new = member(before, *path), member(after, *path)
        if old != new and (instant(old) is None or instant(old) != instant(new)):
            yield Finding(
                expected=[str(old)],
                actual=new,
                at="/" + "/".join(path),
                hint="A client has changed an attribute that belongs to the service.",
                exchange=exchange,
                likeness="/".join(path),
            )


@judges("RFC7643-4.1.2-08", probe="patching", when=_sent("readonly-groups"))
def groups_of_a_person_cannot_be_patched(transcript: Transcript) -> Iterator[Finding]:
    answer, after = one(transcript, "patch.broken.readonly-groups"), _end(transcript)
    assert answer is not None
    if f"{MARK}group" in str(member(after, "groups")):
        yield stored_groups(answer)
    elif answer.ok and _published(transcript, "groups"):
        yield from mutability_faults(answer, "groups")


def stored_groups(exchange: Exchange) -> Finding:
    return Finding(
        expected=["groups unchanged"],
        actual="the groups that the client sent",
        at="/groups",
        hint="Membership changes through the group, never through the person: anybody's rights could be widened so.",
        exchange=exchange.id,
        likeness="stored",
    )


def published_attributes(transcript: Transcript, tag: str) -> list[dict[str, Any]]:
    """The attributes of the User schema in a /Schemas answer with this tag; [] when it tells none."""
    answer = one(transcript, tag)
    for schema in answer.resources if answer is not None else ():
        attributes = schema.get("attributes")
        if str(schema.get("id")).lower() == USER.lower() and isinstance(attributes, list):
            return [a for a in attributes if isinstance(a, dict)]
    return []


def _published(transcript: Transcript, name: str) -> str:
    """The published mutability of a User attribute, "" when it is not published."""
    for attribute in published_attributes(transcript, "patch.schemas"):
        if str(attribute.get("name")).lower() == name.lower():
            return str(attribute.get("mutability", "readWrite"))
    return ""


@judges("RFC7643-7-13", probe="patching", when=lambda t: bool(published_attributes(t, "patch.schemas")))
def published_mutability_is_what_happens(transcript: Transcript) -> Iterator[Finding]:
    """externalId and the display name, as far as /Schemas speaks of them."""
    told = _published(transcript, "externalId")
    written = pair(transcript, "patch.unset")
    if told and written is not None:
        stored = member(written[1].resource, "externalId") == f"{MARK}unset"
        yield from _agrees("externalId", told, stored, written[0])
    told, answer = _published(transcript, "displayName"), one(transcript, "patch.display-name")
    if told and answer is not None and _end(transcript):
        stored = member(_end(transcript), "displayName") == f"{MARK}name"
        yield from _agrees("displayName", told, stored, answer)


def _agrees(name: str, told: str, stored: bool, answer: Exchange) -> Iterator[Finding]:
    if (told == "readOnly" and stored) or (told == "readWrite" and not stored):
        yield Finding(
            expected=[f"{name} is {told}, as /Schemas says"],
            actual="the client changed it" if stored else f"HTTP {answer.status}, and it did not change",
            hint="Publish the mutability that the service has: administrators map attributes by it.",
            exchange=answer.id,
            likeness=name,
        )


def _id(transcript: Transcript, tag: str) -> str:
    exchange = one(transcript, tag)
    return exchange.id if exchange is not None else ""


_OWNED = ("broken.readonly-id", "broken.readonly-created", "broken.remove-user-name", "broken.remove-id")


def _refused_with_400(transcript: Transcript) -> list[Exchange]:
    found = [one(transcript, f"patch.{tag}") for tag in _OWNED]
    return [x for x in found if x is not None and x.status == 400]


@judges("RFC7644-3.12-05", probe="patching", when=lambda transcript: bool(_refused_with_400(transcript)))
def a_refused_change_says_mutability(transcript: Transcript) -> Iterator[Finding]:
    """The keyword tells a client that trying again will not help."""
    for answer in _refused_with_400(transcript):
        if scim_type(answer) != "mutability":
            yield Finding(
                expected=['"scimType": "mutability"'],
                actual=scim_type(answer),
                at="/scimType",
                hint="Say why the operation was refused: the attribute belongs to the service.",
                exchange=answer.id,
                likeness=answer.tag,
            )
