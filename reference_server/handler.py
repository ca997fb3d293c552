"""Serving one SCIM call: the order of steps for writes, on top of scim2-server's handler."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from scim2_models import Context, PatchOp, Resource, ResourceType, SCIMException, ScimPolicy
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import scim_exception_of
from scim2_server.utils import parametrize

from reference_server.behaviour import Behaviour
from reference_server.bodies import decode, member, prepare
from reference_server.direct import Direct
from reference_server.http import Response
from reference_server.presets import Preset
from reference_server.routes import BASE_PATH
from reference_server.service import Call, PresetService

STRICT = ScimPolicy(
    unknown=ScimPolicy.Unknown.forbid,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
)
"""How operations are read: an attribute that nobody knows is an error, unlike in a POST or PUT."""


def serve(preset: Preset, behaviour: Behaviour, direct: Direct, call: Call) -> Response:
    """The proper work of the seam ``serve``. Raises SCIM exceptions."""
    plain = direct.answer(call)
    if plain is not None:
        return plain
    handler = CallHandler(PresetService(preset, behaviour, call), call, behaviour)
    request = call.request
    answer = handler.handle(
        ScimRequest(
            method="GET" if request.method == "HEAD" else request.method,
            base_url=f"{request.origin}{BASE_PATH}",
            path=call.route.path,
            query=request.query,
            headers=request.headers,
            body=request.body,
            subject=call.caller,
        )
    )
    return Response(answer.status.value, answer.body, _headers(answer))


class CallHandler(ScimHandler):
    """Existence first, then the body: an unknown id is a 404 whatever was sent."""

    def __init__(self, service: PresetService, call: Call, behaviour: Behaviour) -> None:
        super().__init__(service, call.desk)
        self._call = call
        self._behaviour = behaviour

    def create(self, request: ScimRequest) -> ScimResponse:
        kind = self._kind()
        document = prepare(decode(self._call.request), self.service.get_model(kind), self._call.preset)
        if "active" in self.service.get_model(kind).model_fields and member(document, "active") is None:
            document = {k: v for k, v in document.items() if k.casefold() != "active"} | {"active": True}
        return super().create(replace(request, body=_encode(document)))

    def replace(self, request: ScimRequest) -> ScimResponse:
        kind = self._kind()
        model = self.service.get_model(kind)
        with self.service.provider, self.storage.operation():
            current = self.storage.get(kind, self._call.route.id)
            document = prepare(decode(self._call.request), model, self._call.preset)
            if "user_name" in model.model_fields and "userName" not in self._writable(model):
                # A read-only userName is ignored when it comes, so it need not come.
                document["userName"] = current.user_name  # type: ignore[attr-defined]
        return super().replace(replace(request, body=_encode(document)))

    def patch(self, request: ScimRequest) -> ScimResponse:
        kind = self._kind()
        model = self.service.get_model(kind)
        with self.service.provider, STRICT:
            parameters = self.service.read_response_parameters(kind, request.query)
            with self.storage.operation():
                current = self.storage.get(kind, self._call.route.id)
                document = self._behaviour.read_patch(self._call, decode(self._call.request), current)
                patch_op = _patch_op(model, document)
                assert current.meta is not None
                version = current.meta.version
                patched = self.service.apply_patch(current, patch_op, self.service.read_conditions(request))
                if patched is not None:
                    current = self.storage.update(kind, patched, expected_version=version)
            return self.service.patch_response(request.base_url, current, parameters)

    def bulk(self, request: ScimRequest) -> ScimResponse:
        self._call.desk.how = "bulk"
        document = decode(self._call.request)
        operations = member(document, "Operations")
        if isinstance(operations, list):
            for operation in operations:
                self._settle(operation)
        return super().bulk(replace(request, body=_encode(document)))

    def _settle(self, operation: Any) -> None:
        """Read a resource inside a bulk request like a single one; its faults are found when its turn comes."""
        if not isinstance(operation, dict) or not isinstance(operation.get("data"), dict):
            return
        if str(operation.get("method", "")).upper() not in ("POST", "PUT"):
            return
        endpoint = str(operation.get("path", "")).strip("/").partition("/")[0]
        kind = self.service.get_resource_type_by_endpoint(endpoint)
        if kind is None:
            return
        try:
            operation["data"] = prepare(operation["data"], self.service.get_model(kind), self._call.preset)
        except SCIMException:
            return

    def _kind(self) -> ResourceType:
        return self.service.resource_type_at(self._call.route.endpoint)

    def _writable(self, model: type[Resource[Any]]) -> tuple[str, ...]:
        writable = self._call.preset.writable
        return tuple(model._scim_name(f) for f in model.model_fields) if "*" in writable else writable


def _patch_op(model: type[Resource[Any]], document: dict[str, Any]) -> PatchOp[Any]:
    try:
        return parametrize(PatchOp, model).model_validate(document, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    except ValidationError as problem:
        raise scim_exception_of(problem) from problem


def _encode(document: Any) -> bytes:
    return json.dumps(document).encode()


def _headers(answer: ScimResponse) -> dict[str, str]:
    return {k: v for k, v in answer.headers.items() if answer.body is not None or k != "Content-Type"}
