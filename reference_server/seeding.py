"""Seeding: many tenants with many people at once, for whoever wants to put a server under load.

The people are as if they had signed in by SSO, without a session; the audit trail does not tell of them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scim2_models import Context
from sqlalchemy import insert

from reference_server.store.tables import resources

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer

LEAVER = "leaver-{number}@tenant-{tenant}.example"
BYSTANDER = "bystander-{number}@tenant-{tenant}.example"

BATCH = 1000
"""Rows that are written with one statement."""

_NAME, _FAMILY = "someone@seeding.example", "Number-of-somebody"


@dataclass(frozen=True)
class Seeded:
    """A tenant that was made: its number, its id, and its API key, which is shown this once."""

    number: int
    tenant: str
    api_key: str

    def __repr__(self) -> str:
        return f"Seeded(number={self.number}, tenant={self.tenant!r}, api_key=***)"


def seed(server: ReferenceServer, tenants: int, people: int, bystanders: int = 0) -> list[Seeded]:
    """Make so many tenants, each with so many people called after LEAVER, and others called after BYSTANDER.

    All numbers begin with 0. Takes about a second for ten thousand people on SQLite.
    """
    made = []
    template = _template(server)
    for number in range(tenants):
        tenant = server.add_tenant(f"Tenant {number}", f"it@tenant-{number}.example")
        rows = _rows(server, template, tenant.id, number, people, bystanders)
        while batch := list(islice(rows, BATCH)):
            with server.database.transaction() as connection:
                connection.execute(insert(resources), batch)
        made.append(Seeded(number, tenant.id, tenant.api_key))
    return made


def _rows(
    server: ReferenceServer, template: str, tenant: str, number: int, people: int, bystanders: int
) -> Iterator[dict[str, Any]]:
    now = server.people_of(tenant).clock()
    for pattern, many in ((LEAVER, people), (BYSTANDER, bystanders)):
        for place in range(many):
            name = pattern.replace("{tenant}", str(number)).replace("{number}", str(place))
            identity = uuid.uuid4().hex
            document = template.replace(_NAME, name).replace(_FAMILY, f"Number-{place}").replace("{id}", identity)
            yield {
                "tenant_id": tenant,
                "type": "User",
                "id": identity,
                "document": document,
                "unique_value": name.casefold(),
                "external_id": None,
                "active": True,
                "version": 1,
                "created": now,
                "modified": now,
            }


def _template(server: ReferenceServer) -> str:
    """The stored document of somebody who signed in, with marks where one person differs from the next."""
    storage = server.people_of(None)
    model = storage.provider.model_for(server.user_type)
    assert model is not None
    full_name = f"Leaver {_FAMILY}"
    person = model.model_validate(
        {
            "schemas": [str(model.__schema__)],
            "id": "{id}",
            "userName": _NAME,
            "name": {"givenName": "Leaver", "familyName": _FAMILY, "formatted": full_name},
            "displayName": full_name,
            "active": True,
            "emails": [{"value": _NAME, "type": "work", "primary": True}],
        }
    )
    document = person.model_dump(scim_ctx=Context.DEFAULT, exclude={"meta"})
    return json.dumps(document, separators=(",", ":"))
