"""Signs about deactivating and reactivating people: refused, confirmed and not done, undone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from harness.triage.look import Look, asked, operations
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole
from harness.triage.signs.people import account_gone
from harness.triage.signs.wording import (
    attribute_said_to_be_unknown,
    inactive_said_to_refuse_writes,
    operation_said_to_be_unknown,
    path_not_understood,
    path_said_to_be_wanted,
)

_TOMBSTONE = re.compile(r"^[0-9a-f]{32}.+")
SOON = 60
"""Seconds within which a stale profile push undoes a reactivation."""
HOUR = 3600
"""Seconds within which nobody who was deactivated comes back, as a rule."""


@sign
def deactivation_confirmed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service confirmed a deactivation"""
    return seen.off and seen.went == "ok"


@of_trouble
@sign
def deactivation_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A deactivation failed: the account stays active"""
    return seen.off and seen.failed


@of_trouble
@sign
def deactivation_refused_as_malformed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service did not take the form of the deactivation"""
    return seen.off and (seen.status == 400 or seen.said("entra-bad-request"))


@sign
def text_false_sent(seen: Look, person: Person | None, picture: Picture) -> bool:
    """active was sent as a text, not as a boolean"""
    if not seen.off:
        return False
    values = [op.get("value") for op in operations(seen) if str(op.get("path", "")).casefold() == "active"]
    values += [op["value"].get("active") for op in operations(seen) if isinstance(op.get("value"), dict)]
    return any(isinstance(value, str) for value in values)


@of_trouble
@sign
def text_false_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A deactivation with active as a text was refused"""
    return text_false_sent(seen, person, picture) and seen.failed and seen.status in (400, 422, 500)


@of_trouble
@sign
def capital_operation_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """An operation in capital letters was refused"""
    if not seen.failed or seen.group or seen.status in (401, 404, 429):
        return False
    if any(str(op.get("op", "")) != str(op.get("op", "")).lower() for op in operations(seen)):
        return seen.write
    return operation_said_to_be_unknown(seen, person, picture)


@of_trouble
@sign
def object_without_path_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A change without a path was refused: Okta's usual form"""
    pathless = any("path" not in op and isinstance(op.get("value"), dict) for op in operations(seen))
    return path_said_to_be_wanted(seen, person, picture) or (
        pathless and seen.failed and seen.status in (400, 422, 501)
    )


@of_trouble
@sign
def other_attributes_beside_active(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The deactivation was refused together with other attributes in the same request"""
    if not seen.off or not seen.failed or seen.status in (401, 404, 429):
        return False
    paths: set[str] = set()
    for op in operations(seen):
        value = op.get("value")
        paths |= {op["path"]} if isinstance(op.get("path"), str) else set(value) if isinstance(value, dict) else set()
    if len(paths) > 1 and "active" in {path.casefold() for path in paths}:
        return True
    changed = {name.casefold() for name, _, _ in seen.event.changes} if seen.event is not None else set()
    return len(changed) > 1 and "active" in changed


@of_trouble
@sign
def add_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused to add what was not there before"""
    if seen.said("scim-add-not-valid"):
        return True
    adds = any(str(op.get("op", "")).casefold() == "add" for op in operations(seen))
    return (
        adds
        and not seen.group
        and seen.failed
        and seen.status in (400, 501)
        and not attribute_said_to_be_unknown(seen, person, picture)
        and not any(str(op.get("op", "")).casefold() == "replace" for op in operations(seen))
    )


@of_trouble
@sign
def patch_not_served(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not know this kind of request for people"""
    return not seen.group and seen.act in ("update", "deactivate", "reactivate") and seen.status in (405, 501)


@sign
def owner_deactivated(seen: Look, person: Person | None, picture: Picture) -> bool:
    """An owner or administrator was deactivated"""
    if not seen.off or seen.went != "ok" or seen.exchange is None:
        return False
    roles = seen.exchange.resource.get("roles")
    values = (
        [str(r.get("value", "")) if isinstance(r, dict) else str(r) for r in roles] if isinstance(roles, list) else []
    )
    return (person is not None and person.owner) or any(re.search(r"(?i)owner|admin", v) for v in values)


@sign
def still_active_in_the_answer(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service confirmed the deactivation and showed the person as active in the same answer"""
    return seen.off and seen.went == "ok" and seen.extra.get("shows") is True


@sign
def still_active_later(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a confirmed deactivation the service shows the person as active"""
    if person is None or seen.write or seen.extra.get("shows") is not True or seen.went != "ok":
        return False
    return person.asked is False and person.confirmed and not person.touched


@sign
def still_active_by_id(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Soon after a confirmed deactivation the person itself, read by its id, is active"""
    if person is None or seen.act != "read" or seconds(person.asked_at, seen.at) > HOUR:
        return False  # who is active much later may have come back by a way that no file shows
    return still_active_later(seen, person, picture)


@sign
def disabled_once_more(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a confirmed deactivation the IdP found the person active again, and nobody had asked for that"""
    if person is None or seen.event is None or not seen.off or person.asked is not False or not person.confirmed:
        return False
    return any(name.casefold() == "active" and old.casefold() == "true" for name, old, _ in seen.event.changes)


@sign
def gone_after_deactivation(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a confirmed deactivation the service does not find the person any more"""
    if person is None or person.asked is not False or not person.confirmed or seen.group:
        return False
    empty = seen.act == "lookup" and seen.went == "ok" and seen.extra.get("hits") == 0 and seen.recorded
    return empty or (seen.act != "delete" and account_gone(seen, person, picture))


@sign
def created_again_after_deactivation(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The IdP tried to create somebody whom it had deactivated before: it did not find the account any more"""
    if person is None or seen.act != "create" or seen.group:
        return False
    return (person.asked is False and person.confirmed) or person.did["deactivate:ok"] > 0


@sign
def inactive_without_being_asked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service shows somebody as inactive whom nobody has deactivated"""
    if person is None or seen.write or seen.extra.get("shows") is not False:
        return False
    return person.shown is True and person.asked is not False


@of_trouble
@sign
def inactive_refuses_writes(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service takes no change to somebody who is inactive"""
    if inactive_said_to_refuse_writes(seen, person, picture):
        return True
    return (seen.said("entra-incompatible-filtering") and seen.act in ("deactivate", "update")) or (
        seen.write
        and seen.failed
        and seen.status in (400, 409)
        and seen.scim_type not in ("invalidPath", "mutability", "noTarget")
        and not path_not_understood(seen, person, picture)
        and seen.act in ("update", "deactivate")
        and person is not None
        and person.shown is False
        and person.confirmed
    )


@of_trouble
@sign
def reactivation_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Somebody who came back could not be activated"""
    return (
        seen.on
        and seen.failed
        and seen.status not in (401, 404, 415, 429)
        and (seen.status < 500 or seen.status == 501)
    )


@sign
def activation_alone_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Somebody who came back could not be activated, in a request that asked for nothing else"""
    if not reactivation_failed(seen, person, picture):
        return False
    if seen.event is not None:
        return all(name.casefold() == "active" for name, _, _ in seen.event.changes)
    return set(asked(seen)) == {"active"}


@sign
def undone_within_a_minute(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Activated, and within a minute inactive again by the same IdP"""
    if person is None or person.asked is not True or not person.confirmed or not seen.off or seen.failed:
        return False
    if person.asked_look is not None and person.asked_look.act == "create":
        return False  # made and soon deactivated is no profile of before
    gap = seconds(person.asked_at, seen.at)
    return picture.idp != "entra" and 0 <= gap <= SOON


def seconds(first: str, second: str) -> float:
    """Seconds from one time to another; -1 when one of them is not known."""
    try:
        return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
    except (ValueError, TypeError):
        return -1


@sign
def tombstone_sent(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The user name carries the mark of the recycle bin"""
    if seen.event is not None:
        return any(
            n.casefold() in ("username", "userprincipalname") and _TOMBSTONE.match(new)
            for n, _, new in seen.event.changes
        )
    values = [op.get("value") for op in operations(seen) if str(op.get("path", "")).casefold() == "username"]
    values += [op["value"].get("userName") for op in operations(seen) if isinstance(op.get("value"), dict)]
    return any(isinstance(v, str) and _TOMBSTONE.match(v) for v in values)


@of_trouble
@sign
def tombstone_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A deactivation with the mark of the recycle bin in the user name was refused"""
    return seen.off and seen.failed and seen.status in (400, 403, 409, 422) and tombstone_sent(seen, person, picture)


@whole
def conflict_after_the_recycle_bin(picture: Picture) -> bool:
    """A user name with the mark of the recycle bin was written, and later a conflict came"""
    sent, conflict = picture.signs.get("tombstone-sent"), picture.signs.get("create-conflict")
    return bool(sent and (conflict or picture.has("inactive-refuses-writes")))


@whole
def many_deactivated_at_once(picture: Picture) -> bool:
    """Many people were deactivated in one go"""
    asked = picture.signs.get("deactivation-confirmed")
    return bool(asked and len(asked.people) >= 10 and 0 <= seconds(asked.first, asked.last) <= 6 * 3600)


@whole
def strangers_deactivated(picture: Picture) -> Iterable[Look]:
    """People were deactivated whom the IdP had never looked up or created by name, after a list of everybody"""
    if not picture.acts["list"] or picture.events:
        return
    for person in picture.people.values():
        known = person.did["lookup:ok"] + person.did["create:ok"] + person.did["create:failed"] + person.did["read:ok"]
        if person.asked is False and person.confirmed and not known and person.asked_look is not None:
            yield person.asked_look
