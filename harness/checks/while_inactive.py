"""What a picky client tries on somebody inactive, and with active among other attributes."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.deactivation import mixed_faults
from harness.checks.patching import one, pair
from harness.checks.spellings import MARK, resource_of, works
from harness.checks.state import is_active, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.step import Intent
from harness.model.transcript import Transcript

UNSUPPORTED = (400, 403, 501)
"""How a filter that a service does not offer is refused."""


def _attempts(transcript: Transcript) -> list[tuple[str, Exchange, Exchange]]:
    """What was tried on a person who read inactive just before."""
    found = []
    inactive = is_inactive(resource_of(transcript, "deactivate.path.read"))
    for name in ("external-id", "put", "remove"):
        asked_and_read = pair(transcript, f"inactive.{name}")
        if asked_and_read is not None:
            if inactive:
                found.append((name, *asked_and_read))
            inactive = is_inactive(asked_and_read[1].resource)
    return found


@judges("PROF-D-10", probe="deactivation", when=lambda transcript: bool(_attempts(transcript)))
def no_other_write_reactivates(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """Not a new externalId, not a PUT that leaves active out, not the removal of active.

    A service that is owned by the IdP as a whole may clear what a PUT leaves out (RFC 7644 section 3.5.1, C32).
    """
    for name, asked, read in _attempts(transcript):
        cleared = profile.family == "full" and read.ok and member(read.resource, "active") is None
        if not is_inactive(read.resource) and not cleared:
            yield Finding(
                expected=["false, as before"],
                actual=member(read.resource, "active"),
                at="/active",
                hint="What a request does not say about active stays as it is: a leaver has come back unseen.",
                exchange=read.id,
                likeness=name,
            )
        elif name == "external-id" and asked.status in (409, 412):
            yield Finding(
                expected=["HTTP 200 or 204"],
                actual=f"HTTP {asked.status}",
                hint="An inactive person can be written to: an IdP that is refused tries again in every cycle.",
                exchange=asked.id,
                likeness="frozen",
            )


def _lookups(transcript: Transcript) -> list[tuple[str, Exchange]]:
    """The lookups that have to find the inactive person: by what the person had, and where the filter is offered."""
    inactive = resource_of(transcript, "inactive.external-id.read")
    before = one(transcript, "email.before")
    asked = ["user-name"] if is_inactive(inactive) else []
    asked += ["external-id"] if is_inactive(inactive) and member(inactive, "externalId") == f"{MARK}-2" else []
    asked += ["email"] if is_inactive(inactive) and before is not None and before.resources else []
    found = [(name, one(transcript, f"inactive.by-{name}")) for name in asked]
    return [(name, x) for name, x in found if x is not None and x.status not in UNSUPPORTED]


@judges("PROF-D-23", probe="deactivation", when=lambda transcript: bool(_lookups(transcript)))
def an_inactive_person_can_be_looked_up(transcript: Transcript) -> Iterator[Finding]:
    person = member(resource_of(transcript, "deactivate.before"), "id")
    for name, lookup in _lookups(transcript):
        if not any(member(r, "id") == person for r in lookup.resources):
            yield Finding(
                expected=["the inactive person"],
                actual=f"HTTP {lookup.status} with {len(lookup.resources)} people",
                at="/Resources",
                hint="Find inactive people as well as active ones: an IdP that finds nobody creates a second account.",
                exchange=lookup.id,
                likeness=name,
            )


# Several attributes in one request.


def _together(transcript: Transcript) -> bool:
    found = pair(transcript, "together.owned")
    was_active = is_active(resource_of(transcript, "reactivate.put.read")) or is_active(
        resource_of(transcript, "deactivate.restore.read")
    )
    return found is not None and was_active and works(transcript)


@judges("RFC7644-3.5.2-19", "RFC7644-3.5.2-09", probe="deactivation", when=_together)
def several_operations_are_all_applied(transcript: Transcript) -> Iterator[Finding]:
    """The first sets active under its full name with the schema's URN, the second externalId."""
    found = pair(transcript, "together.owned")
    assert found is not None
    asked, read = found
    first = member(read.resource, "externalId") == f"{MARK}-together"
    second = is_inactive(read.resource)
    if asked.ok and second and not first:
        yield Finding(
            requirement="RFC7644-3.5.2-19",
            expected=["both operations applied"],
            actual=f'"active" is {as_json(member(read.resource, "active"))}, "externalId" is unchanged',
            at="/externalId",
            hint="Carry out every operation of the list.",
            exchange=read.id,
        )
    elif not second:
        yield Finding(
            requirement="RFC7644-3.5.2-09",
            expected=['HTTP 200 or 204, and then "active": false'],
            actual=f'HTTP {asked.status}, and then "active": {as_json(member(read.resource, "active"))}',
            at="/active",
            hint="A path may begin with the URN of the schema: urn:ietf:params:scim:schemas:core:2.0:User:active.",
            exchange=read.id if asked.ok else asked.id,
        )


def _mixed(transcript: Transcript) -> bool:
    return pair(transcript, "mixed") is not None and is_active(resource_of(transcript, "mixed.before"))


@judges("PROF-D-11", probe="deactivation", when=_mixed)
def a_mixed_request_is_applied_honestly(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """Active together with the display name, which such a service does not own."""
    found = pair(transcript, "mixed")
    assert found is not None
    assert found[0].intent is Intent.DEACTIVATE
    yield from mixed_faults(found[0], resource_of(transcript, "mixed.before"), found[1].resource, profile, found[1])
