"""Rebinding: recorded requests made fit for another service: its ids, its people, its key, its address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from harness.intake.intents import Address, address_of
from harness.model.exchange import NO_JSON, Exchange
from harness.model.partial import lacks
from harness.model.person import Person
from harness.model.step import SCIM_JSON, TOKEN, Intent, Step, compact_json
from harness.model.story import Part, Presence
from harness.model.transcript import Transcript

PEOPLE = 500
"""So many people of a recording are made present at most."""
UNMISTAKABLE = 8
"""An id of fewer characters is only replaced where it stands alone: "42" is a part of many a word."""
INVENTED_SECRET = "Rehearsal-4711-rebound"  # noqa: S105 - stands for a password that was masked
DROPPED = frozenset(
    (
        *("host", "content-length", "connection", "accept-encoding", "transfer-encoding", "cookie", "te", "via"),
        *("forwarded", "x-real-ip", "authorization", "proxy-authorization", "traceparent", "tracestate", "upgrade"),
    )
)
_DROPPED = ("x-forwarded-", "x-amz", "cf-", "x-envoy-", "x-b3-", "sec-", "x-request-id")
_MASKED = re.compile(r"\[redacted:[\w.:-]{1,40}\]")


@dataclass(frozen=True)
class Known:
    """Somebody who was there when a recording began: the recorded id, how they were named, whether they were active."""

    id: str
    person: Person
    active: bool = True


def people_at_the_beginning(transcript: Transcript) -> tuple[Known, ...]:
    """Who must have been there before the first recorded request, as far as the answers tell; at most PEOPLE."""
    made: set[str] = set()
    found: dict[str, Known] = {}
    named: dict[str, dict[str, Any]] = {}
    for exchange in transcript.exchanges:
        address = address_of(exchange.request.url)
        if address is None or address.endpoint != "Users":
            continue
        for resource in _people(exchange):
            named.setdefault(resource["id"], resource)
        if exchange.method == "POST" and not address.resource_id and exchange.ok:
            made.update(resource["id"] for resource in _people(exchange))
            continue
        for resource in _people(exchange):
            # What a write answers is how somebody was left, not how they were found.
            active = resource.get("active") is not False or exchange.method != "GET"
            _remember(found, made, resource["id"], active)
        if address.resource_id and exchange.ok:
            _remember(found, made, address.resource_id, True)
        exchange.forget()
    return tuple(
        Known(one.id, _person(one.id, named.get(one.id, {}), number), one.active)
        for number, one in enumerate(found.values(), 1)
    )


def _remember(found: dict[str, Known], made: set[str], resource_id: str, active: bool) -> None:
    if resource_id not in made and resource_id not in found and len(found) < PEOPLE and resource_id != ".search":
        found[resource_id] = Known(resource_id, Person("", "", "", "", ""), active)


def _people(exchange: Exchange) -> Iterator[dict[str, Any]]:
    """The people in an answer that have an id and a user name."""
    if "response body" in lacks(exchange):
        return
    for resource in exchange.resources:
        if isinstance(resource.get("id"), str) and isinstance(resource.get("userName"), str):
            yield resource


def _person(recorded_id: str, resource: Mapping[str, Any], number: int) -> Person:
    told = resource.get("userName")
    user_name = told if isinstance(told, str) and told.strip() else f"recorded-{number}@rehearsal.example"
    name = resource.get("name")
    name = name if isinstance(name, dict) else {}
    local = user_name.partition("@")[0]
    return Person(
        directory_id=recorded_id,
        user_name=user_name,
        given_name=_text(name.get("givenName")) or local,
        family_name=_text(name.get("familyName")) or local,
        email=user_name if "@" in user_name else f"{local}@rehearsal.example",
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def parts_of(people: tuple[Known, ...]) -> tuple[Part, ...]:
    """The same people as the parts of a scenario, named by their recorded ids."""
    return tuple(Part(one.id, Presence.ACTIVE if one.active else Presence.INACTIVE) for one in people)


@dataclass
class Binding:
    """What in the recording stands for what at the service that is asked now; it learns from every answer.

    ``base`` and ``new_base`` are the recorded and the new SCIM base URL. ``names`` maps recorded user names to those of
    accounts that play them. ``longest_pause_s`` keeps recorded pauses up to that many seconds.
    """

    base: str
    new_base: str
    names: dict[str, str] = field(default_factory=dict)
    longest_pause_s: float = 0.0
    _ids: dict[str, str] = field(default_factory=dict)
    _versions: dict[str, str] = field(default_factory=dict)

    def bind(self, recorded: str, new: str) -> None:
        """Say that an id of the recording is this id now."""
        if recorded and new:
            self._ids[recorded] = new

    def step(self, exchange: Exchange, pause_s: float = 0.0) -> Step:
        """A recorded request as it has to be sent now."""
        address = address_of(exchange.request.url)
        path = self._path(exchange, address)
        return Step(
            title=exchange.title,
            method=exchange.method,
            path=path,
            effect=exchange.effect,
            intent=exchange.intent,
            query=self._query(exchange.query),
            headers=self._headers(exchange),
            body=self.body(exchange.request.body),
            template=exchange.template,
            subject=exchange.subject,
            tag=exchange.tag,
            pause_s=min(pause_s, self.longest_pause_s),
        )

    def learn(self, recorded: Exchange, answer: Exchange) -> None:
        """Take from two answers to one request what stands for what: by position of a lone resource, else by name."""
        if "response body" in lacks(recorded) or not recorded.ok or not answer.ok:
            return
        old, new = recorded.resources, answer.resources
        if recorded.resource and answer.resource:
            self._pair(recorded.resource, answer.resource)
        else:
            by_name = {key: one for one in new for key in _keys(one)}
            for one in old:
                partner = next((by_name[key] for key in self._sought(one) if key in by_name), None)
                if partner is not None:
                    self._pair(one, partner)
        recorded.forget()

    def _pair(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        if isinstance(old.get("id"), str) and isinstance(new.get("id"), str):
            self.bind(old["id"], new["id"])
        versions = [side["meta"].get("version") if isinstance(side.get("meta"), dict) else None for side in (old, new)]
        if isinstance(versions[0], str) and isinstance(versions[1], str):
            self._versions[versions[0]] = versions[1]

    def _sought(self, resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for kind, value in _keys(resource):
            yield kind, self.names.get(value, value).casefold()

    def text(self, text: str) -> str:
        """A text of the recording with ids, names and the base URL of now."""
        for old in sorted(self._ids, key=len, reverse=True):
            if len(old) >= UNMISTAKABLE and old in text:
                text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", lambda _, new=self._ids[old]: new, text)  # type: ignore[misc]
        for old, new in self.names.items():
            text = text.replace(old, new)
        return text.replace(self.base, self.new_base) if self.base and "://" in self.base else text

    def body(self, body: bytes | None) -> bytes | None:
        """A body with ids, names and secrets rebound. Untouched it stays byte for byte."""
        if not body:
            return body
        try:
            value = json.loads(body.decode("utf-8"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            return self.text(body.decode("utf-8", "replace")).encode("utf-8", "replace")
        bound = self._value(value)
        if bound == value:
            return body
        try:
            return compact_json(bound)
        except UnicodeEncodeError:
            return json.dumps(bound, separators=(",", ":")).encode()

    def _value(self, value: Any, depth: int = 0) -> Any:
        if depth > 100:
            return value
        if isinstance(value, dict):
            return {name: self._value(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, depth + 1) for one in value]
        return self._string(value) if isinstance(value, str) else value

    def _string(self, value: str) -> str:
        if value in self._ids:
            return self._ids[value]
        value = _MASKED.sub(INVENTED_SECRET, value)
        return self._quoted(self.text(value), lambda new: new)

    def _quoted(self, text: str, spell: Callable[[str], str]) -> str:
        """Short ids inside of filters: they count where they stand alone between quotation marks."""
        for old, new in self._ids.items():
            if len(old) < UNMISTAKABLE:
                text = text.replace(f'"{spell(old)}"', f'"{spell(new)}"')
                text = text.replace(f"%22{spell(old)}%22", f"%22{spell(new)}%22")
        return text

    def _path(self, exchange: Exchange, address: Address | None) -> str:
        if address is None or not address.resource_id:
            return exchange.path
        new = self._ids.get(address.resource_id)
        if new is None:
            return exchange.path
        head, _, _ = exchange.path.rstrip("/").rpartition("/")
        return f"{head}/{quote(new, safe='')}"

    def _query(self, query: str) -> str:
        """The query as it was spelt, with ids and names exchanged in every spelling that a query can have."""
        if not query:
            return query
        for old, new in self._ids.items():
            if len(old) >= UNMISTAKABLE:
                query = query.replace(old, quote(new, safe=""))
        for old, new in self.names.items():
            for spell in (quote, quote_plus, str, lambda text: quote(text, safe="@")):
                if spell(old) in query:
                    query = query.replace(spell(old), spell(new))
                    break
        for old, new in self._versions.items():
            query = query.replace(quote(old, safe=""), quote(new, safe=""))
        return self._quoted(query, lambda text: quote(text, safe=""))

    def _headers(self, exchange: Exchange) -> tuple[tuple[str, str], ...]:
        kept = []
        for name, value in exchange.request.headers:
            lower = name.lower()
            if lower in DROPPED or lower.startswith(_DROPPED) or "[redacted:" in value:
                continue
            if lower in ("if-match", "if-none-match"):
                value = self._versions.get(value, value)
            kept.append((name, value))
        names = {name.lower() for name, _ in kept}
        if "request headers" in lacks(exchange) or not exchange.request.headers:
            kept += [] if "accept" in names else [("Accept", SCIM_JSON)]
        if exchange.request.body and "content-type" not in names:
            kept.append(("Content-Type", SCIM_JSON))
        sent = next((v for k, v in exchange.request.headers if k.lower() == "authorization"), None)
        if sent is not None or exchange.status != 401:
            # Archives leave the key out when they are exported: what was let in had one.
            kept.append(("Authorization", f"Bearer {TOKEN}"))
        return tuple(kept)


def _keys(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """By what a resource is known again at another service: its names, the surest first."""
    for name in ("userName", "displayName", "externalId"):
        value = resource.get(name)
        if isinstance(value, str):
            yield name, value.casefold()


def groups_at_the_beginning(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """The id and the name of each group that was there before the first recorded request; at most PEOPLE."""
    made: set[str] = set()
    found: dict[str, str] = {}
    for exchange in transcript.exchanges:
        if not exchange.template.startswith("/Groups") or "response body" in lacks(exchange):
            continue
        for group in exchange.resources if exchange.json is not NO_JSON else ():
            one, name = group.get("id"), group.get("displayName")
            if not isinstance(one, str) or not isinstance(name, str):
                continue
            if exchange.intent is Intent.GROUP_CREATE:
                made.add(one)
            elif one not in made and len(found) < PEOPLE:
                found.setdefault(one, name)
        exchange.forget()
    return tuple(found.items())
