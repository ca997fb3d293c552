"""Profiles of SCIM that others have written (interoperability, IPSIE, FastFed): they bind whoever claims them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.attributes import MARK, parts
from harness.checks.moments import answered, id_in_path
from harness.checks.oracles import scim_type, trial
from harness.checks.patching import one
from harness.checks.reading import listing, shows_people
from harness.checks.state import member, unassigned
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import USER
from harness.model.transcript import Transcript


def _config(exchange: Exchange) -> bool:
    return exchange.path == "/ServiceProviderConfig" and bool(exchange.resource)


# The interoperability profile.


@judges("IOP-4-01", when=lambda exchange: _config(exchange) and "interopProfileConformant" in exchange.resource)
def the_claim_is_true_or_false(exchange: Exchange) -> Iterator[Finding]:
    if not isinstance(exchange.resource["interopProfileConformant"], bool):
        yield Finding(
            expected=["true", "false", "no such member"],
            actual=exchange.resource["interopProfileConformant"],
            at="/interopProfileConformant",
            hint="Send a boolean, or leave the member out.",
            likeness="kind",
        )


def _claims_interop(transcript: Transcript) -> bool:
    configs = transcript.tagged("patch.config")
    told = any(member(x.resource, "interopProfileConformant") is True for x in configs)
    return told and one(transcript, "patch.pathless") is not None


@judges("IOP-4-01", probe="patching", when=_claims_interop)
def the_claim_is_kept(transcript: Transcript) -> Iterator[Finding]:
    """Whoever claims the profile refuses a PATCH without a path: the easiest of its clauses to see."""
    answer = one(transcript, "patch.pathless")
    assert answer is not None
    if answer.ok:
        yield Finding(
            expected=["HTTP 400 to a PATCH without a path", "interopProfileConformant false"],
            actual=f"HTTP {answer.status}, and interopProfileConformant true",
            hint="Take the claim back: Okta's catalogue apps need a PATCH without a path, and the profile forbids it.",
            exchange=answer.id,
            likeness="pathless",
        )


@judges("IOP-6.5.1.1-01", probe="patching", when=lambda t: one(t, "patch.pathless") is not None)
def a_patch_without_a_path_is_refused(transcript: Transcript) -> Iterator[Finding]:
    """The opposite of RFC 7644 section 3.5.2.3 (C04)."""
    answer = one(transcript, "patch.pathless")
    assert answer is not None
    if answer.status != 400:
        yield Finding(
            expected=['HTTP 400 with scimType "invalidSyntax"'],
            actual=f"HTTP {answer.status}",
            hint="The interoperability profile wants a path in every operation.",
            exchange=answer.id,
        )


@judges("IOP-5.3-01", when=lambda x: x.tag in ("patch.broken.unknown", "create.odd.unknown-attribute") and answered(x))
def an_unknown_attribute_is_refused(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 400:
        yield Finding(
            expected=['HTTP 400 with scimType "invalidSyntax"'],
            actual=f"HTTP {exchange.status}",
            hint="Refuse an attribute that no schema has.",
            likeness=exchange.method,
        )


@judges("IOP-5.1-02", when=lambda exchange: exchange.path == "/ResourceTypes" and bool(exchange.resources))
def a_resource_type_goes_by_its_name(exchange: Exchange) -> Iterator[Finding]:
    for index, kind in enumerate(exchange.resources):
        if kind.get("id") != kind.get("name"):
            yield Finding(
                expected=[f"id {as_json(kind.get('name'))}"],
                actual=kind.get("id"),
                at=f"/Resources/{index}/id",
                hint="Set the id of a resource type to its name.",
            )


def _user_attributes(exchange: Exchange) -> list[Any]:
    schemas = exchange.resources if exchange.path == "/Schemas" else []
    return [a for s in schemas if str(s.get("id")).lower() == USER.lower() for a in listing(s.get("attributes"))]


TYPED = ("emails", "phonenumbers", "addresses", "ims")


@judges("IOP-5.4-01", when=lambda x: any(str(member(a, "name")).lower() in TYPED for a in _user_attributes(x)))
def kinds_are_published(exchange: Exchange) -> Iterator[Finding]:
    for attribute in _user_attributes(exchange):
        for part in listing(member(attribute, "subAttributes")):
            typed = str(member(attribute, "name")).lower() in TYPED and member(part, "name") == "type"
            if typed and not listing(member(part, "canonicalValues")):
                yield Finding(
                    expected=["the kinds that there are"],
                    actual=member(part, "canonicalValues"),
                    at=f"/{member(attribute, 'name')}/type/canonicalValues",
                    hint="List the values that type may have.",
                    likeness=str(member(attribute, "name")),
                )


@judges("IOP-6.3-02", probe="claimed-filters", when=lambda t: one(t, "claimed.find.unknown") is not None)
def a_filter_on_an_unknown_attribute_is_refused(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "claimed.find.unknown")
    assert answer is not None
    if answer.status != 400 or scim_type(answer) not in ("invalidFilter", None):
        yield Finding(
            expected=['HTTP 400 with scimType "invalidFilter"'],
            actual=f"HTTP {answer.status} with scimType {as_json(scim_type(answer))}",
            hint="Refuse a filter on an attribute that no schema has.",
            exchange=answer.id,
        )


@judges("IOP-6.5-01", when=_config)
def patch_is_announced(exchange: Exchange) -> Iterator[Finding]:
    yield from _announced(exchange, "patch")


@judges("IPSIE-4.3-03", when=_config)
def bulk_is_announced(exchange: Exchange) -> Iterator[Finding]:
    yield from _announced(exchange, "bulk")


def _announced(exchange: Exchange, feature: str) -> Iterator[Finding]:
    if member(exchange.resource, feature, "supported") is not True:
        yield Finding(
            expected=[f"{feature}.supported true"],
            actual=member(exchange.resource, feature, "supported"),
            at=f"/{feature}/supported",
            hint="The profile that is claimed asks for it: serve it and say so, or do not claim the profile.",
        )


@judges("IOP-6.5.2.1-02", probe="attributes", when=lambda t: trial(t, "attr.name.replace") is not None)
def replacing_a_whole_name_drops_the_other_parts(transcript: Transcript) -> Iterator[Finding]:
    """The opposite of RFC 7644 section 3.5.2.3 (C05)."""
    found = trial(transcript, "attr.name.replace")
    assert found is not None
    left = {k: v for k, v in parts(found.after.resource).items() if v is not None and k != "givenname"}
    if not found.write.ok or left:
        yield Finding(
            expected=[f"only givenName {MARK}-given"],
            actual=left or f"HTTP {found.write.status}",
            at="/name",
            hint="The interoperability profile wants the new object in place of the old one.",
            exchange=found.after.id,
        )


@judges("IOP-6.9.1-01", when=lambda x: x.tag in ("create.duplicate", "attr.taken.patch") and answered(x))
def a_taken_name_is_a_conflict(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 409 or scim_type(exchange) != "uniqueness":
        yield Finding(
            expected=['HTTP 409 with scimType "uniqueness"'],
            actual=f"HTTP {exchange.status} with scimType {as_json(scim_type(exchange))}",
            hint="Answer 409 uniqueness to a name that somebody has.",
            likeness=exchange.method,
        )


# IPSIE and FastFed.


def _finds(transcript: Transcript, tag: str, wanted: bool = True) -> Iterator[Finding]:
    answer, person = one(transcript, f"claimed.find.{tag}"), one(transcript, "claimed.person")
    if answer is None or person is None or not person.resource:
        return
    found = member(person.resource, "id") in [member(r, "id") for r in answer.resources]
    if found is not wanted or (wanted and len(answer.resources) != 1):
        yield Finding(
            expected=["HTTP 200 with the person alone" if wanted else "nobody"],
            actual=f"HTTP {answer.status} with {len(answer.resources)} people",
            at="/Resources",
            hint="Serve this filter: the profile promises it.",
            exchange=answer.id,
            likeness=tag,
        )


def _asked(tag: str) -> Any:
    return lambda transcript: one(transcript, f"claimed.find.{tag}") is not None


@judges("IPSIE-AL1-5.4-01", probe="claimed-filters", when=_asked("username"))
def people_are_found_by_user_name(transcript: Transcript) -> Iterator[Finding]:
    for tag in ("user-name", "username"):
        yield from _finds(transcript, tag)


@judges("IPSIE-AL1-5.4-03", probe="claimed-filters", when=_asked("mail"))
def people_are_found_by_any_mail_address(transcript: Transcript) -> Iterator[Finding]:
    yield from _finds(transcript, "mail")


@judges("IPSIE-AL1-5.4-04", probe="claimed-filters", when=_asked("work"))
def people_are_found_by_their_work_address(transcript: Transcript) -> Iterator[Finding]:
    person = one(transcript, "claimed.person")
    kinds = [member(m, "type") for m in listing(member(person.resource if person else {}, "emails"))]
    if "work" in kinds:
        yield from _finds(transcript, "work")
        yield from _finds(transcript, "home", wanted=False)


@judges("FF-4.2.6-01", probe="claimed-filters", when=_asked("mail"))
def people_are_found_in_three_ways(transcript: Transcript) -> Iterator[Finding]:
    for tag in ("user-name", "external-id", "mail"):
        yield from _finds(transcript, tag)


@judges("IPSIE-AL1-5.2-01", when=lambda x: x.method == "DELETE" and x.tag == "delete.nobody" and answered(x))
def deletion_is_offered(exchange: Exchange) -> Iterator[Finding]:
    """Asked about somebody who does not exist: nobody is deleted by this question."""
    if exchange.status in (405, 501, 403) and id_in_path(exchange):
        yield Finding(
            expected=["HTTP 404 to the deletion of nobody"],
            actual=f"HTTP {exchange.status}",
            hint="One section of the draft allows deletion and another demands it: offer it if your rules allow.",
        )


@judges("IPSIE-AL2-6.1.1-01", when=lambda exchange: bool(_user_attributes(exchange)))
def the_attributes_of_the_level_are_published(exchange: Exchange) -> Iterator[Finding]:
    names = {str(member(a, "name")).lower() for a in _user_attributes(exchange)}
    missing = sorted({"username", "displayname", "active"} - names)
    if missing:
        yield Finding(
            expected=["userName, displayName and active"],
            actual=f"without {', '.join(missing)}",
            at="/attributes",
            hint="Publish the attributes that the level asks for.",
        )


@judges("FF-4.1-01", when=shows_people)
def people_carry_no_groups(exchange: Exchange) -> Iterator[Finding]:
    for index, person in enumerate(exchange.resources):
        if not unassigned(member(person, "groups")):
            yield Finding(
                expected=["no groups"],
                actual=member(person, "groups"),
                at=f"/Resources/{index}/groups" if exchange.is_list else "/groups",
                hint="FastFed wants groups to be seen from the group alone.",
            )
            return
