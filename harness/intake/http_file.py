"""Files of HTTP requests, as editors run them (.http, .rest): blocks apart by ###, variables by @name = value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import lines
from harness.intake.traffic import METHODS, Message, Traffic
from harness.model.sighting import Complaint, Sighting

NAME = "http-file"
LONGEST = 1024 * 1024
_REQUEST = re.compile(r"^(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(?P<url>\S+)(?:\s+HTTP/[\d.]+)?\s*$")
_REQUEST_BYTES = re.compile(rb"(?:^|\n)(?:GET|POST|PUT|PATCH|DELETE)\s+(?:https?://|\{\{|/)\S+[^\n]{0,20}\r?(?:\n|$)")
_VARIABLE = re.compile(r"^@(?P<name>[\w.-]{1,100})\s*=\s*(?P<value>.*)$")
_USE = re.compile(r"\{\{\s*([\w.-]{1,100})\s*\}\}")
_ANSWER = re.compile(r"^HTTP/[\d.]+\s+(?P<status>\d{3})\s*(?P<reason>.*)$")


def _recognises(name: str, head: bytes) -> int:
    if packed(head) or not _REQUEST_BYTES.search(head):
        return 0
    return (
        85 if name.lower().endswith((".http", ".rest")) else 60 if b"\n###" in head or head.startswith(b"###") else 45
    )


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    variables: dict[str, str] = {}
    for number, block in _blocks(path, progress, variables):
        message = _message(block, variables)
        sighting = traffic.sighting(message, f"line {number}") if message is not None else None
        if sighting is not None:
            yield sighting
    if not traffic.found:
        what = "no request in it asks a SCIM service: expected lines like GET https://HOST/scim/v2/Users"
        yield traffic.complain("the file as a whole", what, fatal=True)


def _blocks(path: Path, progress: Progress, variables: dict[str, str]) -> Iterator[tuple[int, list[str]]]:
    """Each request with the number of its first line; what an answer looks like may follow in the same block."""
    began, block, length = 0, list[str](), 0
    for number, line in lines(path, progress):
        found = _REQUEST.match(line) if line is not None else None
        if line is None or line.startswith("###") or (found is not None and (not block or "" in block)):
            if block:
                yield began, block
            block, length = [], 0
        if line is None or line.startswith("###"):
            continue
        if not block:
            told = _VARIABLE.match(line)
            if told is not None and len(variables) < 1000:
                variables[told["name"]] = told["value"].strip()
            if found is None:
                continue
            began = number
        length += len(line)
        if length <= LONGEST:
            block.append(line)
    if block:
        yield began, block


def _message(block: list[str], variables: Mapping[str, str]) -> Message | None:
    first = _REQUEST.match(block[0])
    if first is None or first["method"] not in METHODS:
        return None
    answer = next((n for n, line in enumerate(block) if _ANSWER.match(line)), len(block))
    headers, body = _parts(block[1:answer], variables)
    url = _filled(first["url"], variables)
    host = next((value for name, value in headers if name.lower() == "host"), "")
    message = Message(
        method=first["method"],
        url=f"https://{host}{url}" if url.startswith("/") and host else url,
        sent_headers=headers,
        sent=body.encode("utf-8", "replace") if body and not body.startswith("< ") else None,
        sent_missing=body.startswith("< "),
    )
    if answer < len(block):
        status = _ANSWER.match(block[answer])
        assert status is not None
        told, text = _parts(block[answer + 1 :], {})
        message.status, message.reason = int(status["status"]), status["reason"].strip()
        message.headers, message.body = told, text.encode("utf-8", "replace")
    return message


def _parts(block: list[str], variables: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """The headers, and the body behind the first empty line. Lines of a query that goes on are passed over."""
    end = block.index("") if "" in block else len(block)
    named = (line.partition(":") for line in block[:end] if ":" in line and not line.startswith(("#", "//", "?", "&")))
    headers = tuple((name.strip(), _filled(value.strip(), variables)) for name, _, value in named)
    return headers, _filled("\n".join(block[end + 1 :]).strip(), variables)


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """Variables in place, two deep: one often names another."""
    for _ in range(2):
        text = _USE.sub(lambda match: variables.get(match[1], match[0]), text)[:LONGEST]
    return text


IMPORTER = Importer(NAME, "file of HTTP requests", _recognises, _read)
