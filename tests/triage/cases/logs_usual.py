"""Logs of both IdPs: what such a service does on purpose, and what only looks like it."""

from __future__ import annotations

from tests.triage.writing import ADA, BEN, PRE, Case, case, error, event, frame, graph, record, system_log, task

CREATE = f"Automatic provisioning of user {BEN} to app Field Notes failed: Error while creating user {BEN}"
PUSH = "Unable to update Group Push mapping target App group Sales: Error while creating user group Sales"
LEFT = event("application.provision.user.deactivate", "SUCCESS", minute=9)


@case("post-refused-for-jit-only", likelihood="medium")
def okta_creation_refused_of_somebody_removed() -> Case:
    """Whether there was an account, and so whether anybody keeps access, the log does not tell."""
    return system_log(
        event("application.provision.user.push", "FAILURE", task(CREATE, "Method Not Allowed", "by sign-in only"), BEN),
        event("application.user_membership.remove", "SUCCESS", "", BEN, minute=5),
    )


@case("error-without-reason", likelihood="medium")
def okta_creation_refused_without_words() -> Case:
    return system_log(
        event("application.provision.user.push", "FAILURE", task(CREATE, "Method Not Allowed", ""), BEN),
        LEFT,
    )


@case("group-refusal-misleads")
def okta_group_refused_with_401() -> Case:
    refused = task(PUSH, "Unauthorized", "Unauthorized")
    return system_log(event("application.provision.group.add", "FAILURE", refused, who="", group="Sales"), LEFT)


@case("expired-token", likelihood="medium")
def okta_everything_refused_with_401() -> Case:
    refused = task(PUSH, "Unauthorized", "Unauthorized")
    off = f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}"
    return system_log(
        event("application.provision.group.add", "FAILURE", refused, who="", group="Sales"),
        event("application.provision.user.deactivate", "FAILURE", task(off, "Unauthorized", "Unauthorized"), minute=9),
    )


@case("group-refusal-misleads", likelihood="medium")
def entra_group_refused_without_words() -> Case:
    return graph(
        record("create", "failure", PRE + "ServiceIncompatible", frame("NotFound", ""), "Sales", group=True),
        record("disable", "success", minute=40, changes=(("active", "True", "False"),)),
    )


@case("deactivate-means-delete")
def entra_gone_once_disabled() -> Case:
    gone = frame("NotFound", error(404, "no such person"))
    return graph(
        record("disable", "success", changes=(("active", "True", "False"),)),
        record("other", "failure", "InvalidAnchor", gone, minute=40),
    )


@case("account-gone-at-service", likelihood="medium")
def entra_gone_without_being_disabled() -> Case:
    gone = frame("NotFound", error(404, "no such person"))
    return graph(
        record("update", "success", changes=(("title", "", "Engineer"),)),
        record("other", "failure", "InvalidAnchor", gone, minute=40),
    )


def verified_and_not_found(minute: int) -> Case:
    """Okta saw the person, and so many minutes later it was told that there is no such person."""
    off = f"Automatic deprovisioning of user {ADA} from app Field Notes failed: Error while deactivating user {ADA}"
    return system_log(
        event("application.provision.user.verify_exists", "SUCCESS"),
        event(
            "application.provision.user.deactivate", "FAILURE", task(off, "Not Found", "no such person"), minute=minute
        ),
    )


@case("shown-and-not-found", likelihood="medium")
def okta_verified_and_not_found() -> Case:
    return verified_and_not_found(minute=2)


@case("account-gone-at-service", likelihood="medium")
def okta_not_found_long_after() -> Case:
    return verified_and_not_found(minute=50)


@case("creation-not-kept", likelihood="medium")
def entra_created_and_gone() -> Case:
    gone = frame("NotFound", error(404, "no such person"))
    return graph(
        record("create", "success", changes=(("userName", "", ADA),)),
        record("other", "failure", "InvalidAnchor", gone, minute=40),
    )


@case("all-well", likelihood="medium")
def entra_disabled_and_nobody_looked() -> Case:
    """A log says what was confirmed, not what it did."""
    return graph(record("disable", "success", changes=(("active", "True", "False"),)))
