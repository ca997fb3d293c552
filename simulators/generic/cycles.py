"""What is done again later: by the administrator's hand, or by itself after a while."""

from __future__ import annotations

from harness.model.account import Cast, Member
from harness.model.change import Restart, Retry, TimePasses
from harness.model.sequence import Steps, sequence
from simulators.generic import sources
from simulators.generic.app import Generic
from simulators.generic.users import bring_into_line, link


@sequence("Doing again what failed", on=(Retry, TimePasses), evidence="inferred", source=sources.PATCH, seen="2015-09")
def try_again(generic: Generic, member: Member | None, cast: Cast) -> Steps:
    """Whatever is owed is tried once more, for one person or for everybody."""
    for somebody in (member,) if member is not None else tuple(cast):
        entry = generic.entry(somebody)
        if entry.owed and entry.id:
            yield from bring_into_line(generic, somebody)
        elif entry.entitled and not entry.id:
            yield from link(generic, somebody)


@sequence("Beginning anew", on=(Restart,), evidence="inferred", source=sources.FILTER, seen="2015-09")
def begin_anew(generic: Generic, _nobody: Member | None, cast: Cast) -> Steps:
    """Everybody who is known is looked up again, and brought into line."""
    for somebody in cast:
        entry = generic.entry(somebody)
        if entry.id or entry.entitled:
            entry.id = ""
            yield from link(generic, somebody)
