"""How long a key lives, as far as it or the service tells."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from harness.doctor.key import NO_ACCESS, Key, line_with
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange

SOON = timedelta(days=30)
"""A key that ends within this time is told."""

SHORT = timedelta(days=2)
"""A key that lives no longer than this was made for a program that renews it, not for a field of an IdP."""

_EXPIRY_HEADER = re.compile(r"(token|key|credential|authentication).*expir", re.I)


def lifetime(key: Key, answers: list[Exchange], now: datetime, idps: tuple[str, ...]) -> Line:
    """How long the key will live, as far as anybody can see it from here."""
    claims = claims_of(key.clean.reveal())
    ends, proof = moment_of(claims.get("exp")), Proof("the end is written in the key itself")
    lived = span_of(claims)
    if ends is None:
        ends, proof = _from_headers(answers)
    if lived is not None and lived <= SHORT:
        return short_lived(lived, idps, [proof])
    title = "How long the key lives"
    if ends is None:
        if claims:
            return Line(
                "key-never-expires",
                State.WARNING,
                title,
                "The key has no end. Whoever gets hold of it can switch people off for years.",
                "Ask the service whether it offers keys with an end, and renew the key once a year.",
                "customer",
            )
        return Line(
            "key-life",
            State.NOT_AVAILABLE,
            title,
            "Nobody can see from here when the key ends. On that day people who leave would keep access, without a "
            "word to them or to you.",
            "Look at the service's own page for its end, and put a reminder into your calendar a month before.",
            "customer",
        )
    left = ends - now
    told = f"The key ends on {ends:%Y-%m-%d}"
    if left <= timedelta(0):
        return line_with(
            "key-expired", f"{told}, which is past. {NO_ACCESS}", "Ask for a new key and paste it", idps, [proof]
        )
    if left <= SOON:
        days = max(left.days, 0)
        what = f"{told}, in {days} day{'' if days == 1 else 's'}. From then on whoever leaves keeps access."
        return line_with("key-expires-soon", what, "Ask for a new key now and paste it", idps, [proof], State.WARNING)
    return Line("key-life", State.OK, title, f"{told}, in {left.days} days.", evidence=(proof,))


def short_lived(lived: timedelta, idps: tuple[str, ...], proof: list[Proof]) -> Line:
    """A token that was made to be renewed by a program, which no field of an IdP does."""
    hours = max(1, round(lived.total_seconds() / 3600))
    return line_with(
        "key-short-lived",
        f"This is a token that lives for {hours} hour{'' if hours == 1 else 's'}, made for a program that renews it. "
        "It works now and stops soon; from then on whoever leaves keeps access.",
        "Ask the service for a key that lives for months (often called API key or SCIM token)",
        idps,
        proof,
    )


def claims_of(token: str) -> Mapping[str, Any]:
    """What a JWT says about itself, unproved; {} for any other token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def moment_of(seconds: Any) -> datetime | None:
    """Seconds since 1970 as a moment; None for what is none."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def span_of(claims: Mapping[str, Any]) -> timedelta | None:
    """From when to when a token was made to live; None when it does not say both."""
    ends, made = moment_of(claims.get("exp")), moment_of(claims.get("iat") or claims.get("nbf"))
    return ends - made if ends is not None and made is not None else None


def _from_headers(answers: list[Exchange]) -> tuple[datetime | None, Proof]:
    for answer in answers:
        for name, value in answer.response.headers if answer.response else ():
            if _EXPIRY_HEADER.search(name) and (moment := _date(value)) is not None:
                return moment, Proof(f"{name}: {value}", answer.id)
    return None, Proof("")


def _date(text: str) -> datetime | None:
    text = text.strip()
    if text.isdigit():
        return moment_of(int(text))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.replace(" UTC", "+00:00"))
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
