"""Look: one Sighting as the rules see it, the same for what was recorded and for what a log reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any

from harness.model.exchange import Exchange
from harness.model.sighting import Confidence, LogEvent, Sighting

GROUP_ACTS = ("group-read", "group-lookup", "group-create", "group-update", "group-delete")


@dataclass
class Look:
    """``act`` is an Intent's value, or "unassign", "assign", "switch", "job", ""; ``went`` is "ok", "failed",
    "skipped", "held" or "" when it is not told. ``status`` 0: not told, or no answer. ``words`` are the service's own.
    ``aliases`` are all names and ids of the person or group that it is about.
    """

    sighting: Sighting
    number: int
    act: str
    went: str
    status: int = 0
    words: str = ""
    messages: tuple[str, ...] = ()
    group: bool = False
    who: str = ""
    aliases: tuple[str, ...] = ()
    active: bool | None = None
    """What is asked for by a write, or said by a read."""
    html: bool = False
    scim_type: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> str:
        return self.sighting.at

    @property
    def idp(self) -> str:
        return self.sighting.idp

    @property
    def exchange(self) -> Exchange | None:
        return self.sighting.exchange

    @property
    def event(self) -> LogEvent | None:
        return self.sighting.event

    @property
    def failed(self) -> bool:
        return self.went == "failed"

    @property
    def write(self) -> bool:
        return self.act in ("create", "update", "deactivate", "reactivate", "delete", *GROUP_ACTS[2:])

    @property
    def off(self) -> bool:
        """Whether it is to make a person inactive."""
        return not self.group and (self.act == "deactivate" or (self.write and self.active is False))

    @property
    def on(self) -> bool:
        """Whether it is to make a person active who is there already."""
        return (
            not self.group
            and self.act != "create"
            and (self.act == "reactivate" or (self.write and self.active is True))
        )

    @property
    def recorded(self) -> bool:
        return self.exchange is not None and self.sighting.confidence is Confidence.RECORDED

    @property
    def plain(self) -> bool:
        """Whether it went well without a word that anybody would know from trouble."""
        return self.went == "ok" and not (self.messages or self.html or self.scim_type) and self.status < 300

    def said(self, *messages: str) -> bool:
        """Whether one of these messages was recognised; a trailing * takes all that begin so."""
        return bool(self.messages) and _among(self.messages, messages)

    @cached_property
    def told(self) -> str:
        """Everything that is written there, in small letters, for rules that look for words."""
        event = self.event
        parts = [self.words]
        if event is not None and self.words:
            parts += [
                event.code,
                *event.details.values(),
            ]  # the vendor's own sentences would be taken for the service's
        elif event is not None:
            parts += [event.text, event.code, *(text for _, _, text in event.steps), *event.details.values()]
        return " ".join(parts).casefold()[:4000]

    def names(self, *words: str) -> bool:
        """Whether one of these words stands in the service's own words or in the log's text."""
        return bool(self.told) and _any_of(words).search(self.told) is not None


@lru_cache(maxsize=16384)
def _among(messages: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(m == name or (name.endswith("*") and m.startswith(name[:-1])) for m in messages for name in names)


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def look(sighting: Sighting, number: int) -> Look | None:
    """None for a Sighting without content."""
    from harness.triage.events import of_event
    from harness.triage.exchanges import of_exchange

    if sighting.exchange is not None:
        return of_exchange(sighting, sighting.exchange, number)
    return of_event(sighting, sighting.event, number) if sighting.event is not None else None


def operations(seen: Look) -> Iterator[dict[str, Any]]:
    """The operations of a PATCH; none for anything else."""
    sent = seen.exchange.sent if seen.exchange is not None else None
    operations = (sent.get("Operations") or sent.get("operations")) if isinstance(sent, dict) else None
    yield from (op for op in operations if isinstance(op, dict)) if isinstance(operations, list) else ()


def asked(seen: Look) -> dict[str, Any]:
    """What a write asks for: each attribute in small letters with its value; of a longer path its first part."""
    if "asked" not in seen.extra:
        seen.extra["asked"] = _asked(seen)
    found: dict[str, Any] = seen.extra["asked"]
    return found


def _asked(seen: Look) -> dict[str, Any]:
    sent = seen.exchange.sent if seen.exchange is not None else None
    if not isinstance(sent, dict):
        return {}
    found: dict[str, Any] = {}
    for op in operations(seen):
        if isinstance(op.get("path"), str):
            found[op["path"].partition(".")[0].partition("[")[0].casefold()] = op.get("value")
        elif isinstance(op.get("value"), dict):
            found |= {name.partition(".")[0].casefold(): value for name, value in op["value"].items()}
    return found or {name.casefold(): value for name, value in sent.items() if name.casefold() != "operations"}
