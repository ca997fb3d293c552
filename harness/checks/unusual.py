"""Unusual questions, which must do no harm: pages for people, OPTIONS, suffixes, doubled members (RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.http import speaks_json
from harness.checks.reading import GATEWAY, is_json, seen, unread
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import SCIM_JSON


def _stayed(exchange: Exchange) -> bool:
    """Whether the service answered itself and sent nobody elsewhere."""
    return exchange.status not in GATEWAY and not 300 <= exchange.status < 400


@judges("RFC9110-12.5.1-01", when=lambda x: x.tag == "formats.html" and _stayed(x))
def a_page_for_people_is_not_served(exchange: Exchange) -> Iterator[Finding]:
    served = exchange.ok and speaks_json(exchange) and is_json(exchange)
    if not served and exchange.status != 406:
        yield Finding(
            expected=["406", f"200 with {SCIM_JSON}"],
            actual=seen(exchange),
            at="Content-Type",
            likeness=str(exchange.status),
            hint="Accept: text/html at a SCIM endpoint is answered in SCIM or not at all.",
        )


@judges("RFC9110-9.3.7-01", when=lambda x: x.tag == "methods.options" and _stayed(x))
def options_are_told_or_refused(exchange: Exchange) -> Iterator[Finding]:
    told = exchange.status in (200, 204) and exchange.header("Allow") is not None
    if not told and exchange.status not in (401, 403, 404, 405, 501):
        yield Finding(
            expected=["200 or 204 with Allow", "405"],
            actual=seen(exchange),
            at="Allow" if exchange.ok else "",
            likeness="no allow" if exchange.ok else str(exchange.status),
            hint="Without an Allow header the answer to OPTIONS says nothing.",
        )


@judges("RFC7644-3.8-05", when=lambda exchange: exchange.tag == "ids.suffix" and not unread(exchange))
def a_format_suffix_is_served_or_not_found(exchange: Exchange) -> Iterator[Finding]:
    """Somebody whose id ends in .scim is a third possibility that nobody has seen."""
    if exchange.status not in (200, 404):
        yield Finding(
            expected=["404", "200 with the person"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="The suffix is an older way to ask for a format; whoever does not know it knows no such id.",
        )


@judges("HTTP-JSON-03", when=lambda exchange: exchange.tag == "bodies.doubled" and exchange.status not in GATEWAY)
def a_doubled_member_breaks_nothing(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status >= 500 and exchange.status != 501:
        yield Finding(
            expected=["400", "the success that the same body gets without the doubled member"],
            actual=seen(exchange),
            likeness="broke",
            hint="The body names op twice with one and the same value.",
        )
