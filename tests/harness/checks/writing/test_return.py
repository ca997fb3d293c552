"""Access that ends in good time, and comes back with the person and not before."""

from __future__ import annotations

from typing import Any

import pytest

from harness.checks import access
from harness.model.exchange import Exchange
from harness.witness import PAUSES, Witness


@pytest.mark.parametrize(
    ("story", "check", "defect"),
    [
        ("okta/oin/leaver", access.access_ends_in_good_time, "sessions-survive"),
        ("okta/oin/rehire", access.whoever_is_back_can_sign_in, "sso-link-dropped"),
        ("okta/oin/rehire", access.old_sessions_do_not_come_back, "access-returns-with-reactivation"),
    ],
)
def test_a_check_is_silent_on_a_right_server_and_speaks_on_a_wrong_one(
    played: Any, judged: Any, story: str, check: Any, defect: str
) -> None:
    assert judged(check, played(story, "marketbeam"), "marketbeam") == []
    assert judged(check, played(story, "marketbeam", defect), "marketbeam")


def test_another_kind_of_access_is_judged_under_its_own_name(played: Any, judged: Any) -> None:
    from dataclasses import replace

    told = played("okta/oin/leaver", "marketbeam")
    body = b'{"userName": "x", "session": "ended", "ssh_key": "alive"}'

    def answered(exchange: Exchange) -> Exchange:
        response = exchange.response
        return replace(exchange, response=replace(response, body=body)) if exchange.tag == "access" else exchange

    changed = replace(told, exchanges=tuple(answered(x) for x in told.exchanges))
    (found,) = judged(access.personal_tokens_end_with_the_account, changed, "marketbeam")
    assert found.at == "/ssh_key"


def asked(told: Any, patience_s: float, *answers: bytes, patient: bool = True) -> list[float]:
    """The pauses before each question of a Witness that gets these answers in order, the last one for ever."""
    from dataclasses import replace

    leaver = told.cast["leaver"]
    steps = Witness(frozenset({"access"}), patience_s)._access(leaver, patient=patient)
    template = next(x for x in told.exchanges if x.tag == "access")
    pauses, given = [], list(answers)
    try:
        step = next(steps)
        while True:
            pauses.append(step.pause_s)
            body = given.pop(0) if len(given) > 1 else given[0]
            step = steps.send(replace(template, response=replace(template.response, body=body)))
    except StopIteration:
        return pauses


def test_the_witness_goes_on_asking_until_access_has_ended_or_its_patience(played: Any) -> None:
    told = played("okta/oin/leaver", "marketbeam")
    alive, ended = b'{"session": "alive"}', b'{"session": "ended"}'
    assert asked(told, 5, alive) == [0, 1, 1, 3]
    assert asked(told, 5, alive, alive, ended) == [0, 1, 1]
    assert asked(told, 0, alive) == [0]
    assert sum(PAUSES) == 300


def test_nobody_is_waited_for_whose_access_the_idp_never_asked_to_end(played: Any) -> None:
    told = played("okta/oin/leaver", "marketbeam")
    assert asked(told, 60, b'{"session": "alive"}', patient=False) == [0]
