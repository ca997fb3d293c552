"""A proper no is recognised, and every other answer is named for what it is."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import refusals as checks
from harness.checks.oracles import Refusal, mutability_faults, refusal_faults
from harness.model.change import Assign, PushGroup
from harness.model.check import REGISTRY
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.step import ERROR, Intent
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
Rehearsed = Callable[..., Transcript]

PERSON = {"id": "u1", "userName": "subject@rehearsal.example", "active": True, "meta": {"version": "1"}}
GHOST = {"id": "u2", "userName": "Refused@nobody.example"}
NO = {"schemas": [ERROR], "status": "405", "detail": "People come by their first sign-in."}
EMPTY = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "Resources": []}
REFUSED = {
    "refuse.before": (200, PERSON),
    "refuse.create.repeat": (405, NO),
    "refuse.create.invalid": (405, NO),
    "refuse.create.duplicate": (405, NO),
    "refuse.create.other-case": (404, NO),
    "refuse.create.lookup": (200, EMPTY),
    "refuse.after": (200, PERSON),
}


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        (Refusal.SERVED, {403, 405, 501}),
        (Refusal.UNSERVED, {403, 404, 405, 501}),
        (Refusal.FEATURE, {403, 404, 405, 501}),
    ],
)
def test_each_kind_of_refusal_accepts_its_own_statuses(exchange: Makes, kind: Refusal, accepted: set[int]) -> None:
    statuses = (200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 422, 500, 501, 502, 503)
    fine = {s for s in statuses if not refusal_faults(exchange("POST", "/Users", status=s, body=NO), kind)}
    assert fine == accepted


def test_a_malformed_body_may_be_refused_with_400(exchange: Makes) -> None:
    answer = exchange("POST", "/Users", status=400, body=NO)
    assert refusal_faults(answer, Refusal.SERVED, malformed=True) == []
    assert refusal_faults(answer, Refusal.SERVED) != []


def test_a_redirect_that_leads_somewhere_is_asked_there(exchange: Makes) -> None:
    there = exchange("POST", "/Users", status=308, headers={"Location": "/scim/v2/people"})
    assert refusal_faults(there, Refusal.SERVED) == []
    assert [f.likeness for f in refusal_faults(exchange("POST", "/Users", status=308), Refusal.SERVED)] == [
        "status-3xx"
    ]


@pytest.mark.parametrize(
    ("answer", "likeness"),
    [
        ({"status": 201, "body": PERSON}, "accepted"),
        ({"status": 500, "body": NO}, "status-5xx"),
        ({"status": 405, "body": b"<html>Method not allowed</html>"}, "body"),
        ({"status": 405}, "body"),
        ({"status": 405, "body": ["x"]}, "body"),
        ({"status": 405, "body": NO, "headers": {"Location": "/Users/1"}}, "location"),
    ],
)
def test_an_improper_refusal_says_what_is_wrong_with_it(exchange: Makes, answer: dict[str, Any], likeness: str) -> None:
    (fault,) = refusal_faults(exchange("POST", "/Users", **answer), Refusal.SERVED)
    assert fault.likeness == likeness
    assert fault.hint
    assert fault.expected


def test_a_patch_of_a_read_only_attribute_is_refused_or_it_is_a_finding(exchange: Makes) -> None:
    assert mutability_faults(exchange("PATCH", "/Users/u1", status=400, body=NO), "id") == []
    assert [f.likeness for f in mutability_faults(exchange("PATCH", "/Users/u1", status=200), "id")] == ["id-accepted"]
    assert [f.likeness for f in mutability_faults(exchange("PATCH", "/Users/u1", status=500), "id")] == ["id-5xx"]


ABOUT_CREATION = (
    checks.creation_is_refused,
    checks.a_refused_creation_does_not_tell_who_exists,
    checks.a_refused_creation_is_not_found_afterwards,
    checks.refusals_are_stable,
    checks.a_refused_write_leaves_no_trace,
)


@pytest.mark.parametrize("check", ABOUT_CREATION)
def test_a_creation_that_is_refused_properly_gives_no_finding(rehearsed: Rehearsed, finds: Finds, check: Any) -> None:
    assert finds(check, rehearsed("refused-creation", REFUSED)) == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.creation_is_refused, {"refuse.create.repeat": (201, PERSON)}),
        (checks.creation_is_refused, {"refuse.create.invalid": (500, NO)}),
        (checks.creation_is_refused, {"refuse.create.other-case": (201, PERSON)}),
        (checks.a_refused_creation_does_not_tell_who_exists, {"refuse.create.duplicate": (409, NO)}),
        (
            checks.a_refused_creation_is_not_found_afterwards,
            {"refuse.create.lookup": (200, EMPTY | {"totalResults": 1, "Resources": [GHOST]})},
        ),
        (checks.refusals_are_stable, {"refuse.create.repeat": [(405, NO), (403, NO), (405, NO)]}),
        (checks.refusals_are_stable, {"refuse.create.repeat": [(405, NO), (405, NO | {"scimType": "x"}), (405, NO)]}),
        (checks.a_refused_write_leaves_no_trace, {"refuse.after": (200, PERSON | {"meta": {"version": "2"}})}),
        (checks.a_refused_write_leaves_no_trace, {"refuse.after": (404, NO)}),
    ],
)
def test_a_creation_that_is_refused_improperly_is_a_finding(
    rehearsed: Rehearsed, finds: Finds, check: Any, wrong: dict[str, Any]
) -> None:
    found = finds(check, rehearsed("refused-creation", REFUSED | wrong))
    assert found
    assert all(f.expected and f.hint and f.exchange for f in found)


def test_who_is_found_is_no_ghost_unless_they_bear_the_refused_name(rehearsed: Rehearsed, finds: Finds) -> None:
    ignored = {"refuse.create.lookup": (200, EMPTY | {"totalResults": 1, "Resources": [PERSON]})}
    assert (
        finds(checks.a_refused_creation_is_not_found_afterwards, rehearsed("refused-creation", REFUSED | ignored)) == []
    )


def test_a_creation_that_was_let_through_is_not_called_refused(rehearsed: Rehearsed) -> None:
    made = {"refuse.create.repeat": (201, GHOST), "refuse.create.lookup": (200, EMPTY | {"Resources": [GHOST]})}
    check = REGISTRY["refusals.a_refused_creation_is_not_found_afterwards"]
    assert not check.when(rehearsed("refused-creation", REFUSED | made))


def test_an_existing_name_may_be_a_conflict_without_breaking_the_promise(rehearsed: Rehearsed, finds: Finds) -> None:
    told = rehearsed("refused-creation", REFUSED | {"refuse.create.duplicate": (409, NO)})
    assert finds(checks.creation_is_refused, told) == []


def test_group_writes_on_different_ids_get_one_answer(rehearsed: Rehearsed, finds: Finds) -> None:
    answers: dict[str, Any] = {"refuse.group.write": [(404, NO), (404, NO), (400, NO)]}
    assert [f.likeness for f in finds(checks.refusals_are_stable, rehearsed("refused-groups", answers))] == [
        "refuse.group.write"
    ]


@pytest.mark.parametrize(("there", "findings"), [(False, 0), (True, 1)])
def test_a_story_sees_whether_a_refused_newcomer_exists_after_all(
    scene: Callable[..., Transcript], finds: Finds, made: SimpleNamespace, there: bool, findings: int
) -> None:
    create = made.asked(Intent.CREATE, "POST", "/Users", {}, answer=(405, NO), subject="newcomer")
    nobody = made.people(made.person(userName="newcomer@rehearsal.example")) if there else made.people()
    told = scene(Assign("newcomer"), create, before=None, after=None, found=nobody, accounts={"newcomer": ""})
    assert len(finds(checks.a_refused_creation_leaves_nobody_behind, told)) == findings


def test_a_machine_in_front_of_the_service_is_not_taken_for_the_service(
    applies: Callable[..., bool], exchange: Makes
) -> None:
    asked = {"method": "POST", "path": "/Users", "role": Role.IDP, "intent": Intent.CREATE}
    assert not applies(checks.creation_is_refused, exchange(**asked, status=503, body=b"upstream is down"))
    assert applies(checks.creation_is_refused, exchange(**asked, status=503, body=NO | {"status": "503"}))


@pytest.mark.parametrize(("after", "likenesses"), [({}, []), ({"active": False}, ["/active"]), (None, ["gone"])])
def test_a_refused_push_leaves_no_trace_on_anybody(
    scene: Callable[..., Transcript], finds: Finds, made: SimpleNamespace, after: Any, likenesses: list[str]
) -> None:
    push = made.asked(Intent.GROUP_CREATE, "POST", "/Groups", {}, answer=(404, NO), subject="")
    seen = (404, NO) if after is None else made.person(id="u2", **after)
    told = scene(
        PushGroup(),
        push,
        before=None,
        after=None,
        bystander=(made.person(id="u2"), seen),
        accounts={"bystander-1": "u2"},
    )
    assert [f.likeness for f in finds(checks.a_refused_push_leaves_no_trace, told)] == likenesses


def test_a_body_without_a_user_name_gets_the_same_answer(rehearsed: Rehearsed, finds: Finds) -> None:
    told = rehearsed("refused-creation", REFUSED | {"refuse.create.invalid": (400, NO)})
    assert finds(checks.creation_is_refused, told) == []
    assert [f.likeness for f in finds(checks.refusals_are_stable, told)] == ["refuse.create.invalid"]
