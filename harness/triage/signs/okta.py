"""Signs that only Okta's own log and screens give."""

from __future__ import annotations

from collections.abc import Iterable

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole


@of_trouble
@sign
def assigned_before_provisioning(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta says that the person was assigned before provisioning was switched on"""
    return seen.said("okta-before-provisioning")


@sign
def deactivate_box_unticked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Somebody unticked Deactivate Users"""
    return seen.said("okta-log-deactivate-off") or seen.told.startswith("stop deprovisioning")


@of_trouble
@sign
def deactivate_box_ticked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Somebody ticked Deactivate Users"""
    return seen.said("okta-log-deactivate-on")


@of_trouble
@sign
def may_not_reactivate(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta found the person inactive and may not activate anybody"""
    return seen.said("okta-account-inactive")


@of_trouble
@sign
def provisioning_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta could not connect somebody with the account at the service"""
    return seen.idp == "okta" and seen.failed and seen.act in ("create", "lookup") and not seen.group


@of_trouble
@sign
def deactivation_failed_at_okta(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta shows a failed deprovisioning"""
    return seen.idp == "okta" and seen.failed and seen.act == "deactivate"


def _removed(picture: Picture) -> Iterable[Person]:
    for person in picture.people.values():
        gone = person.did["unassign:ok"] + person.did["unassign:"] + person.did["unassign:failed"]
        told = sum(n for what, n in person.did.items() if what.startswith("deactivate:"))
        if gone and not told and not person.group:
            yield person


@whole
def removed_without_deactivation(picture: Picture) -> Iterable[Look]:
    """Somebody lost the app in Okta, and nothing was sent to the service"""
    for person in _removed(picture):
        yield from [look for look in person.trail if look.act == "unassign"][:1] or person.trail[:1]


@whole
def removed_after_failed_provisioning(picture: Picture) -> Iterable[Look]:
    """Somebody lost the app whom Okta had never been able to connect with the account"""
    for person in _removed(picture):
        if person.failed:
            yield from [look for look in person.trail if look.failed][:1]


@whole
def box_off_when_somebody_was_removed(picture: Picture) -> bool:
    """Deactivate Users was not ticked when somebody lost the app"""
    off, on = picture.signs.get("deactivate-box-unticked"), picture.signs.get("deactivate-box-ticked")
    if off is None:
        return False
    for person in _removed(picture):
        for look in person.trail:
            if look.act == "unassign" and look.at >= off.first and not (on and off.first < on.first <= look.at):
                return True
    return False


@whole
def only_people_are_provisioned(picture: Picture) -> bool:
    """A group was assigned, and no group was pushed"""
    return picture.has("group-assigned") and not any(act.startswith("group-") for act in picture.acts)
