"""A pytest file that sends what is needed and asserts what was expected; it needs requests and nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from harness.model.exchange import Exchange, Role
from harness.reproduce.chosen import Chosen
from harness.reproduce.needed import ids
from reports.snippets.python import headers, masked
from reports.snippets.redacted import line

HELPERS = '''
TARGET = os.environ["SCIM_TARGET"].rstrip("/")
TOKEN = os.environ["SCIM_TOKEN"]
ORIGIN = "/".join(TARGET.split("/")[:3])
MISSING = "MISSING"


def send(method, url, headers, body=None):
    return requests.request(method, url, headers=headers, data=body, allow_redirects=False, timeout=60)


def document(answer):
    try:
        return answer.json()
    except ValueError:
        return None


def at(answer, pointer):
    """What stands at a JSON Pointer of an answer, names in any letter case; MISSING where there is nothing."""
    value = document(answer)
    for part in [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]:
        if isinstance(value, list):
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else MISSING
        elif isinstance(value, dict):
            named = {k.lower(): v for k, v in value.items()}
            value = value[part] if part in value else named.get(part.lower(), MISSING)
        else:
            return MISSING
    return value


def one_of(value, *allowed):
    return any(value == a and isinstance(value, bool) == isinstance(a, bool) for a in allowed)


def shape(value):
    """A value without what differs from run to run."""
    if isinstance(value, requests.Response):
        value = document(value)
    if isinstance(value, dict):
        return {k: shape(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [shape(v) for v in value]
    if isinstance(value, str) and any(c.isdigit() or c == "@" for c in value):
        return "text"
    return value
'''


def pytest_file(chosen: Chosen) -> str:
    """The file as text. It reads SCIM_TARGET (the base URL) and SCIM_TOKEN from the environment."""
    names: dict[str, str] = {}
    lines: list[str] = []
    for number, exchange in enumerate(chosen.exchanges):
        answer = _name(exchange, chosen, number)
        lines += _sending(exchange, answer, names, chosen)
        lines += _keeping(exchange, answer, names, chosen.exchanges[number + 1 :])
    finding = chosen.finding
    expected = " or ".join(str(e) for e in finding.expected)
    what = f"expected {expected}{f' at {finding.at}' if finding.at else ''}; in the run came {finding.received[:300]}"
    told = (
        []
        if chosen.claim.exact
        else ["# One assert cannot say all that was expected: this says that it is not what came."]
    )
    told += [f"message = {_plain(what)!r}", f"assert {chosen.claim.code}, message"]
    return "\n".join(
        [
            f'"""{_docstring(chosen)}"""',
            "",
            "import os",
            "",
            "import requests",
            HELPERS.rstrip(),
            "",
            "",
            f"def test_{_slug(chosen)}():",
            *(f"    {text}" if text else "" for text in [*lines, *told]),
            "",
        ]
    )


def _name(exchange: Exchange, chosen: Chosen, number: int) -> str:
    if exchange is chosen.seen:
        return "seen"
    return "before" if exchange is chosen.before else f"answer_{number + 1}"


def _sending(exchange: Exchange, answer: str, names: Mapping[str, str], chosen: Chosen) -> list[str]:
    role = "set-up: " if exchange.role is Role.SETUP else ""
    request = exchange.request
    body = _bytes(request.body, names) if request.body else ""
    return [
        f"# {role}{line(exchange.title)}",
        f"{answer} = send(",
        f"    {line(request.method)!r},",
        f"    {_url(request.url, names, chosen.transcript.base_url)},",
        f"    {{{', '.join(headers(request, 'TOKEN', literal=True))}}},",
        *([f"    {body},"] if body else []),
        ")",
    ]


def _keeping(exchange: Exchange, answer: str, names: dict[str, str], later: tuple[Exchange, ...]) -> list[str]:
    """Lines that keep the ids of an answer which stand in a later request."""
    lines = []
    for pointer, value in ids(exchange):
        if value not in names and any(
            value in x.request.url or value.encode() in (x.request.body or b"") for x in later
        ):
            names[value] = f"id_{len(names) + 1}"
            lines.append(f"{names[value]} = str(at({answer}, {pointer!r}))")
    return lines


def _url(url: str, names: Mapping[str, str], base: str) -> str:
    url = line(url)
    parts = urlsplit(base)
    origin = f"{parts.scheme}://{parts.netloc}"
    for start, name in ((base, "TARGET"), (origin, "ORIGIN")):
        if url.startswith(start):
            rest = _text(url[len(start) :], names)
            return f"{name} + {rest}" if rest != "''" else name
    return _text(url, names)


def _text(text: str, names: Mapping[str, str]) -> str:
    """The text as an expression in which recorded ids are variables and the credential is TOKEN."""
    if not names:
        return masked(text, "TOKEN")
    pieces = re.split("(" + "|".join(re.escape(value) for value in names) + ")", text)
    return " + ".join(names.get(piece) or masked(piece, "TOKEN") for piece in pieces if piece) or "''"


def _bytes(body: bytes, names: Mapping[str, str]) -> str:
    changes = "".join(f".replace({v.encode()!r}, {name}.encode())" for v, name in names.items() if v.encode() in body)
    return f"{body!r}{changes}"


def _docstring(chosen: Chosen) -> str:
    requirement = chosen.requirement
    text = [
        f"{chosen.id}: {requirement.says}",
        "",
        f"{requirement.id} ({requirement.section}, {requirement.level}): {requirement.link}",
        f"What the service does about it: {requirement.remedy}",
        "",
        "Run it with:  SCIM_TARGET=https://app.example/scim/v2 SCIM_TOKEN=... pytest THIS_FILE",
    ]
    return "\n".join(_plain(t) for t in text).replace("\\", "\\\\").replace('"', '\\"') + "\n"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _slug(chosen: Chosen) -> str:
    return re.sub(r"\W+", "_", chosen.requirement.says.lower(), flags=re.ASCII).strip("_")[:80] or "reproduces"
