"""Creations that can be read in more than one way: null, unknown names, two main addresses, what was left open."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import answered
from harness.checks.patching import one, pair
from harness.checks.reading import listing, schemas_of
from harness.checks.state import differences, member, unassigned
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

REFUSED = (400, 422)
UNKNOWN = "urn:example:unknown:user"


def _sent(transcript: Transcript, tag: str) -> Exchange | None:
    return one(transcript, f"create.odd.{tag}")


def _made(transcript: Transcript, tag: str) -> bool:
    """Whether the creation was confirmed and the person then read."""
    found = pair(transcript, f"create.odd.{tag}")
    return found is not None and found[0].ok


def _neither(answer: Exchange, hint: str) -> Iterator[Finding]:
    """A finding when a creation was neither carried out nor refused as malformed."""
    if not answer.ok and answer.status not in REFUSED:
        yield Finding(
            expected=["HTTP 201", "HTTP 400"],
            actual=f"HTTP {answer.status}",
            hint=hint,
            exchange=answer.id,
            likeness=f"{answer.status // 100}xx",
        )


@judges("RFC7644-3.3-08", probe="creating", when=lambda t: _sent(t, "cleared") is not None)
def null_and_empty_lists_are_no_values(transcript: Transcript) -> Iterator[Finding]:
    answer, found = _sent(transcript, "cleared"), pair(transcript, "create.odd.cleared")
    assert answer is not None
    left = [n for n in ("title", "emails") if found is not None and not unassigned(member(found[1].resource, n))]
    if not answer.ok or left:
        yield Finding(
            expected=["HTTP 201, and neither title nor emails"],
            actual=f"HTTP {answer.status}, and {', '.join(left) or 'nothing'}",
            hint="Read null and [] as an attribute without a value.",
            exchange=answer.id,
            likeness="stored" if left else f"{answer.status // 100}xx",
        )


@judges("RFC7644-3.3-07", probe="creating", when=lambda t: _made(t, "cleared"))
def what_was_left_open_stays_as_answered(transcript: Transcript) -> Iterator[Finding]:
    """The body said nothing about active: what the answer shows is what is stored."""
    found = pair(transcript, "create.odd.cleared")
    assert found is not None
    told, stored = member(found[0].resource, "active"), member(found[1].resource, "active")
    if found[0].resource and differences(told, stored):
        yield Finding(
            expected=[f"{as_json(told)}, as the answer to the creation said"],
            actual=stored,
            at="/active",
            hint="Choose the default when the person is made, and show what was stored.",
            exchange=found[1].id,
        )


@judges("RFC7644-3.3.1-01", probe="creating", when=lambda t: bool(getattr(one(t, "create.valid"), "resource", None)))
def the_address_decides_what_is_created(transcript: Transcript) -> Iterator[Finding]:
    """The body claims to be a group, and was posted to /Users."""
    for tag in ("create.valid", "create.read"):
        seen = one(transcript, tag)
        kind = member(seen.resource, "meta", "resourceType") if seen is not None else None
        if seen is not None and kind not in (None, "User"):
            yield Finding(
                expected=["User"],
                actual=kind,
                at="/meta/resourceType",
                hint="Set meta.resourceType from the endpoint, and pass over the value that a client sends.",
                exchange=seen.id,
            )
            return


@judges("RFC7644-3.3-10", probe="creating", when=lambda t: _sent(t, "unknown-schema") is not None)
def an_unknown_extension_is_not_stored(transcript: Transcript) -> Iterator[Finding]:
    answer, found = _sent(transcript, "unknown-schema"), pair(transcript, "create.odd.unknown-schema")
    assert answer is not None
    hint = "Refuse a schema that the resource type does not have, or leave it out of what is stored and shown."
    yield from _neither(answer, hint)
    for seen in (answer, *(found or ())[1:]):
        names = [n.lower() for n in (*schemas_of(seen.resource), *seen.resource)]
        if answer.ok and UNKNOWN in names:
            yield Finding(
                expected=["no unknown extension"],
                actual=schemas_of(seen.resource),
                at="/schemas",
                hint=hint,
                exchange=seen.id,
                likeness="stored",
            )
            return


@judges("RFC7644-3.3-11", probe="creating", when=lambda t: _sent(t, "unknown-attribute") is not None)
def an_unknown_attribute_is_not_stored(transcript: Transcript) -> Iterator[Finding]:
    answer, found = _sent(transcript, "unknown-attribute"), pair(transcript, "create.odd.unknown-attribute")
    assert answer is not None
    hint = "Pass over an attribute that no schema has, or refuse the body with invalidSyntax."
    yield from _neither(answer, hint)
    if found is not None and member(found[1].resource, "nosuch") is not None:
        yield Finding(
            expected=["no such attribute"],
            actual=member(found[1].resource, "nosuch"),
            at="/nosuch",
            hint=hint,
            exchange=found[1].id,
            likeness="stored",
        )


@judges("RFC7644-3.3-12", probe="creating", when=lambda t: _sent(t, "two-primaries") is not None)
def two_main_addresses_are_not_stored(transcript: Transcript) -> Iterator[Finding]:
    answer, found = _sent(transcript, "two-primaries"), pair(transcript, "create.odd.two-primaries")
    assert answer is not None
    hint = "At most one value of a list is primary: refuse two with invalidValue, or keep one."
    yield from _neither(answer, hint)
    main = [m for m in listing(member(found[1].resource, "emails")) if member(m, "primary") is True] if found else []
    if found is not None and len(main) > 1:
        yield Finding(
            expected=["one main address at most"],
            actual=len(main),
            at="/emails",
            hint=hint,
            exchange=found[1].id,
            likeness="stored",
        )


def _says_no_patch(transcript: Transcript) -> bool:
    configs = transcript.tagged("patch.config")
    return any(member(x.resource, "patch", "supported") is False for x in configs) and bool(_patches(transcript))


def _patches(transcript: Transcript) -> list[Exchange]:
    return [x for x in transcript.exchanges if x.method == "PATCH" and x.tag == "patch.unset" and answered(x)]


@judges("RFC7644-3.5.2-18", probe="patching", when=_says_no_patch)
def a_patch_that_is_not_offered_is_refused(transcript: Transcript) -> Iterator[Finding]:
    """/ServiceProviderConfig says that there is no PATCH: whoever believes it deactivates nobody."""
    for exchange in _patches(transcript):
        if exchange.status not in (501, 405, 403):
            yield Finding(
                expected=["HTTP 501, 405 or 403", "patch.supported true"],
                actual=f"HTTP {exchange.status}",
                hint="Publish what is true: patch.supported true when PATCH works, 501 when it does not.",
                exchange=exchange.id,
            )
