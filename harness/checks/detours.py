"""Detours: what a service points to has to lead there, with the same rights and the same effect."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import answered
from harness.checks.patching import one
from harness.checks.state import member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.transcript import Transcript

MARK = "scimulator-detour-"
REDIRECTS = (301, 302, 303, 307, 308)


@judges("RFC7644-3.12-08", probe="detours", when=lambda t: getattr(one(t, "detour.slash"), "status", 0) in (307, 308))
def a_redirected_write_works_where_it_is_sent(transcript: Transcript) -> Iterator[Finding]:
    """307 and 308 keep method and body, so the same request has to work at the address in Location."""
    sent, followed, read = (one(transcript, f"detour.{tag}") for tag in ("slash", "followed", "followed.read"))
    assert sent is not None
    stored = read is not None and member(read.resource, "externalId") == f"{MARK}slash"
    if followed is None or not followed.ok or not stored:
        yield Finding(
            expected=["a Location below the base URL, where the same PATCH is carried out"],
            actual=f"Location {as_json(sent.header('Location'))}, and HTTP {followed.status if followed else 0} there",
            at="Location",
            hint="Redirect to the resource itself, or serve the address with a slash at its end directly.",
            exchange=(followed or sent).id,
        )


def _asks_for_me(exchange: Exchange) -> bool:
    return exchange.tag in ("me.read", "refuse.me.read") and answered(exchange)


@judges("RFC7644-3.11-03", when=lambda x: _asks_for_me(x) and bool(x.resource))
def me_names_the_permanent_address(exchange: Exchange) -> Iterator[Finding]:
    told, header = member(exchange.resource, "meta", "location"), exchange.header("Location")
    if not header or (isinstance(told, str) and told != header) or header.rstrip("/").lower().endswith("/me"):
        yield Finding(
            expected=["the same address as in meta.location, below /Users"],
            actual=header,
            at="Location",
            hint="/Me is another name: send the permanent address of the person in Location.",
            likeness="absent" if not header else "differs",
        )


@judges("RFC7644-3.11-02", probe="me", when=lambda t: getattr(one(t, "me.read"), "status", 0) in REDIRECTS)
def me_redirects_to_somebody(transcript: Transcript) -> Iterator[Finding]:
    answer, followed = one(transcript, "me.read"), one(transcript, "me.followed")
    assert answer is not None
    if answer.status != 308 or followed is None or not followed.resource:
        yield Finding(
            expected=["HTTP 308, and a person at the Location"],
            actual=f"HTTP {answer.status}, and HTTP {followed.status if followed else 0} at its Location",
            at="Location",
            hint="Redirect with 308 to the permanent address of the person.",
            exchange=(followed or answer).id,
        )


@judges("RFC7644-7.5.2-01", probe="detours", when=lambda t: getattr(one(t, "detour.filter"), "status", 0) == 403)
def what_is_too_sensitive_for_an_address_can_be_searched_for(transcript: Transcript) -> Iterator[Finding]:
    search = one(transcript, "detour.search")
    if search is not None and not search.ok:
        yield Finding(
            expected=["HTTP 200 to the same filter in POST /Users/.search"],
            actual=f"HTTP {search.status}",
            hint="Serve the search request: a client that may not filter at all finds nobody, and deactivates nobody.",
            exchange=search.id,
        )


# Answers that come later.


@judges("RFC9967-4-01", when=lambda x: x.path == "/ServiceProviderConfig" and "securityEvents" in x.resource)
def the_configuration_announces_later_answers_properly(exchange: Exchange) -> Iterator[Finding]:
    events = exchange.resource["securityEvents"]
    kind, uris = member(events, "asyncRequest"), member(events, "eventUris")
    known = isinstance(kind, str) and kind.lower() in ("none", "long", "request")
    if not isinstance(events, dict) or not known:
        yield Finding(
            expected=["none", "long", "request"],
            actual=kind if isinstance(events, dict) else events,
            at="/securityEvents/asyncRequest",
            hint="Say in asyncRequest how requests can be asynchronous.",
            likeness="kind",
        )
    elif uris is not None and not (isinstance(uris, list) and all(isinstance(u, str) for u in uris)):
        yield Finding(
            expected=["a list of texts"],
            actual=uris,
            at="/securityEvents/eventUris",
            hint="List the URIs of the events that are sent.",
            likeness="uris",
        )


LATER = ("later.one", "later.two", "later.wait")


def _put_off(transcript: Transcript) -> list[Exchange]:
    return [x for tag in LATER for x in transcript.tagged(tag) if x.status == 202]


@judges("RFC9967-2.5.1.1-01", probe="later", when=lambda t: any(one(t, tag) for tag in LATER))
def a_later_answer_is_announced_or_comes_at_once(transcript: Transcript) -> Iterator[Finding]:
    for answer in (one(transcript, tag) for tag in LATER):
        if answer is not None and answer.status not in (200, 202, 204):
            yield Finding(
                expected=["HTTP 200 or 204", "HTTP 202"],
                actual=f"HTTP {answer.status}",
                hint="Do the work and answer as ever, or answer 202 and go on working.",
                exchange=answer.id,
                likeness=f"{answer.status // 100}xx",
            )


@judges("RFC9967-2.5.1.1-02", probe="later", when=lambda t: bool(_put_off(t)))
def a_202_has_no_body(transcript: Transcript) -> Iterator[Finding]:
    for answer in _put_off(transcript):
        if answer.body:
            yield Finding(
                expected=["no body"],
                actual=f"{len(answer.body)} bytes",
                hint="Send headers alone: the result comes from the address in Location.",
                exchange=answer.id,
            )


@judges("RFC9967-3-01", probe="later", when=lambda t: bool(_put_off(t)))
def each_202_has_a_transaction_of_its_own(transcript: Transcript) -> Iterator[Finding]:
    told: list[str] = []
    for answer in _put_off(transcript):
        transaction = answer.header("Set-Txn")
        if not transaction or transaction in told:
            yield Finding(
                expected=["a value that no other answer has"],
                actual=transaction,
                at="Set-Txn",
                hint="Give each request a transaction of its own, and name it in Set-Txn.",
                exchange=answer.id,
                likeness="absent" if not transaction else "again",
            )
        told.append(transaction or "")


@judges("RFC9967-2.5.1.1-03", probe="later", when=lambda t: bool(_put_off(t)))
def a_202_says_where_the_result_will_be(transcript: Transcript) -> Iterator[Finding]:
    for answer in _put_off(transcript):
        applied = (answer.header("Preference-Applied") or "").lower()
        for name, right in (
            ("Preference-Applied", "respond-async" in applied),
            ("Location", answer.header("Location")),
        ):
            if not right:
                yield Finding(
                    expected=["respond-async" if name != "Location" else "the address of the result"],
                    actual=answer.header(name),
                    at=name,
                    hint="Name the preference that was followed, and the address of the result.",
                    exchange=answer.id,
                    likeness=name,
                )


@judges("RFC9967-2.5.1.1-04", probe="later", when=lambda t: one(t, "later.wait") is not None)
def the_time_to_wait_is_used(transcript: Transcript) -> Iterator[Finding]:
    """The client was willing to wait ten seconds (RFC 7240 section 4.3)."""
    answer = one(transcript, "later.wait")
    assert answer is not None
    if answer.status == 202 and answer.elapsed_ms < 9000:
        yield Finding(
            expected=["the answer itself", "HTTP 202 after ten seconds"],
            actual=f"HTTP 202 after {answer.elapsed_ms / 1000:.0f} s",
            at="Prefer",
            hint="Answer when the work is done within the time of wait, and put off only what takes longer.",
            exchange=answer.id,
        )


@judges("RFC9967-5-01", probe="later", when=lambda t: one(t, "later.result.no-key") is not None)
def a_result_needs_a_key(transcript: Transcript) -> Iterator[Finding]:
    for answer in transcript.tagged("later.result.no-key"):
        if answer.ok:
            yield Finding(
                expected=["HTTP 401"],
                actual=f"HTTP {answer.status}",
                hint="Ask for the credential at the address of a result: it holds a person.",
                exchange=answer.id,
            )
            return
