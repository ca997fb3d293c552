"""What became of taking somebody's access away, as the job sees it: the quiet ends above all."""

from __future__ import annotations

from harness.model.exchange import Exchange
from harness.model.outlook import RemovalState
from harness.model.step import Intent
from simulators.entra import log
from simulators.entra.app import Entra
from simulators.entra.mapping import SOFT_DELETED, Difference
from simulators.entra.people import Entry
from simulators.render import held_back

NEVER = RemovalState.NEVER_TRIED


def judged(entry: Entry, answer: Exchange) -> None:
    """The service has answered the request that ends access."""
    if held_back(answer):
        entry.removal = None
    elif answer.ok:
        entry.off = True
        entry.removed(RemovalState.DONE, "the service confirmed it", answer.id)
    else:
        entry.removed(RemovalState.PENDING, "the service did not confirm it", answer.id)


def unread(entry: Entry, read: Exchange) -> None:
    """The person could not be read, so nothing was compared and nothing sent."""
    if held_back(read):
        entry.removal = None
    elif entry.removal is not None and read.status == 404:
        why = "the cached id is unknown to the service (InvalidAnchor); an administrator has to restart the job"
        entry.removed(RemovalState.LOST, why, read.id)
    elif entry.removal is not None:
        entry.removed(RemovalState.PENDING, "the person could not be read", read.id)


def deleted(entry: Entry, answer: Exchange) -> None:
    """The service has answered a DELETE. Who is not there any more has no access either."""
    if held_back(answer):
        entry.removal = None
    elif answer.ok or answer.status == 404:
        entry.removed(RemovalState.DONE, "the service confirmed the deletion", answer.id, inferred=not answer.ok)
        entry.anchor = ""
    else:
        entry.removed(RemovalState.PENDING, "the service did not confirm the deletion", answer.id)


def nothing_sent(entra: Entra, entry: Entry, changes: list[Difference], read: Exchange) -> None:
    """A comparison after which nothing was exported. The row in the log says why."""
    if active_unsent(entra, entry, read):
        return
    if changes:
        why = f"{entry.name} differs, but Update is not ticked among the target object actions"
        if any(change.path == "active" and change.value is False for change in changes):
            why = f"{entry.name} is active, but Update is not ticked among the target object actions"
            entry.removed(NEVER, why, read.id)
        entra.tell(log.skipped(why, exchange=read))
    elif read.intent is Intent.LOOKUP:
        text = f"{entry.name} was found and linked, and is in step already"
        entra.tell(log.skipped(text, "RedundantExport", read))
    else:
        entra.tell(log.skipped(f"{entry.name} is in step already", "RedundantExport", read, inferred=False))


def active_unsent(entra: Entra, entry: Entry, read: Exchange) -> bool:
    """Work out what it means for a leaver that nothing was sent about ``active``; whether a row was written of it."""
    active = entra.users_mapping.active
    inactive = active is not None and active.target.read(read_of(read)) in (False, "False", "false")
    if inactive:
        entry.off = True
    if entry.removal is None or not entra.soft_deleted(entry):
        return False
    if inactive:
        entry.removed(RemovalState.DONE, "the person was inactive at the service already", read.id)
    elif active is None:
        tell_never(entra, entry, "there is no mapping to active, so nothing says that the person left", read)
        return True
    elif active.value(entra.attributes(entry)) is not False:
        tell_never(entra, entry, f"the mapping to active does not turn False when {SOFT_DELETED} turns True", read)
        return True
    return False


def read_of(read: Exchange) -> object:
    """The person's resource in a read by id or in the page of a lookup."""
    if read.resource:
        return read.resource
    return read.resources[0] if read.resources else {}


def never_linked(entra: Entra, entry: Entry) -> None:
    """Somebody leaves whom the job has never linked, or has let go of."""
    if entry.removal is None or entry.removal.state is RemovalState.DONE:
        return
    if not entry.anchor:
        why = f"{entry.name} is not linked, so nothing was sent"
        entra.tell(log.skipped(why, "NotEffectivelyEntitled"))
        entry.removed(NEVER, why, inferred=True)
    elif entry.removal.state is not NEVER:
        entry.removed(NEVER, f"{entry.name} is no longer managed, so nothing was sent")


def skipped_by_flag(entra: Entra, entry: Entry) -> None:
    tell_never(entra, entry, f"{entry.name} is out of scope, and SkipOutOfScopeDeletions is set")


def not_deleted(entra: Entra, entry: Entry) -> None:
    """Somebody is gone for good, and no DELETE follows."""
    if not entry.anchor or entry.removal is None:
        never_linked(entra, entry)
    elif not entry.buried:
        why = f"{entry.name} was removed for good before a cycle had seen the recycle bin, so nothing was sent"
        entry.removed(NEVER, why)
    elif not entra.users_mapping.delete:
        tell_never(entra, entry, f"{entry.name}: Delete is not ticked among the target object actions")
    else:
        why = f"{entry.name} was removed for good after having left the scope, while the disable was still failing"
        entry.removed(RemovalState.LOST, why)


def tell_never(entra: Entra, entry: Entry, why: str, exchange: Exchange | None = None) -> None:
    """Nothing is sent, the log says why, and no error is shown."""
    entra.tell(log.skipped(why, exchange=exchange))
    entry.removed(NEVER, why, exchange.id if exchange else "")
