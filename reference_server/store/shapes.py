"""The shape of a model: what its stored documents hold, so that they can be sent without being read into the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from scim2_models import Mutability, Reference, Resource, Returned, Uniqueness

_LEAF, _REFERENCE = object(), object()
_Node = dict[str, Any]
"""Of each member, by its name in JSON: _LEAF, _REFERENCE, or the node of what is below it, once or in a list."""


class Other(Exception):
    """A document holds what its model does not: another preset has written it."""


class Shape:
    """What can be said about the documents of ``model`` beforehand.

    ``always_sent`` is whether a reply holds everything that is stored. ``plain`` are the attributes of one boolean or
    text that a client may write and nothing else depends on, by their folded names: name and type.
    """

    def __init__(self, model: type[Resource[Any]]) -> None:
        self._node = _node(model)
        self.always_sent = _all_sent(model)
        self.order = tuple(self._node)
        self.plain: Mapping[str, tuple[str, type]] = {
            model._scim_name(field).casefold(): (model._scim_name(field), kind)
            for field in model.model_fields
            if (kind := model.get_field_root_type(field)) in (str, bool) and _is_plain(model, field)
        }

    def sent(self, document: Mapping[str, Any], meta: dict[str, Any], locate: Callable[[str], str]) -> dict[str, Any]:
        """A stored document as the model would write it into a reply, with ``meta`` in its place and its references to
        resources located. Raises Other."""
        published = _sent(self._node, document, locate)
        after: dict[str, Any] = {}
        for name in _BEFORE_META:
            if name in published:
                after[name] = published.pop(name)
        after["meta"] = meta
        after.update(published)
        return after

    def changed(self, document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """A stored document with other values of plain attributes, in the order in which the model writes it."""
        changed = {**document, **values}
        if len(changed) == len(document):
            return changed
        return {name: changed[name] for name in self.order if name in changed}


_BEFORE_META = ("schemas", "id", "externalId")


@cache
def shape(model: type[Resource[Any]]) -> Shape:
    """The shape of a model."""
    return Shape(model)


def _node(model: type[Any]) -> _Node:
    node: _Node = {}
    for field in model.model_fields:
        if field == "meta":
            continue  # It is kept in columns.
        kind = model.get_field_root_type(field)
        below: Any = _LEAF
        if isinstance(kind, type) and issubclass(kind, Reference):
            targets = set(kind.__reference_types__)
            below = _REFERENCE if targets and not targets & {"external", "uri"} else _LEAF
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            below = _node(kind)
        node[model._scim_name(field)] = below
    return node


def _all_sent(model: type[Any]) -> bool:
    for field in model.model_fields:
        if model.get_field_annotation(field, Returned) not in (Returned.always, Returned.default):
            return False
        kind = model.get_field_root_type(field)
        if isinstance(kind, type) and issubclass(kind, BaseModel) and not _all_sent(kind):
            return False
    return True


def _is_plain(model: type[Any], field: str) -> bool:
    return (
        field not in ("schemas", "id")
        and not model.get_field_multiplicity(field)
        and model.get_field_annotation(field, Mutability) == Mutability.read_write
        and model.get_field_annotation(field, Uniqueness) == Uniqueness.none
    )


def _sent(node: _Node, value: Any, locate: Callable[[str], str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Other
    sent: dict[str, Any] = {}
    for name, item in value.items():
        below = node.get(name)
        if below is _LEAF:
            sent[name] = item
        elif below is None:
            raise Other
        elif below is _REFERENCE:
            sent[name] = [locate(one) for one in item] if isinstance(item, list) else locate(item)
        elif isinstance(item, list):
            sent[name] = [_sent(below, one, locate) for one in item]
        else:
            sent[name] = _sent(below, item, locate)
    return sent
