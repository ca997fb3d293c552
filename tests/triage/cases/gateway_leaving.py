"""HAR files of a gateway: people who leave and come back, groups, the job, nothing wrong."""

from __future__ import annotations

from tests.triage.writing import (
    ADA,
    BEN,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    ON_ENTRA,
    ON_OKTA,
    Case,
    Har,
    case,
    error,
    found,
    op,
    user,
)


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


@case("patch-not-served")
def gateway_no_patch() -> Case:
    return Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 405, error(405, "not allowed")).done()


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


@case("reactivation-refused")
def gateway_not_back() -> Case:
    har = Har(ENTRA).lookup(ADA, user(active=False)).call("GET", "/Users/u-1", answer=user(active=False))
    return har.call("PATCH", "/Users/u-1", ON_ENTRA, 400, error(400, "invalid patch", "invalidValue")).done()


@case("reactivation-refused", likelihood="medium")
def gateway_not_back_with_another_attribute() -> Case:
    """It may be the other attribute that the service does not take, and not the activation."""
    back = op({"op": "Replace", "path": "active", "value": "True"}, {"op": "Add", "path": "title", "value": "Dr."})
    har = Har(ENTRA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_ENTRA, 200, user(active=False))
    har = har.call("GET", "/Users/u-1", answer=user(active=False), after=2400)
    return har.call("PATCH", "/Users/u-1", back, 400, error(400, "invalid patch", "invalidValue")).done()


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


@case("group-sync-left-on")
def entra_groups_on_gateway() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call(
        "GET",
        "/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22",
        status=404,
        answer=error(404, "no groups"),
    ).done()


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
