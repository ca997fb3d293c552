"""The statements about resources that nearly every request needs: written once, handed straight to the driver."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select, update

from reference_server.store.prepared import Prepared
from reference_server.store.tables import resources


def _by_id(*more: Any) -> tuple[Prepared, Prepared]:
    """One resource by its id: as it is, and held for whoever is going to write it."""
    query = select(resources).where(
        resources.c.type == bindparam("wanted_type"), resources.c.id == bindparam("wanted_id"), *more
    )
    return Prepared(query), Prepared(query.with_for_update())


BY_ID = _by_id()
BY_TENANT_AND_ID = _by_id(resources.c.tenant_id == bindparam("wanted_tenant"))


def _of_type(name: str) -> list[Any]:
    """The resources of a type in a tenant; those with a value in the column ``name``, or all of them when it is ""."""
    where = [
        resources.c.tenant_id == bindparam("wanted_tenant"),
        resources.c.type == bindparam("wanted_type"),
    ]
    return [*where, resources.c[name] == bindparam("wanted")] if name else where


_NAMES = ("", "unique_value", "external_id", "id")
PAGE = {
    name: Prepared(
        select(resources)
        .where(*_of_type(name))
        .order_by(resources.c.seq)
        .limit(bindparam("most"))
        .offset(bindparam("start"))
    )
    for name in _NAMES
}
COUNT = {
    name: Prepared(select(func.count().label("total")).select_from(resources).where(*_of_type(name))) for name in _NAMES
}
SWAP = Prepared(
    update(resources)
    .where(resources.c.seq == bindparam("its_seq"), resources.c.version == bindparam("its_version"))
    .values(
        {
            name: bindparam(name, type_=resources.c[name].type)
            for name in ("document", "unique_value", "external_id", "active", "modified", "version")
        }
    )
)
