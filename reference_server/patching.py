"""Reading a PATCH: which operations are ours to apply, and in which plain spelling.

A service that owns little meets clients that send much. Under the tolerance "mixed-patch", what SCIM does not own
is left alone when something else in the same request can be done; without it the request fails as a whole.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

from scim2_models import (
    AttributeBinding,
    InvalidPathException,
    InvalidSyntaxException,
    InvalidValueException,
    Mutability,
    MutabilityException,
    NoTargetException,
    Path,
    PayloadTooLargeException,
    Resource,
)
from scim2_server.utils import parametrize

from reference_server.bodies import as_boolean, member, require_schema
from reference_server.presets import Preset

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST_OPERATIONS = 1000
OPERATIONS = ("add", "remove", "replace")


class Owner(enum.Enum):
    """Whose an attribute is."""

    SCIM = "writable over SCIM"
    APP = "managed in the app"
    SERVER = "given out by the server"
    NOBODY = "not known"


def read_patch(preset: Preset, document: dict[str, Any], current: Resource[Any]) -> dict[str, Any]:
    """The message to apply to ``current``: the same one with plain booleans, less what may be left alone.

    Raises a 400 (invalidSyntax, invalidPath, invalidValue, mutability) or a 413.
    """
    require_schema(document, PATCH_OP)
    operations = member(document, "Operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntaxException(detail="Operations has to be a list of one operation or more")
    if len(operations) > MOST_OPERATIONS:
        raise PayloadTooLargeException(detail=f"More than {MOST_OPERATIONS} operations in one request")
    reader = _Reader(preset, current)
    plain = [reader.plain(operation) for operation in operations]
    if preset.features["interop"]:
        plain = [part for operation in plain for part in reader.strictly(operation)]
    if not preset.tolerates("mixed-patch"):
        reader.refuse_unowned(plain)
        return {"schemas": [PATCH_OP], "Operations": plain}
    return {"schemas": [PATCH_OP], "Operations": reader.ours(plain)}


class _Reader:
    def __init__(self, preset: Preset, current: Resource[Any]) -> None:
        self._preset = preset
        self._current = current
        self._path = parametrize(Path, type(current))

    def plain(self, operation: Any) -> dict[str, Any]:
        """An operation with plain member names, and booleans instead of words where the attribute is boolean."""
        if not isinstance(operation, dict):
            raise InvalidSyntaxException(detail="Each operation has to be an object with op, path and value")
        plain = {k.casefold(): v for k, v in operation.items() if k.casefold() in ("op", "path", "value")}
        op, path = plain.get("op"), plain.get("path")
        if not isinstance(op, str) or op.casefold() not in OPERATIONS:
            raise InvalidValueException(detail="op has to be add, remove or replace")
        plain["op"] = op.casefold()
        if path is not None and (not isinstance(path, str) or not path.strip()):
            raise InvalidPathException(detail="path has to be the name of an attribute")
        if path is None:
            if plain["op"] == "remove":
                raise NoTargetException(detail="A remove operation needs a path")
            if not isinstance(plain.get("value"), dict):
                raise InvalidValueException(detail="Without a path, value has to be an object of attributes")
            plain["value"] = {
                k: self._value(k, v, plain["op"])
                for k, v in plain["value"].items()
                if k.casefold() != "schemas" and not self._idle(k, v)
            }
        elif "value" in plain or plain["op"] == "remove":
            plain["value"] = self._value(path, plain.get("value"), plain["op"])
            if plain["value"] is None and plain["op"] == "remove":
                del plain["value"]
        return plain

    def strictly(self, operation: dict[str, Any]) -> list[dict[str, Any]]:
        """An operation as the interoperability profile has it: never without a path, and a whole is replaced whole.

        Raises a 400 invalidSyntax.
        """
        path = operation.get("path")
        if path is None:
            raise InvalidSyntaxException(detail="Each operation needs a path, by the interoperability profile")
        whole = operation["op"] == "replace" and isinstance(operation.get("value"), dict)
        return [{"op": "remove", "path": path}, operation] if whole else [operation]

    def _value(self, path: str, value: Any, op: str) -> Any:
        binding = self._binding(path)
        if binding is None or binding.target_type is not bool or binding.sub_field_name is not None:
            return value
        removed = op == "remove" or value is None
        if binding.field_name == "active" and removed and not self._preset.tolerates("active-removable"):
            # Nobody is neither active nor inactive: a missing value would be read as one or the other.
            raise MutabilityException(detail="active always has a value: set it to true or false")
        return as_boolean(path, value, words=self._preset.tolerates("string-booleans")) if not removed else None

    def _idle(self, key: str, value: Any) -> bool:
        """Whether a member of a path-less value repeats what is read-only: Okta sends the id of a group along."""
        return self._owner(key) in (Owner.APP, Owner.SERVER) and self._is_so(key, value)

    def refuse_unowned(self, operations: list[dict[str, Any]]) -> None:
        """Raises a 400 for the first attribute that is not SCIM's to change."""
        for path, owner in self._targets(operations):
            if owner in (Owner.APP, Owner.SERVER):
                raise MutabilityException(attribute=path, detail=self._not_yours(path))
            if owner is Owner.NOBODY:
                raise InvalidPathException(path=path, detail=f"There is no attribute {path[:80]!r} here")

    def ours(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The operations less what is managed in the app. Raises a 400 when that is all there is, or worse."""
        owners = {owner for _, owner in self._targets(operations)}
        if Owner.SERVER in owners or not owners & {Owner.APP, Owner.NOBODY}:
            self.refuse_unowned([o for o in operations if Owner.SERVER in self._owners(o)])
            return operations
        kept = [part for operation in operations for part in self._own_part(operation)]
        if kept:
            return kept
        if self._preset.tolerates("same-value") and all(self._already(o) for o in operations):
            return [{"op": "replace", "value": {}}]
        self.refuse_unowned(operations)
        return operations

    def _own_part(self, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if operation.get("path") is not None:
            if self._owner(operation["path"]) is Owner.SCIM:
                yield operation
        elif isinstance(operation.get("value"), dict):
            value = {k: v for k, v in operation["value"].items() if self._owner(k) is Owner.SCIM}
            if value:
                yield operation | {"value": value}
        else:
            yield operation

    def _already(self, operation: dict[str, Any]) -> bool:
        """Whether an operation asks for what is so anyway."""
        if operation["op"] == "remove" or "value" not in operation:
            return False
        path = operation.get("path")
        wanted = operation["value"].items() if path is None else [(path, operation["value"])]
        return all(self._owner(k) is Owner.APP and self._is_so(k, v) for k, v in wanted)

    def _is_so(self, path: str, wanted: Any) -> bool:
        """Whether an attribute has a value already; a path with a filter selects a list of one."""
        stored = self._path(path).get(self._current, strict=False)
        if isinstance(stored, list) and not isinstance(wanted, list) and len(stored) == 1:
            stored = stored[0]
        return bool(stored == wanted)

    def _targets(self, operations: list[dict[str, Any]]) -> Iterator[tuple[str, Owner]]:
        for operation in operations:
            if operation.get("path") is not None:
                yield operation["path"], self._owner(operation["path"])
            elif isinstance(operation.get("value"), dict):
                yield from ((key, self._owner(key)) for key in operation["value"])

    def _owners(self, operation: dict[str, Any]) -> set[Owner]:
        return {owner for _, owner in self._targets([operation])}

    def _binding(self, path: str) -> AttributeBinding | None:
        bound = self._path(path)
        return None if bound.model is not None else bound.resolve()

    def _owner(self, path: str) -> Owner:
        bound = self._path(path)
        if bound.model is not None:
            return Owner.SCIM
        binding = bound.resolve()
        if binding is None:
            name = str(path).rpartition(":")[2].partition(".")[0].partition("[")[0]
            return Owner.SERVER if name in self._preset.server_owned else Owner.NOBODY
        if binding.model._scim_name(binding.field_name) in self._preset.server_owned:
            return Owner.SERVER
        mutability = binding.model.get_field_annotation(binding.field_name, Mutability)
        own = Mutability.read_only not in (mutability, binding.get_annotation(Mutability))
        return Owner.SCIM if own else Owner.APP

    def _not_yours(self, path: str) -> str:
        writable = self._preset.writable
        rest = "" if "*" in writable else f" Over SCIM only {' and '.join(writable)} can be changed."
        return f"{path[:80]!r} is read-only here.{rest} Nothing of this request was applied."
