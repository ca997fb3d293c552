"""Each setting of an Entra job that keeps a leaver's access is named first; a right one is named nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from harness.configuration import Given, check
from harness.intake.entra_schema import from_json
from harness.model.diagnosis import Diagnosis, Readiness, State
from tests.harness.configuration.conftest import (
    DELIVERED,
    JOB,
    SETTINGS,
    Spoil,
    groups_of,
    people_of,
    row,
    secrets,
    spoilt,
)

NAME = row("userName", "[userPrincipalName]", 1)


def rows(*given: dict[str, Any]) -> Spoil:
    return lambda export: people_of(export).update(attributeMappings=list(given))


def active(source: str, flow: str = "Always") -> Spoil:
    return rows(NAME, row("active", source, flow=flow))


def people(**changes: Any) -> Spoil:
    return lambda export: people_of(export).update(changes)


def examined(profile: Any, spoil: Spoil | None = None, job: Any = JOB, sign_in: str = "", **changes: str) -> Diagnosis:
    export = from_json([spoilt(spoil), {"value": [job]}, secrets(**changes)])
    return check(Given(export=export, sign_in=sign_in), profile)


SCOPE = {
    "groups": [
        {
            "clauses": [
                {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Sales"]}}
            ]
        }
    ]
}

SPOILT: dict[str, tuple[str, Spoil]] = {
    "no row for active": ("entra-active-unmapped", rows(NAME)),
    "a constant for active": ("entra-active-constant", active('"True"')),
    "active by the account alone": ("entra-active-account-only", active("[accountEnabled]")),
    "active by the account alone, in a function we do not know": (
        "entra-active-account-only",
        active("Frobnicate([accountEnabled])"),
    ),
    "active by an attribute that has nothing to do with it": ("entra-active-constant", active("Fancy([city])")),
    "active the wrong way round": ("entra-active-inverted", active("[IsSoftDeleted]")),
    "everybody switched off": ("entra-active-inverted", active('"False"')),
    "keys in small letters": (
        "entra-active-letters",
        active('Switch([IsSoftDeleted], , "false", "true", "true", "false")'),
    ),
    "values in small letters": (
        "entra-active-letters",
        active('Switch([IsSoftDeleted], , "False", "true", "True", "false")'),
    ),
    "active only at creation": ("entra-active-once", active(DELIVERED, "ObjectAddOnly")),
    "Update not ticked": ("entra-update-unticked", people(flowTypes="Add, Delete")),
    "nothing ticked": ("entra-update-unticked", people(flowTypes="")),
    "people switched off": ("entra-users-off", people(enabled=False)),
    "matched by nothing": (
        "entra-matching-none",
        rows(row("userName", "[userPrincipalName]"), row("active", DELIVERED)),
    ),
    "matched by externalId": (
        "entra-matching-external-id",
        rows(row("userName", "[userPrincipalName]"), row("externalId", "[objectId]", 1), row("active", DELIVERED)),
    ),
    "matched by mail": (
        "entra-matching-mail",
        rows(
            row("userName", "[userPrincipalName]"),
            row('emails[type eq "work"].value', "[mail]", 1, "ObjectAddOnly"),
            row("active", DELIVERED),
        ),
    ),
    "matched by the display name": (
        "entra-matching-unknown",
        rows(row("displayName", "[displayName]", 1, "ObjectAddOnly"), row("active", DELIVERED)),
    ),
    "groups left on": ("entra-groups-on", lambda export: groups_of(export).update(enabled=True)),
    "create ticked": ("entra-create-ticked", people(flowTypes="Add, Update, Delete")),
    "a scoping filter": ("entra-scope-filter", people(scope=SCOPE)),
    "an address with a condition": (
        "entra-mapped-inner",
        rows(NAME, row("active", DELIVERED), row('emails[type eq "work"].value', "[mail]")),
    ),
    "a title": ("entra-mapped-too-much", rows(NAME, row("active", DELIVERED), row("title", "[jobTitle]"))),
    "roles": (
        "entra-mapped-roles",
        rows(
            NAME,
            row("active", DELIVERED),
            row('roles[primary eq "True"].value', "SingleAppRoleAssignment([appRoleAssignments])"),
        ),
    ),
}


@pytest.mark.parametrize(("name", "spoil"), SPOILT.values(), ids=SPOILT)
def test_what_is_set_wrong_is_named_first(marketbeam: Any, name: str, spoil: Spoil) -> None:
    first = examined(marketbeam, spoil).lines[0]
    assert first.id == name
    assert first.state in (State.WRONG, State.WARNING)
    assert first.meaning
    assert " > " in first.fix
    assert first.evidence[0].text


@pytest.mark.parametrize(
    "expression",
    [
        DELIVERED,
        "Not([IsSoftDeleted])",
        'IIF([IsSoftDeleted]="True", "False", "True")',
        'Switch([IsSoftDeleted], "True", "True", "False")',
    ],
)
def test_every_way_of_following_a_leaver_is_right(marketbeam: Any, expression: str) -> None:
    assert "entra-active" in [one.id for one in examined(marketbeam, active(expression)).lines]


def test_a_right_job_has_no_fault_and_no_warning(marketbeam: Any) -> None:
    found = examined(marketbeam)
    assert {one.state for one in found.lines} == {State.OK}
    assert found.readiness is Readiness.READY_WITH_CAVEATS
    assert "Whether the service does its part was not asked" in found.sentence


def test_an_expression_that_is_not_known_is_no_pass(marketbeam: Any) -> None:
    found = examined(marketbeam, active("Fancy([IsSoftDeleted])"))
    assert found.readiness is Readiness.CANNOT_TELL
    assert found.lines[0].id == "entra-active-unread"


def test_the_worst_comes_first_and_nothing_is_lost(marketbeam: Any) -> None:
    def everything(export: dict[str, Any]) -> None:
        groups_of(export).update(enabled=True)
        people_of(export).update(flowTypes="Add", attributeMappings=[NAME])

    found = examined(marketbeam, everything)
    wrong = [one.id for one in found.lines if one.state is State.WRONG]
    assert set(wrong) == {"entra-active-unmapped", "entra-update-unticked", "entra-groups-on"}
    assert wrong[-1] == "entra-groups-on"
    assert found.readiness is Readiness.NOT_READY


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"SkipOutOfScopeDeletions": "True"}, "entra-skip-set"),
        ({"SyncAll": "true"}, "entra-scope-all"),
        ({"SyncNotificationSettings": '{"DeleteThresholdEnabled":false}'}, "entra-no-threshold"),
        ({"BaseAddress": "scim/v2"}, "entra-address-not-https"),
        ({"BaseAddress": "http://app.example/scim/v2"}, "entra-address-not-https"),
    ],
)
def test_the_settings_of_a_job_are_looked_at(marketbeam: Any, changes: dict[str, str], name: str) -> None:
    assert examined(marketbeam, **changes).lines[0].id == name


def test_without_the_flag_the_dialect_is_told_and_is_no_fault(marketbeam: Any) -> None:
    found = examined(marketbeam, BaseAddress="https://app.example/scim/v2")
    told = next(one for one in found.lines if one.id == "entra-flag-off")
    assert told.state is State.OK
    assert told.fix == ""


@pytest.mark.parametrize(
    ("job", "name"),
    [
        ({**JOB, "schedule": {"state": "Paused"}}, "entra-job-stopped"),
        ({**JOB, "status": {"code": "Paused"}}, "entra-job-stopped"),
        (
            {**JOB, "status": {"code": "Quarantine", "quarantine": {"reason": "EncounteredQuarantineException"}}},
            "entra-job-quarantined",
        ),
    ],
)
def test_a_job_that_does_not_run_keeps_everybodys_access(marketbeam: Any, job: Any, name: str) -> None:
    assert examined(marketbeam, job=job).lines[0].id == name


def test_what_was_not_given_is_said_to_be_unknown_with_the_way_to_it(marketbeam: Any) -> None:
    found = check(Given(export=from_json(spoilt())), marketbeam)
    unknown = {one.id: one.fix for one in found.lines if one.state is State.NOT_AVAILABLE}
    assert set(unknown) == {"entra-skip-unknown", "entra-deletions-unknown", "entra-job-unknown"}
    assert "synchronization/secrets" in unknown["entra-skip-unknown"]
    alone = check(Given(export=from_json({"value": [JOB]})), marketbeam)
    assert "Review your schema here" in next(one.fix for one in alone.lines if one.id == "entra-active-unknown")


def test_another_name_at_sign_in_is_seen(marketbeam: Any) -> None:
    assert examined(marketbeam, sign_in="mail").lines[0].id == "entra-matching-subject"
    assert examined(marketbeam, sign_in="userPrincipalName").lines[0].state is State.OK


def test_a_second_way_of_matching_only_warns(marketbeam: Any) -> None:
    spoil = rows(NAME, row("active", DELIVERED), row("externalId", "[objectId]", 2))
    first = examined(marketbeam, spoil).lines[0]
    assert (first.id, first.state) == ("entra-matching-external-id", State.WARNING)


def test_a_deleted_persons_new_name_matters_where_the_service_does_not_read_past_it(marketbeam: Any) -> None:
    from dataclasses import replace

    strict = replace(marketbeam, tolerances=frozenset())
    first = examined(strict).lines[0]
    assert (first.id, first.state) == ("entra-tombstone", State.WARNING)
    once = rows(row("userName", "[userPrincipalName]", 1, "ObjectAddOnly"), row("active", DELIVERED))
    assert examined(strict, once).lines[0].state is State.OK
    inner = rows(NAME, row("active", DELIVERED), row('emails[type eq "work"].value', "[mail]"))
    assert examined(strict, inner).lines[0].state is State.WRONG


def test_a_service_that_does_everything_is_not_told_to_switch_it_off(full: Any) -> None:
    def everything(export: dict[str, Any]) -> None:
        groups_of(export).update(enabled=True)
        people_of(export).update(flowTypes="Add, Update, Delete")
        people_of(export)["attributeMappings"] += [row("title", "[jobTitle]")]

    assert {one.state for one in examined(full, everything).lines} == {State.OK}
    unticked = examined(full, people(flowTypes="Add, Update")).lines[0]
    assert unticked.id == "entra-delete-unticked"


def test_the_token_of_a_job_is_nowhere(marketbeam: Any) -> None:
    assert "CANARY" not in repr(examined(marketbeam))
    assert SETTINGS["BaseAddress"] not in repr(examined(marketbeam))
