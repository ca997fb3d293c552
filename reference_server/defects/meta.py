"""meta, dates and addresses that are not true."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, on_person, on_reply
from reference_server.http import Request, Response

DATES = ["RFC7643-3.1-14"]
LOCATION = ["RFC7643-3.1-17"]


def set_meta(behaviour: Behaviour, change: Any) -> None:
    """Change the meta of every person in place."""
    on_person(behaviour)(lambda person: change(person["meta"], person) if "meta" in person else None)


@defect("meta-missing", breaks=["RFC7643-3.1-12"])
def there_is_no_meta(behaviour: Behaviour) -> None:
    """People have no meta"""
    on_person(behaviour)(lambda person: person.pop("meta", None))


@defect("meta-dates-missing", breaks=["RFC7643-3.1-12", "RFC7643-3.1-16", "HTTP-META-01"])
def there_are_no_dates(behaviour: Behaviour) -> None:
    """meta has neither created nor lastModified"""
    set_meta(behaviour, lambda meta, _person: [meta.pop(name) for name in ("created", "lastModified")])


@defect("meta-dates-epoch", breaks=DATES)
def dates_are_numbers(behaviour: Behaviour) -> None:
    """The dates in meta are seconds since 1970"""
    set_meta(behaviour, lambda meta, _person: meta.update(created=1790000000, lastModified=1790000000))


@defect("meta-dates-without-time", breaks=DATES)
def dates_have_no_time(behaviour: Behaviour) -> None:
    """The dates in meta have no time of day"""
    set_meta(behaviour, lambda m, _p: m.update(created=m["created"][:10], lastModified=m["lastModified"][:10]))


@defect("meta-dates-without-zone", breaks=[*DATES, "HTTP-TIME-01"])
def dates_have_no_zone(behaviour: Behaviour) -> None:
    """The dates in meta have no time zone"""
    set_meta(behaviour, lambda m, _p: m.update(created=m["created"][:-1], lastModified=m["lastModified"][:-1]))


@defect("location-wrong", breaks=LOCATION)
def a_location_leads_nowhere(behaviour: Behaviour) -> None:
    """meta.location leads to nobody"""
    set_meta(behaviour, lambda meta, _person: meta.update(location=f"{meta['location']}0"))


@defect("location-internal-host", breaks=[*LOCATION, "RFC7644-3.13-01"])
def a_location_names_an_inner_host(behaviour: Behaviour) -> None:
    """meta.location names the host behind the proxy and another path"""
    set_meta(behaviour, lambda m, p: m.update(location=f"http://scim-internal:8080/v1/Users/{p.get('id')}"))


@defect("location-with-userinfo", breaks=["RFC7644-7.1-01"])
def a_location_holds_a_password(behaviour: Behaviour) -> None:
    """meta.location holds a user name and a password before the host"""
    set_meta(behaviour, lambda meta, _p: meta.update(location=meta["location"].replace("://", "://scim:secret@")))


@defect("location-header-differs", breaks=[*LOCATION, "RFC7644-3.4.1-03"])
def two_addresses_contradict_each_other(behaviour: Behaviour) -> None:
    """The Location header of a person is another one than meta.location"""

    @on_reply(behaviour)
    def moved(request: Request, response: Response) -> None:
        if is_resource(request, "GET") and "Location" in response.headers:
            response.headers["Location"] = response.headers["Content-Location"] = f"{request.origin}/scim/v2/Users"


@defect("resource-type-wrong", breaks=["RFC7643-6-05"])
def a_person_is_of_another_type(behaviour: Behaviour) -> None:
    """meta.resourceType is "user" in small letters, which /ResourceTypes does not know"""
    set_meta(behaviour, lambda meta, _person: meta.update(resourceType="user"))


@defect("last-modified-stands-still", breaks=["RFC7643-3.1-16"])
def a_change_moves_no_date(behaviour: Behaviour) -> None:
    """meta.lastModified always shows when the person was created"""
    set_meta(behaviour, lambda meta, _person: meta.update(lastModified=meta["created"]))


@defect("last-modified-runs-back", breaks=["RFC7643-3.1-16"])
def a_change_moves_the_date_back(behaviour: Behaviour) -> None:
    """A write moves meta.lastModified into the past"""

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> Any:
        person = proceed(request, resource)
        if person.get("active") is False and "meta" in person:
            person["meta"]["lastModified"] = "2001-01-01T00:00:00Z"
        return person


@defect("created-moves", breaks=["RFC7643-3.1-16", "PROF-D-08"])
def a_change_makes_anew(behaviour: Behaviour) -> None:
    """meta.created moves along with meta.lastModified"""
    set_meta(behaviour, lambda meta, _person: meta.update(created=meta["lastModified"]))


@defect("reading-is-a-change", breaks=["RFC7644-3.4-03"])
def reading_moves_the_date(behaviour: Behaviour) -> None:
    """Reading a person moves meta.lastModified"""

    @behaviour.find.around
    def found(proceed: Any, desk: Any, kind: Any, resource_id: str) -> Any:
        person = proceed(desk, kind, resource_id)
        return desk.storage.update(kind, person) if desk.how == "get" else person


@defect("meta-from-client", breaks=["RFC7643-3.1-13", "RFC7644-3.1-04"], source="meta-writable")
def meta_is_taken_from_the_body(behaviour: Behaviour) -> None:
    """The answer to a PUT shows the meta that the client sent"""

    @on_reply(behaviour)
    def taken(request: Request, response: Response) -> None:
        sent = request.json.get("meta") if is_resource(request, "PUT") and isinstance(request.json, dict) else None
        if response.status == 200 and isinstance(sent, dict):
            response.document["meta"] |= sent


@defect("location-header-missing", breaks=["RFC7644-3.4.1-03"])
def a_person_comes_without_an_address(behaviour: Behaviour) -> None:
    """Replies with one person have no Location header"""
    on_reply(behaviour)(lambda _request, r: [r.headers.pop(n, None) for n in ("Location", "Content-Location")])


@defect("misleading-location-on-lists", breaks=["RFC7643-3.1-17", "PROF-D-01", "PROF-D-02"])
def a_list_has_an_address(behaviour: Behaviour) -> None:
    """Replies that hold no single person have a Location header as well"""
    on_reply(behaviour)(lambda request, r: r.headers.setdefault("Location", f"{request.origin}{request.path}"))
