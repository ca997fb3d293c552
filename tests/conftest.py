"""What all tests share: nothing may be skipped in CI, and generated documents can be written again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import settings

from benchmarks.postgresql import PostgreSQL, binaries, postgresql

# A clock is no judge of a test: on a slow machine an example may take its time. In CI the rest of Hypothesis' own
# profile for it stays.
settings.register_profile("untimed", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("untimed")


def _postgresql() -> str | None:
    try:
        return str(binaries() / "postgres")
    except FileNotFoundError:
        return None


TOOLS: dict[str, tuple[str, ...]] = {"browser": ("chromium",), "node": ("node", "npm"), "postgres": ("postgres",)}
FOUND: dict[str, Callable[[], str | None]] = {"postgres": _postgresql}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="also run what takes minutes and CI always runs")
    parser.addoption("--update-documents", action="store_true", help="write generated documents anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this machine has no tool for, and what takes minutes; in CI everything stays and fails."""
    if os.environ.get("CI"):
        return
    missing = {marker: [t for t in tools if _found(t) is None] for marker, tools in TOOLS.items()}
    for item in items:
        if item.get_closest_marker("thorough") and not config.getoption("--thorough"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: runs in CI, or with --thorough"))
        for marker, tools in missing.items():
            if tools and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{', '.join(tools)} is not installed on this machine"))


def _found(tool: str) -> str | None:
    return FOUND[tool]() if tool in FOUND else shutil.which(tool)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL server that the tests of this process share; mark its tests with ``postgres``."""
    # Not in a directory of pytest's, which every session of pytest on the machine closes to other users again.
    with postgresql() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgreSQL) -> str:
    """The URL of an empty database of its own."""
    return postgres.create(f"scim_{next(_NUMBERS)}")


_NUMBERS = count(1)
