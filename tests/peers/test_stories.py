"""Everything unusual that both IdPs can send, told to the end to services that we did not write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.peer, pytest.mark.socket, pytest.mark.thorough]
ALLOWED = ("--profile", "full", "--allow", "write", "--allow", "delete", "--idp", "okta", "--idp", "entra")


@pytest.mark.parametrize("peer", ["scim2_server", pytest.param("scimmy", marks=pytest.mark.node)])
def test_no_story_ends_in_an_error_of_ours(
    peer: str, request: pytest.FixtureRequest, rehearse: Callable[..., dict[str, Any]]
) -> None:
    run = rehearse(request.getfixturevalue(peer), *ALLOWED, "--suite", "extended")
    assert "Traceback" not in run["printed"]
    assert not run["doubts"], run["doubts"]
    assert {s["id"]: s["reason"] for s in run["scenarios"] if s["outcome"] in ("error", "not_run")} == {}
    assert len(run["scenarios"]) > 60
