"""Answers to writes: their form, and whether they show what was really stored."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import WRITES, id_in_path, is_on
from harness.checks.reading import mapping, searches, text
from harness.checks.state import differences, member
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding, as_json
from harness.model.scenario import Kind
from harness.model.transcript import Transcript


def _is_patch_success(exchange: Exchange) -> bool:
    return exchange.method == "PATCH" and exchange.ok and (is_on(exchange, "Users") or is_on(exchange, "Groups"))


@judges("RFC7644-3.5.2-12", when=_is_patch_success)
def a_successful_patch_is_200_with_the_resource_or_204(exchange: Exchange) -> Iterator[Finding]:
    """Both are right; 202 only where RFC 9967 is spoken, which shows in Set-Txn."""
    if exchange.status == 200 and exchange.resource:
        return
    if exchange.status == 204 and not exchange.body:
        return
    if exchange.status == 202 and exchange.header("Set-Txn"):
        return
    body = "no body" if not exchange.body else "a body that is no resource" if not exchange.resource else "a body"
    yield Finding(
        expected=["HTTP 200 with the resource", "HTTP 204 without a body"],
        actual=f"HTTP {exchange.status} with {body}",
        hint="Send the whole resource after the change with 200, or nothing with 204.",
        likeness=str(exchange.status),
    )


def _writes_then_reads(transcript: Transcript) -> Iterator[tuple[Exchange, Exchange]]:
    """Each write that was answered with a resource, and the next read of it with no other write in between."""
    shown: dict[str, Exchange] = {}
    for exchange in transcript.exchanges:
        if exchange.role is Role.SETUP or not id_in_path(exchange):
            # A collection write may create or change anybody.
            if exchange.method in WRITES and not searches(exchange):
                shown.clear()
            continue
        if exchange.method in WRITES:
            shown.pop(exchange.path, None)
            whole = exchange.resource and "ttributes=" not in exchange.query
            if exchange.method in ("PUT", "PATCH") and whole and not exchange.meets_another:
                shown[exchange.path] = exchange
        elif exchange.method == "GET" and exchange.resource and not exchange.query and exchange.path in shown:
            write = shown.pop(exchange.path)
            if transcript.scenario.kind is not Kind.RECORDING or _unwritten_between(write, exchange):
                yield write, exchange


def _unwritten_between(write: Exchange, read: Exchange) -> bool:
    """Whether the service itself says that nothing was written in between: a recording may lack other requests.

    A time in whole seconds does not tell two writes of the same second apart.
    """
    one, other = mapping(member(write.resource, "meta")), mapping(member(read.resource, "meta"))
    version, modified = member(one, "version"), text(member(one, "lastModified"))
    same_time = "." in modified and modified == member(other, "lastModified")
    return bool(version and version == member(other, "version")) or same_time


@judges("RFC7644-3.1-04", when=lambda transcript: any(_writes_then_reads(transcript)))
def the_answer_to_a_write_shows_what_was_stored(transcript: Transcript) -> Iterator[Finding]:
    """The resource in the answer equals the resource that is read next."""
    for write, read in _writes_then_reads(transcript):
        for difference in differences(write.resource, read.resource):
            yield Finding(
                expected=[f"what the answer to the write said: {as_json(difference.before)}"],
                actual=difference.after,
                at=difference.pointer,
                hint="Build the answer from what was stored, after it was stored.",
                exchange=read.id,
                likeness=difference.pointer,
            )


def _is_put_success(exchange: Exchange) -> bool:
    return exchange.method == "PUT" and exchange.ok and bool(id_in_path(exchange))


@judges("RFC7644-3.5.1-06", when=_is_put_success)
def a_successful_put_is_answered_with_the_resource(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 200 or not exchange.resource:
        yield Finding(
            expected=["HTTP 200 with the whole resource"],
            actual=f"HTTP {exchange.status} with {len(exchange.body)} bytes",
            hint="Answer a PUT with the resource as it was stored.",
        )


def _writes_a_person(exchange: Exchange) -> bool:
    return exchange.method in ("PUT", "PATCH") and bool(id_in_path(exchange)) and bool(exchange.resource)


@judges("RFC7643-3.1-03", when=_writes_a_person)
def the_answer_to_a_write_keeps_the_id(exchange: Exchange) -> Iterator[Finding]:
    asked, got = id_in_path(exchange), member(exchange.resource, "id")
    if got is not None and got != asked:
        yield Finding(
            expected=[asked],
            actual=got,
            at="/id",
            hint="A person keeps the id for ever: IdPs store it and use nothing else.",
            likeness="answer",
        )
