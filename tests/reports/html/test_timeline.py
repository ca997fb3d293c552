from __future__ import annotations

import xml.etree.ElementTree as ET
from types import ModuleType

from harness.model.exchange import Exchange, Trouble, TroubleKind
from harness.model.run import ScenarioResult
from harness.model.transcript import Transcript
from harness.model.verdict import Conclusion, Outcome
from reports.html.timeline import ROWS, Timeline, timeline


def _timed(samples: ModuleType, *exchanges: Exchange) -> Timeline:
    k = samples.key()
    result = ScenarioResult(k, Outcome.PASSED, Transcript(k, samples.BASE, exchanges))
    return timeline(samples.run([result], Conclusion.CONFORMANT))


def _took(samples: ModuleType, ordinal: int, ms: float, **more: object) -> Exchange:
    one = samples.exchange("s", ordinal, **more)
    return Exchange(**{**vars(one), "elapsed_ms": ms, "template": more.get("path", "/Users/{id}")})


def test_a_kind_of_request_has_its_median_its_tail_and_its_slowest_exchange(samples: ModuleType) -> None:
    told = _timed(samples, *(_took(samples, n, float(n)) for n in range(1, 21)))
    (row,) = told.rows
    assert (row.name, row.count, row.median, row.p95, row.longest) == ("GET /Users/{id}", 20, 11.0, 20.0, 20.0)
    assert row.slowest.endswith("-20")
    assert told.overall is not None
    assert told.overall.count == 20


def test_what_was_not_answered_is_no_time_but_a_trouble(samples: ModuleType) -> None:
    told = _timed(samples, _took(samples, 1, 30_000.0, trouble=Trouble(TroubleKind.TIMEOUT, "silence")))
    assert (told.overall, told.rows, told.troubles) == (None, (), (("timeout", 1),))


def test_an_answer_that_asks_to_wait_is_named(samples: ModuleType) -> None:
    told = _timed(samples, _took(samples, 1, 5.0), _took(samples, 2, 5.0, status=429, headers=(("Retry-After", "7"),)))
    assert [(w.status, w.retry_after) for w in told.waits] == [(429, "7")]


def test_the_picture_is_a_bounded_svg_that_says_in_words_what_it_shows(samples: ModuleType) -> None:
    told = timeline(samples.large(2000))
    root = ET.fromstring(str(told.picture))
    assert root.attrib["aria-label"].startswith("Time to answer over ")
    assert len(list(root.iter())) < 500


def test_without_recorded_times_there_is_no_picture_and_no_error(samples: ModuleType) -> None:
    one = Exchange(**{**vars(samples.exchange("s", 1)), "started_at": "yesterday"})
    told = _timed(samples, one)
    assert (told.picture, told.seconds) == ("", 0.0)
    assert timeline(samples.run([], Conclusion.UNREACHABLE)).overall is None


def test_many_kinds_are_cut_to_the_slowest_and_the_rest_counted(samples: ModuleType) -> None:
    told = _timed(samples, *(_took(samples, n, float(n), path=f"/Users/{n}") for n in range(1, 41)))
    assert (len(told.rows), told.hidden) == (ROWS, 40 - ROWS)
    assert told.rows[0].longest == 40.0
