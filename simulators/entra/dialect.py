"""How each of the two dialects words what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.model.step import PATCH_OP
from simulators.entra.mapping import Difference, role_in_full


@dataclass(frozen=True)
class Dialect:
    """With the flag, operations are small, booleans are booleans, and replaces are folded.

    ``quirky_references`` words a manager as an old sample of the developer page does: a list, under the bare name.
    ``operations_first`` puts the operations of a PATCH before its schemas.
    """

    flagged: bool
    quirky_references: bool = False
    operations_first: bool = False

    def user_patch(self, changes: Iterable[Difference]) -> dict[str, Any]:
        """One PATCH with every difference.

        With the flag, several simple replaces become one without a path, its keys being the paths; paths with a filter
        stay apart and come first. A single replace keeps its path.
        """
        changes = list(changes)
        folded = [c for c in changes if self.flagged and c.op == "Replace" and c.simple]
        if len(folded) < 2:
            return self._patch(*(self._operation(change) for change in changes))
        apart = [self._operation(change) for change in changes if change not in folded]
        return self._patch(*apart, {"op": "replace", "value": {change.path: change.value for change in folded}})

    def set_manager(self, target: str, anchor: str, location: str | None) -> dict[str, Any]:
        """The manager as a plain string, although the attribute is complex: that is what tenants send."""
        if self.quirky_references:
            return self._patch(
                {"op": self._op("Add"), "path": "manager", "value": [{"$ref": location, "value": anchor}]}
            )
        return self._patch({"op": self._op("Add"), "path": target, "value": anchor})

    def remove_manager(self, target: str, anchor: str) -> dict[str, Any]:
        """With the flag, a value filter on an attribute that has one value only, and without the URN."""
        if self.flagged:
            return self._patch({"op": "remove", "path": f"manager[value eq {_quoted(anchor)}]"})
        return self._patch({"op": "Remove", "path": target})

    def add_members(self, anchors: Iterable[str]) -> dict[str, Any]:
        value = [{"$ref": None, "value": anchor} for anchor in anchors]
        return self._patch({"op": self._op("Add"), "path": "members", "value": value})

    def remove_members(self, anchors: Iterable[str]) -> dict[str, Any]:
        """The removal of members. Without the flag, a server that reads the RFC to the letter empties the group.

        With it, each of several members has an operation of its own.
        """
        if self.flagged:
            return self._patch(
                *({"op": "remove", "path": f"members[value eq {_quoted(anchor)}]"} for anchor in anchors)
            )
        return self._patch({"op": "Remove", "path": "members", "value": [{"value": anchor} for anchor in anchors]})

    def group_patch(self, changes: Iterable[Difference]) -> dict[str, Any]:
        """What changed of a group; with the flag a replace is always folded, even when it is one attribute."""
        changes = list(changes)
        folded = {change.path: change.value for change in changes if self.flagged and change.op == "Replace"}
        apart = [self._operation(change) for change in changes if change.path not in folded]
        return self._patch(*apart, *([{"op": "replace", "value": folded}] if folded else []))

    def _patch(self, *operations: Mapping[str, Any]) -> dict[str, Any]:
        if self.operations_first:
            return {"Operations": list(operations), "schemas": [PATCH_OP]}
        return {"schemas": [PATCH_OP], "Operations": list(operations)}

    def _operation(self, change: Difference) -> dict[str, Any]:
        op = self._op(change.op)
        if change.value is None:
            return {"op": op, "path": change.path}
        return {"op": op, "path": change.path, "value": self._value(change.value)}

    def _value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return [role_in_full(role) if self.flagged else _role_as_text(role) for role in value]
        # Without the flag, Entra's Switch expression ends up on the wire as the string that it is.
        return str(value) if isinstance(value, bool) and not self.flagged else value

    def _op(self, op: str) -> str:
        return op.lower() if self.flagged else op


def _role_as_text(role: Mapping[str, str]) -> dict[str, str]:
    """JSON inside a string, as the page on role mapping shows it."""
    inside = {"id": role["id"], "value": role["value"], "displayName": role["display"]}
    return {"value": json.dumps(inside, separators=(",", ":"), ensure_ascii=False)}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
