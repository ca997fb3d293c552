"""Look: one Sighting as the rules see it, the same for what was recorded and for what a log reports."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from harness.catalogue.messages import recognise, recognise_code
from harness.intake.answers import answer_in
from harness.model.exchange import Exchange
from harness.model.sighting import Confidence, LogEvent, Sighting
from harness.model.step import Intent

GROUP_ACTS = ("group-read", "group-lookup", "group-create", "group-update", "group-delete")
_FILTER = re.compile(r'^\s*(?P<path>.+?)\s+eq\s+"?(?P<value>.*?)"?\s*$', re.IGNORECASE)
_VARIES = re.compile(
    r"https?://[^\s\"]+|\S+@\S+|\b[0-9a-f]{8}[0-9a-f-]*\b|\d{4}-\d\d-\d\dT[\d:.]+Z?|\b\d{4,}\b", re.IGNORECASE
)
_OKTA = (
    ("deprovision unassigned", "switch"),
    ("user_membership.remove", "unassign"),
    ("user_membership.deprovision", "deactivate"),
    ("user_membership.add", "assign"),
    ("user_membership.provision", "assign"),
    ("group_push.mapping.update", "group-update"),
    ("group_push", "group-update"),
    ("provision.group", "group-create"),
    ("group.application_assignment", "assign-group"),
    ("application.lifecycle", "switch"),
    ("reactivate", "reactivate"),
    ("deactivate", "deactivate"),
    ("deprovision", "deactivate"),
    ("verify", "lookup"),
    ("push_profile", "update"),
    ("push_password", "update"),
    ("import", "list"),
    ("provision.user", "create"),
    ("provision_user", "create"),
    ("user.lifecycle", "directory"),
)
_ENTRA = {"create": "create", "update": "update", "disable": "deactivate", "delete": "delete"}
_ACTS = (
    ("okta-deprovisioning-failed", "deactivate"),
    ("okta-while-deactivating", "deactivate"),
    ("okta-while-reactivating", "reactivate"),
    ("okta-while-verifying", "lookup"),
    ("okta-while-creating", "create"),
    ("okta-while-pushing", "update"),
    ("okta-profile-push-failed", "update"),
    ("okta-group-create", "group-create"),
    ("okta-group-mem", "group-update"),
    ("okta-group-", "group-update"),
    ("okta-test-", "connect"),
    ("entra-credential", "connect"),
    ("entra-invalid-cred", "connect"),
    ("entra-dump", "connect"),
    ("okta-log-import", "list"),
    ("okta-matching-not-found", "lookup"),
)


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
    def recorded(self) -> bool:
        return self.exchange is not None and self.sighting.confidence is Confidence.RECORDED

    def said(self, *messages: str) -> bool:
        """Whether one of these messages was recognised; a trailing * takes all that begin so."""
        return any(
            m == name or (name.endswith("*") and m.startswith(name[:-1])) for m in self.messages for name in messages
        )

    @cached_property
    def told(self) -> str:
        """Everything that is written there, in small letters, for rules that look for words."""
        event = self.event
        parts = [self.words]
        if event is not None:
            parts += [event.text, event.code, *(text for _, _, text in event.steps), *event.details.values()]
        return " ".join(parts).casefold()[:4000]

    def names(self, *words: str) -> bool:
        """Whether one of these words stands in the service's own words or in the log's text."""
        return any(re.search(rf"\b(?:{word})\b", self.told) for word in words)


def look(sighting: Sighting, number: int) -> Look | None:
    """None for a Sighting without content."""
    if sighting.exchange is not None:
        return _exchange(sighting, sighting.exchange, number)
    return _event(sighting, sighting.event, number) if sighting.event is not None else None


# --- exchanges -------------------------------------------------------------------------------------------------------


def _exchange(sighting: Sighting, exchange: Exchange, number: int) -> Look:
    body = exchange.json if isinstance(exchange.json, dict) else {}
    act = exchange.intent.value
    path = urlsplit(exchange.request.url).path or exchange.path
    group = act in GROUP_ACTS or "/groups" in path.casefold()
    error = body if exchange.is_error else {}
    told = exchange.trouble is not None and "not told" in exchange.trouble.message
    found = Look(
        sighting=sighting,
        number=number,
        act=act,
        went="" if told else "failed" if exchange.is_error or exchange.trouble is not None else "ok",
        status=exchange.status,
        words=str(error.get("detail") or "")[:500] or (_title(exchange) if exchange.is_error else ""),
        group=group,
        html=exchange.media_type == "text/html"
        or exchange.body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")),
        scim_type=str(error.get("scimType") or ""),
    )
    if found.scim_type and (message := recognise_code(found.scim_type)):
        found.messages = (message.id,)
    if exchange.status >= 400:
        found.messages += (f"http-{exchange.status}",)
    _who(found, exchange)
    return found


def _title(exchange: Exchange) -> str:
    """The title of a web page, or the beginning of whatever text came."""
    text = exchange.body[:4000].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return " ".join((title.group(1) if title else text[:200]).split())


def _who(found: Look, exchange: Exchange) -> None:
    aliases: dict[str, None] = {}
    last = unquote(exchange.path.rstrip("/").rpartition("/")[2])
    kinds = ("users", "groups", "")
    if last.casefold() not in kinds and exchange.template.endswith("}"):
        aliases[f"id:{last}"] = None
    sent = exchange.sent if isinstance(exchange.sent, dict) else {}
    path, value = searched(exchange)
    if value:
        found.extra["by"] = path
        found.extra["searched"] = value
        aliases[value] = None
    found.active = wanted(sent) if found.write else None
    bare = exchange.ok and any("body" in what and "request" not in what for what in found.sighting.missing)
    hits = exchange.resources if exchange.ok and not bare else []
    if not bare:
        found.extra["hits"] = len(hits)
    single = hits[0] if len(hits) == 1 and (not exchange.is_list or value) else {}
    for resource in (single, sent if found.act in ("create", "group-create", "update") else {}):
        for name in ("userName", "displayName" if found.group else "userName", "externalId"):
            if isinstance(resource.get(name), str) and resource[name]:
                aliases[resource[name]] = None
        if isinstance(resource.get("id"), str) and resource["id"]:
            aliases[f"id:{resource['id']}"] = None
    if single:
        found.extra["shows"] = single.get("active")
        if not found.write:
            found.active = single.get("active") if isinstance(single.get("active"), bool) else None
    found.aliases = tuple(aliases)
    found.who = next((a for a in aliases if not a.startswith("id:")), next(iter(aliases), ""))


def searched(exchange: Exchange) -> tuple[str, str]:
    """The attribute and the value of a filter with eq; empty when there is none."""
    for name, text in parse_qsl(urlsplit(exchange.request.url).query or exchange.query):
        if name == "filter" and (match := _FILTER.match(text)):
            return match["path"], unquote_plus(match["value"]) if "%" in match["value"] else match["value"]
    return "", ""


def wanted(sent: dict[str, Any]) -> bool | None:
    """What a body asks ``active`` to be, in every spelling of both IdPs; None when it does not ask."""
    values: list[Any] = [sent.get("active")]
    operations = sent.get("Operations") or sent.get("operations")
    for operation in operations if isinstance(operations, list) else ():
        if not isinstance(operation, dict):
            continue
        value = operation.get("value")
        if str(operation.get("path", "")).casefold() == "active":
            values.append(
                value[0].get("value") if isinstance(value, list) and value and isinstance(value[0], dict) else value
            )
        elif isinstance(value, dict):
            values.append(next((v for k, v in value.items() if k.casefold() == "active"), None))
    for value in reversed(values):
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.casefold() in ("true", "false"):
            return value.casefold() == "true"
    return None


# --- events ----------------------------------------------------------------------------------------------------------


def _event(sighting: Sighting, event: LogEvent, number: int) -> Look:
    messages, act = _recognised(event), _act(event)
    if not act:
        act = next((act for prefix, act in _ACTS if any(m.startswith(prefix) for m in messages)), "")
    answer = answer_in(event.text)
    status = answer.status if answer else next((int(m[5:]) for m in messages if m.startswith("http-")), 0)
    group = bool(event.group) or act.startswith("group")
    if group and not act.startswith("group") and act in ("create", "update", "deactivate", "delete"):
        act = {"create": "group-create", "delete": "group-delete"}.get(act, "group-update")
    words = _words(answer.body if answer else b"") or (answer.detail if answer else "")
    aliases = [a for a in (event.person, event.group) if a]
    aliases += [f"id:{i}" for i in (event.target_id, event.source_id) if i]
    found = Look(
        sighting=sighting,
        number=number,
        act=act,
        went=_went(event),
        status=status,
        words=words,
        messages=messages,
        group=group,
        who=event.person or event.group,
        aliases=tuple(aliases),
        html=bool(answer and answer.body[:300].lstrip().lower().startswith((b"<!doctype", b"<html", b"<"))),
    )
    if not found.went and any(m.startswith(("okta-", "entra-", "http-")) for m in messages):
        found.went = "ok" if found.said("okta-test-passed", "entra-test-passed") else "failed"
    for name, _, new in event.changes:
        if name.casefold() == "active" and new.casefold() in ("true", "false"):
            found.active = new.casefold() == "true"
    if found.act == "update" and found.active is not None:
        found.act = "reactivate" if found.active else "deactivate"
    if found.act in ("deactivate", "reactivate") and found.active is None:
        found.active = found.act == "reactivate"
    scim = re.search(r'"scimType"\s*:\s*"(\w+)"', event.text)
    found.scim_type = scim.group(1) if scim else ""
    return found


def _words(body: bytes) -> str:
    if not body:
        return ""
    try:
        value = json.loads(body)
        return str(value.get("detail") or "")[:500] if isinstance(value, dict) else ""
    except (ValueError, RecursionError):
        text = body[:4000].decode("utf-8", "replace")
        detail = re.search(r'"detail"\s*:\s*"((?:[^"\\]|\\.)*)', text)
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        return (detail or title).group(1)[:500] if detail or title else " ".join(text[:200].split())  # type: ignore[union-attr]


def _act(event: LogEvent) -> str:
    kind = event.kind.casefold()
    if event.idp == "entra":
        steps = " ".join(name for name, _, _ in event.steps).casefold()
        if kind in ("other", "") and "softdelete" in steps:
            return "deactivate"
        return _ENTRA.get(kind, "job" if "quarantine" in kind or kind in ("job", "status") else "")
    if event.text.casefold().startswith(("stop deprovisioning", "deprovisioning unassigned")):
        return "switch"
    return next((act for part, act in _OKTA if part in kind), "")


def _went(event: LogEvent) -> str:
    outcome = event.outcome.casefold()
    if "staged" in event.kind.casefold():
        return "held"
    for word, went in (
        ("fail", "failed"),
        ("error", "failed"),
        ("skip", "skipped"),
        ("warn", "warned"),
        ("success", "ok"),
    ):
        if word in outcome:
            return went
    return {"allow": "ok", "deferred": "failed", "deny": "failed", "quarantine": "failed", "task": "failed"}.get(
        outcome, ""
    )


def _recognised(event: LogEvent) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in (event.code, event.kind, event.details.get("SkipReason", ""), event.details.get("errorCode", "")):
        if code and (message := recognise_code(code, event.idp)):
            found[message.id] = None
    skip = next((v for k, v in event.details.items() if k.casefold().endswith("skipreason")), "")
    if skip and (message := recognise_code(skip, event.idp)):
        found[message.id] = None
    text = event.text
    for name in (event.person, event.group, event.app):
        if len(name) > 2:
            text = text.replace(name, "x")
    if text and event.outcome.casefold() not in ("success",):
        for identity in _of_text(_VARIES.sub("x", text)[:3000], event.idp):
            found[identity] = None
    elif text and text.casefold().startswith(("stop deprovisioning", "deprovisioning unassigned")):
        for identity in _of_text(text, event.idp):
            found[identity] = None
    return tuple(found)


@lru_cache(maxsize=8192)
def _of_text(text: str, idp: str) -> tuple[str, ...]:
    """Cached: a log has few texts once names, ids and dates are taken out."""
    return tuple(hit.message.id for hit in recognise(text, idp))


def is_read(act: str) -> bool:
    return act in (Intent.LOOKUP, Intent.READ, Intent.LIST, Intent.CONNECT)
