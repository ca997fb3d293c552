"""Tenants and keys: what another tenant's key, a worn-out one and a limited one must not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.checks.moments import answered
from harness.checks.oracles import Refused, trial
from harness.checks.patching import one
from harness.checks.reading import total
from harness.checks.state import differences, member
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.profile import Profile
from harness.model.transcript import Transcript

SHARED = "scimulator-tenant-shared"
HINT = "Look people up inside the tenant that the key belongs to, in every request."


def _sent(*tags: str) -> Callable[[Transcript], bool]:
    return lambda transcript: any(one(transcript, f"tenant.{tag}") is not None for tag in tags)


@judges("RFC7644-6-01", probe="tenants", when=_sent("read"))
def nobody_reads_another_tenant(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "tenant.read")
    assert answer is not None
    if answer.ok:
        yield Finding(
            expected=["HTTP 404"], actual=f"HTTP {answer.status} with the person", hint=HINT, exchange=answer.id
        )


@judges("SEC-TENANT-01", probe="tenants", when=lambda t: _sent("read")(t) and _sent("nobody")(t))
def another_tenant_learns_nothing_of_an_id(transcript: Transcript) -> Iterator[Finding]:
    answer, nobody = one(transcript, "tenant.read"), one(transcript, "tenant.nobody")
    assert answer is not None
    assert nobody is not None
    if not answer.ok and answer.status != nobody.status:
        yield Finding(
            expected=[f"HTTP {nobody.status}, as for an id that nobody has"],
            actual=f"HTTP {answer.status}",
            hint="Another answer tells that the id exists: answer 404 to both.",
            exchange=answer.id,
        )


WRITES = ("patch", "put", "delete")


@judges("RFC7644-6-02", probe="tenants", when=_sent(*WRITES))
def nobody_writes_into_another_tenant(transcript: Transcript) -> Iterator[Finding]:
    for tag in WRITES:
        answer = one(transcript, f"tenant.{tag}")
        if answer is not None and answer.ok:
            yield Finding(
                expected=["HTTP 404"],
                actual=f"HTTP {answer.status}",
                hint=HINT,
                exchange=answer.id,
                likeness=answer.method,
            )
    before, after = one(transcript, "tenant.before"), one(transcript, "tenant.after")
    if before is None or after is None or not before.resource:
        return
    changes = differences(before.resource, after.resource) if after.resource else []
    if changes or after.status == 404:
        yield Finding(
            expected=["the person as before"],
            actual=str(changes[0]) if changes else "HTTP 404",
            hint="A request with the key of another tenant has changed somebody: nothing of it may be applied.",
            exchange=after.id,
            likeness="changed",
        )


@judges("RFC7644-6-03", probe="tenants", when=_sent("list", "filter", "search"))
def lists_stay_inside_the_tenant(transcript: Transcript) -> Iterator[Finding]:
    person = one(transcript, "tenant.before")
    wanted = member(person.resource, "id") if person is not None else None
    for tag in ("list", "filter", "search"):
        answer = one(transcript, f"tenant.{tag}")
        if answer is None or not answer.ok or wanted is None:
            continue
        shown = wanted in [member(r, "id") for r in answer.resources]
        counted = tag != "list" and (total(answer) or 0) > 0 and not answer.resources
        if shown or counted:
            yield Finding(
                expected=["nobody of the other tenant, in Resources and in totalResults"],
                actual="the person" if shown else f"totalResults {total(answer)}",
                at="/Resources" if shown else "/totalResults",
                hint=HINT,
                exchange=answer.id,
                likeness=tag,
            )


@judges("RFC7644-6-05", probe="tenants", when=_sent("create"))
def a_conflict_tells_nothing_of_another_tenant(transcript: Transcript, profile: Profile) -> Iterator[Finding]:
    answer = one(transcript, "tenant.create")
    assert answer is not None
    if answer.status == 409 and not profile.tolerates("global-user-names"):
        yield Finding(
            expected=["HTTP 201"],
            actual="HTTP 409",
            hint="The second tenant learns who is in the first: keep user names unique inside a tenant, or declare it.",
            exchange=answer.id,
        )


@judges("RFC7644-6.2-01", probe="tenants", when=_sent("shared.second"))
def two_tenants_may_use_one_external_id(transcript: Transcript) -> Iterator[Finding]:
    answer, read = one(transcript, "tenant.shared.second"), one(transcript, "tenant.shared.read")
    first = one(transcript, "tenant.shared")
    if first is None or not first.ok:
        return
    assert answer is not None
    stored = read is not None and member(read.resource, "externalId") == SHARED
    if not answer.ok or not stored:
        yield Finding(
            expected=["success, and the externalId is stored in both tenants"],
            actual=f"HTTP {answer.status}",
            at="/externalId",
            hint="externalId comes from the tenant's own identity provider: it is unique there and nowhere else.",
            exchange=answer.id,
        )


@judges("RFC7643-3.1-10", probe="tenants", when=_sent("shared.second"))
def an_external_id_is_no_conflict_with_another_tenant(transcript: Transcript) -> Iterator[Finding]:
    first, answer = one(transcript, "tenant.shared"), one(transcript, "tenant.shared.second")
    if first is not None and first.ok and answer is not None and answer.status == 409:
        yield Finding(
            expected=["success: nobody of this tenant has the externalId"],
            actual="HTTP 409",
            hint="Keep externalId apart by tenant: a conflict tells one customer about another.",
            exchange=answer.id,
        )


# Keys that must not do.


def _challenge(exchange: Exchange) -> str:
    return (exchange.header("WWW-Authenticate") or "").lower()


@judges(
    "RFC7644-2-02",
    "RFC6750-3.1-02",
    when=lambda exchange: exchange.tag in ("worn.expired", "worn.revoked") and answered(exchange),
)
def a_worn_key_opens_nothing(exchange: Exchange) -> Iterator[Finding]:
    word = "has run out" if exchange.tag == "worn.expired" else "was revoked"
    if exchange.ok:
        yield Finding(
            expected=["HTTP 401"],
            actual=f"HTTP {exchange.status}",
            hint=f"A key that {word} must open nothing: look at its life in every request.",
            requirement="RFC7644-2-02",
            likeness=exchange.tag,
        )
    if exchange.status != 401 or "invalid_token" not in _challenge(exchange):
        yield Finding(
            expected=['HTTP 401 with error="invalid_token" in WWW-Authenticate'],
            actual=f"HTTP {exchange.status}, {as_json(exchange.header('WWW-Authenticate'))}",
            at="WWW-Authenticate",
            hint=f"Say that the key {word}: an administrator takes any other refusal for an outage.",
            requirement="RFC6750-3.1-02",
            likeness=exchange.tag,
        )


@judges("RFC7644-2-03", "MB-4", when=lambda exchange: exchange.tag == "worn.session" and answered(exchange))
def a_session_of_the_product_is_no_key(exchange: Exchange) -> Iterator[Finding]:
    """Whoever may use the product may not therefore switch off colleagues."""
    for requirement in ("RFC7644-2-03", "MB-4") if exchange.ok else ():
        yield Finding(
            expected=["HTTP 401", "HTTP 403"],
            actual=f"HTTP {exchange.status}",
            hint="Take the keys of SCIM alone here: with a session any employee could deactivate the others.",
            requirement=requirement,
            likeness="session",
        )


def _asked_to_write(transcript: Transcript) -> bool:
    return one(transcript, "worn.limited") is not None


@judges("RFC7644-2-03", probe="worn-keys", when=lambda t: trial(t, "worn.limited") is not None)
def a_key_that_may_only_read_changes_nothing(transcript: Transcript) -> Iterator[Finding]:
    found = trial(transcript, "worn.limited")
    assert found is not None
    hint = "Look at what the key may do in each request, and refuse with 403 before anything is written."
    yield from Refused((403, 401, 404, 405, 501)).faults(found, hint)


@judges("RFC6750-3.1-03", probe="worn-keys", when=_asked_to_write)
def a_limited_key_is_told_what_it_lacks(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "worn.limited")
    assert answer is not None
    if not answer.ok and (answer.status != 403 or "insufficient_scope" not in _challenge(answer)):
        yield Finding(
            expected=['HTTP 403 with error="insufficient_scope" in WWW-Authenticate'],
            actual=f"HTTP {answer.status}, {as_json(answer.header('WWW-Authenticate'))}",
            at="WWW-Authenticate",
            hint="Say that the key lacks the right, so that nobody looks for an outage.",
            exchange=answer.id,
        )
