"""Groups where they are served: their names, their members seen from both sides, and what is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.groups import ids
from harness.checks.moments import answered
from harness.checks.oracles import OPERATION_REFUSED, Refused, Trial, trial
from harness.checks.patching import one
from harness.checks.reading import listing
from harness.checks.state import member, patch_operations
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import GROUP
from harness.model.transcript import Transcript

IMMUTABLE = Refused(OPERATION_REFUSED, "mutability")


def _sent(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: one(transcript, f"rule.{tag}") is not None


def _tried(tag: str) -> Callable[[Transcript], bool]:
    return lambda transcript: trial(transcript, f"rule.{tag}") is not None


def _seen(transcript: Transcript, tag: str) -> Trial:
    found = trial(transcript, f"rule.{tag}")
    assert found is not None, "asked for by `when`"
    return found


@judges("RFC7643-4.2-01", probe="group-rules", when=_sent("name"))
def a_group_needs_a_name(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "rule.name")
    assert answer is not None
    if answer.status not in (400, 422):
        yield Finding(
            expected=['HTTP 400 with scimType "invalidValue"'],
            actual=f"HTTP {answer.status}",
            hint="displayName is required: refuse a group without it.",
            exchange=answer.id,
            likeness=f"{answer.status // 100}xx",
        )


@judges("RFC7643-4.2-09", probe="group-rules", when=_sent("empty"))
def a_group_may_be_empty(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "rule.empty")
    assert answer is not None
    if answer.status != 201 or ids(answer.resource):
        yield Finding(
            expected=["HTTP 201 and no members"],
            actual=f"HTTP {answer.status}",
            hint="Create the group: both IdPs create it first and add the members then.",
            exchange=answer.id,
        )


@judges("RFC7643-4.2-10", probe="group-rules", when=_sent("again"))
def a_second_group_of_a_name_is_clean(transcript: Transcript) -> Iterator[Finding]:
    """Another group or a conflict are both right; the first group under a second 201 is neither."""
    first, again = one(transcript, "rule.empty"), one(transcript, "rule.again")
    assert again is not None
    same = first is not None and again.ok and member(again.resource, "id") == member(first.resource, "id")
    if again.status not in (201, 400, 409) or same:
        yield Finding(
            expected=["HTTP 201 with another id", 'HTTP 409 with scimType "uniqueness"'],
            actual=f"HTTP {again.status}" + (" with the id of the first group" if same else ""),
            hint="Create a second group, or refuse it as a conflict.",
            exchange=again.id,
        )


@judges("ENTRA-14", probe="group-rules", when=_sent("entra"))
def a_group_from_entra_is_created_or_refused(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "rule.entra")
    assert answer is not None
    if answer.status not in (201, 400):
        yield Finding(
            expected=["HTTP 201", "HTTP 400"],
            actual=f"HTTP {answer.status}",
            at="/schemas",
            hint="Pass over a URN in schemas that you do not know.",
            exchange=answer.id,
        )


# Members.


def _set_to(transcript: Transcript, tag: str) -> tuple[Trial, set[str]]:
    found = _seen(transcript, tag)
    sent = patch_operations(found.write.sent)[0]
    return found, {str(member(m, "value")) for m in listing(member(sent, "value"))}


@judges("RFC7644-3.5.2.3-12", probe="group-rules", when=_tried("reset"))
def replacing_members_sets_the_list(transcript: Transcript) -> Iterator[Finding]:
    found, wanted = _set_to(transcript, "reset")
    now = ids(found.after.resource)
    if not found.write.ok or now != wanted:
        yield Finding(
            expected=[f"success, and then exactly the {len(wanted)} members that were sent"],
            actual=f"HTTP {found.write.status}, and then {len(now - wanted)} too many and {len(wanted - now)} missing",
            at="/members",
            hint="A replace of members drops everybody who is not in the new list.",
            exchange=found.after.id if found.write.ok else found.write.id,
        )


@judges("RFC7643-4.2-03", probe="group-rules", when=_sent("ref"))
def the_address_of_a_member_leads_there(transcript: Transcript) -> Iterator[Finding]:
    answer, group = one(transcript, "rule.ref"), one(transcript, "rule.reset.read")
    assert answer is not None
    known = ids(group.resource) if group is not None else set()
    if not answer.resource or member(answer.resource, "id") not in known:
        yield Finding(
            expected=["HTTP 200 and the person whose id is the value of the member"],
            actual=f"HTTP {answer.status}, and the id {as_json(member(answer.resource, 'id'))}",
            at="/members/0/$ref",
            hint="Build $ref from the id, below the SCIM base URL.",
            exchange=answer.id,
        )


@judges("RFC7643-4.2-04", probe="group-rules", when=_tried("swap"))
def a_member_is_never_turned_into_another(transcript: Transcript) -> Iterator[Finding]:
    found = _seen(transcript, "swap")
    hint = "Parts of a member are immutable: refuse with 400 mutability; members are added and removed."
    yield from IMMUTABLE.faults(found, hint)


def _group_of_people(transcript: Transcript) -> list[tuple[Exchange, list[Any]]]:
    """The people whom the probe read, with their groups, where the service shows groups at all."""
    read = [(x, member(x.resource, "groups")) for x in transcript.tagged("rule.person") if x.resource]
    return [(x, listing(groups)) for x, groups in read] if any(g is not None for _, g in read) else []


@judges("RFC7643-4.2-06", probe="group-rules", when=lambda t: bool(_group_of_people(t)) and _tried("reset")(t))
def membership_is_the_same_from_both_sides(transcript: Transcript) -> Iterator[Finding]:
    group = _seen(transcript, "reset").after.resource
    for person, groups in _group_of_people(transcript):
        shown = member(group, "id") in [member(g, "value") for g in groups]
        inside = member(person.resource, "id") in ids(group)
        if shown != inside:
            yield Finding(
                expected=["the group among the person's groups" if inside else "not the group that the person left"],
                actual=groups,
                at="/groups",
                hint="Derive the groups of a person from the members of the groups, at the time of reading.",
                exchange=person.id,
                likeness="missing" if inside else "extra",
            )


@judges("RFC7643-4.2-07", probe="group-rules", when=_tried("unknown"))
def an_unknown_member_does_no_harm(transcript: Transcript) -> Iterator[Finding]:
    found = _seen(transcript, "unknown")
    lost = ids(found.before.resource) - ids(found.after.resource)
    if lost or (not found.write.ok and found.write.status not in (400, 404, 409, 422)):
        yield Finding(
            expected=["HTTP 400, or success; the other members stay"],
            actual=f"HTTP {found.write.status}, and {len(lost)} members lost",
            at="/members",
            hint="Refuse an id that nobody has, or store it.",
            exchange=found.write.id,
        )


@judges("RFC7643-4.2-05", probe="group-rules", when=_sent("nested"))
def a_nested_group_is_stored_or_refused(transcript: Transcript) -> Iterator[Finding]:
    answer, read = one(transcript, "rule.nested"), one(transcript, "rule.nested.read")
    assert answer is not None
    refused = answer.status in (400, 403, 409, 422, 501)
    inner = one(transcript, "rule.empty")
    stored = read is not None and inner is not None and member(inner.resource, "id") in ids(read.resource)
    if not refused and not (answer.ok and stored):
        yield Finding(
            expected=["HTTP 201 with the group as member", "HTTP 400"],
            actual=f"HTTP {answer.status}" + ("" if not answer.ok else ", and the group is no member"),
            at="/members",
            hint="Store the nested group, or refuse it: leaving it out in silence changes who is in the group.",
            exchange=answer.id,
        )


def _gone(transcript: Transcript) -> bool:
    deleted = one(transcript, "rule.person.delete")
    joined, left = one(transcript, "rule.joined.read"), one(transcript, "rule.left.read")
    made = one(transcript, "rule.person.create")
    seen = deleted is not None and deleted.ok and left is not None and bool(left.resource)
    return seen and joined is not None and made is not None and member(made.resource, "id") in ids(joined.resource)


@judges("RFC7643-4.2-08", "HTTP-MEMBER-01", probe="group-rules", when=_gone)
def a_deleted_person_is_no_member(transcript: Transcript) -> Iterator[Finding]:
    """An id that leads to nobody any more is untidy; one that still leads to the person is wrong."""
    made, left = one(transcript, "rule.person.create"), one(transcript, "rule.left.read")
    assert made is not None
    assert left is not None
    gone = one(transcript, "rule.person.gone")
    if member(made.resource, "id") in ids(left.resource):
        yield Finding(
            expected=["no member with the id of the deleted person"],
            actual=member(made.resource, "id"),
            at="/members",
            hint="Take deleted people out of their groups.",
            exchange=left.id,
            requirement="RFC7643-4.2-08" if gone is not None and gone.ok else "HTTP-MEMBER-01",
        )


def _members_attribute(transcript: Transcript) -> list[Any]:
    schemas = [s for x in transcript.tagged("rule.schemas") for s in x.resources]
    groups = [s for s in schemas if str(s.get("id")).lower() == GROUP.lower()]
    members = [a for s in groups for a in listing(s.get("attributes")) if member(a, "name") == "members"]
    return [p for a in members for p in listing(member(a, "subAttributes")) if member(p, "name") == "display"]


@judges("RFC7643-4.2-11", probe="group-rules", when=lambda t: any(x.resources for x in t.tagged("rule.schemas")))
def the_name_of_a_member_is_optional(transcript: Transcript) -> Iterator[Finding]:
    for attribute in _members_attribute(transcript):
        if member(attribute, "required") is True:
            yield Finding(
                expected=["required false"],
                actual=True,
                at="/attributes/members/display/required",
                hint="IdPs send members without display names.",
                exchange=transcript.tagged("rule.schemas")[0].id,
            )


def _by_value(transcript: Transcript) -> bool:
    write, read = one(transcript, "group.remove-by-value"), one(transcript, "group.remove-by-value.read")
    return write is not None and answered(write) and read is not None and bool(read.resource)


@judges("RFC7644-3.5.2.2-09", probe="group-members", when=_by_value)
def removing_by_a_list_of_values_never_empties_the_group(transcript: Transcript) -> Iterator[Finding]:
    before, read = one(transcript, "group.add-back.read"), one(transcript, "group.remove-by-value.read")
    write = one(transcript, "group.remove-by-value")
    assert read is not None
    assert write is not None
    named = {str(member(m, "value")) for o in patch_operations(write.sent) for m in listing(member(o, "value"))}
    lost = (ids(before.resource) if before is not None else set()) - ids(read.resource) - named
    if lost or write.status >= 500:
        yield Finding(
            expected=["the named member is gone and the others stay", "HTTP 400, and nobody is gone"],
            actual=f"HTTP {write.status}, and {len(lost)} others gone",
            at="/members",
            hint="Read the list of values as the members to be removed, as Entra ID means it, or refuse.",
            exchange=read.id,
        )


# What IPSIE AL2 asks of groups beyond the RFCs; in the catalogue it applies where the level is claimed.


@judges("IPSIE-AL2-6.2.5-01", probe="group-rules", when=_sent("find.name"))
def groups_are_found_by_name_external_id_and_member(transcript: Transcript) -> Iterator[Finding]:
    made = one(transcript, "rule.empty")
    wanted = member(made.resource, "id") if made is not None else None
    for tag in ("name", "external-id", "member"):
        answer = one(transcript, f"rule.find.{tag}")
        if answer is not None and wanted not in [member(r, "id") for r in answer.resources]:
            yield Finding(
                expected=["HTTP 200 with the group"],
                actual=f"HTTP {answer.status} with {len(answer.resources)} groups",
                hint='Serve displayName eq, externalId eq and members[value eq "..."] on /Groups.',
                exchange=answer.id,
                likeness=tag,
            )


@judges("IPSIE-AL2-6.2.6-01", probe="group-rules", when=_tried("many.add"))
def fifty_members_change_in_one_request(transcript: Transcript) -> Iterator[Finding]:
    for tag, empty in (("many.remove", True), ("many.add", False)):
        found = trial(transcript, f"rule.{tag}")
        if found is not None and (not found.write.ok or bool(ids(found.after.resource)) is empty):
            yield Finding(
                expected=["success, and every operation done"],
                actual=f"HTTP {found.write.status}, and then {len(ids(found.after.resource))} members",
                hint="Take at least fifty member operations in one PATCH.",
                exchange=found.write.id,
                likeness=tag,
            )


@judges("IPSIE-AL2-6.2-01", probe="group-rules", when=_sent("empty"))
def a_group_keeps_its_external_id(transcript: Transcript) -> Iterator[Finding]:
    made = one(transcript, "rule.empty")
    assert made is not None
    sent = member(made.sent, "externalId")
    if made.status != 201 or member(made.resource, "externalId") != sent:
        yield Finding(
            expected=[f"HTTP 201 and externalId {as_json(sent)}"],
            actual=f"HTTP {made.status}, and {as_json(member(made.resource, 'externalId'))}",
            at="/externalId",
            hint="Store externalId of groups, and create groups without members.",
            exchange=made.id,
        )
