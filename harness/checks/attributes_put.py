"""PUT and uniqueness, where clients write people: what is cleared, what is missing, and names that are taken."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.attributes import MARK, mails, publishes, seen, tried
from harness.checks.oracles import Refused, around, trial
from harness.checks.patch_refusals import published_attributes
from harness.checks.patching import one
from harness.checks.reading import same_name
from harness.checks.state import differences, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

TAKEN = Refused((409, 400), "uniqueness")
"""A name that somebody has: 409, or 400 by RFC 7644's table of keywords (C13)."""


def _cleared(transcript: Transcript) -> bool:
    found = trial(transcript, "attr.put.cleared")
    known = publishes(transcript, "title") and publishes(transcript, "emails")
    return known and found is not None and bool(member(found.before.resource, "title"))


@judges("RFC7644-3.5.1-07", probe="attributes", when=_cleared)
def null_and_empty_lists_clear_values(transcript: Transcript) -> Iterator[Finding]:
    found = seen(transcript, "put.cleared")
    left = member(found.after.resource, "title") or mails(found.after.resource)
    if not found.write.ok or left:
        yield Finding(
            expected=["HTTP 200, and neither title nor addresses"],
            actual=f"HTTP {found.write.status}, and {as_json(left)}",
            at="/title",
            hint="Null and [] in a PUT stand for an attribute without a value.",
            exchange=found.after.id if found.write.ok else found.write.id,
        )


@judges("RFC7644-3.5.1-05", probe="attributes", when=tried("put.nameless", "userName"))
def a_put_without_the_user_name_is_refused(transcript: Transcript) -> Iterator[Finding]:
    """The name is required, and the client's to write: without it the request is not a whole person."""
    found = seen(transcript, "put.nameless")
    hint = "userName is required: answer 400 with scimType invalidValue when a PUT leaves it out."
    yield from Refused((400, 422), "invalidValue").faults(found, hint)


def _taken(tag: str, transcript: Transcript) -> bool:
    return publishes(transcript, "userName") and trial(transcript, tag) is not None


@judges("RFC7644-3.5.2-20", probe="attributes", when=lambda t: _taken("attr.taken.patch", t))
def a_patch_cannot_take_a_name_of_somebody_else(transcript: Transcript) -> Iterator[Finding]:
    yield from _refuses_the_name(transcript, "attr.taken.patch")


@judges("RFC7644-3.5.1-08", probe="attributes", when=lambda t: _taken("attr.taken.put", t))
def a_put_cannot_take_a_name_of_somebody_else(transcript: Transcript) -> Iterator[Finding]:
    yield from _refuses_the_name(transcript, "attr.taken.put")


def _refuses_the_name(transcript: Transcript, tag: str) -> Iterator[Finding]:
    found = trial(transcript, tag)
    assert found is not None
    hint = "Look for the name in any letter case before storing; refuse with 409 uniqueness, and change neither person."
    if found.write.ok and same_name(
        member(found.before.resource, "userName"), member(found.after.resource, "userName")
    ):
        # Success without effect is the matter of other clauses: nobody has got another's name.
        return
    yield from TAKEN.faults(found, hint)
    before, after = one(transcript, "attr.taken.before"), one(transcript, "attr.taken.after")
    if before is not None and after is not None and differences(before.resource, after.resource):
        yield Finding(
            expected=["the other person as before"],
            actual=str(differences(before.resource, after.resource)[0]),
            hint=hint,
            exchange=after.id,
            likeness="other-person",
        )


def _immutable(transcript: Transcript, tag: str) -> str:
    """The immutable attribute that the write with this tag gave a value, ""."""
    write = one(transcript, tag)
    published = published_attributes(transcript, "attr.schemas")
    for attribute in published:
        name = str(attribute.get("name"))
        if write is not None and attribute.get("mutability") == "immutable" and f"{MARK}-" in str(_sent(write, name)):
            return name
    return ""


def _sent(write: Exchange, name: str) -> object:
    if write.method == "PUT":
        return member(write.sent, name)
    return [member(o, "value") for o in member(write.sent, "Operations") or [] if member(o, "path") == name]


@judges("RFC7644-3.5.2-07", probe="attributes", when=lambda t: bool(_immutable(t, "attr.immutable.add")))
def an_immutable_attribute_takes_a_first_value_or_refuses(transcript: Transcript) -> Iterator[Finding]:
    found, name = trial(transcript, "attr.immutable.add"), _immutable(transcript, "attr.immutable.add")
    if found is None:
        return
    stored = member(found.after.resource, name) == f"{MARK}-first"
    if found.write.ok != stored or found.write.status >= 500:
        yield Finding(
            expected=["success, and the value is stored", "HTTP 400, and it is not"],
            actual=f"HTTP {found.write.status}, and {as_json(member(found.after.resource, name))}",
            at=f"/{name}",
            hint="An immutable attribute without a value may get one; whoever refuses that stores nothing.",
            exchange=found.after.id,
        )


def _fixed(transcript: Transcript) -> bool:
    write = one(transcript, "attr.immutable.other")
    found = around(transcript, write) if write is not None else None
    name = _immutable(transcript, "attr.immutable.other")
    return bool(name) and found is not None and member(found.before.resource, name) == f"{MARK}-first"


@judges("RFC7644-3.5.1-03", probe="attributes", when=_fixed)
def an_immutable_value_is_kept_by_a_put(transcript: Transcript) -> Iterator[Finding]:
    same, other = one(transcript, "attr.immutable.same"), seen(transcript, "immutable.other")
    name = _immutable(transcript, "attr.immutable.other")
    hint = "Refuse another value for an immutable attribute with 400 mutability; let the same value pass."
    if same is not None and same.is_error:
        yield Finding(expected=["HTTP 200"], actual=f"HTTP {same.status}", hint=hint, exchange=same.id, likeness="same")
    if other.write.ok or member(other.after.resource, name) != f"{MARK}-first":
        yield Finding(
            expected=[f"HTTP 400, and {MARK}-first as before"],
            actual=f"HTTP {other.write.status}, and {as_json(member(other.after.resource, name))}",
            at=f"/{name}",
            hint=hint,
            exchange=other.after.id,
            likeness="other",
        )
