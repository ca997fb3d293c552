"""An export of an Entra job that is right where SCIM only switches people off, to be spoilt by tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from harness.profiles import load

DELIVERED = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'


def row(target: str, source: str, matching: int = 0, flow: str = "Always") -> dict[str, Any]:
    kind = "Function" if "(" in source else "Constant" if source.startswith('"') else "Attribute"
    return {
        "targetAttributeName": target,
        "matchingPriority": matching,
        "flowType": flow,
        "source": {"type": kind, "name": source.strip("[]"), "expression": source, "parameters": []},
    }


def mapping(kind: str, rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": f"Provision Microsoft Entra ID {kind}s",
        "enabled": True,
        "flowTypes": "Update, Delete",
        "scope": None,
        "sourceObjectName": kind,
        "targetObjectName": kind,
        "attributeMappings": rows,
        **more,
    }


RIGHT = {
    "directories": [],
    "synchronizationRules": [
        {
            "objectMappings": [
                mapping("User", [row("userName", "[userPrincipalName]", 1), row("active", DELIVERED)]),
                mapping("Group", [row("displayName", "[displayName]", 1)], enabled=False),
            ]
        }
    ],
}
SETTINGS = {
    "BaseAddress": "https://app.example/scim/v2?aadOptscim062020",
    "SkipOutOfScopeDeletions": "False",
    "SyncAll": "false",
    "SyncNotificationSettings": '{"Enabled":true,"DeleteThresholdEnabled":true,"DeleteThresholdValue":25}',
}
JOB = {"id": "scim.t.j", "templateId": "scim", "schedule": {"state": "Active"}, "status": {"code": "Active"}}

Spoil = Callable[[dict[str, Any]], None]


def people_of(export: dict[str, Any]) -> dict[str, Any]:
    return export["synchronizationRules"][0]["objectMappings"][0]  # type: ignore[no-any-return]


def groups_of(export: dict[str, Any]) -> dict[str, Any]:
    return export["synchronizationRules"][0]["objectMappings"][1]  # type: ignore[no-any-return]


def spoilt(spoil: Spoil | None = None) -> dict[str, Any]:
    export = copy.deepcopy(RIGHT)
    if spoil is not None:
        spoil(export)
    return export


def secrets(**changes: str) -> dict[str, Any]:
    return {"value": [{"key": k, "value": v} for k, v in {**SETTINGS, "SecretToken": "CANARY", **changes}.items()]}


@pytest.fixture
def marketbeam() -> Any:
    return load("marketbeam")


@pytest.fixture
def full() -> Any:
    return load("full")
