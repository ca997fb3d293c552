"""Whatever administrators do, in whatever order: at an honest service, what the job claims is what is true there."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings, strategies

from harness.model.change import (
    Assign,
    Change,
    Disable,
    Edit,
    EnterScope,
    HardDelete,
    LeaveScope,
    OnDemand,
    Reassign,
    Restart,
    Restore,
    Retry,
    SoftDelete,
    TimePasses,
    Unassign,
)
from harness.model.outlook import RemovalState
from harness.model.step import Step
from simulators.entra import BY_THE_GUIDE, Setup

PARTS = ("leaver", "bystander-1")
KINDS = (Assign, Unassign, Reassign, Disable, SoftDelete, Restore, HardDelete, LeaveScope, EnterScope, Edit, OnDemand)
OF_SOMEBODY = strategies.builds(
    lambda kind, part, rushed: kind(part, rushed=rushed),
    strategies.sampled_from(KINDS),
    strategies.sampled_from(PARTS),
    strategies.booleans(),
)
OF_THE_JOB = strategies.sampled_from([TimePasses(minutes=90), Restart(), Retry()])
SETUPS = strategies.sampled_from(
    [BY_THE_GUIDE, Setup(probe_each_cycle=True), Setup(skip_out_of_scope_deletions=True), Setup(deletion_threshold=1)]
)
CHANGES = strategies.lists(OF_SOMEBODY | OF_THE_JOB, min_size=1, max_size=14)


class Moody:
    """A service that takes everything, and fails where it is told to; what it confirms it has done."""

    def __init__(self, service: Any, failing: list[bool], error: Any) -> None:
        self.service, self.failing, self.error = service, failing, error
        self.asked = 0

    def __call__(self, step: Step) -> Any:
        self.asked += 1
        fails = bool(self.failing) and self.failing[self.asked % len(self.failing)]
        return self.error if fails and step.method != "GET" else self.service(step)


def told(changes: list[Change]) -> list[Change]:
    """The same, without what cannot be: nobody comes back after having been removed for good."""
    gone: set[str] = set()
    possible = []
    for change in changes:
        if change.part not in gone:
            possible.append(change)
        if isinstance(change, HardDelete):
            gone.add(change.part)
    return possible


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, failing=strategies.lists(strategies.booleans(), max_size=5), setup=SETUPS)
@example(changes=[OnDemand("leaver")], failing=[True], setup=BY_THE_GUIDE)
@example(changes=[Unassign("leaver", rushed=True), Restart()], failing=[], setup=BY_THE_GUIDE)
@example(changes=[Unassign("leaver", rushed=True), Assign("leaver")], failing=[], setup=BY_THE_GUIDE)
@example(
    changes=[Assign("leaver"), Unassign("leaver"), SoftDelete("leaver"), HardDelete("leaver")],
    failing=[True],
    setup=BY_THE_GUIDE,
)
def test_nobody_is_called_removed_who_has_access_and_nobody_loses_it_unasked(
    changes: list[Change], failing: list[bool], setup: Setup, job: Any, service: Any, cast: Any, answers: Any
) -> None:
    play = job(setup=setup)
    honest = service(cast, full=True)
    moody = Moody(honest, failing, answers.error(500))
    for change in told(changes):
        play.when(change).answering(moody, 200)
    moody.failing = []
    play.when(TimePasses(minutes=3 * 24 * 60)).answering(moody, 400)
    states = {r.part: r.state for r in play.vendor.outlook(play.transcript()).removals}
    for part in PARTS:
        entry = play.idp.people.get(part)
        user = honest.users.get(cast[part].account.id, {"active": False})
        if entry is None:
            assert user["active"]
            continue
        if states.get(part) is RemovalState.DONE:
            assert not user["active"], "called removed, but has access"
        if states.get(part) is None and entry.anchor:
            assert user["active"] is not play.idp.soft_deleted(entry)
        assert states.get(part) is not RemovalState.PENDING, "an honest service settles everything within days"
        if not entry.anchor and not entry.purged:
            assert user["active"], "nobody is written to who is not linked"
