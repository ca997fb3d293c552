"""A trial is one write between two reads; what it proves is told by its effects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.checks.oracles import Refused, Trial, around, carried_out, trial, unchanged
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import Effect, Intent
from harness.model.transcript import Transcript

BEFORE = {"id": "u1", "title": "Old", "emails": []}


def exchange(ordinal: int, method: str, status: int, body: Any = None, *, tag: str = "", query: str = "") -> Exchange:
    return Exchange(
        id=f"x-{ordinal}",
        scenario="probe/hand-made",
        ordinal=ordinal,
        role=Role.PROBE,
        phase=Phase.DURING,
        moment=-1,
        title="",
        intent=Intent.PROBE,
        effect=Effect.WRITE,
        request=Request(method, "https://app.example/scim/v2/Users/u1"),
        response=Response(status, "", (), b"" if body is None else json.dumps(body).encode()),
        tag=tag,
        path="/Users/u1",
        query=query,
    )


def told(*exchanges: Exchange) -> Transcript:
    key = ScenarioKey("probe/hand-made", Kind.PROBE, "By hand")
    return Transcript(key, "https://app.example/scim/v2", exchanges)


def tried(status: int, after: dict[str, Any]) -> Trial:
    reads = (exchange(0, "GET", 200, BEFORE), exchange(2, "GET", 200, after))
    found = trial(told(reads[0], exchange(1, "PATCH", status, tag="t"), reads[1]), "t")
    assert found is not None
    return found


def test_a_read_of_some_attributes_or_another_write_in_between_is_no_evidence() -> None:
    before, write, after = exchange(0, "GET", 200, BEFORE), exchange(2, "PATCH", 204), exchange(3, "GET", 200, BEFORE)
    assert around(told(before, write, after), write) is not None
    assert around(told(before, exchange(1, "PUT", 200, BEFORE), write, after), write) is None
    assert around(told(exchange(0, "GET", 200, BEFORE, query="attributes=id"), write, after), write) is None
    assert trial(told(before, after), "t") is None


@pytest.mark.parametrize(
    ("status", "after", "likenesses"),
    [
        (400, BEFORE, []),
        (400, BEFORE | {"emails": None}, []),
        (400, BEFORE | {"title": "New"}, ["changed-/title"]),
        (204, BEFORE | {"title": "New"}, ["accepted"]),
        (500, BEFORE, ["5xx"]),
    ],
)
def test_a_refusal_is_a_proper_status_and_no_effect(status: int, after: dict[str, Any], likenesses: list[str]) -> None:
    assert [f.likeness for f in Refused((400, 409)).faults(tried(status, after), "Refuse it.")] == likenesses


def test_what_must_not_change_is_named_where_it_did() -> None:
    (found,) = unchanged(tried(204, BEFORE | {"title": "New"}), "Leave it.")
    assert (found.at, found.actual) == ("/title", "New")
    assert list(unchanged(tried(204, BEFORE | {"title": "New"}), "Leave it.", ignoring=("/title",))) == []


def test_what_has_to_work_is_a_success_with_the_state_that_follows_from_it() -> None:
    assert list(carried_out(tried(204, BEFORE), "a", "a", "/title", "Do it.")) == []
    assert [f.likeness for f in carried_out(tried(204, BEFORE), "a", "b", "/title", "Do it.")] == ["state"]
    assert [f.likeness for f in carried_out(tried(403, BEFORE), "a", "a", "/title", "Do it.")] == ["4xx"]
