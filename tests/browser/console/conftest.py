"""A console and a reference server as somebody starts them, and a browser that was let in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ANSWER = 120_000
"""Milliseconds within which something happens on a slow machine."""


@dataclass
class Started:
    """A program that was started, and the line of JSON that it printed when it was ready."""

    process: subprocess.Popen[str]
    about: dict[str, Any]


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[..., Started]]:
    """Starts ``scimulator ARGUMENTS --json``; all of them are ended with the session."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> Started:
        command = [sys.executable, "-m", "harness.cli", *arguments, "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        started.append(process)
        assert process.stdout is not None
        return Started(process, json.loads(process.stdout.readline()))

    yield begin
    for process in started:
        process.terminate()
    for process in started:
        process.wait(120)


@pytest.fixture(scope="session")
def service(start: Callable[..., Started]) -> dict[str, Any]:
    """A reference server that does everything right: its base_url and api_key."""
    return start("serve", "--port", "0").about


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the console keeps its runs."""
    return tmp_path_factory.mktemp("console") / "runs"


@pytest.fixture(scope="session")
def console(start: Callable[..., Started], runs: Path) -> Started:
    return start("console", "--runs", str(runs))


@pytest.fixture
def visit(browser: Any, console: Started) -> Iterator[Callable[..., Any]]:
    """Opens the console in a fresh browser: ``visit(width=375, color_scheme="dark")``. Whatever it asks is watched."""
    contexts = []

    def open_page(*, width: int = 1280, height: int = 800, **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **more)
        context.set_default_timeout(ANSWER)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        context.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (page.complaints.append("a dialog opened"), dialog.dismiss()))
        page.goto(console.about["url"])
        # An address is good for one browser; the next one follows as a line of its own.
        assert console.process.stdout is not None
        console.about |= json.loads(console.process.stdout.readline())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def connect(service: dict[str, Any]) -> Callable[..., None]:
    """Fills the first page in and sends it; waits until the look is over."""

    def fill(page: Any, idp: str = "okta:oin", base_url: str = "", key: str = "", account: str = "") -> None:
        page.check(f'input[name=idp][value="{idp}"]')
        page.fill("#base_url", base_url or service["base_url"])
        page.fill("#key", key or service["api_key"])
        page.fill("#account", account)
        page.click("text=Look at the connection")

    return fill
