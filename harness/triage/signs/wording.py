"""Signs in the service's own words: what it says of a change that it refuses. They weigh more than a bare status."""

from __future__ import annotations

import re

from harness.intake.answers import answer_in
from harness.model.exchange import parse_json
from harness.triage.look import Look
from harness.triage.picture import Person, Picture
from harness.triage.signs import of_trouble, sign

_NO_WORDS = re.compile(r"(?i)errors reported by remote server:\s*$|web response:\s*\.")
"""Where both IdPs quote the service, and it had said nothing."""
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
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
            or (
                seen.names("path", r"attributes?")
                and seen.names("unsupported", r"not supported", "unknown", "invalid path", "does not exist")
            )
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
    if not seen.failed or seen.status in (401, 429) or seen.status >= 500 or (seen.words and not seen.html):
        return False
    if seen.event is not None:
        return bool(seen.status) and (seen.html or _NO_WORDS.search(seen.event.text) is not None)
    exchange = seen.exchange
    told = (
        exchange is not None and exchange.response is not None and not any("body" in m for m in seen.sighting.missing)
    )
    return seen.recorded and told and seen.status >= 400


@of_trouble
@sign
def error_not_as_scim_has_it(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused with an error whose schemas or status are not as SCIM has them"""
    answer = answer_in(seen.event.text) if seen.event is not None and seen.status else None
    body = seen.exchange.body if seen.exchange is not None and seen.recorded else answer.body if answer else b""
    error = parse_json(body) if seen.failed and seen.status >= 400 else None
    if not isinstance(error, dict) or "detail" not in error:
        return False
    return error.get("schemas") != [ERROR] or error.get("status") != str(seen.status)


@of_trouble
@sign
def user_name_fixed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says of a deactivation that the user name in it cannot be changed"""
    return another_attribute_fixed(seen, person, picture) and seen.names("username", "user name")


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
