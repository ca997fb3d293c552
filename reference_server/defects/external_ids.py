"""externalIds that are lost, changed or shared."""

from __future__ import annotations

from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import problem

STORED = ["RFC7643-3.1-09", "PROF-D-22"]


def change_on_write(behaviour: Behaviour, change: Any) -> None:
    """Let ``change(desk, kind, person)`` alter a person before it is stored."""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, person: Any, version: Any) -> Any:
        change(desk, kind, person)
        return proceed(desk, kind, person, version)


def stored(desk: Any, kind: Any, person: Any) -> Any:
    return desk.storage.get(kind, person.id)


@defect("external-id-not-stored", breaks=[*STORED, "PROF-D-12", "RFC7644-3.1-04"], source="patch-noop-success")
def an_external_id_is_lost(behaviour: Behaviour) -> None:
    """An externalId is confirmed and not kept"""
    change_on_write(behaviour, lambda d, k, p: setattr(p, "external_id", stored(d, k, p).external_id))


@defect("external-id-lower-cased", breaks=[*STORED, "RFC7643-7-C01", "ENTRA-16"])
def an_external_id_loses_its_capitals(behaviour: Behaviour) -> None:
    """An externalId is kept in small letters"""
    change_on_write(behaviour, lambda _d, _k, p: setattr(p, "external_id", p.external_id and p.external_id.lower()))


@defect("external-id-ascii-only", breaks=["RFC7644-3.8-01", "ENTRA-16"])
def an_external_id_loses_its_signs(behaviour: Behaviour) -> None:
    """Letters outside ASCII in an externalId become question marks"""

    def ascii_only(_desk: Any, _kind: Any, person: Any) -> None:
        text = person.external_id
        person.external_id = text and text.encode("ascii", "replace").decode()

    change_on_write(behaviour, ascii_only)


@defect(
    "external-id-cannot-be-cleared", breaks=["PROF-D-22", "RFC7643-2.5-01", "RFC7644-3.5.2.2-02", "RFC7644-3.5.2.3-09"]
)
def an_external_id_stays(behaviour: Behaviour) -> None:
    """Removing an externalId is confirmed, and it stays"""
    change_on_write(behaviour, lambda d, k, p: setattr(p, "external_id", p.external_id or stored(d, k, p).external_id))


@defect("external-id-cleared-to-empty", breaks=["RFC7643-2.5-01", "PROF-D-22"])
def a_cleared_external_id_is_an_empty_text(behaviour: Behaviour) -> None:
    """A removed externalId becomes an empty text that still counts as being there"""
    change_on_write(behaviour, lambda _d, _k, p: setattr(p, "external_id", p.external_id or " "))


@defect("external-id-read-only", breaks=["PROF-D-22", "RFC7643-3.1-09"], source="immutable-attribute-patched")
def an_external_id_cannot_be_set(behaviour: Behaviour) -> None:
    """Setting an externalId is refused"""

    def refused(desk: Any, kind: Any, person: Any) -> None:
        if person.external_id != stored(desk, kind, person).external_id:
            raise problem(400, "externalId is read-only", "mutability")

    change_on_write(behaviour, refused)


@defect("external-id-unique-over-tenants", breaks=["RFC7643-3.1-10", "RFC7644-6.2-01"], source="conflict-as-oracle")
def an_external_id_of_another_tenant_is_taken(behaviour: Behaviour) -> None:
    """An externalId that another tenant uses is a 409"""

    def refused(_desk: Any, kind: Any, person: Any) -> None:
        everybody: list[Any] = behaviour.server.people_of(None).all(kind)
        if any(p.external_id == person.external_id and p.id != person.id for p in everybody if p.external_id):
            raise problem(409, "The externalId is taken", "uniqueness")

    change_on_write(behaviour, refused)


@defect("external-id-overwrites-user-name", breaks=["PROF-D-08", "RFC7643-7-M01"], source="nameid-vs-username")
def an_external_id_becomes_the_user_name(behaviour: Behaviour) -> None:
    """Setting an externalId also rewrites the userName, which locks the person out of SSO"""

    def rewritten(desk: Any, kind: Any, person: Any) -> None:
        if person.external_id and person.external_id != stored(desk, kind, person).external_id:
            person.user_name = f"{person.external_id}-{person.user_name}"

    change_on_write(behaviour, rewritten)
