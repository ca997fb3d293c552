"""Signs about finding and creating people."""

from __future__ import annotations

from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import inferred, of_trouble, sign, whole
from harness.triage.signs.addresses import other_letters

_REFUSALS = (403, 404, 405, 501)
MANY_FIND_MANY = 3
"""Of so many people, an ignored filter is likelier than two accounts each."""


@sign
def lookup_empty(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service found nobody"""
    return (seen.act == "lookup" and seen.went == "ok" and seen.extra.get("hits") == 0 and seen.recorded) or seen.said(
        "okta-matching-not-found"
    )


@of_trouble
@sign
def matching_user_not_found(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta found nobody and may not create people"""
    return seen.said("okta-matching-not-found")


@of_trouble
@sign
def lookup_404(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A search that finds nobody is answered with 404 instead of an empty list"""
    if seen.group or seen.act not in ("lookup", "connect") or seen.status != 404:
        return False
    body = seen.exchange.json if seen.exchange is not None else {}
    return seen.exchange is None or (isinstance(body, dict) and "schemas" in body)


@sign
def lookup_many(seen: Look, person: Person | None, picture: Picture) -> bool:
    """One search found several people"""
    return (seen.act == "lookup" and seen.recorded and seen.extra.get("hits", 0) > 1) or seen.said(
        "entra-multiple-entries", "entra-duplicate-target"
    )


@whole
def several_people_find_many(picture: Picture) -> bool:
    """Searches for different people each found several: hardly all of them have two accounts"""
    trace = picture.signs.get("lookup-many")
    return bool(trace and len(trace.people) >= MANY_FIND_MANY)


@sign
def lookup_wrong_person(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A search found somebody else than was searched for"""
    if (
        seen.act != "lookup"
        or not seen.recorded
        or seen.exchange is None
        or seen.extra.get("by", "").casefold() != "username"
    ):
        return False
    wanted = seen.extra["searched"].casefold()
    return any(str(r.get("userName", wanted)).casefold() != wanted for r in seen.exchange.resources)


@sign
def found_under_another_spelling(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The same user name stands there in other letters"""
    for alias in seen.aliases:
        if alias.startswith("id:"):
            continue
        known = picture.spelling.setdefault(alias.casefold(), alias) if len(picture.spelling) < 300_000 else alias
        if known != alias:
            return True
    return False


@whole
def nobody_found_in_other_letters(picture: Picture) -> bool:
    """A search found nobody although the person is known in other letters"""
    both = picture.signs.get("found-under-another-spelling"), picture.signs.get("lookup-empty")
    return bool(both[0] and both[1] and both[0].people & both[1].people)


@of_trouble
@sign
def filter_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused a search"""
    return seen.act == "lookup" and (seen.status in (400, 501) or seen.scim_type == "invalidFilter")


@of_trouble
@sign
def filter_by_external_id_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused to search by externalId"""
    if seen.write:
        return False
    by = seen.extra.get("by", "").casefold()
    named = by == "externalid" or (not by and seen.names("externalid"))
    return named and (seen.status in (400, 501) or seen.scim_type == "invalidFilter")


@sign
def filter_by_mail_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused to search by e-mail, or finds nobody that way"""
    if seen.write:
        return False
    by = seen.extra.get("by", "").casefold()
    named = by.startswith("emails") or (not by and "emails[" in seen.told)
    empty = by.startswith("emails") and seen.went == "ok" and seen.extra.get("hits") == 0
    return (named and (seen.status in (400, 500, 501) or seen.scim_type == "invalidFilter")) or empty


@of_trouble
@sign
def create_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused to create a person"""
    return seen.act == "create" and not seen.group and seen.status in _REFUSALS and not seen.html


@of_trouble
@sign
def newcomer_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service refused to create a person of whom it is not known that they were there before"""
    return create_refused(seen, person, picture) and (person is None or not person.did["deactivate:ok"])


@of_trouble
@sign
def create_conflict(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that another account stands in the way"""
    return (
        seen.act in ("create", "update", "reactivate")
        and (seen.status == 409 or (seen.status == 412 and seen.act == "create") or seen.said("entra-conflict"))
        and not seen.group
    )


@of_trouble
@sign
def conflict_after_empty_lookup(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The search found nobody, and the creation met somebody"""
    return create_conflict(seen, person, picture) and person is not None and person.empty is not None


@of_trouble
@sign
def conflict_with_an_inactive_account(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The account that stands in the way is inactive: the person was here before"""
    if not create_conflict(seen, person, picture):
        return False
    was_off = person is not None and (person.asked is False or person.shown is False)
    return was_off or seen.status == 412 or seen.names("inactive", "deactivated", "disabled", "suspended")


@of_trouble
@sign
def name_normalised_away(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Two user names become the same at the service"""
    return (
        seen.act in ("create", "update")
        and seen.status in (400, 409)
        and seen.names(r"normali[sz]\w+", "handle", "slug", r"already (?:taken|in use)", "short ?name")
    )


@sign
def create_came_back_empty(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A person was created, but the answer does not say who"""
    if seen.said("okta-empty-user"):
        return True
    return (
        seen.act == "create"
        and seen.recorded
        and seen.went == "ok"
        and "hits" in seen.extra
        and seen.exchange is not None
        and not seen.exchange.resource.get("id")
    )


@inferred
@of_trouble
@sign
def found_without_an_id(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Okta was shown a person without an id"""
    return seen.said("okta-found-without-id")


@of_trouble
@sign
def not_under_scim(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service says that it does not manage this person by SCIM"""
    return seen.failed and seen.names(
        r"not (?:managed|provisioned|created) (?:by|via|through) scim", "outside of scim", r"not scim[- ]managed"
    )


@of_trouble
@sign
def account_gone(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not know the id any more that the IdP remembers"""
    by_id = seen.act in ("read", "update", "deactivate", "reactivate", "delete") and not seen.group
    return (by_id and seen.status == 404) or (
        not seen.group and seen.said("entra-invalid-anchor", "okta-no-user-returned")
    )


@of_trouble
@sign
def answer_unreadable(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A person came in a form that the IdP does not read"""
    return seen.said("entra-deserialize") and not seen.html


@sign
def names_in_other_letters(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A person is shown whose attributes are spelt in other letters than SCIM has them"""
    if not seen.recorded or seen.group or seen.went != "ok" or seen.exchange is None or "hits" not in seen.extra:
        return False
    return any(other_letters(shown, "id", "userName", "active") for shown in seen.exchange.resources[:4])


@of_trouble
@sign
def duplicate_in_directory(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Two people of the directory have the same matching value"""
    return seen.said("entra-duplicate-source")


@of_trouble
@sign
def value_missing(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A value is missing or does not fit"""
    return seen.said("entra-missing-values", "entra-schema-attribute")


@of_trouble
@sign
def domain_refused(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service does not accept the domain"""
    return seen.said("entra-invalid-domain") or (
        seen.failed and seen.names(r"domain .{0,40}(?:not verified|not allowed|unverified)")
    )


@of_trouble
@sign
def no_seat(seen: Look, person: Person | None, picture: Picture) -> bool:
    """No seat is left"""
    return seen.said("entra-licence") or (seen.failed and seen.names("seats?", r"licen[cs]e limit"))


@of_trouble
@sign
def reference_unresolved(seen: Look, person: Person | None, picture: Picture) -> bool:
    """A manager or member is not known to the service"""
    return seen.said("entra-reference")


@of_trouble
@sign
def import_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Reading all people failed"""
    return (seen.act == "list" and seen.failed and seen.status not in (401, 404)) or seen.said("okta-log-import-failed")
