from __future__ import annotations

from types import ModuleType

import pytest

from harness.model.exchange import Exchange, Trouble, TroubleKind
from harness.model.verdict import Outcome
from reports.html.bodies import Bodies
from reports.html.exchanges import HEADER_LIMIT, ExchangeView, Mark


def _view(samples: ModuleType, exchange: Exchange, at: str = "") -> ExchangeView:
    k = samples.key()
    verdict = samples.broken(k, "MB-1", Outcome.FAILED, exchange.id, at=at)
    marks = (Mark(verdict, verdict.findings[0], "F-1"),) if at else ()
    return ExchangeView(exchange, k, 1, exchange.id, marks, Bodies())


def test_the_header_that_a_finding_points_at_is_marked_in_any_letter_case(samples: ModuleType) -> None:
    exchange = samples.exchange("s", 1, headers=(("X-Other", "1"),))
    view = _view(samples, exchange, at="content-type")
    assert [(name, marked) for name, _, marked in view.headers] == [("Content-Type", True), ("X-Other", False)]


def test_a_header_of_many_kilobytes_is_cut_and_says_so(samples: ModuleType) -> None:
    exchange = samples.exchange("s", 1, headers=(("X-Long", "h" * 100_000),))
    value = {name: value for name, value, _ in _view(samples, exchange).headers}["X-Long"]
    assert value.startswith("h" * HEADER_LIMIT + "…")
    assert "100,000 characters in all" in value


@pytest.mark.parametrize(("status", "tone"), [(200, "pass"), (204, "pass"), (404, "warn"), (500, "fail")])
def test_the_answer_has_a_colour_and_always_its_number(samples: ModuleType, status: int, tone: str) -> None:
    view = _view(samples, samples.exchange("s", 1, status=status))
    assert view.tone == tone
    assert view.answer.startswith(str(status))


def test_trouble_on_the_way_is_not_an_answer_of_the_service(samples: ModuleType) -> None:
    view = _view(samples, samples.exchange("s", 1, trouble=Trouble(TroubleKind.TLS, "the certificate has expired")))
    assert (view.tone, view.answer, view.headers) == ("unknown", "no answer (tls)", [])


def test_the_heading_reads_a_filter_as_a_person_would_and_the_url_stays_exact(samples: ModuleType) -> None:
    view = _view(samples, samples.exchange("s", 1, path="/Users", query="filter=userName%20eq%20%22ada%22"))
    assert view.line == 'GET /Users?filter=userName eq "ada"'
    assert view.url.endswith("/Users?filter=userName%20eq%20%22ada%22")


def test_what_was_worked_out_from_bodies_can_be_let_go_and_comes_back(samples: ModuleType) -> None:
    exchange = samples.exchange("s", 1, answer={"id": "1"})
    assert exchange.json == {"id": "1"}
    exchange.forget()
    assert "json" not in vars(exchange)
    assert exchange.resource == {"id": "1"}
