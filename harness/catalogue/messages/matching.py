"""Finds known messages in a pasted text: names in between, line breaks, another letter case, what a scanner misread."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from harness.catalogue.messages.loader import load_messages
from harness.model.message import Message, Part, Recognised

LONGEST = 20_000
"""Characters of a text that are looked at; an error text has a few hundred."""

_PLACEHOLDER = re.compile(r"\{[a-z]+\}")
_MISREAD = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b"})
_KEPT = re.compile(r"[^\w]+")
_CAMEL = re.compile(r"[a-z][A-Z]")
_SHORTEST = 4
_GOOD = 0.84
_AS_PIECE = 0.92
_PIECE = 12
_LONG = 20
"""A code of so many characters is also found where a screen broke it, or with a misread letter."""
_WORD = re.compile(r"[\w.]+")
_STATUS = re.compile(
    r"""(?:\bstatus(?:\s?code)?["']?\s*[:=]\s*["']?|\bHTTP(?:/[\d.]+)?[\s/]+)([1-5]\d\d|[A-Za-z]{4,28})\b""",
    re.IGNORECASE,
)
_BARE_STATUS = re.compile(r"^\W*([1-5]\d\d)\b|\b([45]\d\d)\s+(?=[A-Z][a-z]+)")
_QUOTE_MARKS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
"""How a mail marks the lines that it repeats."""
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_SAID = (
    re.compile(r"Errors reported by remote server:\s*(.+)", re.IGNORECASE | re.DOTALL),
    re.compile(r"Web Response:\s*(.+?)(?:\.\s*This operation was retried|\Z)", re.IGNORECASE | re.DOTALL),
    re.compile(r"Response Content:\s*(.+)", re.IGNORECASE | re.DOTALL),
    re.compile(r'"detail"\s*:\s*"((?:[^"\\]|\\.)*)"'),
)


@dataclass(frozen=True)
class _Form:
    message: Message
    literals: tuple[str, ...]
    whole: str

    @property
    def weight(self) -> int:
        return sum(map(len, self.literals))


def fold(text: str) -> str:
    """A text as it is compared: small letters and digits with single blanks, letters that are misread made the same."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_MISREAD).replace("rn", "m").replace("vv", "w")
    return _KEPT.sub(" ", plain).replace("_", " ").strip()


def recognise(text: str, idp: str = "") -> tuple[Recognised, ...]:
    """The messages that stand in a text, the best first; those that claim the same spot as a better one are left out.

    ``idp`` ("okta", "entra") rules the other's messages out. Empty when nothing is known of it.
    """
    return _recognise(text[:LONGEST], idp)


@lru_cache(maxsize=4096)
def _recognise(text: str, idp: str) -> tuple[Recognised, ...]:
    folded = fold(text)
    if len(folded) < 3:
        return ()
    found = [*_by_code(text, folded), *_by_form(folded), *_by_status(text)]
    fitting = [hit for hit in found if not idp or hit.message.idp in (idp, "scim", "http")]
    return tuple(
        _apart(sorted(fitting, key=lambda hit: (-(hit.score**4) * (hit.weight or len(hit.quote)), hit.message.id)))
    )


def recognise_code(code: str, idp: str = "") -> Message | None:
    """The message of a vendor's code or of an id of ours, in any letter case."""
    message = _codes().get(code.strip().casefold())
    return message if message is None or not idp or message.idp in (idp, "scim", "http") else None


def statuses(text: str) -> tuple[int, ...]:
    """The HTTP statuses that a text names, as number, as phrase or in Entra's spelling."""
    return tuple(dict.fromkeys(hit.message.status for hit in recognise(text) if hit.message.status))


def said(text: str) -> str:
    """What the service itself said, as the IdP repeats it, to the end of its paragraph; "" where nothing tells."""
    bare = _QUOTE_MARKS.sub("", text[:LONGEST])
    for pattern in _SAID:
        if found := pattern.search(bare):
            words = " ".join(_PARAGRAPH.split(found.group(1).strip(), maxsplit=1)[0].split())
            detail = re.search(r'"detail"\s*:\s*"((?:[^"\\]|\\.)*)"', words)
            return (detail.group(1) if detail else words)[:500]
    return ""


@cache
def _forms() -> tuple[_Form, ...]:
    forms = []
    for message in load_messages().values():
        if message.part is Part.STATUS:
            continue
        for form in message.forms:
            literals = tuple(x for x in map(fold, _PLACEHOLDER.split(form)) if len(x) >= _SHORTEST)
            forms.append(_Form(message, literals, fold(_PLACEHOLDER.sub(" ", form))))
    return tuple(forms)


@cache
def _codes() -> dict[str, Message]:
    known = {message.id.casefold(): message for message in load_messages().values()}
    return known | {code.casefold(): m for m in load_messages().values() for code in m.codes}


@cache
def _phrases() -> dict[str, Message]:
    return {fold(m.forms[0]).replace(" ", ""): m for m in load_messages().values() if m.part is Part.STATUS}


def _by_code(text: str, folded: str) -> list[Recognised]:
    """Codes. One that is an everyday word counts only where it is named as a code, or stands alone."""
    from rapidfuzz import fuzz

    squeezed, words, found = folded.replace(" ", ""), {fold(x).replace(" ", "") for x in _WORD.findall(text)}, []
    named = {
        x.casefold()
        for x in re.findall(
            r"""(?:error|skip|status|reason)_?\s?(?:code|reason)?["']?\s*[:=]\s*["']?(\w+)""", text, re.I
        )
    }
    for message in load_messages().values():
        for code in message.codes:
            bare = fold(code).replace(" ", "")
            if not _CAMEL.search(code) and "." not in code:
                if code.casefold() in named or text.strip().casefold() == code.casefold():
                    found.append(Recognised(message, 1.0, bare, squeezed.find(bare)))
            elif bare in (squeezed if len(bare) >= _LONG else words):
                found.append(Recognised(message, 1.0, bare, squeezed.find(bare)))
            elif len(bare) >= _LONG and len(squeezed) >= len(bare) - 2:
                hit = fuzz.partial_ratio_alignment(bare, squeezed, score_cutoff=90)
                if hit is not None:
                    found.append(
                        Recognised(
                            message, hit.score / 100 * 0.97, squeezed[hit.dest_start : hit.dest_end], hit.dest_start
                        )
                    )
    return [hit for hit in found if not _inside(hit, found)]


def _inside(hit: Recognised, others: list[Recognised]) -> bool:
    """Whether a longer code stands at the same spot: ServiceIncompatible in ServiceIncompatibleFiltering."""
    begin, end = hit.at, hit.at + len(hit.quote)
    return any(
        other is not hit
        and len(other.quote) > len(hit.quote)
        and other.score >= hit.score
        and other.at <= begin
        and end <= other.at + len(other.quote)
        for other in others
    )


def _by_form(folded: str) -> list[Recognised]:
    from rapidfuzz import fuzz

    found = []
    for form in _forms():
        best = _as_a_whole(form, folded)
        if best is None and _PIECE <= len(folded) < len(form.whole):
            hit = fuzz.partial_ratio_alignment(folded, form.whole, score_cutoff=_AS_PIECE * 100)
            if hit is not None:
                best = Recognised(form.message, hit.score / 100 * 0.95, folded, 0)
        if best is not None:
            found.append(best)
    return found


def _as_a_whole(form: _Form, folded: str) -> Recognised | None:
    """Every literal of the form looked up in the text, in order."""
    from rapidfuzz import fuzz

    total, first, last = 0.0, -1, 0
    for literal in form.literals:
        rest = folded[last:]
        cutoff = 95 if len(literal) < 16 else 88 if len(literal) < 24 else 78
        hit = (
            fuzz.partial_ratio_alignment(literal, rest, score_cutoff=cutoff) if len(rest) >= len(literal) - 2 else None
        )
        if hit is None or hit.score < cutoff:
            continue
        total += hit.score / 100 * len(literal)
        first = last + hit.dest_start if first < 0 else first
        last += hit.dest_end
    score = total / form.weight if form.weight else 0.0
    return Recognised(form.message, score, folded[first:last], first, form.weight) if score >= _GOOD else None


def _by_status(text: str) -> list[Recognised]:
    """A status in any spelling: 409, "status":"409", HTTP 403 Forbidden, StatusCode: BadRequest, "...: Conflict."."""
    found = []
    known = load_messages()
    for match in (*_STATUS.finditer(text), *_BARE_STATUS.finditer(text)):
        word = next(group for group in match.groups() if group)
        message = known.get(f"http-{word}") or _phrases().get(fold(word).replace(" ", ""))
        if message is not None:
            found.append(Recognised(message, 1.0, word, match.start()))
    for phrase, message in _phrases().items():
        words = r"\W?\s*".join(map(re.escape, message.forms[0].split()))
        # Okta puts the phrase between its own sentence and the service's.
        between = re.search(rf"(?::|\bgroup\b[^:]*?|^)\s*({words})\s*(?:\.|$)", text.strip(), re.I | re.M)
        if between or fold(text).replace(" ", "") == phrase:
            found.append(Recognised(message, 1.0, message.forms[0], between.start(1) if between else 0))
    seen: dict[str, Recognised] = {}
    for hit in found:
        seen.setdefault(hit.message.id, hit)
    return list(seen.values())


def _apart(found: list[Recognised]) -> list[Recognised]:
    """One message for each spot, the best that was found there. Statuses and codes claim no spot."""
    kept: list[Recognised] = []
    for hit in found:
        if any(hit.message.id == other.message.id for other in kept):
            continue
        if hit.message.part is Part.STATUS or hit.quote.count(" ") == 0:
            kept.append(hit)
            continue
        begin, end = hit.at, hit.at + len(hit.quote)
        if not any(
            begin < o.at + len(o.quote) and o.at < end
            for o in kept
            if " " in o.quote and o.message.part is not Part.STATUS
        ):
            kept.append(hit)
    return kept
