"""Whatever a service answers, a simulator goes on, stays within the collection it was sent to, and comes to an end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from harness.model.change import (
    AddMember,
    Assign,
    Change,
    DeleteGroup,
    Disable,
    Edit,
    GroupOnDemand,
    HardDelete,
    Import,
    LinkGroup,
    OnDemand,
    PushGroup,
    PushNow,
    Reassign,
    RemoveMember,
    RenameGroup,
    RenamePerson,
    Reorganise,
    Restart,
    Restore,
    Retry,
    SoftDelete,
    Suspend,
    SyncPassword,
    TestConnection,
    TimePasses,
    Unassign,
    UnlinkGroup,
    Unsuspend,
)
from harness.model.exchange import Response, Trouble, TroubleKind
from harness.plan import vendors
from simulators.entra import Setup
from simulators.entra import connect as entra
from simulators.entra.mapping import FULL
from simulators.generic import connect as generic
from simulators.okta import Features
from simulators.okta import Setup as OktaSetup
from simulators.okta import connect as okta
from simulators.okta.profile import TEMPLATE

EVERYTHING: tuple[Change, ...] = (
    TestConnection(),
    Assign("leaver"),
    Edit("leaver"),
    Import(),
    PushGroup(),
    AddMember("leaver"),
    RemoveMember("leaver"),
    RenameGroup(),
    LinkGroup(),
    PushNow(),
    Reorganise(joining=("leaver",), leaving=("bystander-1",)),
    UnlinkGroup(),
    PushGroup(),
    DeleteGroup(),
    RenamePerson("leaver"),
    SyncPassword("leaver"),
    Suspend("leaver"),
    Unsuspend("leaver"),
    OnDemand("leaver"),
    GroupOnDemand(),
    Disable("leaver"),
    Reassign("leaver"),
    SoftDelete("leaver"),
    Restore("leaver"),
    Unassign("leaver"),
    HardDelete("leaver"),
    Retry(),
    TimePasses(minutes=60),
    Restart(),
)

IDPS: dict[str, Callable[[], Any]] = {
    "okta/oin": lambda: okta("oin", OktaSetup(Features(update=True, sync_password=True), import_every=60)),
    "okta/aiw": lambda: okta("aiw", OktaSetup(Features(update=True, sync_password=True), TEMPLATE)),
    "entra/default": lambda: entra(
        "default",
        Setup(
            mapping=FULL,
            probe_each_cycle=True,
            rematch_after_404=True,
            asks_members_first=True,
            honours_retry_after=True,
        ),
    ),
    "entra/aadOptscim062020": lambda: entra("aadOptscim062020", Setup(mapping=FULL)),
    "generic/strict": lambda: generic("strict"),
}

HOSTILE = {
    "nothing": Response(200),
    "no content": Response(204),
    "html": Response(200, body=b"<!doctype html><title>Sign in</title>"),
    "html as error": Response(502, body=b"<html>Bad gateway</html>"),
    "a redirect": Response(302, headers=(("Location", "https://elsewhere.example/"),)),
    "bare null": Response(200, body=b"null"),
    "a bare list": Response(200, body=b"[]"),
    "a bare string": Response(200, body=b'"no"'),
    "a bare number": Response(200, body=b"7"),
    "not utf-8": Response(200, body=b'{"id":"\xff"}'),
    "deep": Response(200, body=b"[" * 5000),
    "a list without Resources": Response(200, body=b'{"totalResults":1}'),
    "Resources of another type": Response(200, body=b'{"totalResults":1,"Resources":{"id":"u"}}'),
    "Resources that are no objects": Response(200, body=b'{"totalResults":2,"Resources":[null,3]}'),
    "counts as strings": Response(200, body=b'{"totalResults":"1","Resources":[{"id":"u"}]}'),
    "an id that is a number": Response(200, body=b'{"totalResults":1,"id":5,"Resources":[{"id":5}]}'),
    "an id that is a path": Response(200, body=b'{"totalResults":1,"Resources":[{"id":"../../admin"}]}'),
    "an id of dots": Response(200, body=b'{"id":"..","totalResults":1,"Resources":[{"id":".."}]}'),
    "a lone surrogate": Response(200, body=b'{"id":"\\ud800","userName":"\\udfff"}'),
    "a surrogate in a list": Response(200, body=b'{"totalResults":1,"Resources":[{"id":"\\ud800"}]}'),
    "attributes of odd types": Response(200, body=b'{"id":"u","userName":7,"active":"maybe","name":3,"emails":{}}'),
    "an error without body": Response(500),
    "an error that is a list": Response(400, body=b'[{"detail":1}]'),
    "an unknown status": Response(799, body=b"{}"),
    "a status below": Response(100),
}


def walk(idp: Any, cast: Any, answer: Any, playing: Any) -> Any:
    play = playing(idp, cast)
    for change in EVERYTHING:
        play.when(change).answering(answer)
    return play


def check(play: Any) -> None:
    assert play.sent, "the walk has to send something, or this test shows nothing"
    for exchange in play.sent:
        collection, *rest = exchange.path.removeprefix("/").split("/")
        assert collection in ("Users", "Groups", "ServiceProviderConfig")
        assert len(rest) <= 1
        assert not {".", ".."} & set(rest)
        assert exchange.path.isascii()
        assert exchange.query.isascii()


@pytest.mark.parametrize("idp", IDPS)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_answer_stops_a_simulator(idp: str, name: str, cast: Any, playing: Any) -> None:
    check(walk(IDPS[idp](), cast, HOSTILE[name], playing))


@pytest.mark.parametrize("idp", IDPS)
@pytest.mark.parametrize("kind", TroubleKind)
def test_no_trouble_on_the_way_stops_a_simulator(idp: str, kind: TroubleKind, cast: Any, playing: Any) -> None:
    check(walk(IDPS[idp](), cast, Trouble(kind, "on the way"), playing))


@pytest.mark.parametrize("idp", IDPS)
@pytest.mark.parametrize("name", HOSTILE)
def test_the_administrator_is_told_something_about_every_answer(idp: str, name: str, cast: Any, playing: Any) -> None:
    vendor = vendors()[idp.partition("/")[0]]
    play = walk(IDPS[idp](), cast, HOSTILE[name], playing)
    play.vendor, play.variant = vendor, idp.partition("/")[2]
    assert all(text for _, _, text in play.notices)
    assert play.notices


NAMES = ("id", "userName", "active", "Resources", "totalResults", "startIndex", "name", "emails", "value", "type")
ODD = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-3, 3)
    | strategies.sampled_from(["", "..", "u-1", "a/b", "True", "ada@example.example", "\ud800"]),
    lambda inner: (
        strategies.lists(inner, max_size=2)
        | strategies.dictionaries(
            strategies.sampled_from(
                [
                    "id",
                    "userName",
                    "active",
                    "Resources",
                    "totalResults",
                    "startIndex",
                    "name",
                    "emails",
                    "value",
                    "type",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("idp", IDPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=strategies.lists(ODD, min_size=1, max_size=6), status=strategies.sampled_from([200, 201, 404, 500]))
def test_json_of_any_shape_is_survived(idp: str, bodies: list[Any], status: int, cast: Any, playing: Any) -> None:
    answers = iter(range(10**6))

    def answer(_step: Any) -> Response:
        return Response(status, body=json.dumps(bodies[next(answers) % len(bodies)]).encode())

    check(walk(IDPS[idp](), cast, answer, playing))
