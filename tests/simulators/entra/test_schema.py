"""A customer's own schema export drives the job."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from harness.model.account import Cast
from harness.model.change import Assign, Edit, Unassign
from simulators.entra import Setup
from simulators.entra.schema import SchemaError, from_export, read


def line(target: str, expression: str, kind: str = "Attribute", **more: Any) -> dict[str, Any]:
    source = {"type": kind, "name": expression.strip("[]"), "expression": expression, "parameters": []}
    return {"targetAttributeName": target, "matchingPriority": 0, "flowType": "Always", "source": source} | more


ACTIVE = line("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', "Function")
USER_NAME = line("userName", "[userPrincipalName]", matchingPriority=1)


def export(*lines: dict[str, Any], **mapping: Any) -> dict[str, Any]:
    """An export with one mapping of people and one of groups."""
    people = {
        "name": "Provision Microsoft Entra ID Users",
        "enabled": True,
        "flowTypes": "Add, Update, Delete",
        "scope": None,
        "sourceObjectName": "User",
        "targetObjectName": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "attributeMappings": list(lines),
    } | mapping
    teams = {
        "enabled": True,
        "sourceObjectName": "Group",
        "attributeMappings": [line("externalId", "[objectId]", matchingPriority=1), line("members", "[members]")],
    }
    attributes = [{"name": "urn:example:User:vip", "type": "Boolean"}]
    return {
        "directories": [{"name": "customappsso", "objects": [{"name": "User", "attributes": attributes}]}],
        "synchronizationRules": [{"name": "USER_OUTBOUND_USER", "objectMappings": [people, teams]}],
    }


def test_matching_follows_the_precedence_and_stops_at_the_first_hit(job: Any, answers: Any) -> None:
    lines = (
        line("externalId", "[objectId]", matchingPriority=2),
        line('emails[type eq "work"].value', "[mail]", matchingPriority=3),
        USER_NAME,
        ACTIVE,
    )
    play = job(setup=Setup(mapping=from_export(export(*lines)))).when(Assign("leaver"))
    queries = []
    for _ in range(3):
        queries.append(play.step.query)
        play << answers.users()
    assert queries == [
        "filter=userName+eq+%22ada%40example.example%22",
        "filter=externalId+eq+%2201234567-89ab-cdef-0123-456789abcdef%22",
        "filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ada%40example.example%22",
    ]
    play >> "POST /Users"
    play = job(setup=Setup(mapping=from_export(export(*lines)))).when(Assign("leaver")) << answers.users()
    play << answers.users(answers.user()) >> "PATCH /Users/{id}"


def test_the_connection_test_asks_by_the_first_matching_attribute(job: Any) -> None:
    from harness.model.change import TestConnection as ConnectionTest

    schema = from_export(export(line("externalId", "[objectId]", matchingPriority=1), ACTIVE))
    play = job(setup=Setup(mapping=schema)).when(ConnectionTest())
    assert play.step.query.startswith("filter=externalId+eq+%22")


def test_expressions_constants_and_defaults_flow(job: Any, answers: Any) -> None:
    lines = (
        ACTIVE,
        USER_NAME,
        line("nickName", "NormalizeDiacritics([givenName])", "Function"),
        line("userType", '"Employee"', "Constant"),
        line("locale", "[preferredLanguage]", defaultValue="en-GB"),
        line("title", "[jobTitle]"),
        line('roles[primary eq "True"].value', "SingleAppRoleAssignment([appRoleAssignments])", "Function"),
    )
    play = job(setup=Setup(mapping=from_export(export(*lines))))
    play.when(Edit("leaver", rushed=True, attributes=(("role", "Admin"), ("given_name", "Zoë")))).is_done()
    play.when(Assign("leaver")) << answers.users() >> "POST /Users"
    assert {name: value for name, value in play.body.items() if name not in ("schemas", "meta")} == {
        "userName": "ada@example.example",
        "active": True,
        "roles": [{"primary": True, "type": "WindowsAzureActiveDirectoryRole", "value": "Admin"}],
        "nickName": "Zoe",
        "userType": "Employee",
        "locale": "en-GB",
    }


def test_several_roles_are_added_as_json_in_a_string_without_the_flag(job: Any, answers: Any) -> None:
    lines = (ACTIVE, USER_NAME, line("roles", "AppRoleAssignmentsComplex([appRoleAssignments])", "Function"))
    setup = Setup(mapping=from_export(export(*lines)))
    for variant, value in (("default", "JSON"), ("aadOptscim062020", "Admin")):
        play = job(variant, setup)
        play.when(Edit("leaver", rushed=True, attributes=(("role", "Admin"),))).is_done()
        play.when(Assign("leaver")) << answers.users(answers.user())
        (operation,) = play.body["Operations"]
        assert (operation["op"].lower(), operation["path"]) == ("add", "roles")
        told = operation["value"][0]["value"]
        if value == "JSON":
            assert json.loads(told)["displayName"] == "Admin"
            assert list(json.loads(told)) == ["id", "value", "displayName"]
        else:
            assert told == "Admin"


def test_a_declared_boolean_is_one_and_an_attribute_of_creation_is_never_compared(job: Any, answers: Any) -> None:
    lines = (
        ACTIVE,
        USER_NAME,
        line("urn:example:User:vip", '"True"', "Constant"),
        line("nickName", "[givenName]", flowType="ObjectAddOnly"),
    )
    play = job("aadOptscim062020", Setup(mapping=from_export(export(*lines)))).when(Assign("leaver"))
    play << answers.users(answers.user())
    assert play.body["Operations"] == [{"op": "add", "path": "urn:example:User:vip", "value": True}]


def test_the_flow_types_are_the_ticks(job: Any, answers: Any) -> None:
    play = job(setup=Setup(mapping=from_export(export(ACTIVE, USER_NAME, flowTypes="Add, Delete"))))
    play.when(Assign("leaver")) << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.one(answers.user())
    play.is_done()
    assert "Update is not ticked" in play.notices[-1][2]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[accountEnabled]", "does not turn False"),
        ('Switch([IsSoftDeleted], , "false", "true", "true", "false")', "does not turn False"),
    ],
)
def test_a_mapping_to_active_that_never_fires_is_told_as_never_tried(
    job: Any, answers: Any, source: str, reason: str
) -> None:
    play = job(setup=Setup(mapping=from_export(export(line("active", source, "Function"), USER_NAME))))
    play.when(Assign("leaver")) << answers.users(answers.user())
    play.when(Unassign("leaver")) << answers.one(answers.user())
    play.is_done()
    (removal,) = play.vendor.outlook(play.transcript()).removals
    assert removal.state == "never-tried"
    assert reason in removal.why


SCOPE = {
    "groups": [
        {
            "clauses": [
                {
                    "operatorName": "EQUALS",
                    "sourceOperandName": "department",
                    "targetOperand": {"values": ["Sales"]},
                },
                {"operatorName": "IS NOT NULL", "sourceOperandName": "mail", "targetOperand": {"values": []}},
            ]
        }
    ]
}


def test_a_scoping_filter_decides_who_is_provisioned(job: Any, answers: Any) -> None:
    play = job(setup=Setup(mapping=from_export(export(ACTIVE, USER_NAME, scope=SCOPE))))
    play.when(Assign("leaver")).is_done()
    play.when(Edit("leaver", attributes=(("department", "Sales"),))) << answers.users(answers.user())
    play.when(Edit("leaver", attributes=(("department", "Legal"),))) >> "GET /Users/{id}"
    play << answers.one(answers.user()) >> "PATCH /Users/{id}"
    assert "False" in play.step.body.decode()


def test_a_disabled_group_mapping_asks_for_no_group(job: Any, cast: Cast) -> None:
    from harness.model.change import PushGroup

    whole = export(ACTIVE, USER_NAME)
    whole["synchronizationRules"][0]["objectMappings"][1]["enabled"] = False
    job(setup=Setup(mapping=from_export(whole))).when(PushGroup()).is_done()


def test_groups_are_matched_as_the_export_says(job: Any) -> None:
    from harness.model.change import PushGroup

    play = job(setup=Setup(mapping=from_export(export(ACTIVE, USER_NAME)))).when(PushGroup())
    assert play.step.query == (
        "excludedAttributes=members&filter=externalId+eq+%22dddddddd-dddd-dddd-dddd-dddddddddddd%22"
    )


def test_a_row_that_is_not_simulated_is_left_out_and_named() -> None:
    schema = from_export(export(ACTIVE, USER_NAME, line("nickName", "RandomString(6,3,0,0,3)", "Function")))
    (why,) = schema.unsupported
    assert why.startswith("nickName: the function RandomString is not simulated")
    assert [r.target.text for r in schema.users.rows] == ["active", "userName"]


BROKEN: dict[str, tuple[Any, str, str]] = {
    "no rules": ({}, "expected a list synchronizationRules", "the top"),
    "a list": ([], "expected a list synchronizationRules", "the top"),
    "rules that are no objects": ({"synchronizationRules": [7]}, "objectMappings", "/synchronizationRules/0"),
    "no people": ({"synchronizationRules": []}, "sourceObjectName User", "/synchronizationRules"),
    "nobody can be matched": (export(ACTIVE), "matchingPriority", "/synchronizationRules"),
    "an unknown operator": (
        export(
            ACTIVE, USER_NAME, scope={"groups": [{"clauses": [{"operatorName": "LIKE", "sourceOperandName": "x"}]}]}
        ),
        "'LIKE'",
        "/synchronizationRules/0/objectMappings/0/scope/groups/0/clauses/0",
    ),
    "a mapping to active that cannot be read": (
        export(line("active", "Switch([IsSoftDeleted]", "Function"), USER_NAME),
        "at character 23 of: Switch([IsSoftDeleted]",
        "/attributeMappings/0",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_export_that_cannot_drive_a_job_is_refused_with_the_place(name: str) -> None:
    whole, says, at = BROKEN[name]
    with pytest.raises(SchemaError, match="of the schema export") as error:
        from_export(copy.deepcopy(whole))
    assert says in str(error.value)
    assert at in str(error.value)


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(SchemaError, match="expected the JSON that the portal downloads"):
        read("<html>")
    assert read(json.dumps(export(ACTIVE, USER_NAME))).users.matching[0].target.text == "userName"


def test_the_administrator_is_told_which_rows_are_left_out_of_the_rehearsal(job: Any, answers: Any) -> None:
    schema = from_export(export(ACTIVE, USER_NAME, line("nickName", "RandomString(6,3,0,0,3)", "Function")))
    play = job(setup=Setup(mapping=schema)).when(Assign("leaver")) << answers.users(answers.user())
    (first, *_) = play.vendor.outlook(play.transcript()).notices
    assert (first.where, first.status) == ("Provisioning > Attribute mapping", "Not simulated")
    assert "nickName: the function RandomString is not simulated" in first.text
