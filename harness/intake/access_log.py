"""Access logs of nginx and Apache in the combined or common form: who asked for what, and with which status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import lines
from harness.intake.traffic import Message, Traffic, described
from harness.model.exchange import Trouble, TroubleKind
from harness.model.sighting import Complaint, Sighting

NAME = "access-log"
_LINE = re.compile(
    r"^(?:(?P<vhost>[\w.-]{1,253})(?::\d+)? )?(?P<client>[0-9a-fA-F.:]{2,45}|-|[\w.-]{1,253}) (?P<ident>\S{1,200}) "
    r"(?P<user>\S{1,200}) \[(?P<at>[^\]]{10,40})\] "
    r'"(?P<method>[A-Z]{3,8}) (?P<url>[^ "]{1,16000})(?: HTTP/[\d.]{1,4})?" (?P<status>\d{3}) (?P<size>\d+|-)'
    r'(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?(?P<rest>.*)$'
)
_LINE_BYTES = re.compile(rb'\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "[A-Z]{3,8} ')
CLIENT_LEFT = 499
"""nginx writes this number of its own when the client hung up before the answer."""


def _recognises(_name: str, head: bytes) -> int:
    return 0 if packed(head) or head[:1] in (b"{", b"[") else 80 if _LINE_BYTES.search(head) else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    unreadable, first = 0, ""
    for number, line in lines(path, progress):
        match = _LINE.match(line[:40_000]) if line else None
        if match is None:
            if line is None or line.strip():
                unreadable += 1
                first = first or f"line {number}"
            continue
        sighting = traffic.sighting(_message(match), f"line {number}")
        if sighting is not None:
            yield sighting
    if unreadable:
        message = f"{described(unreadable, 'line')} are not of the combined form of nginx and Apache"
        yield traffic.complain(first, message, "they were left out; a log of JSON lines can say more")
    if not traffic.found:
        what = f"none of {described(traffic.others, 'request')} in it is SCIM: expected paths like /scim/v2/Users"
        yield traffic.complain("the file as a whole", what, fatal=True)


def _message(match: re.Match[str]) -> Message:
    status, agent = int(match["status"]), match["agent"]
    gone = status == CLIENT_LEFT
    url, host = match["url"], match["vhost"]
    headers: tuple[tuple[str, str], ...] | None = None
    if agent and agent != "-":
        headers = (("User-Agent", agent),)
    return Message(
        method=match["method"],
        url=f"https://{host}{url}" if host and url.startswith("/") else url,
        sent_headers=headers,
        sent_missing=True,
        status=None if gone else status,
        headers=None,
        body=b"" if match["size"] == "0" else None,
        at=_moment(match["at"]),
        trouble=Trouble(TroubleKind.RESET, "the client hung up before the answer (499 of nginx)") if gone else None,
        note="" if agent != "-" else "the log says that no User-Agent was sent",
    )


def _moment(text: str) -> str:
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").isoformat()
    except ValueError:
        return text


IMPORTER = Importer(NAME, "access log of nginx or Apache", _recognises, _read)
