"""Signs about the API key: refused, since when, and what the service says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole

_EXPIRED = (
    r"expired?",
    r"expir\w+",
    r"run out",
    r"no longer valid",
    r"revoked",
    r"rotated",
    r"was replaced",
    r"abgelaufen",
)


def _refused(seen: Look) -> bool:
    return seen.status == 401 or seen.said(
        "okta-test-unauthorized",
        "entra-credential-failure",
        "entra-unauthorized",
        "http-401",
        "entra-invalid-credentials",
    )


@of_trouble
@sign
def key_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service did not accept the API key"""
    return _refused(seen)


@whole
def key_refused_after_success(picture: Picture) -> Iterable[Look]:
    """The key had been accepted before"""
    refused, worked = picture.signs.get("key-refused"), picture.signs.get("answered-well")
    if refused is None or worked is None:
        return
    if refused.last and worked.first:
        yield from (look for look in refused.examples if refused.last > worked.first)
    elif worked.examples[0].number < refused.examples[0].number:
        yield from refused.examples


@of_trouble
@sign
def key_refused_for_a_group(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service answered a request about a group as if the API key were wrong"""
    return _refused(seen) and seen.group


@whole
def key_refused_by_kind(picture: Picture) -> bool:
    """No request of a kind that was answered so was ever served, and others were with the same key afterwards"""
    kinds = {act for act, went in picture.outcomes if went == "refused"}
    return bool(kinds) and picture.has("key-works-again") and not any(picture.outcomes[act, "ok"] for act in kinds)


@whole
def key_refused_for_groups_alone(picture: Picture) -> bool:
    """Only requests about groups were answered so; with the same key people were served afterwards"""
    refused, groups = picture.signs.get("key-refused"), picture.signs.get("key-refused-for-a-group")
    return bool(refused and groups and refused.count == groups.count and picture.has("key-works-again"))


@sign
def answered_well(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service did what it was asked to"""
    return (
        seen.went == "ok"
        and not 300 <= seen.status < 400
        and seen.act not in ("", "switch", "assign", "unassign", "assign-group", "directory")
    )


@of_trouble
@sign
def key_refused_from_the_start(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The first thing that is known is a refused key"""
    return _refused(seen) and not picture.has("answered-well")


@sign
def key_works_again(seen: Look, person: Person | None, picture: Picture) -> bool:
    """After a refused key the service answered again"""
    refused = picture.signs.get("key-refused")
    return bool(answered_well(seen, person, picture) and refused and refused.first and seen.at > refused.first)


@of_trouble
@sign
def key_said_to_be_expired(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that the key has run out or was replaced"""
    return (
        seen.status in (400, 401, 403)
        and seen.names(*_EXPIRED)
        and seen.names("token", "key", "credentials?", "secret")
    )


@whole
def key_refused_again_and_again(picture: Picture) -> bool:
    """The key was refused, worked again, and was refused once more"""
    again, refused = picture.signs.get("key-works-again"), picture.signs.get("key-refused")
    return bool(again and refused and again.first and refused.last > again.first)


@of_trouble
@sign
def key_sent_without_bearer(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The request carries the key without the word Bearer"""
    if not _refused(seen) or not seen.recorded or seen.exchange is None:
        return False
    sent = seen.exchange.sent_header("Authorization")
    return sent is not None and not re.match(r"(?i)\s*(bearer|basic|digest)\b", sent)


@of_trouble
@sign
def key_sent_with_bearer_twice(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The request carries the word Bearer twice"""
    if seen.recorded and seen.exchange is not None:
        sent = seen.exchange.sent_header("Authorization") or ""
        if re.match(r"(?i)\s*bearer\s+bearer\b", sent):
            return _refused(seen)
    return _refused(seen) and seen.names("twice", "doubled?", "bearer bearer", "two times")


@of_trouble
@sign
def bearer_said_to_be_missing(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that the word Bearer is missing"""
    return (
        _refused(seen)
        and seen.names("bearer", "scheme")
        and seen.names("missing", "expected", "must (?:start|begin)", "without", "no", "required")
        and not seen.names("twice", "doubled?", "bearer bearer")
    )


@of_trouble
@sign
def blanks_around_the_key(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that there are blanks or line breaks in the key, or the request shows them"""
    if seen.recorded and seen.exchange is not None and _refused(seen):
        sent = seen.exchange.sent_header("Authorization") or ""
        if re.match(r"(?i)bearer\s{2,}", sent) or sent != sent.strip():
            return True
    return (_refused(seen) or seen.status == 400) and seen.names(
        r"white ?spaces?", "blanks?", r"line ?breaks?", "newline"
    )


@of_trouble
@sign
def basic_is_wanted(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service asks for a user name and a password"""
    if not _refused(seen):
        return False
    asked = (seen.exchange.header("WWW-Authenticate") or "") if seen.exchange is not None else ""
    return ("basic" in asked.casefold() and "bearer" not in asked.casefold()) or seen.names(r"basic auth\w*", "basic")


@of_trouble
@sign
def another_key_or_region_is_meant(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that the key belongs to another region or is not known here"""
    return seen.status in (401, 403, 404) and seen.names("region", r"data ?cent(?:er|re)", "not known here")


@of_trouble
@sign
def the_plan_or_a_switch_refuses(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that SCIM is not part of the plan, or is switched off"""
    return (
        seen.status in (402, 403, 404, 501)
        and not seen.html
        and not seen.group
        and seen.names(
            r"plans?", "subscription", r"licen[cs]e[ds]?", "upgrade", "not enabled", "switched off", "tier", "add-on"
        )
    )


@of_trouble
@sign
def forbidden_for_everything(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Also a plain question was refused with 403"""
    return seen.status == 403 and seen.act in ("connect", "lookup", "list", "read") and not seen.html
