"""Deactivation in every spelling that Okta and Entra use, and everything that must not undo it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, USER, Intent, Step
from harness.model.story import Part
from harness.probes import probe
from harness.probes.echo import echoed
from harness.probes.requests import NOBODY_ID, delete, get, patch, put

MARK = "scimulator-inactive"
SPELLINGS = ("path", "pathless", "capital", "string", "put")
"""What the tags of this probe tell apart: "deactivate.path", "deactivate.path.again", "deactivate.path.read", ..."""

_Answer = Generator[Step, Exchange, Exchange]


@probe(
    "deactivation",
    "A client deactivates a person in every known spelling, twice",
    parts=(Part("subject"),),
    needs=("deactivate",),
)
def deactivation(cast: Cast) -> Steps:
    """Each spelling begins with a person who reads active; where nobody can be reactivated the probe ends early."""
    member = cast["subject"]
    assert member.account is not None
    stage = _Stage(f"/Users/{quote(member.account.id, safe='')}")
    first = yield from stage.read("deactivate.first")
    whole = echoed(first.resource)
    # With an externalId from the beginning, so that a deactivation that loses it is seen.
    yield stage.patch("deactivate.mark", "Write externalId", _set("externalId", MARK))
    yield from stage.read("deactivate.before")
    yield stage.find("email.before", "mail address", f'emails.value eq "{member.person.email}"')
    quoted = f'emails[type eq "work"].value eq "{member.person.email}"'
    yield stage.find("email.as-entra", "work address, as Entra does", quoted)
    for spelling in SPELLINGS:
        yield stage.write(spelling, False, f"deactivate.{spelling}")
        yield stage.write(spelling, False, f"deactivate.{spelling}.again")
        yield from stage.read(f"deactivate.{spelling}.read")
        if spelling == "path":
            yield from _while_inactive(stage, member.person.user_name, member.person.email)
        yield stage.write(spelling, True, f"reactivate.{spelling}")
        now = yield from stage.read(f"reactivate.{spelling}.read")
        if now.resource.get("active") is not True:
            yield stage.write("path", True, "deactivate.restore")
            now = yield from stage.read("deactivate.restore.read")
        if now.resource.get("active") is not True:
            break
    else:
        yield from _together(stage, whole.get("displayName"))
    yield stage.patch(
        "deactivate.restore", "Put the person back", _set("externalId", whole.get("externalId")), _set("active", True)
    )
    yield patch(
        f"/Users/{NOBODY_ID}",
        {"schemas": [PATCH_OP], "Operations": [_set("active", False)]},
        "Deactivate a person who does not exist",
        tag="deactivate.nobody",
        template="/Users/{id}",
    )
    yield delete(
        f"/Users/{NOBODY_ID}", "Delete a person who does not exist", tag="delete.nobody", template="/Users/{id}"
    )


def _while_inactive(stage: _Stage, user_name: str, email: str) -> Steps:
    """None of these may bring the person back, and every lookup still finds the person."""
    yield stage.patch("inactive.external-id", "Write externalId of an inactive person", _set("externalId", f"{MARK}-2"))
    now = yield from stage.read("inactive.external-id.read")
    yield stage.find("inactive.by-user-name", "user name", f'userName eq "{user_name}"')
    yield stage.find("inactive.by-external-id", "externalId", f'externalId eq "{MARK}-2"')
    yield stage.find("inactive.by-email", "mail address", f'emails.value eq "{email}"')
    without = {name: value for name, value in echoed(now.resource).items() if name.lower() != "active"}
    if without:
        yield put(
            stage.person,
            without,
            "Write an inactive person back without active",
            tag="inactive.put",
            subject="subject",
            template="/Users/{id}",
        )
        yield from stage.read("inactive.put.read")
    yield stage.patch("inactive.remove", "Remove active from an inactive person", {"op": "remove", "path": "active"})
    yield from stage.read("inactive.remove.read")


def _together(stage: _Stage, display_name: Any) -> Steps:
    """Active together with what the service owns, and together with what it does not."""
    yield stage.patch(
        "together.owned",
        "Deactivate and write externalId in one request, with the full name of the attribute",
        _set(f"{USER}:active", False),
        _set("externalId", f"{MARK}-together"),
        intent=Intent.DEACTIVATE,
    )
    yield from stage.read("together.owned.read")
    yield stage.write("path", True, "together.restore")
    yield from stage.read("mixed.before")
    yield stage.patch(
        "mixed",
        "Deactivate and write the display name in one request",
        _set("active", False),
        _set("displayName", f"{display_name} {MARK}"),
        intent=Intent.DEACTIVATE,
    )
    after = yield from stage.read("mixed.read")
    if after.resource and after.resource.get("displayName") != display_name:
        yield stage.patch("mixed.restore", "Put the display name back", _set("displayName", display_name))


class _Stage:
    """The person of this probe and how requests about them are worded."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.last: dict[str, Any] = {}

    def read(self, tag: str) -> _Answer:
        answer: Exchange = yield get(self.person, "Read the person", tag=tag, subject="subject", template="/Users/{id}")
        self.last = echoed(answer.resource) or self.last
        return answer

    def find(self, tag: str, what: str, expression: str) -> Step:
        return get(
            "/Users",
            f"Look the person up by {what}",
            query=urlencode({"filter": expression}, quote_via=quote),
            tag=tag,
            subject="subject",
            template="/Users?filter",
        )

    def patch(self, tag: str, title: str, *operations: Mapping[str, Any], intent: Intent = Intent.PROBE) -> Step:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return patch(self.person, body, title, tag=tag, subject="subject", template="/Users/{id}", intent=intent)

    def write(self, spelling: str, active: bool, tag: str) -> Step:
        """Set active in one spelling; PUT writes back what was last read."""
        intent = Intent.REACTIVATE if active else Intent.DEACTIVATE
        title = f"{'Reactivate' if active else 'Deactivate'} the person {_WORDS[spelling]}"
        if spelling != "put":
            return self.patch(tag, title, _operation(spelling, active), intent=intent)
        return put(
            self.person,
            self.last | {"active": active},
            title,
            tag=tag,
            subject="subject",
            template="/Users/{id}",
            intent=intent,
        )


_WORDS = {
    "path": "with a path",
    "pathless": "without a path, as Okta does",
    "capital": "with a capital letter, as Entra does",
    "string": "with a string, as Entra does by default",
    "put": "by writing the whole person back, as Okta's wizard apps do",
}


def _operation(spelling: str, active: bool) -> dict[str, Any]:
    match spelling:
        case "pathless":
            return {"op": "replace", "value": {"active": active}}
        case "capital":
            return {"op": "Replace", "path": "active", "value": active}
        case "string":
            return {"op": "Replace", "path": "active", "value": str(active)}
        case _:
            return _set("active", active)


def _set(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}
