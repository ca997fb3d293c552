"""Support bundle: one zip of a run or a case, without credentials; whether it gives the same report is compared."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import harness
from harness.intake.masking import Masker
from harness.record import RecordError
from harness.settings import TOKEN_ENV
from harness.stage import retell
from harness.wire.redact import SENSITIVE_HEADERS, STATES, Redactor
from reports import casebook, casepage, tickets
from reports import html as report_html

CAPTURE = "capture.json"
"""Beside a run that was captured from a real IdP: until when it may be kept. The promise goes with the bundle."""
RUN_FILES = (
    *("run.json", "findings.json", "events.jsonl", "events.jsonl.gz", "exchanges.jsonl", "exchanges.jsonl.gz"),
    CAPTURE,
)
CASE_FILES = ("case.json", "case.html", "reply.txt")
MANIFEST, TICKET, READ_ME = "manifest.json", "ticket.md", "README.txt"
_WHEN = (2026, 1, 1, 0, 0, 0)
_MARK = re.compile(r"\[redacted:[^\]<>]{0,40}\]")
# In a line headers stand as pairs, and a body as a text whose own quotes and escapes are escaped once more.
_HEADER = re.compile(
    rb'(?P<before>\["(?P<name>'
    + "|".join(sorted(SENSITIVE_HEADERS)).encode()
    + rb')",\s*")(?P<value>(?:[^"\\]|\\.)*)"',
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rb'(?P<before>\\"(?:password|client_secret|api_token|session)\\"\s*:\s*\\")(?P<value>'
    rb'(?:[^"\\]|\\\\(?:\\["\\]|[^"\\])|\\u[0-9a-f]{4})+)\\"',
    re.IGNORECASE,
)
_SHOWN = re.compile(rf'<span class="redacted">({_MARK.pattern})</span>')


@dataclass
class Bundle:
    """What was written: the names in the zip, and in how many lines a credential was taken out.

    ``same``: the report made of the bundle says the same as that of the original, wherever no mask stands in it.
    ``hidden`` lines of it show a mask in place of what stood there: that was not compared. ``differs`` is the first
    line of the report that says something else.
    """

    path: Path
    names: list[str] = field(default_factory=list)
    masked: int = 0
    same: bool = False
    hidden: int = 0
    differs: int = 0

    @property
    def comparison(self) -> str:
        """In words: what was compared, and what was not."""
        if self.differs:
            return f"its report differs from that of the original, first in line {self.differs} of the page"
        if not self.hidden:
            return "it gives the same report, compared letter by letter"
        lines = "1 line that shows" if self.hidden == 1 else f"{self.hidden} lines that show"
        return f"it gives the same report apart from {lines} a mask: what stood under the mask was not compared"


def bundle(source: Path, to: Path) -> Bundle:
    """Write the zip. Raises RecordError when ``source`` is neither a run nor a case, and OSError."""
    files = _files(source)
    done = Bundle(to)
    with tempfile.TemporaryDirectory() as place:
        clean = Path(place) / "clean"
        clean.mkdir()
        for path in files:
            done.masked += _copy(path, clean / path.name)
        (clean / TICKET).write_text(_ticket(clean), "utf-8")
        done.hidden, done.differs = compared(_rendered(source), _rendered(clean))
        done.same = not done.differs
        _zip(clean, done)
    return done


def for_ticket(directory: Path) -> str:
    """A run or a case as Markdown for a ticket. Raises RecordError."""
    _files(directory)
    return _ticket(directory)


def _files(source: Path) -> list[Path]:
    names = RUN_FILES if (source / "run.json").is_file() else CASE_FILES if (source / "case.json").is_file() else ()
    found = [source / name for name in names if (source / name).is_file()]
    if not found:
        raise RecordError(
            f"{source}: expected a run directory (run.json) or a case (case.json, by scimulator triage FILES --out DIR)"
        )
    return found


def _copy(path: Path, to: Path) -> int:
    """A file without credentials; how many lines had one. What is packed stays packed."""
    packed = path.suffix == ".gz"
    masker, own = Masker(), os.environ.get(TOKEN_ENV, "")
    changed = 0
    with gzip.open(path, "rb") if packed else path.open("rb") as read, to.open("wb") as raw:
        write = gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") if packed else raw
        for line in read:
            masked = _INSIDE.sub(_inside, _HEADER.sub(_header, masker.body(line)))
            if len(own) >= 6:
                masked = masked.replace(own.encode(), b"[redacted:key]")
            changed += masked != line
            write.write(masked)
        if packed:
            write.close()
    return changed


def _header(match: re.Match[bytes]) -> bytes:
    (masked,) = Redactor().headers(((match["name"].decode(), match["value"].decode("utf-8", "surrogateescape")),))
    return match["before"] + masked[1].encode("utf-8", "surrogateescape") + b'"'


def _inside(match: re.Match[bytes]) -> bytes:
    if match["value"] in STATES or match["value"].startswith(b"[redacted:"):
        return match[0]
    return match["before"] + b'[redacted:value]\\"'


def _ticket(directory: Path) -> str:
    if (directory / "run.json").is_file():
        return tickets.render(retell(directory))
    return casebook.markdown(json.loads((directory / "case.json").read_text("utf-8")))


def _rendered(directory: Path) -> str:
    """The report that a directory gives."""
    if (directory / "run.json").is_file():
        return report_html.render(retell(directory))
    return casepage.render(json.loads((directory / "case.json").read_text("utf-8")))


def compared(original: str, masked: str) -> tuple[int, int]:
    """How many lines differ only under a mask, and the number of the first line that differs otherwise (0: none)."""
    if original == masked:
        return 0, 0
    before, after, hidden = original.split("\n"), masked.split("\n"), 0
    for number, (was, now) in enumerate(zip(before, after, strict=False), 1):
        if was == now:
            continue
        if not _under_a_mask(was, now):
            return hidden, number
        hidden += 1
    return hidden, 0 if len(before) == len(after) else min(len(before), len(after)) + 1


def _under_a_mask(was: str, now: str) -> bool:
    """Whether a line differs from another only where that has masks. A mask hides text, never elements."""
    pieces = _MARK.split(_SHOWN.sub(r"\1", now))
    pattern = "[^<>]*?".join(map(re.escape, pieces))
    return len(pieces) > 1 and re.fullmatch(pattern, _SHOWN.sub(r"\1", was)) is not None


def _zip(directory: Path, done: Bundle) -> None:
    run = (directory / "run.json").is_file()
    again = "scimulator report FOLDER" if run else "open case.html"
    read_me = (
        f"Written by scimulator {harness.__version__}. Credentials are masked.\n"
        f"Unpack it into a folder; the report: {again}. For a ticket: {TICKET}.\n"
    )
    if until := _keep_until(directory):
        read_me += f"It was captured from a real identity provider and is to be deleted by {until}, this copy too.\n"
    (directory / READ_ME).write_text(read_me, "utf-8")
    digests = dict(_digests(directory))
    manifest = {
        "schema": "scimulator/bundle/1",
        "tool": harness.__version__,
        "made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "holds": "run" if run else "case",
        "masked_lines": done.masked,
        "report": {"same": done.same, "not_compared_lines": done.hidden, "says": done.comparison},
        "files": digests,
    }
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    done.path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(done.path, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, _WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED)
            done.names.append(path.name)


def _keep_until(directory: Path) -> str:
    """Until when a capture may be kept; "" for everything else."""
    try:
        told = json.loads((directory / CAPTURE).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(told.get("keep_until", "")) if isinstance(told, dict) else ""


def _digests(directory: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(directory.iterdir()):
        yield path.name, hashlib.sha256(path.read_bytes()).hexdigest()
