"""People whom a probe has made with many details: values in lists, the extension, what is unique or immutable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.employment import ENTERPRISE
from harness.checks.filter_results import disagreements
from harness.checks.filters import declined
from harness.checks.http import one
from harness.checks.reading import (
    attributes_of,
    elsewhere,
    holds,
    mapping,
    member,
    people,
    schemas_of,
    seen,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

PROBE = "detailed"
READ = "detailed.person"


def _person(transcript: Transcript, place: int = 0) -> dict[str, Any]:
    """One of the three people as first read, or {}."""
    read = [p for x in transcript.tagged(READ) for _, p in people(x)]
    return read[place] if place < len(read) else {}


def _found(transcript: Transcript, *tags: str) -> list[Exchange]:
    """The answers to these lookups when the plain one works: only then another one tells something."""
    plain = one(transcript, "detailed.exact")
    works = plain is not None and plain.ok and holds(plain, _person(transcript))
    answers = [one(transcript, f"detailed.{tag}") for tag in tags] if works else []
    return [x for x in answers if x is not None and not declined(x) and not elsewhere(x)]


@judges("RFC7644-3.4.2.2-26", probe=PROBE, when=lambda t: bool(_found(t, "second")))
def any_of_several_values_may_match(transcript: Transcript) -> Iterator[Finding]:
    hint = "Every address of a person is looked at, not the first alone."
    yield from disagreements(transcript, _found(transcript, "second"), hint, READ)


@judges("RFC7644-3.4.2.2-25", probe=PROBE, when=lambda t: bool(_found(t, "together", "apart")))
def in_brackets_one_value_meets_all(transcript: Transcript) -> Iterator[Finding]:
    hint = "In emails[a and b] one address has to be both; without brackets two may share it between them."
    yield from disagreements(transcript, _found(transcript, "together", "apart"), hint, READ)


@judges("RFC7644-3.4.2.2-15", probe=PROBE, when=lambda t: bool(_found(t, "titled")))
def who_has_no_title_is_not_present(transcript: Transcript) -> Iterator[Finding]:
    yield from disagreements(transcript, _found(transcript, "titled"), "pr is true where there is a value.", READ)


@judges("RFC7644-3.4.2.2-33", probe=PROBE, when=lambda t: bool(_found(t, "default")))
def what_the_service_has_set_is_found_too(transcript: Transcript) -> Iterator[Finding]:
    """The probe left active out when it made the person; the service shows a value."""
    hint = "A filter looks at what a client sees, also where the service has set it."
    yield from disagreements(transcript, _found(transcript, "default"), hint, READ)


def _extension(person: Any) -> dict[str, Any]:
    return mapping(member(person, ENTERPRISE))


def _has_department(transcript: Transcript) -> bool:
    return bool(text(member(_extension(_person(transcript)), "department")))


def _chosen(transcript: Transcript, tag: str) -> Exchange | None:
    answer = one(transcript, f"detailed.{tag}") if _has_department(transcript) else None
    return answer if answer is not None and not elsewhere(answer) else None


def _addressed(transcript: Transcript) -> bool:
    part = _chosen(transcript, "extension-part")
    return _has_department(transcript) and (part is not None or bool(_found(transcript, "extension")))


@judges("RFC7643-4.3-06", probe=PROBE, when=_addressed)
def an_attribute_of_an_extension_is_addressed_by_its_urn(transcript: Transcript) -> Iterator[Finding]:
    hint = "The URN, a colon and the name address an attribute of an extension."
    yield from disagreements(transcript, _found(transcript, "extension"), hint, READ)
    answer = _chosen(transcript, "extension-part")
    if answer is not None and set(attributes_of(_extension(answer.resource))) != {"department"}:
        yield Finding(
            expected=["the department, and nothing else of the extension"],
            actual=sorted(attributes_of(_extension(answer.resource))) if answer.ok else seen(answer),
            at=f"/{ENTERPRISE}" if answer.ok else "",
            exchange=answer.id,
            likeness="attributes",
            hint=hint,
        )


def _whole_chosen(transcript: Transcript) -> bool:
    return any(_chosen(transcript, tag) is not None for tag in ("extension-whole", "extension-without"))


@judges("RFC7644-3.9-09", probe=PROBE, when=_whole_chosen)
def a_whole_extension_is_chosen_by_its_urn(transcript: Transcript) -> Iterator[Finding]:
    alone, without = _chosen(transcript, "extension-whole"), _chosen(transcript, "extension-without")
    kept = attributes_of(_extension(_person(transcript)))
    if alone is not None:
        beside = attributes_of(alone.resource).keys() - {"schemas", "id", "meta", ENTERPRISE.lower()}
        if not alone.ok or beside or attributes_of(_extension(alone.resource)).keys() != kept.keys():
            yield Finding(
                expected=["id and the whole extension"],
                actual=sorted(attributes_of(alone.resource)) if alone.ok else seen(alone),
                at=f"/{ENTERPRISE}" if alone.ok else "",
                exchange=alone.id,
                likeness="alone",
                hint="attributes= with the URN of an extension asks for all of it.",
            )
    if without is not None and (not without.ok or _extension(without.resource)):
        yield Finding(
            expected=["everything but the extension"],
            actual="the extension too" if without.ok else seen(without),
            at=f"/{ENTERPRISE}" if without.ok else "",
            exchange=without.id,
            likeness="without",
            hint="excludedAttributes= with the URN of an extension leaves all of it out.",
        )


def _written(transcript: Transcript, tag: str) -> tuple[Exchange, dict[str, Any]] | None:
    """A write and the person as read after it; None when either could not be had."""
    write, read = one(transcript, f"detailed.{tag}"), one(transcript, f"detailed.{tag}.read")
    if write is None or read is None or elsewhere(write) or not read.resource:
        return None
    return write, read.resource


def _turns_schemas(transcript: Transcript) -> bool:
    return len(schemas_of(_person(transcript, 2))) > 1 and _written(transcript, "turned") is not None


@judges("RFC7643-3-02", probe=PROBE, when=_turns_schemas)
def the_order_of_schemas_means_nothing(transcript: Transcript) -> Iterator[Finding]:
    both = _written(transcript, "turned")
    if both is None or both[0].status in (405, 501):
        return
    write, after = both
    before = _person(transcript, 2)
    changed = attributes_of(before) | {"meta": None, "schemas": None}
    now = attributes_of(after) | {"meta": None, "schemas": None}
    if not write.ok or sorted(schemas_of(after)) != sorted(schemas_of(before)) or changed != now:
        names = sorted(n for n in changed.keys() | now.keys() if changed.get(n) != now.get(n)) or ["schemas"]
        yield Finding(
            expected=["200, and the person as before"],
            actual=f"{', '.join(names)} changed" if write.ok else seen(write),
            at=f"/{names[0]}" if write.ok else "",
            exchange=write.id,
            likeness="changed" if write.ok else str(write.status),
            hint="The person was written back as read, with schemas in another order.",
        )


def _manager(transcript: Transcript) -> bool:
    return one(transcript, "detailed.manager.read") is not None and one(transcript, "detailed.manager-put") is not None


@judges("RFC7643-4.3-04", probe=PROBE, when=_manager)
def the_name_of_a_manager_cannot_be_written(transcript: Transcript) -> Iterator[Finding]:
    put, patch = one(transcript, "detailed.manager-put"), one(transcript, "detailed.manager-patch")
    read = one(transcript, "detailed.manager.read")
    shown = member(member(_extension(read.resource if read is not None else {}), "manager"), "displayName")
    if shown == "Nobody" and read is not None:
        yield Finding(
            expected=["the name that the service knows, or none"],
            actual=shown,
            at=f"/{ENTERPRISE}/manager/displayName",
            exchange=read.id,
            likeness="stored",
            hint="displayName of a manager is the service's own; a client only chooses the person by value.",
        )
    if put is not None and put.status == 400:
        yield Finding(
            expected=["200, and the name of the manager ignored"],
            actual=seen(put),
            exchange=put.id,
            likeness="put",
            hint="A PUT passes over what cannot be written.",
        )
    if patch is not None and not elsewhere(patch) and not (patch.ok and shown != "Nobody"):
        right = patch.status == 400 and member(patch.json, "scimType") in ("mutability", "invalidPath", "noTarget")
        if not right and patch.status not in (403, 405, 501):
            yield Finding(
                expected=['400 with "scimType": "mutability"'],
                actual=seen(patch),
                exchange=patch.id,
                likeness="patch",
                hint="A PATCH that names what cannot be written is refused.",
            )


def _extended(transcript: Transcript) -> tuple[Exchange, dict[str, Any]] | None:
    both = _written(transcript, "extended")
    took = both is not None and both[0].ok and text(member(_extension(both[1]), "employeeNumber")) == "2"
    return both if took and ENTERPRISE not in schemas_of(_person(transcript, 1)) else None


@judges("RFC7643-4.3-07", probe=PROBE, when=lambda transcript: _extended(transcript) is not None)
def an_extension_that_gains_a_value_is_named(transcript: Transcript) -> Iterator[Finding]:
    both = _extended(transcript)
    if both is not None and ENTERPRISE not in schemas_of(both[1]):
        yield Finding(
            expected=[f"{ENTERPRISE} in schemas"],
            actual=schemas_of(both[1]),
            at="/schemas",
            exchange=both[0].id,
            hint="Whoever has an attribute of the extension names the extension.",
        )


@judges("RFC7643-7-U01", probe=PROBE, when=lambda transcript: _written(transcript, "taken") is not None)
def a_user_name_that_is_taken_stays_taken(transcript: Transcript) -> Iterator[Finding]:
    both = _written(transcript, "taken")
    if both is None or both[0].status in (405, 501):
        return
    write, after = both
    taken = text(member(after, "userName")).lower() == text(member(_person(transcript), "userName")).lower()
    if taken or (not write.ok and write.status not in (409, 400)):
        yield Finding(
            expected=['409 with "scimType": "uniqueness"', "400"],
            actual="two people with one user name" if taken else seen(write),
            at="/userName" if taken else "",
            exchange=write.id,
            likeness="taken" if taken else str(write.status),
            hint="The user name is published as unique on the server.",
        )


@judges("RFC7643-3.1-11", when=lambda x: x.tag == "detailed.shared-external-id" and not elsewhere(x))
def an_external_id_may_be_shared_or_refused(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (400, 403, 409):
        yield Finding(
            expected=["200 or 204", '409 with "scimType": "uniqueness"'],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="Whether two people may have one externalId is up to the service (C38).",
        )


@judges("RFC7643-4.1.2-03", when=lambda exchange: exchange.tag == "detailed.odd-type" and not elsewhere(exchange))
def an_unknown_kind_of_address_is_taken_or_refused(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (400, 403):
        yield Finding(
            expected=["200 or 204", '400 with "scimType": "invalidValue"'],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="work, home and other are suggestions; another word is no accident.",
        )


def _immutable(transcript: Transcript) -> tuple[str, Exchange, Any] | None:
    """An attribute that is published as immutable, the write of another value to it, and what was read afterwards."""
    write, read = one(transcript, "detailed.immutable"), one(transcript, "detailed.immutable.read")
    if write is None or read is None or elsewhere(write) or not read.resource:
        return None
    name = next((n for n, v in mapping(write.sent).items() if v == CHANGED), "")
    return (name, write, member(read.resource, name)) if name else None


CHANGED = "Changed By Scimulator"
"""What the probe writes to an attribute that is published as immutable."""


@judges("RFC7643-7-M02", probe=PROBE, when=lambda transcript: _immutable(transcript) is not None)
def what_is_immutable_keeps_its_value(transcript: Transcript) -> Iterator[Finding]:
    told = _immutable(transcript)
    if told is None:
        return
    name, write, shown = told
    if shown == CHANGED or (not write.ok and write.status not in (400, 405, 501)):
        yield Finding(
            expected=['400 with "scimType": "mutability", and the value as it was'],
            actual=f"the new value of {name}" if shown == CHANGED else seen(write),
            at=f"/{name}" if shown == CHANGED else "",
            exchange=write.id,
            likeness="changed" if shown == CHANGED else str(write.status),
            hint="The schema says that the attribute is immutable once it has a value.",
        )
