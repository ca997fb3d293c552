"""The exchanges of two runs: the same request answered otherwise, requests that only one of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

from harness.compare.spelling import Names
from harness.model.comparison import Detail, ExchangeDifference
from harness.record import lines

HEADERS = ("content-type", "www-authenticate", "allow", "retry-after", "location")
"""The headers whose change means something to a client; dates, lengths and traces do not."""

DETAILS = 20
"""How many places of one exchange are named."""

SHOWN = 300
Line = Mapping[str, Any]


def compare_exchanges(before: Path, after: Path, *, same_people: bool) -> Iterator[ExchangeDifference]:
    """Every difference, by scenario and in the order of the requests. Raises RecordError."""
    old, new = _by_scenario(before), _by_scenario(after)
    for scenario in sorted(old.keys() & new.keys()):
        yield from _scenario(scenario, old[scenario], new[scenario], same_people)


def differences(first: Line, second: Line) -> Iterator[Detail]:
    """The places in which two answers to one request differ, ids, times and versions apart, as lines of a record."""
    yield from islice(_details(first, second, (Names(), Names()), True), DETAILS)


def _by_scenario(directory: Path) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines(directory, "exchanges"):
        if isinstance(line.get("scenario"), str) and isinstance(line.get("ordinal"), int):
            found.setdefault(line["scenario"], []).append(line)
    for exchanges in found.values():
        exchanges.sort(key=lambda line: line["ordinal"])
    return found


def _scenario(scenario: str, old: list[Line], new: list[Line], same_people: bool) -> Iterator[ExchangeDifference]:
    names = Names(), Names()
    keys = [_asked(x) for x in old], [_asked(x) for x in new]
    if keys[0] == keys[1]:
        pairs: list[tuple[Line | None, Line | None]] = list(zip(old, new, strict=True))
    else:
        pairs = list(_aligned(*keys, old, new))
    for first, second in pairs:
        if first is None or second is None:
            yield _alone(scenario, first, second)
            continue
        details = tuple(islice(_details(first, second, names, same_people), DETAILS))
        if details:
            yield ExchangeDifference(scenario, first["title"], _call(second), first["id"], second["id"], details)


def _asked(line: Line) -> tuple[Any, ...]:
    return line["role"], line["phase"], line["moment"], line["title"], line["request"]["method"], line["template"]


def _aligned(
    old_keys: list[Any], new_keys: list[Any], old: list[Line], new: list[Line]
) -> Iterator[tuple[Line | None, Line | None]]:
    for tag, a, b, c, d in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((line, None) for line in old[a:b])
            yield from ((None, line) for line in new[c:d])


def _alone(scenario: str, first: Line | None, second: Line | None) -> ExchangeDifference:
    line = first or second
    assert line is not None
    detail = Detail("request", "was sent" if first else "was not sent", "was not sent" if first else "was sent")
    before, after = (line["id"], "") if first else ("", line["id"])
    return ExchangeDifference(scenario, line["title"], _call(line), before, after, (detail,))


def _call(line: Line) -> str:
    return f"{line['request']['method']} {line['template']}"


def _details(first: Line, second: Line, names: tuple[Names, Names], same_people: bool) -> Iterator[Detail]:
    sides = [_heard(first), _heard(second)]
    if sides[0][0] != sides[1][0]:
        yield Detail("status", sides[0][0], sides[1][0])
    headers = [_headers(line, known) for line, known in zip((first, second), names, strict=True)]
    for name in HEADERS if same_people else ("content-type",):
        if headers[0].get(name, "") != headers[1].get(name, ""):
            yield Detail(f"header {name.title()}", headers[0].get(name, ""), headers[1].get(name, ""))
    if not same_people:
        return
    texts = []
    for (_, body), known in zip(sides, names, strict=True):
        known.learn(body)
        texts.append(known.settled(body))
    if texts[0] != texts[1]:
        yield from _bodies(*texts)


def _heard(line: Line) -> tuple[str, str]:
    """The status as text, and the body: of a trouble its kind and nothing."""
    response = line.get("response")
    if response is None:
        return f"no answer ({(line.get('trouble') or {}).get('kind', 'unknown')})", ""
    body = response.get("body") or {}
    return str(response["status"]), str(body.get("text", body.get("base64", "")))


def _headers(line: Line, names: Names) -> dict[str, str]:
    response = line.get("response") or {}
    return {str(k).lower(): names.settled(str(v)) for k, v in response.get("headers", ()) if str(k).lower() in HEADERS}


def _bodies(before: str, after: str) -> Iterator[Detail]:
    try:
        old, new = json.loads(before), json.loads(after)
    except (ValueError, RecursionError):
        yield Detail("the body as a whole", _short(before), _short(after))
        return
    yield from _values(old, new, "")


def _values(old: Any, new: Any, at: str) -> Iterator[Detail]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            place = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in old or name not in new:
                yield Detail(place, _json(old, name), _json(new, name))
            else:
                yield from _values(old[name], new[name], place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _values(one, other, f"{at}/{index}")
    elif type(old) is not type(new) or old != new:
        yield Detail(at or "the body as a whole", _short(json.dumps(old, ensure_ascii=False)), _short(_dump(new)))


def _json(holder: dict[str, Any], name: str) -> str:
    return _short(_dump(holder[name])) if name in holder else "(absent)"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text)} characters)"
