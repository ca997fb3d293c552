"""Ids: known, unknown, odd, misspelt, and what is no id at all."""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin, urlsplit

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, part, people, quoted, user_path
from harness.probes.requests import NOBODY_ID, get

INJECTION = "1' OR '1'='1"


@probe("ids", "A client reads people by id, and by what is none", parts=(Part("bystander-1"),))
def ids(cast: Cast) -> Steps:
    yield get(f"/Users/{NOBODY_ID}", "Read an id that was never given out", tag="ids.unknown", template="/Users/{id}")
    yield get("/Users/not-a-uuid", "Read an id of an odd shape", tag="ids.odd", template="/Users/{id}")
    path = f"/Users/{quote(INJECTION, safe='')}"
    yield get(path, "Read an id with signs of SQL in it", tag="ids.injection", template="/Users/{id}")
    for person in (yield from people(cast, "ids.known")):
        subject = next((m.part for m in cast if m.account and m.account.id == person["id"]), "")
        yield from _around(person["id"], person["userName"], subject)


def _around(resource_id: str, user_name: str, subject: str) -> Steps:
    path, by_id = user_path(resource_id), "/Users/{id}"
    again: Exchange = yield get(path, "Read the same person again", tag="ids.again", subject=subject, template=by_id)
    lookup = encoded(filter=f"userName eq {quoted(user_name)}")
    yield get("/Users", "Find the same person in a list", query=lookup, tag="ids.listed", subject=subject)
    if user_name != resource_id:
        yield get(user_path(user_name), "Read by the user name in place of the id", tag="ids.user-name", template=by_id)
    if resource_id.swapcase() != resource_id:
        swapped = user_path(resource_id.swapcase())
        yield get(swapped, "Read by the id in the other letter case", tag="ids.swapped", template=by_id)
    yield get(f"{path}.scim", "Read a person with .scim behind the id", tag="ids.suffix", template=by_id)
    there = below(again, part(again.resource, "meta", "location"))
    if there and unquote(there) != unquote(path):
        yield get(there, "Follow meta.location", tag="ids.location", template=by_id)


def below(exchange: Exchange, location: str) -> str:
    """The path of an address below the SCIM base of an exchange; "" when it leads elsewhere: a key never goes there."""
    base = exchange.request.url.partition("?")[0].removesuffix(exchange.path)
    try:
        whole = urljoin(f"{base}/", location) if location else ""
        same = urlsplit(whole)[:2] == urlsplit(base)[:2]
    except ValueError:
        return ""
    path = whole.partition("?")[0].partition("#")[0]
    return path.removeprefix(base) if same and path.startswith(f"{base}/") else ""
