"""What profiles of SCIM ask for beyond the RFCs, where they are claimed."""

from __future__ import annotations

from urllib.parse import quote

from harness.model.account import Cast
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import encoded, quoted
from harness.probes.requests import get, patch

MARK = "scimulator-claimed"


@probe(
    "claimed-filters",
    "A client looks somebody up in every way that a profile promises",
    parts=(Part("subject"),),
    needs=("ipsie-al1|fastfed|interop", "deactivate"),
)
def claimed_filters(cast: Cast) -> Steps:
    member = cast["subject"]
    assert member.account is not None
    person, mine = f"/Users/{quote(member.account.id, safe='')}", f"{MARK}-{member.account.id}"
    written = {"op": "replace", "path": "externalId", "value": mine}
    body = {"schemas": [PATCH_OP], "Operations": [written]}
    yield get("/ServiceProviderConfig", "Read the configuration", tag="claimed.config")
    yield get("/Schemas", "Read the schemas", tag="claimed.schemas")
    yield get("/ResourceTypes", "Read the resource types", tag="claimed.types")
    before = yield get(person, "Read the person", tag="claimed.person", subject="subject", template="/Users/{id}")
    yield patch(person, body, "Set externalId", tag="claimed.set", subject="subject", template="/Users/{id}")
    mail = quoted(member.person.email)
    for tag, expression in (
        ("user-name", f"userName eq {quoted(member.account.user_name)}"),
        ("username", f"username eq {quoted(member.account.user_name)}"),
        ("external-id", f"externalId eq {quoted(mine)}"),
        ("mail", f"emails[value eq {mail}]"),
        ("work", f'emails[type eq "work" and value eq {mail}]'),
        ("home", f'emails[type eq "home" and value eq {mail}]'),
        ("unknown", 'nosuch eq "x"'),
    ):
        yield get(
            "/Users",
            f"Look the person up by {tag}",
            query=encoded(filter=expression),
            tag=f"claimed.find.{tag}",
            template="/Users?filter",
        )
    restore = written | {"value": before.resource.get("externalId")}
    body = {"schemas": [PATCH_OP], "Operations": [restore]}
    yield patch(person, body, "Put the person back", tag="claimed.restore", template="/Users/{id}")
