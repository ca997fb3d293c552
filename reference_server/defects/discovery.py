"""Discovery that is missing, malformed or not true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.registry import defect
from reference_server.defects.tools import READS, at, html, on_answer, on_discovery, on_reply, parts
from reference_server.http import LIST_RESPONSE, Request, Response, error

FLAGS = ["RFC7643-5-09"]
MEMBERS = ["RFC7643-5-01"]


def config(behaviour: Behaviour, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the ServiceProviderConfig in place, or return another document."""
    on_discovery(behaviour, "ServiceProviderConfig")(change)


def flag(behaviour: Behaviour, name: str, supported: bool) -> None:
    config(behaviour, lambda document: document[name].update(supported=supported))


def answer_reads(behaviour: Behaviour, endpoint: str, response: Callable[[], Response]) -> None:
    @on_reply(behaviour)
    def answered(request: Request, _response: Response) -> Response | None:
        return response() if at(request, endpoint) and request.method in READS else None


@defect("spc-missing", breaks=["RFC7644-4-01", "IOP-5.1-01"], source="spc-missing")
def there_is_no_config(behaviour: Behaviour) -> None:
    """/ServiceProviderConfig is a 404"""
    answer_reads(behaviour, "ServiceProviderConfig", lambda: error(404, "Not found"))


@defect("spc-html", breaks=["RFC7644-4-01", "RFC7644-8.1-01"], source="sso-url-pasted-as-scim-base")
def the_config_is_a_web_page(behaviour: Behaviour) -> None:
    """/ServiceProviderConfig is an HTML page with a 200"""
    answer_reads(behaviour, "ServiceProviderConfig", lambda: html(200, "Welcome"))


@defect("spc-is-a-list", breaks=["RFC7644-4-01"])
def the_config_is_a_list(behaviour: Behaviour) -> None:
    """/ServiceProviderConfig is a list with one entry"""
    page = {"schemas": [LIST_RESPONSE], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1}
    config(behaviour, lambda document: page | {"Resources": [document]})


@defect("spc-schemas-missing", breaks=["RFC7644-4-01"])
def the_config_does_not_say_what_it_is(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig has no schemas"""
    config(behaviour, lambda document: document.pop("schemas") and document)


@defect("spc-needs-key", breaks=["RFC7643-5-07"], source="discovery-auth-inconsistent")
def the_config_needs_a_key(behaviour: Behaviour) -> None:
    """/ServiceProviderConfig can only be read with a key"""

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        if at(request, "ServiceProviderConfig") and not request.header("Authorization"):
            return error(401, "Unauthorized", headers={"WWW-Authenticate": 'Bearer realm="scim"'})
        return proceed(request)


@defect("spc-says-no-patch", breaks=[*FLAGS, "PROF-D-13", "RFC7644-3.5.2-18"], source="spc-says-no-patch",
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "full"])  # fmt: skip
def the_config_denies_patch(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig says that PATCH is not supported, but it is"""
    flag(behaviour, "patch", False)


@defect("spc-says-patch", breaks=[*FLAGS, "PROF-D-06", "PROF-D-13"], presets=["read-only"])
def the_config_promises_patch(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig promises PATCH, which is refused"""
    flag(behaviour, "patch", True)


@defect("spc-says-bulk", breaks=[*FLAGS, "RFC7644-3.7-01", "PROF-D-13"],
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"])  # fmt: skip
def the_config_promises_bulk(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig promises bulk requests, which are refused"""
    flag(behaviour, "bulk", True)


@defect("spc-says-etag", breaks=[*FLAGS, "RFC7644-3.14-01"],
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"])  # fmt: skip
def the_config_promises_versions(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig promises ETags, and there are none"""
    flag(behaviour, "etag", True)


@defect("spc-says-sort", breaks=[*FLAGS, "RFC7644-3.4.2.3-01"],
        presets=["marketbeam", "marketbeam-strict", "deprovisioning-only", "read-only"])  # fmt: skip
def the_config_promises_sorting(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig promises sorting, and sortBy is ignored"""
    flag(behaviour, "sort", True)


@defect("spc-says-no-filter", breaks=[*FLAGS, "RFC7644-3.4.2.2-35"], source="spc-filter-overclaim")
def the_config_denies_filters(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig says that filters are not supported, but they are"""
    flag(behaviour, "filter", False)


@defect("spc-says-cursor", breaks=[*FLAGS, "RFC9865-2-01", "RFC9865-2-02"])
def the_config_promises_cursors(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig promises paging by cursor, which is refused"""
    config(behaviour, lambda document: document["pagination"].update(cursor=True))


@defect("spc-claims-interop", breaks=["IOP-4-01", "IOP-6.5.1.1-01"])
def the_config_claims_a_profile(behaviour: Behaviour) -> None:
    """interopProfileConformant is a text, so nobody knows what is claimed"""
    config(behaviour, lambda document: document.update(interopProfileConformant="yes"))


@defect("spc-members-missing", breaks=MEMBERS)
def the_config_is_incomplete(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig lacks changePassword, sort and etag"""
    config(behaviour, lambda document: [document.pop(n) for n in ("changePassword", "sort", "etag")] and document)


@defect("spc-flags-as-texts", breaks=MEMBERS)
def the_flags_are_texts(behaviour: Behaviour) -> None:
    """The flags of the ServiceProviderConfig are texts"""
    names = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
    config(behaviour, lambda d: [d[n].update(supported=str(d[n]["supported"]).lower()) for n in names] and d)


@defect("spc-bulk-numbers-missing", breaks=["RFC7643-5-02"])
def the_limits_of_bulk_are_missing(behaviour: Behaviour) -> None:
    """bulk in the ServiceProviderConfig has no numbers"""
    config(behaviour, lambda d: [d["bulk"].pop(n) for n in ("maxOperations", "maxPayloadSize")] and d)


@defect("spc-max-results-missing", breaks=["RFC7643-5-03"])
def the_limit_of_filters_is_missing(behaviour: Behaviour) -> None:
    """filter in the ServiceProviderConfig has no maxResults"""
    config(behaviour, lambda document: document["filter"].pop("maxResults") and document)


@defect("spc-max-results-zero", breaks=["RFC7643-5-03"])
def the_limit_of_filters_is_nothing(behaviour: Behaviour) -> None:
    """filter.maxResults in the ServiceProviderConfig is 0"""
    config(behaviour, lambda document: document["filter"].update(maxResults=0))


@defect("spc-schemes-missing", breaks=["RFC7643-5-04", "RFC7644-2-04"])
def the_ways_to_authenticate_are_missing(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig has no authenticationSchemes"""
    config(behaviour, lambda document: document.pop("authenticationSchemes") and document)


@defect("spc-scheme-incomplete", breaks=["RFC7643-5-04"])
def a_way_to_authenticate_is_not_described(behaviour: Behaviour) -> None:
    """An entry of authenticationSchemes has neither name nor description"""
    config(behaviour, lambda d: [d["authenticationSchemes"][0].pop(n) for n in ("name", "description")] and d)


@defect("spc-scheme-unknown", breaks=["RFC7643-5-05", "RFC7644-2-04"])
def a_way_to_authenticate_is_invented(behaviour: Behaviour) -> None:
    """The type of the authentication scheme is a word that no specification knows"""
    config(behaviour, lambda document: document["authenticationSchemes"][0].update(type="apikey"))


@defect("spc-basic-only", breaks=["RFC7644-2-05", "RFC7644-2-04"], source="basic-auth-expected")
def only_passwords_are_announced(behaviour: Behaviour) -> None:
    """The only announced authentication scheme is HTTP Basic"""
    config(behaviour, lambda document: document["authenticationSchemes"][0].update(type="httpbasic"))


@defect("spc-two-primary", breaks=["RFC7643-5-06"])
def two_ways_are_the_main_one(behaviour: Behaviour) -> None:
    """Two authentication schemes are primary"""
    config(behaviour, lambda d: d["authenticationSchemes"].append(dict(d["authenticationSchemes"][0])))


@defect("spc-no-documentation", breaks=["PROF-D-13", "RFC7643-5-08"])
def there_is_no_documentation(behaviour: Behaviour) -> None:
    """The ServiceProviderConfig has no documentationUri"""
    config(behaviour, lambda document: document.pop("documentationUri") and document)


@defect("spc-documentation-relative", breaks=["RFC7643-5-08"], source="relative-base-url-shown")
def the_documentation_is_a_relative_address(behaviour: Behaviour) -> None:
    """documentationUri has no host"""
    config(behaviour, lambda document: document.update(documentationUri="/help/scim"))


@defect("spc-location-wrong", breaks=["RFC7643-5-10"])
def the_config_is_elsewhere(behaviour: Behaviour) -> None:
    """meta.location of the ServiceProviderConfig leads nowhere"""
    config(behaviour, lambda d: d["meta"].update(location=d["meta"]["location"] + "s", resourceType="Config"))


@defect("discovery-filter-filtered", breaks=["RFC7644-4-07"])
def discovery_can_be_filtered(behaviour: Behaviour) -> None:
    """A filter on discovery is carried out: the list is shortened"""

    @on_answer(behaviour)
    def filtered(request: Request) -> Response | None:
        if "filter" not in request.query or not at(request, "Schemas", "ResourceTypes"):
            return None
        return Response(200, {"schemas": [LIST_RESPONSE], "totalResults": 0, "itemsPerPage": 0, "Resources": []})


@defect("discovery-filter-500", breaks=["RFC7644-4-07", "RFC7644-3.12-07"])
def a_filter_on_discovery_breaks_the_server(behaviour: Behaviour) -> None:
    """A filter on discovery ends in a 500"""

    @on_answer(behaviour)
    def broken(request: Request) -> Response | None:
        hit = "filter" in request.query and at(request, "Schemas", "ResourceTypes", "ServiceProviderConfig")
        return error(500, "Internal error") if hit else None


@defect("discovery-writable", breaks=["RFC7644-4-09"])
def discovery_can_be_written(behaviour: Behaviour) -> None:
    """Writes on discovery are confirmed"""

    @on_answer(behaviour)
    def confirmed(request: Request) -> Response | None:
        write = at(request, "Schemas", "ResourceTypes", "ServiceProviderConfig") and request.method not in READS
        return Response(204) if write else None


@defect("discovery-unknown-200", breaks=["RFC7644-4-08"])
def any_schema_exists(behaviour: Behaviour) -> None:
    """An unknown schema or resource type is an empty success"""

    @on_reply(behaviour)
    def found(request: Request, response: Response) -> Response | None:
        missed = at(request, "Schemas", "ResourceTypes") and response.status == 404 and len(parts(request)) == 2
        return Response(200, {}) if missed else None
