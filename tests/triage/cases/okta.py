"""Okta's System Log, as JSON and as CSV."""

from __future__ import annotations

from tests.triage.writing import ADA, BEN, CYD, Case, case, event, system_csv, system_log, task

DEPROVISION = "application.provision.user.deactivate"
REMOVED = event(
    "application.user_membership.remove", "SUCCESS", message="Remove user's application membership", minute=30
)


@case("expired-token")
def okta_key_ran_out() -> Case:
    return system_log(
        event(DEPROVISION, "SUCCESS", who=BEN),
        event(DEPROVISION, "FAILURE", task(f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}", "Unauthorized", "the key has expired"), minute=50),
    )  # fmt: skip


@case("expired-token")
def okta_key_ran_out_csv() -> Case:
    return system_csv(
        event(DEPROVISION, "SUCCESS", who=BEN),
        event(DEPROVISION, "FAILURE", task(f"Error while deactivating user {ADA}", "Unauthorized", "invalid token"), minute=50),
        event(DEPROVISION, "FAILURE", task(f"Error while deactivating user {CYD}", "Unauthorized", "invalid token"), who=CYD, minute=51),
    )  # fmt: skip


@case("bearer-prefix-missing")
def okta_no_bearer_said() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", task(f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while verifying if user {ADA} exists", "Unauthorized", "the scheme Bearer is missing")))  # fmt: skip


@case(
    ("expired-token", "bearer-prefix-missing", "bearer-prefix-doubled", "token-whitespace", "wrong-region-host"),
    likelihood="low",
)
def okta_unauthorized_and_nothing_else() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "Error authenticating: Unauthorized. The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct and that there is an implementation available at the URL provided."))  # fmt: skip


@case("base-url-missing-scim-path", likelihood="medium")
def okta_no_results() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "No results for users returned", who=""))


@case("unreachable")
def okta_timed_out() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "Error authenticating: Connect to app.example.test:443 [app.example.test/192.0.2.7] failed: Connect timed out", who=""))  # fmt: skip


@case(("features-not-ticked", "never-signed-in"), likelihood="medium")
def okta_matching_not_found() -> Case:
    return system_log(
        event(
            "application.provision.user.sync",
            "FAILURE",
            f"Automatic provisioning of user {ADA} to app Field Notes failed: Matching user not found",
        )
    )


@case("post-refused-for-jit-only")
def okta_create_refused() -> Case:
    return system_log(event("application.provision.user.push", "FAILURE", task(f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while creating user {ADA}", "Forbidden", "people are created by their first sign-in")))  # fmt: skip


@case("rehire-conflict")
def okta_conflict_csv() -> Case:
    return system_csv(
        event(
            "application.provision.user.push",
            "FAILURE",
            task("Push new user to external application FAILURE", "Conflict", "an inactive account has this name"),
        )
    )


@case("create-answer-empty")
def okta_empty_user() -> Case:
    return system_log(event("application.provision.user.push", "FAILURE", f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while creating user Ada: Create new user returned empty user."))  # fmt: skip


@case("account-gone-at-service", likelihood="medium")
def okta_no_user_returned() -> Case:
    return system_log(event("application.provision.user.push_profile", "FAILURE", f"Automatic profile push of user {ADA} to app Field Notes failed: Error while trying to push profile update for {ADA}: No user returned for user u-17"))  # fmt: skip


@case("patch-not-served")
def okta_patch_not_implemented() -> Case:
    return system_log(
        event(
            DEPROVISION, "FAILURE", task(f"Error while deactivating user {ADA}", "Not Implemented", "PATCH is not here")
        )
    )


@case("last-owner-refused")
def okta_last_owner() -> Case:
    return system_log(
        event(
            DEPROVISION,
            "FAILURE",
            task(f"Error while deactivating user {ADA}", "Forbidden", "the last owner of a team cannot be deactivated"),
        )
    )


@case("okta-unlinked-user-never-deactivated")
def okta_never_connected() -> Case:
    return system_log(
        event("application.provision.user.sync", "FAILURE", task(f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while verifying if user {ADA} exists", "Internal Server Error", "down")),
        REMOVED,
    )  # fmt: skip


@case("okta-deactivate-unticked")
def okta_box_off() -> Case:
    return system_log(
        event(
            "application.lifecycle.update",
            "SUCCESS",
            who="",
            debug={"customMessage": "Stop deprovisioning unassigned users"},
        ),
        REMOVED,
    )


@case("okta-deactivate-unticked")
def okta_account_inactive() -> Case:
    return system_csv(
        event(
            "application.provision.user.sync",
            "FAILURE",
            f"Automatic provisioning of user {ADA} to app Field Notes failed: User account is inactive",
        )
    )


@case("assigned-before-provisioning")
def okta_red_mark() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "User was assigned this application before Provisioning was enabled and not provisioned in the downstream application. Click Provision User."))  # fmt: skip


@case("idp-offers-push-anyway")
def okta_push_refused() -> Case:
    return system_log(event("application.provision.group.add", "FAILURE", "Unable to update Group Push mapping target App group Sales: Error while creating user group Sales: Not Implemented. Errors reported by remote server: groups are managed in the app", who="", group="Sales"))  # fmt: skip


@case("unknown-member-fails-push")
def okta_member_unknown() -> Case:
    return system_log(event("application.provision.group_push.mapping.update.or.delete.failed.with.error", "FAILURE", "Unable to update Group Push mapping target App group Sales: Error while updating user group membership for group Sales Not Found. Errors reported by remote server: User not found.", who="", group="Sales"))  # fmt: skip


@case("group-gone-at-service")
def okta_group_gone() -> Case:
    return system_log(event("application.provision.group_push.mapping.update.or.delete.failed.with.error", "FAILURE", "Linked group is missing in Field Notes. Change the linked group to resume pushing group memberships.", who="", group="Sales"))  # fmt: skip


@case("same-group-assign-and-push", likelihood="medium")
def okta_same_group() -> Case:
    return system_log(
        event("group.application_assignment.add", "SUCCESS", who="", group="Sales"),
        event("application.provision.group_push.updated", "SUCCESS", who="", group="Sales", minute=1),
    )


@case("429-shared-bucket")
def okta_slowed_down() -> Case:
    return system_log(
        event(DEPROVISION, "FAILURE", task(f"Error while deactivating user {ADA}", "Rate Limit Exceeded", "slow down"))
    )


@case("all-well")
def okta_all_well() -> Case:
    return system_log(REMOVED, event(DEPROVISION, "SUCCESS", minute=31))
