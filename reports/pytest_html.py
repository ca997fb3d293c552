"""The bridge to pytest-html: it stays a thin index with columns of ours, and links into our own report.

pytest-html writes the cells that it is given as raw HTML, so everything is escaped here. Hooks give strings: since its
version 4 it takes no objects of the ``py`` library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableSequence
from html import escape
from typing import Any, Protocol
from urllib.parse import quote

import pytest

from reports.text import visible

MARK = "scimulator"
"""The name under which a test report carries our data in its ``user_properties``."""

COLUMNS = ("level", "clause", "profile")
EXCERPT = 2000
"""How many characters of a failure are shown: the whole stands in our own report."""

_AT = 2
"""Our columns stand behind the result and the name of the test."""


class _Title(Protocol):
    title: str


class PytestHtmlBridge:
    """Hook implementations for pytest-html; register one instance when that plugin writes a report.

    ``report`` is where report.html will stand, relative to the file that pytest-html writes.
    """

    def __init__(self, *, title: str = "scimulator", report: str = "report.html") -> None:
        self._title = title
        self._report = quote(report, safe="/.:~_-")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: _Title) -> None:
        report.title = self._title

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: MutableSequence[str]) -> None:
        """Say where the report is that explains the rows."""
        prefix.append(
            f'<p>This is an index. What was asked, what came back and what it means: <a href="{self._report}">'
            f"{escape(self._report)}</a></p>"
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: MutableSequence[str]) -> None:
        for offset, name in enumerate(COLUMNS):
            cells.insert(_AT + offset, f'<th class="sortable" data-column-type="{name}">{name.capitalize()}</th>')

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: MutableSequence[str]) -> None:
        """Add our columns and the link; an item that does not apply under the profile gets no row at all."""
        told = properties(report)
        if told and not_applicable(report, told):
            del cells[:]
            return
        for offset, name in enumerate(COLUMNS):
            cells.insert(_AT + offset, f'<td class="col-{name}">{_text(told.get(name, ""))}</td>')
        if told:
            cells[1] = f'<td class="col-testId">{_text(report.nodeid)}</td>'
            links = "".join(
                f'<a class="col-links__extra" href="{self._report}#{quote(anchor)}">{_text(anchor)}</a> '
                for anchor in _findings(told)
            )
            if links:
                cells[-1] = f'<td class="col-links">{links}</td>'

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, report: pytest.TestReport, data: MutableSequence[str]) -> None:
        """Keep a short excerpt of what failed, and nothing of what did not."""
        if not properties(report):
            return
        del data[:]
        if report.failed:
            text = report.longreprtext
            cut = f"\n… cut, {len(text):,} characters in all" if len(text) > EXCERPT else ""
            data.append(f"{_text(text[:EXCERPT])}{cut}\n")


def properties(report: Any) -> Mapping[str, Any]:
    """Our data on a test report; empty for a test that is not ours. Lists and tuples are both met (xdist)."""
    for pair in getattr(report, "user_properties", ()):
        if len(pair) == 2 and pair[0] == MARK and isinstance(pair[1], Mapping):
            return pair[1]
    return {}


def not_applicable(report: Any, told: Mapping[str, Any]) -> bool:
    """Whether the item says nothing about the service: by its ``outcome``, or skipped as not applicable."""
    if told.get("outcome") == "not_applicable":
        return True
    reason = report.longrepr[2] if isinstance(report.longrepr, (tuple, list)) and len(report.longrepr) == 3 else ""
    return bool(report.skipped) and str(reason).removeprefix("Skipped: ").startswith("not applicable")


def _findings(told: Mapping[str, Any]) -> Iterable[str]:
    found = told.get("finding") or ()
    return [found] if isinstance(found, str) else [str(one) for one in found]


def _text(value: object) -> str:
    """Escaped, and with every character spelt out that cannot be seen."""
    return escape(visible(str(value)))
