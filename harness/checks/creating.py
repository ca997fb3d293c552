"""POST: a person who is created is there, once; a person who is not, is not."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.moments import answered
from harness.checks.oracles import scim_type
from harness.checks.patch_refusals import published_attributes
from harness.checks.patching import one
from harness.checks.reading import listing
from harness.checks.state import differences, is_active, member
from harness.model.check import judges
from harness.model.exchange import Exchange, Role
from harness.model.finding import Finding, as_json
from harness.model.step import Intent
from harness.model.transcript import Moment, Transcript

MALFORMED = (400, 422)


def _is_create(exchange: Exchange) -> bool:
    ours = exchange.intent is Intent.CREATE and exchange.role is Role.IDP
    return exchange.method == "POST" and (ours or exchange.tag == "create.valid")


def _is_created(exchange: Exchange) -> bool:
    return _is_create(exchange) and exchange.ok


@judges(
    "RFC7644-3.3-02",
    when=lambda exchange: answered(exchange) and (_is_created(exchange) or exchange.tag == "create.valid"),
)
def a_creation_is_answered_with_201(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 201:
        yield Finding(
            expected=["HTTP 201"],
            actual=f"HTTP {exchange.status}",
            hint="Answer 201 when somebody was created, and an error when nobody was.",
            likeness="success" if exchange.ok else "refused",
        )


@judges("RFC7644-3.3-03", when=_is_created)
def a_creation_shows_what_was_created(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.resource:
        yield Finding(
            expected=["the new person in the body"],
            actual="no resource",
            hint="Send the person with the 201: Okta takes an empty answer for a failure.",
        )


@judges("RFC7644-3.3-04", when=lambda exchange: _is_created(exchange) and exchange.status == 201)
def a_creation_says_where_the_person_is(exchange: Exchange) -> Iterator[Finding]:
    told, header = member(exchange.resource, "meta", "location"), exchange.header("Location")
    if header is None:
        yield Finding(
            expected=["a Location header"],
            actual=None,
            at="Location",
            hint="Send the address of the new person in Location.",
            likeness="absent",
        )
    elif isinstance(told, str) and told != header:
        yield Finding(
            expected=[f"the same as meta.location: {told}"],
            actual=header,
            at="Location",
            hint="Location and meta.location name one address.",
            likeness="differs",
        )


@judges("RFC7644-3.3-04", probe="creating", when=lambda t: _made(t) is not None and one(t, "create.read") is not None)
def the_location_leads_to_the_person(transcript: Transcript) -> Iterator[Finding]:
    made, read = _made(transcript), one(transcript, "create.read")
    assert made is not None
    assert read is not None
    if read.status != 200 or member(read.resource, "id") != member(made.resource, "id"):
        yield Finding(
            expected=["HTTP 200 and the person who was created"],
            actual=f"HTTP {read.status} and the id {as_json(member(read.resource, 'id'))}",
            hint="The Location must be readable at once.",
            exchange=read.id,
        )


def _made(transcript: Transcript) -> Exchange | None:
    made = one(transcript, "create.valid")
    return made if made is not None and made.ok and made.resource else None


@judges(
    "RFC7644-3.3-01",
    "RFC7643-7-M01",
    "RFC7643-3.1-04",
    probe="creating",
    when=lambda t: one(t, "create.valid") is not None,
)
def read_only_values_in_a_creation_are_ignored(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "create.valid")
    assert answer is not None
    if not answer.ok:
        yield Finding(
            requirement="RFC7644-3.3-01",
            expected=["HTTP 201, with the service's own id and meta"],
            actual=f"HTTP {answer.status}",
            hint="Pass over id and meta: clients send back what they once read.",
            exchange=answer.id,
            likeness="refused",
        )
        return
    for path in (("id",), ("meta", "created"), ("meta", "resourceType")):
        sent, got = member(answer.sent, *path), member(answer.resource, *path)
        if sent is not None and got is not None and not differences(sent, got):
            yield Finding(
                requirement="RFC7643-3.1-04" if path == ("id",) else "RFC7643-7-M01",
                expected=["a value of the service's own"],
                actual=got,
                at="/" + "/".join(path),
                hint="The service alone sets id and meta.",
                exchange=answer.id,
                likeness="/".join(path),
            )


@judges("RFC7644-3.3-05", probe="creating", when=lambda t: _made(t) is not None and bool(_duplicates(t)))
def a_second_person_of_that_name_is_a_conflict(transcript: Transcript) -> Iterator[Finding]:
    """userName has no letter case, so a name in capitals is the same name."""
    for answer in _duplicates(transcript):
        if answer.status != 409 or scim_type(answer) != "uniqueness":
            yield Finding(
                expected=['HTTP 409 with scimType "uniqueness"'],
                actual=f"HTTP {answer.status} with scimType {as_json(scim_type(answer))}",
                at="/scimType" if answer.status == 409 else "",
                hint="Refuse a user name that is taken, in any letter case: one person must not have two accounts.",
                exchange=answer.id,
                likeness=f"{answer.tag}-{'keyword' if answer.status == 409 else 'status'}",
            )


def _shares_a_mail_address(transcript: Transcript) -> bool:
    published = [a for a in published_attributes(transcript, "create.schemas") if a.get("name") == "emails"]
    parts = [p for a in published for p in listing(a.get("subAttributes")) if member(p, "name") == "value"]
    free = bool(published) and all(member(a, "uniqueness") in (None, "none") for a in (*published, *parts))
    return free and _made(transcript) is not None and one(transcript, "create.twin") is not None


@judges("RFC7644-3.3-05", probe="creating", when=_shares_a_mail_address)
def a_shared_mail_address_is_no_conflict(transcript: Transcript) -> Iterator[Finding]:
    """Where the service itself publishes that mail addresses need not be unique."""
    answer = one(transcript, "create.twin")
    assert answer is not None
    if answer.status == 409:
        yield Finding(
            expected=["HTTP 201"],
            actual="HTTP 409",
            hint='Only userName tells people apart here; else publish emails with "uniqueness": "server".',
            exchange=answer.id,
            likeness="mail",
        )


def _duplicates(transcript: Transcript) -> list[Exchange]:
    found = (one(transcript, tag) for tag in ("create.duplicate", "create.duplicate.case"))
    return [x for x in found if x is not None]


@judges(
    "RFC7644-3.3-06",
    when=lambda x: x.tag in ("create.broken.wrong-schema", "create.broken.wrong-type") and answered(x),
)
def a_person_without_form_is_refused(exchange: Exchange) -> Iterator[Finding]:
    """With an unknown schema, with a value of the wrong type."""
    yield from _not_malformed(exchange, "Refuse a body that does not follow the User schema.")


@judges("HTTP-CREATE-01", when=lambda x: x.tag == "create.broken.no-schemas" and answered(x))
def a_person_without_schemas_is_not_guessed(exchange: Exchange) -> Iterator[Finding]:
    """No text obliges a service to refuse such a body: taking it in is leniency, not a breach."""
    yield from _not_malformed(exchange, 'Refuse a body that names no schema with scimType "invalidSyntax".')


@judges("RFC7643-4.1.1-04", when=lambda x: x.tag == "create.broken.no-user-name" and answered(x))
def a_person_without_a_name_is_refused(exchange: Exchange) -> Iterator[Finding]:
    yield from _not_malformed(exchange, 'A person needs a userName: refuse with scimType "invalidValue".')


def _not_malformed(exchange: Exchange, hint: str) -> Iterator[Finding]:
    if exchange.status not in MALFORMED:
        yield Finding(
            expected=["HTTP 400"],
            actual=f"HTTP {exchange.status}",
            hint=hint,
            likeness=f"{exchange.tag}-{exchange.status // 100}xx",
        )


def _created_and_looked_for(moment: Moment) -> bool:
    made = [x for x in moment.asked(Intent.CREATE) if x.status == 201 and x.subject == moment.part]
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    found = bool(made) and lookup is not None and lookup.ok
    # The Witness asks by the name of the beginning; an IdP may have created the person under a newer one.
    name = moment.cast[moment.part].person.user_name if moment.part in moment.cast else ""
    return found and str(member(made[-1].sent, "userName") or name).casefold() == name.casefold()


@judges("STATE-04", when=_created_and_looked_for)
def a_person_who_was_created_is_there(moment: Moment) -> Iterator[Finding]:
    """Found by the name that the IdP sent, once, under the id that was answered, and active as it was sent."""
    made = [x for x in moment.asked(Intent.CREATE) if x.status == 201][-1]
    lookup = moment.seen_after(moment.part, Intent.LOOKUP, "by-filter")
    assert lookup is not None
    ids = [member(r, "id") for r in lookup.resources]
    if ids != [member(made.resource, "id")]:
        yield Finding(
            expected=["the person who was created, once"],
            actual=f"{len(ids)} people",
            at="/Resources",
            hint="What was answered with 201 has to be found by its user name at once.",
            exchange=lookup.id,
            likeness="not-found",
        )
    elif is_active(made.sent) and not is_active(lookup.resources[0]):
        yield Finding(
            expected=["true, as it was sent"],
            actual=member(lookup.resources[0], "active"),
            at="/Resources/0/active",
            hint="Create the person in the state that the IdP asks for.",
            exchange=lookup.id,
            likeness="inactive",
        )
