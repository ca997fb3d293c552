"""One exchange as the page shows it: request, answer, timing, the command that repeats it, its findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.scenario import ScenarioKey
from harness.model.step import Place
from harness.model.verdict import Verdict
from reports import words
from reports.html import raw
from reports.html.bodies import Bodies, Body
from reports.html.rows import answer
from reports.html.svg import where
from reports.snippets.curl import curl
from reports.snippets.http import http
from reports.snippets.python import python
from reports.text import clipped, shortened

HEADER_LIMIT = 2048


@dataclass(frozen=True)
class Mark:
    """A finding that an exchange shows, and the anchor of its place among the findings."""

    verdict: Verdict
    finding: Finding
    anchor: str


@dataclass(frozen=True)
class ExchangeView:
    """What the template asks for. Bodies are made when they are first looked at."""

    exchange: Exchange
    key: ScenarioKey
    number: int
    anchor: str
    marks: tuple[Mark, ...]
    bodies: Bodies

    @property
    def role(self) -> str:
        return words.role(self.exchange.role, self.key)

    @property
    def line(self) -> str:
        """Method and path for the heading."""
        return shortened(f"{self.exchange.method} {where(self.exchange)}", 160)

    @property
    def title(self) -> str:
        return shortened(self.exchange.title, 200)

    @property
    def answer(self) -> str:
        reason = self.exchange.response.reason if self.exchange.response else ""
        return f"{answer(self.exchange)} {shortened(reason, 40)}".strip()

    @property
    def tone(self) -> str:
        """For colour beside the text: the class of the answer."""
        if self.exchange.trouble is not None:
            return "unknown"
        return "pass" if self.exchange.status < 400 else "warn" if self.exchange.status < 500 else "fail"

    @property
    def hook(self) -> bool:
        return self.exchange.place is Place.HOOK

    @cached_property
    def url(self) -> str:
        return clipped(self.exchange.request.url, HEADER_LIMIT)

    @cached_property
    def sent_headers(self) -> list[tuple[str, str, bool]]:
        return _headers(self.exchange.request.headers, ())

    @cached_property
    def headers(self) -> list[tuple[str, str, bool]]:
        response = self.exchange.response
        return _headers(response.headers, (m.finding.at for m in self.marks)) if response else []

    @cached_property
    def sent(self) -> Body:
        return self.bodies.show(self.exchange.request.body, important=bool(self.marks))

    @cached_property
    def received(self) -> Body:
        pointers = dict.fromkeys(mark.finding.at for mark in self.marks)
        return self.bodies.show(self.exchange.body, pointers, important=bool(self.marks))

    @cached_property
    def snippets(self) -> tuple[tuple[str, str], ...]:
        """What can be copied: a name for each form of the exchange, and its text."""
        request, response = self.exchange.request, self.exchange.response
        texts = (
            ("curl", curl(request)),
            ("Python", python(request)),
            (".http", http(request, self.exchange.title)),
            ("raw request", raw.sent(request)),
        )
        return (*texts, ("raw answer", raw.received(response))) if response else texts


def _headers(headers: Iterable[tuple[str, str]], at: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Name, value, and whether a finding points at this header."""
    marked = {name.lower() for name in at}
    return [(clipped(n, 200), clipped(v, HEADER_LIMIT), n.lower() in marked) for n, v in headers]
