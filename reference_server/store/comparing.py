"""What of a filter and of a model can be compared inside SQL."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from scim2_models import AttributeBinding, Path, Resource, ScimFilter, Uniqueness
from scim2_models.path import CompareOperator, Comparison
from scim2_server.utils import parametrize

_UNIQUE: dict[type[Resource[Any]], AttributeBinding | None] = {}


LONGEST_KEY = 1024
"""An index of PostgreSQL takes no entry of more than about 2,700 bytes."""


def key(value: str) -> str:
    """What stands in an indexed column for a compared text: itself, or its digest when it is long."""
    plain = value.encode("utf-8", "surrogatepass")
    return value if len(plain) <= LONGEST_KEY else f"sha256:{hashlib.sha256(plain).hexdigest()}"


def unique_attribute(model: type[Resource[Any]]) -> AttributeBinding | None:
    """The attribute that must be unique within a tenant besides the id: userName, for people."""
    if model not in _UNIQUE:
        paths = parametrize(Path, model).iter_paths(
            include_subattributes=False, uniqueness=[Uniqueness.server, Uniqueness.global_]
        )
        bindings = [cast("AttributeBinding", path.resolve()) for path in paths]
        _UNIQUE[model] = next((b for b in bindings if b.field_name != "id"), None)
    return _UNIQUE[model]


def equality(scim_filter: ScimFilter[Any]) -> tuple[AttributeBinding, str] | None:
    """The attribute and the text that a filter compares by eq, when that is all it does; else None."""
    node = scim_filter.ast
    if (
        scim_filter.model is None
        or not isinstance(node, Comparison)
        or node.op != CompareOperator.eq
        or not isinstance(node.value, str)
    ):
        return None
    binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
    return None if binding is None else (binding, node.value)
