"""Signs about the address: nothing there, a web page, a firewall, no connection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from harness.model.exchange import TroubleKind
from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign, whole

_ASKING = ("connect", "lookup", "list", "read", "discover", "")


MOVED = (301, 302, 303, 307, 308)


def _path(seen: Look) -> str:
    return urlsplit(seen.exchange.request.url).path if seen.exchange is not None else ""


def _not_found(seen: Look) -> bool:
    return seen.status == 404 or seen.said("okta-test-null", "entra-404")


@of_trouble
@sign
def slash_doubled(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The address holds two slashes in a row, and was not found"""
    return "//" in _path(seen) and seen.failed and seen.status in (400, 404)


@of_trouble
@sign
def nothing_at_the_address(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A plain question about people was answered with 404"""
    if seen.said("okta-test-null"):
        return True
    return (
        not seen.group
        and seen.act in ("connect", "lookup", "list", "discover")
        and _not_found(seen)
        and not seen.scim_type
    )


@of_trouble
@sign
def nothing_at_the_address_and_no_scim(seen: Look, person: Person | None, picture: Picture) -> bool:
    """404 whose body is no SCIM error: whatever answered is not the SCIM service"""
    if not nothing_at_the_address(seen, person, picture) or not seen.recorded or seen.exchange is None:
        return False
    body = seen.exchange.json
    return not (isinstance(body, dict) and "schemas" in body)


@sign
def people_found_at_the_address(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service answered about people: the address is right"""
    return (
        not seen.group
        and seen.went == "ok"
        and seen.status not in MOVED
        and not seen.html
        and seen.act not in ("", "switch", "assign", "unassign")
    )


@of_trouble
@sign
def address_without_scim(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The address has no SCIM part in its path, and nothing was found there"""
    path = _path(seen).casefold()
    wrong = _not_found(seen) or (seen.html and seen.act in _ASKING)
    if not path or not wrong or seen.exchange is None:
        return False
    return "scim" not in path and ".invalid" not in seen.exchange.request.url


@of_trouble
@sign
def address_with_scim_not_found(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The path names SCIM, and still nothing is there: a part before it may be missing"""
    return "scim" in _path(seen).casefold() and nothing_at_the_address_and_no_scim(seen, person, picture)


@of_trouble
@sign
def web_page_came(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A web page came instead of SCIM"""
    return seen.html or seen.said("okta-test-no-results", "okta-invalid-json")


@of_trouble
@sign
def sign_in_page_came(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A sign-in page came, or the request was sent on to one"""
    where = _path(seen).casefold()
    moved = (seen.exchange.header("Location") or "").casefold() if seen.exchange is not None else ""
    words = r"saml|sso|oauth|login|log in|sign[ -]?in"
    if seen.exchange is not None and 300 <= seen.status < 400:
        return bool(re.search(words, moved))
    return (seen.html or (seen.status in (404, 405) and not seen.write)) and bool(
        re.search(words, f"{where} {seen.words.casefold()}")
    )


@sign
def redirected(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The request was sent on to another address"""
    return seen.status in MOVED


@sign
def test_saw_no_list(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The connection test got something that is no list"""
    return seen.said("okta-test-no-results")


@sign
def list_came_unreadable(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A list came in a form that the IdP does not read"""
    if seen.said("okta-sync-no-reason"):
        return True
    if not seen.recorded or seen.exchange is None or seen.went != "ok" or seen.act not in ("connect", "lookup", "list"):
        return False
    if seen.status in MOVED:
        return False
    if "hits" not in seen.extra:
        return False
    body = seen.exchange.json
    if not isinstance(body, dict):
        return not seen.html
    counts = [body.get(name) for name in ("totalResults", "startIndex", "itemsPerPage") if name in body]
    return "totalResults" not in body or any(isinstance(n, str) for n in counts) or other_letters(body, "Resources")


def other_letters(body: dict[str, Any], *names: str) -> bool:
    """Whether one of these names is there in other letters only."""
    spelt = {key.casefold() for key in body}
    return any(name not in body and name.casefold() in spelt for name in names)


@of_trouble
@sign
def firewall_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Something in front of the service refused the request"""
    return seen.status in (403, 406, 429, 503) and (
        (seen.html and seen.status != 503)
        or seen.names("cloudflare", "akamai", "incapsula", "waf", r"user-?agent", "access denied", "bot", "captcha")
    )


@of_trouble
@sign
def not_reachable(seen: Look, person: Person | None, picture: Picture) -> bool:
    """No connection came about"""
    trouble = seen.exchange.trouble if seen.exchange is not None else None
    if trouble is not None and trouble.kind in (
        TroubleKind.DNS,
        TroubleKind.REFUSED,
        TroubleKind.TLS,
        TroubleKind.RESET,
    ):
        return True
    return seen.said("okta-test-timed-out", "entra-web-exception") or (
        trouble is not None and trouble.kind is TroubleKind.TIMEOUT and seen.act == "connect"
    )


@of_trouble
@sign
def address_said_to_be_invalid(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The IdP says that the URL is no URL"""
    return seen.went != "ok" and seen.names(
        r"invalid url", r"not a valid url", "absolute url", r"must (?:start|begin) with https?", r"url is not valid"
    )


@of_trouble
@sign
def tenant_said_to_be_unknown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that it does not know this tenant, organisation or namespace"""
    return (
        bool(seen.words)
        and seen.status in (400, 401, 403, 404)
        and seen.names("tenant", r"organi[sz]ations?", "workspace", "namespace", "stack", "realm", "directory id")
        and seen.names(
            "unknown", "not found", "no such", "does not exist", "invalid", "mismatch", "another", "different", "wrong"
        )
    )


@of_trouble
@sign
def header_name_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta's agent takes no header but Authorization"""
    return seen.said("okta-opp-header-name")


@whole
def one_v2_fails_where_two_work(picture: Picture) -> Iterable[Look]:
    """A part that stands twice in the address of the service was taken out, and nothing is found without it"""
    good = [
        urlsplit(look.exchange.request.url).path
        for look in _examples(picture, "people-found-at-the-address")
        if look.exchange
    ]
    doubled = {
        re.sub(r"/(v\d+)/(?=.*/\1/)", "/", path.rpartition("/Users")[0] + "/")
        for path in good
        if re.search(r"/(v\d+)/.*\1", path)
    }
    for look in _examples(picture, "nothing-at-the-address"):
        base = _path(look).rpartition("/Users")[0] + "/"
        if base in doubled:
            yield look


def _examples(picture: Picture, sign_name: str) -> list[Look]:
    trace = picture.signs.get(sign_name)
    return trace.examples if trace else []
