"""The cases of the corpus: keys, addresses, people, leaving, what was never sent, groups, the job, nothing wrong."""

from __future__ import annotations

import json

from tests.triage.writing import (
    ADA,
    BEN,
    CYD,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    ON_ENTRA,
    ON_OKTA,
    PRE,
    Case,
    Har,
    case,
    error,
    event,
    found,
    frame,
    graph,
    job,
    monitor,
    on_demand,
    op,
    packed,
    portal,
    record,
    schema,
    system_csv,
    system_log,
    task,
    trio,
    user,
    zipped,
)  # fmt: skip

WEB = "<!DOCTYPE html><html><head><title>Not Found</title></head><body>Nothing here</body></html>"
DEPROVISION = "application.provision.user.deactivate"
REMOVED = event(
    "application.user_membership.remove", "SUCCESS", message="Remove user's application membership", minute=30
)

# --- keys ---


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


@case("expired-token")
def gateway_key_ran_out() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call("GET", "/Users/u-2", status=401, answer=error(401, "unknown key"), after=4000).done()


@case("bearer-prefix-missing")
def gateway_no_bearer() -> Case:
    return (
        Har({**OKTA, "Authorization": "mbk4f7a1c9e2d8b6035"})
        .call("GET", "/Users?startIndex=1&count=2", status=401, answer=error(401, "no credentials"))
        .done()
    )


@case("bearer-prefix-missing")
def okta_no_bearer_said() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", task(f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while verifying if user {ADA} exists", "Unauthorized", "the scheme Bearer is missing")))  # fmt: skip


@case("bearer-prefix-doubled")
def entra_bearer_twice() -> Case:
    return graph(record("other", "failure", PRE + "CredentialValidationFailure", "Response Status Code: Unauthorized Response Headers: Response Content: " + json.dumps(error(401, "the word Bearer stands there twice"))))  # fmt: skip


@case("token-whitespace")
def gateway_blanks() -> Case:
    return Har(OKTA).probe(status=401, answer=error(401, "there is whitespace around the token")).done()


@case("basic-auth-expected")
def gateway_wants_basic() -> Case:
    return (
        Har(ENTRA)
        .probe(status=401, answer=error(401, "sign in"), headers={"WWW-Authenticate": 'Basic realm="api"'})
        .done()
    )


@case("plan-gate-403")
def gateway_plan() -> Case:
    return Har(OKTA).probe(status=403, answer=error(403, "SCIM is not part of your plan")).done()


@case("wrong-region-host")
def gateway_region() -> Case:
    return (
        Har(OKTA).probe(status=401, answer=error(401, "this key is not known here; is it from another region?")).done()
    )


@case("token-lifetime-shorter-than-job")
def gateway_short_lived() -> Case:
    har = Har(ENTRA)
    for _ in range(3):
        har.lookup(ADA, user(), after=60).call(
            "GET", "/Users/u-1", status=401, answer=error(401, "unknown token"), after=3700
        )
    return har.done()


@case(
    ("expired-token", "bearer-prefix-missing", "bearer-prefix-doubled", "token-whitespace", "wrong-region-host"),
    likelihood="low",
)
def okta_unauthorized_and_nothing_else() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "Error authenticating: Unauthorized. The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct and that there is an implementation available at the URL provided."))  # fmt: skip


# --- addresses ---


@case("base-url-trailing-slash")
def gateway_two_slashes() -> Case:
    return (
        Har(OKTA, "https://app.example.test/scim/v2/")
        .call("GET", "/Users?startIndex=1&count=2", status=404, html=WEB)
        .done()
    )


@case("base-url-missing-scim-path")
def gateway_no_scim_path() -> Case:
    return Har(OKTA, "https://app.example.test").probe(status=404, html=WEB).done()


@case("base-url-missing-scim-path")
def gateway_product_page() -> Case:
    return (
        Har(ENTRA, "https://app.example.test/api")
        .probe(status=200, html="<html><head><title>Field Notes</title></head></html>")
        .done()
    )


@case("base-url-missing-scim-path", likelihood="medium")
def okta_no_results() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "No results for users returned", who=""))


@case("base-url-missing-api-prefix", likelihood="medium")
def gateway_prefix_missing() -> Case:
    return Har(ENTRA).probe(status=404, html=WEB).lookup(ADA, status=404, html=WEB).done()


@case("sso-url-pasted-as-scim-base")
def gateway_sso_address() -> Case:
    page = "<html><head><title>Sign in to Field Notes</title></head><body>SAML</body></html>"
    return Har(OKTA, "https://login.example.test/saml/acs").probe(status=200, html=page).done()


@case("tenant-segment-wrong")
def gateway_tenant() -> Case:
    return (
        Har(ENTRA, "https://app.example.test/scim/v2/tenants/t9")
        .probe(status=404, answer=error(404, "the tenant t9 does not exist"))
        .done()
    )


@case("gateway-refuses")
def gateway_firewall() -> Case:
    page = "<html><head><title>Access denied | Cloudflare</title></head></html>"
    return Har(ENTRA).probe(status=403, html=page).done()


@case("unreachable")
def okta_timed_out() -> Case:
    return system_log(event("application.provision.user.sync", "FAILURE", "Error authenticating: Connect to app.example.test:443 [app.example.test/192.0.2.7] failed: Connect timed out", who=""))  # fmt: skip


@case("list-not-readable")
def gateway_counts_as_texts() -> Case:
    answer = {**found(user()), "totalResults": "1", "startIndex": "1"}
    return Har(OKTA).probe().lookup(ADA, answer=answer).done()


# --- people ---


@case("no-match-404")
def gateway_no_match() -> Case:
    return Har(ENTRA).lookup(BEN, user(BEN, "u-2")).lookup(ADA, status=404, answer=error(404, "no user matches")).done()


@case("externalid-filter-400")
def gateway_external_id() -> Case:
    return (
        Har(ENTRA)
        .lookup(
            "5f1-ada", by="externalId", status=400, answer=error(400, "externalId cannot be searched", "invalidFilter")
        )
        .done()
    )


@case("work-email-filter")
def gateway_mail() -> Case:
    return (
        Har(ENTRA)
        .lookup(
            ADA,
            by='emails[type eq "work"].value',
            status=400,
            answer=error(400, "cannot filter by this", "invalidFilter"),
        )
        .done()
    )


@case("username-value-case")
def gateway_letter_case() -> Case:
    har = Har(OKTA).call("GET", "/Users/u-1", answer=user("ada@example.test"))
    return har.lookup("Ada@Example.test").done()


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
def gateway_create_refused() -> Case:
    return (
        Har(OKTA)
        .lookup(ADA)
        .call("POST", "/Users", user(), 403, error(403, "people are created by their first sign-in"))
        .done()
    )


@case("post-refused-for-jit-only")
def okta_create_refused() -> Case:
    return system_log(event("application.provision.user.push", "FAILURE", task(f"Automatic provisioning of user {ADA} to app Field Notes failed: Error while creating user {ADA}", "Forbidden", "people are created by their first sign-in")))  # fmt: skip


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


@case(("rehire-conflict", "deactivate-means-delete"))
def gateway_rehire() -> Case:
    har = Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=False))
    return (
        har.lookup(ADA, after=600)
        .call("POST", "/Users", user(), 409, error(409, "the account exists, inactive", "uniqueness"))
        .done()
    )


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


@case("filter-ignored")
def gateway_stranger() -> Case:
    return Har(ENTRA).lookup(ADA, user(BEN, "u-2")).done()


@case("filter-ignored")
def gateway_everybody() -> Case:
    return Har(ENTRA).lookup(ADA, user(BEN, "u-2"), user(CYD, "u-3"), user()).done()


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


@case("account-gone-at-service", likelihood="medium")
def okta_no_user_returned() -> Case:
    return system_log(event("application.provision.user.push_profile", "FAILURE", f"Automatic profile push of user {ADA} to app Field Notes failed: Error while trying to push profile update for {ADA}: No user returned for user u-17"))  # fmt: skip


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


# --- leaving ---

FALSE = frame("BadRequest", error(400, "active: expected a boolean", "invalidValue"))


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


@case("active-string-false-rejected")
def gateway_false_as_text() -> Case:
    return (
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, "not a boolean", "invalidValue"))
        .done()
    )


@case("pathless-value-object")
def gateway_no_path() -> Case:
    return Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 500, error(500, "path is null")).done()


@case("one-bad-op-vetoes-active")
def gateway_odd_path() -> Case:
    body = op(
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "fax"].value', "value": ""},
    )
    return (
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", body, 400, error(400, "phoneNumbers is not supported", "invalidPath"))
        .done()
    )


@case("one-bad-op-vetoes-active")
def entra_odd_path() -> Case:
    return graph(record("disable", "failure", PRE + "BadRequest", frame("BadRequest", error(400, "attribute manager is not supported", "invalidPath")), changes=(("active", "True", "False"), ("manager", "x", ""))))  # fmt: skip


@case("patch-not-served")
def gateway_no_patch() -> Case:
    return Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 405, error(405, "not allowed")).done()


@case("patch-not-served")
def okta_patch_not_implemented() -> Case:
    return system_log(
        event(
            DEPROVISION, "FAILURE", task(f"Error while deactivating user {ADA}", "Not Implemented", "PATCH is not here")
        )
    )


@case("patch-noop-success")
def gateway_confirmed_but_active() -> Case:
    return Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=True)).done()


@case("patch-noop-success")
def gateway_confirmed_but_active_later() -> Case:
    har = Har(ENTRA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call("GET", "/Users/u-1", answer=user(active=True), after=2400).done()


@case("deactivate-means-delete")
def gateway_gone() -> Case:
    har = Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 204)
    return har.call("GET", "/Users/u-1", status=404, answer=error(404, "no such user"), after=60).done()


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


@case("reactivation-refused")
def gateway_not_back() -> Case:
    har = Har(ENTRA).lookup(ADA, user(active=False)).call("GET", "/Users/u-1", answer=user(active=False))
    return har.call("PATCH", "/Users/u-1", ON_ENTRA, 400, error(400, "invalid patch", "invalidValue")).done()


@case("okta-stale-false-after-reactivate")
def gateway_undone() -> Case:
    har = Har(OKTA).lookup(ADA, user(active=False)).call("PATCH", "/Users/u-1", ON_OKTA, 200, user())
    return har.call("PUT", "/Users/u-1", user(active=False), 200, user(active=False), after=4).done()


@case("tombstone-rename")
def gateway_recycle_bin() -> Case:
    gone = "0123456789abcdef0123456789abcdef" + ADA
    har = Har(ENTRA).lookup(ADA, user()).call("PATCH", "/Users/u-1", op({"op": "Replace", "path": "active", "value": "False"}, {"op": "Replace", "path": "userName", "value": gone}), 204)  # fmt: skip
    return har.call(
        "PATCH",
        "/Users/u-1",
        op({"op": "Replace", "path": "userName", "value": ADA}),
        409,
        error(409, "the name is taken", "uniqueness"),
        after=9000,
    ).done()


@case("last-owner-refused")
def okta_last_owner() -> Case:
    return system_log(
        event(
            DEPROVISION,
            "FAILURE",
            task(f"Error while deactivating user {ADA}", "Forbidden", "the last owner of a team cannot be deactivated"),
        )
    )


@case("last-owner-refused")
def entra_last_owner() -> Case:
    return trio(
        record("disable", "failure", "InsufficientRights", frame("Forbidden", error(403, "ada is the only owner")))
    )


@case("unexplained-suspension", likelihood="medium")
def gateway_nobody_asked() -> Case:
    har = Har(ENTRA).lookup(ADA, user()).call("GET", "/Users/u-1", answer=user())
    return har.call("GET", "/Users/u-1", answer=user(active=False), after=2400).done()


@case("compliance-flag-mismatch")
def gateway_two_dialects() -> Case:
    later = op({"op": "replace", "path": "active", "value": False})
    har = Har(ENTRA).lookup(ADA, user()).call("PATCH", "/Users/u-1", later, 204).lookup(BEN, user(BEN, "u-2"))
    return har.call(
        "PATCH", "/Users/u-2", OFF_ENTRA, 400, error(400, "unsupported operation Replace", "invalidSyntax")
    ).done()


@case("op-name-case", likelihood="medium")
def gateway_capital_letters() -> Case:
    body = op({"op": "Replace", "path": "active", "value": False})
    return (
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", body, 400, error(400, "invalid operation: Replace", "invalidSyntax"))
        .done()
    )


@case("media-type-refused")
def gateway_media_type() -> Case:
    return (
        Har(OKTA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", OFF_OKTA, 415, error(415, "unsupported media type"))
        .done()
    )


@case("service-failing", likelihood="medium")
def entra_service_failed() -> Case:
    return graph(record("disable", "failure", "InternalServerError", frame("InternalServerError", error(500, "oops"))))


@case("service-slow", likelihood="medium")
def entra_timeout() -> Case:
    return graph(record("disable", "failure", "Timeout", "the operation has timed out"))


# --- never sent ---


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


@case("entra-never-linked")
def entra_not_entitled() -> Case:
    return graph(record("disable", "skipped", "NotEffectivelyEntitled", "the user is not assigned"))


@case("entra-never-linked", likelihood="medium")
def entra_not_entitled_step() -> Case:
    step = ("EntrySynchronizationSkip", "scoping", "skipped", "the entry was skipped")
    return portal(record("other", "skipped", "", "", steps=(step,), details={"SkipReason": "NotEffectivelyEntitled"}))


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


# --- groups ---


@case("group-sync-left-on")
def entra_groups_on() -> Case:
    return graph(
        record("disable", "success", who=BEN),
        record("create", "failure", PRE + "ServiceIncompatible", frame("NotFound", error(404, "there are no groups here")), "Sales", group=True, minute=1),
    )  # fmt: skip


@case("group-sync-left-on")
def entra_groups_on_gateway() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call(
        "GET",
        "/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22",
        status=404,
        answer=error(404, "no groups"),
    ).done()


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


@case(("groups-refusal-read-as-broken-app", "group-sync-left-on"))
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


@case("idp-offers-push-anyway")
def okta_push_refused() -> Case:
    return system_log(event("application.provision.group.add", "FAILURE", "Unable to update Group Push mapping target App group Sales: Error while creating user group Sales: Not Implemented. Errors reported by remote server: groups are managed in the app", who="", group="Sales"))  # fmt: skip


@case("unknown-member-fails-push")
def okta_member_unknown() -> Case:
    return system_log(event("application.provision.group_push.mapping.update.or.delete.failed.with.error", "FAILURE", "Unable to update Group Push mapping target App group Sales: Error while updating user group membership for group Sales Not Found. Errors reported by remote server: User not found.", who="", group="Sales"))  # fmt: skip


@case("group-gone-at-service")
def okta_group_gone() -> Case:
    return system_log(event("application.provision.group_push.mapping.update.or.delete.failed.with.error", "FAILURE", "Linked group is missing in Field Notes. Change the linked group to resume pushing group memberships.", who="", group="Sales"))  # fmt: skip


@case("resourcetypes-overclaim-group")
def gateway_groups_claimed() -> Case:
    types = found(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "Group",
            "name": "Group",
            "endpoint": "/Groups",
        }
    )
    har = Har({"User-Agent": "other", "Authorization": "Bearer k"}).call("GET", "/ResourceTypes", answer=types)
    return har.call("GET", "/Groups?startIndex=1&count=100", status=404, answer=error(404, "no groups")).done()


@case("same-group-assign-and-push", likelihood="medium")
def okta_same_group() -> Case:
    return system_log(
        event("group.application_assignment.add", "SUCCESS", who="", group="Sales"),
        event("application.provision.group_push.updated", "SUCCESS", who="", group="Sales", minute=1),
    )


# --- the job ---


@case("429-shared-bucket")
def okta_slowed_down() -> Case:
    return system_log(
        event(DEPROVISION, "FAILURE", task(f"Error while deactivating user {ADA}", "Rate Limit Exceeded", "slow down"))
    )


@case("429-shared-bucket")
def entra_slowed_down() -> Case:
    return monitor(record("disable", "failure", "TooManyRequests", frame("TooManyRequests", error(429, "slow down"))))


@case("errors-quarantine-the-job")
def export_quarantine() -> Case:
    return job("EncounteredEscrowProportionThreshold", "Quarantine", "more than 40 percent of the objects fail")


@case("errors-quarantine-the-job")
def export_quarantine_exception() -> Case:
    return job("EncounteredBaseEscrowThreshold", "Quarantine", "too many objects fail")


# --- nothing wrong, or not to be told ---


@case("all-well")
def gateway_all_well() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, user()).call("GET", "/Users/u-1", answer=user())
    har.call("PATCH", "/Users/u-1", OFF_ENTRA, 200, user(active=False))
    return har.call("GET", "/Users/u-1", answer=user(active=False), after=2400).done()


@case("all-well")
def okta_all_well() -> Case:
    return system_log(REMOVED, event(DEPROVISION, "SUCCESS", minute=31))


@case("all-well")
def entra_all_well_csv() -> Case:
    return trio(record("create", "success", who=BEN), record("disable", "success", minute=40))


@case("nothing-to-do")
def entra_redundant() -> Case:
    return on_demand(record("other", "skipped", "RedundantExport", "nothing to do"))


@case("", likelihood="none")
def entra_only_creations() -> Case:
    return graph(record("create", "success", who=BEN), record("create", "success", who=CYD, minute=1))


@case("", likelihood="none")
def browser_of_an_administrator() -> Case:
    har = Har({"User-Agent": "Mozilla/5.0"}, "https://example-admin.okta.com")
    return (
        har.call("GET", "/api/internal/apps", answer={"apps": []})
        .call("GET", "/assets/app.js", html="x")
        .done("browser.har")
    )


@case("", likelihood="none")
def nothing_in_it() -> Case:
    return {"log.csv": b""}


@case("", likelihood="none")
def no_log_at_all() -> Case:
    return {"screenshot.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4}


@case("expired-token")
def gateway_cut_off() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, user())
    har.call("GET", "/Users/u-1", status=401, answer=error(401, "token expired"), after=4000)
    return {"gateway.har": har.call("GET", "/Users/u-2", answer=user(BEN, "u-2")).done()["gateway.har"][:-600]}


@case("active-string-false-rejected")
def gateway_packed() -> Case:
    har = (
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, "active has to be a boolean", "invalidValue"))
    )
    return {"gateway.har.gz": packed(har.done()["gateway.har"])}


@case("okta-deactivate-unticked")
def okta_cut_off() -> Case:
    files = system_log(
        event("application.lifecycle.update", "SUCCESS", who="", debug={"customMessage": "Stop deprovisioning unassigned users"}),
        REMOVED, event(DEPROVISION, "SUCCESS", who=BEN, minute=60),
    )  # fmt: skip
    return {"system-log.json": files["system-log.json"][:-300]}


@case("entra-never-linked")
def entra_with_unknown_words() -> Case:
    odd = record("disable", "skipped", "NotEffectivelyEntitled", "the user is not assigned")
    odd |= {"provisioningAction": "disable", "unknownFutureField": {"x": [1, 2]}, "provisioningSteps": "[]"}
    return graph(odd, record("unknownFutureValue", "unknownFutureValue", who=BEN))


@case("expired-token")
def okta_log_and_gateway_together() -> Case:
    har = (
        Har(OKTA)
        .lookup(BEN, user(BEN, "u-2"))
        .call("PATCH", "/Users/u-1", OFF_OKTA, 401, error(401, "the key was revoked"), after=900)
    )
    log = system_log(
        event(
            DEPROVISION,
            "FAILURE",
            task(f"Error while deactivating user {ADA}", "Unauthorized", "the key was revoked"),
            minute=15,
        )
    )
    return {**har.done(), **log}


# --- pasted, access logs, collections, our own runs ---


@case("expired-token", likelihood="medium")
def pasted_task() -> Case:
    return {"mail.txt": f"Hi,\n\nOkta shows this since Monday:\n\nAutomatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating\nuser {ADA}: Unauthorized. Errors reported by remote server: bad credentials\n\nThanks!\n".encode()}  # fmt: skip


@case("expired-token")
def pasted_task_with_reason() -> Case:
    return {"task.txt": f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}: Unauthorized. Errors reported by remote server: this key has expired".encode()}  # fmt: skip


@case("active-string-false-rejected", likelihood="medium")
def pasted_entra() -> Case:
    return {"error.txt": f"Action: Disable\nUser: {ADA}\nError code: {PRE}BadRequest\n{FALSE}".encode()}


@case("active-string-false-rejected", likelihood="medium")
def pasted_entra_misread() -> Case:
    return {
        "ocr.txt": f"Disable {ADA}\n{FALSE}".replace("Processing", "Processlng")
        .replace("exception", "exceptlon")
        .encode()
    }


@case("assigned-before-provisioning")
def pasted_red_mark() -> Case:
    return {
        "screen.txt": b"User was assigned this application before Provisioning was enabled and not\nprovisioned in the downstream application. Click Provision User."
    }


@case("last-owner-refused")
def pasted_owner() -> Case:
    return {"task.txt": f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}: Forbidden. Errors reported by remote server: the last owner cannot be deactivated".encode()}  # fmt: skip


@case("", likelihood="none")
def pasted_complaint() -> Case:
    return {"mail.txt": b"Hello, our people cannot get in any more since the update. Can you help? Best, IT"}


def _line(minute: int, request: str, status: int, agent: str = "Okta SCIM Client 1.0.0") -> str:
    return f'192.0.2.7 - - [02/Jan/2026:03:{minute:02d}:05 +0000] "{request} HTTP/1.1" {status} 212 "-" "{agent}"'


@case("expired-token")
def access_log_key_ran_out() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22&startIndex=1&count=100", 200),
        _line(1, "PATCH /scim/v2/Users/u-1", 204),
        *(_line(10 + n, f"PATCH /scim/v2/Users/u-{n}", 401) for n in range(4)),
    ]
    return {"access.log": "\n".join(lines).encode()}


@case("patch-not-served", likelihood="medium")
def access_log_no_patch() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName%20eq%20%22ada%40example.test%22&startIndex=1&count=100", 200),
        _line(1, "PATCH /scim/v2/Users/u-1", 405),
    ]
    return {"access.log": "\n".join(lines).encode()}


@case(("group-sync-left-on", "idp-offers-push-anyway"))
def access_log_groups() -> Case:
    lines = [
        _line(0, "GET /scim/v2/Users?filter=userName+eq+%22ada%40example.test%22", 200, "-"),
        _line(1, "GET /scim/v2/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22", 404, "-"),
    ]
    return {"access.log": "\n".join(lines).encode()}


def _as_lines(har: Har) -> Case:
    rows = []
    for entry in json.loads(har.done()["gateway.har"])["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        rows.append({
            "timestamp": entry["startedDateTime"], "method": request["method"], "url": request["url"], "status": response["status"],
            "request_headers": {h["name"]: h["value"] for h in request["headers"]}, "request_body": request.get("postData", {}).get("text", ""),
            "response_headers": {h["name"]: h["value"] for h in response["headers"]}, "response_body": response["content"]["text"],
        })  # fmt: skip
    return {"gateway.jsonl": "\n".join(map(json.dumps, rows)).encode()}


@case("active-string-false-rejected")
def gateway_lines_false_as_text() -> Case:
    return _as_lines(
        Har(ENTRA)
        .lookup(ADA, user())
        .call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, "active is not a boolean", "invalidValue"))
    )


@case("patch-noop-success")
def gateway_lines_confirmed_but_active() -> Case:
    return _as_lines(Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=True)))


@case("", likelihood="none")
def curl_commands_only() -> Case:
    return {"commands.sh": b"curl -X PATCH https://app.example.test/scim/v2/Users/u-1 \\\n  -H 'Authorization: Bearer k' \\\n  -H 'Content-Type: application/scim+json' \\\n  --data '{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"replace\",\"value\":{\"active\":false}}]}'\n"}  # fmt: skip


@case("expired-token")
def everything_of_one_customer() -> Case:
    """An export without fault, a log and the error text, together."""
    log = graph(
        record("update", "success", who=BEN),
        record(
            "disable", "failure", "Unauthorized", frame("Unauthorized", error(401, "the token has expired")), minute=40
        ),
    )
    return {**schema(), **log, "mail.txt": b"You appear to have entered invalid credentials"}


@case("expired-token")
def okta_newest_first() -> Case:
    return system_csv(
        event(
            DEPROVISION,
            "FAILURE",
            task(f"Error while deactivating user {ADA}", "Unauthorized", "bad credentials"),
            minute=50,
        ),
        event(DEPROVISION, "SUCCESS", who=BEN),
    )
