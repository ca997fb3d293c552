"""From SCIM schema definitions to the JSON Schema of a resource. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.model.step import USER
from harness.schemas.spelling import Spelling

END = r"(?![\s\S])"
"""The end of the text in every dialect of regular expressions; Python's ``$`` also stands before a last line break."""

DATE_TIME = (
    r"^-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
    r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?" + END
)
"""xsd:dateTime (RFC 7643 §2.3.5): the zone may be left out, white space and missing seconds are wrong."""

BASE64 = r"^[A-Za-z0-9+/_-]*={0,2}" + END
"""base64 or base64url (RFC 7643 §2.3.6), by its alphabet only."""

DEEPEST = 6
"""How many levels of sub-attributes of a definition are looked at; SCIM has two."""

_SIMPLE: dict[str, tuple[dict[str, Any], str]] = {
    "string": ({"type": "string"}, "a string"),
    "boolean": ({"type": "boolean"}, "true or false, without quotation marks"),
    "decimal": ({"type": "number"}, "a number, without quotation marks"),
    "integer": ({"type": "integer"}, "a whole number, without quotation marks"),
    "dateTime": ({"type": "string", "pattern": DATE_TIME}, "a date and time such as 2026-01-31T09:30:00Z"),
    "binary": ({"type": "string", "pattern": BASE64}, "a string in base64"),
    "reference": ({"type": "string"}, "a URI as a string"),
    "complex": ({"type": "object"}, "a JSON object"),
}

_META: tuple[tuple[str, str], ...] = (
    ("resourceType", "string"),
    ("created", "dateTime"),
    ("lastModified", "dateTime"),
    ("location", "reference"),
    ("version", "string"),
)
_COMMON = ("schemas", "id", "externalId", "meta")


def resource_schema(
    definitions: Sequence[Any],
    *,
    attributes: Iterable[str] | None = None,
    id_required: bool = True,
    parts_required: bool = False,
    projected: bool = False,
) -> dict[str, Any]:
    """Build the JSON Schema (draft 2020-12) of a resource.

    ``definitions``: the base schema, then its extensions, in SCIM's format (RFC 7643 §7), ours or as a service
    publishes them: whatever is not of that shape is passed over, nothing is raised. ``attributes`` cuts them first (see
    ``cut``).
    ``id_required`` is False for the configuration resources. ``parts_required`` also demands required sub-attributes,
    which a resource of people need not show. ``projected`` is for an answer to ``attributes`` or
    ``excludedAttributes``, which may lack all but the id.

    The schema says nothing about names it does not know, and takes null, [] and absent as equal (RFC 7643 §2.5). Every
    part has a ``description``: in plain words, what is expected there.
    """
    base, extensions = _split(definitions if attributes is None else cut(definitions, attributes))
    schema = _object(base, required=not projected, parts_required=parts_required)
    for urn, extension in extensions.items():
        inner = _object(extension, required=not projected, parts_required=parts_required)
        schema["properties"][urn] = inner | {"type": ["object", "null"]}
    schema["properties"] |= _common(_text(base.get("id")), id_required=id_required)
    always = (["id"] if id_required else []) + ([] if projected else ["schemas"])
    schema["required"] = sorted({*schema["required"], *always})
    title = _text(base.get("name")) or "resource"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def cut(definitions: Sequence[Any], attributes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the definitions with these attributes only, and with those that they call required.

    Attributes are named as in a SCIM request, in any letter case: "userName", "name.givenName", an extension's with its
    URN ("urn:...:User:department"), or the URN alone for all of an extension. An extension without a name here is left
    out. Never raises.
    """
    wanted = frozenset(name.lower() for name in attributes)
    base, extensions = _split(definitions)
    kept = [base | {"attributes": _kept(base, wanted, ("", f"{_text(base.get('id'))}:".lower()))}]
    for urn, extension in extensions.items():
        prefix = f"{urn}:".lower()
        if urn.lower() in wanted:
            kept.append(extension)
        elif any(name.startswith(prefix) for name in wanted):
            kept.append(extension | {"attributes": _kept(extension, wanted, (prefix,))})
    return kept


def spelling(definitions: Sequence[Any]) -> Spelling:
    """The canonical attribute names of a resource by its definitions (as for ``resource_schema``; never raises)."""
    base, extensions = _split(definitions)
    own = _spelling(base, "attributes", 0)
    parts = {urn: _spelling(extension, "attributes", 0) for urn, extension in extensions.items()}
    parts |= {**own.parts, "meta": Spelling.of(name for name, _ in _META)}
    return Spelling.of([*_COMMON, *own.folded.values(), *extensions], parts)


def canonical(resource: Any, definitions: Sequence[Any]) -> Any:
    """Return the resource with the canonical spelling of every attribute name that the definitions know.

    Nothing is changed in place; unknown names stay. To respell many resources keep ``spelling(definitions)`` and call
    its ``respell``.
    """
    return spelling(definitions).respell(resource)


def _split(definitions: Sequence[Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The base definition ({} when there is none) and the extensions by URN, without what is not a definition."""
    well_formed = [d for d in definitions if isinstance(d, dict)]
    base = well_formed[0] if well_formed else {}
    return base, {urn: d for d in reversed(well_formed[1:]) if (urn := _text(d.get("id")))}


def _kept(definition: Mapping[str, Any], wanted: frozenset[str], prefixes: tuple[str, ...]) -> list[dict[str, Any]]:
    kept = []
    for attribute in _attributes(definition):
        names = [prefix + attribute["name"].lower() for prefix in prefixes]
        parts = [
            part
            for part in _attributes(attribute, "subAttributes")
            if any(f"{name}.{part['name'].lower()}" in wanted for name in names)
        ]
        if attribute.get("required") is True or not wanted.isdisjoint(names):
            kept.append(attribute)
        elif parts:
            kept.append(attribute | {"subAttributes": parts})
    return kept


def _spelling(holder: Mapping[str, Any], member: str, depth: int) -> Spelling:
    attributes = _attributes(holder, member)
    deeper = attributes if depth < DEEPEST else []
    parts = {a["name"]: _spelling(a, "subAttributes", depth + 1) for a in reversed(deeper)}
    return Spelling.of((a["name"] for a in attributes), parts)


def _common(urn: str, *, id_required: bool) -> dict[str, Any]:
    """The attributes that every resource has (RFC 7643 §3 and §3.1)."""
    words = "a list of schema URNs, each of them once"
    schemas = {
        "description": words,
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "description": "a schema URN as a string"},
        # Only strings are compared with each other: with 100,000 objects of a hostile service that would take hours.
        "if": {"items": {"type": "string"}},
        "then": {"uniqueItems": True, "description": words},
    }
    if urn:
        schemas["contains"] = {"const": urn}
    return {
        "schemas": schemas,
        "id": _value("string", required=id_required) | {"minLength": 1, "description": "a string that is not empty"},
        "externalId": _value("string"),
        "meta": _value("complex") | {"properties": {name: _value(kind) for name, kind in _META}},
    }


def _object(definition: Mapping[str, Any], *, required: bool, parts_required: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    needed: list[str] = []
    for attribute in _attributes(definition):
        name = attribute["name"]
        if name in properties:
            continue
        must = required and attribute.get("required") is True and _is_returned(attribute)
        properties[name] = _property(attribute, must, parts_required)
        # Of no other required string does the RFC say that it is not empty (RFC 7643 §4.1.1); id has its own rule.
        if must and (_text(definition.get("id")), name.lower()) == (USER, "username"):
            properties[name] |= {"minLength": 1, "description": "a string that is not empty"}
        if must:
            needed.append(name)
    return {"description": "a JSON object", "type": "object", "properties": properties, "required": needed}


def _property(attribute: Mapping[str, Any], required: bool, parts_required: bool, depth: int = 0) -> dict[str, Any]:
    kind = _text(attribute.get("type"))
    plural = attribute.get("multiValued")
    if not isinstance(plural, bool):
        # Neither true nor false was published: either form fits, and the published schema itself is judged elsewhere.
        return {}
    value = _value(kind, required=required or plural)
    if kind == "complex" and depth < DEEPEST:
        parts = {part["name"]: part for part in reversed(_attributes(attribute, "subAttributes"))}
        needed = sorted(name for name, part in parts.items() if parts_required and part.get("required") is True)
        value["required"] = needed
        value["properties"] = {
            name: _property(part, name in needed, parts_required, depth + 1) for name, part in parts.items()
        }
    if not plural:
        return value
    words = f"a list (JSON array) in which every entry is {value['description']}" if value else "a list (JSON array)"
    return {"description": words, "type": "array" if required else ["array", "null"], "items": value}


def _value(kind: str, *, required: bool = False) -> dict[str, Any]:
    """The schema of one value of a SCIM type; {} for a type that SCIM does not have."""
    if kind not in _SIMPLE:
        return {}
    facts, words = _SIMPLE[kind]
    return {"description": words, **facts, "type": facts["type"] if required else [facts["type"], "null"]}


def _attributes(holder: Mapping[str, Any], member: str = "attributes") -> list[dict[str, Any]]:
    listed = holder.get(member)
    return [a for a in listed if isinstance(a, dict) and _text(a.get("name"))] if isinstance(listed, list) else []


def _is_returned(attribute: Mapping[str, Any]) -> bool:
    return attribute.get("returned", "default") in ("always", "default") and attribute.get("mutability") != "writeOnly"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
