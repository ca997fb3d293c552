"""Makes from a preset what scim2-server serves: schemas, resource types, ServiceProviderConfig and policy."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from scim2_models import (
    Extension,
    ListResponse,
    PatchOp,
    ResourceType,
    ResponseParameters,
    Schema,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
)
from scim2_server.utils import parametrize

if TYPE_CHECKING:
    from reference_server.presets.preset import Preset

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

_EXTENSION = "enterprise."


def provider(preset: Preset) -> ScimProvider:
    """The description of the service that a preset stands for."""
    extended = any(path.startswith(_EXTENSION) for path in preset.published)
    schemas = [_schema(USER, "User", "A person with an account", _user_attributes(preset))]
    if extended:
        attributes = _extension_attributes(preset)
        schemas.append(_schema(ENTERPRISE, "EnterpriseUser", "What an organisation adds about a person", attributes))
    types = [_type("User", "/Users", USER, (ENTERPRISE,) if extended else ())]
    if preset.groups:
        schemas.append(_schema(GROUP, "Group", "A group of people", _attributes("group", None, writable=True)))
        types.append(_type("Group", "/Groups", GROUP, ()))
    return ScimProvider.from_discovery(
        [Schema.model_validate(s) for s in schemas],
        [ResourceType.model_validate(t) for t in types],
        config=ServiceProviderConfig.model_validate(_config(preset)),
        policy=ScimPolicy(
            unknown=ScimPolicy.Unknown.ignore,
            remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        ),
    )


def messages(described: ScimProvider) -> tuple[type, ...]:
    """Each message that a service of that description reads or writes, for each kind of resource."""
    extensions = [m for m in described.models if issubclass(m, Extension)]
    kinds: tuple[Any, ...] = (*(m for m in described.models if m not in extensions), Schema, ResourceType)
    return tuple(
        parametrize(message, kind)
        for message in (ListResponse, PatchOp, ResponseParameters, SearchRequest)
        for kind in kinds
    )


def _schema(urn: str, name: str, description: str, attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schemas": [SCHEMA], "id": urn, "name": name, "description": description, "attributes": attributes}


def _type(name: str, endpoint: str, schema: str, extensions: tuple[str, ...]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "schemas": [RESOURCE_TYPE],
        "id": name,
        "name": name,
        "endpoint": endpoint,
        "description": f"{name}s of the tenant that the API key belongs to",
        "schema": schema,
    }
    if extensions:
        described["schemaExtensions"] = [{"schema": urn, "required": False} for urn in extensions]
    return described


def _user_attributes(preset: Preset) -> list[dict[str, Any]]:
    paths = [p for p in preset.published if not p.startswith(_EXTENSION)]
    return _attributes("user", paths, writable=preset.writable)


def _extension_attributes(preset: Preset) -> list[dict[str, Any]]:
    paths = [p.removeprefix(_EXTENSION) for p in preset.published if p.startswith(_EXTENSION)]
    return _attributes("enterprise", paths, writable=preset.writable)


def _attributes(file: str, published: list[str] | None, *, writable: tuple[str, ...] | bool) -> list[dict[str, Any]]:
    """The described attributes of a file, cut to ``published`` (dotted paths; None: all), in the file's order."""
    text = (files("reference_server.presets") / "attributes" / f"{file}.toml").read_text(encoding="utf-8")
    found = []
    for name, raw in tomllib.loads(text).items():
        subs = {s: d for s, d in raw.get("sub", {}).items() if published is None or f"{name}.{s}" in published}
        if published is not None and name not in published and not subs:
            continue
        free = writable is True or (isinstance(writable, tuple) and ("*" in writable or name in writable))
        attribute = _attribute(name, raw, free=free)
        if subs:
            attribute["subAttributes"] = [_attribute(s, d, free=free) for s, d in subs.items()]
        found.append(attribute)
    return found


def _attribute(name: str, raw: dict[str, Any], *, free: bool) -> dict[str, Any]:
    kind = raw.get("type", "string")
    attribute: dict[str, Any] = {
        "name": name,
        "type": kind,
        "multiValued": raw.get("multiValued", False),
        "description": raw["description"],
        "required": raw.get("required", False),
        "mutability": raw.get("mutability", "readWrite") if free else "readOnly",
        "returned": "default",
        "uniqueness": raw.get("uniqueness", "none"),
        "caseExact": raw.get("caseExact", False),
    }
    for key in ("canonicalValues", "referenceTypes"):
        if key in raw:
            attribute[key] = raw[key]
    return attribute


def _config(preset: Preset) -> dict[str, Any]:
    features = preset.features
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": features["documentation_uri"],
        "patch": {"supported": features["patch"]},
        "bulk": {
            "supported": features["bulk_operations"] > 0,
            "maxOperations": features["bulk_operations"],
            "maxPayloadSize": features["bulk_bytes"],
        },
        "filter": {"supported": True, "maxResults": features["max_results"]},
        "changePassword": {"supported": False},
        "sort": {"supported": features["sort"]},
        "etag": {"supported": features["etag"]},
        "pagination": {
            "cursor": features["cursor"],
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": features["page_size"],
            "maxPageSize": features["max_results"],
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "The API key, sent in the Authorization header behind the word Bearer",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "documentationUri": features["documentation_uri"],
                "primary": True,
            }
        ],
    }
