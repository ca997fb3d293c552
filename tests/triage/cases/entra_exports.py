"""What is exported of an Entra app: its schema, the state of its job."""

from __future__ import annotations

import json

from tests.triage.writing import Case, case, error, frame, graph, job, record, schema


@case("entra-active-unmapped")
def export_active_unmapped() -> Case:
    return schema(expression=None)


@case("entra-active-unmapped")
def export_account_enabled_only() -> Case:
    return schema(expression="[accountEnabled]")


@case("entra-lowercase-expression")
def export_small_letters() -> Case:
    return schema(expression='Switch([IsSoftDeleted], , "false", "true", "true", "false")')


@case("entra-update-or-delete-unticked")
def export_update_unticked() -> Case:
    return schema(flow="Add, Delete")


@case("entra-skip-out-of-scope")
def export_skip() -> Case:
    return {"secrets.json": json.dumps({"value": [{"key": "BaseAddress", "value": "https://app.example.test/scim/v2"}, {"key": "SkipOutOfScopeDeletions", "value": "True"}, {"key": "SecretToken", "value": "mb_live_4f7a1c9e2d8b6035"}]}).encode()}  # fmt: skip


@case("group-sync-left-on")
def entra_groups_on_with_export() -> Case:
    log = graph(
        record(
            "create",
            "failure",
            "NotImplemented",
            frame("NotImplemented", error(501, "no groups here")),
            "Sales",
            group=True,
        )
    )
    return {**schema(groups=True), **log}


@case("errors-quarantine-the-job")
def export_quarantine() -> Case:
    return job("EncounteredEscrowProportionThreshold", "Quarantine", "more than 40 percent of the objects fail")


@case("errors-quarantine-the-job")
def export_quarantine_exception() -> Case:
    return job("EncounteredBaseEscrowThreshold", "Quarantine", "too many objects fail")
