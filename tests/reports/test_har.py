from __future__ import annotations

import base64
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reports.har import render, write

RUNS = ("conformant", "with_findings", "hostile", "incomplete")


def _entries(run: Any) -> list[dict[str, Any]]:
    return list(json.loads(render(run))["log"]["entries"])


@pytest.mark.parametrize("name", RUNS)
def test_every_exchange_is_an_entry_in_its_order(samples: ModuleType, name: str) -> None:
    run = getattr(samples, name)()
    wanted = [x.id for result in run.results for x in result.transcript.exchanges]
    assert [entry["comment"].partition(" ")[0] for entry in _entries(run)] == wanted


def test_request_and_answer_stand_as_they_crossed_the_wire(samples: ModuleType) -> None:
    run = samples.with_findings()
    exchanges = [x for result in run.results for x in result.transcript.exchanges]
    for exchange, entry in zip(exchanges, _entries(run), strict=True):
        assert entry["request"]["method"] == exchange.request.method
        assert entry["request"]["url"] == exchange.request.url
        assert [(h["name"], h["value"]) for h in entry["request"]["headers"]] == list(exchange.request.headers)
        if exchange.request.body is not None:
            assert entry["request"]["postData"]["text"].encode() == exchange.request.body
        if exchange.response is not None:
            assert entry["response"]["status"] == exchange.status
            assert entry["response"]["content"].get("text", "").encode() == exchange.body


def test_an_answer_that_is_not_text_travels_as_base64(samples: ModuleType) -> None:
    content = next(e for e in _entries(samples.hostile()) if "Bytes" in e["comment"])["response"]["content"]
    assert content["encoding"] == "base64"
    assert base64.b64decode(content["text"]) == b"\xff\xfe\x00\x80 not text </script>"


def test_a_request_without_an_answer_has_status_0_and_says_why(samples: ModuleType) -> None:
    (entry,) = (e for e in _entries(samples.hostile()) if e["response"]["status"] == 0)
    assert "no answer: " in entry["comment"]


def test_the_file_is_written_where_it_was_asked_for(samples: ModuleType, tmp_path: Path) -> None:
    run = samples.conformant()
    path = write(run, tmp_path / "out")
    assert path == tmp_path / "out" / "report.har"
    assert path.read_text("utf-8") == render(run)
