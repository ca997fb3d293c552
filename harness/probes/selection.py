"""attributes and excludedAttributes; and searching by POST."""

from __future__ import annotations

from typing import Any

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import SCIM_JSON, USER, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, people, quoted, user_path
from harness.probes.requests import get, post, raw

SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LEFT_OUT = ("emails", "displayName", "name", "active")
"""Attributes to be excluded, the first that the person has."""


@probe("selection", "A client asks for some attributes only", parts=(Part("bystander-1"),))
def selection(cast: Cast) -> Steps:
    yield get(f"/Schemas/{USER}", "Read what is always returned", tag="selection.schema", template="/Schemas/{id}")
    for person in (yield from people(cast, "selection.plain")):
        yield from _selected(user_path(person["id"]), person)
        lookup = encoded(filter=f"userName eq {quoted(person['userName'])}", attributes="userName")
        yield get("/Users", "Look a person up and ask for the user name alone", query=lookup, tag="selection.list")
    injected = encoded(attributes="userName'; --,\"<", count=1)
    yield get("/Users", "Ask for an attribute with signs of SQL in it", query=injected, tag="selection.injection")


def _selected(path: str, person: dict[str, Any]) -> Steps:
    yield _read(path, "Read the user name alone", "one", attributes="userName")
    for name in [name for name in LEFT_OUT if person.get(name)][:1]:
        yield _read(path, f"Read everything but {name}", "without", excludedAttributes=name)
    yield _read(path, "Read the user name and the mail addresses", "two", attributes="userName,emails")
    yield _read(path, "Read everything but the id", "without-id", excludedAttributes="id")
    yield _read(path, "Read the family name alone", "part", attributes="name.familyName")
    whole_name: Any = person.get("name")
    if isinstance(whole_name, dict) and len(whole_name) > 1 and whole_name.get("formatted"):
        yield _read(path, "Read everything but the whole name", "without-part", excludedAttributes="name.formatted")
    yield _read(path, "Read the user name in capitals", "capitals", attributes="USERNAME")
    yield _read(path, "Read the user name by its URN", "urn", attributes=f"{USER}:userName")
    yield _read(path, "Ask for an attribute that does not exist", "unknown", attributes="nosuch")
    yield _read(path, "Choose and leave out at once", "both", attributes="userName", excludedAttributes="emails")
    yield _read(path, "Ask for one person with a filter", "filtered", filter="userName pr")
    yield _read(path, "Ask for the password", "password", attributes="password")


def _read(path: str, title: str, tag: str, **parameters: str) -> Step:
    return get(path, title, query=encoded(**parameters), tag=f"selection.{tag}", template="/Users/{id}")


@probe("search", "A client searches by POST", parts=(Part("bystander-1"),), needs=("search",))
def search(cast: Cast) -> Steps:
    for person in (yield from people(cast, "search.person")):
        lookup = f"userName eq {quoted(person['userName'])}"
        yield get("/Users", "Look a person up by GET", query=encoded(filter=lookup, count=10), tag="search.plain")
        yield _search("Look the same person up by POST", "post", filter=lookup, count=10)
        yield _search("Ask for the user name alone", "attributes", filter=lookup, attributes=["userName"])
        yield _search("Ask for a page of nobody", "count-zero", filter=lookup, count=0)
        yield _search("Ask for a page of -1 people", "count-negative", filter=lookup, count=-1)
        yield _search("Ask for a page that begins at 0", "zero", filter=lookup, startIndex=0, count=10)
    nobody = 'userName eq "nobody@nobody.example"'
    yield post(
        "/Users/.search", {"filter": nobody, "count": 1}, "A search that does not name itself", tag="search.no-schemas"
    )
    yield _search("A search with a broken filter", "bad-filter", filter="userName eq", count=1)
    truncated = f'{{"schemas":["{SEARCH_REQUEST}"],"filter":'.encode()
    title = "A search that ends in the middle"
    yield raw("POST", "/Users/.search", title, body=truncated, content_type=SCIM_JSON, tag="search.truncated")


def _search(title: str, tag: str, **members: str | int | list[str]) -> Step:
    return post("/Users/.search", {"schemas": [SEARCH_REQUEST], **members}, title, tag=f"search.{tag}")
