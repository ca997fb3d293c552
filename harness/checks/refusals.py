"""Refusals: where a proper no is due, that it is the same each time, and that it leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from harness.checks.moments import WRITES, answered, state_after, state_before
from harness.checks.oracles import Refusal, refusal_faults, scim_type
from harness.checks.state import Difference, differences, member
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding, as_json
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

# Creation.


def _is_create(exchange: Exchange) -> bool:
    from_idp = exchange.role is Role.IDP and exchange.intent is Intent.CREATE
    sent = exchange.method == "POST" and (from_idp or exchange.tag.startswith("refuse.create"))
    return sent and answered(exchange)


@judges("PROF-D-01", when=_is_create)
def creation_is_refused(exchange: Exchange) -> Iterator[Finding]:
    """Accounts come from the first sign-in, so every POST of a person gets the same proper no."""
    malformed = exchange.tag == "refuse.create.invalid"
    elsewhere = exchange.tag == "refuse.create.other-case"
    also: tuple[int, ...] = (404,) if elsewhere else ()
    # 409 on an existing name is a warning of its own: it tells a stranger who has an account.
    also += (409,) if exchange.status == 409 and exchange.tag == "refuse.create.duplicate" else ()
    yield from refusal_faults(exchange, Refusal.SERVED, malformed=malformed, also=also)


@judges("REFUSE-01", when=lambda exchange: exchange.tag == "refuse.create.duplicate")
def a_refused_creation_does_not_tell_who_exists(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 409:
        yield Finding(
            expected=["the same refusal as for a name that nobody has"],
            actual="HTTP 409",
            hint="Refuse creation before looking the name up: otherwise the answer tells who has an account.",
        )


def _creates(moment: Moment) -> bool:
    refused = [x for x in moment.asked(Intent.CREATE) if x.is_error and x.subject == moment.part]
    unknown = moment.part in moment.cast and moment.cast[moment.part].account is None
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    return bool(refused) and unknown and lookup is not None and lookup.ok


@judges("RFC7644-3.3-09", when=_creates)
def a_refused_creation_leaves_nobody_behind(moment: Moment) -> Iterator[Finding]:
    """Looked up by the user name that the IdP sent."""
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    assert lookup is not None
    yield from _nobody(lookup, moment.cast[moment.part].person.user_name)


def _lookups_of_the_refused(transcript: Transcript) -> list[tuple[Exchange, str]]:
    """Lookups of a user name whose every creation was answered with an error, with that user name."""
    found = []
    for lookup in transcript.tagged("refuse.create.lookup"):
        asked = unquote(lookup.query)
        creations = [
            x
            for x in transcript.exchanges
            if x.method == "POST" and x.ordinal < lookup.ordinal and _names(x) and f'"{_names(x)}"' in asked
        ]
        if lookup.ok and creations and all(answered(x) and x.is_error for x in creations):
            found.append((lookup, _names(creations[-1])))
    return found


def _names(creation: Exchange) -> str:
    value = member(creation.sent, "userName")
    return value if isinstance(value, str) else ""


@judges("RFC7644-3.3-09", when=lambda transcript: bool(_lookups_of_the_refused(transcript)))
def a_refused_creation_is_not_found_afterwards(transcript: Transcript) -> Iterator[Finding]:
    for lookup, user_name in _lookups_of_the_refused(transcript):
        yield from _nobody(lookup, user_name)


def _nobody(lookup: Exchange, user_name: str) -> Iterator[Finding]:
    found = [r for r in lookup.resources if not user_name or str(member(r, "userName")).lower() == user_name.lower()]
    if found:
        yield Finding(
            expected=["nobody with this user name"],
            actual=found[0],
            hint="The POST was answered with an error, but the person is there: undo everything before answering.",
            exchange=lookup.id,
        )


# The same answer every time.


_SAME = (
    ("refuse.create.repeat", "refuse.create.invalid", "refuse.create.duplicate"),
    ("refuse.group.write",),
    ("refuse.write.repeat",),
)
"""Tags of requests that must all get the same answer: a create with any body, one group write on several ids."""


def _answers(transcript: Transcript, tags: tuple[str, ...]) -> list[Exchange]:
    """The refusals among them; that a conflict tells who exists is a warning of its own."""
    found = [x for x in transcript.exchanges if x.tag in tags and x.is_error and answered(x)]
    return [x for x in found if not (x.status == 409 and x.tag == "refuse.create.duplicate")]


def _is_repeated(transcript: Transcript) -> bool:
    return any(len(_answers(transcript, tags)) > 1 for tags in _SAME)


@judges("PROF-D-14", when=_is_repeated)
def refusals_are_stable(transcript: Transcript) -> Iterator[Finding]:
    """A client that sees two different answers to one question takes the second for a passing fault and tries again."""
    for tags in _SAME:
        answers = _answers(transcript, tags)
        told = {(x.status, str(scim_type(x) or "")) for x in answers}
        if len(told) > 1:
            other = next(x for x in answers if (x.status, str(scim_type(x) or "")) != _told(answers[0]))
            yield Finding(
                expected=[f"{_words(answers[0])} each time"],
                actual=_words(other),
                hint="Decide by the kind of request alone: not by the id, not by how often it was asked.",
                exchange=other.id,
                likeness=other.tag,
            )


def _told(exchange: Exchange) -> tuple[int, str]:
    return exchange.status, str(scim_type(exchange) or "")


def _words(exchange: Exchange) -> str:
    keyword = scim_type(exchange)
    return f"HTTP {exchange.status}" + (f" {keyword}" if keyword else "")


# No trace.


def _is_read_twice(transcript: Transcript) -> bool:
    reads = [x for x in transcript.exchanges if x.tag in ("refuse.before", "refuse.after")]
    return len(reads) == 2 and bool(reads[0].resource) and (bool(reads[1].resource) or reads[1].status == 404)


@judges("PROF-D-15", when=_is_read_twice)
def a_refused_write_leaves_no_trace(transcript: Transcript) -> Iterator[Finding]:
    """The person whom the refused requests named reads as before, version and time of change included."""
    before, after = (x for x in transcript.exchanges if x.tag in ("refuse.before", "refuse.after"))
    if after.status == 404:
        yield Finding(
            expected=["the person is still there"],
            actual="HTTP 404",
            exchange=after.id,
            likeness="gone",
            hint="A write that had to be refused has removed the person.",
        )
        return
    for difference in differences(before.resource, after.resource, versions=True):
        yield Finding(
            expected=[f"{difference.pointer} as before the refused requests: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint="A refused request must not touch the person, its version and its time of change.",
            exchange=after.id,
            likeness=difference.pointer,
        )


NOT_OFFERED = (Intent.CREATE, Intent.GROUP_CREATE, Intent.GROUP_UPDATE, Intent.GROUP_DELETE)


def _refused_only(moment: Moment) -> bool:
    """Whether all that the IdP tried to write was something that is not offered, and got an error."""
    writes = [x for x in moment.during if x.method in WRITES]
    refused = bool(writes) and all(x.intent in NOT_OFFERED and x.is_error and answered(x) for x in writes)
    return refused and any(_seen(moment, m.part) for m in moment.cast)


def _seen(moment: Moment, part: str) -> tuple[Exchange, Exchange] | None:
    before, after = state_before(moment, part), state_after(moment, part)
    return (before, after) if before is not None and after is not None else None


@judges("PROF-D-15", when=_refused_only)
def a_refused_push_leaves_no_trace(moment: Moment) -> Iterator[Finding]:
    """Everybody whom the Witness reads is as before a creation or a group push that was refused."""
    for person in moment.cast:
        seen = _seen(moment, person.part)
        if seen is None:
            continue
        gone = seen[1].status == 404
        for difference in [Difference("", "there", "gone")] if gone else differences(*(x.resource for x in seen)):
            yield Finding(
                expected=[f"{difference.pointer or 'the person'} as before: {as_json(difference.before)}"],
                actual=difference.after,
                at=difference.pointer,
                hint="Refuse before anything is touched: the IdP was told that nothing happened.",
                exchange=seen[1].id,
                likeness=difference.pointer or "gone",
            )
