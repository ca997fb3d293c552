"""What Microsoft's test tools expect of an answer, and how they word a request."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.programme import StepState
from harness.model.scenario import Kind, ScenarioKey
from harness.model.step import ENTERPRISE_USER, Effect, Intent
from harness.model.transcript import Transcript
from harness.profiles import load as load_profile
from harness.suites import entra_gallery_direct as direct
from harness.suites import entra_validator_groups as groups
from harness.suites import entra_validator_users as users
from harness.suites import programmes
from harness.suites.microsoft import MANAGER, eq, patch, repeats, unassigned


def exchange(answer: Any, sent: Any = None, status: int = 200, tag: str = "") -> Exchange:
    body = b"" if answer is None else json.dumps(answer).encode()
    return Exchange(
        id="x-1",
        scenario="probe/entra-gallery",
        ordinal=1,
        role=Role.PROBE,
        phase=Phase.DURING,
        moment=-1,
        title="",
        intent=Intent.PROBE,
        effect=Effect.WRITE,
        tag=tag,
        request=Request("PATCH", "http://sp.example/Users/1", (), json.dumps(sent).encode()),
        response=Response(status, body=body),
    )


SENT = patch(
    {"op": "replace", "value": {"displayName": "Ada", "name.givenName": "A."}},
    {"op": "add", "path": "title", "value": "Engineer"},
    {"op": "remove", "path": "title"},
    {"op": "add", "path": 'roles[primary eq "True"].display', "value": "x"},
    {"op": "add", "path": MANAGER, "value": "u-2"},
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, []),
        ({"displayName": "Ada", "name": {"givenName": "A."}}, []),
        ({"displayName": "Old", "name": {"givenName": "A."}}, ["expected 'Ada' as displayName, got 'Old'"]),
        ({"displayName": "Ada"}, ["expected 'A.' as name.givenName, got None"]),
        ({"displayName": "Ada", "name": {"givenName": "A."}, "title": "X"}, ["expected title to be gone, got 'X'"]),
    ],
)
def test_what_was_sent_is_compared_with_what_came_back(answer: Any, said: list[str]) -> None:
    assert list(repeats(exchange(answer, SENT))) == said


@pytest.mark.parametrize("answer", [{}, {"title": ""}, {"title": None}])
def test_absent_null_and_empty_are_all_taken_as_cleared(answer: Any) -> None:
    assert list(unassigned("title")(exchange({"id": "1"} | answer))) == []
    assert list(unassigned("title")(exchange({"title": "Engineer"})))


@pytest.mark.parametrize(
    ("wanted", "manager", "passes"),
    [
        ("u-2", {"value": "u-2"}, True),
        ("u-2", {"value": "u-3"}, False),
        ("u-2", "u-2", False),
        ("", None, True),
        ("", {"value": "u-2"}, False),
    ],
)
def test_a_manager_comes_back_as_an_object_and_goes_by_an_empty_string(wanted: str, manager: Any, passes: bool) -> None:
    (claim,) = (c for c in users.CLAIMS if c.title == "Patch User: add a manager")
    sent = patch({"op": "add", "path": MANAGER, "value": wanted})
    wrong = claim.wrong(exchange({"id": "u-1", ENTERPRISE_USER: {"manager": manager}}, sent))
    assert (wrong == []) is passes
    assert claim.wrong(exchange(None, sent, 204)) == []


def test_members_are_counted_after_one_joined_and_after_one_left() -> None:
    added, removed = (
        next(c for c in groups.CLAIMS if c.title == f"The member is {place} the group") for place in ("in", "out of")
    )
    one, nobody = exchange({"id": "g-1", "members": [{"value": "u-1"}]}), exchange({"id": "g-1"})
    assert (added.wrong(one), removed.wrong(nobody)) == ([], [])
    assert added.wrong(nobody) == ["expected 1 members, got 0"]
    assert removed.wrong(one) == ["expected 0 members, got 1"]
    assert removed.wrong(exchange(None)) == ["expected id, got nothing"]


def test_a_page_that_is_longer_than_asked_fails_and_so_do_schemas_without_groups() -> None:
    page, of_groups = (
        next(c for c in direct.CLAIMS if c.title == title)
        for title in ("User pagination: the first page", "Schema discoverability: groups")
    )
    listed = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 2}
    assert page.wrong(exchange(listed | {"Resources": [{"id": "1"}]})) == []
    assert page.wrong(exchange(listed | {"Resources": [{"id": "1"}, {"id": "2"}]}))
    assert of_groups.wrong(exchange(listed | {"Resources": [{"id": "urn:ietf:params:scim:schemas:core:2.0:User"}]}))


def test_a_filter_is_encoded_as_the_recordings_show_it() -> None:
    assert eq("userName", "ada@example.example") == "filter=userName+eq+%22ada%40example.example%22"


def test_what_was_held_back_says_why_it_was_not_run() -> None:
    held = Trouble(TroubleKind.GUARD, "DELETE /Users/{id} would delete at the target, but only write is allowed")
    step = replace(exchange(None, tag="entra-validator.delete"), response=None, trouble=held)
    key = ScenarioKey("probe/entra-validator", Kind.PROBE, "")
    (programme,) = programmes([Transcript(key, "http://sp.example", (step,))], load_profile("full"))
    (grade,) = (grade for grade in programme.grades if grade.title == "Delete a user")
    assert (grade.state, grade.reason) == (StepState.NOT_RUN, held.message)
    assert programme.verdict == "incomplete"


def test_what_the_gallery_asks_directly_counts_for_each_app_type_that_told_its_stories() -> None:
    page = exchange(
        {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0},
        tag="entra-gallery.users-1",
    )
    asked = Transcript(ScenarioKey("probe/entra-gallery", Kind.PROBE, ""), "http://sp.example", (page,))
    told = [
        Transcript(ScenarioKey(f"entra/{v}/entra-gallery", Kind.STORY, "", "entra", v, "entra-gallery"), "http://sp")
        for v in ("default", "aadOptscim062020")
    ]
    full = load_profile("full")
    for transcripts, scenarios in (
        ([asked, *told], [t.scenario.id for t in told]),
        ([asked], ["probe/entra-gallery"]),
    ):
        found = programmes(transcripts, full)
        assert [programme.scenario for programme in found] == scenarios
        for programme in found:
            states = {grade.title: grade.state for grade in programme.grades}
            assert states["User pagination: the first page"] is StepState.PASSED
            (grade,) = (grade for grade in programme.grades if grade.state is StepState.PASSED)
            assert (grade.scenario, grade.exchange) == ("probe/entra-gallery", "x-1")
            assert states["Create User"] is StepState.NOT_RUN
