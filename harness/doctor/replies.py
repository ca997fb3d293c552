"""How the service answers: the media type, its clock, its limits; read off answers that came for other reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.model.step import SCIM_JSON

SKEW_S = 120.0
"""Seconds by which two clocks may differ before anybody minds. The Date header is exact to one second only."""

LEAST_A_MINUTE = 300
"""Requests a minute below which a day of many leavers becomes slow. Entra ID asks services to take 25 a second."""

_LIMIT = ("ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit")
_LEFT = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
_WINDOW = re.compile(r"w=(\d+)")


def media_type(answers: list[Exchange]) -> Line:
    """Whether answers are labelled as SCIM. Entra's own rules ask for it."""
    title = "Label of the answers"
    told = [x for x in answers if x.answered and x.body and x.status < 500]
    odd = [x for x in told if x.media_type != SCIM_JSON]
    if not told:
        return Line("media-type", State.COULD_NOT_ASK, title, "No answer came that could be looked at.")
    if not odd:
        return Line("media-type", State.OK, title, "Answers are labelled as SCIM.")
    kinds = ", ".join(sorted({x.media_type or "nothing" for x in odd}))
    proof = tuple(Proof(f"{x.method} {x.path}: {x.media_type or 'no label'}", x.id) for x in odd[:3])
    return Line(
        "media-type",
        State.WARNING,
        title,
        f"Some answers are labelled {kinds} instead of {SCIM_JSON}. Identity providers mostly read them all the same; "
        "Microsoft's own validator stops at it.",
        "Send this line to the service.",
        "service",
        evidence=proof,
    )


def clock(answers: list[Exchange]) -> Line:
    """Whether the service's clock agrees with ours. Keys end, and logs are compared, by the clock."""
    title = "Clock"
    for answer in answers:
        theirs, ours = _date(answer.header("Date") or ""), _date(answer.started_at)
        if theirs is None or ours is None:
            continue
        apart = theirs - ours
        proof = (
            Proof(
                f"their clock: {theirs:%Y-%m-%d %H:%M:%S} UTC, this computer: {ours:%Y-%m-%d %H:%M:%S} UTC", answer.id
            ),
        )
        if abs(apart.total_seconds()) <= SKEW_S:
            return Line("clock", State.OK, title, "The service's clock and this computer's agree.", evidence=proof)
        way = "ahead of" if apart > timedelta(0) else "behind"
        return Line(
            "clock",
            State.WARNING,
            title,
            f"The service's clock is {_span(abs(apart))} {way} this computer's. Keys begin and end at the wrong time, "
            "and what happened to whom can hardly be found in two logs.",
            "Look at the clock of this computer first; if it is right, send this line to the service.",
            "service",
            evidence=proof,
        )
    return Line("clock", State.NOT_AVAILABLE, title, "The service does not tell the time in its answers.")


def limits(answers: list[Exchange]) -> Line:
    """What the service says about how much it takes."""
    title = "Limits"
    for answer in answers:
        if answer.status == 429:
            wait = answer.header("Retry-After")
            return Line(
                "limits-reached",
                State.WRONG,
                title,
                "The service refused our handful of questions as too many. On a day with many leavers most of their "
                "deactivations would be refused as well."
                + ("" if wait else " It does not say when to come back, so Okta would not try again by itself."),
                "Ask the service whether other traffic shares this limit, and to give identity providers one of "
                "their own.",
                "service",
                evidence=(Proof(f"answered 429{f', Retry-After: {wait}' if wait else ''}", answer.id),),
            )
    for answer in answers:
        limit = _number(answer, _LIMIT)
        if limit is None:
            continue
        left, window = _number(answer, _LEFT), _WINDOW.search(answer.header("RateLimit-Policy") or "")
        seconds = int(window[1]) if window and int(window[1]) else 60
        proof = (Proof(_headers(answer), answer.id),)
        if limit * 60 / seconds < LEAST_A_MINUTE:
            known = "" if window else " (the service does not say in which time; we took it for a minute)"
            return Line(
                "limits-low",
                State.WARNING,
                title,
                f"The service takes {limit} requests in {seconds} seconds{known}. When many people leave at once, some "
                "of their deactivations are refused and have to be repeated.",
                "Ask the service for a limit of its own for identity providers.",
                "service",
                evidence=proof,
            )
        used = "" if left is None else f", {left} of them left now"
        return Line("limits", State.OK, title, f"{limit} requests in {seconds} seconds{used}.", evidence=proof)
    return Line("limits", State.NOT_AVAILABLE, title, "The service does not say how many requests it takes.")


def _headers(answer: Exchange) -> str:
    headers = answer.response.headers if answer.response else ()
    return ", ".join(f"{k}: {v}" for k, v in headers if "ratelimit" in k.lower().replace("-", ""))


def _number(answer: Exchange, names: tuple[str, ...]) -> int | None:
    for text in _values(answer, names):
        found = re.match(r"\s*(\d{1,9})", text)
        if found:
            return int(found[1])
    return None


def _values(answer: Exchange, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = answer.header(name)
        if value is not None:
            yield value


def _span(apart: timedelta) -> str:
    minutes = apart.total_seconds() / 60
    if minutes < 120:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 60 * 48 else f"{minutes / 1440:.0f} days"


def _date(text: str) -> datetime | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
