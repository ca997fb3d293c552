"""HAR files of a gateway: keys, addresses, people who are looked up and created."""

from __future__ import annotations

from tests.triage.writing import (
    ADA,
    BEN,
    CYD,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    Case,
    Har,
    case,
    error,
    found,
    user,
)

WEB = "<!DOCTYPE html><html><head><title>Not Found</title></head><body>Nothing here</body></html>"


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


@case("base-url-missing-api-prefix", likelihood="medium")
def gateway_prefix_missing() -> Case:
    return Har(ENTRA).probe(status=404, html=WEB).lookup(ADA, status=404, html=WEB).done()


@case("address-redirects")
def gateway_sent_on() -> Case:
    moved = {"Location": "https://app.example.test/scim/v2/Users/"}
    return Har(OKTA).call("GET", "/Users?startIndex=1&count=2", status=301, headers=moved).done()


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


@case("list-not-readable")
def gateway_counts_as_texts() -> Case:
    answer = {**found(user()), "totalResults": "1", "startIndex": "1"}
    return Har(OKTA).probe().lookup(ADA, answer=answer).done()


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


@case("post-refused-for-jit-only")
def gateway_create_refused() -> Case:
    return (
        Har(OKTA)
        .lookup(ADA)
        .call("POST", "/Users", user(), 403, error(403, "people are created by their first sign-in"))
        .done()
    )


@case(("rehire-conflict", "deactivate-means-delete"))
def gateway_rehire() -> Case:
    har = Har(OKTA).lookup(ADA, user()).call("PATCH", "/Users/u-1", OFF_OKTA, 200, user(active=False))
    return (
        har.lookup(ADA, after=600)
        .call("POST", "/Users", user(), 409, error(409, "the account exists, inactive", "uniqueness"))
        .done()
    )


@case("filter-ignored")
def gateway_stranger() -> Case:
    return Har(ENTRA).lookup(ADA, user(BEN, "u-2")).done()


@case("filter-ignored")
def gateway_everybody() -> Case:
    return Har(ENTRA).lookup(ADA, user(BEN, "u-2"), user(CYD, "u-3"), user()).done()
