"""What findings have in common: the same sign for the same deviation, whatever the values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.evidence import Sign, Strength, signs, unusual_answer
from harness.model.exchange import Exchange, Phase, Role, Trouble, TroubleKind
from harness.model.finding import Finding
from harness.model.step import Effect
from harness.model.transcript import Transcript

Crossed = Callable[..., Exchange]
Told = Callable[..., Transcript]


def of(transcript: Transcript, exchange: Exchange, at: str = "", **given: str) -> Mapping[Sign, Strength]:
    finding = Finding(["x"], "y", at=at, **given)
    return signs(finding.placed(check="c", scenario="s", requirement="R-1", exchange=exchange.id), transcript)


def test_a_refusal_is_known_by_its_words_and_not_by_the_values_in_them(crossed: Crossed) -> None:
    def refused(detail: str, status: int = 400) -> tuple[str, ...]:
        return unusual_answer(crossed(status=status, body=f'{{"detail": "{detail}"}}'.encode()))

    assert refused("No person 4711 here") == refused("No person 0815 here")
    assert refused("No person 4711 here") != refused("Use another type")
    assert refused("No person 4711 here") != refused("No person 4711 here", 404)


def test_a_server_error_is_known_by_the_collection_because_its_words_are_always_the_same(crossed: Crossed) -> None:
    people = unusual_answer(crossed(status=500))
    assert people == unusual_answer(crossed(status=500, template="/Users?filter"))
    assert people != unusual_answer(crossed(status=500, template="/Groups"))


def test_a_success_is_nothing_unusual_unless_an_error_stands_in_it(crossed: Crossed) -> None:
    assert unusual_answer(crossed(body=b'{"id": "1"}')) == ()
    assert unusual_answer(crossed(body=b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]}')) != ()
    assert unusual_answer(crossed(trouble=Trouble(TroubleKind.RESET, "gone"))) == ("trouble", "reset")


def test_what_is_read_after_a_change_points_to_its_write_as_strongly_as_to_itself(crossed: Crossed, told: Told) -> None:
    write = crossed(1)
    read = crossed(2, role=Role.WITNESS, phase=Phase.AFTER, effect=Effect.READ)
    found = of(told(write, read), read, "/active")
    assert found["exchange", write.id] is found["exchange", read.id] is Strength.STRONG
    assert found["member", "active"] is Strength.PLAIN


def test_element_numbers_make_no_difference_and_a_header_is_no_member(crossed: Crossed, told: Told) -> None:
    x = crossed(1)
    assert of(told(x), x, "/Resources/3/active") == of(told(x), x, "/Resources/0/active")
    assert ("header", "allow") in of(told(x), x, "Allow", likeness="PUT")
    assert of(told(x), x, "Allow", likeness="PUT")["does", "put"] is Strength.PLAIN


def test_a_finding_without_an_exchange_has_signs_of_its_own(told: Told) -> None:
    finding = Finding(["x"], "y", likeness="z").placed(check="c", scenario="s", requirement="R-1", exchange="x-none")
    assert signs(finding, told()) == {("manner", "R-1", "", "z"): Strength.PLAIN}
