"""SCIM schemas and messages as JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scim2_models import ResourceType, Schema, ServiceProviderConfig

from reference_server.http import ERROR, LIST_RESPONSE
from reference_server.presets import Preset

Shape = dict[str, Any]

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

SCIM_TYPES = (
    "invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue",
    "invalidVers", "sensitive", "invalidCursor", "expiredCursor", "invalidCount",
)  # fmt: skip
"""RFC 7644 section 3.12 and RFC 9865 section 2.1."""

# What no JSON Schema can say stands as a format of that name; who does not know it takes any text.
FILTER: Shape = {"type": "string", "format": "scim-filter"}
ATTRIBUTE: Shape = {"type": "string", "format": "scim-attribute"}
ATTRIBUTES: Shape = {"type": "string", "format": "scim-attributes"}
PATH: Shape = {"type": "string", "format": "scim-path"}
CURSOR: Shape = {"type": "string", "format": "scim-cursor"}

_KINDS: dict[str, Shape] = {
    "string": {"type": "string"},
    "reference": {"type": "string"},  # As it was written: not every client writes a URI.
    "binary": {"type": "string", "contentEncoding": "base64"},
    "boolean": {"type": "boolean"},
    "decimal": {"type": "number"},
    "integer": {"type": "integer"},
    "dateTime": {"type": "string", "format": "date-time"},
}
_META: Shape = {
    "type": "object",
    "properties": {
        "resourceType": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        "lastModified": {"type": "string", "format": "date-time"},
        "location": {"type": "string", "format": "uri"},
        "version": {"type": "string"},
    },
    "additionalProperties": False,
}


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def components(preset: Preset) -> dict[str, Shape]:
    """Every shape that a preset's requests and answers have, by name. What is written is named "...ToWrite"."""
    found: dict[str, Shape] = {"Error": _error()}
    described = preset.provider
    known = {str(schema.id): schema.model_dump() for schema in described.schemas or ()}
    names = []
    for kind in described.resource_types or ():
        core, name = known[str(kind.schema_)], str(kind.name)
        more = {str(e.schema_): known[str(e.schema_)]["attributes"] for e in kind.schema_extensions or ()}
        found[name] = _read(str(kind.schema_), core["attributes"], more)
        found[f"{name}ToWrite"] = _written(str(kind.schema_), core["attributes"], more)
        if preset.features["interop"]:
            found[f"{name}ToWrite"]["additionalProperties"] = False
        found[f"ListOf{name}"] = _list([name])
        names.append(name)
    found["ListOfAny"] = _list(names)
    for model in (ServiceProviderConfig, ResourceType, Schema):
        own = model.to_schema().model_dump()
        shape = _read(str(own["id"]), own["attributes"], {})
        # The RFCs of later years add members here, and a server that knows them says so.
        shape["additionalProperties"] = True
        if model is ServiceProviderConfig:
            shape["required"] = ["schemas"]
        found[model.__name__] = shape
    found["ListOfResourceType"], found["ListOfSchema"] = _list(["ResourceType"]), _list(["Schema"])
    return found | _messages(preset)


def _read(urn: str, attributes: Iterable[Shape], extensions: dict[str, list[Shape]]) -> Shape:
    """A resource in an answer. What a client asks for with ``attributes`` may leave out all but schemas and id."""
    properties: dict[str, Shape] = {
        "schemas": {"type": "array", "items": {"type": "string"}, "contains": {"const": urn}},
        "id": {"type": "string", "minLength": 1},
        "externalId": {"type": "string"},
        "meta": _META,
    }
    properties |= {a["name"]: _attribute(a) for a in attributes}
    properties |= {name: _complex(own) for name, own in extensions.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": ["schemas", "id"],
        "additionalProperties": False,
    }


def _written(urn: str, attributes: Iterable[Shape], extensions: dict[str, list[Shape]]) -> Shape:
    """A resource in a request. Members that are the server's, or nobody's, may come and are ignored."""
    free = [a for a in attributes if a.get("mutability") != "readOnly"]
    properties: dict[str, Shape] = {
        "schemas": {"type": "array", "items": {"type": "string"}, "contains": {"const": urn}},
        "externalId": {"type": ["string", "null"]},
    }
    properties |= {a["name"]: _writable(a) for a in free}
    for name, own in extensions.items():
        writable = [a for a in own if a.get("mutability") != "readOnly"]
        if writable:
            properties[name] = {"type": "object", "properties": {a["name"]: _writable(a) for a in writable}}
    required = [a["name"] for a in free if a.get("required")]
    return {"type": "object", "properties": properties, "required": ["schemas", *required]}


def _writable(attribute: Shape) -> Shape:
    shape = _attribute(attribute, written=True)
    if attribute.get("required"):
        return shape | ({"minLength": 1, "pattern": r"\S"} if shape.get("type") == "string" else {})
    return shape | {"type": [shape["type"], "null"]}  # null and left out are the same (RFC 7643 section 2.5).


def _attribute(attribute: Shape, *, written: bool = False) -> Shape:
    if attribute["type"] == "complex":
        shape = _complex(attribute.get("subAttributes") or [], written=written)
    else:
        shape = dict(_KINDS[attribute["type"]])
    if written and "external" in (attribute.get("referenceTypes") or ()):
        shape["format"] = "uri"
    if attribute.get("multiValued"):
        shape = {"type": "array", "items": shape}
        if written and any(a["name"] == "primary" for a in attribute.get("subAttributes") or ()):
            # At most one is the main one (RFC 7643 section 2.4).
            main = {"properties": {"primary": {"const": True}}, "required": ["primary"]}
            shape |= {"contains": main, "minContains": 0, "maxContains": 1}
    if attribute.get("description"):
        shape["description"] = attribute["description"]
    if attribute.get("mutability") == "readOnly":
        shape["readOnly"] = True
    return shape


def _complex(attributes: Iterable[Shape], *, written: bool = False) -> Shape:
    kept = [a for a in attributes if not (written and a.get("mutability") == "readOnly")]
    shape: Shape = {"type": "object", "properties": {a["name"]: _attribute(a, written=written) for a in kept}}
    return shape if written else shape | {"additionalProperties": False}


def _message(urn: str, properties: dict[str, Shape], required: Iterable[str]) -> Shape:
    schemas = {"type": "array", "items": {"type": "string"}, "contains": {"const": urn}}
    return {"type": "object", "properties": {"schemas": schemas} | properties, "required": ["schemas", *required]}


def _error() -> Shape:
    properties: dict[str, Shape] = {
        "status": {"type": "string", "pattern": "^[45][0-9]{2}$"},
        "scimType": {"enum": list(SCIM_TYPES)},
        "detail": {"type": "string", "minLength": 1},
    }
    return _message(ERROR, properties, ("status", "detail")) | {"additionalProperties": False}


def _list(names: list[str]) -> Shape:
    items = ref(names[0]) if len(names) == 1 else {"anyOf": [ref(name) for name in names]}
    properties: dict[str, Shape] = {
        "totalResults": {"type": "integer", "minimum": 0},
        "startIndex": {"type": "integer", "minimum": 1},
        "itemsPerPage": {"type": "integer", "minimum": 0},
        "nextCursor": {"type": "string"},
        "previousCursor": {"type": "string"},
        "Resources": {"type": "array", "items": items},
    }
    return _message(LIST_RESPONSE, properties, ("totalResults",)) | {"additionalProperties": False}


def _messages(preset: Preset) -> dict[str, Shape]:
    texts = {"type": "array", "items": ATTRIBUTE}
    operation = {
        "type": "object",
        "properties": {
            "op": {"enum": ["add", "remove", "replace"]},
            "path": PATH,
            "value": {},
        },
        "required": ["op"],
    }
    found = {
        "PatchOp": _message(
            PATCH_OP, {"Operations": {"type": "array", "items": operation, "minItems": 1}}, ("Operations",)
        ),
        "SearchRequest": _message(
            SEARCH_REQUEST,
            {
                "filter": FILTER,
                "attributes": texts,
                "excludedAttributes": texts,
                "startIndex": {"type": "integer"},
                "count": {"type": "integer"},
            },
            (),
        )
        # One or the other (RFC 7644 section 3.9).
        | {"not": {"required": ["attributes", "excludedAttributes"]}},
    }
    if preset.features["bulk_operations"]:
        found |= _bulk(int(preset.features["bulk_operations"]))
    return found


def _bulk(most: int) -> dict[str, Shape]:
    asked = {
        "type": "object",
        "properties": {
            "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"]},
            "path": {"type": "string", "examples": ["/Users"]},
            "bulkId": {"type": "string"},
            "version": {"type": "string"},
            "data": {"type": "object"},
        },
        "required": ["method", "path"],
    }
    done = {
        "type": "object",
        "properties": {
            "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"]},
            "location": {"type": "string"},
            "bulkId": {"type": "string"},
            "version": {"type": "string"},
            "status": {"type": "string", "pattern": "^[1-5][0-9]{2}$"},
            "response": {"type": "object"},
        },
        "required": ["status"],
    }
    return {
        "BulkRequest": _message(
            BULK_REQUEST,
            {
                "failOnErrors": {"type": "integer", "minimum": 1},
                "Operations": {"type": "array", "items": asked, "minItems": 1, "maxItems": most},
            },
            ("Operations",),
        ),
        "BulkResponse": _message(BULK_RESPONSE, {"Operations": {"type": "array", "items": done}}, ("Operations",)),
    }
