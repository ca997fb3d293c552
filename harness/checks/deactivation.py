"""Deactivation as an IdP meets it: what was confirmed must be so, must show everywhere, and must touch nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import (
    deactivation,
    ends_access,
    keeps_user_name,
    read_after,
    read_before,
    state_after,
    state_before,
    was_deleted,
)
from harness.checks.state import (
    differences,
    earlier,
    instant,
    is_active,
    is_finer_than_seconds,
    is_inactive,
    may_change,
    member,
    patch_operations,
    written,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

LEAVER_KEEPS_ACCESS = "The IdP's log is green now, and nobody will look again: the leaver keeps access."


def _confirmed(moment: Moment) -> bool:
    asked = deactivation(moment)
    return asked is not None and asked.ok


def _confirmed_and_read(moment: Moment) -> bool:
    return _confirmed(moment) and state_after(moment) is not None


@judges("PROF-D-12", when=_confirmed_and_read)
def a_confirmed_deactivation_took_effect(moment: Moment, transcript: Transcript) -> Iterator[Finding]:
    """A 2xx to a deactivation proves nothing: the person is read again by id, and by the filter that IdPs use."""
    if was_deleted(moment, transcript):
        return
    read = state_after(moment)
    assert read is not None
    if read.status == 404:
        yield Finding(
            expected=['HTTP 200 with "active": false'],
            actual="HTTP 404",
            hint="Keep a deactivated person readable by id: an IdP that gets 404 forgets whom it switched off, and "
            "creates a second account when the person comes back.",
            exchange=read.id,
            likeness="gone",
        )
        return
    if not is_inactive(read.resource):
        yield Finding(
            expected=["false"],
            actual=member(read.resource, "active"),
            at="/active",
            hint=f"The deactivation was answered with success, but the person is not inactive. {LEAVER_KEEPS_ACCESS}",
            exchange=read.id,
            likeness="still-active",
        )
        return
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    for resource in lookup.resources if lookup is not None else ():
        if member(resource, "id") == member(read.resource, "id") and not is_inactive(resource):
            assert lookup is not None
            yield Finding(
                expected=["false, as in the answer by id"],
                actual=member(resource, "active"),
                at="/Resources/0/active",
                hint="The answer to a filter must show the state at once, not the state of some minutes ago.",
                exchange=lookup.id,
                likeness="stale-list",
            )


def _inactive_and_looked_for(moment: Moment) -> bool:
    read = state_after(moment)
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    shown = read is not None and is_inactive(read.resource) and keeps_user_name(moment)
    return bool(shown and lookup is not None and lookup.ok)


@judges("PROF-D-23", when=_inactive_and_looked_for)
def an_inactive_person_is_found_and_listed(moment: Moment) -> Iterator[Finding]:
    """An IdP that cannot find the inactive person creates a second one, or never looks after the first again."""
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    person = moment.cast[moment.part].person.user_name.casefold()
    assert lookup is not None
    if not any(str(member(r, "userName")).casefold() == person for r in lookup.resources):
        yield Finding(
            expected=["the inactive person"],
            actual="nobody",
            at="/Resources",
            hint='Answer userName eq "..." with inactive people too, with "active": false.',
            exchange=lookup.id,
            likeness="filter",
        )
    pages = [x for x in moment.after if x.intent is Intent.LIST and x.subject == moment.part]
    listed = {str(member(r, "userName")).casefold() for page in pages for r in page.resources}
    if pages and all(page.ok for page in pages) and _is_whole(pages) and person not in listed:
        yield Finding(
            expected=["the inactive person among all people"],
            actual=f"{len(listed)} people without this one",
            at="/Resources",
            hint="List inactive people by default: an import that misses them takes them for deleted.",
            exchange=pages[-1].id,
            likeness="list",
        )


def _is_whole(pages: list[Exchange]) -> bool:
    total = member(pages[-1].json, "totalResults")
    return isinstance(total, int) and not isinstance(total, bool) and sum(len(p.resources) for p in pages) >= total


def _compared(moment: Moment) -> bool:
    return _confirmed(moment) and state_before(moment) is not None and bool(_resource_after(moment))


def _resource_after(moment: Moment) -> bool:
    read = read_after(moment)
    return read is not None and bool(read.resource)


@judges("PROF-D-08", when=_compared)
def a_deactivation_changes_nothing_else(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """Compared attribute by attribute, apart from what the IdP itself wrote and may write."""
    before, after = moment.read_before(moment.part), moment.read_after(moment.part)
    ignoring = ("/active", *may_change(moment.during, before, profile))
    for difference in differences(before, after, ignoring=ignoring):
        yield Finding(
            expected=[f"{difference.pointer} as before: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="Change active alone: what else is lost with a deactivation does not come back when the person does.",
            exchange=moment.seen_after(moment.part, Intent.READ).id,  # type: ignore[union-attr]
            likeness=difference.pointer,
        )


def _went_inactive(moment: Moment) -> bool:
    return (
        _compared(moment) and is_active(moment.read_before(moment.part)) and is_inactive(moment.read_after(moment.part))
    )


@judges("RFC7643-3.1-16", when=_went_inactive)
def a_real_change_moves_the_time_of_change_alone(moment: Moment) -> Iterator[Finding]:
    """``meta.lastModified`` moves on, ``meta.created`` stays."""
    before, after = moment.read_before(moment.part), moment.read_after(moment.part)
    read = read_after(moment)
    assert read is not None
    old, new = member(before, "meta", "created"), member(after, "meta", "created")
    if instant(old) is not None and instant(new) is not None and instant(old) != instant(new):
        yield Finding(
            expected=[str(old)],
            actual=new,
            at="/meta/created",
            hint="The time of creation never changes.",
            exchange=read.id,
            likeness="created",
        )
    old, new = member(before, "meta", "lastModified"), member(after, "meta", "lastModified")
    stood_still = old == new and is_finer_than_seconds(old)
    if stood_still or earlier(old, new):
        yield Finding(
            expected=[f"a time after {old}"],
            actual=new,
            at="/meta/lastModified",
            hint="Set meta.lastModified whenever active changes: clients decide by it what to read again.",
            exchange=read.id,
            likeness="last-modified",
        )


def _bystanders_read(moment: Moment) -> bool:
    return any(
        state_before(moment, m.part) is not None and state_after(moment, m.part) is not None
        for m in moment.cast.bystanders
        if m.part != moment.part
    )


@judges("STATE-01", when=_bystanders_read)
def bystanders_never_change(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """People whom the IdP did not name read exactly as before."""
    ignoring = ("/groups",) if profile.supports("groups") else ()
    for bystander in moment.cast.bystanders:
        before, after = read_before(moment, bystander.part), state_after(moment, bystander.part)
        named = {x.subject for x in moment.during}
        if bystander.part == moment.part or bystander.part in named:
            continue
        if before is None or after is None or not before.resource:
            continue
        if after.status == 404:
            yield Finding(
                expected=["a person who has nothing to do with the change is still there"],
                actual="HTTP 404",
                hint="Write to the one resource that the request names.",
                exchange=after.id,
                likeness="gone",
            )
            continue
        for difference in differences(before.resource, after.resource, ignoring=ignoring):
            yield Finding(
                expected=[f"{difference.pointer} of somebody else as before: {as_json(difference.before)}"],
                actual=difference.after,
                at=difference.pointer,
                hint="Write to the one resource that the request names: somebody else was changed along with it.",
                exchange=after.id,
                likeness=difference.pointer,
            )


def _mixed(exchange: Exchange | None) -> bool:
    """Whether a PATCH deactivates and writes something else that such a service does not own."""
    if exchange is None or exchange.method != "PATCH":
        return False
    names = set(written(exchange))
    return "active" in names and bool(names - {"active", "externalid"}) and bool(patch_operations(exchange.sent))


def _mixed_and_read(moment: Moment) -> bool:
    asked = deactivation(moment)
    return ends_access(moment) and _mixed(asked) and state_before(moment) is not None and _resource_after(moment)


@judges("PROF-D-11", when=_mixed_and_read)
def a_mixed_deactivation_is_applied_honestly(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """Entra deactivates and renames in one PATCH: all is refused, or active alone is obeyed and that is declared."""
    asked = deactivation(moment)
    assert asked is not None
    before, after = moment.read_before(moment.part), moment.read_after(moment.part)
    yield from mixed_faults(asked, before, after, profile, read_after(moment))


def mixed_faults(
    asked: Exchange, before: object, after: object, profile: Profile, read: Exchange | None
) -> Iterator[Finding]:
    """What is wrong with the answer to a request that deactivates and writes a read-only attribute as well."""
    seen = read.id if read is not None else asked.id
    expected = ["an error, and nothing applied"]
    if profile.tolerates("mixed-patch"):
        expected.append('success with "active": false, and nothing else changed (declared tolerance mixed-patch)')
    if not asked.ok:
        for difference in differences(before, after):
            yield Finding(
                expected=expected,
                actual=f"HTTP {asked.status}, but {difference}",
                at=difference.pointer,
                hint="The request was refused and half of it applied: apply all operations of a PATCH or none.",
                exchange=seen,
                likeness="half-applied",
            )
        return
    if not is_inactive(after):
        yield Finding(
            expected=expected,
            actual=f'HTTP {asked.status}, and "active" is {as_json(member(after, "active"))}',
            at="/active",
            hint=f"The request was confirmed, but active was not written. {LEAVER_KEEPS_ACCESS}",
            exchange=seen,
            likeness="still-active",
        )
    for difference in differences(before, after, ignoring=("/active", "/externalId")):
        yield Finding(
            expected=expected,
            actual=str(difference),
            at=difference.pointer,
            hint="Obey active and leave the rest alone: a login name that is overwritten gives the returning person a "
            "second account.",
            exchange=seen,
            likeness=difference.pointer,
        )
    if not profile.tolerates("mixed-patch"):
        yield Finding(
            expected=expected,
            actual=f"HTTP {asked.status}",
            hint="Success was answered although only a part was applied. If that is meant, declare the tolerance "
            '"mixed-patch" in the profile; else refuse the request whole.',
            exchange=asked.id,
            likeness="undeclared",
        )
