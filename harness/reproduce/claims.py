"""Claims: what one assert can say of an answer, taken from what a finding expected.

A claim is only used when it does not hold for the recorded answer: a file made of it fails where the run failed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.model.exchange import NO_JSON, Exchange
from harness.model.finding import Finding

MISSING = "MISSING"
"""Stands for a member that is not there, in the code and here."""


LAST_RESORT = 9


@dataclass(frozen=True)
class Claim:
    """``code`` is a Python expression over ``seen`` (and ``before``); ``holds`` says if it is true of the record.

    ``rank`` says how plainly it puts what was expected: 0 is a status.
    """

    code: str
    holds: bool
    rank: int = 1
    before: bool = False

    @property
    def exact(self) -> bool:
        """Whether it says what was expected, and not only that it is not what came."""
        return self.rank < LAST_RESORT


def claim(finding: Finding, seen: Exchange, before: Exchange | None) -> Claim:
    """The first claim that the recorded answer breaks: what was expected where that can be said, else what came."""
    return next(c for c in _claims(finding, seen, before) if not c.holds)


def at(document: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer, names in any letter case; MISSING where there is nothing."""
    for part in [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]:
        if isinstance(document, list):
            document = document[int(part)] if part.isdigit() and int(part) < len(document) else MISSING
        elif isinstance(document, dict):
            named = {k.lower(): v for k, v in document.items()}
            document = document[part] if part in document else named.get(part.lower(), MISSING)
        else:
            return MISSING
    return document


def shape(value: Any) -> Any:
    """A value without what differs from run to run: texts with digits are only texts."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [shape(v) for v in value]
    if isinstance(value, str) and any(c.isdigit() or c == "@" for c in value):
        return "text"
    return value


_STATUS = re.compile(r"(?:HTTP )?(\d{3})((?: or (?:HTTP )?\d{3})*)\b")
_PAIR = re.compile(
    r'(?:^|^HTTP \d+ with |^\d+ with |then |as before: )"([\w$]+)": (true|false|null|-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*")'
)
_SCIM_TYPE = re.compile(r'scimType"?:? "(\w+)"')
_URN = re.compile(r'"schemas": \["(urn:[^"]+)"')
_HEADER = re.compile(r"([A-Z][\w-]+): (\S+)")
_SAID = re.compile(r"(?:said|before|requests): (.+)$")
_VARIES = re.compile(r"\d{4}-\d\d-\d\dT|[0-9a-f]{12}|^W/")
"""Values that another run would not have: times, ids, versions."""
_TYPES = {
    "string": ("str", str),
    "list": ("list", list),
    "array": ("list", list),
    "object": ("dict", dict),
    "boolean": ("bool", bool),
    "JSON object": ("dict", dict),
}
_TYPE = re.compile(r"(?:an?|one) (?:non-empty )?(JSON object|string|list|array|object|boolean)\b")


def _claims(finding: Finding, seen: Exchange, before: Exchange | None) -> Iterator[Claim]:
    texts = [str(e) for e in finding.expected]
    body = None if seen.json is NO_JSON else seen.json
    yield from _statuses(texts, seen)
    pointer = finding.at if finding.at.startswith("/") else ""
    header = finding.at if finding.at and not pointer else ""
    if header:
        yield from _headers(texts, header, seen)
    if pointer and before is not None:
        yield from _as_before(texts, pointer, body, before)
    yield from _members(texts, pointer, body, seen)
    yield from _counts(texts, body)
    yield from _what_came(pointer, header, seen, body)


def _statuses(texts: Sequence[str], seen: Exchange) -> Iterator[Claim]:
    if any(t.startswith("a success") for t in texts) and seen.status >= 500:
        yield Claim("seen.status_code < 500 or seen.status_code == 501", holds=seen.status == 501, rank=0)
    not_this = re.match(r"anything but (\d{3})", texts[0])
    if not_this:
        yield Claim(f"seen.status_code != {not_this[1]}", holds=seen.status != int(not_this[1]), rank=0)
    found = [_STATUS.match(t) for t in texts]
    allowed = sorted({int(n) for m in found if m for n in re.findall(r"\d{3}", m[0])})
    # "HTTP 400, and true as before" speaks of the write; where a read shows it, the status is not the read's.
    of_the_write = seen.method == "GET" and any(", and " in t for t in texts)
    if allowed and all(found) and not of_the_write:
        yield Claim(f"seen.status_code in {allowed}", holds=seen.status in allowed, rank=0)
    if re.match(r"(the|a) (success|answer that)", texts[0]) and not seen.ok:
        yield Claim("200 <= seen.status_code < 300", holds=False, rank=0)


def _headers(texts: Sequence[str], name: str, seen: Exchange) -> Iterator[Claim]:
    value = seen.header(name)
    given = f"seen.headers.get({name!r})"
    named = [m[2] for t in texts if (m := _HEADER.search(t)) and m[1].lower() == name.lower()]
    if named:
        yield Claim(f"({given} or '').startswith({tuple(named)!r})", holds=(value or "").startswith(tuple(named)))
    if texts[0].startswith("no "):
        yield Claim(f"{given} is None", holds=value is None)
    quoted = re.search(r'\w+="\w+"', texts[0])
    if quoted and "example" not in texts[0]:
        yield Claim(f"{quoted[0]!r} in ({given} or '')", holds=quoted[0] in (value or ""))
    if value is None:
        yield Claim(f"{given} is not None", holds=False)


def _members(texts: Sequence[str], pointer: str, body: Any, seen: Exchange) -> Iterator[Claim]:
    leaf = pointer.rpartition("/")[2]
    scim_types = [m[1] for t in texts if (m := _SCIM_TYPE.search(t))]
    if scim_types:
        yield _one_of("/scimType", scim_types, body)
    urns = [m[1] for t in texts if (m := _URN.search(t))]
    if urns and (not leaf or leaf == "schemas"):
        where = pointer or "/schemas"
        there = at(body, where)
        # What is said of an error says nothing of a success.
        unless = "seen.status_code < 400 or " if urns[0].endswith(":Error") and seen.status >= 400 else ""
        code = f"{unless}(isinstance(at(seen, {where!r}), list) and {urns[0]!r} in at(seen, {where!r}))"
        yield Claim(code, holds=isinstance(there, list) and urns[0] in there)
    pairs = [m for t in texts if (m := _PAIR.search(t))]
    if pairs:
        name = pairs[0][1]
        where = pointer if leaf.lower() == name.lower() else f"{pointer.rpartition('/')[0] if pointer else ''}/{name}"
        values = [json.loads(m[2]) for m in pairs if m[1] == name]
        values += [MISSING for t in texts if t.startswith("no ")]
        yield _one_of(where, values, body)
    if not pointer:
        return
    there = at(body, pointer)
    said = [m[1] for t in texts if (m := _SAID.search(t))]
    if said:
        yield _one_of(pointer, [value for text in said for value in _said(text)], body)
    if all(" " not in t and not _VARIES.search(t) for t in texts) and not isinstance(there, list | dict):
        yield _one_of(pointer, [_literal(t) for t in texts], body)
    if texts[0].startswith("no "):
        yield Claim(f"at(seen, {pointer!r}) in (MISSING, None, [], {{}})", holds=there in (MISSING, None, [], {}))
    kind = _TYPE.match(texts[0])
    if kind and "published" not in texts[0]:
        code, type_ = _TYPES[kind[1]]
        holds = isinstance(there, type_) and there != MISSING
        yield Claim(f"isinstance(at(seen, {pointer!r}), {code}) and at(seen, {pointer!r}) != MISSING", holds=holds)


def _as_before(texts: Sequence[str], pointer: str, body: Any, before: Exchange) -> Iterator[Claim]:
    was = at(before.json, pointer)
    if any("before" in t or "as it was" in t for t in texts) or texts[0] == str(was):
        same = at(body, pointer) == was
        yield Claim(f"at(seen, {pointer!r}) == at(before, {pointer!r})", holds=same, before=True)


def _counts(texts: Sequence[str], body: Any) -> Iterator[Claim]:
    page = at(body, "/Resources")
    if not isinstance(page, list):
        return
    number = len(page)
    most = re.search(r"(\d+) resources? at most", texts[0])
    if most:
        yield Claim(f"len(at(seen, '/Resources')) <= {most[1]}", holds=number <= int(most[1]))
    if re.search(r"\bnobody\b|\bno match", texts[0]):
        yield Claim("at(seen, '/Resources') in (MISSING, [])", holds=number == 0)
    if re.search(r"\b(this|that|the) (one |inactive )?person\b|\bonce$", texts[0]):
        yield Claim("len(at(seen, '/Resources')) == 1", holds=number == 1)


def _what_came(pointer: str, header: str, seen: Exchange, body: Any) -> Iterator[Claim]:
    """The last resort: the answer is not the recorded one."""
    if header:
        yield Claim(f"seen.headers.get({header!r}) != {seen.header(header)!r}", holds=False, rank=LAST_RESORT)
    if pointer and at(body, pointer) == MISSING:
        yield Claim(f"at(seen, {pointer!r}) != MISSING", holds=False, rank=LAST_RESORT)
    if pointer:
        yield Claim(f"shape(at(seen, {pointer!r})) != {shape(at(body, pointer))!r}", holds=False, rank=LAST_RESORT)
    yield Claim(f"(seen.status_code, shape(seen)) != {(seen.status, shape(body))!r}", holds=False, rank=LAST_RESORT)


def _one_of(pointer: str, values: Sequence[Any], body: Any) -> Claim:
    there = at(body, pointer)
    # True is 1 in Python and not in JSON.
    holds = any(there == v and isinstance(there, bool) == isinstance(v, bool) for v in values)
    listed = ", ".join(MISSING if v == MISSING else repr(v) for v in values)
    return Claim(f"one_of(at(seen, {pointer!r}), {listed})", holds=holds)


def _said(text: str) -> tuple[Any, ...]:
    """The values that a text of ``as_json`` stands for."""
    return (MISSING, None) if text == "nothing" else (_literal(text),)


def _literal(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word
