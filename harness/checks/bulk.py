"""Bulk: jobs are worked through, tell what came of each operation, and do nothing that a single request would not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.moments import answered
from harness.checks.patching import one
from harness.checks.reading import listing, schemas_of
from harness.checks.state import differences, is_active, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import ERROR
from harness.model.transcript import Transcript

MARK = "scimulator-bulk-"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def results(exchange: Exchange | None) -> list[Any]:
    """The results in the answer to a job."""
    return listing(member(exchange.json, "Operations")) if exchange is not None and exchange.ok else []


def status_of(result: Any) -> int:
    """The status of one result, whether it stands there as a text, a number or in an object; 0 when there is none."""
    told = member(result, "status")
    told = member(told, "code") if isinstance(told, dict) else told
    return int(told) if isinstance(told, str | int) and str(told).isdigit() else 0


def sent(*tags: str) -> Callable[[Transcript], bool]:
    """Whether one of these jobs was sent."""
    return lambda transcript: any(one(transcript, f"bulk.{tag}") is not None for tag in tags)


def worked(tag: str) -> Callable[[Transcript], bool]:
    """Whether this job was answered with results."""
    return lambda transcript: bool(results(one(transcript, f"bulk.{tag}")))


def _read(transcript: Transcript, tag: str) -> Any:
    read = one(transcript, f"bulk.{tag}.read")
    return read.resource if read is not None else {}


@judges("RFC7644-3.7-03", probe="bulk", when=sent("mixed"))
def a_job_is_answered_with_200(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.mixed")
    assert answer is not None
    if answer.status != 200 or RESPONSE not in schemas_of(answer.json):
        yield Finding(
            expected=[f"HTTP 200 with schemas {RESPONSE}"],
            actual=f"HTTP {answer.status} with {schemas_of(answer.json)}",
            at="/schemas",
            hint="Work the job through and answer 200; what went wrong stands with each operation.",
            exchange=answer.id,
        )


@judges("RFC7644-3.7-04", probe="bulk", when=worked("mixed"))
def a_job_goes_on_after_an_error(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.mixed")
    assert answer is not None
    stored = member(_read(transcript, "mixed"), "externalId")
    if len(results(answer)) != 2 or stored != f"{MARK}mixed":
        yield Finding(
            expected=["two results, and the second operation is done"],
            actual=f"{len(results(answer))} results, and externalId {as_json(stored)}",
            at="/Operations",
            hint="Try every operation unless failOnErrors says when to stop.",
            exchange=answer.id,
        )


@judges("RFC7644-3.7-05", probe="bulk", when=sent("stop"))
def a_job_stops_at_the_errors_it_was_given(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.stop")
    assert answer is not None
    stored = member(_read(transcript, "stop"), "externalId")
    if not answer.ok or len(results(answer)) != 1 or stored == f"{MARK}stop":
        yield Finding(
            expected=["HTTP 200 with one result, and the second operation is not done"],
            actual=f"HTTP {answer.status} with {len(results(answer))} results, and externalId {as_json(stored)}",
            at="/Operations",
            hint="Stop when failOnErrors is reached, and answer with what was tried.",
            exchange=answer.id,
        )


MISSING = ("without.method", "without.path", "without.data")


@judges("RFC7644-3.7-07", probe="bulk", when=sent(*MISSING))
def an_operation_needs_all_its_parts(transcript: Transcript) -> Iterator[Finding]:
    for tag in MISSING:
        answer = one(transcript, f"bulk.{tag}")
        if answer is None:
            continue
        told = [status_of(r) for r in results(answer)] or [answer.status]
        if any(s not in (400, 404, 405, 422, 501) for s in told):
            yield Finding(
                expected=["HTTP 400 for the job or for the operation"],
                actual=f"HTTP {answer.status}, operations {told}",
                hint="Refuse an operation without method, path or data.",
                exchange=answer.id,
                likeness=tag,
            )
    if member(_read(transcript, "without"), "externalId") == f"{MARK}incomplete":
        yield Finding(
            expected=["nothing of it is stored"],
            actual=f"{MARK}incomplete",
            at="/externalId",
            hint="An operation that is not complete must not be guessed.",
            exchange=str(getattr(one(transcript, "bulk.without.read"), "id", "")),
            likeness="stored",
        )


def _jobs(transcript: Transcript) -> list[Exchange]:
    return [x for x in transcript.exchanges if x.path == "/Bulk" and x.ok and results(x) and answered(x)]


def _in_jobs(transcript: Transcript) -> bool:
    return bool(_jobs(transcript))


@judges("RFC7644-3.7-08", when=lambda t: any(status_of(r) >= 400 for x in _jobs(t) for r in results(x)))
def a_failed_operation_explains_itself(transcript: Transcript) -> Iterator[Finding]:
    for exchange in _jobs(transcript):
        for index, result in enumerate(results(exchange)):
            if status_of(result) >= 400 and ERROR not in schemas_of(member(result, "response")):
                yield Finding(
                    expected=["response with a SCIM error"],
                    actual=member(result, "response"),
                    at=f"/Operations/{index}/response",
                    hint="Put the error that a single request would have got into response.",
                    exchange=exchange.id,
                )
                return


@judges("RFC7644-3.7-09", when=_in_jobs)
def a_result_names_its_resource(transcript: Transcript) -> Iterator[Finding]:
    for exchange in _jobs(transcript):
        for index, result in enumerate(results(exchange)):
            failed = status_of(result) >= 400
            # Which resource a PATCH without a path is about nobody can say.
            nameless = failed and (member(result, "method") == "POST" or exchange.tag == "bulk.without.path")
            if not nameless and not member(result, "location") and member(result, "method"):
                yield Finding(
                    expected=["the address of the resource"],
                    actual=None,
                    at=f"/Operations/{index}/location",
                    hint="Send location with each operation but a creation that failed.",
                    exchange=exchange.id,
                    likeness=str(member(result, "method")),
                )
                return


@judges("RFC7644-3.7-10", "HTTP-BULK-01", when=_in_jobs)
def a_status_is_a_text(transcript: Transcript) -> Iterator[Finding]:
    """An object with a code, as in one sample of the RFC, is a matter of its own (C25)."""
    for exchange in _jobs(transcript):
        for index, result in enumerate(results(exchange)):
            told = member(result, "status")
            if not isinstance(told, str) or not told.isdigit():
                yield Finding(
                    expected=['a text such as "200"'],
                    actual=told,
                    at=f"/Operations/{index}/status",
                    hint="Send the HTTP status of the operation as a text.",
                    exchange=exchange.id,
                    requirement="HTTP-BULK-01" if isinstance(told, dict) and status_of(result) else "RFC7644-3.7-10",
                )
                return


@judges("RFC7644-3.7-11", probe="bulk", when=sent("collection"))
def a_collection_is_not_patched_in_a_job(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.collection")
    assert answer is not None
    told = [status_of(r) for r in results(answer)] or [answer.status]
    if any(s not in (400, 403, 404, 405, 501) for s in told):
        yield Finding(
            expected=["HTTP 400, 404 or 405 for the operation"],
            actual=told,
            hint="Only a creation names a collection: refuse every other operation on it.",
            exchange=answer.id,
        )


def _versioned(transcript: Transcript) -> bool:
    config = one(transcript, "bulk.config")
    offered = config is not None and member(config.resource, "etag", "supported") is True
    return offered and worked("version")(transcript)


@judges("RFC7644-3.7-12", probe="bulk", when=_versioned)
def an_old_version_is_refused_in_a_job(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "bulk.version")
    told = [status_of(r) for r in results(answer)]
    stored = member(_read(transcript, "version"), "externalId") == f"{MARK}version"
    if (told != [412] and told != [409]) or stored:
        yield Finding(
            expected=["status 412 for the operation, and nothing is stored"],
            actual=f"status {told}" + (", and it is stored" if stored else ""),
            at="/Operations/0/status",
            hint="Treat version in an operation like If-Match.",
            exchange=answer.id if answer else "",
        )


@judges("RFC7644-3.7-13", probe="bulk", when=worked("off"))
def a_deactivation_in_a_job_takes_effect(transcript: Transcript) -> Iterator[Finding]:
    before, off, on = (_read(transcript, tag) for tag in ("version", "off", "on"))
    answer = one(transcript, "bulk.off")
    told = [status_of(r) for r in results(answer)]
    others = differences(before, off, ignoring=("/active",)) if before and off else []
    if told not in ([200], [204]) or (off and not is_inactive(off)) or others:
        yield Finding(
            expected=["status 200 or 204, and the person is inactive and otherwise as before"],
            actual=f"status {told}, active {as_json(member(off, 'active'))}" + (f", {others[0]}" if others else ""),
            at="/Operations/0/status",
            hint="Let an operation go the same way as a request of its own, with all that follows from it.",
            exchange=answer.id if answer else "",
            likeness="off",
        )
    elif on and not is_active(on):
        yield Finding(
            expected=["true again"],
            actual=member(on, "active"),
            at="/active",
            hint="A reactivation in a job takes effect like one alone.",
            exchange=str(getattr(one(transcript, "bulk.on.read"), "id", "")),
            likeness="on",
        )


@judges("RFC7644-3.7.4-01", probe="bulk", when=sent("long", "large"))
def a_job_beyond_the_limits_is_a_413(transcript: Transcript) -> Iterator[Finding]:
    config = one(transcript, "bulk.config")
    for tag, limit in (("long", "maxOperations"), ("large", "maxPayloadSize")):
        answer = one(transcript, f"bulk.{tag}")
        if answer is None or config is None:
            continue
        most = member(config.resource, "bulk", limit)
        if answer.status != 413 or str(most) not in str(member(answer.json, "detail")):
            yield Finding(
                expected=[f"HTTP 413 with {limit} {most} in detail"],
                actual=f"HTTP {answer.status}, {as_json(member(answer.json, 'detail'))}",
                at="/detail",
                hint="Refuse the job before anything is done, and name the limit.",
                exchange=answer.id,
                likeness=tag,
            )


@judges("RFC7644-3.7.4-02", probe="bulk", when=sent("limit"))
def a_job_at_the_limit_is_worked_through(transcript: Transcript) -> Iterator[Finding]:
    answer, config = one(transcript, "bulk.limit"), one(transcript, "bulk.config")
    assert answer is not None
    most = member(config.resource, "bulk", "maxOperations") if config is not None else None
    if not answer.ok or len(results(answer)) != most:
        yield Finding(
            expected=[f"HTTP 200 with {most} results"],
            actual=f"HTTP {answer.status} with {len(results(answer))} results",
            at="/Operations",
            hint="Publish the number of operations that you really take.",
            exchange=answer.id,
        )
