"""What checks ask of a Moment: what the IdP got confirmed, and how the Witness saw the person before and after."""

from __future__ import annotations

from harness.checks.once import once
from harness.checks.reading import GATEWAY, asked, below, endpoint, member
from harness.model.change import ENDS_ACCESS, RESTORES_ACCESS
from harness.model.exchange import WORN_KEY, Exchange, Role
from harness.model.step import ERROR, Intent
from harness.model.transcript import Moment, Transcript

LIFE = (Intent.DEACTIVATE, Intent.REACTIVATE, Intent.DELETE)
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def last_write(moment: Moment, *intents: Intent) -> Exchange | None:
    """The last answered request of the IdP about the person of this Change with one of these intents, or None."""
    found = [x for x in moment.asked(*intents) if answered(x) and x.subject == moment.part]
    return found[-1] if found else None


@once
def deactivation(moment: Moment) -> Exchange | None:
    """The deactivation with which the IdP left the person, whatever was answered; None when something came after it."""
    last = last_write(moment, *LIFE)
    return last if last is not None and last.intent is Intent.DEACTIVATE else None


@once
def reactivation(moment: Moment) -> Exchange | None:
    last = last_write(moment, *LIFE)
    return last if last is not None and last.intent is Intent.REACTIVATE else None


@once
def deletion(moment: Moment) -> Exchange | None:
    last = last_write(moment, *LIFE)
    return last if last is not None and last.intent is Intent.DELETE else None


def ends_access(moment: Moment) -> bool:
    return isinstance(moment.change, ENDS_ACCESS)


def restores_access(moment: Moment) -> bool:
    return isinstance(moment.change, RESTORES_ACCESS)


def read_before(moment: Moment, part: str = "") -> Exchange | None:
    """The last read by id before the Change, answered or not: perhaps the one after a sign-in that was tried."""
    return moment.seen_before(part or moment.part, Intent.READ)


def read_after(moment: Moment, part: str = "") -> Exchange | None:
    return moment.seen_after(part or moment.part, Intent.READ, "by-id")


def state_after(moment: Moment, part: str = "") -> Exchange | None:
    """The read by id after the Change when it tells the state: a resource, or the 404 of somebody who is gone."""
    return _told(read_after(moment, part)) if part else _own_state_after(moment)


@once
def _own_state_after(moment: Moment) -> Exchange | None:
    return _told(read_after(moment))


def _told(read: Exchange | None) -> Exchange | None:
    return read if read is not None and (read.resource or read.status == 404) else None


def state_before(moment: Moment, part: str = "") -> Exchange | None:
    return _shown(read_before(moment, part)) if part else _own_state_before(moment)


@once
def _own_state_before(moment: Moment) -> Exchange | None:
    return _shown(read_before(moment))


def _shown(read: Exchange | None) -> Exchange | None:
    return read if read is not None and read.resource else None


def was_deleted(moment: Moment, transcript: Transcript) -> bool:
    """Whether a deletion of this person was confirmed in this Moment or before it."""
    return any(
        x.intent is Intent.DELETE
        and x.role is Role.IDP
        and x.ok
        and x.subject == moment.part
        and x.moment <= moment.index
        for x in transcript.exchanges
    )


@once
def keeps_user_name(moment: Moment) -> bool:
    """Whether the person still reads under the user name by which the Witness looks for them."""
    read = read_after(moment)
    if read is None or moment.part not in moment.cast:
        return False
    value = read.resource.get("userName")
    return isinstance(value, str) and value.casefold() == moment.cast[moment.part].person.user_name.casefold()


@once
def goes_by_name(moment: Moment) -> bool:
    """Whether the person was last seen under the user name by which the hooks know them.

    Whoever was renamed by the IdP has left that name: a sign-in with it is that of somebody new.
    """
    if moment.part not in moment.cast:
        return False
    wanted = moment.cast[moment.part].person.user_name.casefold()
    for read in (read_after(moment), read_before(moment)):
        if read is not None and read.resource:
            return str(member(read.resource, "userName")).casefold() == wanted
    return False


def by_present_name(lookup: Exchange, moment: Moment) -> bool:
    """Whether a lookup asks for the user name under which the person reads after the Change, as far as that is known.

    The directory renames people before the service hears of it, and a service may never take the new name: whoever is
    looked up by a name that they do not have there cannot be found.
    """
    read = read_after(moment)
    name = member(read.resource, "userName") if read is not None else None
    wanted = str(asked(lookup).get("filter", "")).casefold()
    return not isinstance(name, str) or "username" not in wanted or f'"{name.casefold()}"' in wanted


def told_by(moment: Moment, idp: str) -> bool:
    """Whether the Moment belongs to a scenario of this IdP."""
    return not moment.change.by and any(idp in x.scenario.split("/")[:2] for x in moment.exchanges[:1])


def answered(exchange: Exchange) -> bool:
    """Whether the service itself answered what was asked.

    Not a machine in front of it that was overloaded or out of order, and not a question that it had to turn away
    because the story let the key expire.
    """
    if WORN_KEY in exchange.notes and exchange.status == 401:
        return False
    return exchange.answered and (exchange.status not in GATEWAY or is_scim_error(exchange))


def is_scim_error(exchange: Exchange) -> bool:
    """Whether the body calls itself a SCIM error."""
    schemas = member(exchange.json, "schemas")
    return isinstance(schemas, list) and any(isinstance(s, str) and s.lower() == ERROR.lower() for s in schemas)


def id_in_path(exchange: Exchange, collection: str = "Users") -> str:
    """The id that a request addresses below a collection, decoded; "" when it addresses something else."""
    rest = below(exchange) if endpoint(exchange) == collection else ""
    return "" if rest == ".search" else rest


def is_on(exchange: Exchange, collection: str) -> bool:
    """Whether a request addresses a collection or anything below it."""
    return endpoint(exchange) == collection


def is_collection(exchange: Exchange, collection: str) -> bool:
    return is_on(exchange, collection) and not below(exchange)
