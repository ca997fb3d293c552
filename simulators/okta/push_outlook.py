"""What the administrator sees of group push: the tab Push Groups, and the System Log."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.exchange import Exchange
from harness.model.outlook import Notice
from harness.model.step import Intent
from harness.model.transcript import Moment
from simulators.okta.history import History
from simulators.okta.members import RENAME
from simulators.okta.texts import LOG, PUSH, reason
from simulators.render import identifier, retry_after

_UPDATED = "application.provision.group_push.updated"
_NOT_ADDED = "application.provision.group.add"
_CHANGE = "Change the linked group to resume pushing group memberships."
_NOT_UPDATED = "application.provision.group_push.mapping.update.or.delete.failed.with.error"


def push_notices(sent: list[Exchange], moment: Moment, history: History) -> Iterator[Notice]:
    """One line for a mapping that became active, one for each call that was refused."""
    for exchange in sent:
        name = history.group_name(exchange, moment)
        if exchange.ok:
            if exchange.intent is Intent.GROUP_CREATE and identifier(exchange.resource):
                yield Notice("Push Groups", "Active", name, exchange=exchange.id)
            elif exchange.intent is Intent.GROUP_UPDATE:
                yield Notice(LOG, "Success", f"Push group: {name}", _UPDATED, exchange.id, inferred=True)
            continue
        if exchange.intent is Intent.GROUP_LOOKUP and exchange.status == 404:
            continue
        begin = f"Unable to update Group Push mapping target App group {name}: "
        creating = exchange.intent in (Intent.GROUP_LOOKUP, Intent.GROUP_CREATE)
        if creating:
            text = f"{begin}Error while creating user group {name}: {reason(exchange)}"
            # On record for a SCIM app: 409 to the creation. The others are told in the same frame.
            inferred = exchange.intent is Intent.GROUP_LOOKUP or exchange.status != 409
        else:
            # No colon before the reason: so it stands in the one captured text.
            text = f"{begin}Error while updating user group membership for group {name} {reason(exchange)}"
            inferred = exchange.status != 501
        if exchange.status == 404 and (exchange.intent is Intent.GROUP_READ or exchange.title == RENAME):
            # On record for groups that were deleted at the service; that these calls meet a 404 then is a conclusion.
            text = f"Linked group is missing in {history.app}. {_CHANGE}"
            inferred = True
        yield Notice(PUSH, "Error", text, exchange=exchange.id, inferred=inferred)
        event = _NOT_ADDED if creating else _NOT_UPDATED
        yield Notice(LOG, "Failure", text, event, exchange.id, inferred=True)
        seconds = retry_after(exchange) if exchange.status == 429 else None
        if seconds is not None:
            text = f"Push group {name}: Okta sends it again by itself after {seconds:.0f} seconds"
            yield Notice(LOG, "Deferred", text, event, exchange.id, inferred=True)
