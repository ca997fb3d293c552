"""Just what is needed: the request, the write that it looks back on, and whoever made the ids in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.model.exchange import Exchange, Phase, Request, Role
from harness.model.step import Effect, Intent
from harness.model.transcript import Transcript
from harness.reproduce.needed import earlier_read, needed

Crossed = Callable[..., Exchange]
Told = Callable[..., Transcript]
ADA, BEN = "ada0000000001", "ben0000000002"
BASE = "https://app.example/scim/v2"


def asked(
    crossed: Crossed, ordinal: int, method: str, path: str, body: str = "", answer: str = "{}", **given: Any
) -> Exchange:
    given.setdefault("effect", Effect.READ if method == "GET" else Effect.WRITE)
    template = path.replace(ADA, "{id}").replace(BEN, "{id}")
    request = Request(method, BASE + path, (), body.encode() or None)
    return crossed(ordinal, request=request, path=path, template=template, body=answer.encode(), **given)


def story(crossed: Crossed, told: Told) -> Transcript:
    setup = {"role": Role.SETUP, "moment": -1, "phase": Phase.BEFORE, "intent": Intent.SIGN_IN}
    witness = {"role": Role.WITNESS}
    return told(
        asked(crossed, 0, "POST", "/sso", '{"userName": "ada"}', f'{{"id": "{ADA}"}}', **setup),
        asked(crossed, 1, "POST", "/sso", '{"userName": "ben"}', f'{{"id": "{BEN}"}}', **setup),
        asked(crossed, 2, "GET", f"/Users/{ADA}", phase=Phase.BEFORE, **witness),
        asked(crossed, 3, "GET", "/Users"),
        asked(crossed, 4, "PATCH", f"/Users/{ADA}"),
        asked(crossed, 5, "GET", f"/Users/{ADA}", phase=Phase.AFTER, **witness),
        asked(crossed, 6, "GET", f"/Users/{BEN}", phase=Phase.AFTER, **witness),
    )


def ordinals(exchanges: tuple[Exchange, ...]) -> list[int]:
    return [x.ordinal for x in exchanges]


def test_a_read_after_a_change_needs_the_write_and_who_made_the_person(crossed: Crossed, told: Told) -> None:
    transcript = story(crossed, told)
    assert ordinals(needed(transcript, transcript.exchanges[5])) == [0, 4, 5]


def test_a_bystander_needs_the_write_that_hit_them(crossed: Crossed, told: Told) -> None:
    transcript = story(crossed, told)
    assert ordinals(needed(transcript, transcript.exchanges[6])) == [0, 1, 4, 6]


def test_a_request_without_anybody_needs_nothing_else(crossed: Crossed, told: Told) -> None:
    alone = asked(crossed, 1, "GET", "/Schemas")
    assert ordinals(needed(told(asked(crossed, 0, "PATCH", "/Users/x"), alone), alone)) == [1]


def test_a_list_needs_all_who_were_set_up_because_their_number_matters(crossed: Crossed, told: Told) -> None:
    transcript = story(crossed, told)
    assert ordinals(needed(transcript, transcript.exchanges[3])) == [0, 1, 3]


def test_a_write_needs_the_write_at_the_same_address_that_made_the_state_it_met(crossed: Crossed, told: Told) -> None:
    first, other, again = (asked(crossed, n, "PATCH", f"/Users/{p}") for n, p in enumerate(("x", "y", "x")))
    assert ordinals(needed(told(first, other, again), again)) == [0, 2]


def test_what_was_read_before_the_first_write_is_what_is_compared_with(crossed: Crossed, told: Told) -> None:
    transcript = story(crossed, told)
    seen = transcript.exchanges[5]
    before = earlier_read(transcript, seen, needed(transcript, seen))
    assert before is transcript.exchanges[2]
    assert earlier_read(transcript, before, needed(transcript, before)) is None
