"""What all tests share: nothing may be skipped in CI, and generated documents can be written again."""

from __future__ import annotations

import os
import shutil

import pytest

TOOLS = {"browser": ("chromium",), "node": ("node", "npm")}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="also run what takes minutes and CI always runs")
    parser.addoption("--update-documents", action="store_true", help="write generated documents anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this machine has no tool for, and what takes minutes; in CI everything stays and fails."""
    hasty = not (os.environ.get("CI") or config.getoption("--thorough"))
    for item in items:
        if hasty and item.get_closest_marker("thorough"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: runs in CI, or with --thorough"))
        for marker, tools in TOOLS.items():
            missing = [tool for tool in tools if shutil.which(tool) is None]
            if item.get_closest_marker(marker) and missing and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=f"{', '.join(missing)} is not installed on this machine"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped in CI: {report.longrepr}"
    return report
