"""The promises of the default profile, as far as the wire shows them."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.access import access_hook
from harness.checks.declared import declared_urns, definitions, resource_types, whole
from harness.checks.moments import (
    answered,
    deactivation,
    ends_access,
    is_collection,
    is_on,
    keeps_user_name,
    state_after,
    state_before,
    was_deleted,
)
from harness.checks.oracles import Refusal, refusal_faults
from harness.checks.reactivation import asks_for_more
from harness.checks.reading import asked as asked_for
from harness.checks.reading import teller, text
from harness.checks.state import is_active, is_inactive, member
from harness.model.account import Source
from harness.model.change import TestConnection
from harness.model.check import judges
from harness.model.exchange import Exchange, Role, TroubleKind
from harness.model.finding import Finding
from harness.model.profile import Profile
from harness.model.step import GROUP, Intent
from harness.model.transcript import Moment, Transcript

GROUP_WRITES = (Intent.GROUP_CREATE, Intent.GROUP_UPDATE, Intent.GROUP_DELETE)


# MB-1: whoever leaves is deactivated.


def _leaves(moment: Moment) -> bool:
    return ends_access(moment) and deactivation(moment) is not None and state_after(moment) is not None


@judges("MB-1", when=_leaves)
def whoever_leaves_is_deactivated(moment: Moment, profile: Profile, transcript: Transcript) -> Iterator[Finding]:
    """In whatever words the IdP said it: inactive by id, the same user name, and no access left."""
    asked, read = deactivation(moment), state_after(moment)
    assert asked is not None
    assert read is not None
    if was_deleted(moment, transcript):
        return
    if asked.is_error and asks_for_more(asked) and not profile.tolerates("mixed-patch"):
        return  # a service that does not claim the tolerance may refuse such a request whole
    if not is_inactive(read.resource):
        yield Finding(
            expected=['"active": false'],
            actual="HTTP 404" if read.status == 404 else member(read.resource, "active"),
            at="/active",
            hint=f"The IdP sent the deactivation and got HTTP {asked.status}, but the person is not inactive: "
            "deactivate whoever was taken off the app, however the IdP spells it.",
            exchange=read.id,
            likeness="still-active",
        )
        return
    before = state_before(moment)
    if before is not None and _name(before.resource) != _name(read.resource):
        yield Finding(
            expected=["the user name as before"],
            actual=member(read.resource, "userName"),
            at="/userName",
            hint="Pass over the new user name: with it the returning person gets a second account.",
            exchange=read.id,
            likeness="renamed",
        )
    hook = access_hook(moment)
    for what in ("session", "api_token"):
        if hook is not None and member(hook.json, what) == "alive":
            yield Finding(
                expected=["no access"],
                actual=f"{what} is alive",
                at=f"/{what}",
                hint="Deactivation has to end access, not only to be stored.",
                exchange=hook.id,
                likeness=what,
            )


def _name(resource: object) -> str:
    return str(member(resource, "userName")).casefold()


# MB-2: people come from their first sign-in.


@judges("MB-2", when=lambda x: x.role is Role.IDP and x.intent is Intent.CREATE and answered(x))
def an_idp_cannot_create_people(exchange: Exchange) -> Iterator[Finding]:
    """Refused properly, with words for the administrator who reads them in the IdP."""
    yield from refusal_faults(exchange, Refusal.SERVED)
    yield from _wordless(exchange)


def _signed_in_and_looked_for(moment: Moment) -> bool:
    account = moment.cast[moment.part].account if moment.part in moment.cast else None
    read, before = state_after(moment), state_before(moment)
    there = read is not None and is_active(read.resource) and keeps_user_name(moment)
    there = there and (before is None or read is None or _name(before.resource) == _name(read.resource))
    return bool(account and account.source is Source.JIT and there and _lookups(moment))


def _lookups(moment: Moment) -> list[Exchange]:
    """Who looked this person up by user name, the IdP or the Witness, and was answered."""
    mine = [x for x in moment.exchanges if x.intent is Intent.LOOKUP and x.subject == moment.part and answered(x)]
    return [x for x in mine if "username" in str(asked_for(x).get("filter", "")).lower() or x.tag == "by-filter"]


@judges("MB-2", when=_signed_in_and_looked_for)
def people_who_signed_in_are_found(moment: Moment) -> Iterator[Finding]:
    """Also without an externalId: an IdP never deactivates whom it cannot find."""
    account = moment.cast[moment.part].account
    assert account is not None
    for lookup in _lookups(moment):
        if [member(r, "id") for r in lookup.resources] != [account.id]:
            yield Finding(
                expected=["this one person"],
                actual=f"HTTP {lookup.status} with {len(lookup.resources)} people",
                at="/Resources",
                hint="Whoever came by their first sign-in is found by user name, linked by an IdP or not.",
                exchange=lookup.id,
                likeness="not-found",
            )


# MB-3 and MB-6: groups are managed in the app.


def _is_group_push(exchange: Exchange) -> bool:
    return exchange.role is Role.IDP and exchange.intent in GROUP_WRITES and answered(exchange)


@judges("MB-3", when=_is_group_push)
def a_group_push_is_refused(exchange: Exchange) -> Iterator[Finding]:
    yield from refusal_faults(exchange, Refusal.UNSERVED)


@judges("MB-3", when=lambda t: bool(resource_types(t) or definitions(t)))
def nothing_claims_groups(transcript: Transcript) -> Iterator[Finding]:
    types = [e for e in resource_types(transcript) if GROUP.lower() in {u.lower() for u in declared_urns(e)}]
    schemas = [urn for urn in definitions(transcript) if urn.lower() == GROUP.lower()]
    for name, wrong in (("ResourceTypes", types), ("Schemas", schemas)):
        if wrong:
            shown = next(x.id for x in transcript.exchanges if whole(x, name) and x.ok)
            yield Finding(
                expected=["no word of groups"],
                actual=f"a group in /{name}",
                at="/Resources",
                hint="Group assignment happens inside the app: do not announce groups over SCIM.",
                exchange=shown,
                likeness=name,
            )


@judges("MB-6", when=_is_group_push)
def an_administrator_understands_the_refusal(exchange: Exchange) -> Iterator[Finding]:
    """The detail is what Okta shows next to the failed push."""
    yield from _wordless(exchange)


def _wordless(exchange: Exchange) -> Iterator[Finding]:
    detail = text(member(exchange.json, "detail")).strip()
    if exchange.is_error and len(detail.split()) < 3:
        yield Finding(
            expected=["a detail in a sentence that says what to switch off in the IdP"],
            actual=detail or None,
            at="/detail",
            hint='For example: "Groups are managed in the app. Switch group push off; people are still deactivated."',
            exchange=exchange.id,
            likeness="detail",
        )


def _leavers_after_a_push(transcript: Transcript) -> list[Moment]:
    pushed = [x.moment for x in transcript.exchanges if _is_group_push(x) or _asks_for_groups(x)]
    return [m for m in transcript.moments if pushed and m.index > min(pushed) and _left_linked(m, transcript)]


def _asks_for_groups(exchange: Exchange) -> bool:
    return exchange.role is Role.IDP and is_on(exchange, "Groups") and exchange.moment >= 0 and answered(exchange)


def _left_linked(moment: Moment, transcript: Transcript) -> bool:
    """Whether somebody leaves whom the IdP had found at the service before, and nothing about them was held back.

    A run that only reads keeps the deactivation back itself: whoever is then still active says nothing of the service.
    """
    held_back = any(x.trouble is not None and x.trouble.kind is TroubleKind.GUARD for x in moment.during)
    found = any(
        x.role is Role.IDP and x.intent is Intent.LOOKUP and x.subject == moment.part and len(x.resources) == 1
        for x in transcript.exchanges
        if x.moment < moment.index
    )
    return ends_access(moment) and found and not held_back and state_after(moment) is not None


@judges("MB-6", when=lambda transcript: bool(_leavers_after_a_push(transcript)))
def people_are_deactivated_after_a_refused_push(transcript: Transcript) -> Iterator[Finding]:
    """Group push that was left on does not cost the deactivation of people."""
    for moment in _leavers_after_a_push(transcript):
        read = state_after(moment)
        assert read is not None
        if not is_inactive(read.resource):
            yield Finding(
                expected=['"active": false'],
                actual="HTTP 404" if read.status == 404 else member(read.resource, "active"),
                at="/active",
                hint="After the refused group push the leaver was not deactivated: refuse groups in a way that leaves "
                "people alone.",
                exchange=read.id,
                likeness="still-active",
            )


# MB-4, MB-5 and MB-7: two values, entered once, and tested.


def _asks_without_a_key(exchange: Exchange) -> bool:
    """A question about people without a key; not OPTIONS: a browser's pre-flight never carries one (Fetch, CORS)."""
    people = is_on(exchange, "Users") or is_on(exchange, "Groups")
    return (
        exchange.role is Role.PROBE
        and people
        and exchange.method != "OPTIONS"
        and exchange.sent_header("Authorization") is None
        and answered(exchange)
    )


@judges("MB-4", when=lambda x: _asks_without_a_key(x) and "access_token" not in x.query)
def without_the_key_nothing_opens(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 401:
        yield Finding(
            expected=["HTTP 401"],
            actual=f"HTTP {exchange.status}",
            hint="Ask for the API key before anything else.",
            likeness="open" if exchange.ok else f"{exchange.status // 100}xx",
        )


@judges("MB-5", when=lambda x: x.role is Role.IDP and answered(x))
def the_key_works_where_an_idp_puts_it(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status in (401, 407):
        yield Finding(
            expected=["an answer to the request"],
            actual=f"HTTP {exchange.status}",
            hint="The key that the customer was given is not accepted as this IdP sends it.",
        )


@judges("MB-7", when=lambda x: x.tag == "paths.slash" and answered(x))
def a_slash_too_many_does_no_harm(exchange: Exchange) -> Iterator[Finding]:
    """Who pastes the base URL with a slash at its end makes Okta ask at //Users."""
    if exchange.status != 200 or not exchange.is_list:
        yield Finding(
            expected=["HTTP 200 with a ListResponse, as without the slash"],
            actual=f"HTTP {exchange.status}",
            hint="Take a doubled slash, and one at the end, for one: administrators paste the base URL either way.",
            likeness="slash",
        )


def _tests(moment: Moment) -> bool:
    return isinstance(moment.change, TestConnection) and any(answered(x) for x in moment.asked(Intent.CONNECT))


@judges("MB-7", when=_tests)
def the_connection_test_passes(moment: Moment, profile: Profile) -> Iterator[Finding]:
    """Also for a tenant without people: a list, with Resources in it; and the empty list of groups that is declared."""
    calm = (200,) if profile.tolerates("empty-group-list") else (200, 404, 405, 403, 501)
    for exchange in moment.asked(Intent.CONNECT):
        listed = exchange.is_list and isinstance(exchange.json.get("Resources"), list)
        empty = exchange.is_list and exchange.json.get("totalResults") == 0
        told_by_okta = teller(exchange) == "okta"
        if not answered(exchange) or not is_collection(exchange, "Users"):
            continue
        if exchange.status != 200 or not (listed or (empty and not told_by_okta)):
            yield Finding(
                expected=["HTTP 200 with a ListResponse, and Resources in it"],
                actual=f"HTTP {exchange.status}" + ("" if listed else " without a readable list"),
                hint="The administrator presses the button and reads that the connection failed.",
                exchange=exchange.id,
                likeness=f"{exchange.status // 100}xx",
            )
    for exchange in moment.during:
        if is_on(exchange, "Groups") and answered(exchange) and exchange.status not in calm:
            yield Finding(
                expected=["HTTP 200 with an empty list"] + (["HTTP 404, 405, 403 or 501"] if len(calm) > 1 else []),
                actual=f"HTTP {exchange.status}",
                hint="Both IdPs ask for groups while they are being set up: answer calmly.",
                exchange=exchange.id,
                likeness=f"groups-{exchange.status // 100}xx",
            )
