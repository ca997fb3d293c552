"""Reconstruct: the requests that an IdP must have sent for a line of its log to come about, in the IdP's own dialect.

The IdP's simulator plays the same change against a service that says yes, so a dialect has one home. Where the log does
not tell the app type, every one that would have sent something else is a possibility of its own. Nothing of this was
written down by anybody: such a Sighting is RECONSTRUCTED, and no answer is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from harness.intake import entra_log, okta_events
from harness.intake.error_text import KIND as PASTED
from harness.intake.recalled import Yes, group, person, steps
from harness.intake.told import NOWHERE
from harness.model.account import Account, Cast, Member, Source
from harness.model.case import Possibility
from harness.model.change import (
    AddMember,
    Assign,
    Change,
    Edit,
    HardDelete,
    Import,
    PushGroup,
    Reassign,
    SoftDelete,
    TestConnection,
    Unassign,
    UnlinkGroup,
)
from harness.model.exchange import Exchange, Phase, Request, Role, Trouble, TroubleKind
from harness.model.idp import Variant, Vendor
from harness.model.partial import note_of
from harness.model.person import Person, Team
from harness.model.sighting import Confidence, LogEvent, Sighting
from harness.model.step import Effect, Intent, Step

_PART = "person"
_UNKNOWN = "{id}"
_ESCAPED = quote(_UNKNOWN, safe="")
_MISSING = ("base URL", "response", "response body", "response headers", "request headers")
_TOMBSTONE = re.compile(r"[0-9a-f]{32}.+", re.IGNORECASE)
_QUIET = ("skipped", "skip", "deferred")

_CHANGES: dict[Intent, tuple[Change, ...]] = {
    Intent.CONNECT: (TestConnection(),),
    Intent.LIST: (Import(),),
    Intent.LOOKUP: (Assign(_PART),),
    Intent.CREATE: (Assign(_PART),),
    Intent.READ: (Assign(_PART), Edit(_PART)),
    Intent.UPDATE: (Assign(_PART), Edit(_PART)),
    Intent.DEACTIVATE: (Assign(_PART), Unassign(_PART)),
    Intent.REACTIVATE: (Assign(_PART), Unassign(_PART), Reassign(_PART)),
    Intent.DELETE: (Assign(_PART), SoftDelete(_PART), HardDelete(_PART)),
    Intent.GROUP_LOOKUP: (PushGroup(),),
    Intent.GROUP_CREATE: (PushGroup(),),
    Intent.GROUP_READ: (Assign(_PART), PushGroup(), AddMember(_PART)),
    Intent.GROUP_UPDATE: (Assign(_PART), PushGroup(), AddMember(_PART)),
    Intent.GROUP_DELETE: (PushGroup(), UnlinkGroup()),
}
"""What happened before, and last what the line of the log is about."""

_ABSENT = (Intent.CREATE, Intent.GROUP_CREATE)
"""Where the service did not have the person or the group yet."""
_READS = (Intent.LOOKUP, Intent.READ, Intent.GROUP_LOOKUP, Intent.GROUP_READ)
_WENT_WELL = ("success", "")


def reconstruct(
    sighting: Sighting, vendors: Mapping[str, Vendor], variants: tuple[str, ...] = ()
) -> tuple[Possibility, ...]:
    """What the IdP must have sent for this event; one Possibility for each app type that differs on the wire.

    ``variants`` are the app types that are still possible, empty for all of them. Nothing for an event of which no
    request is known to follow, and for a sighting that is no event.
    """
    event = sighting.event
    vendor = vendors.get(event.idp) if event else None
    if event is None or vendor is None or event.outcome.lower() in _QUIET:
        return ()
    intent = intent_of(event)
    if intent is None:
        return ()
    found = []
    for variant in vendor.variants:
        if not variants or variant.name in variants:
            sent = _sent(event, vendor, variant, intent)
            if sent:
                found.append((variant, sent))
    return tuple(_possibilities(sighting, vendor, found, known=bool(variants)))


def intent_of(event: LogEvent) -> Intent | None:
    """What a line of a log is about, None for what sends nothing (a membership that ends inside of Okta, a tick)."""
    if event.idp == "entra":
        return entra_log.intent_of(event)[0] if event.kind.lower() not in ("other", "stageddelete", "") else None
    kind = event.kind.lower()
    if event.idp == "okta" and ("lifecycle" in kind or "user_membership" in kind):
        return None
    return okta_events.intent_of(event)


def _possibilities(
    sighting: Sighting, vendor: Vendor, found: list[tuple[Variant, list[Step]]], *, known: bool
) -> list[Possibility]:
    """App types that send the same become one; it is named where they do not all, or where it is ``known``."""
    groups: dict[tuple[tuple[str, str, bytes | None], ...], list[tuple[Variant, list[Step]]]] = {}
    for variant, sent in found:
        wire = tuple((s.method, f"{s.path}?{s.query}", s.body) for s in sent)
        groups.setdefault(wire, []).append((variant, sent))
    possibilities = []
    for alike in groups.values():
        variant, sent = alike[0]
        only = len(groups) == 1 and not known
        told = tuple(_told(sighting, number, step) for number, step in enumerate(sent))
        title = vendor.title if only else "; ".join(v.title for v, _ in alike)
        possibilities.append(Possibility(vendor.name, "" if only else variant.name, title, told))
    return possibilities


def _sent(event: LogEvent, vendor: Vendor, variant: Variant, intent: Intent) -> list[Step]:
    """The steps of the last change; whatever the simulator cannot be asked for sends nothing."""
    *before, last = _changes(event, intent)
    absent = intent in _ABSENT
    target = event.target_id or _UNKNOWN
    service = Yes(new_id=target)
    if event.group and not absent:
        service.resources[f"/Groups/{target}"] = group(target, event.group)
    who = "u-member" if event.group else target
    if not absent or event.group:
        service.resources[f"/Users/{who}"] = person(who, event.person or "member")
    cast = _cast(event, who, absent=absent and not event.group)
    idp = vendor.connect(variant.name)
    for change in before:
        for _ in steps(idp, change, cast, service):
            pass
    sent = list(steps(idp, last, cast, service))
    if intent in _READS or event.kind == PASTED or event.outcome.lower() not in _WENT_WELL:
        # After the call that failed nothing followed.
        ends = next((n for n, step in enumerate(sent) if step.intent is intent), len(sent) - 1)
        sent = sent[: ends + 1]
    return _reworded(sent, event, vendor, variant, intent)


def _changes(event: LogEvent, intent: Intent) -> tuple[Change, ...]:
    changes = _CHANGES.get(intent, ())
    renamed = next((new for name, _, new in event.changes if name.lower() == "username"), "")
    if intent is Intent.DEACTIVATE and event.idp == "entra" and _TOMBSTONE.fullmatch(renamed):
        return (Assign(_PART), SoftDelete(_PART))
    return changes


def _cast(event: LogEvent, service_id: str, *, absent: bool) -> Cast:
    name = event.person or "member"
    given, _, family = name.partition("@")[0].partition(".")
    digits = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]
    shown = Person(_guid(event.source_id) or digits, name, given, family or given, name)
    account = None if absent else Account(name, service_id, Source.LISTED)
    team = (Team(digits, event.group, (_PART,)),) if event.group else ()
    return Cast((Member(_PART, shown, account),), team)


def _guid(source: str) -> str:
    digits = source.replace("-", "").lower()
    return digits if re.fullmatch(r"[0-9a-f]{32}", digits) else ""


def _reworded(sent: list[Step], event: LogEvent, vendor: Vendor, variant: Variant, intent: Intent) -> list[Step]:
    """The PATCH with the values of the log, where the log has them: the simulator knows only its own mapping."""
    if vendor.patch_of is None or not event.changes or intent not in (Intent.UPDATE, Intent.DEACTIVATE):
        return sent
    body = vendor.patch_of(variant.name, event.changes)
    if not body:
        return sent
    reads = [step for step in sent if step.method == "GET"]
    patches = [step for step in sent if step.method == "PATCH"]
    if patches:
        return [*reads, replace(patches[0], body=body)]
    if not reads:
        return []
    title = "Update the user" if intent is Intent.UPDATE else "Disable the user"
    return [*reads, replace(reads[-1], title=title, method="PATCH", intent=intent, effect=Effect.WRITE, body=body)]


def _told(sighting: Sighting, number: int, step: Step) -> Sighting:
    event = sighting.event
    assert event is not None
    missing = list(_MISSING)
    path = step.path.replace(_ESCAPED, _UNKNOWN)
    if _UNKNOWN in path:
        missing.append("id at the service")
    body = step.body
    if step.intent is Intent.CREATE:
        # All that a log tells of a new person is the name; the rest of the body would be invented.
        missing.append("request body")
        body = None
    elif step.method == "PUT":
        missing.append("request body: what the service had answered before, which a PUT writes back")
    key = f"{sighting.provenance.file} {sighting.provenance.place}"
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:6]
    query = f"?{step.query}" if step.query else ""
    exchange = Exchange(
        id=f"x-{digest}-{number:03d}",
        scenario="",
        ordinal=number,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=-1,
        title=step.title,
        intent=step.intent,
        effect=step.effect,
        request=Request(step.method, f"{NOWHERE}{path}{query}", (), body),
        trouble=Trouble(TroubleKind.PROTOCOL, "nobody wrote down what the service answered"),
        subject=event.group or event.person,
        template=step.template,
        path=path,
        query=step.query,
        started_at=sighting.at,
        notes=(note_of(missing), "reconstructed: nobody recorded this request"),
    )
    return Sighting(
        sighting.provenance, Confidence.RECONSTRUCTED, sighting.at, event.idp, tuple(missing), exchange=exchange
    )
