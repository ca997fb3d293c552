"""What Entra ID expects of deactivation and reactivation: one requirement for each spelling that is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.moments import answered, deactivation, reactivation, read_after, state_after, told_by
from harness.checks.okta_lifecycle import deactivation_faults, reactivation_missed
from harness.checks.spellings import tried, works
from harness.checks.state import is_inactive, member, written
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

KEEPS_ACCESS = "In Entra ID the person is gone, here the access stays. "


def _is_alone(exchange: Exchange) -> bool:
    return set(written(exchange)) == {"active"}


def _deactivates(kind: type) -> Callable[[Moment], bool]:
    def ask(moment: Moment) -> bool:
        asked = deactivation(moment)
        if asked is None or not told_by(moment, "entra") or state_after(moment) is None:
            return False
        return _is_alone(asked) and isinstance(written(asked)["active"], kind)

    return ask


@judges("ENTRA-02", when=_deactivates(str))
def entra_deactivates_with_a_string(moment: Moment) -> Iterator[Finding]:
    """As it comes from every tenant that has not set a flag."""
    hint = KEEPS_ACCESS + 'Read "False" as false; until then the tenant URL needs the flag aadOptscim062020.'
    yield from deactivation_faults(moment, hint)


@judges("ENTRA-03", when=_deactivates(bool))
def entra_deactivates_with_a_boolean(moment: Moment) -> Iterator[Finding]:
    """As it comes with the flag aadOptscim062020."""
    yield from deactivation_faults(moment, f"{KEEPS_ACCESS}Obey a plain replace of active.")


@judges("ENTRA-04", probe="deactivation", when=lambda t: works(t) and bool(tried(t, ("capital",))))
def entra_deactivates_with_a_capital_letter(transcript: Transcript) -> Iterator[Finding]:
    """As Microsoft's own tutorial shows it; neither of Entra's dialects does, so a probe replays it."""
    for _, asked, read in tried(transcript, ("capital",)):
        if not asked.ok or not is_inactive(read.resource):
            yield Finding(
                expected=['HTTP 200 or 204, and then "active": false'],
                actual=f'HTTP {asked.status}, and then "active": {as_json(member(read.resource, "active"))}',
                hint=f'{KEEPS_ACCESS}Read "Replace" as "replace".',
                exchange=read.id if asked.ok else asked.id,
            )


def _buries(moment: Moment) -> bool:
    asked = deactivation(moment)
    return (
        asked is not None
        and told_by(moment, "entra")
        and not _is_alone(asked)
        and asked.method == "PATCH"
        and state_after(moment) is not None
    )


@judges("ENTRA-17", when=_buries)
def entra_deactivates_and_renames_in_one_request(moment: Moment) -> Iterator[Finding]:
    """The recycle bin frees the user name, so the rename travels with the deactivation."""
    hint = (
        KEEPS_ACCESS
        + "Obey active and pass over the rest, or tell administrators to map userName to an attribute that "
        "the recycle bin leaves alone."
    )
    yield from deactivation_faults(moment, hint)


def _reactivates(moment: Moment) -> bool:
    return reactivation(moment) is not None and state_after(moment) is not None and told_by(moment, "entra")


def _name_was_taken_by_us(moment: Moment, transcript: Transcript) -> bool:
    """Whether our own attempt to sign in made somebody new under the name that Entra had freed."""
    attempts = (x for x in transcript.exchanges if x.intent is Intent.SIGN_IN and x.tag == "sign-in-again" and x.ok)
    return any(x.subject == moment.part and member(x.json, "created") is True for x in attempts)


@judges("ENTRA-05", when=_reactivates)
def entra_brings_somebody_back(moment: Moment, transcript: Transcript) -> Iterator[Finding]:
    if _name_was_taken_by_us(moment, transcript):
        return
    yield from reactivation_missed(moment, "Entra restores within thirty days, and does not look again.")


def _switched_off(moment: Moment) -> bool:
    asked, read = deactivation(moment), read_after(moment)
    return asked is not None and asked.ok and read is not None and answered(read) and told_by(moment, "entra")


@judges("ENTRA-06", when=_switched_off)
def entra_still_reads_whom_it_switched_off(moment: Moment) -> Iterator[Finding]:
    """By id, and by the filter when the name is still the same."""
    read = read_after(moment)
    assert read is not None
    if read.status != 200:
        yield Finding(
            expected=["HTTP 200: only somebody who was deleted for good may be missing"],
            actual=f"HTTP {read.status}",
            hint="Entra forgets whom it cannot read, and creates a second account later.",
            exchange=read.id,
        )
