"""Setting up: what the service can do is asked, not guessed."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import Import, TestConnection
from harness.model.sequence import Steps, sequence
from harness.model.step import Intent
from simulators.generic import sources
from simulators.generic.app import Generic
from simulators.generic.mapping import found_in
from simulators.render import collection

PAGE = 100
MOST_PAGES = 1000


@sequence(
    "Service Provider Configuration Endpoints",
    on=(TestConnection,),
    evidence="documented",
    source=sources.DISCOVERY,
    seen="2015-09",
    omits="reading /Schemas and /ResourceTypes",
)
def ask_what_the_service_can_do(generic: Generic, _nobody: Member | None, _cast: Cast) -> Steps:
    """One look at the configuration, and one at the people. A service without PATCH gets PUT."""
    config = yield generic.get(
        collection("ServiceProviderConfig"), Intent.DISCOVER, "Read the service provider configuration"
    )
    patch = config.resource.get("patch")
    if isinstance(patch, dict):
        generic.patches = patch.get("supported") is not False
    yield generic.get(collection("Users"), Intent.CONNECT, "Ask for the first user", query="startIndex=1&count=1")


@sequence("Pagination", on=(Import,), evidence="documented", source=sources.PAGING, seen="2015-09")
def read_everybody(generic: Generic, _nobody: Member | None, _cast: Cast) -> Steps:
    """Page after page, until as many have come as there are said to be, or none come any more."""
    start = 1
    for _ in range(MOST_PAGES):
        answer = yield generic.get(
            collection("Users"), Intent.LIST, "Read a page of users", query=f"startIndex={start}&count={PAGE}"
        )
        page = found_in(answer)
        if not page:
            return
        start += len(page)
        total = answer.json.get("totalResults")
        if not isinstance(total, int) or start > total:
            return
