"""People to ask about: the cast of the probe, or somebody from the first page where no account was named."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any
from urllib.parse import quote, urlencode

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.step import Step
from harness.probes.requests import get

PeopleSteps = Generator[Step, Exchange, list[dict[str, Any]]]


def people(cast: Cast, tag: str, most: int = 1) -> PeopleSteps:
    """Read up to ``most`` people and return those who can be asked for, with an id and a userName that are strings.

    Each is read by id under the ``tag``. Only reads. All parts may be missing: bystanders are optional, so a probe
    that only reads also runs against a service where the operator has named no account.
    """
    known = [(member.account.id, member.part) for member in cast if member.account is not None][:most]
    if not known:
        answer = yield get("/Users", "Read some people", query=f"count={most}")
        known = [(_id(r), "") for r in answer.resources if _id(r)][:most]
    found: list[dict[str, Any]] = []
    for resource_id, subject in known:
        path = user_path(resource_id)
        answer = yield get(path, "Read a person by id", subject=subject, tag=tag, template="/Users/{id}")
        if part(answer.resource, "userName"):
            # Whoever forgets the id, or writes it as a number, is asked about all the same.
            found.append(answer.resource | {"id": part(answer.resource, "id") or resource_id})
    return found


def _id(resource: dict[str, Any]) -> str:
    value = resource.get("id")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def user_path(resource_id: str) -> str:
    return f"/Users/{quote(resource_id, safe='')}"


def encoded(**parameters: str | int) -> str:
    """A query with percent-encoded values, blanks as %20."""
    return urlencode(parameters, quote_via=quote)


def quoted(value: str) -> str:
    """A value as it stands in a filter: in quotation marks, with quotation marks and backslashes inside escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def part(resource: dict[str, Any], *names: str) -> str:
    """A text inside a resource by exact names, or ""."""
    value: Any = resource
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
