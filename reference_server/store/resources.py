"""A ScimStorage of scim2-server over SQL: fast where IdPs look, plain matching for every other filter."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Union, cast

from scim2_models import (
    AttributeBinding,
    Context,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage
from scim2_server.utils import parametrize
from sqlalchemy import ColumnElement, and_, delete, func, insert, select, true
from sqlalchemy.exc import IntegrityError

from reference_server.ids import NewId, random_id
from reference_server.store.comparing import equality, key, unique_attribute
from reference_server.store.cursoring import Position, page_behind
from reference_server.store.database import Database
from reference_server.store.statements import BY_ID, BY_TENANT_AND_ID, COUNT, PAGE, SWAP
from reference_server.store.tables import resources

LARGEST = 2**31 - 1
"""Beyond this no page starts and no page is longer; it keeps absurd numbers out of SQL."""

AT_ONCE = 500
"""So many rows are fetched at once where all of a tenant have to be looked at."""

Stored = Any
"""A row of the table."""
_STORED = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
"""Another preset may have stored more than this one serves, and a PATCH is read strictly."""
_TICK = datetime.timedelta(microseconds=1)


def utcnow() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True)
class Swap:
    """An update: the documents before and after (without meta), and the resource as it is now."""

    before: dict[str, Any]
    after: dict[str, Any]
    resource: Resource[Any]


class SqlStorage(ScimStorage):
    """The resources of one tenant, or of all tenants when ``tenant`` is None (which only a defect asks for).

    ``provider`` says which model a resource type has. Follows the storage contract of scim2-server.
    """

    def __init__(
        self,
        database: Database,
        provider: ScimProvider,
        tenant: str | None,
        clock: Callable[[], datetime.datetime] = utcnow,
        new_id: NewId = random_id,
    ) -> None:
        self.database = database
        self.provider = provider
        self.tenant = tenant
        self.clock = clock
        self.new_id = new_id

    @contextmanager
    def operation(self, *, writes: bool = True) -> Iterator[None]:
        if not writes:
            # A statement that reads sees one state of things by itself.
            yield
            return
        with self.database.transaction(writes=True):
            yield

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - the whole document is one column
    ) -> Resource[Any]:
        return self._resource(self.row(resource_type, resource_id))

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ARG002 - no cursors
    ) -> SearchPage:
        start = min(search_request.start_index_0 or 0, LARGEST)
        count = None if search_request.count is None else min(search_request.count, LARGEST)
        compared = self._compared(resource_types, search_request)
        if compared is not None:
            total, rows = self.page(resource_types[0], compared, start, count)
            return SearchPage(total, [self._resource(row) for row in rows])
        where, exact = self._where(resource_types, search_request.filter)
        if exact and search_request.sort_by is None:
            return self._page(where, start, count)
        matching = self._matching(where, resource_types, search_request.filter)
        stop = None if count is None else start + count
        if search_request.sort_by is not None:
            found = search_request.sort(list(matching))
            return SearchPage(len(found), found[start:stop])
        total, page = 0, []
        for resource in matching:
            if total >= start and (stop is None or total < stop):
                page.append(resource)
            total += 1
        return SearchPage(total, page)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        now = self.clock()
        made = resource.model_copy()
        made.id = self.new_id()
        made.meta = Meta(resource_type=resource_type.name, created=now, last_modified=now, version=tag(1))
        values = self._columns(made) | {
            "tenant_id": self._one_tenant(),
            "type": resource_type.name,
            "id": made.id,
            "version": 1,
            "created": now,
            "modified": now,
        }
        with self.database.transaction(writes=True) as connection:
            try:
                with self.database.attempt(connection):
                    connection.execute(insert(resources).values(values))
            except IntegrityError as error:
                raise self._taken(made) from error
        return made

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        return self.swap(resource_type, resource, expected_version).resource

    def swap(self, resource_type: ResourceType, resource: Resource[Any], expected_version: str | None = None) -> Swap:
        """Update, and tell what was there before. Raises what ``update`` raises."""
        with self.database.transaction(writes=True) as connection:
            stored = self.row(resource_type, str(resource.id), expected_version)
            updated = resource.model_copy()
            updated.meta = Meta(
                resource_type=resource_type.name,
                created=stored.created,
                last_modified=self._moment_after(stored),
                version=tag(stored.version + 1),
            )
            columns = self._columns(updated)
            try:
                with self.database.attempt(connection, needed=columns["unique_value"] != stored.unique_value):
                    self._put(stored, columns, updated.meta.last_modified)
            except self.database.breach as error:
                raise self._taken(updated) from error
        return Swap(json.loads(stored.document), json.loads(columns["document"]), updated)

    def put(self, stored: Stored, document: dict[str, Any]) -> datetime.datetime:
        """Give a row another document, in which what is unique has stayed as it was; when that was.

        Raises PreconditionFailedException when the row is not the latest any more.
        """
        external_id = document.get("externalId")
        columns = {
            "document": _encoded(document),
            "unique_value": stored.unique_value,
            "external_id": None if external_id is None else key(external_id),
            "active": document.get("active"),
        }
        moment = self._moment_after(stored)
        self._put(stored, columns, moment)
        return moment

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        with self.database.transaction(writes=True) as connection:
            stored = self.row(resource_type, resource_id, expected_version)
            connection.execute(delete(resources).where(resources.c.seq == stored.seq))

    def page(
        self, resource_type: ResourceType, compared: tuple[str, str], start: int, count: int | None
    ) -> tuple[int, list[Stored]]:
        """How many have a text in a column ("": all), and those from ``start`` on, oldest first, at most ``count``.

        Needs a tenant.
        """
        column, wanted = compared
        values: dict[str, Any] = {"wanted_tenant": self._one_tenant(), "wanted_type": resource_type.name}
        if column:
            values["wanted"] = wanted
        whole = start == 0 and (count is None or count > 1)
        # One row more than the page tells whether counting is needed at all; it hardly ever is for who is looked up.
        most = LARGEST if count is None else min(count + whole, LARGEST)
        limits = {"most": most, "start": start}
        with nullcontext() if column and whole else self.database.transaction():
            rows = self.database.rows(PAGE[column], values | limits) if most else []
            if whole and (count is None or len(rows) <= count):
                return len(rows), rows
            return self.database.rows(COUNT[column], values)[0].total, rows[:count]

    def behind(
        self, resource_types: list[ResourceType], request: SearchRequest[Any], position: Position
    ) -> SearchPage | None:
        """The page behind a position; None for a filter or an order that SQL does not know."""
        where, exact = self._where(resource_types, request.filter)
        if not exact or request.sort_by is not None:
            return None
        count = None if request.count is None else min(request.count, LARGEST)
        with self.database.snapshot() as connection:
            found = page_behind(connection, where, position, count)
        page = SearchPage(found.total, [self._resource(row) for row in found.rows])
        stop = found.start + len(found.rows)
        if found.rows and stop < found.total:
            page.next = Position(str(found.rows[-1].id), stop).told()
        if found.previous is not None:
            page.previous = found.previous.told()
        return page

    def first(self, resource_type: ResourceType) -> str | None:
        """The id of the oldest resource of a type; None without any. Needs a tenant."""
        values = {"wanted_tenant": self._one_tenant(), "wanted_type": resource_type.name, "most": 1, "start": 0}
        rows = self.database.rows(PAGE[""], values)
        return str(rows[0].id) if rows else None

    def by_unique(self, resource_type: ResourceType, value: str) -> Resource[Any] | None:
        """The resource whose unique attribute (userName) equals ``value`` the way SCIM compares it, or None."""
        folded = self.folded(resource_type, value)
        where = and_(*self._scope([resource_type]), resources.c.unique_value == folded)
        with self.database.transaction() as connection:
            row = connection.execute(select(resources).where(where)).first()
        return None if row is None else self._resource(row)

    def all(self, resource_type: ResourceType) -> list[Resource[Any]]:
        """Every resource of a type, oldest first."""
        return list(self._matching(and_(*self._scope([resource_type])), [resource_type], None))

    def naming(self, resource_type: ResourceType, text: str) -> list[Resource[Any]]:
        """The resources of a type whose documents hold a text somewhere, oldest first."""
        query = _ordered(and_(*self._scope([resource_type]), resources.c.document.contains(text, autoescape=True)))
        with self.database.transaction() as connection:
            rows = connection.execute(query.with_for_update() if self.database.locks else query).all()
        return [self._resource(row) for row in rows]

    def folded(self, resource_type: ResourceType, value: str) -> str:
        """The form in which a unique value is compared."""
        binding = unique_attribute(self._model(resource_type))
        return key(value if binding is None else str(binding.comparable(value)))

    def _moment_after(self, stored: Stored) -> datetime.datetime:
        # Two writes within one tick of the clock still differ, and time never runs backwards for a reader.
        moment: datetime.datetime = max(self.clock(), stored.modified + _TICK)
        return moment

    def _put(self, stored: Stored, columns: dict[str, Any], moment: datetime.datetime | None) -> None:
        versions = {"version": stored.version + 1, "its_seq": stored.seq, "its_version": stored.version}
        if self.database.run(SWAP, columns | versions | {"modified": moment}) != 1:
            raise PreconditionFailedException(detail="Somebody else changed it at the same time; read it again")

    def _one_tenant(self) -> str:
        if self.tenant is None:
            raise ValueError("a resource needs a tenant to live in; this storage sees all tenants and can only read")
        return self.tenant

    def _model(self, resource_type: ResourceType) -> type[Resource[Any]]:
        return cast("type[Resource[Any]]", self.provider.model_for(resource_type))

    def _scope(self, resource_types: list[ResourceType]) -> list[ColumnElement[bool]]:
        mine = true() if self.tenant is None else resources.c.tenant_id == self.tenant
        return [mine, resources.c.type.in_([t.name for t in resource_types])]

    def row(self, resource_type: ResourceType, resource_id: str, expected_version: str | None = None) -> Stored:
        """What is stored under an id; held for this transaction when it writes. Raises NotFoundException and
        PreconditionFailedException."""
        query, values = BY_ID, {"wanted_type": resource_type.name, "wanted_id": resource_id}
        if self.tenant is not None:
            query, values = BY_TENANT_AND_ID, values | {"wanted_tenant": self.tenant}
        found = self.database.rows(query[self.database.locks], values)
        row: Stored | None = found[0] if found else None
        if row is None:
            raise NotFoundException(detail=f"There is no {resource_type.name} with the id {resource_id[:80]!r}")
        if expected_version is not None and tag(row.version) != expected_version:
            raise PreconditionFailedException(detail="It has changed since it was read; read it again")
        return row

    def _page(self, where: ColumnElement[bool], start: int, count: int | None) -> SearchPage:
        with self.database.transaction() as connection:
            if count is not None and count > 1 and start == 0:
                # One row more than the page tells whether counting is needed at all.
                rows = connection.execute(_ordered(where).limit(count + 1)).all()
                if len(rows) <= count:
                    return SearchPage(len(rows), [self._resource(row) for row in rows])
                rows = rows[:count]
            else:
                rows = connection.execute(_ordered(where).offset(start).limit(count)).all() if count != 0 else []
            total = connection.execute(select(func.count()).select_from(resources).where(where)).scalar_one()
        return SearchPage(total, [self._resource(row) for row in rows])

    def _matching(
        self, where: ColumnElement[bool], resource_types: list[ResourceType], scim_filter: ScimFilter[Any] | None
    ) -> Iterator[Resource[Any]]:
        """The resources that match, oldest first, a few at a time: there may be more than memory holds."""
        if scim_filter is not None and not scim_filter.models:
            models = tuple(self._model(t) for t in resource_types)
            scim_filter = parametrize(ScimFilter, Union[models])(str(scim_filter))  # noqa: UP007
        with self.database.transaction() as connection:
            for row in connection.execute(_ordered(where), execution_options={"yield_per": AT_ONCE}):
                resource = self._resource(row)
                if scim_filter is None or scim_filter.match(resource):
                    yield resource

    def _where(
        self, resource_types: list[ResourceType], scim_filter: ScimFilter[Any] | None
    ) -> tuple[ColumnElement[bool], bool]:
        """What SQL can say about a filter, and whether that is all of it."""
        scope = and_(*self._scope(resource_types))
        if scim_filter is None:
            return scope, True
        compared = self._column(resource_types[0], scim_filter) if len(resource_types) == 1 else None
        if compared is None:
            return scope, False
        if isinstance(compared, bool):
            return and_(scope, ~true()), True
        return and_(scope, resources.c[compared[0]] == compared[1]), True

    def _compared(self, resource_types: list[ResourceType], request: SearchRequest[Any]) -> tuple[str, str] | None:
        """The column and the text of a search that a prepared statement answers, ("", "") for everybody; else None."""
        if self.tenant is None or request.sort_by is not None or len(resource_types) != 1:
            return None
        if request.filter is None:
            return "", ""
        compared = self._column(resource_types[0], request.filter)
        return None if compared is None or isinstance(compared, bool) else compared

    def _column(self, resource_type: ResourceType, scim_filter: ScimFilter[Any]) -> tuple[str, str] | bool | None:
        """The column and the text that a filter compares; None when it does anything else, False when nobody can
        match."""
        equal = equality(scim_filter)
        return None if equal is None else self.column(resource_type, *equal)

    def column(
        self, resource_type: ResourceType, binding: AttributeBinding, value: str
    ) -> tuple[str, str] | bool | None:
        """The column of an attribute, and the form in which a text is compared there; None when it has none, False
        when nobody can have that text."""
        try:
            wanted = key(str(binding.comparable(value)))
        except ValueError:
            return False
        unique = unique_attribute(self._model(resource_type))
        if unique is not None and binding.urn == unique.urn:
            return "unique_value", wanted
        name = binding.field_name if binding.field_name in ("id", "external_id") else None
        return None if name is None or binding.sub_field_name is not None else (name, wanted)

    def _columns(self, resource: Resource[Any]) -> dict[str, Any]:
        document = resource.model_dump(scim_ctx=Context.DEFAULT, exclude={"meta"})
        unique = unique_attribute(type(resource))
        value = None if unique is None else getattr(resource, unique.field_name)
        return {
            "document": _encoded(document),
            "unique_value": None if value is None or unique is None else key(str(unique.comparable(value))),
            "external_id": None if resource.external_id is None else key(resource.external_id),
            "active": getattr(resource, "active", None),
        }

    def _resource(self, row: Stored) -> Resource[Any]:
        model = cast("type[Resource[Any]]", self.provider.model_for(row.type))
        resource = model.model_validate(json.loads(row.document), scim_policy=_STORED)
        resource.meta = Meta(
            resource_type=row.type, created=row.created, last_modified=row.modified, version=tag(row.version)
        )
        return resource

    @staticmethod
    def _taken(resource: Resource[Any]) -> UniquenessException:
        unique = unique_attribute(type(resource))
        name = "a value" if unique is None else type(resource)._scim_name(unique.field_name)
        return UniquenessException(detail=f"Another {resource.meta.resource_type} has this {name} already")  # type: ignore[union-attr]


def _ordered(where: ColumnElement[bool]) -> Any:
    return select(resources).where(where).order_by(resources.c.seq)


def tag(version: int) -> str:
    """The entity tag of a version."""
    return f'W/"{version}"'


def _encoded(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
