"""The probes that write: whom they touch, how they put things back, and what they never do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from harness.model.exchange import Response
from harness.model.scenario import Probe
from harness.model.step import Effect, Intent, Step
from harness.model.transcript import Transcript
from harness.probes import all_probes
from harness.probes.echo import address, echoed
from harness.probes.requests import NOBODY_ID
from harness.wire.guard import IMPOSSIBLE_IDS

Driven = Callable[..., Transcript]
NAMES = (
    "creating",
    "deactivation",
    "detailed",
    "external-id",
    "group-members",
    "method-override",
    "patching",
    "refused-bulk",
    "refused-creation",
    "refused-deletion",
    "refused-groups",
    "refused-me",
    "refused-writes",
    "replacing",
    "several-attributes",
    "whole-collection",
)
MOST = {"deactivation": 52, "detailed": 56, "patching": 56, "creating": 48, "replacing": 22, "group-members": 20}
"""So many requests a probe may send; any other fourteen."""


def probe(name: str) -> Probe:
    return all_probes()[name]


class Obedient:
    """A service that stores whatever a PATCH or PUT of its one person says, and creates whatever is posted."""

    def __init__(self, **person: Any) -> None:
        self.person: dict[str, Any] = {"id": "u1", "userName": "subject", "active": True, **person}
        self.created = 0

    def __call__(self, step: Step) -> Response:
        body = json.loads(step.body) if step.body else {}
        if step.path.rpartition("/")[2] in IMPOSSIBLE_IDS:
            return _answer(404, {"status": "404"})
        if step.method == "PATCH":
            for operation in body.get("Operations", []):
                self._apply(operation)
        elif step.method == "PUT":
            self.person |= body
        elif step.method == "POST":
            self.created += 1
            return _answer(201, {"id": f"new-{self.created}"})
        elif step.method == "DELETE":
            return _answer(204, None)
        return _answer(200, self.person)

    def _apply(self, operation: dict[str, Any]) -> None:
        value, path = operation.get("value"), str(operation.get("path", "")).rpartition(":")[2]
        if operation.get("op") == "remove":
            self.person.pop(path, None)
        elif path:
            self.person[path] = value
        elif isinstance(value, dict):
            self.person |= value


def _answer(status: int, body: Any) -> Response:
    return Response(status, "", (), b"" if body is None else json.dumps(body).encode())


def refusing(_step: Step) -> Response:
    return _answer(405, {"status": "405"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("service", [Obedient, lambda: refusing], ids=["obedient", "refusing"])
def test_a_probe_touches_nobody_but_its_own_people(driven: Driven, name: str, service: Any) -> None:
    own = {"u1", "u2", "u3"} | IMPOSSIBLE_IDS
    for exchange in driven(probe(name), service()).exchanges:
        collection, _, resource_id = exchange.path.strip("/").partition("/")
        reads_discovery = collection in ("Schemas", "ServiceProviderConfig", "ResourceTypes")
        assert exchange.effect is Effect.READ or not resource_id or resource_id in own or "new-" in resource_id
        assert reads_discovery or collection in ("Users", "users", "Groups", "Bulk", "Me")


@pytest.mark.parametrize("name", NAMES)
def test_a_probe_that_could_change_somebody_says_so(driven: Driven, name: str) -> None:
    for exchange in driven(probe(name), Obedient()).exchanges:
        hidden = "DELETE" in exchange.request.url or any(v == "DELETE" for _, v in exchange.request.headers)
        if exchange.method == "DELETE" or hidden:
            assert exchange.effect is Effect.DELETE
        elif exchange.method in ("POST", "PUT", "PATCH"):
            assert exchange.effect is Effect.WRITE
        else:
            assert exchange.effect is Effect.READ


@pytest.mark.parametrize("name", NAMES)
def test_every_request_has_a_tag_and_a_title(driven: Driven, name: str) -> None:
    for exchange in driven(probe(name), Obedient()).exchanges:
        assert exchange.tag
        assert exchange.title
        assert "u1" not in exchange.template


@pytest.mark.parametrize("name", NAMES)
def test_every_invented_address_ends_in_example(driven: Driven, name: str) -> None:
    for exchange in driven(probe(name), Obedient()).exchanges:
        for address_ in re.findall(r"@[\w.-]+", f"{exchange.request.url} {(exchange.request.body or b'').decode()}"):
            assert address_.lower().endswith(".example")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("service", [Obedient, lambda: refusing], ids=["obedient", "refusing"])
def test_a_probe_stays_small(driven: Driven, name: str, service: Any) -> None:
    assert len(driven(probe(name), service()).exchanges) <= MOST.get(name, 14)


@pytest.mark.parametrize("name", ["deactivation", "external-id", "patching", "replacing"])
@pytest.mark.parametrize("external_id", [None, "their-own"])
def test_the_person_ends_as_they_began(driven: Driven, name: str, external_id: str | None) -> None:
    service = Obedient(externalId=external_id, displayName="Sub Ject")
    driven(probe(name), service)
    assert service.person["active"] is True
    assert service.person.get("externalId") == external_id
    assert service.person["displayName"] == "Sub Ject"


def test_where_nobody_comes_back_the_last_request_still_tries(driven: Driven) -> None:
    class Stubborn(Obedient):
        def __call__(self, step: Step) -> Response:
            return refusing(step) if step.intent is Intent.REACTIVATE else super().__call__(step)

    told = driven(probe("deactivation"), Stubborn())
    (restore,) = [x for x in told.exchanges if x.tag == "deactivate.restore" and x.intent is Intent.PROBE]
    assert {"op": "replace", "path": "active", "value": True} in restore.sent["Operations"]
    assert not told.tagged("deactivate.pathless")


def test_a_probe_looks_at_what_it_has_written_before_it_writes_again(driven: Driven) -> None:
    told = driven(probe("patching"), Obedient())
    for exchange in told.exchanges:
        if (
            exchange.method == "PATCH"
            and exchange.ok
            and ".broken." not in exchange.tag
            and exchange.tag in ("patch.unset", "patch.add", "patch.pathless", "patch.remove")
        ):
            assert told.tagged(f"{exchange.tag}.read")


def test_what_was_created_is_deleted_again(driven: Driven) -> None:
    told = driven(probe("creating"), Obedient())
    made = [x.resource["id"] for x in told.exchanges if x.status == 201 and x.tag in ("create.valid", "create.twin")]
    gone = [x.path.rpartition("/")[2] for x in told.exchanges if x.method == "DELETE"]
    assert made
    assert set(made) <= set(gone)


def test_a_second_creation_follows_the_address_that_was_told(driven: Driven) -> None:
    def located(step: Step) -> Response:
        if step.tag == "create.valid":
            there = (("Location", "https://app.example/scim/v2/Users/elsewhere"),)
            return Response(201, "", there, b'{"id": "new-1"}')
        return refusing(step)

    assert driven(probe("creating"), located).tagged("create.read")[0].path == "/Users/elsewhere"


def test_an_address_that_leads_away_is_not_followed(driven: Driven) -> None:
    def located(step: Step) -> Response:
        if step.tag == "create.valid":
            return Response(201, "", (("Location", "https://elsewhere.example/Users/1"),), b'{"id": "new-1"}')
        return refusing(step)

    assert driven(probe("creating"), located).tagged("create.read")[0].path == "/Users/new-1"


def test_what_a_service_says_can_be_sent_back() -> None:
    assert echoed({"name": "\ud800", "active": True}) == {"name": "?", "active": True}
    assert address("Users", "a/b c", NOBODY_ID) == "/Users/a%2Fb%20c"
    assert address("Users", "\ud800", NOBODY_ID) == "/Users/%3F"
    assert address("Users", None, NOBODY_ID) == f"/Users/{NOBODY_ID}"
