"""Work that failed: what Okta comes back to by itself, and what an administrator has done again."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.change import Retry, TimePasses
from harness.model.sequence import Steps, sequence
from simulators.okta import sources
from simulators.okta.app import Okta
from simulators.okta.groups import push_team
from simulators.okta.imports import read_everybody
from simulators.okta.state import Task, Work
from simulators.okta.users import deprovision, provision, push_password, update
from simulators.render import Ask


@sequence(
    "Retry Selected",
    on=(Retry,),
    evidence="documented",
    source=sources.TASKS,
    seen="2026 (read)",
    omits="marking a deprovisioning task as done by hand",
)
def retry(okta: Okta, change: Retry, cast: Cast) -> Steps:
    """The administrator has failed work done again: everything on Dashboard > Tasks and Push Groups > Errors."""
    for task in list(okta.tasks.about(change.part)):
        yield from again(okta, task, cast)


@sequence(
    "Rate limits and scheduled imports",
    on=(TimePasses,),
    evidence="documented",
    source=sources.RATE_LIMIT,
    seen="2026 (read)",
    omits="a job that is put off again within the same span of time comes back in the next one",
)
def let_time_pass(okta: Okta, change: TimePasses, cast: Cast) -> Steps:
    """Jobs that were answered with 429 and Retry-After come back by themselves; imports run on their schedule."""
    for task in list(okta.tasks.due()):
        yield from again(okta, task, cast)
    every = okta.setup.import_every
    if every:
        for _ in range(int(okta.tasks.clock // every) - int((okta.tasks.clock - change.minutes) // every)):
            yield from read_everybody(okta)


def again(okta: Okta, task: Task, cast: Cast) -> Ask[None]:
    """Do one piece of work again, in the same form as before."""
    if task.work is Work.PUSH:
        if task.team in okta.pushes and okta.features.push_groups:
            yield from push_team(okta, okta.pushes[task.team], cast)
        return
    member = cast[task.part]
    if task.work is Work.PROVISION:
        yield from provision(okta, member, cast)
    elif task.work is Work.DEPROVISION:
        yield from deprovision(okta, member, task.external_id)
    elif task.work is Work.PROFILE:
        yield from update(okta, member)
    else:
        yield from push_password(okta, member)
