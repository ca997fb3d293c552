"""The service's answer inside of an IdP's error text: which status, which body, and what was asked.

Frames by what was captured of both vendors: Entra's "StatusCode: ... Web Response: ...", the dump of its connection
test, its sentence about an HTTP/404; Okta's "<reason phrase>. Errors reported by remote server: <detail>".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

_NET = {
    "Unauthorized": 401,
    "RequestUriTooLong": 414,
    "RequestEntityTooLarge": 413,
    "RequestedRangeNotSatisfiable": 416,
    "UnprocessableEntity": 422,
    "Redirect": 302,
    "Moved": 301,
    "RedirectMethod": 303,
    "Ambiguous": 300,
    "UnusedProxy": 306,
    "HttpVersionNotSupported": 505,
    "OK": 200,
    "NonAuthoritativeInformation": 203,
}
"""Names of .NET's HttpStatusCode that are not the reason phrase without its blanks."""

_SPOKEN = {"rate limit exceeded": 429, "unprocessable entity": 422, "payload too large": 413, "request timeout": 408}
"""Phrases that Okta prints and Python has under another name."""

_NAMES = {re.sub(r"\W", "", status.phrase).lower(): status.value for status in HTTPStatus}
_NAMES |= {name.lower(): value for name, value in _NET.items()}
_PHRASES = {status.phrase.lower(): status.value for status in HTTPStatus if status >= 300} | _SPOKEN

_STATUS = re.compile(r"Status\s?Code\s*[:=]\s*(?P<name>\d{3}\b|[A-Za-z]{2,40})", re.IGNORECASE)
_WEB = re.compile(r"(?:Web\s?Response|Response\s?Content)\s*:\s*", re.IGNORECASE)
_RETRIED = re.compile(r"This operation was retried\s+(?P<times>\d{1,6})\s+times?", re.IGNORECASE)
_AGAIN = re.compile(r"retried again after this date:\s*(?P<date>[-\d]{10}T[\d:.]{5,16}Z?)", re.IGNORECASE)
_ENDS = re.compile(r"\.?\s*(?:This operation was retried|It will be retried again)", re.IGNORECASE)
_DESERIALIZE = re.compile(r"not able to deseriali[sz]e the resource received[^:{<]*:?\s*", re.IGNORECASE)
_EXPECTED = re.compile(r"An HTTP/(?P<status>\d{3})\s+(?P<name>[A-Za-z ]{2,40}?)\s+response was returned", re.IGNORECASE)
_RESOURCE = re.compile(r"Resource:\s*(?P<url>https?://\S{1,2000}(?:\s+eq\s+\S{1,300})?)", re.IGNORECASE)
_OPERATION = re.compile(r"Operation:\s*(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD)\b")
_REMOTE = re.compile(r"Errors? reported by remote server\s*:\s*(?P<detail>.*)", re.IGNORECASE | re.DOTALL)
_TIMEOUT = re.compile(
    r"(?:connect(?:ion)?|read|request|operation)\s+(?:has\s+)?timed\s?out|failed to respond", re.IGNORECASE
)


@dataclass(frozen=True)
class Answer:
    """What a text says about one answer of the service. ``status`` 0: the service did not answer, or it is not told.

    ``body`` is the service's own body where the text embeds it, ``whole`` whether all of it is there; ``detail`` the
    service's words where only they are told. ``retried`` and ``again`` are what the IdP says about its next attempt.
    """

    status: int
    reason: str = ""
    body: bytes = b""
    whole: bool = False
    detail: str = ""
    url: str = ""
    method: str = ""
    retried: str = ""
    again: str = ""
    silent: bool = False

    @property
    def embedded(self) -> bool:
        """Whether anything of the body is there."""
        return bool(self.body)


def status_of(name: str) -> int:
    """The status of a .NET name, a reason phrase or a number; 0 when it is none."""
    plain = name.strip()
    if plain.isascii() and plain.isdigit() and len(plain) == 3:
        return int(plain)
    return _NAMES.get(re.sub(r"\W", "", plain).lower(), 0) or _PHRASES.get(plain.lower(), 0)


@lru_cache(maxsize=256)
def answer_in(text: str) -> Answer | None:
    """What a vendor's error text tells of the service's answer; None when it tells nothing of one."""
    if not text:
        return None
    return _entra(text) or _okta(text)


def _entra(text: str) -> Answer | None:
    expected = _EXPECTED.search(text)
    if expected:
        return Answer(int(expected["status"]), expected["name"].strip())
    unreadable = _DESERIALIZE.search(text)
    if unreadable:
        body, whole = _body(text[unreadable.end() :])
        return Answer(200, "OK", body, whole)
    status = _STATUS.search(text)
    if status is None:
        return None
    web = _WEB.search(text, status.end())
    body, whole = _body(text[web.end() :]) if web else (b"", False)
    resource, operation = _RESOURCE.search(text), _OPERATION.search(text)
    retried, again = _RETRIED.search(text), _AGAIN.search(text)
    name = status["name"]
    return Answer(
        status=status_of(name),
        reason=name,
        body=body,
        whole=whole,
        url=resource["url"] if resource else "",
        method=operation["method"] if operation else "",
        retried=retried["times"] if retried else "",
        again=again["date"] if again else "",
    )


def _body(rest: str) -> tuple[bytes, bool]:
    """The body at the beginning of a text, and whether it is whole: JSON to its end, else what stands before the rest
    of the vendor's sentence.
    """
    if rest.startswith(("{", "[")):
        try:
            _, end = json.JSONDecoder(strict=False).raw_decode(rest)
            return rest[:end].encode("utf-8", "replace"), True
        except (ValueError, RecursionError):
            pass
    ends = _ENDS.search(rest)
    told = rest[: ends.start()] if ends else rest
    return told.strip().encode("utf-8", "replace"), False


def _okta(text: str) -> Answer | None:
    remote = _REMOTE.search(text)
    before = text[: remote.start()] if remote else text
    detail = remote["detail"].strip() if remote else ""
    status, phrase = _phrase_at_end(before, sure=remote is not None)
    if not status:
        if remote:
            return Answer(0, detail=detail)
        return Answer(0, silent=True) if _TIMEOUT.search(text) else None
    return Answer(status, phrase, detail=detail)


def _phrase_at_end(text: str, *, sure: bool) -> tuple[int, str]:
    """The status named last in a sentence: a reason phrase at its end, or "HTTP 403 Forbidden".

    Unless it is ``sure`` that a phrase stands there, it has to stand by itself: "Matching user not found" is none.
    """
    tail = text[-300:].rstrip(" .:\t\r\n")
    lowered = re.sub(r"\s+", " ", tail.lower())
    for phrase in _BY_LENGTH.get(lowered.rpartition(" ")[2], ()):
        before = lowered[: -len(phrase)]
        alone = not before.strip() or before.rstrip().endswith(":")
        if lowered.endswith(phrase) and (alone or (sure and not before[-1:].isalnum())):
            return _PHRASES[phrase], tail[-len(phrase) :]
    head = re.search(r"Error authenticating:\s*(?P<phrase>[A-Za-z ]{3,40})\.", text)
    if head and status_of(head["phrase"]):
        return status_of(head["phrase"]), head["phrase"]
    coded = re.search(r"\bHTTP(?:/\d(?:\.\d)?)?\s+(?P<status>[3-5]\d\d)\b\s*(?P<phrase>[A-Za-z ]{0,30})", text)
    if coded:
        return int(coded["status"]), coded["phrase"].strip()
    return 0, ""


_BY_LENGTH: dict[str, list[str]] = {}
"""The phrases by their last word, the longest first."""
for _phrase in sorted(_PHRASES, key=len, reverse=True):
    _BY_LENGTH.setdefault(_phrase.rpartition(" ")[2], []).append(_phrase)
