"""Signs about what a confirmed write did: kept or not, more than was asked, or not to be seen at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.triage.look import Look, asked
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole
from harness.triage.signs.addresses import other_letters
from harness.triage.signs.leaving import seconds
from harness.triage.signs.people import account_gone

_EXPECTED = ("active", "externalid", "schemas", "id", "meta")
"""What every IdP writes about a leaver, and what belongs to every body."""


MINUTES = 10
"""Within so many nobody deletes an account between two requests, as a rule."""


_NOTHING: tuple[dict[str, Any], dict[str, Any], bool] = ({}, {}, False)


def _changed(seen: Look, person: Person | None) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """What was asked for, what is shown after it, and whether all of the person was replaced.

    A change shows in its own answer, or in the next one about the person. Nothing is shown where nobody can tell.
    """
    if person is None or "values" not in seen.extra or not (seen.write or person.unshown):
        return _NOTHING
    if seen.went != "ok" or seen.act == "create":
        return _NOTHING
    writes = (*person.unshown, seen) if seen.write else person.unshown
    bodies = [asked(write) for write in writes]
    if not all(bodies) or any(write.act == "create" for write in writes):
        return _NOTHING  # a body is not kept
    replaced = any(write.exchange is not None and write.exchange.method == "PUT" for write in writes)
    wanted = {name: value for body in bodies for name, value in body.items()}
    return wanted, seen.extra["values"], replaced


@sign
def changed_unasked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a change the service shows another value than before in an attribute that it was not asked to change"""
    wanted, shown, replaced = _changed(seen, person)
    if person is None or not shown:
        return False
    for name, before in person.values.items():
        now = shown.get(name)
        if before is None or now == before:
            continue
        key = name.casefold()
        if key in wanted:
            if wanted[key] == before or (isinstance(before, str) and now != wanted[key]):
                return True  # neither left as it was nor made what was asked
        elif not replaced or picture.has("profile:refuses-update"):
            return True  # who replaces may clear what is not named, unless it is not SCIM's to write
    return False


@sign
def renamed_as_asked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A change of somebody's name was carried out as asked"""
    wanted, shown, _ = _changed(seen, person)
    if person is None or not shown:
        return False
    return any(
        person.values.get(name) not in (None, shown.get(name)) and wanted.get(name.casefold()) == shown.get(name)
        for name in ("userName", "displayName")
    )


@sign
def external_id_not_kept(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A change of the externalId was confirmed, and the service shows another one or none"""
    asked_for, shown, _ = _changed(seen, person)
    wanted = asked_for.get("externalid")
    return isinstance(wanted, str) and bool(wanted) and shown.get("externalId") != wanted


@sign
def more_than_active_written(seen: Look, person: Person | None, picture: Picture) -> bool:
    """More than active was written about the person"""
    if not seen.write or seen.group or seen.went != "ok":
        return False
    if seen.event is not None:
        return any(name.casefold() not in _EXPECTED for name, _, _ in seen.event.changes)
    before = {name.casefold(): value for name, value in person.values.items()} if person is not None else {}
    wanted = asked(seen)
    if seen.exchange is not None and seen.exchange.method == "PUT":  # it repeats what is there
        return any(wanted[name] != value for name, value in before.items() if name in wanted)
    return any(name not in _EXPECTED for name in wanted)


@sign
def activated_unasked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A change that does not speak of active made an inactive person active"""
    return _touches(seen, person, False) and seen.extra.get("shows") is True


@sign
def suspended_unasked(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A change that does not speak of active made an active person inactive"""
    return _touches(seen, person, True) and seen.extra.get("shows") is False


def _touches(seen: Look, person: Person | None, before: bool) -> bool:
    """Whether it is a confirmed change without active of somebody who was shown so before."""
    wanted, shown, _ = _changed(seen, person)
    unasked = seen.write and seen.active is None and bool(shown) and "active" not in wanted
    return unasked and person is not None and person.shown is before


@sign
def active_after_another_change(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a confirmed deactivation and another change the service shows the person as active"""
    if person is None or seen.write or seen.extra.get("shows") is not True or seen.went != "ok":
        return False
    return person.asked is False and person.confirmed and person.touched


@whole
def effect_not_shown(picture: Picture) -> bool:
    """Somebody's change was confirmed, and no later answer shows the person as changed"""
    people = (person for person in picture.people.values() if not person.group)
    return any(person.asked is not None and person.confirmed and not person.proved for person in people)


@of_trouble
@sign
def gone_after_creation(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service confirmed a creation, and does not know the account later"""
    return person is not None and person.did["create:ok"] > 0 and account_gone(seen, person, picture)


@of_trouble
@sign
def missing_though_shown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A request about a person was answered with 'not found' within minutes of the service showing that very person"""
    if person is None or not person.found_at or seen.act == "delete" or not account_gone(seen, person, picture):
        return False
    return 0 <= seconds(person.found_at, seen.at) <= MINUTES * 60


@sign
def external_id_from_elsewhere(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service shows an externalId that nothing in these files has written"""
    shown = seen.extra.get("values", {}).get("externalId")
    if not shown or person is None or seen.group:
        return False
    written = [*person.unshown, seen] if seen.write else person.unshown
    return person.values.get("externalId") != shown and not any("externalid" in asked(write) for write in written)


@sign
def found_after_a_refused_creation(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The person whose creation was refused has an account later: it was made in between"""
    return (
        person is not None
        and person.did["create:failed"] > 0
        and seen.act == "lookup"
        and seen.recorded
        and seen.went == "ok"
        and seen.extra.get("hits") == 1
    )


@sign
def counted_but_not_shown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A search says that there is somebody, and shows nobody"""
    if seen.act not in ("lookup", "list", "connect") or not seen.recorded or seen.went != "ok" or seen.exchange is None:
        return False
    body, query = seen.exchange.json, dict(parse_qsl(urlsplit(seen.exchange.request.url).query))
    if not isinstance(body, dict) or other_letters(body, "Resources"):
        return False
    if seen.extra.get("hits") != 0 or query.get("count") == "0":
        return False
    total, start = body.get("totalResults"), query.get("startIndex", "1")
    return isinstance(total, int) and start.isdigit() and total >= max(1, int(start))
