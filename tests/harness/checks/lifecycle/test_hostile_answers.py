"""Whatever a service answers, no probe and no check of ours falls over it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from harness.checks import all_checks
from harness.model.change import (
    ENDS_ACCESS,
    RESTORES_ACCESS,
    Assign,
    Edit,
    Import,
    PushGroup,
    RemoveMember,
    Retry,
    SignIn,
    SoftDelete,
    TestConnection,
)
from harness.model.check import Scope
from harness.model.finding import Finding
from harness.model.step import ERROR, LIST_RESPONSE, USER, Intent
from harness.model.transcript import Transcript
from harness.probes import all_probes

ODD: dict[str, Any] = {
    "schemas": "x",
    "id": ["u1"],
    "userName": 7,
    "active": {},
    "emails": "x",
    "name": [],
    "members": "x",
    "groups": {"value": 1},
    "meta": ["x"],
    "Resources": "x",
    "attributes": 5,
    "status": None,
    "scimType": ["x"],
    "detail": 3,
}
BODIES: dict[str, Any] = {
    "nothing": None,
    "a web page": b"<html><body>Hello</body></html>",
    "no UTF-8": b"\xff\xfe{}",
    "half of a document": b'{"id": "u1", "active',
    "an array": [],
    "a string": "active",
    "a number": 1e999,
    "null": b"null",
    "an empty object": {},
    "an odd person": ODD,
    "a lone surrogate": b'{"id":"\\ud800","userName":"\\ud800","active":true,"externalId":"\\udfff"}',
    "a list of odd things": {"schemas": [LIST_RESPONSE], "totalResults": "x", "Resources": [1, None, "x", [], ODD]},
    "an odd error": {"schemas": [ERROR, 5, None], "detail": {}, "status": 404, "scimType": 1},
    "an odd schema": {
        "schemas": [LIST_RESPONSE],
        "totalResults": True,
        "Resources": [{"id": USER, "attributes": [5, None, {"name": 3, "subAttributes": "x"}, {"subAttributes": [1]}]}],
    },
    "deep": b"[" * 200 + b"]" * 200,
}
WRITING = {"creating", "deactivation", "external_id", "patching", "refusals", "replacing", "updating"}
PROBES = sorted(name for name, p in all_probes().items() if p.run.__module__.rpartition(".")[2] in WRITING)
OURS = [
    "access",
    "answers",
    "creating",
    "declaration",
    "deactivation",
    "deleting",
    "entra",
    "entra_lifecycle",
    "external_ids",
    "groups",
    "okta",
    "okta_lifecycle",
    "patch_refusals",
    "patching",
    "promises",
    "reactivation",
    "refusals",
    "replacing",
    "side_doors",
    "spellings",
    "while_inactive",
]
CHECKS = [check for check in all_checks().values() if check.id.partition(".")[0] in OURS]
KINDS = sorted(
    (*ENDS_ACCESS, *RESTORES_ACCESS, Assign, Edit, SignIn, TestConnection, Import, PushGroup, RemoveMember, Retry),
    key=lambda kind: kind.__name__,
)


def judged_by_all(told: Transcript, made: SimpleNamespace) -> list[Finding]:
    """Every check over every subject, under a tolerant and a full profile."""
    found: list[Finding] = []
    for profile in (made.claims("deprovisioning", "mixed-patch"), made.claims("full")):
        for check in CHECKS:
            for subject in _subjects(check.scope, told):
                if check.when(subject):
                    found += check.judge(subject, profile=profile, transcript=told)
    return [f.placed(check="", scenario="", requirement="x", exchange="x") for f in found]


def _subjects(scope: Scope, told: Transcript) -> Any:
    return {Scope.TRANSCRIPT: (told,), Scope.MOMENT: told.moments, Scope.EXCHANGE: told.exchanges}[scope]


@pytest.mark.parametrize("status", [200, 204, 400, 404])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_every_probe_ends_whatever_it_is_answered(
    rehearsed: Callable[..., Transcript], made: SimpleNamespace, body: Any, status: int
) -> None:
    class Always(dict[str, Any]):
        def get(self, _tag: str, _default: Any = None) -> Any:
            return status, body

    for name in PROBES:
        told = rehearsed(name, Always())
        assert told.exchanges
        assert all(f.expected for f in judged_by_all(told, made))


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_every_check_of_a_story_ends_whatever_was_answered(
    scene: Callable[..., Transcript], made: SimpleNamespace, body: Any, status: int
) -> None:
    answer = (status, body)
    for kind in KINDS:
        requests = [made.asked(intent, "PATCH", body=body, answer=answer) for intent in Intent]
        requests += [made.asked(intent, "PUT", body=ODD, answer=answer) for intent in Intent]
        told = scene(
            kind("leaver"),
            *requests,
            before=answer,
            after=answer,
            found=answer,
            listed=answer,
            hook=body if isinstance(body, dict) else {},
            attempt=answer,
            later=answer,
            bystander=(answer, answer),
            scenario="entra/default/x",
        )
        assert all(f.expected for f in judged_by_all(told, made))


def test_a_deactivation_among_odd_people_is_judged(scene: Callable[..., Transcript], made: SimpleNamespace) -> None:
    odd = (200, ODD)
    told = scene(SoftDelete("leaver"), made.deactivated(), before=odd, after=odd, found=odd, listed=odd)
    judge = next(check for check in CHECKS if check.requirements[0] == "PROF-D-12" and check.scope is Scope.MOMENT)
    (moment,) = told.moments
    assert judge.when(moment)
    assert [f.likeness for f in judge.judge(moment, profile=made.claims(), transcript=told)] == ["still-active"]
