"""Creations in a job: nobody where nobody is created, a bulkId each, and references between what is created."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.bulk import MARK, results, sent, status_of, worked
from harness.checks.patching import one
from harness.checks.reading import listing
from harness.checks.state import member
from harness.model.check import judges
from harness.model.finding import Finding
from harness.model.step import ENTERPRISE_USER
from harness.model.transcript import Transcript


@judges("RFC7644-3.7-02", probe="bulk-refusals", when=sent("create-refused"))
def a_job_creates_nobody_where_nobody_is_created(transcript: Transcript) -> Iterator[Finding]:
    answer, lookup = one(transcript, "bulk.create-refused"), one(transcript, "refuse.bulk.lookup")
    assert answer is not None
    told = [status_of(r) for r in results(answer)] or [answer.status]
    if any(s < 400 for s in told) or (lookup is not None and lookup.resources):
        yield Finding(
            expected=["a refusal of the operation, and nobody is found"],
            actual=f"status {told}, and {len(lookup.resources) if lookup else 0} people",
            hint="Decide about each operation as about a request of its own.",
            exchange=answer.id,
        )


@judges("RFC7644-3.7-06", probe="bulk-creation", when=sent("no-id", "references"))
def a_creation_in_a_job_has_a_bulk_id(transcript: Transcript) -> Iterator[Finding]:
    without, named = one(transcript, "bulk.no-id"), one(transcript, "bulk.references")
    told = [status_of(r) for r in results(without)] or [without.status if without else 400]
    if any(s < 400 or s >= 500 for s in told):
        yield Finding(
            expected=["status 400 for a creation without bulkId"],
            actual=told,
            at="/Operations/0/status",
            hint="Refuse a POST without bulkId: nobody could tell which result is whose.",
            exchange=without.id if without else "",
            likeness="without",
        )
    sent = {member(o, "bulkId") for o in listing(member(named.sent, "Operations"))} if named else set()
    got = {member(r, "bulkId") for r in results(named)}
    if results(named) and not sent <= got:
        yield Finding(
            expected=sorted(sent),
            actual=sorted(str(g) for g in got),
            at="/Operations/0/bulkId",
            hint="Repeat the bulkId of each creation in its result.",
            exchange=named.id if named else "",
            likeness="echo",
        )


def _created(transcript: Transcript, tag: str) -> bool:
    made = results(one(transcript, f"bulk.{tag}"))
    return bool(made) and all(status_of(r) == 201 for r in made) and bool(transcript.tagged(f"bulk.{tag}.read"))


@judges("RFC7644-3.7.2-01", probe="bulk-creation", when=worked("references"))
def references_become_ids(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.references")
    assert answer is not None
    hint = "Replace bulkId:... by the id of the new resource wherever it stands, extensions included."
    if not _created(transcript, "references"):
        yield Finding(
            expected=["status 201 three times"],
            actual=[status_of(r) for r in results(answer)],
            at="/Operations",
            hint=hint,
            exchange=answer.id,
            likeness="refused",
        )
        return
    read = [x.resource for x in transcript.tagged("bulk.references.read") if x.resource]
    boss = next((member(r, "id") for r in read if member(r, "userName") == f"{MARK}boss@probe.example"), None)
    told = {
        "members": [member(m, "value") for r in read for m in listing(member(r, "members"))],
        "manager": [m for r in read if (m := member(r, ENTERPRISE_USER, "manager", "value")) is not None],
    }
    for name, values in told.items():
        # A service without the enterprise extension leaves the manager out, which is no wrong reference.
        if (values or name == "members") and values != [boss]:
            yield Finding(
                expected=[f"the id of the person who was created, {boss}"],
                actual=values,
                at=f"/{name}",
                hint=hint,
                exchange=answer.id,
                likeness=name,
            )


@judges("RFC7644-3.7.2-02", probe="bulk-creation", when=sent("forward"))
def a_reference_forward_works_or_is_a_conflict(transcript: Transcript) -> Iterator[Finding]:
    yield from _whole_or_conflict(transcript, "forward", "Order the operations by their references, or answer 409.")


@judges("RFC7644-3.7.1-01", probe="bulk-creation", when=sent("circle"))
def a_circle_is_resolved_or_a_conflict(transcript: Transcript) -> Iterator[Finding]:
    yield from _whole_or_conflict(transcript, "circle", "Create both and set the references then, or answer 409.")


def _whole_or_conflict(transcript: Transcript, tag: str, hint: str) -> Iterator[Finding]:
    answer = one(transcript, f"bulk.{tag}")
    assert answer is not None
    told = [status_of(r) for r in results(answer)] or [answer.status]
    read = [x.resource for x in transcript.tagged(f"bulk.{tag}.read") if x.resource]
    dangling = [m for r in read for m in listing(member(r, "members")) if str(member(m, "value")).startswith("bulkId:")]
    # 400 is what the table of errors has for a value that cannot be resolved.
    if any(s not in (201, 409, 400) for s in told) or dangling:
        yield Finding(
            expected=["status 201", "status 409"],
            actual=f"status {told}" + (", and a member bulkId:..." if dangling else ""),
            at="/Operations",
            hint=hint,
            exchange=answer.id,
        )
