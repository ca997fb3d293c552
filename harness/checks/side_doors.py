"""Side doors: /Bulk, /Me and method overrides do not do what the front door refuses; and services without any write."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import WRITES, answered, is_on
from harness.checks.oracles import Refusal, refusal_faults
from harness.checks.reading import searches
from harness.checks.state import differences
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding
from harness.model.transcript import Transcript


@judges("RFC7644-3.7-01", when=lambda exchange: exchange.tag == "refuse.bulk" and answered(exchange))
def bulk_is_refused_where_it_is_not_offered(exchange: Exchange) -> Iterator[Finding]:
    yield from refusal_faults(exchange, Refusal.FEATURE)


@judges("RFC7644-3.7-02", when=lambda exchange: exchange.tag == "refuse.bulk.lookup" and exchange.ok)
def bulk_is_no_side_door(exchange: Exchange) -> Iterator[Finding]:
    """Looked up by the user name that the bulk request had."""
    if exchange.resources:
        yield Finding(
            expected=["nobody with this user name"],
            actual=exchange.resources[0],
            hint="Refuse inside a bulk request what is refused outside of it.",
        )


@judges("RFC7644-3.6-06", when=lambda exchange: exchange.tag == "collection.delete" and answered(exchange))
def nobody_is_deleted_with_the_whole_collection(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status not in (405, 501, 404, 403, 400):
        yield Finding(
            expected=["HTTP 405", "HTTP 501, 404, 403 or 400"],
            actual=f"HTTP {exchange.status}",
            hint="DELETE addresses one resource: refuse it on /Users.",
        )


@judges("RFC7644-3.11-01", when=lambda exchange: exchange.tag == "refuse.me.read" and answered(exchange))
def an_unsupported_me_is_not_implemented(exchange: Exchange) -> Iterator[Finding]:
    """RFC 7644 §3.11 recommends 501; any other proper refusal is only not the recommended one."""
    if exchange.status != 501:
        yield Finding(
            expected=["HTTP 501"],
            actual=f"HTTP {exchange.status}",
            hint="Answer /Me with 501 and a SCIM error when the key stands for no person.",
        )


@judges("RFC7644-3.11-04", when=lambda exchange: exchange.tag.startswith("refuse.me.write") and answered(exchange))
def me_is_no_side_door(exchange: Exchange) -> Iterator[Finding]:
    yield from refusal_faults(exchange, Refusal.FEATURE)


def _is_write(exchange: Exchange) -> bool:
    from_idp = exchange.role is Role.IDP
    ours = from_idp or exchange.tag.startswith("refuse.")
    return ours and exchange.method in WRITES and not searches(exchange) and answered(exchange)


@judges("PROF-D-19", when=_is_write)
def every_write_is_refused(exchange: Exchange) -> Iterator[Finding]:
    """A read-only service says no to each writing method on each endpoint."""
    if is_on(exchange, "Users"):
        nobody = exchange.tag == "refuse.write.unknown-id"
        malformed = exchange.tag == "refuse.create.invalid"
        also: tuple[int, ...] = (404,) if nobody else ()
        # Where every attribute is read-only, a PATCH may also be refused attribute by attribute.
        also += (400,) if exchange.method == "PATCH" else ()
        yield from refusal_faults(exchange, Refusal.SERVED, malformed=malformed, also=also)
    elif is_on(exchange, "Groups"):
        yield from refusal_faults(exchange, Refusal.UNSERVED)
    else:
        yield from refusal_faults(exchange, Refusal.FEATURE)


@judges("SEC-OVERRIDE-01", probe="method-override", when=lambda transcript: bool(transcript.tagged("override.after")))
def a_method_override_is_not_obeyed(transcript: Transcript) -> Iterator[Finding]:
    """Headers and parameters that name another method are ignored: the person reads as before."""
    before, after = transcript.tagged("override.before"), transcript.tagged("override.after")
    if not before or not before[0].resource or not after[0].answered:
        return
    tried = [x for x in transcript.exchanges if x.tag.startswith("override.try")]
    if after[0].status == 404:
        yield Finding(
            expected=["the person is still there"],
            actual="HTTP 404",
            hint="An override to DELETE was obeyed. Decide by the method of the request line alone.",
            exchange=after[0].id,
            likeness="deleted",
        )
        return
    for difference in differences(before[0].resource, after[0].resource):
        yield Finding(
            expected=["the person reads as before"],
            actual=str(difference),
            at=difference.pointer,
            hint="An override to PATCH was obeyed. Decide by the method of the request line alone.",
            exchange=tried[0].id if tried else after[0].id,
            likeness=difference.pointer,
        )
