"""Somebody who was just made: the moments of it, and an id that nobody had before (RFC 7643 §3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.http import one
from harness.checks.reading import known_as, member, text
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _fresh(transcript: Transcript) -> Exchange | None:
    answer = one(transcript, "create.valid")
    meta = member(answer.resource, "meta") if answer is not None and answer.status == 201 else None
    return answer if text(member(meta, "created")) and text(member(meta, "lastModified")) else None


@judges("RFC7643-3.1-15", "HTTP-TIME-02", probe="creating", when=lambda transcript: _fresh(transcript) is not None)
def who_was_never_changed_was_changed_when_made(transcript: Transcript) -> Iterator[Finding]:
    answer = _fresh(transcript)
    meta = member(answer.resource, "meta") if answer is not None else {}
    created, changed = text(member(meta, "created")), text(member(meta, "lastModified"))
    if answer is not None and created != changed:
        slightly = created[:19] == changed[:19]
        yield Finding(
            expected=[f"{created}, the moment of creation"],
            actual=changed,
            at="/meta/lastModified",
            exchange=answer.id,
            requirement="HTTP-TIME-02" if slightly else "",
            likeness="slightly" if slightly else "",
            hint="Nothing has been changed since the person was made.",
        )


def _made_again(transcript: Transcript) -> tuple[Exchange, str] | None:
    gone, again = one(transcript, "delete.person"), one(transcript, "delete.create-again")
    old = known_as(_resource(transcript, "create.valid"))
    return (again, old) if gone is not None and gone.ok and again is not None and again.ok and old else None


def _resource(transcript: Transcript, tag: str) -> dict[str, Any]:
    answer = one(transcript, tag)
    return answer.resource if answer is not None else {}


@judges("RFC7643-3.1-07", probe="creating", when=lambda transcript: _made_again(transcript) is not None)
def an_id_is_not_given_out_again(transcript: Transcript) -> Iterator[Finding]:
    made = _made_again(transcript)
    if made is not None and member(made[0].resource, "id") == made[1]:
        yield Finding(
            expected=["another id than that of the deleted person"],
            actual=made[1],
            at="/id",
            exchange=made[0].id,
            hint="Whoever still has the old id would take the new person for the deleted one.",
        )
