"""Preview: what an IdP would send, in its own words, without asking any target."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from harness.catalogue.loader import CatalogueError
from harness.ground import Ground
from harness.model.change import Change
from harness.model.exchange import Exchange, Role
from harness.model.profile import Profile
from harness.model.scenario import Scenario
from harness.plan import PlanError, Selection, plan, set_up, vendors
from harness.probes import all_probes
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings, SettingsError, from_file
from harness.suites import suite_probes

_SPEAKERS = (Role.IDP, Role.SECOND_IDP, Role.PROBE)


def preview(
    profile_name: str,
    selection: Selection,
    *,
    everybody: bool,
    seed: int,
    as_json: bool,
    config: str | None = None,
) -> None:
    """Print the requests of the selected scenarios, each as soon as it is known. Raises click.UsageError.

    ``config`` is a scim.toml; how the IdPs are set up is all that is taken from it.
    """
    try:
        profile = load_profile(profile_name)
        setups = from_file(Path(config)).setups if config else {}
        scenarios = plan(profile, selection, set_up(vendors(), setups), {**all_probes(), **suite_probes()})
    except (PlanError, ProfileError, CatalogueError, SettingsError) as error:
        raise click.UsageError(str(error)) from error
    screen: _Json | _Text = _Json() if as_json else _Text()
    _play(scenarios, profile, Settings(profile=profile_name, seed=seed, setups=setups), screen, everybody)
    screen.close()


def _play(
    scenarios: Iterable[Scenario], profile: Profile, settings: Settings, screen: _Json | _Text, everybody: bool
) -> None:
    """Play against the embedded server, in this process, and show what is asked while it is asked."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        recorder = Recorder(directory)
        with Ground(settings, profile, directory, settings.seed) as ground:
            for scenario in scenarios:
                screen.begin(scenario)

                def show(exchange: Exchange, scenario: Scenario = scenario) -> None:
                    if everybody or exchange.role in _SPEAKERS:
                        screen.show(scenario, exchange)

                ground.player(recorder, show, scenario.id).play(scenario)
                screen.end(scenario)
        recorder.close()


def _row(exchange: Exchange) -> dict[str, str]:
    url = urlsplit(exchange.request.url)
    return {
        "sender": exchange.role.value,
        "title": exchange.title,
        "method": exchange.method,
        "path": f"{url.path}?{url.query}" if url.query else url.path,
        "headers": "\n".join(f"{name}: {value}" for name, value in exchange.request.headers),
        "body": (exchange.request.body or b"").decode("utf-8", "replace"),
    }


def _changes(scenario: Scenario) -> tuple[Change, ...]:
    return scenario.story.changes if scenario.story is not None else ()


def _named(change: Change) -> str:
    return f"{change.kind} {change.part}".rstrip() + (" (at the second IdP)" if change.by else "")


@dataclass
class _Text:
    """For people: each change of a story with what is sent because of it, also when that is nothing."""

    _told: int = 0
    """How many changes have a line already."""
    _silent: bool = False
    """Whether nothing has been shown yet under the last such line."""

    def begin(self, scenario: Scenario) -> None:
        self._told, self._silent = 0, False
        click.secho(f"{scenario.id}: {scenario.key.title}", bold=True)

    def show(self, scenario: Scenario, exchange: Exchange) -> None:
        self._tell(scenario, exchange.moment + 1)
        self._silent = False
        row = _row(exchange)
        click.echo(f"    {row['title']}")
        for line in (f"{row['method']} {row['path']}", *row["headers"].splitlines(), row["body"]):
            if line:
                click.echo(f"      {line}")
        click.echo()

    def end(self, scenario: Scenario) -> None:
        self._tell(scenario, len(_changes(scenario)))
        self._nothing()

    def close(self) -> None:
        pass

    def _tell(self, scenario: Scenario, changes: int) -> None:
        for change in _changes(scenario)[self._told : changes]:
            self._nothing()
            click.echo(f"  {_named(change)}")
            self._silent = True
        self._told = max(self._told, changes)

    def _nothing(self) -> None:
        if self._silent:
            click.echo("    nothing is sent\n")
            self._silent = False


@dataclass
class _Json:
    """For scripts: one list of requests, written as they come."""

    _begun: bool = field(default=False)

    def begin(self, scenario: Scenario) -> None:
        pass

    def show(self, scenario: Scenario, exchange: Exchange) -> None:
        changes = _changes(scenario)
        change = _named(changes[exchange.moment]) if 0 <= exchange.moment < len(changes) else ""
        row = json.dumps({"scenario": scenario.id, "change": change, **_row(exchange)}, indent=1, ensure_ascii=False)
        click.echo(("," if self._begun else "[") + row, nl=False)
        self._begun = True

    def end(self, scenario: Scenario) -> None:
        pass

    def close(self) -> None:
        click.echo("]" if self._begun else "[]")
