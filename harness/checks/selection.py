"""attributes and excludedAttributes: what was asked for, no more and no less (RFC 7644 §3.4.2.5, §3.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harness.checks.declared import always_returned
from harness.checks.http import one
from harness.checks.reading import (
    GATEWAY,
    asked,
    assigned,
    attributes_of,
    mapping,
    member,
    people,
    seen,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _plain(transcript: Transcript) -> dict[str, Any]:
    """The person as read without any selection, or {}."""
    answer = one(transcript, "selection.plain")
    return answer.resource if answer is not None else {}


def _selected(tag: str) -> Callable[[Transcript], bool]:
    return lambda t: bool(_plain(t)) and one(t, tag) is not None


def _refused(answer: Exchange) -> Iterator[Finding]:
    if not answer.ok:
        yield Finding(
            expected=["200 with the chosen attributes"],
            actual=seen(answer),
            exchange=answer.id,
            likeness=str(answer.status),
            hint="Both parameters have to be supported wherever a resource is returned.",
        )


def _beyond(transcript: Transcript, person: dict[str, Any], wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Attributes that are shown although nobody asked: (name, requirement). meta is a lesser matter (C21)."""
    allowed = wanted | {"schemas"} | always_returned(transcript)
    for name in attributes_of(person):
        if name not in allowed:
            yield name, "HTTP-SELECT-01" if name == "meta" else ""


def _only(answer: Exchange, transcript: Transcript, wanted: str) -> Iterator[Finding]:
    yield from _refused(answer)
    for pointer, person in people(answer):
        for name, requirement in _beyond(transcript, person, {wanted.lower()}):
            yield Finding(
                expected=[f"id and {wanted}"],
                actual=f"{name} too",
                at=f"{pointer}/{name}",
                exchange=answer.id,
                requirement=requirement,
                likeness=name,
                hint="attributes= replaces the set that is returned by default.",
            )


@judges("RFC7644-3.4.2.5-01", "HTTP-SELECT-01", probe="selection", when=_selected("selection.one"))
def only_the_named_attribute_is_returned(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.one")
    if answer is None:
        return
    yield from _only(answer, transcript, "userName")
    if answer.ok and not text(member(answer.resource, "userName")):
        yield Finding(
            expected=["userName, which was asked for"],
            actual=sorted(attributes_of(answer.resource)),
            at="/userName",
            exchange=answer.id,
            likeness="missing",
            hint="The named attribute is returned.",
        )


def _is_listed(transcript: Transcript) -> bool:
    answer = one(transcript, "selection.list")
    declined = answer is not None and member(answer.json, "scimType") == "invalidFilter"
    return bool(_plain(transcript)) and answer is not None and not declined


@judges("RFC7644-3.9-01", "HTTP-SELECT-01", probe="selection", when=_is_listed)
def each_entry_of_a_list_is_reduced(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.list")
    if answer is not None:
        yield from _only(answer, transcript, "userName")


@judges("RFC7644-3.4.2.5-02", probe="selection", when=_selected("selection.without"))
def an_excluded_attribute_is_left_out(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.without")
    if answer is None:
        return
    yield from _refused(answer)
    if not answer.ok:
        return
    left_out = text(asked(answer).get("excludedattributes")).lower()
    before, after = attributes_of(_plain(transcript)), attributes_of(answer.resource)
    if left_out in after and left_out not in always_returned(transcript):
        yield Finding(
            expected=[f"everything but {left_out}"],
            actual=f"{left_out} too",
            at=f"/{left_out}",
            exchange=answer.id,
            likeness="still there",
            hint="excludedAttributes takes an attribute out of the default set.",
        )
    for name in sorted(before.keys() - after.keys() - {left_out, "schemas", "meta"}):
        yield Finding(
            expected=[f"{name}, as without excludedAttributes"],
            actual="absent",
            at=f"/{name}",
            exchange=answer.id,
            likeness="lost",
            hint="Only the named attribute is left out.",
        )


@judges("RFC7644-3.4.2.5-03", probe="selection", when=_selected("selection.without-id"))
def the_id_cannot_be_excluded(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.without-id")
    if answer is not None and answer.ok and not text(member(answer.resource, "id")):
        yield Finding(
            expected=["the id"],
            actual="absent",
            at="/id",
            exchange=answer.id,
            hint="What is always returned cannot be excluded.",
        )
    elif answer is not None:
        yield from _refused(answer)


def _parts(value: Any) -> set[str]:
    return {k.lower() for k, v in mapping(value).items() if assigned(v)}


def _has_parts(transcript: Transcript) -> bool:
    return "familyname" in _parts(member(_plain(transcript), "name")) and one(transcript, "selection.part") is not None


@judges("RFC7644-3.9-03", probe="selection", when=_has_parts)
def one_part_of_a_name_is_returned_alone(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.part")
    if answer is None:
        return
    yield from _refused(answer)
    shown = _parts(member(answer.resource, "name"))
    if answer.ok and shown != {"familyname"}:
        yield Finding(
            expected=["name with familyName alone"],
            actual=sorted(shown),
            at="/name",
            exchange=answer.id,
            likeness="more" if "familyname" in shown else "missing",
            hint="name.familyName names one part of the name.",
        )


@judges("RFC7644-3.9-10", when=lambda exchange: exchange.tag == "selection.password" and exchange.ok)
def a_secret_stays_hidden_when_asked_for(exchange: Exchange) -> Iterator[Finding]:
    if member(exchange.resource, "password") is not None:
        yield Finding(
            expected=["no password"],
            actual="a member password",
            at="/password",
            hint="What is never returned is not returned on request either.",
        )


@judges("RFC7644-3.9-02", probe="selection", when=_selected("selection.two"))
def several_names_are_read_apart(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.two")
    if answer is None:
        return
    yield from _refused(answer)
    wanted = {"username", *({"emails"} & attributes_of(_plain(transcript)).keys())}
    for name in sorted(wanted - attributes_of(answer.resource).keys()) if answer.ok else ():
        yield Finding(
            expected=["userName and emails"],
            actual=sorted(attributes_of(answer.resource)),
            at=f"/{name}",
            exchange=answer.id,
            likeness=name,
            hint="The names stand behind each other, with a comma between them.",
        )
    for name, requirement in _beyond(transcript, answer.resource, {"username", "emails"}) if answer.ok else ():
        if not requirement and _is_reduced(transcript):
            yield Finding(
                expected=["id, userName and emails"],
                actual=f"{name} too",
                at=f"/{name}",
                exchange=answer.id,
                likeness="more",
                hint="Two names choose two attributes, and not everything.",
            )


def _is_reduced(transcript: Transcript) -> bool:
    """Whether a single name is read at all: a service that ignores the parameter has one fault, not five."""
    answer = one(transcript, "selection.one")
    shown = attributes_of(answer.resource).keys() if answer is not None and answer.ok else set()
    return "username" in shown and len(shown - {"schemas", "id", "username", "meta"}) == 0


def _without_part(transcript: Transcript) -> bool:
    parts = _parts(member(_plain(transcript), "name"))
    return len(parts) > 1 and "formatted" in parts and one(transcript, "selection.without-part") is not None


@judges("RFC7644-3.9-04", probe="selection", when=_without_part)
def one_part_of_a_name_is_left_out(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.without-part")
    if answer is None:
        return
    yield from _refused(answer)
    before = _parts(member(_plain(transcript), "name"))
    after = _parts(member(answer.resource, "name"))
    if answer.ok and after != before - {"formatted"}:
        yield Finding(
            expected=[f"name with {', '.join(sorted(before - {'formatted'}))}"],
            actual=sorted(after),
            at="/name",
            exchange=answer.id,
            likeness="still there" if "formatted" in after else "lost",
            hint="excludedAttributes=name.formatted leaves the other parts of the name.",
        )


_SPELLINGS = ("selection.capitals", "selection.urn")


@judges("RFC7644-3.9-05", probe="selection", when=lambda t: _is_reduced(t) and any(_selected(s)(t) for s in _SPELLINGS))
def a_name_may_be_spelt_in_other_ways(transcript: Transcript) -> Iterator[Finding]:
    for tag in _SPELLINGS:
        answer = one(transcript, tag)
        if answer is None:
            continue
        yield from _refused(answer)
        if answer.ok and not text(member(answer.resource, "userName")):
            yield Finding(
                expected=["userName"],
                actual=sorted(attributes_of(answer.resource)),
                at="/userName",
                exchange=answer.id,
                likeness=tag,
                hint="Names have no letter case, and the URN of the schema may stand in front.",
            )


@judges("RFC7644-3.9-07", probe="selection", when=lambda t: _is_reduced(t) and _selected("selection.unknown")(t))
def an_unknown_name_does_no_harm(transcript: Transcript) -> Iterator[Finding]:
    answer = one(transcript, "selection.unknown")
    if answer is None:
        return
    yield from _refused(answer)
    for name, requirement in _beyond(transcript, answer.resource, set()) if answer.ok else ():
        if not requirement:
            yield Finding(
                expected=["id alone"],
                actual=f"{name} too",
                at=f"/{name}",
                exchange=answer.id,
                likeness="everything",
                hint="Nobody asked for this: a name that nobody has chooses nothing.",
            )
            return


@judges("RFC7644-3.9-08", when=lambda x: x.tag == "selection.both" and x.answered and x.status not in GATEWAY)
def both_parameters_at_once_break_nothing(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (400, 406):
        yield Finding(
            expected=["400", "200 with what one of the two asks for"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="attributes and excludedAttributes exclude each other.",
        )
