"""A browser, and pages opened in it from file:// with every request watched."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reports.html import write

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SAMPLES = Path(__file__).parent.parent / "reports" / "samples.py"


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("report_samples", SAMPLES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium. Missing on a developer's machine: skipped. Missing in CI: a failure."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing: install the Debian package chromium before the browser tests")
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def report(samples: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The URL of the report of a sample run, written once."""
    written: dict[str, str] = {}

    def url(name: str) -> str:
        if name not in written:
            run = samples.large(500) if name in ("large", "parts") else getattr(samples, name)()
            with pytest.MonkeyPatch.context() as patch:
                if name == "parts":
                    patch.setattr(import_module("reports.html.render"), "SINGLE", 100_000)
                    patch.setattr(import_module("reports.html.packing"), "VOLUME", 60_000)
                written[name] = write(run, tmp_path_factory.mktemp(name)).as_uri()
        return written[name]

    return url


class Watched:
    """A page with what it asked for, what it complained about, and whether a script of somebody else ran."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("a dialog opened"), dialog.dismiss()))

    def unfold(self) -> None:
        """Open everything that is folded, also what only comes to light by it."""
        self.page.evaluate(UNFOLD)


UNFOLD = """async () => {
  const folded = () => [...document.querySelectorAll('details:not([open])')];
  const waiting = () => [...document.querySelectorAll('[data-fragment]')].some((box) => box.dataset.state !== 'filled');
  for (let round = 0; round < 200 && (folded().length || waiting()); round += 1) {
    folded().forEach((one) => { one.open = true; });
    await new Promise((done) => setTimeout(done, 20));
  }
  if (waiting()) throw new Error('some of it stayed packed');
}"""


@pytest.fixture
def opened(browser: Any, report: Callable[[str], str]) -> Iterator[Callable[..., Watched]]:
    """Opens the report of a sample run: ``opened("hostile", fragment="#x", color_scheme="dark")``."""
    contexts = []

    def open_report(name: str, fragment: str = "", *, width: int = 1280, script: bool = True, **more: Any) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 720}, java_script_enabled=script, **{"color_scheme": "light", **more}
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.goto(report(name) + fragment)
        if script:
            watched.page.wait_for_selector("html[data-ready]")
        return watched

    yield open_report
    for context in contexts:
        context.close()
