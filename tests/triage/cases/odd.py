"""Files that are damaged, empty, of the wrong kind, or of several kinds together."""

from __future__ import annotations

from tests.triage.writing import (
    ADA,
    BEN,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    Case,
    Har,
    case,
    error,
    event,
    frame,
    graph,
    packed,
    record,
    schema,
    system_csv,
    system_log,
    task,
    user,
)

DEPROVISION = "application.provision.user.deactivate"
REMOVED = event(
    "application.user_membership.remove", "SUCCESS", message="Remove user's application membership", minute=30
)


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
