"""Signs in the service's own words: what it says of a change that it refuses. They weigh more than a bare status."""

from __future__ import annotations

import re
from typing import Any

from harness.intake.answers import answer_in
from harness.model.exchange import parse_json
from harness.triage.look import Look, operations
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign

_NO_WORDS = re.compile(r"(?i)errors reported by remote server:\s*$|web response:\s*\.")
"""Where both IdPs quote the service, and it had said nothing."""
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_UNKNOWN = (
    "unsupported",
    "not supported",
    "unknown",
    "invalid path",
    "does not exist",
    r"(?:there is )?no (?:such )?attribute",
)
_LACKED = re.compile(r"\b(?:schemas?|no operations|empty body|body is empty)\b")
_SCHEMAS_OF_THE_ERROR = re.compile(r"""\\?"schemas\\?"\s*:\s*\[[^\]]*\]""")
"""A log may quote the whole error document, which names its own schema."""
_OPERATION = r"(?:patch )?op(?:erations?|s)?(?: (?:name|value|type))?[:]?(?: ['\"]?\w+['\"]?)?"
_NOT_KNOWN = r"(?:is |was )?(?:not (?:supported|known|valid|allowed|recogni[sz]ed)|unknown|invalid|unsupported)"
_ONLY_WHILE_ACTIVE = r"(?:must|has to|have to|needs? to|should) (?:first )?be (?:re)?activ(?:e|ated)"


@of_trouble
@sign
def boolean_said_to_be_wanted(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that active has to be a boolean"""
    return (seen.failed and (seen.off or seen.on or not seen.act) and seen.names("boolean", "bool")) or (
        seen.off
        and seen.failed
        and seen.names("active")
        and (seen.scim_type == "invalidValue" or seen.names("invalid ?value"))
    )


@of_trouble
@sign
def operation_said_to_be_unknown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that it does not know the operation in the change"""
    return (
        seen.failed
        and not seen.group
        and seen.status not in (401, 404, 429)
        and seen.names(
            rf"(?:unsupported|invalid|unknown|unrecogni[sz]ed|illegal) {_OPERATION}", rf"{_OPERATION} {_NOT_KNOWN}"
        )
    )


@of_trouble
@sign
def path_not_understood(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that it does not know an attribute in the change"""
    return (
        not seen.group
        and seen.failed
        and seen.write
        and seen.act != "create"
        and (
            seen.scim_type in ("invalidPath", "noTarget")
            or seen.said("scim-invalid-path", "scim-no-target")
            or (seen.names("path", r"attributes?") and seen.names(*_UNKNOWN))
        )
    )


@of_trouble
@sign
def path_said_to_be_wanted(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that a change needs a path"""
    if not seen.failed or not seen.write or seen.status in (401, 404, 429):
        return False
    return seen.names("path") and seen.names("missing", "required", "null", "must not be empty")


@of_trouble
@sign
def another_attribute_fixed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says of a deactivation that something in it cannot be changed"""
    return (
        seen.off
        and seen.failed
        and (
            seen.scim_type == "mutability"
            or seen.said("scim-mutability")
            or seen.names("immutable", "read-?only", r"(?:cannot|can not|may not|must not) be (?:changed|modified)")
        )
    )


@of_trouble
@sign
def refused_without_words(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused without a sentence that says why"""
    if not seen.failed or seen.status in (401, 429) or not 400 <= seen.status < 500:
        return False
    if seen.html or seen.said("okta-invalid-json"):
        return True
    if seen.event is not None:
        return _NO_WORDS.search(seen.event.text) is not None or (_error(seen) is not None and not seen.words)
    told = not any("body" in missing for missing in seen.sighting.missing)
    return seen.recorded and told and not (_error(seen) or {}).get("detail")


def _error(seen: Look) -> dict[str, Any] | None:
    """The service's error as JSON, recorded or quoted whole in a log; None when there is none."""
    answer = answer_in(seen.event.text) if seen.event is not None else None
    body = seen.exchange.body if seen.exchange is not None and seen.recorded else answer.body if answer else b""
    error = parse_json(body) if body else None
    return error if isinstance(error, dict) else None


@of_trouble
@sign
def error_not_as_scim_has_it(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused with an error whose schemas or status are not as SCIM has them"""
    error = _error(seen) if seen.failed and seen.status >= 400 else None
    if error is None or "detail" not in error:
        return False
    return error.get("schemas") != [ERROR] or error.get("status") != str(seen.status)


@of_trouble
@sign
def attribute_said_to_be_unknown(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says in words that it does not know an attribute in the change"""
    return path_not_understood(seen, person, picture) and seen.names(*_UNKNOWN)


@of_trouble
@sign
def attribute_unknown_beside_active(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says of a deactivation that it does not know another attribute in the same request"""
    if not seen.off or not attribute_said_to_be_unknown(seen, person, picture):
        return False
    names = {str(op.get("path", "")).casefold() for op in operations(seen)} - {"", "active"}
    names |= {name.casefold() for name, _, _ in seen.event.changes} - {"active"} if seen.event is not None else set()
    return any(name and name in seen.told for name in names)


@of_trouble
@sign
def user_name_fixed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says of a deactivation that the user name in it cannot be changed"""
    return another_attribute_fixed(seen, person, picture) and seen.names("username", "user name")


@of_trouble
@sign
def body_said_to_lack_what_is_in_it(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that the schemas or operations are missing, which every request of an IdP names"""
    if not seen.write or not seen.failed or seen.status not in (400, 415, 422):
        return False
    if _LACKED.search(_SCHEMAS_OF_THE_ERROR.sub("", seen.told)) is None:
        return False
    sent = seen.exchange.sent if seen.exchange is not None and seen.recorded else {"schemas": ""}
    named = seen.names("has to", "have to", "must", "missing", "required", "expected", "empty")
    return named and isinstance(sent, dict) and "schemas" in sent


@of_trouble
@sign
def owner_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not deactivate an owner"""
    return (
        seen.off
        and seen.failed
        and seen.names(r"owners?", r"last admin\w*", r"only admin\w*", r"sole \w+", r"last active admin\w*")
    )


@of_trouble
@sign
def inactive_said_to_refuse_writes(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that only people who are active can be changed"""
    said = seen.said("scim-user-must-be-active") or (
        seen.failed and seen.names(_ONLY_WHILE_ACTIVE, "is inactive", "user is disabled")
    )
    return said and not seen.said("okta-account-inactive") and seen.write and seen.act != "create"
