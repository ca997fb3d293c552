"""curl commands, as developer tools and support tickets hold them: of bash, of cmd and of PowerShell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from harness.intake.importer import Importer, Progress
from harness.intake.opening import packed
from harness.intake.streams import lines
from harness.intake.traffic import Message, Traffic
from harness.model.sighting import Complaint, Sighting

NAME = "curl"
LONGEST = 1024 * 1024
"""A command of more characters is left out."""
_START = re.compile(r"^\s*(?:[$>#%]\s+)?(?:PS [^>]{0,200}>\s*)?curl(?:\.exe)?\s", re.IGNORECASE)
_START_BYTES = re.compile(rb"(?:^|\n)\s{0,20}(?:[$>#%]\s+)?curl(?:\.exe)?\s", re.IGNORECASE)
_GOES_ON = re.compile(r"[\\^`]\s*$")
_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json")
_TAKE_ONE = frozenset(
    (
        *("-o", "--output", "-A", "--user-agent", "-e", "--referer", "-b", "--cookie", "-c", "--cookie-jar", "-u"),
        *("--user", "-m", "--max-time", "--connect-timeout", "-x", "--proxy", "--cacert", "--cert", "-E", "--key"),
        *("--retry", "--resolve", "-w", "--write-out", "-T", "--upload-file", "-F", "--form", "--oauth2-bearer"),
    )
)
_JSON = (("Content-Type", "application/json"), ("Accept", "application/json"))


def _recognises(_name: str, head: bytes) -> int:
    if packed(head):
        return 0
    match = _START_BYTES.search(head)
    return 70 if match and b"http" in head[match.end() : match.end() + 4096].lower() else 0


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    traffic = Traffic(path.name, NAME)
    for number, command in _commands(path, progress):
        message = message_of(command)
        if message is None:
            text = "the curl command cannot be read: a quotation mark is missing, or it names no URL"
            yield traffic.complain(f"line {number}", text, "copy the whole command, up to its last line")
            continue
        sighting = traffic.sighting(message, f"line {number}")
        if sighting is not None:
            yield sighting
    if not traffic.found:
        yield traffic.complain("the file as a whole", "no curl command in it asks a SCIM service", fatal=True)


def _commands(path: Path, progress: Progress) -> Iterator[tuple[int, str]]:
    """Each command with the number of its first line; a line that ends with a continuation, or inside of quotes, goes
    on.
    """
    began, parts, length = 0, list[str](), 0
    for number, line in lines(path, progress):
        if line is None:
            parts = []
            continue
        if parts and (_START.match(line) is not None and not _open(parts)):
            yield began, "\n".join(parts)
            parts = []
        if not parts:
            if _START.match(line) is None:
                continue
            began, length = number, 0
        goes_on = _GOES_ON.search(line) is not None
        parts.append(_GOES_ON.sub(" ", line))
        length += len(line)
        if length > LONGEST or (not goes_on and not _open(parts)):
            yield began, "\n".join(parts)
            parts = []
    if parts:
        yield began, "\n".join(parts)


def _open(parts: list[str]) -> bool:
    """Whether a single quotation mark is still open: a body in bash often goes over several lines."""
    last = parts[-1]
    return len(parts) < 2000 and sum(part.count("'") for part in parts if "'" in part or part is last) % 2 == 1


def message_of(command: str) -> Message | None:
    """The request that a curl command sends; None when it cannot be read. Files that it names are not opened."""
    words = _words(command)
    if words is None:
        return None
    method, url, body, headers, as_query = "", "", list[str](), list[tuple[str, str]](), False
    place = 1
    while place < len(words):
        word, place = words[place], place + 1
        name, _, joined = word.partition("=") if word.startswith("--") else (word, "", "")
        if len(word) > 2 and word[0] == "-" and word[1] in "XHduA" and word[1] != "-":
            name, joined = word[:2], word[2:]
        takes = name in _TAKE_ONE or name in _DATA or name in ("-X", "--request", "-H", "--header", "--url")
        value = ""
        if takes:
            value = joined or (words[place] if place < len(words) else "")
            place += 0 if joined else 1
        if name in ("-X", "--request"):
            method = value
        elif name in ("-H", "--header"):
            key, _, told = value.partition(":")
            headers.append((key.strip(), told.strip()))
        elif name in _DATA:
            body.append(value)
            headers += [h for h in _JSON if name == "--json" and h[0].lower() not in {k.lower() for k, _ in headers}]
        elif name in ("-u", "--user", "--oauth2-bearer"):
            headers.append(("Authorization", f"{'Basic' if 'oauth2' not in name else 'Bearer'} {value}"))
        elif name in ("-A", "--user-agent"):
            headers.append(("User-Agent", value))
        elif name in ("-G", "--get"):
            as_query = True
        elif name in ("-I", "--head"):
            method = method or "HEAD"
        elif name == "--url" or (not takes and not word.startswith("-") and not url):
            url = value or word
    if not url:
        return None
    if body and as_query:
        url += ("&" if "?" in url else "?") + "&".join(body)
        body = []
    sent = "&".join(body).encode("utf-8", "replace") if body and not body[0].startswith("@") else None
    unsent = bool(body) and sent is None
    return Message(
        method=method or ("POST" if body else "GET"),
        url=url if "://" in url else f"http://{url}",
        sent_headers=tuple(headers),
        sent=sent,
        sent_missing=unsent,
    )


def _words(command: str) -> list[str] | None:
    text = _START.sub("curl ", command[:LONGEST]).replace("\n", " \n ") if "'" not in command else command
    text = _START.sub("curl ", text)
    if '^"' in text:
        # cmd writes ^" for a quotation mark and ^\^" for one inside.
        text = text.replace('^\\^"', '\\"').replace("^", "")
    text = text.replace("$'", "'")
    try:
        return shlex.split(text)
    except ValueError:
        return None


IMPORTER = Importer(NAME, "curl commands", _recognises, _read)
