"""Request bodies: JSON read safely, and resources made ready for validation."""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import from_json
from scim2_models import InvalidSyntaxException, InvalidValueException, Mutability, Resource
from scim2_server.errors import UnsupportedMediaTypeException

from reference_server.http import Request
from reference_server.presets import Preset

MEDIA_TYPES = ("application/scim+json", "application/json")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_WORDS = {"true": True, "false": False}


def ensure_media_type(content_type: str | None, content_encoding: str | None = None) -> None:
    """Accept SCIM JSON, plain JSON and no type at all, in UTF-8. Raises a 415 otherwise."""
    media_type, _, parameters = (content_type or "").partition(";")
    if media_type.strip().lower() not in ("", *MEDIA_TYPES):
        raise UnsupportedMediaTypeException(detail="A body has to be application/scim+json or application/json")
    charset = re.search(r'charset\s*=\s*"?([^\s;"]+)', parameters, re.IGNORECASE)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaTypeException(detail="A body has to be written in UTF-8")
    if content_encoding and content_encoding.strip().lower() != "identity":
        raise UnsupportedMediaTypeException(detail="A compressed body is not read; send it plain")


def decode(request: Request) -> dict[str, Any]:
    """The JSON object of a body. Raises a 415 or a 400 invalidSyntax, and 400 invalidValue for a NUL character."""
    ensure_media_type(request.header("Content-Type"), request.header("Content-Encoding"))
    try:
        document = from_json(request.body, allow_inf_nan=False)
    except ValueError as problem:
        raise InvalidSyntaxException(detail=f"The body is not JSON: {str(problem)[:120]}") from None
    if not isinstance(document, dict):
        raise InvalidSyntaxException(detail="The body has to be a JSON object")
    if _NUL.search(request.body):
        raise InvalidValueException(detail="No value may hold the NUL character")
    return document


def require_schema(document: dict[str, Any], urn: str) -> None:
    """Raises 400 invalidSyntax when a body does not say what it is."""
    schemas = member(document, "schemas")
    listed = schemas if isinstance(schemas, list) else []
    if urn.casefold() not in (str(s).casefold() for s in listed):
        raise InvalidSyntaxException(detail=f"The body has to name {urn} in its schemas")


def member(document: dict[str, Any], name: str) -> Any:
    """The value of a member, whatever the letter case of its name; None when there is none."""
    return next((value for key, value in document.items() if key.casefold() == name.casefold()), None)


def as_boolean(name: str, value: Any, *, words: bool) -> Any:
    """A boolean as sent; with ``words`` also "True" and "false" as text. Raises 400 invalidValue for the rest."""
    if isinstance(value, bool):
        return value
    if words and isinstance(value, str) and value.casefold() in _WORDS:
        return _WORDS[value.casefold()]
    raise InvalidValueException(detail=f"{name} has to be true or false")


def prepare(document: dict[str, Any], model: type[Resource[Any]], preset: Preset) -> dict[str, Any]:
    """A resource of a POST or PUT as the server reads it: words for booleans settled, read-only values left out.

    Raises 400 invalidValue or invalidSyntax.
    """
    require_schema(document, str(model.__schema__))
    names = {model._scim_name(field).casefold(): field for field in model.model_fields}
    kept: dict[str, Any] = {}
    for key, value in document.items():
        field = names.get(key.casefold(), "")
        if field == "schemas":
            known = {str(model.__schema__), *map(str, model.get_extension_models())}
            kept[key] = [s for s in value if str(s).casefold() in {k.casefold() for k in known}]
        elif not field and preset.features["interop"] and not key.casefold().startswith("urn:"):
            raise InvalidSyntaxException(detail=f"No schema has an attribute {key[:80]!r}")
        elif field and model.get_field_annotation(field, Mutability) == Mutability.read_only:
            continue
        elif field == "active" and value is not None:
            kept[key] = as_boolean("active", value, words=preset.tolerates("string-booleans"))
        else:
            kept[key] = value
    return kept
