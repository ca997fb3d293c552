from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from harness.model.comparison import Comparison, Detail, Difference, ExchangeDifference, Fate, Side
from harness.model.verdict import Outcome
from reports.comparison import html, markdown, plain

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \u202e nul\0 `|` {{7*7}}"
SIDE = Side("first", "conformant", "Fine.", "marketbeam", "https://app.example", "0.1.0", 7)


def difference(fate: Fate, before: Outcome | None, after: Outcome | None, text: str = "true") -> Difference:
    return Difference(
        fate, "F-1", "MB-1", "RFC 7644", "MUST", "x.y", "okta/oin/leaver", before, after, (text,), text, text, "x-1"
    )


WORSE = Comparison(SIDE, replace(SIDE, name="second"), (difference(Fate.NEW, None, Outcome.FAILED),))
BETTER = Comparison(SIDE, SIDE, (difference(Fate.FIXED, Outcome.FAILED, None),))
LOST = Comparison(SIDE, SIDE, (difference(Fate.GONE, Outcome.FAILED, None),), lost=("okta/oin/leaver",))


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (WORSE, "Something got worse: 1 requirement"),
        (BETTER, "Nothing got worse; 1 requirement now held"),
        (LOST, "Cannot tell whether anything got worse: 1 scenario was not played again"),
    ],
)
@pytest.mark.parametrize("render", [html, markdown])
def test_the_answer_comes_first(comparison: Comparison, words: str, render: Callable[[Comparison], str]) -> None:
    text = render(comparison)
    assert words in text
    assert text.index(words) < text.index("okta/oin/leaver")


def test_hostile_text_is_shown_and_never_run(page: Callable[[str], Any]) -> None:
    exchange = ExchangeDifference(NASTY, NASTY, NASTY, NASTY, NASTY, (Detail(NASTY, NASTY, NASTY * 10_000),))
    hostile = replace(WORSE, differences=(difference(Fate.CHANGED, Outcome.WARNED, Outcome.FAILED, NASTY),),
                      exchanges=(exchange,), notices=(NASTY,), lost=(NASTY,))  # fmt: skip
    document = html(hostile)
    parsed: HTMLParser = page(document)
    assert not parsed.mismatched  # type: ignore[attr-defined]
    assert {tag for tag, _ in parsed.tags} & {"script", "img"} == set()  # type: ignore[attr-defined]
    assert "</script><script>alert(1)" in parsed.text  # type: ignore[attr-defined]
    assert "\\u202e" in parsed.text  # type: ignore[attr-defined]
    assert len(document) < 50_000


def test_the_page_fetches_nothing(page: Callable[[str], Any]) -> None:
    document = html(WORSE)
    assert "default-src 'none'" in document
    assert not page(document).links


def test_a_long_comparison_is_cut_with_a_notice() -> None:
    many = replace(WORSE, differences=WORSE.differences * 30)
    assert "and 10 more" in markdown(many)
    assert len(markdown(many, size=1200).encode()) <= 1200
    assert "Cut here" in markdown(many, size=1200)


def test_the_json_form_counts_what_it_holds() -> None:
    value = json.loads(json.dumps(plain(WORSE)))
    assert value["schema"] == "scimulator/comparison/1"
    assert value["counts"] == {"new": 1, "changed": 0, "still": 0, "gone": 0, "fixed": 0}
    assert value["worse"] == 1
    assert value["differences"][0]["after"] == "failed"
