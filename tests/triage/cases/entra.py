"""Entra's provisioning log, in each of its shapes."""

from __future__ import annotations

import json

from tests.triage.writing import (
    BEN,
    CYD,
    PRE,
    Case,
    case,
    error,
    frame,
    graph,
    monitor,
    on_demand,
    portal,
    record,
    trio,
    zipped,
)

FALSE = frame("BadRequest", error(400, "active: expected a boolean", "invalidValue"))


@case("expired-token")
def entra_key_ran_out() -> Case:
    return graph(
        record("update", "success", who=BEN),
        record("disable", "failure", "Unauthorized", frame("Unauthorized", error(401, "token expired")), minute=40),
    )


@case("expired-token")
def entra_key_ran_out_portal() -> Case:
    return portal(
        record("update", "success", who=BEN),
        record("disable", "failure", "Unauthorized", frame("Unauthorized", error(401, "unknown token")), minute=40),
    )


@case("bearer-prefix-doubled")
def entra_bearer_twice() -> Case:
    return graph(record("other", "failure", PRE + "CredentialValidationFailure", "Response Status Code: Unauthorized Response Headers: Response Content: " + json.dumps(error(401, "the word Bearer stands there twice"))))  # fmt: skip


@case("post-refused-for-jit-only")
def entra_create_refused_csv() -> Case:
    return trio(
        record(
            "create",
            "failure",
            "NotImplemented",
            frame("NotImplemented", error(501, "accounts appear at the first sign-in")),
        )
    )


@case("duplicate-accounts", likelihood="medium")
def entra_two_accounts() -> Case:
    return graph(
        record("disable", "failure", "DuplicateTargetEntries", "more than one object of the application matched")
    )


@case("duplicate-in-directory")
def entra_two_in_the_directory() -> Case:
    return monitor(
        record("create", "failure", "DuplicateSourceEntries", "two objects of the source have the same value")
    )


@case("account-gone-at-service")
def entra_anchor() -> Case:
    return graph(
        record("update", "success", who=BEN),
        record("disable", "failure", "InvalidAnchor", "the linked user no longer exists", minute=40),
    )


@case("preexisting-users-outside-scim")
def entra_not_managed() -> Case:
    return graph(
        record(
            "disable",
            "failure",
            "InsufficientRights",
            frame("Forbidden", error(403, "this user is not managed by SCIM")),
        )
    )


@case("username-normalised-collision")
def entra_same_handle() -> Case:
    return graph(
        record(
            "update", "failure", PRE + "BadRequest", frame("BadRequest", error(400, "the handle ada is already taken"))
        )
    )


@case("value-missing")
def entra_value_missing() -> Case:
    return trio(record("create", "failure", "MissingValues", "the attribute mail has no value"))


@case("active-string-false-rejected")
def entra_false_as_text() -> Case:
    return graph(record("disable", "failure", PRE + "BadRequest", FALSE, changes=(("active", "True", "False"),)))


@case("active-string-false-rejected")
def entra_false_as_text_csv() -> Case:
    return trio(record("disable", "failure", PRE + "BadRequest", FALSE, changes=(("active", "True", "False"),)))


@case("active-string-false-rejected")
def entra_false_as_text_excel() -> Case:
    return trio(
        record("disable", "failure", PRE + "BadRequest", FALSE, changes=(("active", "True", "False"),)),
        separator=";",
        encoding="utf-16",
    )


@case("active-string-false-rejected")
def entra_false_as_text_zip() -> Case:
    return {"logs.zip": zipped(trio(record("disable", "failure", PRE + "BadRequest", FALSE)))}


@case("active-string-false-rejected")
def entra_false_as_text_monitor() -> Case:
    return monitor(record("disable", "failure", PRE + "BadRequest", FALSE))


@case("active-string-false-rejected")
def entra_false_as_text_on_demand() -> Case:
    return on_demand(record("disable", "failure", PRE + "BadRequest", FALSE))


@case("one-bad-op-vetoes-active")
def entra_odd_path() -> Case:
    return graph(record("disable", "failure", PRE + "BadRequest", frame("BadRequest", error(400, "attribute manager is not supported", "invalidPath")), changes=(("active", "True", "False"), ("manager", "x", ""))))  # fmt: skip


@case("inactive-user-rejects-writes")
def entra_must_be_active() -> Case:
    return graph(
        record(
            "disable",
            "failure",
            PRE + "ServiceIncompatibleFiltering",
            frame("Conflict", error(409, "User must be Active")),
        )
    )


@case("last-owner-refused")
def entra_last_owner() -> Case:
    return trio(
        record("disable", "failure", "InsufficientRights", frame("Forbidden", error(403, "ada is the only owner")))
    )


@case("service-failing", likelihood="medium")
def entra_service_failed() -> Case:
    return graph(record("disable", "failure", "InternalServerError", frame("InternalServerError", error(500, "oops"))))


@case("service-slow", likelihood="medium")
def entra_timeout() -> Case:
    return graph(record("disable", "failure", "Timeout", "the operation has timed out"))


@case("entra-never-linked")
def entra_not_entitled() -> Case:
    return graph(record("disable", "skipped", "NotEffectivelyEntitled", "the user is not assigned"))


@case("entra-never-linked", likelihood="medium")
def entra_not_entitled_step() -> Case:
    step = ("EntrySynchronizationSkip", "scoping", "skipped", "the entry was skipped")
    return portal(record("other", "skipped", "", "", steps=(step,), details={"SkipReason": "NotEffectivelyEntitled"}))


@case("entra-accidental-deletion-held")
def entra_held_back() -> Case:
    return graph(*(record("stageddelete", "success", who=f"p{n}@example.test", minute=n) for n in range(6)))


@case("entra-update-or-delete-unticked", likelihood="medium")
def entra_action_not_ticked() -> Case:
    """The wording is inferred."""
    return graph(
        record("create", "success", who=BEN),
        record("update", "skipped", "EntrySynchronizationSkipped", "skipped because the Update action is not enabled"),
    )


@case("entra-skip-out-of-scope", likelihood="medium")
def entra_left_alone() -> Case:
    """The wording is inferred; the setting in the secrets is documented."""
    return graph(
        record("create", "success", who=BEN),
        record("disable", "skipped", "EntrySynchronizationSkipped", "SkipOutOfScopeDeletions is set for this job"),
    )


@case("entra-disabled-by-scope-filter", likelihood="medium")
def entra_scope_said() -> Case:
    """The wording is inferred."""
    steps = (("EntrySynchronizationScoping", "scoping", "success", "the user is out of scope by a scoping filter"),)
    return graph(*(record("disable", "success", who=f"p{n}@example.test", minute=n, steps=steps) for n in range(4)))


@case("entra-purged-before-cycle", likelihood="medium")
def entra_purged() -> Case:
    return graph(
        record(
            "disable", "skipped", "EntrySynchronizationSkipped", "the source entry was not found: it was hard deleted"
        )
    )


@case("entra-disabled-by-scope-filter", likelihood="medium")
def entra_fell_out_of_scope() -> Case:
    step = ("EntrySynchronizationScoping", "scoping", "success", "evaluated the scoping filter")
    people = [record("disable", "success", who=f"p{n}@example.test", minute=n, steps=(step,), details={"ScopeEvaluationResult": '{"Sales":false}', "IsActive": "True"}) for n in range(4)]  # fmt: skip
    return graph(*people)


@case("group-sync-left-on")
def entra_groups_on() -> Case:
    return graph(
        record("disable", "success", who=BEN),
        record("create", "failure", PRE + "ServiceIncompatible", frame("NotFound", error(404, "there are no groups here")), "Sales", group=True, minute=1),
    )  # fmt: skip


@case(("group-refusal-misleads", "groups-refusal-read-as-broken-app", "group-sync-left-on"))
def entra_group_delete_refused() -> Case:
    return graph(
        record(
            "delete",
            "failure",
            PRE + "ServiceIncompatible",
            frame("BadRequest", {"status": None, "detail": "not supported"}),
            "Sales",
            group=True,
        )
    )


@case("429-shared-bucket")
def entra_slowed_down() -> Case:
    return monitor(record("disable", "failure", "TooManyRequests", frame("TooManyRequests", error(429, "slow down"))))


@case("all-well")
def entra_all_well_csv() -> Case:
    return trio(record("create", "success", who=BEN), record("disable", "success", minute=40))


@case("nothing-to-do")
def entra_redundant() -> Case:
    return on_demand(record("other", "skipped", "RedundantExport", "nothing to do"))


@case("", likelihood="none")
def entra_only_creations() -> Case:
    return graph(record("create", "success", who=BEN), record("create", "success", who=CYD, minute=1))
