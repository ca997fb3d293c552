"""Attributes that hold lists: what add, remove and replace do to them, each seen in the reads around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.oracles import Refused, Trial, carried_out, scim_type, trial, unchanged
from harness.checks.patch_refusals import published_attributes
from harness.checks.reading import listing, mapping
from harness.checks.state import member
from harness.model.check import judges
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.transcript import Transcript

MARK = "scimulator-attribute"
"""What the probe's values begin with (the same word as in the probe, written out: a judge shares nothing with it)."""

Mail = tuple[str, str]


def mails(resource: Any) -> list[Mail]:
    """The mail addresses of a person as (value, type), in lower case and sorted; what else they hold does not count."""
    found = [(str(member(m, "value")), str(member(m, "type"))) for m in listing(member(resource, "emails"))]
    return sorted((value.lower(), kind.lower()) for value, kind in found)


def marked(name: str) -> str:
    return f"{MARK}-{name}@probe.example"


def publishes(transcript: Transcript, name: str, *parts: str) -> bool:
    """Whether /Schemas shows a User attribute that clients may write, with these parts."""
    for attribute in published_attributes(transcript, "attr.schemas"):
        if str(attribute.get("name")).lower() == name.lower():
            subs = {str(member(s, "name")).lower() for s in listing(attribute.get("subAttributes"))}
            return attribute.get("mutability", "readWrite") == "readWrite" and {p.lower() for p in parts} <= subs
    return False


def tried(tag: str, name: str, *parts: str) -> Callable[[Transcript], bool]:
    """Whether the change with this tag was tried on an attribute that the service publishes as writable."""
    return lambda transcript: publishes(transcript, name, *parts) and trial(transcript, f"attr.{tag}") is not None


def seen(transcript: Transcript, tag: str) -> Trial:
    found = trial(transcript, f"attr.{tag}")
    assert found is not None, "asked for by `when`"
    return found


def _lists(tag: str) -> Callable[[Transcript], bool]:
    return tried(tag, "emails", "value", "type")


def _values(tag: str) -> Callable[[Transcript], bool]:
    """A service that publishes no type may refuse a value that names one; what it takes in, it has to keep."""
    lists, values = _lists(tag), tried(tag, "emails", "value")
    return lambda transcript: lists(transcript) or (values(transcript) and seen(transcript, tag).write.ok)


def as_published(transcript: Transcript, found: list[Mail]) -> list[Mail]:
    """The addresses with their types, or without where the service does not publish that it keeps a type."""
    if publishes(transcript, "emails", "type"):
        return sorted(found)
    return sorted((value, "") for value, _ in found)


@judges("RFC7644-3.5.2.3-03", probe="attributes", when=_values("list.replace"))
def replacing_a_list_swaps_it(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.replace")
    wanted = as_published(transcript, [(marked("home"), "home"), (marked("work"), "work")])
    there = as_published(transcript, mails(found.after.resource))
    hint = "A replace puts the new list in place of the old one, and drops every value that is not in it."
    yield from carried_out(found, wanted, there, "/emails", hint)


def _moved(transcript: Transcript) -> bool:
    moved = _lists("list.primary")(transcript) and publishes(transcript, "emails", "primary")
    return moved and bool(_main(seen(transcript, "list.primary").before.resource))


def _main(resource: Any) -> list[str]:
    return [
        str(member(m, "value")).lower() for m in listing(member(resource, "emails")) if member(m, "primary") is True
    ]


@judges("RFC7644-3.5.2-14", probe="attributes", when=_moved)
def a_new_primary_value_is_the_only_one(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.primary")
    hint = "When one value becomes primary, set primary to false on all others of the list."
    yield from carried_out(found, [marked("home")], _main(found.after.resource), "/emails", hint)


@judges("RFC7644-3.5.2.1-04", probe="attributes", when=_values("list.add"))
def adding_to_a_list_keeps_the_others(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.add")
    wanted = as_published(transcript, [*mails(found.before.resource), (marked("other"), "other")])
    there = as_published(transcript, mails(found.after.resource))
    yield from carried_out(found, wanted, there, "/emails", "An add appends: keep the values that are there.")


@judges("RFC7644-3.5.2.2-04", probe="attributes", when=_lists("list.remove-one"))
def removing_through_a_filter_takes_the_matches(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.remove-one")
    wanted = [m for m in mails(found.before.resource) if m[1] != "home"]
    hint = "Take away the values that match the filter and keep the others."
    yield from carried_out(found, wanted, mails(found.after.resource), "/emails", hint)


@judges("RFC7644-3.5.2.2-03", probe="attributes", when=_values("list.remove"))
def removing_a_list_takes_all_values(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.remove")
    hint = "After the removal of the attribute none of its values is left."
    yield from carried_out(found, [], mails(found.after.resource), "/emails", hint)


def _named(resource: Any) -> list[tuple[str, Any]]:
    """Each address with the name that a client has given it."""
    found = [(str(member(m, "value")).lower(), member(m, "display")) for m in listing(member(resource, "emails"))]
    return sorted((value, display if display == MARK else None) for value, display in found)


def _displays(tag: str) -> Callable[[Transcript], bool]:
    def met(transcript: Transcript) -> bool:
        if not tried(tag, "emails", "value", "type", "display")(transcript):
            return False
        before = [value for value, _ in mails(seen(transcript, tag).before.resource)]
        return all(marked(name) in before for name in ("work", "second"))

    return met


@judges("RFC7644-3.5.2.3-06", "RFC7644-3.5.2.3-07", probe="attributes", when=_displays("list.each"))
def a_replace_through_a_filter_reaches_each_match_and_no_other(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "list.each")
    named = dict(_named(found.after.resource))
    if not found.write.ok or any(named.get(marked(n)) != MARK for n in ("work", "second")):
        yield Finding(
            expected=["both work addresses with the new name"],
            actual=named if found.write.ok else f"HTTP {found.write.status}",
            at="/emails",
            hint="Change every value that matches the filter, not only the first.",
            exchange=found.after.id if found.write.ok else found.write.id,
            requirement="RFC7644-3.5.2.3-06",
            likeness="state" if found.write.ok else f"{found.write.status // 100}xx",
        )
    others = mails(found.before.resource) != mails(found.after.resource)
    if found.write.ok and (others or named.get(marked("home")) == MARK):
        yield Finding(
            expected=["values and types as before, and no name on the home address"],
            actual=mails(found.after.resource) if others else named,
            at="/emails",
            hint="Change the named part of the matching values and nothing else.",
            exchange=found.after.id,
            requirement="RFC7644-3.5.2.3-07",
            likeness="others",
        )


@judges("RFC7644-3.5.2.2-05", probe="attributes", when=lambda t: _displays("list.part")(t) or middle("name.remove")(t))
def removing_a_part_keeps_the_rest(transcript: Transcript) -> Iterator[Finding]:
    hint = "Unassign the named part and leave everything beside it."
    if _displays("list.part")(transcript):
        found = seen(transcript, "list.part")
        wanted = [(value, None) for value, _ in _named(found.before.resource)]
        yield from carried_out(found, wanted, _named(found.after.resource), "/emails", hint)
    if middle("name.remove")(transcript):
        found = seen(transcript, "name.remove")
        wanted_name = parts(found.before.resource) | {"middlename": None}
        yield from carried_out(found, wanted_name, parts(found.after.resource), "/name", hint)


@judges("RFC7644-3.5.2.3-08", probe="attributes", when=_lists("none.replace"))
def a_replace_that_matches_nothing_is_refused(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """Entra wants the value to be created: a service that does so on purpose declares it (C06)."""
    found = seen(transcript, "none.replace")
    if found.write.ok and profile.tolerates("filter-creates"):
        return
    hint = "Answer 400 with scimType noTarget when no value matches, and change nothing."
    yield from Refused((400,), "noTarget").faults(found, hint)
    if found.write.status == 400 and scim_type(found.write) not in ("noTarget", "invalidPath", None):
        yield Finding(
            expected=["noTarget"],
            actual=scim_type(found.write),
            at="/scimType",
            hint=hint,
            exchange=found.write.id,
            likeness="keyword",
        )


@judges("RFC7644-3.5.2.2-07", probe="attributes", when=_lists("none.remove"))
def a_remove_that_matches_nothing_changes_nothing(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "none.remove")
    hint = "Success without a change, or 400 noTarget: nothing matched, so nothing may go."
    yield from unchanged(found, hint)
    yield from no_breakdown(found, hint)


@judges("RFC7644-3.5.2.1-09", "ENTRA-10", probe="attributes", when=_lists("none.add"))
def an_add_that_matches_nothing_is_clean(transcript: Transcript) -> Iterator[Finding]:
    """Creation, no change and refusal are all conceivable; Entra takes every success for a creation."""
    found = seen(transcript, "none.add")
    before, after = mails(found.before.resource), mails(found.after.resource)
    created = sorted([*before, (marked("other"), "other")])
    if found.write.ok and after == before:
        yield Finding(
            expected=["the new address", "HTTP 400 noTarget"],
            actual=f"HTTP {found.write.status}, and no new address",
            at="/emails",
            hint="Create the value that the filter describes, or refuse: Entra ID takes the success for a creation.",
            exchange=found.after.id,
            requirement="ENTRA-10",
            likeness="silent",
        )
    elif after not in (before, created) or (not found.write.ok and after != before) or found.write.status >= 500:
        yield Finding(
            expected=["one new address of the type in the filter", "no change"],
            actual=f"HTTP {found.write.status}, and {after}",
            at="/emails",
            hint="Create the value with the type that the filter names, or answer 400 and change nothing.",
            exchange=found.after.id,
            requirement="RFC7644-3.5.2.1-09",
            likeness="other",
        )


def no_breakdown(found: Trial, hint: str) -> Iterator[Finding]:
    """A finding when the service broke down over a request that it may refuse."""
    if found.write.status >= 500 and found.write.status != 501:
        yield Finding(
            expected=["HTTP 200, 204 or 400"],
            actual=f"HTTP {found.write.status}",
            hint=hint,
            exchange=found.write.id,
            likeness="5xx",
        )


def parts(resource: Any) -> dict[str, Any]:
    """The parts of a name by lower-case name; ``formatted`` is left out, services put it together themselves."""
    found = {str(k).lower(): v for k, v in mapping(member(resource, "name")).items()}
    return {n: found.get(n) for n in ("givenname", "familyname", "middlename", "honorificprefix", "honorificsuffix")}


def middle(tag: str) -> Callable[[Transcript], bool]:
    """Whether this change was tried on a name with a middle name."""
    return tried(tag, "name", "givenName", "familyName", "middleName")
