"""Foretelling: what ``scimulator plan --leave`` prints about people who are going to leave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from harness import checking
from harness.leaving import Sent, Way, leaving, setups_of, speaker
from harness.model.outlook import RemovalState
from harness.settings import SettingsError

_BOTH = ("okta", "entra")
_TITLES = {"okta": "Okta", "entra": "Microsoft Entra ID"}


def foretell(options: Mapping[str, Any], *, as_json: bool) -> None:
    """Print what each IdP sends when these people leave, way by way. Raises click.UsageError."""
    names = [name for given in options["leave"] for name in given.split(",")]
    try:
        given = checking.read(options)
        for complaint in given.complaints:
            raise SettingsError(f"--export {complaint.provenance.file}: {complaint.message}")
        setups = setups_of(options.get("exports") or (), given.export, given.okta)
        rows: list[dict[str, Any]] = []
        for idp, variant in (speaker(name, given.export, given.okta) for name in options.get("idps") or _BOTH):
            ways = leaving(names, idp, variant, setups, str(options.get("profile") or "marketbeam"))
            if as_json:
                rows += [row for way in ways for row in to_json(idp, variant, way)]
            else:
                _tell(idp, variant, ways, names)
    except (SettingsError, OSError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))


def to_json(idp: str, variant: str, way: Way) -> list[dict[str, Any]]:
    """One row for each request, in the order in which they are sent; one without a request where nothing is."""
    about = {"idp": idp, "variant": variant, "way": way.id, "title": way.title, "when": way.when}
    believed = {removal.part: removal for removal in way.removals}
    rows = [
        about
        | {
            "person": one.person,
            "step": one.title,
            "method": one.method,
            "path": one.path,
            "headers": "\n".join(f"{name}: {value}" for name, value in one.headers),
            "body": one.body,
            "removal": believed[one.person].state.value if one.person in believed else "",
        }
        for one in way.sent
    ]
    return rows or [about | {"person": "", "step": "", "method": "", "path": "", "headers": "", "body": ""}]


def _tell(idp: str, variant: str, ways: Iterable[Way], names: Iterable[str]) -> None:
    people = [name.strip() for name in names if name.strip()]
    for number, way in enumerate(ways):
        if not number:
            click.secho(f"{_TITLES.get(idp, idp)} ({variant}), when they leave", bold=True)
            click.echo("{id} is the id that the service itself gave the person. Headers are shown by --json.\n")
        click.secho(f"{way.title.capitalize()}: {way.when}", bold=True)
        for person in dict.fromkeys(people):
            sent = way.about(person)
            click.echo(f"  {person}")
            for one in sent:
                _request(one)
            if not sent:
                click.secho("    nothing is sent", fg="yellow")
            for text, bad in _seen(way, person):
                click.secho(f"    {text}", fg="red" if bad else None)
        click.echo()


def _request(one: Sent) -> None:
    click.echo(f"    {one.title}")
    click.echo(f"      {one.method} {one.path}")
    if one.body:
        click.echo(f"      {one.body}")


def _seen(way: Way, person: str) -> Iterable[tuple[str, bool]]:
    """What the administrator sees, and whether access stays by what the IdP believes."""
    for notice in way.notices:
        if person in notice.text:
            yield f"you will see, {notice.where}: {notice.status}, {notice.text}", notice.troubled
    removal = next((r for r in way.removals if r.part == person), None)
    if removal is None and not way.about(person):
        yield "the service is not told: whoever is signed in stays signed in there", True
    elif removal is not None and removal.state is RemovalState.NEVER_TRIED:
        yield f"access stays, and nobody is shown an error: {removal.why}", True
    elif removal is not None and removal.state is not RemovalState.DONE:
        yield f"access stays for now: {removal.why}", True
