"""A finding tells values as JSON has them, not as Python does."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.finding import Finding, as_json


@pytest.mark.parametrize(
    ("value", "told"),
    [(True, "true"), (False, "false"), (None, "nothing"), ("False", '"False"'), ([1, None], "[1, null]"), ("é", '"é"')],
)
def test_a_value_is_told_as_json_writes_it(value: Any, told: str) -> None:
    assert as_json(value) == told


def test_what_came_keeps_a_sentence_of_a_check_as_it_is() -> None:
    assert Finding(["false"], "HTTP 200, and nothing").received == "HTTP 200, and nothing"
    assert Finding(["false"], True).received == "true"
    assert Finding(["false"], {"active": True}).received == '{"active": true}'
