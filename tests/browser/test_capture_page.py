"""The page on which a capture is watched: it shows what arrives, escapes it, and fits a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.capture.watch import Watch
from harness.model.exchange import Exchange, Phase, Request, Response, Role
from harness.model.step import Effect, Intent
from harness.record import Recorder

pytestmark = pytest.mark.browser


def exchange(number: int, **more: Any) -> Exchange:
    return Exchange(
        id=f"x-aaaaaa-{number:03d}",
        scenario="captured/1",
        ordinal=number,
        role=Role.IDP,
        phase=Phase.DURING,
        moment=-1,
        title="Deactivate the person (PATCH)",
        intent=Intent.DEACTIVATE,
        effect=Effect.WRITE,
        request=Request("PATCH", "https://capture.example/scim/v2/Users/1"),
        response=Response(200),
        path="/Users/1",
        started_at="2026-11-27T12:00:00.000+00:00",
        notes=("this takes the access of <b id=planted>ada</b> away",),
        **more,
    )


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[str]:
    recorder = Recorder(tmp_path)
    recorder.event("run_started", schema="scimulator/events/1")
    recorder.event("capture_refused", method="GET", path="/scim/v2/Users", status=401, why="No token", peer="192.0.2.1")
    for number in range(3):
        recorder.exchange(exchange(number, subject="<img src=x onerror=document.title='planted'>"))
    stopped = threading.Event()
    watch = Watch(tmp_path, stopped.is_set)
    thread = threading.Thread(target=watch.listener.run, daemon=True)
    thread.start()
    yield watch.url
    stopped.set()
    watch.listener.stop()
    thread.join(timeout=60)
    recorder.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    yield context.new_page()
    context.close()


def test_it_shows_what_arrives_escapes_it_and_fits_a_phone(watched: str, page: Any) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(watched)
    page.wait_for_selector("tbody tr:nth-child(4)", timeout=60_000)
    assert page.locator("#state").inner_text() == "3 requests so far"
    assert page.locator("#planted").count() == 0
    assert page.title() == "Capture"
    assert "No token" in page.locator("tbody").inner_text()
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_complaint(watched: str, page: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    page.goto(watched)
    page.wait_for_selector("tbody tr:nth-child(4)", timeout=60_000)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []
