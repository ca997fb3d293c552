"""Error answers: their form, their status, and the keyword that tells a client what was wrong (RFC 7644 §3.12)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.reading import (
    GATEWAY,
    asked,
    endpoint,
    has_body,
    is_json,
    listing,
    mapping,
    queries,
    says_error,
    seen,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import ERROR

KEYWORDS = frozenset(
    {
        "invalidFilter",
        "tooMany",
        "uniqueness",
        "mutability",
        "invalidSyntax",
        "invalidPath",
        "noTarget",
        "invalidValue",
        "invalidVers",
        "sensitive",
        "invalidCursor",
        "expiredCursor",
        "invalidCount",
    }
)
"""scimType: RFC 7644 Table 9, and RFC 9865 §2.1 for cursors."""

FITTING = frozenset(
    {400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 428, 429, 431, 500, 501, 502, 503, 504}
)
"""RFC 7644 Table 8, and what HTTP itself says better. 422 is in neither."""

FRONT = frozenset({413, 414, 431})
"""What the machine in front says of an address or header that is too long: the service never saw the request."""


def is_own_error(exchange: Exchange) -> bool:
    """An error that the service itself made and that may carry a body."""
    # OPTIONS is no request of SCIM: a browser's question is answered by whatever stands in front.
    if exchange.method in ("HEAD", "OPTIONS") or exchange.status in GATEWAY:
        return False
    return exchange.is_error and not (exchange.status in FRONT and exchange.method == "GET")


def defect_of(exchange: Exchange) -> tuple[str, str]:
    """What keeps an answer from being a SCIM error document: (pointer, class), or ("", "") when it is one."""
    if not has_body(exchange):
        return "", "no body"
    if not is_json(exchange):
        return "", "not JSON"
    body = exchange.json
    if not isinstance(body, dict):
        return "", "not an object"
    if not isinstance(body.get("schemas"), list):
        return "/schemas", "schemas is not a list"
    return ("", "") if ERROR in listing(body["schemas"]) else ("/schemas", "no Error URN")


@judges("RFC7644-3.12-01", when=is_own_error)
def an_error_has_a_scim_body(exchange: Exchange) -> Iterator[Finding]:
    yield from not_an_error_document(exchange)


@judges("RFC7644-3.12-A01", when=lambda exchange: is_own_error(exchange) and exchange.status in (401, 403))
def a_refused_credential_gets_a_scim_body(exchange: Exchange) -> Iterator[Finding]:
    """What the administrator of an IdP sees of a wrong key is the detail of this body."""
    yield from not_an_error_document(exchange)


def not_an_error_document(exchange: Exchange) -> Iterator[Finding]:
    pointer, defect = defect_of(exchange)
    if defect:
        yield Finding(
            expected=[f'a JSON object with "schemas": ["{ERROR}"]'],
            actual=seen(exchange),
            at=pointer,
            likeness=defect,
            hint=f"This {exchange.status} answer: {defect}. Give every error the SCIM form, also those that a "
            "framework or an authentication layer makes.",
        )


def _shows_error_members(exchange: Exchange) -> bool:
    told = is_own_error(exchange) and isinstance(exchange.json, dict) and not defect_of(exchange)[1]
    return told or says_error(exchange)


@judges("RFC7644-3.12-02", "RFC7644-3.2-03", when=_shows_error_members)
def an_error_repeats_the_status_as_a_string(exchange: Exchange) -> Iterator[Finding]:
    value, right = exchange.json.get("status"), str(exchange.status)
    if value == right:
        return
    yield Finding(
        expected=[f'"status": "{right}"'],
        actual=value,
        at="/status",
        likeness="absent" if value is None else type(value).__name__,
        hint="Answer with the status of the error: a client takes 2xx for success."
        if exchange.ok
        else "Clients parse this member as text: a string with the three digits of the HTTP status.",
    )
    if isinstance(value, bool) or str(value) != right:
        yield Finding(
            expected=[f"the HTTP status {right} in the body too"],
            actual=value,
            at="/status",
            requirement="RFC7644-3.2-03",
            likeness="absent" if value is None else "another",
            hint="The status of the answer and the one in its body must not contradict each other.",
        )


def _has_keyword(exchange: Exchange) -> bool:
    return is_own_error(exchange) and mapping(exchange.json).get("scimType") is not None


@judges("RFC7644-3.12-03", "RFC7644-3.12-05", when=_has_keyword)
def a_scim_type_is_a_known_keyword(exchange: Exchange) -> Iterator[Finding]:
    """A value that is no string is broken; a word that no specification knows is only unhelpful."""
    value = exchange.json["scimType"]
    if not isinstance(value, str):
        yield Finding(
            expected=["one string"],
            actual=value,
            at="/scimType",
            likeness=type(value).__name__,
            hint="scimType holds one keyword.",
        )
    elif value not in KEYWORDS and ":" not in value:
        yield Finding(
            expected=sorted(KEYWORDS),
            actual=value,
            at="/scimType",
            requirement="RFC7644-3.12-05",
            likeness="unknown keyword",
            hint="Use a keyword of the table, spelt as there, or leave scimType out.",
        )


@judges("RFC7644-3.12-04", when=lambda x: is_own_error(x) and mapping(x.json).get("detail") is not None)
def a_detail_is_one_string(exchange: Exchange) -> Iterator[Finding]:
    value = exchange.json["detail"]
    if not isinstance(value, str):
        yield Finding(
            expected=["one string that a person can read"],
            actual=value,
            at="/detail",
            likeness=type(value).__name__,
            hint="IdPs show this text to an administrator; they cannot show a list or an object.",
        )


def _refuses_a_filter(exchange: Exchange) -> bool:
    # A search by POST can be wrong in other ways than by its filter, and so can one that asks for an order or a cursor.
    by_filter = exchange.method == "GET" or exchange.tag == "search.bad-filter"
    given = asked(exchange)
    alone = "filter" in given and not {"sortby", "sortorder", "cursor"} & given.keys()
    return exchange.status == 400 and by_filter and queries(exchange) and alone


@judges("RFC7644-3.12-05", when=_refuses_a_filter)
def a_refused_filter_says_invalid_filter(exchange: Exchange) -> Iterator[Finding]:
    yield from wrong_keyword(exchange, ("invalidFilter", "tooMany"), needed=True)


@judges("RFC7644-3.12-05", when=lambda x: x.status == 400 and x.tag.startswith(("bodies.", "search.truncated")))
def a_refused_body_says_what_is_wrong_with_it(exchange: Exchange) -> Iterator[Finding]:
    """The table gives no keyword for a broken PATCH body: any that is near, or none, will do (C12)."""
    yield from wrong_keyword(exchange, ("invalidSyntax", "invalidValue", "invalidPath"), needed=False)


def _conflicts(exchange: Exchange) -> bool:
    return exchange.status == 409 and exchange.method == "POST" and endpoint(exchange) in ("Users", "Groups")


@judges("RFC7644-3.12-05", when=_conflicts)
def a_conflict_says_uniqueness(exchange: Exchange) -> Iterator[Finding]:
    yield from wrong_keyword(exchange, ("uniqueness",), needed=True)


def wrong_keyword(exchange: Exchange, fitting: tuple[str, ...], *, needed: bool) -> Iterator[Finding]:
    value = mapping(exchange.json).get("scimType")
    if value in fitting or (value is None and not needed):
        return
    yield Finding(
        expected=[f'"scimType": "{word}"' for word in fitting] + ([] if needed else ["no scimType"]),
        actual=value,
        at="/scimType",
        likeness="absent" if value is None else "another",
        hint="A client can only react to the right fault when the keyword names it.",
    )


@judges("RFC7644-3.12-06", when=is_own_error)
def an_error_has_a_fitting_status(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in FITTING:
        yield Finding(
            expected=["400 for what the client did wrong", "another status of RFC 7644 Table 8"],
            actual=exchange.status,
            likeness=str(exchange.status),
            hint="IdPs sort errors by the statuses of the table; others are unexpected, and retried or dropped.",
        )


@judges("RFC7644-3.12-07")
def the_service_does_not_break_down(exchange: Exchange) -> Iterator[Finding]:
    """Whatever a client sends: 500 says that the service failed, and the IdP will try the same again."""
    if exchange.status == 500:
        yield Finding(
            expected=["a success", "a 4xx that says what is wrong", "501 for what is not supported"],
            actual=seen(exchange),
            likeness=exchange.tag or exchange.intent.value,
            hint=f"{exchange.method} {exchange.template or exchange.path} made the service fail. An IdP repeats it for "
            "ever: answer 400 with a detail when the request is at fault.",
        )


@judges(
    "RFC7644-3.12-09", when=lambda exchange: exchange.is_error and exchange.media_type == "application/problem+json"
)
def a_problem_document_does_not_replace_the_scim_error(exchange: Exchange) -> Iterator[Finding]:
    if exchange.method != "HEAD" and defect_of(exchange)[1]:
        yield Finding(
            expected=["a SCIM error document"],
            actual=seen(exchange),
            at="Content-Type",
            hint="RFC 9457 is another format: SCIM has its own, and clients read only that one.",
        )
