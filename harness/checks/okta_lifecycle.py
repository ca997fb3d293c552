"""What Okta expects of deactivation and reactivation; and what any IdP would miss after its own request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.moments import deactivation, reactivation, state_after, told_by
from harness.checks.state import is_active, is_inactive, member
from harness.model.check import judges
from harness.model.finding import Finding, as_json
from harness.model.transcript import Moment


def _deactivates(method: str) -> Callable[[Moment], bool]:
    def ask(moment: Moment) -> bool:
        asked = deactivation(moment)
        known = asked is not None and asked.method == method and state_after(moment) is not None
        return known and told_by(moment, "okta")

    return ask


def deactivation_faults(moment: Moment, hint: str) -> Iterator[Finding]:
    """What an IdP that sent a deactivation would miss: a success, and a person who is inactive afterwards."""
    asked, read = deactivation(moment), state_after(moment)
    assert asked is not None
    assert read is not None
    if not asked.ok or not is_inactive(read.resource):
        yield Finding(
            expected=['HTTP 200 or 204, and then "active": false'],
            actual=f'HTTP {asked.status}, and then "active": {as_json(member(read.resource, "active"))}',
            hint=hint,
            exchange=read.id if asked.ok else asked.id,
            likeness="no-effect" if asked.ok else f"{asked.status // 100}xx",
        )


@judges("OKTA-08", when=_deactivates("PATCH"))
def okta_catalogue_apps_deactivate(moment: Moment) -> Iterator[Finding]:
    """By a path-less PATCH, without reading the person first."""
    hint = "In Okta the assignment is gone already: a refusal becomes a task that an administrator has to see."
    yield from deactivation_faults(moment, hint)


@judges("OKTA-09", when=_deactivates("PUT"))
def okta_wizard_apps_deactivate(moment: Moment) -> Iterator[Finding]:
    """By writing back, inactive, all that was read."""
    hint = "Okta's wizard apps have no other way than PUT: without it the leaver keeps access."
    yield from deactivation_faults(moment, hint)


def reactivation_missed(moment: Moment, hint: str) -> Iterator[Finding]:
    asked, read = reactivation(moment), state_after(moment)
    assert asked is not None
    assert read is not None
    if not asked.ok or not is_active(read.resource):
        yield Finding(
            expected=['HTTP 200 or 204, and then "active": true'],
            actual=f'HTTP {asked.status}, and then "active": {as_json(member(read.resource, "active"))}',
            hint=hint,
            exchange=read.id if asked.ok else asked.id,
            likeness="no-effect" if asked.ok else f"{asked.status // 100}xx",
        )


def _reactivates(moment: Moment) -> bool:
    return reactivation(moment) is not None and state_after(moment) is not None and told_by(moment, "okta")


@judges("OKTA-10", when=_reactivates)
def okta_brings_somebody_back(moment: Moment) -> Iterator[Finding]:
    yield from reactivation_missed(moment, "Somebody who gets the app again has to be active again.")


def _confirmed(moment: Moment) -> bool:
    asked, read = deactivation(moment), state_after(moment)
    return asked is not None and asked.ok and read is not None and told_by(moment, "okta")


@judges("OKTA-11", when=_confirmed)
def okta_still_reads_whom_it_switched_off(moment: Moment) -> Iterator[Finding]:
    read = state_after(moment)
    assert read is not None
    if read.status != 200 or not is_inactive(read.resource):
        yield Finding(
            expected=['HTTP 200 with "active": false'],
            actual=f'HTTP {read.status} with "active": {as_json(member(read.resource, "active"))}',
            hint="Okta's test for its catalogue reads the person after the deactivation.",
            exchange=read.id,
            likeness=f"{read.status // 100}xx",
        )
