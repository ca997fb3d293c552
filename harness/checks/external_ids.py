"""externalId: the client's own id, kept to the letter, found by it, and cleared when the client clears it."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.patching import one
from harness.checks.state import member, unassigned
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

NAMES = "Žluťoučký-漢字-😀"
UNSUPPORTED = (400, 403, 501)


def _sent(transcript: Transcript, tag: str) -> str:
    """The value that a write of this probe carried, or ""."""
    exchange = one(transcript, f"external-id.{tag}")
    operations = member(exchange.sent, "Operations") if exchange is not None else None
    value = member(operations[0], "value") if isinstance(operations, list) and operations else None
    return value if isinstance(value, str) else ""


def _read(transcript: Transcript, tag: str) -> Exchange | None:
    read = one(transcript, f"external-id.{tag}.read")
    return read if read is not None and read.resource else None


def _was_set(transcript: Transcript) -> bool:
    return bool(_sent(transcript, "set")) and _read(transcript, "set") is not None


def _is_stored(transcript: Transcript) -> bool:
    read = _read(transcript, "set")
    kept = member(read.resource, "externalId") if read is not None else None
    return isinstance(kept, str) and kept.lower() == _sent(transcript, "set").lower() != ""


@judges("PROF-D-22", probe="external-id", when=_was_set)
def a_client_sets_finds_and_clears_its_own_id(transcript: Transcript) -> Iterator[Finding]:
    """Set and read back; found by filter; gone after it was cleared."""
    write, read = one(transcript, "external-id.set"), _read(transcript, "set")
    assert write is not None
    assert read is not None
    if not _is_stored(transcript):
        yield Finding(
            expected=[f'"externalId": "{_sent(transcript, "set")}"'],
            actual=f'HTTP {write.status}, and then "externalId": {as_json(member(read.resource, "externalId"))}',
            at="/externalId",
            hint="Let the client write externalId: an IdP that keeps its id with the person survives a rename.",
            exchange=read.id if write.ok else write.id,
            likeness="set",
        )
        return
    person, lookup = member(read.resource, "id"), one(transcript, "external-id.found")
    if lookup is not None and [member(r, "id") for r in lookup.resources] != [person]:
        yield Finding(
            expected=["this one person"],
            actual=f"HTTP {lookup.status} with {len(lookup.resources)} people",
            at="/Resources",
            hint='Answer externalId eq "..." with the person who has it.',
            exchange=lookup.id,
            likeness="filter",
        )
    later = one(transcript, "external-id.absent")
    cleared = _read(transcript, "null")
    gone = cleared is not None and unassigned(member(cleared.resource, "externalId"))
    if gone and later is not None and any(member(r, "id") == person for r in later.resources):
        yield Finding(
            expected=["nobody with the value that was cleared"],
            actual="the person who had it before",
            at="/Resources",
            hint="Clear the value in the index as well as in the resource.",
            exchange=later.id,
            likeness="stale",
        )


@judges("RFC7643-7-C01", "RFC7644-3.8-01", probe="external-id", when=_is_stored)
def a_value_is_kept_to_the_letter(transcript: Transcript) -> Iterator[Finding]:
    """Capital letters first, then letters of other scripts."""
    for tag, requirement in (("set", "RFC7643-7-C01"), ("names", "RFC7644-3.8-01")):
        write, read = one(transcript, f"external-id.{tag}"), _read(transcript, tag)
        if write is None or read is None or (tag == "set" and not write.ok):
            continue
        if not write.ok or member(read.resource, "externalId") != _sent(transcript, tag):
            yield Finding(
                requirement=requirement,
                expected=[f'"externalId": "{_sent(transcript, tag)}"'],
                actual=member(read.resource, "externalId"),
                at="/externalId",
                hint="Store and return externalId to the letter: case, accents and signs of any script.",
                exchange=read.id,
                likeness=tag,
            )


def _searched(transcript: Transcript) -> bool:
    first, second = one(transcript, "external-id.found"), one(transcript, "external-id.other-case")
    usable = first is not None and first.ok and bool(first.resources)
    return _is_stored(transcript) and usable and second is not None and second.status not in UNSUPPORTED


@judges("RFC7643-3.1-09", probe="external-id", when=_searched)
def an_external_id_is_found_in_its_own_case_only(transcript: Transcript) -> Iterator[Finding]:
    lookup = one(transcript, "external-id.other-case")
    assert lookup is not None
    if lookup.resources:
        yield Finding(
            expected=["nobody"],
            actual=f"{len(lookup.resources)} people",
            at="/Resources",
            hint="Two Okta ids may differ in letter case alone: compare externalId exactly.",
            exchange=lookup.id,
        )


def _cleared(transcript: Transcript) -> bool:
    return (
        _is_stored(transcript)
        and one(transcript, "external-id.null") is not None
        and _read(transcript, "null") is not None
    )


@judges("RFC7644-3.5.2.3-09", "RFC7643-2.5-01", probe="external-id", when=_cleared)
def null_unassigns(transcript: Transcript) -> Iterator[Finding]:
    write, read = one(transcript, "external-id.null"), _read(transcript, "null")
    assert write is not None
    assert read is not None
    value = member(read.resource, "externalId")
    if not write.ok:
        yield Finding(
            requirement="RFC7644-3.5.2.3-09",
            expected=["HTTP 200 or 204, and no externalId"],
            actual=f"HTTP {write.status}",
            hint="Take a replace with null for a removal: it is how many clients clear a value.",
            exchange=write.id,
        )
    elif not unassigned(value):
        yield Finding(
            requirement="RFC7643-2.5-01",
            expected=["no externalId"],
            actual=value,
            at="/externalId",
            hint="Null, an empty list and absence are one state.",
            exchange=read.id,
        )
