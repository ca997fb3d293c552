"""The desk: the storage as one call sees it. Every write, by whatever request, has its consequences here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scim2_models import Context, InvalidValueException, Resource, ResourceType, ResponseParameters, SearchRequest
from scim2_server.storage import ScimStorage, SearchPage

from reference_server.access import Departed
from reference_server.admission import Caller
from reference_server.audit import Audit
from reference_server.behaviour import Behaviour
from reference_server.groups import complete_members, leave_groups
from reference_server.sessions import Sessions
from reference_server.store.cursoring import Position
from reference_server.store.resources import SqlStorage


@dataclass
class Desk(ScimStorage):
    """People and groups for one call. ``storage`` sees the caller's tenant; ``how`` is the method, or bulk."""

    storage: SqlStorage
    behaviour: Behaviour
    caller: Caller
    how: str
    sessions: Sessions
    departed: Departed
    audit: Audit

    supports_cursors = True

    @contextmanager
    def operation(self) -> Iterator[None]:
        with self.storage.operation(writes=self.how not in ("get", "head")):
            yield

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - the whole document is one column
    ) -> Resource[Any]:
        return self.behaviour.find(self, resource_type, resource_id)

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        if search_request.cursor is None:
            return self.behaviour.search(self, resource_types, search_request)
        return self._behind(Position.of(position), resource_types, search_request)

    def _behind(self, position: Position, types: list[ResourceType], request: SearchRequest[Any]) -> SearchPage:
        """The page behind a position. Who comes or goes meanwhile moves nobody else.

        Where the store cannot say it alone everybody is looked at: for a filter or an order that SQL does not know.
        """
        if self.behaviour.search.untouched and (page := self.storage.behind(types, request, position)) is not None:
            return page
        everybody = request.model_copy(update={"start_index": 1, "count": None})
        found = self.behaviour.search(self, types, everybody).resources
        if request.count == 0:
            return SearchPage(len(found), [])
        start = next(
            (i + 1 for i, resource in enumerate(found) if position.id and resource.id == position.id),
            min(position.at, len(found)),
        )
        stop = len(found) if request.count is None else min(start + request.count, len(found))
        page = SearchPage(len(found), found[start:stop])
        if page.resources and stop < len(found):
            page.next = Position(str(found[stop - 1].id), stop).told()
        if page.resources and start > 0:
            before = max(start - (request.count or 0), 0)
            page.previous = Position(str(found[before - 1].id) if before else "", before).told()
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        return self.behaviour.create(self, resource_type, resource)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        return self.behaviour.keep(self, resource_type, resource, expected_version)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        self.behaviour.remove(self, resource_type, resource_id, expected_version)

    def note(self, resource: Resource[Any], before: dict[str, Any], after: dict[str, Any]) -> None:
        """Write an audit entry about a resource."""
        assert resource.meta is not None
        what = (str(resource.meta.resource_type), str(resource.id))
        self.audit.note(self.caller.tenant, self.caller.key_id, self.how, what, before, after)


def install(behaviour: Behaviour) -> None:
    """Give the seams of the desk their proper work."""
    behaviour.find.does(lambda desk, kind, resource_id: desk.storage.get(kind, resource_id))
    behaviour.search.does(lambda desk, kinds, request: desk.storage.search(kinds, request))
    behaviour.create.does(_create)
    behaviour.keep.does(_keep)
    behaviour.remove.does(_remove)


def _create(desk: Desk, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
    fresh = resource.model_copy(deep=True)
    _tidy(fresh)
    complete_members(fresh)
    made = desk.storage.create(resource_type, fresh)
    name = getattr(made, "user_name", None)
    if name is not None:
        desk.departed.forget(desk.caller.tenant, desk.storage.folded(resource_type, name))
    desk.note(made, {}, _document(made))
    return made


def _keep(
    desk: Desk, resource_type: ResourceType, resource: Resource[Any], expected_version: str | None
) -> Resource[Any]:
    _tidy(resource)
    swap = desk.storage.swap(resource_type, resource, expected_version)
    kept = swap.resource
    if getattr(kept, "active", True) is not True:
        desk.behaviour.end_access(desk.caller.tenant, str(kept.id), desk.how)
    name = swap.after.get("userName")
    if name is not None and name != swap.before.get("userName"):
        desk.sessions.renamed(desk.caller.tenant, str(kept.id), desk.storage.folded(resource_type, name))
    desk.note(kept, swap.before, swap.after)
    return kept


def _remove(desk: Desk, resource_type: ResourceType, resource_id: str, expected_version: str | None) -> None:
    gone = desk.storage.get(resource_type, resource_id)
    desk.storage.delete(resource_type, resource_id, expected_version=expected_version)
    name = getattr(gone, "user_name", None)
    if name is not None:
        desk.behaviour.end_access(desk.caller.tenant, resource_id, desk.how)
        desk.departed.note(desk.caller.tenant, desk.storage.folded(resource_type, name))
        leave_groups(desk.storage, resource_id)
    desk.note(gone, _document(gone), {})


def _tidy(resource: Resource[Any]) -> None:
    """What must hold for everything that is stored: a name that is one, and no schema that is not served."""
    field, attribute = _NAMES[hasattr(resource, "user_name")]
    name = getattr(resource, field, None)
    if name is not None and not name.strip():
        raise InvalidValueException(detail=f"{attribute} may not be empty")
    served = {str(type(resource).__schema__), *map(str, type(resource).get_extension_models())}
    resource.schemas = [urn for urn in resource.schemas if urn in served]


_NAMES = {True: ("user_name", "userName"), False: ("display_name", "displayName")}
"""The required name of a person and of a group: field and attribute (RFC 7643 section 4.1; erratum 5368)."""


def _document(resource: Resource[Any]) -> dict[str, Any]:
    return resource.model_dump(scim_ctx=Context.DEFAULT, exclude={"meta"})
