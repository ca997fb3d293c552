"""The HTML report: how large, how soon written, how soon usable; against pytest-html on the same exchanges.

Both pages hold the same 5,000 exchanges, request and answer of each, and are opened in the same browser from a file.
"Usable" is when the first row can be seen and acted on: ours when its script has begun, that of pytest-html when its
script has put the first row of results into the page. The memory is that of a process of its own, the run included.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.figure import Figure, at_least
from benchmarks.memory import peak_mb
from harness.model.run import Run
from reports.html import write

CHROMIUM = "/usr/bin/chromium"
SAMPLES = Path(__file__).parent.parent / "tests" / "reports" / "samples.py"
ROUNDS = 5

BYTES, USABLE_MS, WRITTEN_S = 5_000_000, 1_000, 5.0
"""What a report of 10,000 exchanges may cost."""

SMALLER, SOONER = 5.0, 10.0
"""How many times smaller and sooner usable than pytest-html it has to be."""

MEMORY_MB = 400
"""What a report of 100,000 exchanges may take, the run itself included."""

SEEN = """(selector) => {
  const told = () => {
    if (window.usable || !document.querySelector(selector)) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.usable = window.usable || performance.now(); }));
  };
  new MutationObserver(told).observe(document, { attributes: true, childList: true, subtree: true });
}"""

SUITE = """
import json, pathlib, pytest, pytest_html

EXCHANGES = json.loads(pathlib.Path(__file__).with_name("exchanges.json").read_text("utf-8"))

@pytest.mark.parametrize("number", range(len(EXCHANGES)))
def test_exchange(number, extras):
    request, answer = EXCHANGES[number]
    extras.append(pytest_html.extras.text(request, name="request"))
    extras.append(pytest_html.extras.text(answer, name="answer"))
"""


def measure() -> Iterator[Figure]:
    """Size, memory and times of the page, the peer on the same exchanges."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        directory = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        started = time.process_time()
        path = write(_samples().large(10_000), directory / "ours")
        wrote = time.process_time() - started
        usable = _usable(browser, path, "html[data-ready]")
        size, what = path.stat().st_size, "report of 10,000 exchanges"
        yield _within(what, size / 1e6, BYTES / 1e6, "MB")
        yield _within(f"{what}, usable after", usable, USABLE_MS, "ms")
        yield _within(f"{what}, made and written in", wrote, WRITTEN_S, "s of processor time")
        run = _samples().large(5_000)
        mine, theirs = write(run, directory / "small"), _pytest_html(run, directory / "theirs")
        smaller = theirs.stat().st_size / mine.stat().st_size
        yield at_least(
            "5,000 exchanges: how many times smaller",
            f"{mine.stat().st_size / 1e6:.1f} MB",
            f"pytest-html {theirs.stat().st_size / 1e6:.1f} MB",
            smaller,
            SMALLER,
        )
        ours_ms, theirs_ms = (
            _usable(browser, mine, "html[data-ready]"),
            _usable(browser, theirs, ".results-table-row"),
        )
        sooner = theirs_ms / ours_ms
        what = "5,000 exchanges: how many times sooner usable"
        yield at_least(what, f"{ours_ms:,.0f} ms", f"pytest-html {theirs_ms:,.0f} ms", sooner, SOONER)
        told = _large(directory / "large")
        main = directory / "large" / "report.html"
        usable = _usable(browser, main, "html[data-ready]")
        what = f"report of 100,000 exchanges in a page and {told['parts']} parts"
        yield _within(f"{what}: memory, the run included", told["peak_mb"], MEMORY_MB, "MB")
        yield _within(f"{what}: usable after", usable, USABLE_MS, "ms")
        browser.close()


def _within(what: str, value: float, goal: float, unit: str) -> Figure:
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    return Figure(what, f"{shown} {unit}", goal=f"at most {goal:,g} {unit}", met=value <= goal)


def _usable(browser: Any, path: Path, selector: str) -> float:
    """Milliseconds from the start of the navigation until what the selector names was drawn; the best of ROUNDS."""
    times = []
    for _ in range(ROUNDS):
        page = browser.new_page()
        page.add_init_script(f"({SEEN})({json.dumps(selector)})")
        page.goto(path.as_uri(), wait_until="commit", timeout=120_000)
        page.wait_for_selector(selector, state="attached", timeout=120_000)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        times.append(float(page.evaluate("() => window.usable || performance.now()")))
        page.close()
    return min(times)


def _pytest_html(run: Run, directory: Path) -> Path:
    directory.mkdir()
    exchanges = [
        [f"{x.method} {x.request.url}\n{x.request.headers}\n{x.request.body!r}", f"{x.status}\n{x.body.decode()}"]
        for result in run.results
        for x in result.transcript.exchanges
    ]
    (directory / "exchanges.json").write_text(json.dumps(exchanges), "utf-8")
    (directory / "test_suite.py").write_text(SUITE, "utf-8")
    (directory / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:scimulator"]
    page = directory / "report.html"
    command += [f"--html={page}", "--self-contained-html", "test_suite.py"]
    subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)
    return page


def _large(directory: Path) -> dict[str, int]:
    """Write the report of 100,000 exchanges in a process of its own; its peak memory and its number of parts."""
    command = [sys.executable, "-m", "benchmarks.report_page", str(directory)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _samples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("report_samples", SAMPLES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write(_samples().large(100_000), target)
    print(json.dumps({"peak_mb": int(peak_mb()), "parts": len(list((target / "report-parts").glob("*.html")))}))
