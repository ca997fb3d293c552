"""Every exchange that somebody has captured or Microsoft has published, byte for byte as far as it was: fact -> test.

A fact is named by where it is from. Placeholders of the sources stand for what this job knows: ada@example.example,
u-1001, g-1, the object id of 32 hex digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from harness.model.account import Member
from harness.model.change import (
    AddMember,
    Assign,
    Change,
    Disable,
    Edit,
    HardDelete,
    OnDemand,
    PushGroup,
    RemoveMember,
    RenameGroup,
    Restore,
    SoftDelete,
    Unassign,
    UnlinkGroup,
)
from harness.model.change import TestConnection as ConnectionTest
from harness.model.person import Person
from harness.model.step import ENTERPRISE_USER, Step
from simulators.entra import BY_THE_GUIDE, Setup
from simulators.entra.mapping import FULL, WITH_EXTERNAL_ID

FLAG = "aadOptscim062020"
HEX = "0123456789abcdef0123456789abcdef"
READ = (("Authorization", "Bearer {token}"),)
WRITE = (*READ, ("Content-Type", "application/scim+json; charset=utf-8"))
PATCH_OP = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}'
SALES = {"id": "g-1", "displayName": "Sales", "externalId": "dddddddd-dddd-dddd-dddd-dddddddddddd"}
GUID = "[0-9a-f-]{36}"


def patched(*operations: str) -> bytes:
    return (PATCH_OP % ",".join(operations)).encode()


@dataclass(frozen=True)
class Fact:
    """One request of the vendor. ``told`` leads to it; ``path`` is a pattern of path and query, ``body`` the bytes."""

    name: str
    source: str
    told: tuple[Change, ...]
    method: str
    path: str
    body: bytes | None = None
    variant: str = "default"
    setup: Setup = BY_THE_GUIDE
    stale: tuple[tuple[str, Any], ...] = ()
    at: int = -1


DEFAULT_MAPPING = Setup(mapping=FULL)
GROUP = (Assign("leaver"), PushGroup())
STALE = (
    ("displayName", "Ada"),
    ("emails", [{"type": "work", "value": "old@example.example"}]),
    ("name", {"givenName": "Ada", "formatted": "Ada Hopper"}),
    ("externalId", "ada"),
    (ENTERPRISE_USER, {"department": "Research"}),
)
SALES_PERSON = Edit("leaver", attributes=(("department", "Sales"),))

FACTS = (
    Fact(
        "user probe of the connection test",
        "OneUptime/oneuptime#2134, nginx log",
        (ConnectionTest(),),
        "GET",
        rf"/Users\?filter=userName\+eq\+%22{GUID}%22",
        at=0,
    ),
    Fact(
        "group probe of the connection test",
        "developer page: a random user and group",
        (ConnectionTest(),),
        "GET",
        rf"/Groups\?excludedAttributes=members&filter=displayName\+eq\+%22{GUID}%22",
        at=1,
    ),
    Fact(
        "lookup by userName",
        "OneUptime/oneuptime#2134, nginx log",
        (Assign("leaver"),),
        "GET",
        r"/Users\?filter=userName\+eq\+%22ada%40example\.example%22",
        at=0,
    ),
    Fact(
        "on demand: probe, lookup, patch without a read by id",
        "OneUptime/oneuptime#2134, timeline",
        (Assign("leaver"), Unassign("leaver", rushed=True), OnDemand("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched('{"op":"Replace","path":"active","value":"False"}'),
        variant=FLAG,
    ),
    Fact(
        "creation with the default mapping",
        "developer page: order, active as a boolean, empty roles, meta, no nulls",
        (Edit("newcomer", rushed=True, attributes=(("title", "Engineer"), ("department", "R&D"))), Assign("newcomer")),
        "POST",
        "/Users",
        (
            '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","'
            f'{ENTERPRISE_USER}"],"externalId":"new","userName":"new@example.example","active":true,'
            '"displayName":"Noa New","emails":[{"primary":true,"type":"work","value":"new@example.example"}],'
            '"meta":{"resourceType":"User"},"name":{"formatted":"Noa New","familyName":"New","givenName":"Noa"},'
            f'"title":"Engineer","roles":[],"{ENTERPRISE_USER}":{{"department":"R&D"}}}}'
        ).encode(),
        setup=DEFAULT_MAPPING,
    ),
    Fact(
        "later cycles read by the cached id",
        "MicrosoftDocs/azure-docs#11784",
        (Assign("leaver"), Edit("leaver")),
        "GET",
        "/Users/u-1001",
    ),
    Fact(
        "disable without the flag",
        "ssoready/ssoready#155, jelhub/scimgateway#47",
        (Assign("leaver"), Unassign("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched('{"op":"Replace","path":"active","value":"False"}'),
    ),
    Fact(
        "disable with the flag",
        "compatibility page",
        (Assign("leaver"), Disable("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched('{"op":"replace","path":"active","value":false}'),
        variant=FLAG,
    ),
    Fact(
        "recycle bin: disable and rename in one request",
        "ssoready/ssoready#166, onyx-dot-app/onyx#14074",
        (Assign("leaver"), SoftDelete("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched(
            '{"op":"Replace","path":"active","value":"False"}',
            f'{{"op":"Replace","path":"userName","value":"{HEX}ada@example.example"}}',
        ),
    ),
    Fact(
        "restore: enable and the name back",
        "onyx-dot-app/onyx#14074",
        (Assign("leaver"), SoftDelete("leaver"), Restore("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched(
            '{"op":"Replace","path":"active","value":"True"}',
            '{"op":"Replace","path":"userName","value":"ada@example.example"}',
        ),
    ),
    Fact(
        "hard delete",
        "developer page; how provisioning works",
        (Assign("leaver"), SoftDelete("leaver"), HardDelete("leaver")),
        "DELETE",
        "/Users/u-1001",
    ),
    Fact(
        "several attributes without the flag",
        "compatibility page, old form",
        (Edit("leaver", rushed=True, attributes=(("department", "Sales"),)), Assign("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched(
            '{"op":"Replace","path":"displayName","value":"Ada Hopper"}',
            '{"op":"Replace","path":"emails[type eq \\"work\\"].value","value":"ada@example.example"}',
            '{"op":"Add","path":"name.familyName","value":"Hopper"}',
            f'{{"op":"Replace","path":"{ENTERPRISE_USER}:department","value":"Sales"}}',
        ),
        setup=DEFAULT_MAPPING,
        stale=STALE,
    ),
    Fact(
        "several attributes with the flag: folded, with dotted keys",
        "compatibility page, new form",
        (Edit("leaver", rushed=True, attributes=(("department", "Sales"),)), Assign("leaver")),
        "PATCH",
        "/Users/u-1001",
        patched(
            '{"op":"replace","path":"emails[type eq \\"work\\"].value","value":"ada@example.example"}',
            '{"op":"add","path":"name.familyName","value":"Hopper"}',
            f'{{"op":"replace","value":{{"displayName":"Ada Hopper","{ENTERPRISE_USER}:department":"Sales"}}}}',
        ),
        variant=FLAG,
        setup=DEFAULT_MAPPING,
        stale=STALE,
    ),
    Fact(
        "what is not echoed is added each time",
        "getsentry/sentry#84941",
        (Assign("leaver"),),
        "PATCH",
        "/Users/u-1001",
        patched('{"op":"Add","path":"externalId","value":"ada"}'),
        setup=Setup(mapping=WITH_EXTERNAL_ID),
    ),
    Fact(
        "group lookup without members",
        "developer page",
        GROUP,
        "GET",
        r"/Groups\?excludedAttributes=members&filter=displayName\+eq\+%22Sales%22",
        at=1,
    ),
    Fact(
        "group creation with an empty list of members",
        "Microsoft Q&A 637791",
        GROUP,
        "POST",
        "/Groups",
        (
            b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],'
            b'"externalId":"dddddddd-dddd-dddd-dddd-dddddddddddd","displayName":"Sales","members":[],'
            b'"meta":{"resourceType":"Group"}}'
        ),
        at=2,
    ),
    Fact(
        "group creation of an old sample: a second schema, no members",
        "developer page",
        GROUP,
        "POST",
        "/Groups",
        (
            b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group",'
            b'"http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],'
            b'"externalId":"dddddddd-dddd-dddd-dddd-dddddddddddd","displayName":"Sales",'
            b'"meta":{"resourceType":"Group"}}'
        ),
        setup=Setup(old_group_sample=True),
        at=2,
    ),
    Fact(
        "disable with the operations in front",
        "ssoready/ssoready#155: other order of keys",
        (Assign("leaver"), Unassign("leaver")),
        "PATCH",
        "/Users/u-1001",
        (
            b'{"Operations":[{"op":"Replace","path":"active","value":"False"}],'
            b'"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}'
        ),
        setup=Setup(operations_first=True),
    ),
    Fact(
        "group read without members",
        "developer page",
        GROUP,
        "GET",
        r"/Groups/g-1\?excludedAttributes=members",
        at=3,
    ),
    Fact(
        "member added, with a null reference",
        "developer page",
        GROUP,
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"Add","path":"members","value":[{"$ref":null,"value":"u-1001"}]}'),
    ),
    Fact(
        "member removed by value",
        "ssoready/ssoready#182, Captain-P-Goldfish/SCIM-SDK#167",
        (*GROUP, RemoveMember("leaver")),
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"Remove","path":"members","value":[{"value":"u-1001"}]}'),
    ),
    Fact(
        "member removed by filter",
        "compatibility page, apache/directory-scimple#436",
        (*GROUP, RemoveMember("leaver")),
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"remove","path":"members[value eq \\"u-1001\\"]"}'),
        variant=FLAG,
    ),
    Fact(
        "member added again with the flag",
        "developer page",
        (*GROUP, RemoveMember("leaver"), AddMember("leaver")),
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"add","path":"members","value":[{"$ref":null,"value":"u-1001"}]}'),
        variant=FLAG,
    ),
    Fact(
        "group renamed",
        "developer page",
        (*GROUP, RenameGroup()),
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"Replace","path":"displayName","value":"Sales (renamed)"}'),
    ),
    Fact(
        "group renamed with the flag",
        "validator recordings",
        (*GROUP, RenameGroup()),
        "PATCH",
        "/Groups/g-1",
        patched('{"op":"replace","value":{"displayName":"Sales (renamed)"}}'),
        variant=FLAG,
    ),
    Fact(
        "group read before it is deleted",
        "docs.acqueon.com: users first, then the group is read, then group work",
        (*GROUP, UnlinkGroup()),
        "GET",
        r"/Groups/g-1\?excludedAttributes=members",
        at=-2,
    ),
    Fact(
        "group deleted",
        "docs.acqueon.com; developer page",
        (*GROUP, UnlinkGroup()),
        "DELETE",
        "/Groups/g-1",
    ),
)


class Tenant:
    """Answers as the service of the captures: it knows Ada as u-1001, takes groups, and shows what it was told."""

    def __init__(self, answers: Any, fact: Fact) -> None:
        self.answers = answers
        self.user = answers.user(**dict(fact.stale))
        self.group = dict(SALES)

    def __call__(self, step: Step) -> Any:
        if step.path == "/Groups":
            return self.answers.one(self.group, 201) if step.method == "POST" else self.answers.users()
        if step.path.startswith("/Groups/"):
            return self.answers.one(self.group) if step.method == "GET" else self.answers.no_content
        if step.path == "/Users":
            return self.answers.users(self.user) if "ada%40" in step.query else self.answers.users()
        if step.method == "PATCH" and b'"False"' in (step.body or b""):
            self.user |= {
                "active": False,
                "userName": f"{HEX}ada@example.example" if HEX.encode() in step.body else ADA,
            }
        return self.answers.one(self.user) if step.method == "GET" else self.answers.no_content


ADA = "ada@example.example"

ELSEWHERE = {
    "no User-Agent, key alone (kortix-ai/suna#7297)": (
        "connection",
        "a_read_carries_the_key_and_nothing_else",
    ),
    "manager as a plain string (SCIM-SDK#686, azure-docs#73842)": (
        "references",
        "the_manager_is_a_plain_string_and_comes_after_both_people",
    ),
    "manager as a list (old sample of the developer page)": (
        "references",
        "an_old_sample_writes_a_list_with_a_reference",
    ),
    "manager removed by a value filter (scim-patch#453)": ("references", "a_manager_who_is_gone_is_removed"),
    "manager in every cycle (azure-docs#11784)": (
        "references",
        "a_manager_in_another_shape_is_written_each_time",
    ),
    "pre-check of the manager (older page)": ("references", "an_older_client_asks_first"),
    "membership asked by filter (developer page)": (
        "cycles",
        "an_older_client_asks_for_a_membership_before_it_writes_it",
    ),
    "several matching attributes in precedence (page on attributes)": (
        "schema",
        "matching_follows_the_precedence_and_stops_at_the_first_hit",
    ),
    "roles in a creation (page on attributes)": ("schema", "expressions_constants_and_defaults_flow"),
    "roles as JSON in a string (page on attributes)": (
        "schema",
        "several_roles_are_added_as_json_in_a_string_without_the_flag",
    ),
    "nothing after a purge between two cycles (azure-docs#30269)": (
        "cycles",
        "somebody_purged_before_a_cycle_saw_the_recycle_bin_causes_nothing",
    ),
    "Update unticked, nobody disabled (sentry-docs#16258)": ("users", "unticked_target_actions_send_nothing"),
    "404 to a cached id (error codes)": ("users", "a_cached_id_that_is_gone_ends_in_invalid_anchor"),
    "groups 404: people get through, the job is quarantined (snipe-it#11913)": (
        "quarantine",
        "people_go_on_being_disabled_in_each_attempt_only_more_slowly",
    ),
    "error text with retries and date (1Password/scim-examples#82)": (
        "outlook",
        "a_refused_disable_is_told_in_the_captured_frame",
    ),
    "dump of a failed connection test (Broadcom KB 430118)": (
        "outlook",
        "a_failed_connection_test_shows_code_and_dump",
    ),
    "leaver over day 0, 1 and 31, both dialects (worked example)": (
        "worked_example",
        "the_story_alone_gives_the_worked_example",
    ),
}
"""Facts that are no single request, or that need a set-up of their own: the file and the test that holds each."""


@pytest.mark.parametrize("fact", ELSEWHERE)
def test_a_fact_that_is_held_elsewhere_has_its_test(fact: str) -> None:
    file, name = ELSEWHERE[fact]
    source = (Path(__file__).parent / f"test_{file}.py").read_text("utf-8")
    assert f"def test_{name}(" in source


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_fact_is_sent_as_it_was_seen(fact: Fact, job: Any, answers: Any) -> None:
    play = job(fact.variant, fact.setup)
    noa = Person("a" * 32, "new@example.example", "Noa", "New", "new@example.example")
    team = replace(play.cast.teams[0], members=("leaver",))
    play.cast = replace(play.cast, members=(*play.cast.members, Member("newcomer", noa)), teams=(team,))
    answering = Tenant(answers, fact)
    for change in fact.told:
        play.when(change).answering(answering)
    sent = play.sent[fact.at]
    asked = sent.path + (f"?{sent.query}" if sent.query else "")
    assert sent.method == fact.method
    assert re.fullmatch(fact.path, asked), asked
    assert sent.request.body == fact.body
    assert sent.request.headers == (READ if fact.body is None else WRITE)
