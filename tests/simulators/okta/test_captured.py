"""What is known of Okta on the wire, fact by fact: captured requests byte for byte, documented ones in every part.

Each row tells what is known and how, lets it happen, and holds the requests as they cross the wire, without Host and
Content-Length, which the session adds. The people and ids are neutral; where Okta makes a value up, so does the row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from harness.model.account import Account, Cast, Member, Source
from harness.model.change import (
    AddMember,
    Assign,
    Change,
    DeleteGroup,
    Disable,
    Edit,
    Feature,
    GainGrant,
    HardDelete,
    Import,
    LinkGroup,
    LoseGrant,
    PushGroup,
    PushNow,
    Reassign,
    RemoveMember,
    RenameGroup,
    Reorganise,
    SoftDelete,
    Suspend,
    Switch,
    SyncPassword,
    TestConnection,
    Unassign,
    UnlinkGroup,
    Unsuspend,
)
from harness.model.person import Person, Team
from harness.model.step import ENTERPRISE_USER, Step
from simulators.okta import OKTA, Authorization, Features, Setup, connect
from simulators.okta.mapping import new_password, okta_id
from simulators.okta.profile import GUIDE, TEMPLATE

ALICE = Person("a" * 32, "alice@example.com", "Alice", "Doe", "alice@example.com")
BOB = Person("b" * 32, "bob@example.com", "Bob", "Roe", "bob@example.com")
CAROL = Person("c" * 32, "carol@example.com", "Carol", "Poe", "carol@example.com", department="Sales")
DAN = Person("d" * 32, "Dan@example.com", "Dan", "Moe", "dan@example.com")
PEOPLE = {"alice": ALICE, "bob": BOB, "carol": CAROL, "dan": DAN}
IDS = dict(zip(PEOPLE, ("U1", "U2", "U3", "U4"), strict=True))
MEMBERS = tuple(Member(n, p, Account(p.user_name, IDS[n], Source.JIT)) for n, p in PEOPLE.items())
CAST = Cast(MEMBERS, (Team("e" * 32, "Team Red", ("alice", "bob")),))

COMMON = """\
User-Agent: Okta SCIM Client 1.0.0
Authorization: Bearer {token}
Connection: Keep-Alive
Accept-Encoding: gzip,deflate
"""
READING = "Accept: application/scim+json\nAccept-Charset: utf-8\n" + COMMON
WRITING = (
    "Accept: application/scim+json\nAccept-Charset: utf-8\n"
    "Content-Type: application/scim+json; charset=utf-8\n" + COMMON
)
PATCH_OP = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":'
USER = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],'
GROUP = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],'
OFF = PATCH_OP + '[{"op":"replace","value":{"active":false}}]}'
ON = PATCH_OP + '[{"op":"replace","value":{"active":true}}]}'
PASSWORD = OFF.replace('"active":false', f'"password":"{new_password(ALICE, 1)}"')
NAME = PATCH_OP + '[{"op":"replace","value":{"id":"G1","displayName":"Team Red"}}]}'
BOTH = '[{"value":"U1","display":"alice@example.com"},{"value":"U2","display":"bob@example.com"}]'

READ_BACK = (
    '{"id":"U1","externalId":"%s",'
    '"meta":{"resourceType":"User","created":"2018-01-01T00:00:00Z","lastModified":"2018-01-01T00:00:00Z",'
    '"version":"v1.0"},"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"alice@example.com",'
    '"displayName":"%s","locale":"en_US","active":true,"password":"kept",'
    '"emails":[{"value":"alice@example.com","type":"work","primary":true}],'
    '"name":{"familyName":"Doe","givenName":"Alice"},"groups":[]}'
)
"""A user as the captured service showed it: its own key order, its own locale, even a password."""


def get(target: str) -> str:
    return f"GET {target}\n{READING}"


def write(method: str, target: str, body: str = "") -> str:
    return f"{method} {target}\n{WRITING}\n{body}"


def find(name: str) -> str:
    return get(f"/Users?filter=userName%20eq%20%22{name}%40example.com%22&startIndex=1&count=100")


FIND_GROUP = get("/Groups?filter=displayName%20eq%20%22Team%20Red%22&startIndex=1&count=100")


def raw(step: Step) -> str:
    """A request as it crosses the wire."""
    target = step.path + (f"?{step.query}" if step.query else "")
    head = f"{step.method} {target}\n" + "".join(f"{name}: {value}\n" for name, value in step.headers)
    return head if step.method == "GET" else f"{head}\n{(step.body or b'').decode()}"


Answer = Callable[[Step], Any]


@dataclass(frozen=True)
class Fact:
    """``known`` says what and from where. ``before`` happens first and is answered; then ``change`` sends ``sends``."""

    known: str
    change: Change
    sends: tuple[str, ...]
    app: str = "oin"
    setup: Setup = field(default_factory=Setup)
    before: tuple[Change, ...] = ()
    shows: str = ""


LINKED = (Assign("alice"), Assign("bob"))
PUSHED = (*LINKED, PushGroup())
UPDATING = Setup(Features(update=True))
LAB = GUIDE.without("displayName", "locale", "emailType")


def created(person: Person, attributes: str, tail: str = "") -> str:
    """The create request: what is mapped, then what Okta always adds."""
    added = f'"externalId":"{okta_id(person)}","groups":[],"password":"{new_password(person)}","active":true'
    return write("POST", "/Users", USER + attributes + added + tail + "}")


FACTS = (
    # The connection test.
    Fact(
        "captured 2018: the credential test reads two users, and saving reads the groups (1.1 reference)",
        TestConnection(),
        (get("/Users?startIndex=1&count=2"), get("/Groups?startIndex=1&count=100")),
    ),
    Fact(
        "captured 2026: saving a wizard app asks for the two users again",
        TestConnection(),
        (get("/Users?startIndex=1&count=2"), get("/Users?startIndex=1&count=2")),
        app="aiw",
    ),
    Fact(
        "captured: a base URL with a slash at its end gets another one",
        Assign("alice"),
        (find("alice").replace("/Users", "//Users"),),
        setup=Setup(trailing_slash=True),
    ),
    # Assignment.
    Fact("documented, captured 2024: the lookup, blanks as %20", Assign("alice"), (find("alice"),)),
    Fact(
        "captured 2018: the lookup, blanks as plus signs",
        Assign("alice"),
        (get("/Users?filter=userName+eq+%22alice%40example.com%22&startIndex=1&count=100"),),
        setup=Setup(plus_for_blanks=True),
    ),
    Fact(
        "captured 2018: the create request, keys in this order",
        Assign("alice"),
        (
            find("alice"),
            created(
                ALICE,
                '"userName":"alice@example.com","name":{"givenName":"Alice","familyName":"Doe"},'
                '"emails":[{"primary":true,"value":"alice@example.com","type":"work"}],'
                '"displayName":"Alice Doe","locale":"en-US",',
            ),
        ),
        shows="nobody",
    ),
    Fact(
        "captured 2026: a wizard app without mappings for displayName, locale and the type of the mail address",
        Assign("alice"),
        (
            find("alice"),
            created(
                ALICE,
                '"userName":"alice@example.com","name":{"givenName":"Alice","familyName":"Doe"},'
                '"emails":[{"primary":true,"value":"alice@example.com"}],',
            ),
        ),
        app="aiw",
        setup=Setup(mapping=LAB),
        shows="nobody",
    ),
    Fact(
        "captured 2026: a mapped department brings the enterprise extension along (its place is inferred)",
        Assign("carol"),
        (
            find("carol"),
            created(
                CAROL,
                '"userName":"carol@example.com","name":{"givenName":"Carol","familyName":"Poe"},'
                '"emails":[{"primary":true,"value":"carol@example.com","type":"work"}],'
                '"displayName":"Carol Poe","locale":"en-US",',
                f',"{ENTERPRISE_USER}":{{"department":"Sales"}}',
            ).replace('2.0:User"],"userName"', f'2.0:User","{ENTERPRISE_USER}"],"userName"'),
        ),
        setup=Setup(mapping=TEMPLATE),
        shows="nobody",
    ),
    Fact(
        "captured 2026: a person who is there already is read and written, once",
        Assign("alice"),
        (
            find("alice"),
            get("/Users/U1"),
            write("PUT", "/Users/U1", READ_BACK % (okta_id(ALICE), "Alice Doe")),
        ),
        app="aiw",
        setup=UPDATING,
    ),
    Fact(
        "captured 2023: a wizard app's quick return writes the user twice, activation first",
        Reassign("alice"),
        (
            find("alice"),
            get("/Users/U1"),
            write("PUT", "/Users/U1", READ_BACK % ("00uEXAMPLE0000000001", "Alice")),
            get("/Users/U1"),
            write("PUT", "/Users/U1", READ_BACK % (okta_id(ALICE), "Alice Doe")),
        ),
        app="aiw",
        setup=UPDATING,
        before=(Assign("alice"), Unassign("alice")),
    ),
    Fact(
        "documented: a catalogue app activates by PATCH after looking the user up again",
        Reassign("alice"),
        (find("alice"), write("PATCH", "/Users/U1", ON)),
        before=(Assign("alice"), Unassign("alice")),
    ),
    # Profile updates.
    Fact(
        "captured 2018: the profile push is the service's own answer with the mapped values written over it",
        Edit("alice", attributes=(("given_name", "Alicia"),)),
        (
            get("/Users/U1"),
            write(
                "PUT",
                "/Users/U1",
                (READ_BACK % (okta_id(ALICE), "Alicia Doe")).replace('"givenName":"Alice"', '"givenName":"Alicia"'),
            ),
        ),
        setup=UPDATING,
        before=(Assign("alice"),),
    ),
    # Deactivation.
    Fact(
        "captured 2018: a catalogue app deactivates with these 118 bytes",
        Unassign("alice"),
        (write("PATCH", "/Users/U1", OFF),),
        before=(Assign("alice"),),
    ),
    Fact(
        "documented: Okta can switch a catalogue app to PUT for people",
        Unassign("alice"),
        (
            get("/Users/U1"),
            write(
                "PUT",
                "/Users/U1",
                (READ_BACK % ("00uEXAMPLE0000000001", "Alice")).replace('"active":true', '"active":false'),
            ),
        ),
        setup=Setup(put_users=True),
        before=(Assign("alice"),),
    ),
    *(
        Fact(
            f"documented: {what}",
            change,
            (write("PATCH", "/Users/U1", OFF),),
            before=(Assign("alice"),),
        )
        for what, change in (
            ("a deactivated Okta user is deactivated in the app", Disable("alice")),
            ("a deleted Okta user is deactivated in the app, never deleted", SoftDelete("alice")),
            ("so is one who was removed for good", HardDelete("alice")),
        )
    ),
    Fact(
        "captured 2018, 2023: a wizard app reads the user and writes it back, inactive and otherwise as it was",
        Unassign("alice"),
        (
            get("/Users/U1"),
            write(
                "PUT",
                "/Users/U1",
                (READ_BACK % ("00uEXAMPLE0000000001", "Alice")).replace('"active":true', '"active":false'),
            ),
        ),
        app="aiw",
        before=(Assign("alice"),),
    ),
    Fact(
        "captured 2023: a list that came for the user goes back with active on top",
        Unassign("alice"),
        (get("/Users/U1"), write("PUT", "/Users/U1", '{"totalResults":1,"Resources":[{"id":"U1"}],"active":false}')),
        app="aiw",
        before=(Assign("alice"),),
        shows="a list for the user",
    ),
    *(
        Fact(f"documented: {what} sends nothing", change, (), app=app, before=before, setup=setup)
        for app in ("oin", "aiw")
        for what, change, before, setup in (
            ("suspension", Suspend("alice"), (Assign("alice"),), Setup()),
            ("the end of a suspension", Unsuspend("alice"), (Assign("alice"), Suspend("alice")), Setup()),
            ("deleting a deactivated user", HardDelete("alice"), (Assign("alice"), Disable("alice")), Setup()),
            ("one grant of two", LoseGrant("alice"), (Assign("alice"), GainGrant("alice")), Setup()),
            (
                "leaving without Deactivate Users",
                Unassign("alice"),
                (Assign("alice"),),
                Setup(Features(deactivate=False)),
            ),
            ("a new password without Sync Password", SyncPassword("alice"), (Assign("alice"),), Setup()),
            ("an edit without Update User Attributes", Edit("alice"), (Assign("alice"),), Setup()),
        )
    ),
    # Passwords.
    Fact(
        "documented: Sync Password by PATCH in a catalogue app (the form is inferred)",
        SyncPassword("alice"),
        (
            write(
                "PATCH",
                "/Users/U1",
                PASSWORD,
            ),
        ),
        setup=Setup(Features(sync_password=True)),
        before=(Assign("alice"),),
    ),
    Fact(
        "documented: Sync Password by PUT in a wizard app",
        SyncPassword("alice"),
        (
            get("/Users/U1"),
            write(
                "PUT",
                "/Users/U1",
                (READ_BACK % ("00uEXAMPLE0000000001", "Alice")).replace(
                    '"password":"kept"', f'"password":"{new_password(ALICE, 1)}"'
                ),
            ),
        ),
        app="aiw",
        setup=Setup(Features(sync_password=True)),
        before=(Assign("alice"),),
    ),
    # Import.
    Fact(
        "documented: an import reads pages of a hundred until the total is covered, then the groups",
        Import(),
        (
            get("/Users?startIndex=1&count=100"),
            get("/Users?startIndex=101&count=100"),
            get("/Groups?startIndex=1&count=100"),
        ),
        shows="150 people",
    ),
    Fact(
        "documented: without Import Groups an import stops after the people",
        Import(),
        (get("/Users?startIndex=1&count=100"), get("/Users?startIndex=101&count=100")),
        app="aiw",
        shows="150 people",
    ),
    # Group push.
    Fact(
        "captured 2018: a new group comes with its members",
        PushGroup(),
        (FIND_GROUP, write("POST", "/Groups", GROUP + f'"displayName":"Team Red","members":{BOTH}}}')),
        before=LINKED,
    ),
    Fact(
        "documented: a new group comes without members, which follow (that they follow so is inferred)",
        PushGroup(),
        (
            FIND_GROUP,
            write("POST", "/Groups", GROUP + '"displayName":"Team Red","members":[]}'),
            write("PATCH", "/Groups/G1", NAME),
            write("PATCH", "/Groups/G1", PATCH_OP + f'[{{"op":"replace","path":"members","value":{BOTH}}}]}}'),
        ),
        before=LINKED,
        setup=Setup(members_on_create=False),
    ),
    Fact(
        "captured 2026: a wizard app reads the new group back and writes it whole",
        PushGroup(),
        (
            FIND_GROUP,
            write("POST", "/Groups", GROUP + f'"displayName":"Team Red","members":{BOTH}}}'),
            get("/Groups/G1"),
            write("PUT", "/Groups/G1", GROUP + f'"id":"G1","displayName":"Team Red","members":{BOTH}}}'),
        ),
        app="aiw",
        before=LINKED,
    ),
    Fact(
        "captured 2026: an empty team is an empty list in both requests",
        PushGroup(),
        (
            FIND_GROUP,
            write("POST", "/Groups", GROUP + '"displayName":"Team Red","members":[]}'),
            get("/Groups/G1"),
            write("PUT", "/Groups/G1", GROUP + '"id":"G1","displayName":"Team Red","members":[]}'),
        ),
        app="aiw",
    ),
    Fact(
        "captured 2018: a rename repeats the id inside the value",
        RenameGroup(),
        (write("PATCH", "/Groups/G1", NAME.replace("Team Red", "Team Red (renamed)")),),
        before=PUSHED,
    ),
    Fact(
        "captured 2018: removals one by one, then one addition with everybody in it; the name goes along (documented)",
        Reorganise(joining=("carol", "dan"), leaving=("alice", "bob")),
        (
            write("PATCH", "/Groups/G1", NAME),
            write(
                "PATCH",
                "/Groups/G1",
                PATCH_OP + '[{"op":"remove","path":"members[value eq \\"U1\\"]"},'
                '{"op":"remove","path":"members[value eq \\"U2\\"]"},'
                '{"op":"add","path":"members","value":[{"value":"U3","display":"carol@example.com"},'
                '{"value":"U4","display":"Dan@example.com"}]}]}',
            ),
        ),
        before=(*PUSHED, Assign("carol"), Assign("dan")),
    ),
    Fact(
        "captured: an addition names value and display, and no type",
        AddMember("carol"),
        (
            write(
                "PATCH",
                "/Groups/G1",
                PATCH_OP + '[{"op":"add","path":"members","value":[{"value":"U3","display":"carol@example.com"}]}]}',
            ),
        ),
        setup=Setup(Features(rename_groups=False)),
        before=(*PUSHED, Assign("carol")),
    ),
    Fact(
        "captured 2026: one removal by filter",
        RemoveMember("alice"),
        (write("PATCH", "/Groups/G1", PATCH_OP + '[{"op":"remove","path":"members[value eq \\"U1\\"]"}]}'),),
        setup=Setup(Features(rename_groups=False)),
        before=PUSHED,
    ),
    Fact(
        "captured 2018: Push now replaces the members",
        PushNow(),
        (
            write("PATCH", "/Groups/G1", NAME),
            write("PATCH", "/Groups/G1", PATCH_OP + f'[{{"op":"replace","path":"members","value":{BOTH}}}]}}'),
        ),
        before=PUSHED,
    ),
    Fact(
        "captured: Push now of an empty team",
        PushNow(),
        (write("PATCH", "/Groups/G1", PATCH_OP + '[{"op":"replace","path":"members","value":[]}]}'),),
        setup=Setup(Features(rename_groups=False)),
        before=(PushGroup(),),
    ),
    Fact(
        "captured, second hand: everything in one value, without schemas",
        PushNow(),
        (
            write(
                "PATCH",
                "/Groups/G1",
                '{"Operations":[{"op":"replace","value":{"members":[],"id":"G1","displayName":"Team Red"}}]}',
            ),
        ),
        setup=Setup(whole_push=True),
        before=(PushGroup(),),
    ),
    Fact(
        "captured 2018: a wizard app tells a change of members by GET and PUT",
        RemoveMember("alice"),
        (
            get("/Groups/G1"),
            write(
                "PUT",
                "/Groups/G1",
                GROUP + '"id":"G1","displayName":"Team Red","members":[{"value":"U2","display":"bob@example.com"}]}',
            ),
        ),
        app="aiw",
        before=PUSHED,
    ),
    Fact(
        "captured, not certain to be Okta: members with null as their display",
        RemoveMember("alice"),
        (
            get("/Groups/G1"),
            write(
                "PUT",
                "/Groups/G1",
                GROUP + '"id":"G1","displayName":"Team Red","members":[{"value":"U2","display":null}]}',
            ),
        ),
        app="aiw",
        setup=Setup(null_display=True),
        before=PUSHED,
    ),
    Fact(
        "documented: unlink and delete the group in the target app; captured 2018: DELETE names a media type",
        UnlinkGroup(),
        (write("DELETE", "/Groups/G1"),),
        before=PUSHED,
    ),
    Fact("documented: unlink and leave the group sends nothing", UnlinkGroup(delete=False), (), before=PUSHED),
    Fact("inferred: deleting the team in Okta leaves the group", DeleteGroup(), (), before=PUSHED),
    Fact(
        "documented: pausing a push sends nothing",
        Switch(feature=Feature.PUSH_GROUPS, on=False),
        (),
        before=PUSHED,
    ),
    Fact(
        "documented: a push that is active again writes the memberships at once",
        Switch(feature=Feature.PUSH_GROUPS, on=True),
        (
            write("PATCH", "/Groups/G1", NAME),
            write("PATCH", "/Groups/G1", PATCH_OP + f'[{{"op":"replace","path":"members","value":{BOTH}}}]}}'),
        ),
        before=(*PUSHED, Switch(feature=Feature.PUSH_GROUPS, on=False)),
    ),
    Fact(
        "documented: a linked group takes the team's name, and keeps its members until a full push",
        LinkGroup(),
        (write("PATCH", "/Groups/G1", NAME),),
        before=(*LINKED, Import()),
        shows="the group",
    ),
    Fact(
        "documented: without an import the group is looked up by its name",
        LinkGroup(),
        (FIND_GROUP, write("PATCH", "/Groups/G1", NAME)),
        before=LINKED,
        shows="the group",
    ),
    Fact(
        "documented: linking without the rename sends nothing more",
        LinkGroup(),
        (FIND_GROUP,),
        setup=Setup(Features(rename_groups=False)),
        before=LINKED,
        shows="the group",
    ),
    Fact("documented: Push Groups not ticked sends nothing", PushGroup(), (), setup=Setup(Features(push_groups=False))),
    # Authorization.
    *(
        Fact(
            f"{known}: {mode.value}",
            Assign("alice"),
            (find("alice").replace("Bearer {token}", written),),
            app=app,
            setup=Setup(authorization=mode),
        )
        for app, mode, written, known in (
            ("oin", Authorization.HEADER, "{token}", "documented"),
            ("oin", Authorization.BEARER, "Bearer {token}", "documented"),
            ("oin", Authorization.BASIC, "Basic {token:base64}", "documented"),
            ("oin", Authorization.OAUTH, "Bearer {token}", "documented"),
            ("aiw", Authorization.BEARER, "Bearer {token}", "captured 2026"),
            ("aiw", Authorization.DOUBLED, "Bearer Bearer {token}", "inferred"),
            ("aiw", Authorization.BASIC, "Basic {token:base64}", "documented"),
        )
    ),
)


def service(answers: Any, fact: Fact) -> Answer:
    """A service that shows what the row says, and agrees to everything."""

    def answer(step: Step) -> Any:
        step = replace(step, path=step.path.replace("//", "/"))
        if step.method in ("PATCH", "DELETE"):
            return answers.no_content
        if step.method == "POST":
            return answers.one({"id": "G1" if step.path == "/Groups" else "U9"}, 201)
        if step.path == "/Groups":
            return answers.users(*[{"id": "G1", "displayName": "Team Red"}] if fact.shows == "the group" else [])
        if step.path == "/Groups/G1":
            return answers.one({"id": "G1", "displayName": "Old", "members": []})
        if step.path != "/Users":
            if fact.shows == "a list for the user":
                return answers.raw(b'{"totalResults":1,"Resources":[{"id":"U1"}]}')
            return answers.raw((READ_BACK % ("00uEXAMPLE0000000001", "Alice")).encode())
        if fact.shows == "150 people":
            return answers.users(*[answers.user(f"u-{n}") for n in range(50)], totalResults=150)
        found = [] if fact.shows == "nobody" else [n for n in PEOPLE if f"%22{n}%40" in step.query.lower()]
        return answers.users(*[answers.user(IDS[n]) for n in found])

    return answer


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.app}: {fact.known}")
def test_what_is_known_is_what_is_sent(fact: Fact, playing: Any, answers: Any) -> None:
    play = playing(connect(fact.app, fact.setup), CAST, OKTA, fact.app)
    answer = service(answers, fact)
    for change in fact.before:
        play.when(change).answering(answer)
    play.when(fact.change)
    sent = []
    while play.waiting is not None:
        sent.append(raw(play.step))
        play << answer(play.step)
    assert sent == list(fact.sends)


def test_the_deactivation_has_118_bytes() -> None:
    assert len(OFF) == 118
