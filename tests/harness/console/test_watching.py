from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from harness.console import watching
from harness.console.watching import ended, follow


def _line(number: int) -> bytes:
    return json.dumps({"ordinal": number}).encode() + b"\n"


def test_a_run_that_goes_on_elsewhere_is_followed_to_its_end(tmp_path: Path) -> None:
    record = tmp_path / "exchanges.jsonl"
    record.write_bytes(_line(0) + b"damaged\n" + _line(1) + b'{"half": ')
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            record.write_bytes(_line(0) + b"damaged\n" + _line(1) + _line(2))
        else:
            (tmp_path / "run.json").write_text("{}")

    told = list(follow(tmp_path, 0, lambda: False, wait))
    assert [line["ordinal"] for _, line in told if line is not None] == [0, 1, 2]
    assert len(waits) == 2
    place = next(end for end, line in told if line is not None and line["ordinal"] == 1)
    assert [line["ordinal"] for _, line in follow(tmp_path, place, lambda: False) if line is not None] == [2]


def test_a_capture_that_says_that_it_is_finished_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "exchanges.jsonl").write_bytes(_line(0))
    (tmp_path / "events.jsonl").write_text('{"event":"run_started"}\n')
    assert not ended(tmp_path)
    (tmp_path / "events.jsonl").write_text('{"event":"run_started"}\n{"event":"run_finished"}\n')
    assert ended(tmp_path)
    assert [line["ordinal"] for _, line in follow(tmp_path, 0, lambda: False) if line is not None] == [0]


def test_watching_ends_with_the_console(tmp_path: Path) -> None:
    assert list(follow(tmp_path, 0, lambda: True)) == []


def test_a_run_that_goes_on_elsewhere_is_drawn_and_its_texts_are_escaped(guest, desk) -> None:
    directory = desk.runs / "20260101T000000Z-capture"
    directory.mkdir(parents=True)
    (directory / "events.jsonl").write_text('{"event": "run_started"}\n')
    request = {"method": "PATCH", "url": "http://x/Users/1", "headers": [], "body": ""}
    exchange = {"id": "x-1", "title": "<script>alert(1)</script>", "request": request}
    (directory / "exchanges.jsonl").write_text(json.dumps(exchange) + "\n")
    assert "20260101T000000Z-capture" in guest.get("/watch").text
    assert guest.get("/watch/run/20260101T000000Z-capture").status_code == 200
    (directory / "run.json").write_text("{}")
    answer = guest.get("/watch/run/20260101T000000Z-capture/events")
    assert "<script>" not in answer.text
    assert answer.text.rstrip().endswith("data:")


@pytest.mark.parametrize("name", ["..", "nothing", "a%2Fb"])
def test_only_a_run_of_the_folder_is_watched(guest, name: str) -> None:
    assert guest.get(f"/watch/run/{name}").status_code == 404
    assert guest.get(f"/watch/run/{name}/events").status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"entries": 3, "next": 1}', b"[" * 100_000])
def test_a_server_that_does_not_tell_is_not_asked_again(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    from harness.model.exchange import Request, Response
    from harness.wire.session import Sent, Session

    asked: list[object] = []

    def send(self, step, token=None):
        asked.append(step)
        return Sent(Request("GET", "x", (), None), Response(200, "OK", (), body), None, "", 0.0)

    monkeypatch.setattr(Session, "send", send)
    monkeypatch.setenv("SCIMULATOR_TOKEN", "secret-secret")
    assert watching.watch("http://127.0.0.1:1/scim/v2", io.StringIO()) == 1
    assert len(asked) == 1
