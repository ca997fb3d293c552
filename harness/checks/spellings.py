"""Deactivation as a picky client tries it: every known spelling, twice, and everything that must not undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.deactivation import LEAVER_KEEPS_ACCESS
from harness.checks.moments import answered
from harness.checks.patch_refusals import is_served
from harness.checks.patching import one
from harness.checks.reactivation import reactivation_faults
from harness.checks.state import differences, is_active, is_inactive, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.transcript import Transcript

PLAIN = ("path", "pathless", "put")
"""The spellings that the RFC itself has, and that Okta uses."""

ALL = (*PLAIN, "capital", "string")
MARK = "scimulator-inactive"


def tried(transcript: Transcript, spellings: tuple[str, ...]) -> list[tuple[str, Exchange, Exchange]]:
    """Spelling, deactivation and the read after it, for each spelling that met a person who read active."""
    found: list[tuple[str, Exchange, Exchange]] = []
    active = is_active(resource_of(transcript, "deactivate.before"))
    for exchange in transcript.exchanges:
        name = exchange.tag.removeprefix("deactivate.")
        if name in spellings and name != exchange.tag and active and answered(exchange):
            read = one(transcript, f"deactivate.{name}.read")
            if read is not None and (read.resource or read.status == 404):
                found.append((name, exchange, read))
        if exchange.tag.endswith(".read") and exchange.resource:
            active = is_active(exchange.resource)
    return found


def resource_of(transcript: Transcript, tag: str) -> object:
    exchange = one(transcript, tag)
    return exchange.resource if exchange is not None else {}


def _any(*spellings: str) -> Callable[[Transcript], bool]:
    return lambda transcript: bool(tried(transcript, spellings))


@judges("PROF-D-07", probe="deactivation", when=_any(*PLAIN))
def every_plain_spelling_deactivates_also_twice(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    """PATCH with a path, PATCH without, and PUT; a second time is no error."""
    for spelling, asked, _ in tried(transcript, PLAIN):
        if spelling == "put" and not profile.supports("replace"):
            continue
        if not asked.ok:
            yield Finding(
                expected=["HTTP 200 or 204"],
                actual=f"HTTP {asked.status}",
                hint=f"This is the one thing the service is for, and an IdP sends it like this. {LEAVER_KEEPS_ACCESS}",
                exchange=asked.id,
                likeness=spelling,
            )
            continue
        again = one(transcript, f"deactivate.{spelling}.again")
        if again is not None and not again.ok:
            yield Finding(
                expected=[f"HTTP {asked.status}, as the first time"],
                actual=f"HTTP {again.status}",
                hint="Deactivating somebody who is inactive is a success: an IdP repeats itself, and tries an error "
                "again in every cycle.",
                exchange=again.id,
                likeness=f"{spelling}-again",
            )


@judges("RFC7644-3.5.2.3-02", probe="deactivation", when=_any("path"))
def replace_of_a_single_value_takes_effect(transcript: Transcript) -> Iterator[Finding]:
    for _, asked, read in tried(transcript, ("path",)):
        if not asked.ok or not is_inactive(read.resource):
            yield Finding(
                expected=['HTTP 200 or 204, and then "active": false'],
                actual=f'HTTP {asked.status}, and then "active": {as_json(member(read.resource, "active"))}',
                at="/active",
                hint="Store the value that the operation names.",
                exchange=read.id if asked.ok else asked.id,
            )


def _confirmed(transcript: Transcript) -> list[tuple[str, Exchange, Exchange]]:
    return [found for found in tried(transcript, ALL) if found[1].ok]


@judges("PROF-D-12", probe="deactivation", when=lambda transcript: bool(_confirmed(transcript)))
def a_success_means_that_the_person_is_inactive(transcript: Transcript) -> Iterator[Finding]:
    """In each spelling by itself: a service may understand one and shrug at the next."""
    for spelling, _, read in _confirmed(transcript):
        if not is_inactive(read.resource):
            gone = read.status == 404
            yield Finding(
                expected=['HTTP 200 with "active": false'],
                actual="HTTP 404" if gone else member(read.resource, "active"),
                at="" if gone else "/active",
                hint="Keep a deactivated person readable by id."
                if gone
                else f"The request was answered with success and did nothing. {LEAVER_KEEPS_ACCESS}",
                exchange=read.id,
                likeness=spelling,
            )


def works(transcript: Transcript) -> bool:
    """Whether the plainest spelling deactivates: without that, no other one can be blamed for itself."""
    return any(asked.ok and is_inactive(read.resource) for _, asked, read in tried(transcript, ("path",)))


@judges("RFC7644-3.5.2-04", probe="deactivation", when=lambda t: works(t) and bool(tried(t, ("capital",))))
def operation_names_have_no_letter_case(transcript: Transcript) -> Iterator[Finding]:
    for _, asked, _ in tried(transcript, ("capital",)):
        if not asked.ok:
            yield Finding(
                expected=["HTTP 200 or 204"],
                actual=f"HTTP {asked.status}",
                hint='Read "Replace" as "replace": Entra writes a capital letter unless a flag is set.',
                exchange=asked.id,
            )


@judges("RFC7643-4.1.1-14", probe="deactivation", when=lambda t: works(t) and bool(tried(t, ("string",))))
def the_word_false_means_false_or_is_refused(transcript: Transcript) -> Iterator[Finding]:
    """Never true, and never stored as a word."""
    for _, asked, read in tried(transcript, ("string",)):
        now = member(read.resource, "active")
        fine = now is False if asked.ok else now is True
        if not fine and read.resource:
            yield Finding(
                expected=['HTTP 400, and "active" stays true', 'success, and then "active": false'],
                actual=f'HTTP {asked.status}, and then "active": {as_json(now)}',
                at="/active",
                hint='Read "False" in any letter case as false, or refuse it with scimType "invalidValue".',
                exchange=read.id,
                likeness="confirmed" if asked.ok else "refused",
            )


@judges("PROF-D-18", probe="deactivation", when=_any("path"))
def two_deactivations_at_once_end_inactive(transcript: Transcript) -> Iterator[Finding]:
    """Two in direct succession, with no read between them."""
    for _, asked, read in tried(transcript, ("path",)):
        again = one(transcript, "deactivate.path.again")
        for exchange in (asked, again):
            if exchange is not None and exchange.status >= 500 and exchange.status != 501:
                yield Finding(
                    expected=["no server error"],
                    actual=f"HTTP {exchange.status}",
                    hint="Two IdPs, or one that repeats itself, deactivate the same person twice.",
                    exchange=exchange.id,
                    likeness="5xx",
                )
        if again is not None and is_inactive(asked.resource) and again.ok and is_active(read.resource):
            yield Finding(
                expected=["false"],
                actual=True,
                at="/active",
                hint="The second of two equal requests has undone the first.",
                exchange=read.id,
                likeness="undone",
            )


@judges("PROF-D-24", probe="deactivation", when=lambda t: is_served(t) and one(t, "deactivate.nobody") is not None)
def nobody_cannot_be_deactivated(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "deactivate.nobody")
    assert answer is not None
    if answer.status != 404:
        yield Finding(
            expected=["HTTP 404"],
            actual=f"HTTP {answer.status}",
            hint="A success for an id that nobody has hides that the real person was never found.",
            exchange=answer.id,
            likeness="accepted" if answer.ok else "refused",
        )


def _read_before(transcript: Transcript, spelling: str) -> object:
    """The last person who was read before the deactivation in this spelling."""
    before: object = {}
    for exchange in transcript.exchanges:
        if exchange.tag == f"deactivate.{spelling}":
            return before
        before = exchange.resource if exchange.method == "GET" and exchange.resource and not exchange.query else before
    return before


@judges("PROF-D-08", probe="deactivation", when=lambda transcript: bool(_confirmed(transcript)))
def a_deactivation_in_any_spelling_touches_active_alone(transcript: Transcript) -> Iterator[Finding]:
    """Compared with the read just before; the person has an externalId from the second spelling on."""
    for spelling, _, read in _confirmed(transcript):
        if not is_inactive(read.resource):
            continue
        for difference in differences(_read_before(transcript, spelling), read.resource, ignoring=("/active",)):
            yield Finding(
                expected=[f"{difference.pointer} as before: {as_json(difference.before)}"],
                actual=difference.after,
                at=difference.pointer,
                hint="Change active alone: what else is lost with a deactivation does not come back.",
                exchange=read.id,
                likeness=difference.pointer,
            )


# Coming back.


def _reactivations(transcript: Transcript) -> list[tuple[str, Exchange, Exchange]]:
    found = []
    for spelling in ALL:
        asked, read = one(transcript, f"reactivate.{spelling}"), one(transcript, f"reactivate.{spelling}.read")
        was_inactive = is_inactive(resource_of(transcript, f"deactivate.{spelling}.read"))
        if asked is not None and read is not None and read.resource and was_inactive:
            found.append((spelling, asked, read))
    return found


@judges("PROF-D-09", probe="deactivation", when=lambda transcript: bool(_reactivations(transcript)))
def every_spelling_reactivates(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    for spelling, asked, read in _reactivations(transcript):
        if spelling == "put" and not profile.supports("replace"):
            continue
        if spelling == "capital" and asked.status == 400:
            continue  # the letter case of the operation is a clause of its own
        yield from reactivation_faults(asked, read, profile)
