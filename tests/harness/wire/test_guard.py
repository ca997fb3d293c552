from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.model.exchange import TroubleKind
from harness.model.secret import Secret
from harness.model.step import Effect, Place, Step, token_of
from harness.model.target import Target
from harness.wire.guard import Guard

Make = Callable[..., Step]
MakeTarget = Callable[..., Target]
WRITING = frozenset({Effect.READ, Effect.WRITE})


def test_a_foreign_target_is_only_read_unless_the_operator_allows_more(target: MakeTarget, step: Make) -> None:
    guard = Guard(target())
    assert guard.refuse(step("GET", "/Users")) is None
    trouble = guard.refuse(step("PATCH", "/Users/u1", template="/Users/{id}"))
    assert trouble is not None
    assert trouble.kind is TroubleKind.GUARD
    assert "PATCH /Users/{id} would write" in trouble.message
    assert "--allow write" in trouble.hint


def test_a_person_whom_nobody_listed_is_never_touched(target: MakeTarget, step: Make) -> None:
    guard = Guard(target(effects=WRITING))
    guard.permit("mine")
    assert guard.refuse(step("PATCH", "/Users/mine")) is None
    trouble = guard.refuse(step("PATCH", "/Users/the-boss"))
    assert trouble is not None
    assert "neither listed by the operator nor made by this run" in trouble.message


def test_an_encoded_id_is_the_same_person(target: MakeTarget, step: Make) -> None:
    guard = Guard(target(effects=WRITING))
    guard.permit("a/b@c")
    assert guard.refuse(step("PATCH", "/Users/a%2Fb%40c")) is None


def test_writing_to_an_id_of_nobody_is_allowed(target: MakeTarget, step: Make) -> None:
    guard = Guard(target(effects=WRITING))
    assert guard.refuse(step("PATCH", "/Users/00000000-0000-4000-8000-000000000000")) is None


def test_allowing_to_write_does_not_allow_to_delete(target: MakeTarget, step: Make) -> None:
    guard = Guard(target(effects=WRITING))
    guard.permit("mine")
    trouble = guard.refuse(step("DELETE", "/Users/mine", effect=Effect.DELETE))
    assert trouble is not None
    assert "only read, write is allowed" in trouble.message


@pytest.mark.parametrize(("method", "path"), [("PUT", "/Users"), ("DELETE", "/Users/"), ("PATCH", "/Me")])
def test_whole_collections_and_the_owner_of_the_key_are_never_written_at_a_real_service(
    target: MakeTarget, step: Make, method: str, path: str
) -> None:
    everything = frozenset(Effect)
    assert Guard(target(effects=everything)).refuse(step(method, path)) is not None
    assert Guard(target(effects=everything, reference_server=True)).refuse(step(method, path)) is None


def test_the_ledger_is_written_before_each_change_and_not_for_reads(
    tmp_path: Path, target: MakeTarget, step: Make
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    guard = Guard(target(effects=WRITING), ledger)
    guard.note(step("GET", "/Users"), "x-1", "okta/oin/leaver")
    guard.note(step("POST", "/sign_in", place=Place.HOOK), "x-2", "okta/oin/leaver")
    assert not ledger.exists()
    guard.note(step("PATCH", "/Users/u1", subject="leaver"), "x-3", "okta/oin/leaver")
    (line,) = ledger.read_text().splitlines()
    noted = json.loads(line)
    assert (noted["exchange"], noted["method"], noted["path"], noted["subject"]) == (
        "x-3",
        "PATCH",
        "/Users/u1",
        "leaver",
    )


def test_nothing_is_sent_when_the_ledger_cannot_be_written(tmp_path: Path, target: MakeTarget, step: Make) -> None:
    guard = Guard(target(effects=WRITING), tmp_path / "no-such-folder" / "ledger.jsonl")
    with pytest.raises(OSError):
        guard.note(step("PATCH", "/Users/u1"), "x-1", "okta/oin/leaver")


def test_a_request_that_needs_a_further_key_is_sent_only_where_the_key_was_supplied(
    target: MakeTarget, step: Make
) -> None:
    foreign = step("GET", "/Users", headers=(("Authorization", f"Bearer {token_of('second')}"),))
    trouble = Guard(target()).refuse(foreign)
    assert trouble is not None
    assert "the key of a second tenant" in trouble.message
    assert "second_token_env" in trouble.hint
    assert Guard(target(credentials={"second": Secret("k", "test")})).refuse(foreign) is None
