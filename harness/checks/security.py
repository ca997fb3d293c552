"""What must not leak, and what must not be reached by a trick (RFC 7643 §9, RFC 7644 §7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote_plus

from harness.checks.filters import reads_filters
from harness.checks.reading import (
    page,
    seen,
    short,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

WRONG_TOKEN = "scimulator-wrong-token-0000000000000000"  # noqa: S105
_WRONG = WRONG_TOKEN.encode()
"""The key that a probe sends and that opens nothing: an answer must not repeat even that."""

STRANGER = "https://scimulator.nobody.example"
"""The origin that a probe pretends to be a page of."""

_REDACTED = re.compile(rb"\[redacted:[^\]]{1,40}\]")

# Every repetition is bounded: the text comes from a stranger, and must not be able to keep us busy.
# The first words are some of which one stands, in small letters, wherever the pattern fits: to look for them is quick.
_TRACES = tuple(
    (name, words, re.compile(pattern))
    for name, words, pattern in (
        (
            "a Python traceback",
            ("traceback", "file "),
            r"Traceback \(most recent call last\)|File \"[^\"\n]{1,200}\.py\", line \d{1,9}",
        ),
        (
            "a Java stack trace",
            (".java:", "java.lang."),
            r"\bat [\w$.]{1,200}\([\w$]{1,80}\.java:\d{1,9}\)|java\.lang\.\w{1,80}(Exception|Error)\b",
        ),
        (
            "a .NET stack trace",
            (":line ", "exception"),
            r"\bat [\w.`<>]{1,200}\([^)\n]{0,200}\) in [^\n]{1,200}:line \d|"
            r"\bSystem(?:\.\w{1,60}){0,6}\.\w{1,60}Exception\b",
        ),
        (
            "a Node stack trace",
            ("js:", "ts:", "node_modules/"),
            r"\bat (?:async )?[\w.<>]{1,200} \([^)\n]{0,200}\.[cm]?[jt]s:\d{1,9}:\d{1,9}\)|node_modules/",
        ),
        ("a Ruby stack trace", (".rb:",), r"\.rb:\d{1,9}:in [`']"),
        ("a Go panic", ("goroutine ", "runtime error: "), r"goroutine \d{1,9} \[running\]|runtime error: "),
        ("a PHP error", (".php",), r"(?:Fatal error|Warning|Notice): [^\n]{1,200} in /[^\s]{1,200}\.php\b"),
        (
            "a database error",
            ("sqlstate", "ora-", "sql syntax", "psycopg", "sqlite3.", "sqlalchemy.exc.", "pg::", "unclosed quotation"),
            r"SQLSTATE\[?\w|\bORA-\d{5}\b|You have an error in your SQL syntax|psycopg\d?\.|sqlite3\.\w{1,60}Error|"
            r"sqlalchemy\.exc\.|PG::\w{1,60}Error|Unclosed quotation mark after the character string",
        ),
        (
            "an SQL statement",
            ("select", "insert into", "where"),
            r"\bSELECT\b[^\n]{1,200}\bFROM\b|\bINSERT INTO\s{1,9}\S{1,80}\s{0,9}\(|"
            r"(?i:\bselect\b[^\n]{1,200}\bfrom\s{1,9}\S{1,80}\s{1,9}where\s{1,9}\S{1,80}\s{0,9}(?:=|in\b|like\b|is\b))",
        ),
        (
            "a path on the server",
            ("/usr/", "/home/", "/var/", "/opt/", "/srv/", "/app/", ":\\"),
            r"(?:/(?:usr|home|var|opt|srv|app)/[\w./-]{1,200}|[A-Z]:\\[\w\\.-]{1,200})\.(?:py|rb|js|ts|php|java|go|cs)\b",
        ),
    )
)
LOOKED_AT = 100_000
"""So many characters of an error are searched for traces."""


@judges(
    "RFC7643-9.2-01", when=lambda exchange: bool(exchange.body) or bool(exchange.response and exchange.response.headers)
)
def no_credential_comes_back(exchange: Exchange) -> Iterator[Finding]:
    """Secrets are blotted out at capture: where the blot stands in an answer, the service had sent a secret."""
    match = _REDACTED.search(exchange.body) if b"[redacted:" in exchange.body else None
    if match or _WRONG in exchange.body:
        yield Finding(
            expected=["no key, token or password in a body"],
            actual=match[0].decode("ascii", "replace") if match else "the wrong key that was sent",
            likeness="body",
            hint="Answers are logged by clients and proxies: whatever was sent as a credential must not be repeated.",
        )
    for name, value in _with_credential(exchange.response.headers if exchange.response else ()):
        yield Finding(
            expected=["no key in a header"],
            actual=f"{name}: {short(value)}",
            at=name,
            likeness="header",
            hint="Headers are logged as well as bodies.",
        )


@lru_cache(maxsize=4096)
def _with_credential(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if "[redacted:token]" in value or WRONG_TOKEN in value)


def _sent_words(exchange: Exchange) -> str:
    request = exchange.request
    return unquote_plus(request.url) + (request.body or b"").decode("utf-8", "replace")


@judges("SEC-ERR-01", when=lambda exchange: exchange.is_error and bool(exchange.body))
def an_error_does_not_show_the_inside(exchange: Exchange) -> Iterator[Finding]:
    shown = exchange.body[:LOOKED_AT].decode("utf-8", "replace").replace('\\"', '"')
    small = shown.lower()
    for name, words, pattern in _TRACES:
        match = pattern.search(shown) if any(word in small for word in words) else None
        # What only repeats our own words shows nothing of the inside.
        if match and match[0] not in _sent_words(exchange):
            yield Finding(
                expected=["a sentence for the client, and the rest in the service's own log"],
                actual=f"{name}: {short(match[0], 120)}",
                likeness=name,
                hint="Stack traces, statements and paths tell an attacker how the service is built.",
            )


def _allows_origins(exchange: Exchange) -> bool:
    return exchange.header("Access-Control-Allow-Origin") is not None or exchange.tag == "origins"


@judges("SEC-CORS-01", when=_allows_origins)
def foreign_pages_cannot_use_a_credential(exchange: Exchange) -> Iterator[Finding]:
    origin = (exchange.header("Access-Control-Allow-Origin") or "").strip()
    credentials = (exchange.header("Access-Control-Allow-Credentials") or "").strip().lower() == "true"
    if credentials and origin in ("*", STRANGER):
        yield Finding(
            expected=["no Access-Control-Allow-Credentials", "named origins only"],
            actual=f"Access-Control-Allow-Origin: {origin} with credentials",
            at="Access-Control-Allow-Origin",
            likeness="wildcard" if origin == "*" else "reflected",
            hint="Any page that an administrator opens could call this interface in their name.",
        )


INJECTIONS = ("filters.injection", "ids.injection", "selection.injection")


@judges("RFC7644-7.7-01", when=lambda x: x.tag in INJECTIONS and not unread(x))
def signs_of_other_languages_mean_nothing(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    """Quotation marks, brackets and stars in a filter, a path or a parameter: refused, or taken literally."""
    if exchange.status >= 500 and exchange.status != 501:
        yield Finding(
            expected=["a 4xx", "the signs taken literally"],
            actual=seen(exchange),
            likeness=f"{exchange.tag} broke",
            hint=f"{exchange.title}: the text reaches something that executes it.",
        )
    elif exchange.tag == "filters.injection" and exchange.ok and page(exchange) and reads_filters(transcript):
        yield Finding(
            expected=["nobody", "400"],
            actual=f"{len(page(exchange))} people",
            at="/Resources",
            likeness="people",
            hint=f"{exchange.title}: the condition was changed from outside.",
        )
    elif exchange.tag == "ids.injection" and exchange.ok:
        yield Finding(
            expected=["404", "400"],
            actual=seen(exchange),
            likeness="somebody",
            hint=f"{exchange.title}: somebody was found who was not asked for.",
        )
