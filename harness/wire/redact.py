"""Takes secrets out of everything that is about to be kept: once, at capture, before anything is written."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

from harness.model.secret import Secret

SENSITIVE_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"}
)
SHORTEST = 6
"""A shorter secret is only masked where it stands as a credential: elsewhere it would blot out ordinary text."""

_PASSWORD = re.compile(rb'("(?:password|client_secret|api_token|session)"\s*:\s*)"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
STATES = (b"alive", b"ended", b"none", b"unknown")
"""What a Witness says of a key or a session: no credential, though it stands under such a name."""


class Redactor:
    """Knows the secrets of a run and replaces each by ``[redacted:LABEL]`` wherever and however it is spelt."""

    def __init__(self) -> None:
        self._spellings: list[tuple[bytes, bytes]] = []

    def learn(self, secret: Secret | str, label: str) -> None:
        """Remember a secret: plain, percent-encoded, base64 and JSON-escaped."""
        value = secret.reveal() if isinstance(secret, Secret) else secret
        if len(value) < SHORTEST:
            return
        marker = f"[redacted:{label}]".encode()
        raw = value.encode()
        spellings = {
            raw,
            quote(value, safe="").encode(),
            quote_plus(value).encode(),
            json.dumps(value)[1:-1].encode(),
            json.dumps(value, ensure_ascii=False)[1:-1].encode(),
            base64.b64encode(raw),
            base64.b64encode(raw).rstrip(b"="),
            base64.urlsafe_b64encode(raw).rstrip(b"="),
        }
        known = {spelling for spelling, _ in self._spellings}
        self._spellings.extend((s, marker) for s in spellings if s not in known)
        # The longest first, so that no spelling is cut by a shorter one inside it.
        self._spellings.sort(key=lambda pair: -len(pair[0]))

    def data(self, data: bytes) -> bytes:
        """Redact a body or any other bytes, passwords in JSON included."""
        for spelling, marker in self._spellings:
            if spelling in data:
                data = data.replace(spelling, marker)
        if b"assword" in data or b"ecret" in data or b"ession" in data or b"oken" in data:
            data = _PASSWORD.sub(_mask, data)
        return data

    def text(self, text: str) -> str:
        return self.data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")

    def headers(self, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Redact headers as received: credential headers keep their scheme word and lose the rest."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        value = self.text(value)
        if name.lower() in SENSITIVE_HEADERS and "[redacted:" not in value:
            scheme, separator, _ = value.partition(" ")
            return f"{scheme} [redacted:header]" if separator and "=" not in scheme else "[redacted:header]"
        return value


def _mask(match: re.Match[bytes]) -> bytes:
    if match[2] in STATES or match[2].startswith(b"[redacted:"):
        return match[0]
    return match[1] + b'"[redacted:value]"'
