"""What the front door refuses is refused at every other door, and a read-only service has no door at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.checks import side_doors as checks
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.step import ERROR
from harness.model.transcript import Transcript

Finds = Callable[..., list[Finding]]
Makes = Callable[..., Exchange]
PERSON = {"id": "u1", "userName": "subject", "active": True}


def no(status: int) -> dict[str, Any]:
    return {"status": status, "body": {"schemas": [ERROR], "status": str(status), "detail": "Not served here."}}


@pytest.mark.parametrize(
    ("check", "request_", "tag", "fine", "wrong"),
    [
        (checks.bulk_is_refused_where_it_is_not_offered, ("POST", "/Bulk"), "refuse.bulk", (501, 404), (200, 500)),
        (
            checks.nobody_is_deleted_with_the_whole_collection,
            ("DELETE", "/Users"),
            "collection.delete",
            (405, 404, 400),
            (200, 500),
        ),
        (checks.an_unsupported_me_is_not_implemented, ("GET", "/Me"), "refuse.me.read", (501,), (404, 200)),
        (checks.me_is_no_side_door, ("PATCH", "/Me"), "refuse.me.write", (501, 405), (200, 500)),
        (checks.every_write_is_refused, ("PATCH", "/Users/u1"), "refuse.write.repeat", (405, 400), (204, 404)),
        (checks.every_write_is_refused, ("PUT", "/Users/u1"), "refuse.write.put", (405,), (200, 400)),
        (checks.every_write_is_refused, ("PATCH", "/Users/x"), "refuse.write.unknown-id", (404, 405), (204,)),
        (checks.every_write_is_refused, ("POST", "/Groups"), "refuse.write.group", (404, 405), (201,)),
        (checks.every_write_is_refused, ("POST", "/Bulk"), "refuse.bulk", (501,), (200,)),
    ],
)
def test_each_door_has_its_own_proper_refusals(
    exchange: Makes,
    found: Callable[..., list[Finding]],
    check: Any,
    request_: tuple[str, str],
    tag: str,
    fine: tuple[int, ...],
    wrong: tuple[int, ...],
) -> None:
    for status in fine:
        assert found(check, exchange(*request_, tag=tag, **no(status))) == []
    for status in wrong:
        (seen,) = found(check, exchange(*request_, tag=tag, **no(status)))
        assert seen.expected
        assert seen.hint


def test_a_search_is_no_write(applies: Callable[..., bool], exchange: Makes) -> None:
    assert not applies(checks.every_write_is_refused, exchange("POST", "/Users/.search", role=Role.IDP))
    assert applies(checks.every_write_is_refused, exchange("POST", "/Users", role=Role.IDP, **no(405)))


@pytest.mark.parametrize(
    ("after", "likenesses"),
    [
        ((200, PERSON), []),
        ((200, PERSON | {"externalId": "scimulator-override"}), ["/externalId"]),
        ((404, no(404)["body"]), ["deleted"]),
    ],
)
def test_a_method_override_changes_nobody(
    rehearsed: Callable[..., Transcript], finds: Finds, after: Any, likenesses: list[str]
) -> None:
    told = rehearsed("method-override", {"override.before": (200, PERSON), "override.after": after})
    assert [f.likeness for f in finds(checks.a_method_override_is_not_obeyed, told)] == likenesses


@pytest.mark.parametrize(("people", "findings"), [([], 0), ([PERSON], 1)])
def test_bulk_is_no_side_door(
    rehearsed: Callable[..., Transcript], finds: Finds, people: list[Any], findings: int
) -> None:
    looked_up = {"totalResults": len(people), "Resources": people}
    told = rehearsed("refused-bulk", {"refuse.bulk.lookup": (200, looked_up)})
    assert len(finds(checks.bulk_is_no_side_door, told)) == findings
