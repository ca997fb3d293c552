"""Reproducing: prints what sends the request of a finding or cause again, as curl, as .http or as a pytest file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from harness.gate import ExitCode
from harness.model.exchange import Exchange, Role
from harness.record import RecordError
from harness.reproduce.chosen import Chosen, NothingToReproduce, choose
from harness.reproduce.pytest_file import pytest_file
from harness.stage import retell
from reports.snippets.curl import curl
from reports.snippets.http import http


def reproduce(directory: Path, name: str, form: str) -> int:
    """Print it and return the exit code. ``form`` is a key of FORMS, ``name`` the id of a finding or cause."""
    try:
        chosen = choose(retell(directory), name)
    except (RecordError, NothingToReproduce) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    click.echo(FORMS[form](chosen))
    return ExitCode.CONFORMANT


def _as_curl(chosen: Chosen) -> str:
    head = [
        f"# {chosen.id}: {chosen.requirement.says} ({chosen.requirement.id})",
        f"# expected {_line(' or '.join(str(e) for e in chosen.finding.expected))}",
        f"# received {_line(chosen.finding.received)}{f' at {chosen.finding.at}' if chosen.finding.at else ''}",
        "# The key is in the variable SCIM_TOKEN.",
    ]
    return "\n\n".join(["\n".join(head), *(f"# {_title(x, chosen)}\n{curl(x.request)}" for x in chosen.exchanges)])


def _as_http(chosen: Chosen) -> str:
    return "\n\n".join(http(x.request, _title(x, chosen)) for x in chosen.exchanges)


def _title(exchange: Exchange, chosen: Chosen) -> str:
    role = "set-up: " if exchange.role is Role.SETUP else ""
    return f"{role}{_line(exchange.title)}{'  <- this answer shows it' if exchange is chosen.seen else ''}"


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:300]


FORMS: dict[str, Callable[[Chosen], str]] = {"curl": _as_curl, "pytest": pytest_file, "http": _as_http}
