"""Masking: takes credentials out of imported traffic, of which nobody knows the key: by name, by form, by echo."""

from __future__ import annotations

import re
from functools import lru_cache

from harness.wire.redact import SENSITIVE_HEADERS, Redactor

MARK = "[redacted:imported]"
REMEMBERED = 1_000
"""So many different sets of headers are remembered with what they become."""
LEARNT = 40
"""So many credentials of one file are looked for wherever else they stand; more would make reading slow."""

_SECRET_NAME = re.compile(
    r"(?:token|secret|passwd|password|api[-_]?key|apikey|credential|session|signature|assertion|cookie)", re.IGNORECASE
)
_SHORT_NAMES = frozenset({"key", "sig", "auth", "jwt", "code", "pwd", "sid", "authorization"})
_HARMLESS = frozenset({"x-amzn-trace-id", "idempotency-key", "sec-websocket-key", "cache-key", "nexttoken"})
_PAIR = re.compile(r"(?P<name>[^?&=#\s]{1,100})=(?P<value>[^&#\s]*)")
_USER_INFO = re.compile(r"(?P<scheme>https?://)[^/@\s\"']{1,300}@")
# A word that follows ("Bearer authentication", "Basic realm=") is none: a credential has a digit, or is long.
_BEARER = re.compile(
    rb"\b(?P<scheme>Bearer|Basic|SSWS|Token)(?P<gap>\s{1,4}|%20)(?![A-Za-z_]{1,30}=[\"\w])"
    rb"(?P<value>(?=[A-Za-z._~+/=-]{0,200}\d|[A-Za-z._~+/=-]{24})[A-Za-z0-9._~+/=-]{8,})",
    re.IGNORECASE,
)
_JWT = re.compile(rb"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
_CREDENTIAL = re.compile(r"(?:(?:Bearer|Basic|SSWS|Token)\s+)*(?P<value>\S{8,})$", re.IGNORECASE)


class Masker:
    """Masks one file's exchanges; a credential that was seen in a header is masked wherever it is echoed later."""

    def __init__(self) -> None:
        self._redactor = Redactor()
        self._learnt: set[str] = set()
        # A file repeats its headers thousands of times; what they become is only worked out anew when more is known.
        self._headers: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}

    def headers(self, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Headers without credentials; scheme words stay, because they tell how an app is set up."""
        if headers in self._headers:
            return self._headers[headers]
        for name, value in headers:
            if name.lower() in ("authorization", "proxy-authorization", "x-api-key", "api-key", "x-auth-token"):
                self._learn(value)
        masked = tuple((name, self._header(name, value)) for name, value in self._redactor.headers(headers))
        if len(self._headers) < REMEMBERED:
            self._headers[headers] = masked
        return masked

    def _header(self, name: str, value: str) -> str:
        lower = name.lower()
        if lower in SENSITIVE_HEADERS:
            return value
        if lower not in _HARMLESS and _secret(lower) and "[redacted:" not in value:
            return MARK
        return self.url(self.text(value))

    def url(self, url: str) -> str:
        """A URL without user information and without credentials in its query."""
        if "@" in url:
            url = _USER_INFO.sub(rf"\g<scheme>{MARK}@", url)
        if "=" in url:
            url = _PAIR.sub(_pair, url)
        return self.text(url)

    def text(self, text: str) -> str:
        return self.body(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def body(self, body: bytes) -> bytes:
        """A body without credentials: those that were learnt, passwords and tokens in JSON, Bearer and JWT forms."""
        body = self._redactor.data(body)
        if b"earer" in body or b"oken" in body or b"asic" in body or b"SSWS" in body or b"EARER" in body:
            body = _BEARER.sub(rb"\g<scheme>\g<gap>" + MARK.encode(), body)
        return _JWT.sub(MARK.encode(), body) if b"eyJ" in body else body

    def _learn(self, value: str) -> None:
        match = _CREDENTIAL.match(value.strip()[:8192])
        if match is None or "[redacted:" in value or len(self._learnt) >= LEARNT:
            return
        secret = match["value"]
        # A header that was blotted out before ("****", "<redacted>") holds nothing that could be looked for.
        if secret not in self._learnt and len(set(secret)) > 4 and secret.strip("<>[]()").lower() not in _BLOTS:
            self._learnt.add(secret)
            self._redactor.learn(secret, "imported")
            self._headers.clear()


_BLOTS = frozenset({"redacted", "sanitized", "sanitised", "removed", "hidden", "authorization"})


@lru_cache(maxsize=4096)
def _secret(name: str) -> bool:
    return name.lower() in _SHORT_NAMES or _SECRET_NAME.search(name) is not None


def _pair(match: re.Match[str]) -> str:
    name = match["name"].rpartition("/")[2]
    if name.lower() in _HARMLESS or not match["value"] or match["value"].startswith("[redacted:") or not _secret(name):
        return match[0]
    return f"{match['name']}={MARK}"
