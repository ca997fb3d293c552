"""Postman collections (format 2.0 and 2.1), with the responses that were saved in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.traffic import Message, Traffic, described
from harness.model.sighting import Complaint, Sighting

NAME = "postman"
LARGEST = 64 * 1024 * 1024
DEEPEST = 40
_SCHEMA = re.compile(rb"schema\.(?:get)?postman\.com/json/collection/v2")
_VARIABLE = re.compile(r"\{\{\s*([^{}]{1,100}?)\s*\}\}")


def _recognises(name: str, head: bytes) -> int:
    if packed(head):
        return 0
    if _SCHEMA.search(head):
        return 95
    return 60 if b'"_postman_id"' in head or name.lower().endswith(".postman_collection.json") else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    size = path.stat().st_size
    if size > LARGEST:
        yield traffic.complain(
            "the file as a whole", f"expected a collection of at most {LARGEST >> 20} MB", fatal=True
        )
        return
    try:
        collection = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "the file as a whole"
        what = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deep"
        yield traffic.complain(place, f"it is no JSON: {what}", "export the collection again", fatal=True)
        return
    progress(size)
    if not isinstance(collection, dict):
        yield traffic.complain("the file as a whole", "expected a collection, an object with item", fatal=True)
        return
    variables = _variables(collection)
    for place, item in _items(collection.get("item"), "item"):
        for message in _messages(item, variables):
            sighting = traffic.sighting(message, place)
            if sighting is not None:
                yield sighting
    if not traffic.found:
        what = f"no SCIM request among {described(traffic.others, 'request')}: expected paths like /Users or /Groups"
        hint = "a variable that stands for the path is not resolved"
        yield traffic.complain("the file as a whole", what, hint, fatal=True)


def _variables(collection: Mapping[str, Any]) -> dict[str, str]:
    listed = collection.get("variable")
    named = [v for v in listed if isinstance(v, dict)] if isinstance(listed, list) else []
    return {str(v.get("key", v.get("id"))): str(v.get("value", "")) for v in named}


def _items(items: Any, place: str, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every request of a collection with its place, folders opened up."""
    if not isinstance(items, list) or depth > DEEPEST:
        return
    for number, item in enumerate(items):
        here = f"{place}[{number}]"
        if not isinstance(item, dict):
            continue
        if "request" in item:
            yield here, item
        yield from _items(item.get("item"), f"{here}.item", depth + 1)


def _messages(item: dict[str, Any], variables: Mapping[str, str]) -> Iterator[Message]:
    """The request with each response that was saved with it, or alone."""
    saved = item.get("response")
    responses = [r for r in saved if isinstance(r, dict)] if isinstance(saved, list) else []
    for response in responses:
        original = response.get("originalRequest")
        message = _message(original if isinstance(original, dict) else item["request"], variables)
        if message is not None:
            _answer(message, response)
            yield message
    if not responses:
        message = _message(item["request"], variables)
        if message is not None:
            yield message


def _message(request: Any, variables: Mapping[str, str]) -> Message | None:
    if isinstance(request, str):
        request = {"url": request}
    if not isinstance(request, dict):
        return None
    url = request.get("url")
    raw = url.get("raw") if isinstance(url, dict) else url
    if not isinstance(raw, str):
        return None
    body = request.get("body")
    text = body.get("raw") if isinstance(body, dict) else None
    method = request.get("method")
    return Message(
        method=method if isinstance(method, str) else "GET",
        url=_whole(_filled(raw, variables)),
        sent_headers=_headers(request.get("header")),
        sent=_filled(text, variables).encode("utf-8", "replace") if isinstance(text, str) and text else None,
    )


def _answer(message: Message, response: dict[str, Any]) -> None:
    code, text, status = response.get("code"), response.get("body"), response.get("status")
    message.status = code if isinstance(code, int) and 100 <= code < 600 else None
    message.reason = status if isinstance(status, str) else ""
    message.headers = _headers(response.get("header"))
    message.body = text.encode("utf-8", "replace") if isinstance(text, str) else None


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """The text with the collection's own variables in place; others stay as they are."""
    return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text)


def _whole(url: str) -> str:
    """A URL whose host is a variable that is not in the file still has a path."""
    return url if "://" in url else f"https://{url}"


def _headers(listed: Any) -> tuple[tuple[str, str], ...]:
    named = [h for h in listed if isinstance(h, dict)] if isinstance(listed, list) else []
    kept = [h for h in named if isinstance(h.get("key"), str) and not h.get("disabled")]
    return tuple((h["key"], str(h.get("value") or "")) for h in kept)


IMPORTER = Importer(NAME, "Postman collection", _recognises, _read)
