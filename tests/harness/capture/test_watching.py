"""Whoever may watch a capture sees it as it goes on; it is kept as long as was said, and no longer."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness import record
from harness.capture import retention
from harness.capture.feed import follow
from harness.capture.watch import Watch
from harness.cli.capture_command import command
from harness.stage import retell
from tests.harness.capture.test_capture import TOKEN, ask


def look(watch: Watch, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", watch.listener.port, timeout=60)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    return connection.getresponse()


@pytest.fixture
def watching(capturing: Any) -> Any:
    capture = capturing()
    stopped = threading.Event()
    watch = Watch(capture.directory, stopped.is_set)
    thread = threading.Thread(target=watch.listener.run, daemon=True)
    thread.start()
    yield capture, watch
    stopped.set()
    watch.listener.stop()
    thread.join(timeout=60)


@pytest.mark.socket
def test_the_page_shows_each_request_as_it_comes_and_ends_with_the_capture(watching: Any) -> None:
    capture, watch = watching
    path = "/" + watch.url.split("/", 3)[3]
    page = look(watch, path)
    assert page.status == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    stream = look(watch, f"{path}events")
    ask(capture)
    capture.end()
    events = [json.loads(line[6:]) for line in stream.read().decode().splitlines() if line.startswith("data: ")]
    assert events[0]["event"] == "run_started"
    (shown,) = [e for e in events if e["event"] == "exchange"]
    assert (shown["method"], shown["status"]) == ("GET", 200)
    assert events[-1]["event"] == "end"
    assert TOKEN not in json.dumps(events)


@pytest.mark.socket
def test_nobody_else_sees_it(watching: Any) -> None:
    _, watch = watching
    path = "/" + watch.url.split("/", 3)[3]
    assert look(watch, "/").status == 404
    assert look(watch, "/wrong/events").status == 404
    assert look(watch, f"{path}../../etc/passwd").status == 404
    assert look(watch, path, Host="rebound.example").status == 403
    assert look(watch, path, Sec_Fetch_Site="cross-site").status == 403


def test_who_looks_on_from_elsewhere_gets_whole_lines_only(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(b'{"event":"run_started"}\nnonsense\n{"event":"run_fin')
    seen = []
    for event in follow(tmp_path, lambda: len(seen) > 2):
        seen.append(event)
    assert seen[0] == {"event": "run_started"}
    assert seen[1:] == [{}, {}]


def test_a_capture_goes_when_its_time_is_over_and_nothing_else_does(tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for name, days in (("old", 1), ("new", 30)):
        (tmp_path / name).mkdir()
        retention.mark(tmp_path / name, timedelta(days=days), now)
    (tmp_path / "a-run").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / retention.FILE).write_text("{", "utf-8")
    assert retention.purge(tmp_path, now + timedelta(days=2)) == [tmp_path / "old"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a-run", "new", "odd"]
    with pytest.raises(ValueError, match="expected a number and m, h, d or w"):
        retention.period("for ever")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--keep", "soon"), "expected a number and m, h, d or w"),
        (("--preset", "nobody"), "nobody"),
        (("--host", "0.0.0.0"), "needs --tls-cert and --tls-key"),
        (("--tls-cert", "nowhere.pem"), "--tls-cert nowhere.pem: cannot be used"),
        (("--forward", "file:///etc/passwd"), "no base URL to pass on to"),
        (("--forward", "http://127.0.0.1:1/scim", "--token-env", "NOT_SET"), "no API key"),
    ],
)
def test_what_cannot_be_started_says_why(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(command, [*options, "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert says in result.output


@pytest.mark.socket
@pytest.mark.thorough
def test_a_capture_that_is_killed_can_be_judged_and_one_that_is_stopped_judges_itself(tmp_path: Path) -> None:
    for number, how in enumerate((signal.SIGKILL, signal.SIGTERM)):
        out = tmp_path / str(number)
        arguments = [sys.executable, "-m", "harness.cli", "capture", "--json", "--out", str(out)]
        process = subprocess.Popen([*arguments, "--person", "ada@example.test"], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        about = json.loads(process.stdout.readline())
        assert about["pid"] == process.pid
        port = int(about["base_url"].rpartition(":")[2].partition("/")[0])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/scim/v2/Users", headers={"Authorization": f"Bearer {about['token']}"})
        assert connection.getresponse().status == 200
        connection.close()
        assert json.loads(process.stdout.readline())["status"] == 200
        os.kill(process.pid, how)
        process.wait(timeout=120)
        process.stdout.close()
        run = retell(out)
        assert len(run.results[0].transcript.exchanges) == 1
        assert (out / "run.json").exists() is (how == signal.SIGTERM)
        assert record.read(out).finished is (how == signal.SIGTERM)
