"""HAR files of a gateway: what such a service does on purpose, alone and beside something that is really wrong."""

from __future__ import annotations

from typing import Any

from tests.triage.writing import (
    ADA,
    BASE,
    BEN,
    ENTRA,
    OFF_ENTRA,
    OFF_OKTA,
    OKTA,
    Case,
    Har,
    case,
    error,
    found,
    op,
    user,
)

DAY = "2026-01-02T03:00:00Z"
META = {"resourceType": "User", "location": f"{BASE}/Users/u-1", "created": DAY, "lastModified": DAY}
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Sales", "members": []}
NO_GROUPS = error(404, "groups are managed in the app")
NO_CREATION = error(405, "people are created by their first sign-in")
NEW = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": BEN, "active": True}


def ada(**more: Any) -> dict[str, Any]:
    return user(**{"meta": META, **more})


def leaver(before: dict[str, Any], after: dict[str, Any]) -> Case:
    har = Har(ENTRA).probe().lookup(ADA, before).call("GET", "/Users/u-1", answer=before)
    har.call("PATCH", "/Users/u-1", OFF_ENTRA, 200, after)
    return har.call("GET", "/Users/u-1", answer=after, after=2400).done()


@case("all-well")
def gateway_all_well() -> Case:
    return leaver(ada(), ada(active=False))


@case("all-well", likelihood="medium")
def gateway_confirmed_and_never_shown() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("GET", "/Users/u-1", answer=ada())
    return har.call("PATCH", "/Users/u-1", OFF_ENTRA, 204).done()


@case("RFC7643-3.1-12", likelihood="medium")
def gateway_well_but_without_locations() -> Case:
    return leaver(user(), user(active=False))


@case("changed-unasked", likelihood="medium")
def gateway_name_in_capitals() -> Case:
    return leaver(ada(), ada(name=ADA.upper(), active=False))


@case("changed-unasked", likelihood="medium")
def gateway_put_loses_the_name() -> Case:
    ada_named = {**ada(), "name": {"givenName": "Ada"}}
    har = Har(OKTA).lookup(ADA, ada_named).call("GET", "/Users/u-1", answer=ada_named)
    return har.call("PUT", "/Users/u-1", ada_named | {"active": False}, 200, ada(active=False)).done()


@case("renamed-over-scim", likelihood="medium")
def gateway_renamed() -> Case:
    off = op({"op": "Replace", "path": "userName", "value": BEN})
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("GET", "/Users/u-1", answer=ada())
    return har.call("PATCH", "/Users/u-1", off, 200, ada(name=BEN)).done()


@case("external-id-not-kept", likelihood="medium")
def gateway_external_id_lost() -> Case:
    write = op({"op": "Add", "path": "externalId", "value": "ada.1"})
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("GET", "/Users/u-1", answer=ada())
    return har.call("PATCH", "/Users/u-1", write, 200, ada()).done()


@case("all-well")
def gateway_external_id_kept() -> Case:
    write = op(
        {"op": "Add", "path": "externalId", "value": "ada.1"}, {"op": "Replace", "path": "active", "value": "False"}
    )
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("GET", "/Users/u-1", answer=ada())
    return har.call("PATCH", "/Users/u-1", write, 200, ada(active=False, externalId="ada.1")).done()


@case("counted-but-not-shown")
def gateway_counted_not_shown() -> Case:
    nobody = {**found(), "totalResults": 1}
    return Har(OKTA).lookup(BEN, answer=nobody).call("POST", "/Users", NEW, 405, NO_CREATION).done()


@case("post-refused-for-jit-only", likelihood="medium")
def gateway_creation_refused_once() -> Case:
    """Whether the account is there and hidden, these files do not show."""
    return Har(OKTA).lookup(BEN).call("POST", "/Users", NEW, 405, NO_CREATION).done()


@case("post-refused-for-jit-only")
def gateway_creation_refused_then_found() -> Case:
    there = user(BEN, "u-2", meta={**META, "location": f"{BASE}/Users/u-2"})
    har = Har(OKTA).lookup(BEN).call("POST", "/Users", NEW, 405, NO_CREATION)
    return har.lookup(BEN, there, after=4000).done()


@case("error-without-reason", likelihood="medium")
def gateway_creation_refused_without_words() -> Case:
    return Har(OKTA).lookup(ADA, ada()).lookup(BEN).call("POST", "/Users", NEW, 405).done()


@case("PROF-D-01")
def gateway_creation_not_kept() -> Case:
    made = user(BEN, "u-2", meta={**META, "location": f"{BASE}/Users/u-2"})
    there = {"Location": f"{BASE}/Users/u-2"}
    har = Har(OKTA).lookup(BEN).call("POST", "/Users", NEW, 201, made, headers=there)
    return har.call("PATCH", "/Users/u-2", OFF_OKTA, 404, error(404, "there is no such person")).done()


@case("idp-offers-push-anyway")
def gateway_group_refused_beside_a_leaver() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 404, NO_GROUPS)
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 200, ada(active=False)).done()


@case("patch-noop-success")
def gateway_group_refused_beside_a_leaver_who_stays() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 404, NO_GROUPS)
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 200, ada()).done()


@case("group-refusal-misleads")
def gateway_group_refused_with_401() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 401, error(401, "Unauthorized"))
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 200, ada(active=False), after=5).done()


@case("expired-token")
def gateway_group_and_leaver_refused_with_401() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 401, error(401, "Unauthorized"))
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 401, error(401, "Unauthorized"), after=5).done()


@case("group-refusal-misleads", likelihood="medium")
def gateway_group_refused_without_words() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 404)
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 200, ada(active=False)).done()


@case("service-failing", likelihood="medium")
def gateway_group_falls_over() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada()).call("POST", "/Groups", GROUP, 500, error(500, "deadlock"))
    return har.call("PATCH", "/Users/u-1", OFF_OKTA, 200, ada(active=False)).done()


@case("shown-and-not-found", likelihood="medium")
def gateway_leaver_shown_and_not_found() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", OFF_ENTRA, 404, error(404, "there is no such person")).done()


@case("account-gone-at-service", likelihood="medium")
def gateway_leaver_not_found_a_day_later() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", OFF_ENTRA, 404, error(404, "there is no such person"), after=40000).done()


@case("error-without-reason", likelihood="medium")
def gateway_creation_refused_without_a_sentence() -> Case:
    refused = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "405"}
    return Har(OKTA).lookup(ADA, ada()).lookup(BEN).call("POST", "/Users", NEW, 405, refused).done()


@case("all-well", likelihood="medium")
def gateway_external_id_from_elsewhere() -> Case:
    return leaver(ada(externalId="jit-1"), ada(externalId="jit-1", active=False))


@case("one-bad-op-vetoes-active")
def gateway_title_unknown_beside_active() -> Case:
    off = op({"op": "Replace", "path": "active", "value": "False"}, {"op": "Add", "path": "title", "value": "x"})
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", off, 400, error(400, "there is no attribute 'title'", "invalidPath")).done()


@case("one-bad-op-vetoes-active", likelihood="medium")
def gateway_something_beside_active_not_taken() -> Case:
    """It may be the way of writing as well."""
    off = op({"op": "Replace", "path": "active", "value": "False"}, {"op": "Add", "path": "title", "value": "x"})
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", off, 400, error(400, "add wants several values", "invalidPath")).done()


@case(("service-failing", "active-string-false-rejected"), likelihood="medium")
def gateway_recycle_bin_falls_over() -> Case:
    name = {"op": "Replace", "path": "userName", "value": f"{'0' * 32}{ADA}"}
    off = op({"op": "Replace", "path": "active", "value": "False"}, name)
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", off, 500, error(500, "the receiver did not answer")).done()


@case("profile-push-refused", likelihood="medium")
def gateway_title_unknown_in_a_profile() -> Case:
    """Nobody's deactivation is lost by it."""
    har = Har(ENTRA).probe().lookup(ADA, ada())
    write = op({"op": "Add", "path": "title", "value": "x"})
    return har.call(
        "PATCH", "/Users/u-1", write, 400, error(400, "there is no attribute 'title'", "invalidPath")
    ).done()


@case("media-type-refused", likelihood="medium")
def gateway_body_not_read() -> Case:
    words = "the body has to name urn:ietf:params:scim:api:messages:2.0:PatchOp in its schemas"
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("PATCH", "/Users/u-1", OFF_ENTRA, 400, error(400, words, "invalidSyntax")).done()


@case("answer-unreadable", likelihood="medium")
def gateway_names_in_capitals() -> Case:
    shown = {"schemas": ada()["schemas"], "id": "u-1", "UserName": ADA, "Active": True, "meta": META}
    return Har(ENTRA).probe().lookup(ADA, shown).call("GET", "/Users/u-1", answer=shown).done()


@case("list-not-readable")
def gateway_list_in_small_letters() -> Case:
    small = found(ada())
    small["resources"] = small.pop("Resources")
    return Har(ENTRA).lookup(ADA, answer=small).done()


@case("group-sync-left-on", likelihood="medium")
def gateway_groups_only_asked_for() -> Case:
    """A look is no push."""
    har = Har(ENTRA).probe().lookup(ADA, ada())
    return har.call("GET", "/Groups?filter=id+eq+%22x%22", status=404, answer=NO_GROUPS).done()


@case("patch-noop-success", likelihood="medium")
def gateway_still_active_in_a_search() -> Case:
    """It may be the search that is behind."""
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.lookup(ADA, ada(), after=2400).done()


@case("patch-noop-success")
def gateway_still_active_by_id() -> Case:
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call("GET", "/Users/u-1", answer=ada(), after=2400).done()


@case("patch-noop-success", likelihood="medium")
def gateway_active_by_id_months_later() -> Case:
    """Somebody may have come back meanwhile, by a way that this file does not show."""
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call("GET", "/Users/u-1", answer=ada(), after=300 * 86_400).done()


@case("creation-refusal-misleads", likelihood="medium")
def gateway_creation_called_malformed() -> Case:
    return Har(OKTA).lookup(ADA, ada()).lookup(BEN).call("POST", "/Users", NEW, 400, error(400, "not valid")).done()


@case("group-refusal-misleads", likelihood="medium")
def gateway_group_called_malformed() -> Case:
    har = Har(OKTA).probe().lookup(ADA, ada())
    return har.call("POST", "/Groups", GROUP, 400, error(400, "not valid", "invalidSyntax")).done()


@case("activated-by-another-change", likelihood="medium")
def gateway_externalid_activates() -> Case:
    write = op({"op": "Add", "path": "externalId", "value": "ada.1"})
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 200, ada(active=False))
    return har.call("PATCH", "/Users/u-1", write, 200, ada(externalId="ada.1"), after=2400).done()


@case("all-well")
def gateway_externalid_of_somebody_inactive() -> Case:
    write = op({"op": "Add", "path": "externalId", "value": "ada.1"})
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 200, ada(active=False))
    return har.call("PATCH", "/Users/u-1", write, 200, ada(active=False, externalId="ada.1"), after=2400).done()


@case("changed-unasked", likelihood="medium")
def gateway_name_in_capitals_at_the_next_look() -> Case:
    """The change itself was answered with nothing."""
    har = Har(ENTRA).probe().lookup(ADA, ada()).call("PATCH", "/Users/u-1", OFF_ENTRA, 204)
    return har.call("GET", "/Users/u-1", answer=ada(name=ADA.upper(), active=False), after=2400).done()
