"""ServiceProviderConfig: its members, and whether the service does what it says there (RFC 7643 §5)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from harness.checks.declared import configuration, flag
from harness.checks.http import one
from harness.checks.reading import (
    below,
    endpoint,
    ids,
    listing,
    member,
    number,
    observed,
    says_error,
    seen,
    text,
    total,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
SCHEMES = ("oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest")
NOT_DONE = (501, 405)
"""Statuses that say that a feature is not there at all."""


def _is_configuration(exchange: Exchange) -> bool:
    shown = exchange.method == "GET" and exchange.ok and isinstance(exchange.json, dict) and not exchange.is_list
    return shown and endpoint(exchange) == "ServiceProviderConfig" and not says_error(exchange)


@judges("RFC7643-5-01", when=_is_configuration)
def each_feature_is_switched_on_or_off(exchange: Exchange) -> Iterator[Finding]:
    for feature in FEATURES:
        if flag(exchange.json, feature) is None:
            yield Finding(
                expected=["true", "false"],
                actual=member(member(exchange.json, feature), "supported"),
                at=f"/{feature}/supported",
                hint="All six features are named, also those that are not supported.",
            )


@judges("RFC7643-5-02", when=_is_configuration)
def the_limits_of_bulk_are_numbers(exchange: Exchange) -> Iterator[Finding]:
    for name in ("maxOperations", "maxPayloadSize"):
        value = member(member(exchange.json, "bulk"), name)
        if number(value) is None:
            yield Finding(
                expected=["a whole number; 0 where bulk is not supported"],
                actual=value,
                at=f"/bulk/{name}",
                hint="The member is required even when bulk is off.",
            )


@judges("RFC7643-5-03", when=_is_configuration)
def the_limit_of_a_filter_is_a_number(exchange: Exchange) -> Iterator[Finding]:
    value = number(member(member(exchange.json, "filter"), "maxResults"))
    if value is None or (flag(exchange.json, "filter") and value < 1):
        yield Finding(
            expected=["a whole number, 1 or more where filters are supported"],
            actual=member(member(exchange.json, "filter"), "maxResults"),
            at="/filter/maxResults",
            hint="It tells a client how many people one answer can hold.",
        )


@judges("RFC7643-5-04", "RFC7643-5-05", when=_is_configuration)
def each_authentication_scheme_is_described(exchange: Exchange) -> Iterator[Finding]:
    schemes = member(exchange.json, "authenticationSchemes")
    if not isinstance(schemes, list):
        yield Finding(
            expected=["a list"],
            actual=schemes,
            at="/authenticationSchemes",
            likeness="no list",
            hint="Name the schemes that the service takes, for example oauthbearertoken.",
        )
        return
    if not schemes:
        yield Finding(
            expected=["at least one scheme"],
            actual=schemes,
            at="/authenticationSchemes",
            requirement="RFC7643-5-05",
            likeness="empty",
            hint="A client cannot learn here how to authenticate.",
        )
    for index, scheme in enumerate(schemes):
        for name in ("type", "name", "description"):
            if not text(member(scheme, name)):
                yield Finding(
                    expected=["a string"],
                    actual=member(scheme, name),
                    at=f"/authenticationSchemes/{index}/{name}",
                    hint="type, name and description are required of each scheme.",
                )
        kind = text(member(scheme, "type"))
        if kind and kind.lower() not in SCHEMES:
            yield Finding(
                expected=list(SCHEMES),
                actual=kind,
                at=f"/authenticationSchemes/{index}/type",
                requirement="RFC7643-5-05",
                likeness="unknown",
                hint="A client only knows the words of the standard.",
            )


@judges("RFC7643-5-06", when=lambda x: _is_configuration(x) and bool(listing(member(x.json, "authenticationSchemes"))))
def one_scheme_at_most_is_primary(exchange: Exchange) -> Iterator[Finding]:
    schemes = listing(member(exchange.json, "authenticationSchemes"))
    primary = [s for s in schemes if member(s, "primary") is True]
    if len(primary) > 1:
        yield Finding(
            expected=["one primary scheme at most"],
            actual=f"{len(primary)} of {len(schemes)} schemes are primary",
            at="/authenticationSchemes",
            hint="primary names the one to prefer.",
        )


@judges("RFC7643-5-07", when=lambda x: x.tag == "token.none.config" and not unread(x))
def the_configuration_can_be_read_before_there_is_a_token(exchange: Exchange) -> Iterator[Finding]:
    """A refusal is no more than a warning, and only here: no text demands that discovery be public (C02)."""
    if not exchange.ok:
        yield Finding(
            expected=["200"],
            actual=seen(exchange),
            hint="A client learns from authenticationSchemes how to obtain a token: it has none yet.",
        )


def _links(exchange: Exchange) -> Iterator[tuple[str, object]]:
    yield "/documentationUri", member(exchange.json, "documentationUri")
    for index, scheme in enumerate(listing(member(exchange.json, "authenticationSchemes"))):
        for name in ("specUri", "documentationUri"):
            yield f"/authenticationSchemes/{index}/{name}", member(scheme, name)


def _has_links(exchange: Exchange) -> bool:
    return _is_configuration(exchange) and any(value is not None for _, value in _links(exchange))


@judges("RFC7643-5-08", when=_has_links)
def links_to_documents_are_addresses(exchange: Exchange) -> Iterator[Finding]:
    for pointer, value in _links(exchange):
        if value is not None and not _is_http_url(text(value)):
            yield Finding(
                expected=["an absolute http or https URL"],
                actual=value,
                at=pointer,
                hint="A person has to be able to open it.",
            )


def _is_http_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _patching(transcript: Transcript) -> Iterator[tuple[str, bool, Exchange]]:
    patches = [x for x in observed(transcript) if x.method == "PATCH" and endpoint(x) == "Users" and below(x)]
    done = [x for x in patches if x.ok]
    # A service may refuse one operation with 501 and still do others: one success shows that PATCH is there.
    for exchange in done[:1] or [x for x in patches if x.status in NOT_DONE][:1]:
        yield "patch", exchange.ok, exchange


def _evidence(transcript: Transcript) -> Iterator[tuple[str, bool, Exchange]]:
    """What was seen of a feature: (feature, whether it worked, the exchange that shows it)."""
    yield from _patching(transcript)
    everybody = one(transcript, "discovery.people")
    match, bulk = one(transcript, "discovery.match"), one(transcript, "discovery.bulk")
    sort, version = one(transcript, "discovery.sort"), one(transcript, "discovery.version")
    if bulk is not None and says_error(bulk):
        bulk = None
    if match is not None and match.status in (400, 403, *NOT_DONE):
        yield "filter", False, match
    # An empty service answers like this whether it filters or not.
    elif match is not None and match.ok and total(match) == 0 and everybody is not None and total(everybody):
        yield "filter", True, match
    if bulk is not None and (bulk.ok or bulk.status in (403, 404, *NOT_DONE)):
        yield "bulk", bulk.ok, bulk
    if sort is not None and sort.status in (400, 403, 404, *NOT_DONE):
        yield "sort", False, sort
    up, down = one(transcript, "paging.ascending"), one(transcript, "paging.descending")
    if up is not None and down is not None and up.ok and down.ok and len(set(ids(up))) > 1 and ids(up) == ids(down):
        yield "sort", False, down
    if version is not None and version.resource:
        in_body = member(member(version.resource, "meta"), "version")
        if version.header("ETag") is None and not in_body:
            yield "etag", False, version


@judges("RFC7643-5-09", when=lambda t: any(flag(configuration(t), f) is not None for f, _, _ in _evidence(t)))
def the_service_does_what_its_configuration_says(transcript: Transcript) -> Iterator[Finding]:
    config = configuration(transcript)
    for feature, works, exchange in _evidence(transcript):
        said = flag(config, feature)
        if said is not None and said is not works:
            yield Finding(
                expected=[f'"{feature}": {{"supported": {str(works).lower()}}}'],
                actual=f'"supported": {str(said).lower()}, but {exchange.method} was answered {exchange.status}',
                at=f"/{feature}/supported",
                exchange=exchange.id,
                hint="Correct the configuration or the service: a client that reads the switch takes the wrong road.",
            )


def _promised_cursor(transcript: Transcript) -> Exchange | None:
    """The first page of one person by cursor, where cursors are announced and there are more people than one."""
    promised = member(member(configuration(transcript), "pagination"), "cursor") is True
    everybody = one(transcript, "paging.first")
    several = everybody is not None and (total(everybody) or 0) > 1
    return one(transcript, "paging.cursor") if promised and several else None


@judges("RFC7643-5-09", probe="paging", when=lambda transcript: _promised_cursor(transcript) is not None)
def paging_by_cursor_is_there_when_announced(transcript: Transcript) -> Iterator[Finding]:
    answer = _promised_cursor(transcript)
    if answer is not None and not (answer.ok and text(member(answer.json, "nextCursor"))):
        yield Finding(
            expected=["200 with nextCursor: there are more people"],
            actual=seen(answer),
            at="/nextCursor" if answer.ok else "",
            exchange=answer.id,
            likeness="cursor",
            hint='"pagination": {"cursor": true} promises RFC 9865: a client that relies on it sees one page only.',
        )
