"""returned and writeOnly: what the schemas say of showing an attribute, against what is shown (RFC 7643 §7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import always_returned
from harness.checks.http import one
from harness.checks.once import once
from harness.checks.reading import (
    asked,
    assigned,
    attributes_of,
    endpoint,
    listing,
    member,
    observed,
    page,
    people,
    people_shown,
    projected,
    text,
)
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.step import USER
from harness.model.transcript import Transcript

HIDDEN = {"password"}
"""Judged by a clause of its own, also where it is not published."""


@once
def _definitions(transcript: Transcript) -> list[Any]:
    """What is published of users, each time that it is shown."""
    asked = (x for x in transcript.exchanges if x.ok and endpoint(x) == "Schemas")
    shown = (definition for x in asked for definition in (x.json, *page(x)))
    return [definition for definition in shown if text(member(definition, "id")).lower() == USER.lower()]


def _published(transcript: Transcript, characteristic: str, value: str) -> set[tuple[str, str]]:
    """User attributes ("" for a whole one) whose characteristic has a value: (attribute, part), in lower case."""
    found: set[tuple[str, str]] = set()
    for definition in _definitions(transcript):
        for attribute in listing(member(definition, "attributes")):
            name = text(member(attribute, "name")).lower()
            if member(attribute, characteristic) == value:
                found.add((name, ""))
            found |= {
                (name, text(member(part, "name")).lower())
                for part in listing(member(attribute, "subAttributes"))
                if member(part, characteristic) == value
            }
    return {(name, part) for name, part in found if name and name not in HIDDEN}


def _shown(transcript: Transcript, names: set[tuple[str, str]], *, whole: bool = False) -> Iterator[tuple[Any, ...]]:
    """Where one of these attributes is shown with a value: (exchange id, pointer, name)."""
    for exchange in observed(transcript):
        if whole and (projected(exchange) or exchange.method not in ("GET", "HEAD")):
            continue
        for pointer, person in people(exchange):
            for name, part in sorted(names):
                value = member(person, name)
                inner = listing(value) or [value]
                if assigned(value) and (not part or any(assigned(member(v, part)) for v in inner)):
                    yield exchange.id, f"{pointer}/{name}", f"{name}.{part}" if part else name


def _hidden_by(characteristic: str, value: str) -> Any:
    def applies(transcript: Transcript) -> bool:
        return bool(_published(transcript, characteristic, value)) and bool(people_shown(transcript))

    return applies


@judges("RFC7643-7-R04", when=_hidden_by("returned", "never"))
def what_is_never_returned_is_not_shown(transcript: Transcript) -> Iterator[Finding]:
    yield from _not_to_be_shown(transcript, "returned", "never", "The schema says that it is never returned.")


@judges("RFC7643-7-M03", when=_hidden_by("mutability", "writeOnly"))
def what_can_only_be_written_is_not_shown(transcript: Transcript) -> Iterator[Finding]:
    yield from _not_to_be_shown(transcript, "mutability", "writeOnly", "The schema says that it can only be written.")


@judges("RFC7643-7-R03", when=_hidden_by("returned", "request"))
def what_is_returned_on_request_is_not_shown_unasked(transcript: Transcript) -> Iterator[Finding]:
    yield from _not_to_be_shown(transcript, "returned", "request", "The schema says: on request.", whole=True)


def _not_to_be_shown(
    transcript: Transcript, characteristic: str, value: str, hint: str, *, whole: bool = False
) -> Iterator[Finding]:
    for exchange, pointer, name in _shown(transcript, _published(transcript, characteristic, value), whole=whole):
        yield Finding(
            expected=[f"no {name}: it is published with {characteristic} {value}"],
            actual=f"a value of {name}",
            at=pointer,
            exchange=exchange,
            likeness=name,
            hint=hint,
        )


def _plain(transcript: Transcript) -> dict[str, Any]:
    answer = one(transcript, "selection.plain")
    return answer.resource if answer is not None else {}


_SELECTED = ("selection.one", "selection.without", "selection.part", "selection.without-id", "selection.list")


def _selections(transcript: Transcript) -> list[Exchange]:
    answers = [one(transcript, tag) for tag in _SELECTED] if _plain(transcript) else []
    return [x for x in answers if x is not None and x.ok and any(True for _ in people(x))]


@judges("RFC7643-7-R01", probe="selection", when=lambda transcript: bool(_selections(transcript)))
def what_is_always_returned_is_there_whatever_was_asked_for(transcript: Transcript) -> Iterator[Finding]:
    always = always_returned(transcript) & attributes_of(_plain(transcript)).keys()
    for answer in _selections(transcript):
        for pointer, person in people(answer):
            for name in sorted(always - attributes_of(person).keys()):
                yield Finding(
                    expected=[name],
                    actual="absent",
                    at=f"{pointer}/{name}",
                    exchange=answer.id,
                    likeness=name,
                    hint="The schema says that it is always returned; id is so for every resource.",
                )


def _named(answer: Exchange) -> set[str]:
    whole = text(asked(answer).get("attributes"))
    return {name.strip().lower() for name in whole.split(",") if name.strip()}


def _asked_by_name(transcript: Transcript) -> Exchange | None:
    answer = one(transcript, "selection.two")
    return answer if answer is not None and answer.ok and _plain(transcript) else None


@judges("RFC7643-7-R02", probe="selection", when=lambda transcript: _asked_by_name(transcript) is not None)
def what_is_returned_by_default_is_there_unasked(transcript: Transcript) -> Iterator[Finding]:
    """Whoever has a value when asked for it by name has it by default too, unless it is published otherwise."""
    answer = _asked_by_name(transcript)
    if answer is None:
        return
    on_request = {name for name, part in _published(transcript, "returned", "request") if not part}
    named, shown = _named(answer), attributes_of(answer.resource).keys()
    for name in sorted((named & shown) - attributes_of(_plain(transcript)).keys() - on_request):
        yield Finding(
            expected=[f"{name} also when nothing is asked for"],
            actual="only when it is named",
            at=f"/{name}",
            exchange=answer.id,
            likeness=name,
            hint="The default set holds every attribute that is not published as returned on request or never.",
        )
