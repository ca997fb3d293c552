"""How a recorded or reported exchange is looked at."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from harness.catalogue.messages import recognise_code
from harness.model.exchange import Exchange
from harness.model.sighting import Sighting
from harness.triage.look import GROUP_ACTS, Look

VALUES = ("userName", "externalId", "displayName", "name")
"""What is compared before and after a change."""

_FILTER = re.compile(r'^\s*(?P<path>.+?)\s+eq\s+"?(?P<value>.*?)"?\s*$', re.IGNORECASE)


def of_exchange(sighting: Sighting, exchange: Exchange, number: int) -> Look:
    body = exchange.json if isinstance(exchange.json, dict) else {}
    act = exchange.intent.value
    path = urlsplit(exchange.request.url).path or exchange.path
    group = act in GROUP_ACTS or "/groups" in path.casefold()
    error = body if exchange.is_error else {}
    trouble = exchange.trouble
    told = trouble is not None and "not told" in trouble.message
    unknown = told or (exchange.response is None and trouble is None)
    found = Look(
        sighting=sighting,
        number=number,
        act=act,
        went="" if unknown else "failed" if exchange.is_error or exchange.trouble is not None else "ok",
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
        if found.recorded and not found.group and "ttributes=" not in exchange.request.url:
            found.extra["values"] = {name: single.get(name) for name in VALUES}
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
