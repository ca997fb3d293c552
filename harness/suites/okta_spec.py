"""Okta SCIM 2.0 SPEC Test: the steps that ask something; the even ones only wait."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.model.account import Cast
from harness.model.scenario import Probe
from harness.model.sequence import Steps
from harness.model.step import TOKEN, USER, Effect, Intent, Step, compact_json
from harness.model.story import Part
from harness.suites.suite import (
    Claim,
    Suite,
    echoes,
    holds,
    is_error,
    is_list,
    numeric,
    reads,
    says_status,
    status,
    tagged,
    total,
)

SOURCE = "https://developer.okta.com/standards/SCIM/SCIMFiles/Okta-SCIM-20-SPEC-Test.json"
_PERSON = ("id", "name.familyName", "name.givenName", "userName", "active", "emails.0.value")
_NUMBERS = numeric("itemsPerPage", "startIndex", "totalResults")


def _tag(number: int) -> str:
    return f"okta-spec.{number}"


def _step(number: int, title: str, method: str, path: str, **options: Any) -> Step:
    body = options.pop("body", None)
    authorization = options.pop("authorization", f"Bearer {TOKEN}")
    # The suite names a media type on GET as well; its create says application/json.
    return Step(
        title=title,
        method=method,
        path=path,
        query=options.pop("query", ""),
        headers=(
            ("Accept", "application/scim+json" if body is None else "application/scim+json; charset=utf-8"),
            ("Accept-Charset", "utf-8"),
            ("Content-Type", "application/scim+json; charset=utf-8" if body is None else "application/json"),
            ("Authorization", authorization),
            ("User-Agent", "OKTA SCIM Integration"),
        ),
        body=None if body is None else compact_json(body),
        effect=Effect.READ if method == "GET" else Effect.WRITE,
        intent=Intent.PROBE,
        template=path if path.count("/") < 2 else "/Users/{id}",
        tag=_tag(number),
    )


def _user_name(value: str) -> str:
    return "filter=" + quote(f'userName eq "{value}"')


def run(cast: Cast) -> Steps:
    """The suite as published: a list, one person, nobody, a new person, the same once more, groups, a wrong key."""
    seed = cast.members[0].person.directory_id[:12] if cast.members else "0" * 12
    new_name = f"runscope{seed}@rehearsal.example"
    listed = yield _step(1, "Test Users endpoint", "GET", "/Users", query="count=1&startIndex=1")
    known = next((r["id"] for r in listed.resources if isinstance(r.get("id"), str)), "")
    if known:
        yield _step(3, "Get Users/{{id}}", "GET", f"/Users/{quote(known, safe='')}")
    yield _step(
        5, "Test invalid User by username", "GET", "/Users", query=_user_name(f"nobody{seed}@rehearsal.example")
    )
    yield _step(7, "Test invalid User by ID", "GET", "/Users/010101001010101011001010101011")
    yield _step(9, "Make sure random user doesn't exist", "GET", "/Users", query=_user_name(new_name))
    created = yield _step(11, "Create Okta user with realistic values", "POST", "/Users", body=_new(new_name))
    new_id = created.resource.get("id") if created.status == 201 else None
    if isinstance(new_id, str) and new_id:
        yield _step(13, "Verify that user was created", "GET", f"/Users/{quote(new_id, safe='')}")
        yield _step(15, "Expect failure when recreating user with same values", "POST", "/Users", body=_new(new_name))
    yield _step(17, "Username Case Sensitivity Check", "GET", "/Users", query=_user_name(new_name.upper()))
    yield _step(19, "Optional Test: Verify Groups endpoint", "GET", "/Groups")
    yield _step(
        21,
        "Check status 401",
        "GET",
        "/Users",
        query=_user_name(new_name),
        authorization="non-token",
    )
    yield _step(23, "Check status 404", "GET", "/Users/00919288221112222")


def _new(user_name: str) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "userName": user_name,
        "name": {"familyName": "Runscope", "givenName": "Ada"},
        "emails": [{"primary": True, "value": user_name, "type": "work"}],
        "displayName": "Ada Runscope",
        "active": True,
    }


_CLAIMS = (
    (1, "Test Users endpoint", ("read",), (status(200), holds("Resources"), is_list, _NUMBERS), True),
    (3, "Get Users/{{id}}", ("read",), (status(200), holds(*_PERSON)), True),
    (5, "Test invalid User by username", ("filter",), (status(200), is_list, total(0)), True),
    (7, "Test invalid User by ID", ("read",), (status(404), is_error), True),
    (9, "Make sure random user doesn't exist", ("filter",), (status(200), total(0), is_list), True),
    (
        11,
        "Create Okta user with realistic values",
        ("create",),
        (status(201), reads("active", True), holds("id"), echoes("userName", "name.familyName", "name.givenName")),
        True,
    ),
    (13, "Verify that user was created", ("create",), (status(200), holds("userName", "name.familyName")), True),
    (15, "Expect failure when recreating user with same values", ("create",), (status(409),), True),
    (17, "Username Case Sensitivity Check", ("filter",), (status(200),), True),
    (19, "Optional Test: Verify Groups endpoint", ("groups",), (status(200),), False),
    (21, "Check status 401", (), (status(401), is_error, says_status), True),
    (23, "Check status 404", ("read",), (status(404), is_error, says_status), True),
)

SUITE = Suite(
    name="okta-spec",
    title="Okta SCIM 2.0 SPEC Test",
    programme="listing in the Okta Integration Network",
    source=SOURCE,
    claims=tuple(
        Claim(f"Step {number}: {title}", tagged(_tag(number)), expects, needs, mandatory)
        for number, title, needs, expects, mandatory in _CLAIMS
    ),
    probe=Probe(
        name="okta-spec",
        title="Okta's published SPEC test, step by step",
        run=run,
        parts=(Part("bystander-1"),),
        suite="okta-spec",
    ),
)
