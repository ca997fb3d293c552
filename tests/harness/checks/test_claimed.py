"""What profiles of others ask beyond the RFCs. Most of it is tried against a server that claims them."""

from __future__ import annotations

from typing import Any

from harness.checks import claimed as checks

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def ada(**members: Any) -> dict[str, Any]:
    return {"path": "/Users/u1", "body": {"schemas": [USER], "id": "u1", "userName": "ada", **members}}


def test_for_fastfed_people_carry_no_groups(see: Any, found: Any) -> None:
    assert found(checks.people_carry_no_groups, see(ada())) == []
    assert found(checks.people_carry_no_groups, see(ada(groups=[]))) == []
    told = found(checks.people_carry_no_groups, see(ada(groups=[{"value": "g1"}])))
    assert {f.requirement for f in told} == {"FF-4.1-01"}
