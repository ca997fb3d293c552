"""Signs that are only asked about trouble hold for nothing else: leaving them out changes no diagnosis."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.intake.reading import read_files
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.sighting import Confidence, LogEvent, Provenance, Sighting
from harness.model.step import Effect, Intent
from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_plain, of_sighting
from tests.triage.test_corpus import CASES, files

WORDS = (
    "token expired",
    "tenant unknown",
    "user not found",
    "op replace unsupported",
    "must be active",
    "boolean active",
    "no seats",
    "owner",
    "SkipOutOfScopeDeletions",
    "not managed by scim",
    "whitespace",
    "sign in",
    "purged",
)
BODIES = (
    b"",
    b"{}",
    b'{"schemas":["x"],"id":"1","active":false,"roles":[{"value":"owner"}]}',
    b'{"Operations":[{"op":"Replace","path":"active","value":"False"},{"op":"add","value":{"userName":"x"}}]}',
)


def only_of_trouble() -> dict[str, Any]:
    return {name: holds for name, holds in of_sighting().items() if name not in of_plain()}


def exchange(status: int, url: str, sent: bytes, body: bytes) -> Exchange:
    headers = (("Location", "https://login.example/saml"), ("Content-Type", "application/scim+json"))
    request = Request("PATCH", url, (("Authorization", "bearer  bearer x "),), sent)
    return Exchange(
        *("x-1", "", 0, Role.IDP, Phase.DURING, -1, "", Intent.UPDATE, Effect.WRITE),
        request=request,
        response=Response(status, "", headers, body),
        path="/Users/1",
        template="/Users/{id}",
    )


@st.composite
def plain(draw: st.DrawFn) -> tuple[Look, Person | None]:
    """Anything that went well and carries no message, and somebody with any past."""
    status = draw(st.sampled_from([0, 200, 201, 204]))
    words = " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3)))
    idp = draw(st.sampled_from(["okta", "entra", ""]))
    at = Provenance("f", "f", "row 1")
    if draw(st.booleans()):
        event = LogEvent(idp, "update", "success", text=words, changes=(("active", "True", "False"),))
        seen = Sighting(at, Confidence.REPORTED, "2026-01-01T00:00:00Z", idp, event=event)
    else:
        url = draw(st.sampled_from(["https://a.example//scim/v2/Users/1", "https://a.example/login/Users/1"]))
        told = exchange(status or 200, url, draw(st.sampled_from(BODIES)), draw(st.sampled_from(BODIES)))
        seen = Sighting(at, Confidence.RECORDED, "2026-01-01T00:00:00Z", idp, exchange=told)
    acts = ["", "connect", "lookup", "list", "read", "create", "update", "deactivate", "reactivate", "delete"]
    extra: dict[str, Any] = {"hits": draw(st.integers(0, 2)), "by": "externalId", "searched": "x"}
    look = Look(
        sighting=seen,
        number=1,
        act=draw(st.sampled_from([*acts, "discover", "group-update", "group-create", "assign", "switch"])),
        went="ok",
        status=status,
        words=words,
        group=draw(st.booleans()),
        aliases=("ada@example.test", "id:1"),
        active=draw(st.sampled_from([None, True, False])),
        extra=draw(st.sampled_from([{}, extra])),
    )
    if draw(st.booleans()):
        return look, None
    person = Person(1, "ada@example.test", look.group)
    person.asked, person.shown = draw(st.sampled_from([None, True, False])), draw(st.sampled_from([None, True, False]))
    person.confirmed, person.empty = draw(st.booleans()), draw(st.sampled_from([None, look]))
    person.did.update(["group-create:ok", "deactivate:ok"])
    return look, person


@settings(max_examples=60)
@given(plain())
def test_a_sign_of_trouble_holds_for_nothing_that_went_well(drawn: tuple[Look, Person | None]) -> None:
    look, person = drawn
    assert look.plain
    assert [name for name, holds in only_of_trouble().items() if holds(look, person, Picture())] == []


def test_nor_does_it_in_anything_that_a_customer_handed_in() -> None:
    signs, seen_plain = only_of_trouble(), 0
    for name in CASES:
        picture = Picture()
        for found in read_files(files(name)):
            look = picture.take(found)
            if look is not None and look.plain:
                seen_plain += 1
                person = next((p for p in picture.people.values() if look in p.trail), None)
                assert [sign for sign, holds in signs.items() if holds(look, person, picture)] == [], name
    assert seen_plain > 100
    assert len(signs) > 80
