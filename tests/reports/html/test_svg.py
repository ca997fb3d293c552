from __future__ import annotations

import xml.etree.ElementTree as ET
from types import ModuleType

import pytest

from reports.html.rows import rows
from reports.html.svg import CLIENT, HARNESS, SERVICE, picture


def _drawn(samples: ModuleType, result: object, flagged: dict[str, int]) -> ET.Element:
    transcript = result.transcript  # type: ignore[attr-defined]
    drawn = picture(
        rows(transcript, flagged),
        client="Okta (oin)",
        title=transcript.scenario.title,
        link=lambda x: x.id,
        flags=lambda x: flagged.get(x.id, 0),
    )
    return ET.fromstring(drawn)


def test_every_row_is_an_arrow_that_links_to_its_exchange(samples: ModuleType) -> None:
    result = samples.conformant().results[0]
    svg = _drawn(samples, result, {})
    links = [a.get("href") for a in svg.iter("a")]
    assert links == [f"#{row.first.id}" for row in rows(result.transcript, {})]


def test_the_client_sends_from_the_left_and_the_harness_from_the_right(samples: ModuleType) -> None:
    svg = _drawn(samples, samples.conformant().results[0], {})
    starts = {int(line.get("x1", "0")) for line in svg.iter("line") if line.get("class") == "arrow"}
    assert starts == {CLIENT, HARNESS}
    assert CLIENT < SERVICE < HARNESS


def test_a_troubled_arrow_is_marked_by_words_and_not_by_colour_alone(samples: ModuleType) -> None:
    result = samples.with_findings().results[0]
    wrong = result.transcript.exchanges[4].id
    svg = _drawn(samples, result, {wrong: 2})
    (marked,) = [a for a in svg.iter("a") if a.get("class") == "wrong"]
    assert marked.get("href") == f"#{wrong}"
    assert "2 findings" in str(marked.get("aria-label"))
    assert "! 2 findings" in "".join(marked.itertext())


def test_a_request_without_an_answer_says_why(samples: ModuleType) -> None:
    svg = _drawn(samples, samples.with_findings().results[3], {})
    (lost,) = [a for a in svg.iter("a") if a.get("class") == "lost"]
    assert "no answer (timeout)" in "".join(lost.itertext())


@pytest.mark.parametrize("name", ["hostile", "with_findings"])
def test_the_picture_is_well_formed_and_has_no_style_attribute(samples: ModuleType, name: str) -> None:
    for result in getattr(samples, name)().results:
        svg = _drawn(samples, result, {})
        assert all("style" not in element.attrib for element in svg.iter())
        assert all(not name.startswith("on") for element in svg.iter() for name in element.attrib)
