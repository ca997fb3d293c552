"""What many checks ask of a moment is worked out once, and let go of."""

from __future__ import annotations

import pytest

from harness.checks.once import let_go, once
from harness.model.change import Change
from harness.model.transcript import Moment


def test_a_question_is_answered_once_for_each_moment_until_it_is_let_go_of() -> None:
    asked: list[int] = []

    @once
    def number(moment: Moment) -> int:
        asked.append(moment.index)
        return moment.index

    first, second = Moment(1, Change()), Moment(2, Change())
    assert [number(first), number(first), number(second), number(first)] == [1, 1, 2, 1]
    assert asked == [1, 2]
    let_go(first)
    assert (number(first), number(second)) == (1, 2)
    assert asked == [1, 2, 1]


def test_nothing_is_an_answer_too() -> None:
    asked: list[int] = []

    @once
    def nothing(moment: Moment) -> None:
        asked.append(moment.index)

    moment = Moment(1, Change())
    assert nothing(moment) is None  # type: ignore[func-returns-value]
    assert nothing(moment) is None  # type: ignore[func-returns-value]
    assert asked == [1]


def test_what_an_answer_lacks_is_told_each_time() -> None:
    @once
    def falls(moment: Moment) -> int:
        raise LookupError(moment.index)

    for _ in range(2):
        with pytest.raises(LookupError):
            falls(Moment(1, Change()))


def test_two_questions_do_not_share_an_answer() -> None:
    ask = [once(lambda moment, n=n: n) for n in range(2)]  # type: ignore[misc]
    moment = Moment(1, Change())
    assert [question(moment) for question in ask] == [0, 1]
