"""HTTP itself: media types, methods, addresses and parameters (RFC 7644 §3.8, §3.12, §3.13; RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.errors import defect_of, not_an_error_document
from harness.checks.reading import (
    GATEWAY,
    has_body,
    is_json,
    observed,
    seen,
    unread,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import SCIM_JSON
from harness.model.transcript import Transcript

NOT_OFFERED = frozenset({403, 404, 405, 501})
"""Answers after which it cannot be told how a body would have been read."""

SHAPES = ("bodies.array", "bodies.string", "bodies.number", "bodies.null", "bodies.empty")
BROKEN = ("bodies.truncated", "search.truncated")


def one(transcript: Transcript, tag: str) -> Exchange | None:
    """The first exchange with a tag that the service itself answered, or None."""
    return next((x for x in transcript.tagged(tag) if x.answered and x.status not in GATEWAY), None)


def speaks_json(exchange: Exchange) -> bool:
    """Whether the media type is one of JSON; a missing one is another clause's matter."""
    kind = exchange.media_type
    return not kind or kind in (SCIM_JSON, "application/json") or kind.endswith("+json")


def _is_own(exchange: Exchange) -> bool:
    told = has_body(exchange) and (exchange.ok or exchange.is_error) and exchange.status not in GATEWAY
    return told and exchange.method != "OPTIONS"


@judges("RFC7644-8.1-01", when=_is_own)
def an_answer_is_typed_as_scim_json(exchange: Exchange) -> Iterator[Finding]:
    if exchange.media_type != SCIM_JSON:
        yield Finding(
            expected=[f"Content-Type: {SCIM_JSON}"],
            actual=exchange.header("Content-Type"),
            at="Content-Type",
            likeness=exchange.media_type or "none",
            hint="Entra ID's validator stops at another type; a charset parameter behind it does no harm.",
        )


def _asks_for_scim(exchange: Exchange) -> bool:
    accept = (exchange.sent_header("Accept") or "").lower()
    return exchange.method == "GET" and SCIM_JSON in accept and (exchange.ok or exchange.status == 406)


@judges("RFC7644-3.8-02", when=_asks_for_scim)
def scim_json_is_given_when_asked_for(exchange: Exchange) -> Iterator[Finding]:
    """application/json instead is tolerated here and warned of elsewhere (C37)."""
    if exchange.status == 406 or (has_body(exchange) and not (speaks_json(exchange) and is_json(exchange))):
        yield Finding(
            expected=[f"200 with {SCIM_JSON}"],
            actual=seen(exchange),
            at="Content-Type",
            likeness=str(exchange.status),
            hint="Every SCIM client asks for this type: it has to be served.",
        )


def _reads_plainly(transcript: Transcript) -> bool:
    plain = one(transcript, "formats.scim")
    return plain is not None and plain.ok


@judges("RFC7644-3.8-03", probe="formats", when=lambda t: _reads_plainly(t) and one(t, "formats.json") is not None)
def plain_json_is_given_when_asked_for(transcript: Transcript) -> Iterator[Finding]:
    yield from _not_served(transcript, "formats.json", ["200 with application/json or application/scim+json"])


@judges("RFC7644-3.8-04", probe="formats", when=lambda t: _reads_plainly(t) and one(t, "formats.none") is not None)
def scim_json_is_given_when_nothing_is_asked_for(transcript: Transcript) -> Iterator[Finding]:
    for tag in ("formats.none", "formats.any"):
        yield from _not_served(transcript, tag, [f"200 with {SCIM_JSON}"])


def _not_served(transcript: Transcript, tag: str, expected: list[str]) -> Iterator[Finding]:
    answer = one(transcript, tag)
    if answer is not None and not (answer.ok and speaks_json(answer) and is_json(answer)):
        yield Finding(
            expected=expected,
            actual=seen(answer),
            at="Content-Type",
            exchange=answer.id,
            likeness=tag,
            hint=f"The same request was served with Accept: {SCIM_JSON}.",
        )


_TYPED = {
    "bodies.plain": (SCIM_JSON, "Both Okta and Entra ID send it."),
    "bodies.charset": (f"{SCIM_JSON}; charset=utf-8", "Entra ID sends the parameter."),
    "bodies.json": ("application/json", "Older Okta apps and many tools send it."),
}
"""The same harmless change in three types."""


def _typed(transcript: Transcript, *tags: str) -> list[Exchange]:
    """The answers to the change in these types, when it was taken in one of the three: only then it is the type."""
    answers = {tag: one(transcript, tag) for tag in _TYPED}
    if not any(answer is not None and answer.ok for answer in answers.values()):
        return []
    return [answer for tag, answer in answers.items() if tag in tags and answer is not None]


@judges("RFC7644-3.8-06", probe="bodies", when=lambda t: bool(_typed(t, "bodies.plain", "bodies.charset")))
def a_body_typed_as_scim_is_taken(transcript: Transcript) -> Iterator[Finding]:
    """With a charset parameter and without."""
    yield from _not_taken(transcript, "bodies.plain", "bodies.charset")


@judges("RFC7644-8.1-02", probe="bodies", when=lambda t: bool(_typed(t, "bodies.json")))
def a_body_typed_as_plain_json_is_taken(transcript: Transcript) -> Iterator[Finding]:
    yield from _not_taken(transcript, "bodies.json")


def _not_taken(transcript: Transcript, *tags: str) -> Iterator[Finding]:
    for answer in _typed(transcript, *tags):
        kind, why = _TYPED[answer.tag]
        if not answer.ok:
            yield Finding(
                expected=["the success that the same body got in another type"],
                actual=seen(answer),
                exchange=answer.id,
                likeness=answer.tag,
                hint=f"The body was typed {kind}. {why}",
            )


def _was_read(exchange: Exchange) -> bool:
    return exchange.status not in NOT_OFFERED and not unread(exchange)


@judges("RFC9110-15.5.16-01", when=lambda x: x.tag == "bodies.xml" and _was_read(x))
def a_foreign_media_type_is_refused(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in (415, 400):
        yield Finding(
            expected=["415", "400"],
            actual=seen(exchange),
            likeness="taken" if exchange.ok else str(exchange.status),
            hint=f"A body typed {exchange.sent_header('Content-Type')} is no SCIM: guessing what it means is how a "
            "write goes wrong.",
        )


@judges("HTTP-JSON-01", when=lambda x: x.tag in BROKEN and x.status != 415 and _was_read(x))
def broken_json_is_a_bad_request(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_a_bad_request(exchange)


@judges("HTTP-JSON-02", when=lambda x: x.tag in SHAPES and x.status != 415 and _was_read(x))
def json_of_the_wrong_shape_is_a_bad_request(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_a_bad_request(exchange, *((411,) if exchange.tag == "bodies.empty" else ()))


def _not_a_bad_request(exchange: Exchange, *also: int) -> Iterator[Finding]:
    # 422 has a warning of its own.
    if exchange.status not in (400, 422, *also):
        yield Finding(
            expected=["400", *(str(status) for status in also)],
            actual=seen(exchange),
            likeness=exchange.tag,
            hint=f"{exchange.title}: the client is at fault, and 400 tells it so.",
        )


@judges("RFC9110-15.5.6-01", when=lambda exchange: exchange.status == 405)
def a_405_names_the_allowed_methods(exchange: Exchange) -> Iterator[Finding]:
    allow = exchange.header("Allow")
    if allow is None:
        yield Finding(
            expected=["an Allow header"],
            actual=None,
            at="Allow",
            likeness="absent",
            hint="405 must say which methods this address does have.",
        )
    elif exchange.method in methods_in(allow):
        yield Finding(
            expected=[f"an Allow header without {exchange.method}"],
            actual=allow,
            at="Allow",
            likeness="names the refused method",
            hint="The header lists what would have been accepted.",
        )


def methods_in(allow: str | None) -> list[str]:
    return [word.strip().upper() for word in (allow or "").split(",") if word.strip()]


def _contradictions(transcript: Transcript) -> Iterator[tuple[Exchange, Exchange]]:
    """Pairs (405 with Allow, another request to the same path with a method that Allow lists)."""
    answered = [x for x in observed(transcript) if x.path]
    for refused in answered:
        allowed = methods_in(refused.header("Allow")) if refused.status == 405 else []
        for other in answered if allowed else ():
            if other.path == refused.path and other.method in allowed and other.method != refused.method:
                yield refused, other


@judges("RFC9110-15.5.6-02", when=lambda transcript: any(True for _ in _contradictions(transcript)))
def the_allow_header_is_true(transcript: Transcript) -> Iterator[Finding]:
    for refused, other in _contradictions(transcript):
        if other.status in (405, 501):
            yield Finding(
                expected=[f"{other.method} is served, as the Allow header of {refused.method} says"],
                actual=f"{other.status}; Allow was: {refused.header('Allow')}",
                at="Allow",
                exchange=other.id,
                likeness=other.method,
                hint="List in Allow only what the address really has.",
            )


_HEADS = (("methods.config", "methods.head-config"), ("methods.person", "methods.head-person"))


def _heads(transcript: Transcript) -> Iterator[tuple[Exchange, Exchange]]:
    for get_tag, head_tag in _HEADS:
        get, head = one(transcript, get_tag), one(transcript, head_tag)
        if get is not None and head is not None and get.ok and head.status not in GATEWAY:
            yield get, head


@judges("RFC9110-9.1-01", "HTTP-HEAD-01", probe="methods", when=lambda t: any(True for _ in _heads(t)))
def head_answers_like_get(transcript: Transcript) -> Iterator[Finding]:
    """A clean 405 is a gap that nobody's client falls into; any other difference is a wrong answer."""
    for get, head in _heads(transcript):
        if head.status == get.status:
            continue
        clean = head.status == 405 and head.header("Allow") is not None
        yield Finding(
            expected=[f"{get.status}, as GET answers there"],
            actual=head.status,
            exchange=head.id,
            requirement="HTTP-HEAD-01" if clean else "RFC9110-9.1-01",
            likeness="405" if clean else str(head.status),
            hint="HEAD is GET without the body; most frameworks have it built in.",
        )


@judges("RFC7644-3.12-00", when=lambda exchange: exchange.tag == "paths.unknown" and not unread(exchange))
def an_unknown_path_is_a_scim_404(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 404:
        yield Finding(
            expected=["404"],
            actual=seen(exchange),
            likeness="status",
            hint="No endpoint has this path. A page or a redirect here hides a mistyped base URL.",
        )
    elif defect_of(exchange)[1]:
        yield from not_an_error_document(exchange)


@judges("RFC7644-3.13-02", when=lambda exchange: exchange.tag == "paths.version" and not unread(exchange))
def an_unknown_version_is_not_served(exchange: Exchange) -> Iterator[Finding]:
    if exchange.ok:
        yield Finding(
            expected=["404", '400 with "scimType": "invalidVers"'],
            actual=seen(exchange),
            hint="The path asks for version 9 of the protocol: serving another one silently misleads the client.",
        )


@judges(
    "RFC7644-3.4.2-01", probe="formats", when=lambda t: _reads_plainly(t) and one(t, "formats.parameter") is not None
)
def an_unknown_parameter_is_ignored(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "formats.parameter")
    if answer is not None and not (answer.ok and answer.is_list):
        yield Finding(
            expected=["the answer to the same request without the unknown parameter"],
            actual=seen(answer),
            exchange=answer.id,
            hint="Parameters that SCIM does not define must do no harm: proxies and clients add their own.",
        )
