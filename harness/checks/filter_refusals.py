"""Filters that have to be refused, or to match nobody: never a guess, never everybody (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.filters import REFUSED, declined, reads_filters
from harness.checks.http import one
from harness.checks.reading import (
    GATEWAY,
    elsewhere,
    member,
    page,
    seen,
    total,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


@judges("RFC7644-3.4.2.2-04", "RFC7644-3.12-06", when=lambda x: x.tag == "filters.bad" and not elsewhere(x))
def a_filter_that_is_no_filter_is_refused(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_refused(exchange, "RFC7644-3.4.2.2-04")


@judges("HTTP-FILTER-01", when=lambda x: x.tag == "filters.empty" and not elsewhere(x))
def an_empty_filter_is_refused(exchange: Exchange) -> Iterator[Finding]:
    """No clause speaks of it. The grammar has no empty filter, and everybody is not what was asked for."""
    if exchange.status not in REFUSED:
        yield Finding(
            expected=["400"],
            actual=f"{len(page(exchange))} people" if exchange.ok else seen(exchange),
            likeness="taken" if exchange.ok else str(exchange.status),
            hint="A client whose value got lost must not be handed everybody.",
        )


def _not_refused(exchange: Exchange, requirement: str) -> Iterator[Finding]:
    if exchange.status in REFUSED:
        return
    yield Finding(
        expected=['400 with "scimType": "invalidFilter"'],
        actual=f"200 with {len(page(exchange))} people" if exchange.ok else seen(exchange),
        requirement="RFC7644-3.12-06" if declined(exchange) else requirement,
        likeness="taken" if exchange.ok else str(exchange.status),
        hint=f"{exchange.title}: refuse what cannot be understood. A guess shows people whom nobody asked for.",
    )


@judges("RFC7644-3.4.2.2-05", when=lambda x: x.tag == "filters.operator-unknown" and not elsewhere(x))
def an_unknown_operator_is_refused(exchange: Exchange) -> Iterator[Finding]:
    keyword = member(exchange.json, "scimType")
    if exchange.status != 400 or keyword != "invalidFilter":
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"'],
            actual=f"200 with {len(page(exchange))} people" if exchange.ok else f"{seen(exchange)}",
            at="/scimType" if exchange.status == 400 else "",
            likeness="keyword" if exchange.status == 400 else "taken" if exchange.ok else str(exchange.status),
            hint="This is the one filter fault for which status and keyword are both demanded.",
        )


@judges("RFC7644-3.4.2.2-06", "RFC7644-3.12-06", when=lambda exchange: exchange.tag == "filters.impossible")
def a_filter_that_matches_nobody_shows_nobody(exchange: Exchange) -> Iterator[Finding]:
    """Legal filters that nobody can match: a service that does not support one has to say so."""
    if exchange.ok and (page(exchange) or total(exchange)):
        yield Finding(
            expected=["200 with nobody", '400 with "scimType": "invalidFilter"'],
            actual=f"{total(exchange) or len(page(exchange))} people",
            at="/Resources",
            likeness=exchange.title,
            hint=f"{exchange.title}: nobody matches this. What is not supported is refused, not left out of account.",
        )
    elif exchange.status in (403, 501):
        yield Finding(
            expected=["400"],
            actual=exchange.status,
            requirement="RFC7644-3.12-06",
            likeness=str(exchange.status),
            hint="A filter that is not supported is a bad request with the keyword invalidFilter.",
        )


@judges(
    "RFC7644-3.4.2.2-34", "RFC7644-3.4.2.2-06", when=lambda x: x.tag == "filters.attribute-unknown" and not elsewhere(x)
)
def an_attribute_that_does_not_exist_matches_nobody(exchange: Exchange) -> Iterator[Finding]:
    """Refusing it and finding nobody are both right; showing people is what makes an IdP take a stranger (C15)."""
    if exchange.ok and (page(exchange) or total(exchange)):
        for requirement in ("RFC7644-3.4.2.2-34", "RFC7644-3.4.2.2-06"):
            yield Finding(
                expected=['400 with "scimType": "invalidFilter"', "200 with nobody"],
                actual=f"{total(exchange) or len(page(exchange))} people",
                at="/Resources",
                requirement=requirement,
                likeness="ignored",
                hint="A comparison that cannot be made is not a comparison that everybody passes.",
            )
    elif not exchange.ok and exchange.status not in REFUSED:
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"', "200 with nobody"],
            actual=seen(exchange),
            requirement="RFC7644-3.4.2.2-34",
            likeness=str(exchange.status),
            hint="The filter names an attribute that no schema has.",
        )


@judges("RFC7644-3.4.2.2-37", when=lambda exchange: exchange.tag == "filters.hostile")
def a_hostile_filter_costs_nothing(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    exact = one(transcript, "filters.exact")
    usual = exact.elapsed_ms if exact is not None else 0.0
    if exchange.status >= 500 and exchange.status not in (501, *GATEWAY):
        yield Finding(
            expected=["400", "413", "414", "200 with nobody"],
            actual=seen(exchange),
            likeness="broke",
            hint=f"{exchange.title}: set a limit on length and depth.",
        )
    elif exchange.ok and page(exchange) and reads_filters(transcript):
        yield Finding(
            expected=["400", "413", "414", "200 with nobody"],
            actual=f"{len(page(exchange))} people",
            at="/Resources",
            likeness="people",
            hint=f"{exchange.title}: nobody matches this.",
        )
    # A slow line makes everything slow: only what takes far longer than the plain lookup is dear.
    elif exchange.elapsed_ms > max(2000.0, 10 * usual):
        yield Finding(
            expected=["an answer within two seconds"],
            actual=f"{exchange.elapsed_ms / 1000:.1f} seconds",
            likeness="slow",
            hint=f"{exchange.title}: a few of these at once would stop the service.",
        )
