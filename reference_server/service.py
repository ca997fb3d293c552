"""The SCIM protocol of scim2-server, with what this server decides differently."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel
from scim2_models import (
    BulkOperation,
    Context,
    Error,
    InvalidFilterException,
    InvalidSyntaxException,
    InvalidValueException,
    PatchOp,
    Path,
    Reference,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    SearchRequest,
)
from scim2_models.path import Comparison, LogicalExpr, Not
from scim2_server.conditions import Conditions
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage
from scim2_server.utils import parametrize

from reference_server.admission import Caller
from reference_server.behaviour import Behaviour
from reference_server.bodies import ensure_media_type, require_schema
from reference_server.groups import complete_members
from reference_server.http import LIST_RESPONSE, Request
from reference_server.presets import Preset
from reference_server.refusals import refused
from reference_server.routes import Place, Route

if TYPE_CHECKING:
    from reference_server.people import Desk

__all__ = ["Call", "Caller", "PresetService"]

SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LONGEST_FILTER = 8192


@dataclass
class Call:
    """One SCIM request being served: what was asked, where, by whom, and the desk that holds the caller's people."""

    request: Request
    route: Route
    caller: Caller
    preset: Preset
    desk: Desk


class PresetService(ScimService):
    """The steps of one call: a preset's capabilities, and the seams where a defect may step in."""

    def __init__(self, preset: Preset, behaviour: Behaviour, call: Call | None = None) -> None:
        super().__init__(preset.provider, secret=behaviour.server.cursor_secret)
        self._preset = preset
        self._behaviour = behaviour
        self._call = call
        self._matched: Target | None = None

    def route(self, request: ScimRequest, operation: Operation) -> Target:
        # The handler has matched the request just before, to find out which operation it asks for.
        matched, self._matched = self._matched, None
        if matched is None or matched.operation is not operation or matched.me:
            return super().route(request, operation)
        return matched

    def match(self, request: ScimRequest) -> Target:  # type: ignore[override]
        self._matched = super().match(request)
        return self._matched

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        """What the library makes of it; without its deep copy where nothing below the surface is changed."""
        if any(getattr(resource, name, None) for name in referring(type(resource))):
            return super().publish(base_url, resource)
        assert resource.meta is not None
        assert resource.id is not None
        location = self.resource_location(base_url, self.get_resource_type_of(resource), resource.id)
        meta = {"location": location} if self.etag_supported else {"location": location, "version": None}
        return resource.model_copy(update={"meta": resource.meta.model_copy(update=meta)})

    def search_response(
        self,
        base_url: str,
        resource_types: list[ResourceType],
        page: SearchPage,
        search_request: SearchRequest[Any],
    ) -> ScimResponse:
        """What the library makes of it; without reading what it has just written, to write it again."""
        if search_request.cursor is not None or not page.resources or page.total is None:
            return super().search_response(base_url, resource_types, page, search_request)
        dumped = [
            self.publish(base_url, resource).model_dump(
                scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=search_request
            )
            for resource in page.resources
        ]
        document = {"schemas": [LIST_RESPONSE], "totalResults": page.total}
        if search_request.start_index is not None:
            document["startIndex"] = search_request.start_index
        return ScimResponse(HTTPStatus.OK, document | {"itemsPerPage": len(dumped), "Resources": dumped})

    @staticmethod
    def ensure_json(content_type: str | None) -> None:
        ensure_media_type(content_type)

    def read_search_body(
        self, resource_types: list[ResourceType], body: bytes, content_type: str | None
    ) -> tuple[SearchRequest[Any], Any]:
        payload = self.decode_body(body, content_type)
        if not isinstance(payload, dict):
            raise InvalidSyntaxException(detail="The body has to be a JSON object")
        require_schema(payload, SEARCH_REQUEST)
        for name in ("startIndex", "count"):
            if name in payload and (isinstance(payload[name], bool) or not isinstance(payload[name], int)):
                raise InvalidValueException(detail=f"{name} has to be a whole number")
        return self.read_search(resource_types, payload)

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        asked = {k: v for k, v in payload.items() if v is not None}
        if not self._preset.features["sort"]:
            asked = {k: v for k, v in asked.items() if k.casefold() not in ("sortby", "sortorder")}
        text = next((v for k, v in asked.items() if k.casefold() == "filter"), None)
        if text is not None and (not isinstance(text, str) or len(text) > LONGEST_FILTER):
            raise InvalidFilterException(detail=f"A filter is a text of at most {LONGEST_FILTER} characters")
        request, position = super().read_search(resource_types, asked)
        if request.filter is not None:
            _refuse_complex(request.filter, request.filter.ast)
        return request, position

    def authorize_bulk_operation(
        self, request: ScimRequest, operation: BulkOperation[Resource[Any]], resource_type: ResourceType | None
    ) -> None:
        """What the preset refuses outside of a job it refuses inside of one."""
        super().authorize_bulk_operation(request, operation, resource_type)
        if resource_type is None or operation.method is None:
            return
        place = Place.RESOURCE if operation.resource_id else Place.COLLECTION
        refusal = refused(self._preset, operation.method.value, place)
        if refusal is not None:
            raise SCIMException.from_error(Error(status=refusal.status, detail=refusal.document["detail"]))

    def me_target(self, request: ScimRequest) -> tuple[ResourceType, str]:
        """The owner of a key: whoever of the tenant was there first. Nobody, as long as nobody is."""
        assert self._call is not None
        kind = self.resource_type_at("Users")
        first = self._call.desk.storage.first(kind) if self._preset.features.get("me") else None
        return super().me_target(request) if first is None else (kind, first)

    @staticmethod
    def resource_response(
        resource: Resource[Any],
        scim_ctx: Context,
        response_parameters: ResponseParameters[Any] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> ScimResponse:
        response = ScimService.resource_response(resource, scim_ctx, response_parameters, status)
        response.headers["Location"] = response.headers["Content-Location"]
        return response

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        # 200 with the person is what both big clients read back; 204 would be as conformant.
        return self.replacement_response(base_url, resource, response_parameters)

    def check_preconditions(self, resource: Resource[Any], method: str, conditions: Conditions) -> bool:
        # Without versions a condition means nothing; a client that sends one all the same shall not be stopped by it.
        return super().check_preconditions(resource, method, conditions) if self.etag_supported else True

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        self.check_preconditions(current, "PATCH", conditions)
        assert self._call is not None
        return self._behaviour.apply_patch(self._call, current, patch_op)

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        self.check_preconditions(current, "PUT", conditions)
        assert self._call is not None
        return self._behaviour.apply_put(self._call, current, replacement)


@cache
def referring(model: type[Resource[Any]]) -> tuple[str, ...]:
    """The fields of a model that hold references to other resources of the service, or extensions that do."""
    found: list[str] = []
    for path in parametrize(Path, model).iter_paths(target_type=[Reference]):
        binding = path.resolve()
        assert binding is not None
        kinds = set(cast("type[Reference[Any]]", binding.target_type).__reference_types__)
        if not kinds or kinds & {"external", "uri"}:
            continue
        own = binding.field_name in model.model_fields and binding.model is model
        found += [binding.field_name] if own else [e.__name__ for e in model.get_extension_models().values()]
    return tuple(dict.fromkeys(found))


def apply_patch(_call: Call, current: Resource[Any], patch_op: PatchOp[Any]) -> Resource[Any] | None:
    """The proper work of the seam: all operations, or an exception and none."""
    before = current.model_copy(deep=True) if getattr(current, "members", None) else None
    changed = patch_op.patch(current)
    if changed:
        complete_members(current)
        # A member that was there already comes as a bare id and looks new until it is completed.
        changed = before is None or current.model_dump() != before.model_dump()
    return current if changed else None


def apply_put(call: Call, current: Resource[Any], replacement: Resource[Any]) -> Resource[Any] | None:
    """The proper work of the seam: what the preset keeps stays when the body does not say otherwise."""
    fields = {replacement._scim_name(name): name for name in type(replacement).model_fields}
    for name in call.preset.put_keeps:
        field = fields.get(name)
        if field is not None and getattr(replacement, field) is None:
            setattr(replacement, field, getattr(current, field))
    complete_members(replacement)
    return replacement if replacement.replace(current) else None


def _refuse_complex(scim_filter: Any, node: Any) -> None:
    """A single complex attribute has no value of its own to compare with (RFC 7644 section 3.4.2.2)."""
    if isinstance(node, LogicalExpr):
        for term in node.terms:
            _refuse_complex(scim_filter, term)
    elif isinstance(node, Not):
        _refuse_complex(scim_filter, node.expr)
    elif isinstance(node, Comparison) and len(scim_filter.models) == 1:
        binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
        kind = None if binding is None else binding.target_type
        if isinstance(kind, type) and issubclass(kind, BaseModel) and binding.sub_field_name is None:
            name = node.attr_path.attr
            raise InvalidFilterException(detail=f"{name} has parts: compare one of them, as in {name}.part")
