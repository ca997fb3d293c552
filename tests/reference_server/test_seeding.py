"""A server that is full of people from the start."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.model.secret import Secret
from harness.model.step import Effect
from harness.model.target import Target
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.session import Session
from harness.witness import find
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn
from reference_server.seeding import seed


def _ask(server: ReferenceServer, key: str, name: str) -> list[dict[str, Any]]:
    target = Target(f"http://{HOST}/scim/v2", Secret(key, "test"), frozenset(Effect))
    sent = Session(target, adapter=WsgiAdapter(server.wsgi)).send(find(name, ""))
    assert sent.response is not None

    found: list[dict[str, Any]] = json.loads(sent.response.body)["Resources"]
    return found


@pytest.mark.parametrize("preset", ["marketbeam", "full"])
def test_everybody_is_there_under_the_key_of_their_tenant_alone(preset: str) -> None:
    server = ReferenceServer(preset)
    first, second = seed(server, 2, 3, bystanders=1)
    assert len(_ask(server, first.api_key, "leaver-2@tenant-0.example")) == 1
    assert len(_ask(server, first.api_key, "BYSTANDER-0@tenant-0.example")) == 1
    assert _ask(server, first.api_key, "leaver-3@tenant-0.example") == []
    assert _ask(server, second.api_key, "leaver-2@tenant-0.example") == []
    server.close()


def test_a_seeded_person_looks_like_one_who_signed_in() -> None:
    server = ReferenceServer()
    (tenant,) = seed(server, 1, 1)
    server.behaviour.sign_in(tenant.tenant, SignIn("x@tenant-0.example", "Leaver", "Number-9", "x@tenant-0.example"))
    (seeded,), (signed_in,) = (
        _ask(server, tenant.api_key, name) for name in ("leaver-0@tenant-0.example", "x@tenant-0.example")
    )
    assert seeded.keys() == signed_in.keys()
    assert seeded["active"] is True
    assert seeded["name"]["formatted"] == "Leaver Number-0"
    server.close()


def test_keys_stand_in_no_repr() -> None:
    server = ReferenceServer()
    (tenant,) = seed(server, 1, 1)
    assert tenant.api_key not in repr(tenant)
    server.close()
