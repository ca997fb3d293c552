"""One event of Okta's System Log as a LogEvent: as its API gives it, or as a SIEM has wrapped it.

Event types by Okta's catalogue and its support pages; the SCIM bodies are never in the log, on purpose of the vendor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.intake.answers import answer_in
from harness.intake.texts import clean, flat, nested, utc
from harness.intake.told import told_exchange
from harness.model.sighting import Confidence, LogEvent, Provenance, Sighting
from harness.model.step import Intent

_WRAPS = ("event", "result", "_raw", "raw", "_source", "detail", "data", "payload", "message", "log", "body", "okta")
_DEEPEST = 4
_GROUPS = ("UserGroup", "AppGroup", "Group", "CustomGroup", "GroupPushMapping")
_PEOPLE = ("User", "AppUser")
_INTENTS = (
    ("verify_exists", Intent.LOOKUP, Intent.GROUP_LOOKUP),
    ("deactivat", Intent.DEACTIVATE, Intent.GROUP_UPDATE),
    ("deprovision", Intent.DEACTIVATE, Intent.GROUP_DELETE),
    ("reactivat", Intent.REACTIVATE, Intent.GROUP_UPDATE),
    ("import", Intent.LIST, Intent.GROUP_READ),
    ("push_profile", Intent.UPDATE, Intent.GROUP_UPDATE),
    ("password", Intent.UPDATE, Intent.GROUP_UPDATE),
    ("delete", Intent.DELETE, Intent.GROUP_DELETE),
    ("remove", Intent.DEACTIVATE, Intent.GROUP_UPDATE),
    ("update", Intent.UPDATE, Intent.GROUP_UPDATE),
    ("create", Intent.CREATE, Intent.GROUP_CREATE),
    ("push", Intent.CREATE, Intent.GROUP_UPDATE),
    ("provision", Intent.CREATE, Intent.GROUP_CREATE),
)
_SENTENCES = (
    ("verifying if user", Intent.LOOKUP),
    ("creating user group", Intent.GROUP_CREATE),
    ("updating user group", Intent.GROUP_UPDATE),
    ("creating user", Intent.CREATE),
    ("deactivating user", Intent.DEACTIVATE),
    ("reactivating user", Intent.REACTIVATE),
    ("push profile update", Intent.UPDATE),
    ("push password update", Intent.UPDATE),
    ("automatic deprovisioning", Intent.DEACTIVATE),
    ("error authenticating", Intent.CONNECT),
)


def events_in(value: Mapping[str, Any], depth: int = _DEEPEST) -> Iterator[Mapping[str, Any]]:
    """The events inside whatever a SIEM, an event hook or an export put around them."""
    whole = any(name in value for name in ("published", "outcome", "uuid"))
    if isinstance(value.get("eventType"), str) and whole and not isinstance(value.get("data"), Mapping):
        yield value
        return
    if depth == 0:
        return
    for name in _WRAPS:
        inner = nested(value.get(name))
        found = list(_inside(inner, depth)) if inner is not None else []
        if found:
            yield from found
            return


def _inside(inner: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(inner, Mapping):
        parts = inner.get("events")
        for part in parts if isinstance(parts, list) else [inner]:
            if isinstance(part, Mapping):
                yield from events_in(part, depth - 1)


def event_of(event: Mapping[str, Any]) -> tuple[str, LogEvent]:
    """When it was published (UTC, "" when not told), and what it says."""
    outcome, actor = _object(event.get("outcome")), _object(event.get("actor"))
    targets = [t for t in _list(event.get("target")) if isinstance(t, Mapping)]
    debug = _object(_object(event.get("debugContext")).get("debugData"))
    transaction = _object(event.get("transaction"))
    kind = clean(event.get("eventType"))
    person, group = _named(targets, _PEOPLE, "alternateId"), _named(targets, _GROUPS, "displayName")
    reason = clean(outcome.get("reason"))
    message = clean(event.get("displayMessage"))
    told = {
        "displayMessage": message,
        "severity": clean(event.get("severity")),
        "legacyEventType": clean(event.get("legacyEventType")),
        **{f"debugData.{name}": text for name, text in flat(debug)},
        **{f"detailEntry.{name}": text for t in targets for name, text in flat(_object(t.get("detailEntry")))},
    }
    custom = next((text for name, text in told.items() if _ends(name, "custommessage")), "")
    return utc(event.get("published")), LogEvent(
        idp="okta",
        kind=kind,
        outcome=clean(outcome.get("result")),
        text=reason or custom or message,
        person=person,
        group=group if "group" in kind.lower() or not person else "",
        source_id=_id(targets, ("User",)) or _id(targets, ("UserGroup",)),
        target_id=next((text for name, text in told.items() if _ends(name, "externalid")), ""),
        app=_named(targets, ("AppInstance",), "displayName") or told.get("debugData.appname", ""),
        actor=clean(actor.get("alternateId") or actor.get("displayName")),
        ids={
            name: text
            for name, text in (
                ("uuid", clean(event.get("uuid"))),
                ("transaction", clean(transaction.get("id"))),
                ("appUser", _id(targets, ("AppUser",))),
                ("appInstance", _id(targets, ("AppInstance",))),
            )
            if text
        },
        details={name: text for name, text in told.items() if text},
    )


def sightings(event: LogEvent, at: str, provenance: Provenance) -> Iterator[Sighting]:
    """The event, and behind it the exchange whose answer its reason tells."""
    yield Sighting(provenance, Confidence.REPORTED, at, "okta", () if at else ("time",), event=event)
    answer = answer_in(event.text)
    if answer is None:
        return
    exchange, missing = told_exchange(
        f"{provenance.file} {provenance.place}",
        intent_of(event),
        title=f"Okta: {event.details.get('displayMessage') or event.kind}",
        target_id=event.target_id,
        subject=event.group or event.person,
        answer=answer,
        at=at,
        note="the request is worked out from the log, only the answer is told in it",
    )
    yield Sighting(provenance, Confidence.REPORTED, at, "okta", missing, exchange=exchange)


def intent_of(event: LogEvent) -> Intent:
    """What the call was that an event is about: by the sentence inside of its text, else by its type."""
    lowered = event.text.lower()
    for words, intent in _SENTENCES:
        if words in lowered:
            return intent
    kind = event.kind.lower()
    groups = "group" in kind or (bool(event.group) and not event.person)
    for part, person, group in _INTENTS:
        if part in kind.removeprefix("application.provision").removeprefix("app.user_management"):
            return group if groups else person
    return Intent.GROUP_UPDATE if groups else Intent.UPDATE


def _ends(name: str, word: str) -> bool:
    return name.replace("_", "").lower().endswith(word)


def _named(targets: list[Mapping[str, Any]], kinds: tuple[str, ...], first: str) -> str:
    """How the target is called: by ``first`` in any of the kinds, before any of them is called by its other name."""
    for name in (first, "displayName" if first == "alternateId" else "alternateId"):
        for kind in kinds:
            for target in targets:
                text = clean(target.get(name)) if target.get("type") == kind else ""
                if text and text.lower() != "unknown":
                    return text
    return ""


def _id(targets: list[Mapping[str, Any]], kinds: tuple[str, ...]) -> str:
    return next((clean(t.get("id")) for t in targets if t.get("type") in kinds and t.get("id")), "")


def _object(value: Any) -> Mapping[str, Any]:
    value = nested(value)
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    value = nested(value)
    return value if isinstance(value, list) else [value]
