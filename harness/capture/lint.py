"""What is worth saying about a captured request at once: what it means for people, and what is set wrong."""

from __future__ import annotations

from collections.abc import Iterator

from harness.intake.intents import compared, operations
from harness.model.exchange import Exchange
from harness.model.profile import Profile
from harness.model.step import Intent

_GROUPS = (Intent.GROUP_CREATE, Intent.GROUP_UPDATE, Intent.GROUP_DELETE)


def remarks(exchange: Exchange, profile: Profile) -> Iterator[str]:
    """Sentences about one exchange for whoever runs the IdP, the weightiest first."""
    who = exchange.subject or "somebody"
    if exchange.intent is Intent.DEACTIVATE:
        changes = operations(exchange.sent)
        with_others = f", together with {len(changes) - 1} other changes" if len(changes) > 1 else ""
        yield f"this takes the access of {who} away{with_others}" + ("" if exchange.ok else ", and it was refused")
    elif exchange.intent is Intent.REACTIVATE:
        yield f"this gives {who} access again" + ("" if exchange.ok else ", and it was refused")
    elif exchange.intent is Intent.CREATE:
        yield f"nobody was found as {who}, so it tries to create an account"
    elif exchange.intent is Intent.LOOKUP:
        yield from _lookup(exchange, who)
    if exchange.intent in _GROUPS and profile.refuses("groups"):
        yield "group management is on, and the service refuses it: switch it off"
    if isinstance(exchange.sent, dict) and "password" in exchange.sent and exchange.intent is not Intent.CREATE:
        yield "a password is sent: Sync Password is on"
    if exchange.path.startswith("//"):
        yield "there is a slash too many: the base URL was entered with a slash at its end"


def _lookup(exchange: Exchange, who: str) -> Iterator[str]:
    attribute, value = compared(exchange.query)
    if exchange.ok and exchange.is_list:
        found = len(exchange.resources)
        if found != 1:
            yield f"{value or who} was {'not found' if not found else f'found {found} times'}"
    if attribute and attribute.lower() != "username":
        yield f"people are looked for by {attribute}, not by userName"
