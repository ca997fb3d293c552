"""Dry run: what a run would play and how much it would send, found out without asking any target."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from harness.catalogue.loader import CatalogueError
from harness.gate import ExitCode
from harness.ground import Ground
from harness.model.exchange import Exchange, Role
from harness.model.scenario import Scenario
from harness.model.step import Effect
from harness.plan import PlanError, Selection, plan, set_up, vendors
from harness.probes import all_probes
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.saved import with_saved
from harness.settings import Settings, SettingsError, from_file, merge
from harness.sharding import shard
from harness.suites import suite_probes

_TAKEN = ("target", "profile", "idps", "stories", "scenarios", "suite", "quick", "allow", "preset", "shard")


@dataclass
class Amount:
    """What one scenario sends; ``writes`` and ``deletes`` are among the ``requests``."""

    scenario: Scenario
    requests: int = 0
    writes: int = 0
    deletes: int = 0

    def count(self, exchange: Exchange) -> None:
        self.requests += 1
        # Setting up the embedded server says nothing about how people come into being elsewhere.
        if exchange.role is not Role.SETUP:
            self.writes += exchange.effect is Effect.WRITE
            self.deletes += exchange.effect is Effect.DELETE


def dry_run(given: Mapping[str, Any], *, as_json: bool, quiet: bool = False) -> int:
    """Print what would be played, and return the exit code. ``given`` holds the options of ``scimulator run``."""
    try:
        settings = _settings(given)
        profile = load_profile(settings.profile)
        selection = Selection(settings.idps, settings.stories, settings.suite, settings.quick)
        idps, selection = with_saved(settings.scenarios, set_up(vendors(), settings.setups), selection)
        part = shard(settings.shard, plan(profile, selection, idps, {**all_probes(), **suite_probes()}))
    except (CatalogueError, PlanError, ProfileError, SettingsError) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    # What is sent depends on what is answered, so it is played against the embedded server, in this process.
    embedded = replace(settings, target="", accounts=(), source="", defects=())
    amounts = []
    with tempfile.TemporaryDirectory() as place:
        recorder = Recorder(Path(place))
        with Ground(embedded, profile, Path(place), settings.seed) as ground:
            for scenario in part.share():
                amount = Amount(scenario)
                ground.player(recorder, amount.count, scenario.id).play(scenario)
                amounts.append(amount)
        recorder.close()
    click.echo(_json(settings, amounts) if as_json else _text(settings, amounts, quiet=quiet))
    return ExitCode.CONFORMANT if amounts else ExitCode.NOTHING_SELECTED


def _settings(given: Mapping[str, Any]) -> Settings:
    base = from_file(Path(str(given["config"]))) if given.get("config") else Settings()
    seed = given.get("seed")
    if seed is not None and not str(seed).lstrip("-").isdigit():
        raise SettingsError(f"--seed {seed!r}: expected a number")
    # A flag that was not given must not overrule the file.
    taken = {name: given.get(name) or None for name in _TAKEN} | {"seed": int(seed) if seed is not None else None}
    return merge(base, taken).checked()


def _text(settings: Settings, amounts: list[Amount], *, quiet: bool) -> str:
    width = max((len(a.scenario.id) for a in amounts), default=0)
    lines = [
        f"{a.scenario.id:<{width}}  {a.requests:>4} requests, {a.writes + a.deletes:>3} of them change something  "
        f"{a.scenario.key.title}"
        for a in amounts
        if not quiet
    ]
    requests = sum(a.requests for a in amounts)
    changing = {Effect.WRITE: sum(a.writes for a in amounts), Effect.DELETE: sum(a.deletes for a in amounts)}
    where = settings.target or "the embedded reference server"
    lines.append(
        f"{len(amounts)} scenarios against {where}: about {requests} requests, {changing[Effect.WRITE]} of them writes "
        f"and {changing[Effect.DELETE]} deletions. Nothing was sent."
    )
    held = [e.value for e in changing if changing[e] and settings.target and e.value not in settings.allow]
    if held:
        lines.append(
            f"Without {' and '.join(f'--allow {e}' for e in held)} these are held back and their scenarios are not run "
            "(only a reference server of ours needs no leave)."
        )
    return "\n".join(lines)


def _json(settings: Settings, amounts: list[Amount]) -> str:
    rows = [
        {
            "id": a.scenario.id,
            "title": a.scenario.key.title,
            "requests": a.requests,
            "writes": a.writes,
            "deletes": a.deletes,
        }
        for a in amounts
    ]
    total = {name: sum(int(str(row[name])) for row in rows) for name in ("requests", "writes", "deletes")}
    return json.dumps({"target": settings.target, "profile": settings.profile, **total, "scenarios": rows}, indent=1)
