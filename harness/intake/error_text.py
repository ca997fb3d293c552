"""Pasted text: an error message from a screen, a mail around it, what a scanner read. The importer of last resort.

A message ends where the next one begins or a blank line stands; the vendor's words are kept as they are pasted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path

from harness.catalogue.messages import recognise
from harness.intake.answers import answer_in
from harness.intake.decoding import decoded, encoding_of
from harness.intake.entra_log import sightings as entra_sightings
from harness.intake.importer import Importer, Progress
from harness.intake.okta_events import sightings as okta_sightings
from harness.intake.texts import clean, utc
from harness.model.message import Recognised
from harness.model.sighting import Complaint, Confidence, LogEvent, Provenance, Sighting

FORMAT = "error-text"
KIND = "pasted text"
LARGEST = 2 << 20
"""Bytes of a text that are read: a page of tasks has a few thousand."""
MESSAGES = 2_000

HINT = (
    "Paste the error text itself, whole, with the line above it: Okta: Dashboard > Tasks, or Reports > System Log; "
    "Entra ID: Provisioning logs > the entry > Troubleshooting & Recommendations."
)
_BEGINS = re.compile(
    r"(?i)(?<!\w)(?:Failed on \d\d-\d\d-\d{4} [\d:]{7,8} ?[AP]M UTC:\s*)?"
    r"(?:Automatic (?:de)?provisioning of user|Automatic profile push of user"
    r"|Unable to update Group Push mapping|Error authenticating:|Failed to \w+ User '"
    r"|Push \w+(?: \w+){0,4} to external application FAILURE|An HTTP/\d{3} |StatusCode: \w+ Message:)"
)
_SIGNS = re.compile(
    r"(?i)errors? reported by remote server|SystemForCrossDomainIdentityManagement|web response\s*:|status\s?code\s*:"
    r"|automatic (?:de)?provisioning of user|group push mapping|error authenticating:|messages:2\.0:Error|scimType"
)
_OKTA = re.compile(
    r"(?i)\bokta\b|reported by remote server|automatic (?:de)?provisioning|group push|error authenticating"
)
_ENTRA = re.compile(r"(?i)\bentra\b|\bazure\b|SystemForCrossDomain|web response|customappsso|provisioning log")
_USER = re.compile(
    r"(?i)\buser\s+['\"]?(?P<who>[^\s'\":,]{1,200}?)['\"]?\s+(?:to|from)\s+app\s+(?P<app>.{1,120}?)\s+failed"
)
_GROUP = re.compile(r"(?i)(?:target app|user) group\s+(?P<group>[^:]{1,200}?)\s*:")
_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_CODE = re.compile(
    r"SystemForCrossDomainIdentityManagement\w+|\b(?:error\s?code|code)\s*[:=]\s*['\"]?(?P<code>[A-Z]\w{3,60})"
)
_FAILED_ON = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d{4})\s+(?P<time>\d\d?:\d\d:\d\d)\s*(?P<half>[AP]M)")
_ISO = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?\b")
_IDS = (
    ("changeId", re.compile(r"(?i)change\s?id\s*[:=]?\s*([0-9a-f-]{36})")),
    ("correlationId", re.compile(r"(?i)(?:correlation|request)\s?id\s*[:=]?\s*([0-9a-f-]{36})")),
    ("jobId", re.compile(r"(?i)job\s?id\s*[:=]?\s*((?:scim|customappsso)\.[\w.-]{20,100})")),
    ("uuid", re.compile(r"(?i)(?:event\s?id|uuid)\s*[:=]?\s*([0-9a-f-]{36})")),
)
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " "})
_QUOTED = re.compile(r"^\s{0,3}(?:>\s?)+")
_TAG = re.compile(r"<[^<>]{1,2000}>")


@dataclass
class _Piece:
    """A message and the line on which it begins; ``before`` is what stood above it in the same paragraph."""

    line: int
    text: str
    before: str = ""


def _read(path: Path, progress: Progress) -> Iterator[Sighting | Complaint]:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    progress(len(data))
    yield from read_text(data, path.name)


def read_text(data: bytes, name: str) -> Iterator[Sighting | Complaint]:
    """The messages in a pasted text; ``name`` is where it came from."""

    def complaint(place: str, message: str, *, fatal: bool = False) -> Complaint:
        return Complaint(Provenance(name, FORMAT, place), message, HINT, fatal)

    text = _text(data[:LARGEST])
    if not text.strip():
        yield complaint("the whole text", "expected an error text, found nothing", fatal=True)
        return
    if len(data) > LARGEST:
        yield complaint("the end", f"the text is longer than {LARGEST >> 20} MB; what stands behind that was not read")
    idp = _idp(text, ())
    seen = 0
    for piece in pieces(text):
        known = recognise(piece.text) or recognise(f"{piece.before} {piece.text}")
        if not known and answer_in(piece.text) is None:
            continue
        seen += 1
        if seen > MESSAGES:
            yield complaint(f"line {piece.line}", f"more than {MESSAGES} messages; the rest was not read")
            return
        yield from _told(piece, known, idp, name)
    if not seen:
        event = LogEvent(idp, KIND, "", text=clean(" ".join(text.split())))
        yield Sighting(Provenance(name, FORMAT, "line 1"), Confidence.REPORTED, "", idp, ("time",), event=event)
        yield complaint("the whole text", "no message of Okta, of Entra ID or of SCIM is known to us in this text")


def pieces(text: str) -> Iterator[_Piece]:
    """The messages of a text, each with the line on which it begins; lines that a screen broke are joined."""
    for start, paragraph in _paragraphs(text):
        cuts = [match.start() for match in _BEGINS.finditer(paragraph)] or [0]
        before = paragraph[: cuts[0]]
        for begin, end in zip(cuts, [*cuts[1:], len(paragraph)], strict=True):
            piece = paragraph[begin:end]
            if piece.strip():
                yield _Piece(start + paragraph.count("\n", 0, begin), _joined(piece), _joined(before))
            before = ""


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = _QUOTED.sub("", line)
        if bare.strip():
            if not lines:
                start = number
            lines.append(bare)
        elif lines:
            yield start, "\n".join(lines)
            lines = []


def _joined(piece: str) -> str:
    """One line: a word that was divided at the end of a line is put together again."""
    return " ".join(re.sub(r"(?<=[a-z])-\n\s*(?=[a-z])", "", piece).split())


def _told(piece: _Piece, known: tuple[Recognised, ...], idp: str, name: str) -> Iterator[Sighting]:
    text = piece.text.translate(_QUOTES)
    whole = f"{piece.before} {text}"
    idp = _idp(whole, known) or idp
    user, group, mail, code = _USER.search(text), _GROUP.search(text), _MAIL.search(text), _CODE.search(whole)
    codes = [code for hit in known for code in hit.message.codes if code.lower() in text.lower()]
    event = LogEvent(
        idp=idp,
        kind=KIND,
        outcome="",
        code=(code["code"] or code[0]) if code else codes[0] if codes else "",
        text=clean(text),
        person=user["who"] if user else mail[0] if mail and not group else "",
        group=group["group"] if group else "",
        app=user["app"] if user else "",
        ids={key: found[1] for key, pattern in _IDS if (found := pattern.search(whole))},
        details={"messages": " ".join(hit.message.id for hit in known)} if known else {},
    )
    told = entra_sightings if idp == "entra" else okta_sightings
    for sighting in told(event, _time(text) or _time(piece.before), Provenance(name, FORMAT, f"line {piece.line}")):
        yield sighting if idp else _unnamed(sighting)


def _unnamed(sighting: Sighting) -> Sighting:
    return Sighting(
        sighting.provenance, sighting.confidence, sighting.at, "", sighting.missing, sighting.exchange, sighting.event
    )


def _idp(text: str, known: tuple[Recognised, ...]) -> str:
    """Whose words these are: by the messages that were recognised, else by words that only one of them uses."""
    named = [hit.message.idp for hit in known if hit.message.idp in ("okta", "entra")]
    if named:
        return named[0]
    okta, entra = len(_OKTA.findall(text)), len(_ENTRA.findall(text))
    return "okta" if okta > entra else "entra" if entra > okta else ""


def _time(text: str) -> str:
    failed = _FAILED_ON.search(text)
    if failed:
        return utc(f"{failed['month']}/{failed['day']}/{failed['year']} {failed['time']} {failed['half']}")
    retried = text.lower().find("retried again after")
    iso = _ISO.search(text[:retried] if retried >= 0 else text)
    return utc(iso[0]) if iso else ""


def _text(data: bytes) -> str:
    """The text of a file; of a mail its body, of a page what can be read on it."""
    text = data.decode(encoding_of(data[: 64 * 1024]), "replace").lstrip("\ufeff")
    if re.match(r"(?:[A-Za-z-]{2,40}: [^\n]{0,2000}\r?\n(?:[ \t][^\n]{0,2000}\r?\n)*){3}", text) and "\nMIME-V" in text:
        text = _mail(data) or text
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html")):
        text = html.unescape(_TAG.sub("\n", text))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mail(data: bytes) -> str:
    try:
        body = BytesParser(policy=policy.default).parsebytes(data).get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
    except (LookupError, ValueError, AttributeError, TypeError, KeyError, IndexError, RecursionError):
        return ""
    return content if isinstance(content, str) else ""


def _recognises(name: str, head: bytes) -> int:
    text = decoded(head)
    if head.startswith((b"PK", b"\x1f\x8b", b"\x89PNG", b"%PDF", b"\xff\xd8")) or "\x00" in text[:1000]:
        return 0
    if text.lstrip().startswith(("{", "[")):
        return 20 if len(head) < 20_000 and "messages:2.0:Error" in text else 0
    if _SIGNS.search(text):
        return 30
    if not name.lower().endswith((".txt", ".eml", ".md", ".log", ".text")):
        return 0
    return 15 if recognise(text) else 0


IMPORTER = Importer(FORMAT, "pasted error text", _recognises, _read)
