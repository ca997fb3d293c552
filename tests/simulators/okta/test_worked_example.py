"""What ``scimulator plan --idp okta --story leaver`` shows: the leaver of both app types, from the story alone."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main

HEADERS = {
    "Accept": "application/scim+json",
    "Accept-Charset": "utf-8",
    "Content-Type": "application/scim+json; charset=utf-8",
    "User-Agent": "Okta SCIM Client 1.0.0",
    "Authorization": "Bearer [redacted:token]",
    "Connection": "Keep-Alive",
    "Accept-Encoding": "gzip,deflate",
}


@cache
def planned(variant: str) -> list[dict[str, Any]]:
    ran = CliRunner().invoke(main, ["plan", "--idp", f"okta:{variant}", "--story", "leaver", "--json"])
    assert ran.exit_code == 0, ran.output
    return [row for row in json.loads(ran.stdout) if row["sender"] == "idp"]


def wire(row: dict[str, Any]) -> str:
    """The request line."""
    return f"{row['method']} {row['path']}"


def headers(reading: bool) -> str:
    return "\n".join(f"{n}: {v}" for n, v in HEADERS.items() if not (reading and n == "Content-Type"))


def test_a_catalogue_app_looks_up_and_later_sends_the_118_bytes() -> None:
    lookup, off = planned("oin")
    assert lookup["title"] == "Determine if the user exists"
    assert lookup["path"].startswith("/scim/v2/Users?filter=userName%20eq%20%22")
    assert lookup["path"].endswith("%40rehearsal.example%22&startIndex=1&count=100")
    assert off["title"] == "Deactivate the user: active is set to false"
    assert wire(off).startswith("PATCH /scim/v2/Users/")
    assert off["body"] == (
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
        '"Operations":[{"op":"replace","value":{"active":false}}]}'
    )
    assert (lookup["headers"], off["headers"]) == (headers(reading=True), headers(reading=False))


def test_a_wizard_app_looks_up_and_later_writes_back_inactive_what_it_has_read() -> None:
    lookup, read, off = planned("aiw")
    user = read["path"]
    assert [wire(row).partition("?")[0] for row in (lookup, read, off)] == [
        "GET /scim/v2/Users",
        f"GET {user}",
        f"PUT {user}",
    ]
    body = json.loads(off["body"])
    assert (body["id"], body["active"]) == (user.rpartition("/")[2], False)
    assert {"meta", "userName", "name", "emails", "schemas"} <= set(body)
    assert "externalId" not in body, "a deactivation changes nothing but active"
    assert (read["headers"], off["headers"]) == (headers(reading=True), headers(reading=False))


@pytest.mark.parametrize("variant", ["oin", "aiw"])
def test_nobody_else_is_written_to(variant: str) -> None:
    assert [row["method"] for row in planned(variant) if row["method"] != "GET"] == [
        {"oin": "PATCH", "aiw": "PUT"}[variant]
    ]
