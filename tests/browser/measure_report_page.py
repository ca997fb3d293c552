"""Measures the HTML report of 10,000 exchanges: writing, size, time until usable, time to open a packed scenario.

Not a test: run it as a script. Prints one line of JSON per round; the budgets are 5 MB and 1,000 ms until usable.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from reports.html import write

READY = """new MutationObserver((_, observer) => {
  if (!document.documentElement || !document.documentElement.dataset.ready) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.usable = performance.now(); }));
}).observe(document, { attributes: true, subtree: true });"""
OPEN = """async () => {
  const started = performance.now();
  const all = document.querySelectorAll("details.scenario");
  const one = all[all.length >> 1];
  one.open = true;
  while (!one.querySelector("[data-state=filled]")) await new Promise((done) => setTimeout(done, 1));
  return performance.now() - started;
}"""


def main(exchanges: int = 10_000, rounds: int = 5) -> None:
    samples_path = Path(__file__).parent.parent / "reports" / "samples.py"
    spec = importlib.util.spec_from_file_location("report_samples", samples_path)
    assert spec is not None
    assert spec.loader is not None
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)
    run = samples.large(exchanges)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        started = time.perf_counter()
        path = write(run, Path(directory))
        wrote = time.perf_counter() - started
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(rounds):
            page = browser.new_page()
            page.add_init_script(READY)
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-ready]")
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            told = {
                "exchanges": exchanges,
                "write_s": round(wrote, 2),
                "bytes": path.stat().st_size,
                "usable_ms": round(page.evaluate("window.usable")),
                "open_ms": round(page.evaluate(OPEN)),
                "nodes": page.evaluate("document.querySelectorAll('*').length"),
            }
            sys.stdout.write(json.dumps(told) + "\n")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
