"""Keeping: a solved case becomes a saved scenario: what was done to whom, told again by the IdP that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.case import Case, Suspicion, Timeline
from harness.model.change import Assign, Change, PushGroup, Reassign, SoftDelete, TestConnection, Unassign
from harness.model.story import Group, Part, Presence, Story
from harness.saved import NAME, Saved
from harness.triage.look import look
from harness.triage.rules import load_rules

LEAVER, TEAM = "leaver", ("leaver", "bystander-1", "bystander-2")


def kept(case: Case, name: str) -> Saved:
    """The scenario of the likeliest cause. Raises ValueError when the case has none, or nothing was done in it."""
    if not NAME.fullmatch(name):
        raise ValueError("expected a name of small letters, digits and hyphens")
    if not case.causes:
        raise ValueError("the files do not tell a cause: there is nothing to keep")
    cause = case.causes[0]
    told = list(_changes(cause, case))
    groups = any(isinstance(change, PushGroup) for change in told)
    presence = Presence.INACTIVE if told and isinstance(told[0], Reassign) else Presence.ACTIVE
    people = TEAM if groups else (LEAVER, "bystander-1")
    parts = tuple(Part(part, presence if part == LEAVER else Presence.ACTIVE) for part in people)
    idps = (case.idp,) if case.idp else ()
    story = Story(f"saved-{name}", cause.title, tuple(told), parts, (Group(TEAM),) if groups else (), idps)
    rule = load_rules().get(cause.id)
    return Saved(
        name=name,
        title=cause.title,
        story=story,
        cause=cause.id,
        who=cause.who.value,
        idps=idps,
        requirements=rule.requirements if rule is not None else (cause.id,),
    )


def _changes(cause: Suspicion, case: Case) -> Iterator[Change]:
    """What was done to the person of the cause, IdP-neutral; at least what such a cause is about."""
    acts = [act for act, _ in _acts(cause, case)]
    if any(act.startswith("group") for act in acts):
        yield from (Assign(part) for part in TEAM)
        yield PushGroup()
        yield Unassign(LEAVER)
        return
    if not acts or set(acts) == {"connect"}:
        yield TestConnection()
        yield Assign(LEAVER)
        yield Unassign(LEAVER)
        return
    if "reactivate" not in acts or acts.index("reactivate") > 0:
        yield Assign(LEAVER)
    gone = False
    for act in acts:
        if act in ("deactivate", "delete") and not gone:
            yield SoftDelete(LEAVER) if act == "delete" else Unassign(LEAVER)
            gone = True
        elif act in ("reactivate", "create") and gone:
            yield Reassign(LEAVER)
            gone = False
        elif act == "reactivate":
            yield Reassign(LEAVER)
    if not gone:
        yield Unassign(LEAVER)


def _acts(cause: Suspicion, case: Case) -> Iterator[tuple[str, str]]:
    """The acts of the timeline that the cause rests on, in order, reads left out."""
    for sighting in (_timeline(cause, case) or Timeline("", "", cause.seen)).sightings:
        seen = look(sighting, 0)
        if seen is not None and seen.act not in ("", "lookup", "read", "list", "discover", "probe"):
            yield seen.act, seen.went


def _timeline(cause: Suspicion, case: Case) -> Timeline | None:
    seen = {id(sighting) for sighting in cause.seen}
    return next((t for t in case.timelines if any(id(s) in seen for s in t.sightings)), None)
