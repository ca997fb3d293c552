"""What the job compares, and how each dialect words the difference."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from harness.model.person import Person
from harness.model.step import ENTERPRISE_USER, GROUP, PATCH_OP, USER

ABSENT = object()
"""Stands for an attribute that the service's answer does not have."""


@dataclass(frozen=True)
class Attribute:
    """One row of the attribute mapping: the path at the service, the same as keys, and the source in the directory.

    In a list, a key picks the element with that ``type``.
    """

    path: str
    keys: tuple[str, ...]
    of: Callable[[Person], str]

    @property
    def simple(self) -> bool:
        return "[" not in self.path

    def read(self, resource: Any) -> Any:
        """The value in an answer of the service, or ABSENT."""
        value = resource
        for key in self.keys:
            if isinstance(value, list):
                value = next((e for e in value if isinstance(e, dict) and e.get("type") == key), ABSENT)
            elif isinstance(value, dict):
                value = value.get(key, ABSENT)
            else:
                return ABSENT
        return ABSENT if value is None else value


EXTERNAL_ID = Attribute("externalId", ("externalId",), lambda person: person.user_name.partition("@")[0])
DISPLAY_NAME = Attribute("displayName", ("displayName",), lambda person: person.display_name)
TITLE = Attribute("title", ("title",), lambda person: person.title)
WORK_EMAIL = Attribute('emails[type eq "work"].value', ("emails", "work", "value"), lambda person: person.email)
GIVEN_NAME = Attribute("name.givenName", ("name", "givenName"), lambda person: person.given_name)
FAMILY_NAME = Attribute("name.familyName", ("name", "familyName"), lambda person: person.family_name)
FORMATTED = Attribute("name.formatted", ("name", "formatted"), lambda person: person.display_name)
DEPARTMENT = Attribute(
    f"{ENTERPRISE_USER}:department", (ENTERPRISE_USER, "department"), lambda person: person.department
)

AttributeMapping = tuple[Attribute, ...]
"""What is mapped besides ``userName`` (which people are matched by) and ``active``."""

DEPROVISIONING: AttributeMapping = ()
"""The mapping of an administrator who was told that the service takes nothing but ``active``."""

WITH_EXTERNAL_ID: AttributeMapping = (EXTERNAL_ID,)

FULL: AttributeMapping = (
    DISPLAY_NAME,
    TITLE,
    WORK_EMAIL,
    GIVEN_NAME,
    FAMILY_NAME,
    FORMATTED,
    EXTERNAL_ID,
    DEPARTMENT,
)
"""Entra's default mapping, as far as a person of ours has the attributes."""


@dataclass(frozen=True)
class Difference:
    """One attribute that is not as it should be. ``value`` None: it is to be removed."""

    path: str
    op: str
    value: str | bool | None
    simple: bool = True


def differences(
    resource: Mapping[str, Any], person: Person, *, user_name: str, active: bool, mapping: AttributeMapping
) -> list[Difference]:
    """What has to change at the service: Add what its answer lacks, Replace what differs, Remove what was cleared."""
    found = [_active(resource.get("active", ABSENT), active)]
    found.append(_text("userName", resource.get("userName", ABSENT), user_name, True))
    found += [_text(row.path, row.read(resource), row.of(person), row.simple) for row in mapping]
    return [difference for difference in found if difference is not None]


def _active(now: Any, wanted: bool) -> Difference | None:
    if now is ABSENT or now is None:
        return Difference("active", "Add", wanted)
    same = now.lower() == str(wanted).lower() if isinstance(now, str) else now is wanted
    return None if same else Difference("active", "Replace", wanted)


def _text(path: str, now: Any, wanted: str, simple: bool) -> Difference | None:
    if not wanted:
        return None if now is ABSENT or now == "" else Difference(path, "Remove", None, simple)
    if now is ABSENT or now is None:
        return Difference(path, "Add", wanted, simple)
    # A service may keep userName in small letters; Entra matches it without regard to case.
    same = isinstance(now, str) and (now.lower() == wanted.lower() if path == "userName" else now == wanted)
    return None if same else Difference(path, "Replace", wanted, simple)


@dataclass(frozen=True)
class Dialect:
    """How changes are worded: with the flag, operations are small, booleans are booleans, and replaces are folded."""

    flagged: bool

    def user_patch(self, changes: Iterable[Difference]) -> dict[str, Any]:
        """One PATCH with every difference.

        With the flag, several simple replaces become one without a path, its keys being the paths; paths with a filter
        stay apart and come first. A single replace keeps its path.
        """
        folded = [c for c in changes if self.flagged and c.op == "Replace" and c.simple]
        if len(folded) < 2:
            return patch(*(self._operation(change) for change in changes))
        apart = [self._operation(change) for change in changes if change not in folded]
        return patch(*apart, {"op": "replace", "value": {change.path: change.value for change in folded}})

    def _operation(self, change: Difference) -> dict[str, Any]:
        op = change.op.lower() if self.flagged else change.op
        if change.value is None:
            return {"op": op, "path": change.path}
        # Without the flag, Entra's Switch expression ends up on the wire as the string that it is.
        value = str(change.value) if isinstance(change.value, bool) and not self.flagged else change.value
        return {"op": op, "path": change.path, "value": value}

    def add_members(self, anchors: Iterable[str]) -> dict[str, Any]:
        value = [{"$ref": None, "value": anchor} for anchor in anchors]
        return patch({"op": "add" if self.flagged else "Add", "path": "members", "value": value})

    def remove_member(self, anchor: str) -> dict[str, Any]:
        """The removal of one member. Without the flag, a server that reads the RFC to the letter empties the group."""
        if self.flagged:
            return patch({"op": "remove", "path": f"members[value eq {json.dumps(anchor, ensure_ascii=False)}]"})
        return patch({"op": "Remove", "path": "members", "value": [{"value": anchor}]})

    def rename_group(self, name: str) -> dict[str, Any]:
        if self.flagged:
            return patch({"op": "replace", "value": {"displayName": name}})
        return patch({"op": "Replace", "path": "displayName", "value": name})


def patch(*operations: Mapping[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def new_user(person: Person, mapping: AttributeMapping) -> dict[str, Any]:
    """The body of the create request: what is mapped, in the order of the vendor's sample. ``active`` is a boolean."""
    body: dict[str, Any] = {"schemas": [USER, ENTERPRISE_USER]}
    if EXTERNAL_ID in mapping:
        body["externalId"] = EXTERNAL_ID.of(person)
    body["userName"] = person.user_name
    body["active"] = True
    if DISPLAY_NAME in mapping:
        body["displayName"] = person.display_name
    if WORK_EMAIL in mapping:
        body["emails"] = [{"primary": True, "type": "work", "value": person.email}]
    body["meta"] = {"resourceType": "User"}
    name = {row.keys[1]: row.of(person) for row in (FORMATTED, FAMILY_NAME, GIVEN_NAME) if row in mapping}
    if name:
        body["name"] = name
    if TITLE in mapping and person.title:
        body["title"] = person.title
    if len(mapping) > 1:
        body["roles"] = []
    if DEPARTMENT in mapping and person.department:
        body[ENTERPRISE_USER] = {"department": person.department}
    return body


def new_group(directory_id: str, name: str) -> dict[str, Any]:
    """The body of the create request. The list of members is empty; they follow in a PATCH."""
    return {
        "schemas": [GROUP],
        "externalId": str(uuid.UUID(directory_id)),
        "displayName": name,
        "members": [],
        "meta": {"resourceType": "Group"},
    }


WITHOUT_MEMBERS = "excludedAttributes=members"


def only(attribute: str, value: str) -> str:
    """The filter for the one resource with this value: blanks as ``+``, quotes as ``%22``."""
    return "filter=" + quote_plus(f"{attribute} eq {json.dumps(value, ensure_ascii=False)}")
