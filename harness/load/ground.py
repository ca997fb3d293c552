"""The ground of a storm: a target with its tenants, their keys, and how their people are called.

It is the line that ``scimulator serve --seed-tenants N --seed-people M --json`` prints, or a file in the same form that
an operator writes for a target of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.load.crowd import BYSTANDER, LEAVER
from harness.load.processes import die_with_parent

STARTS = 120.0
"""Seconds that the reference server may take to start, people included."""


class GroundError(Exception):
    """There is no such target, or it is described in a way that cannot be used."""


@dataclass(frozen=True)
class Tenants:
    """``keys`` by number of the tenant, from 0 on; ``people`` and ``bystanders`` are in each of them."""

    base_url: str
    keys: Mapping[int, str] = field(repr=False)
    people: int
    bystanders: int = 0
    leaver: str = LEAVER
    bystander: str = BYSTANDER


def read_ground(source: str) -> Tenants:
    """Read a file, or standard input for "-". Raises GroundError, naming the member."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
        value = json.loads(text)
    except (OSError, ValueError) as error:
        raise GroundError(
            f"--ground {source}: expected the JSON that serve --seed-tenants --json prints: {error}"
        ) from error
    return from_json(value, f"--ground {source}")


def from_json(value: Any, where: str) -> Tenants:
    """Raises GroundError."""
    if not isinstance(value, dict):
        raise GroundError(f"{where}: expected a JSON object with base_url, people and tenants")
    base_url, people, tenants = value.get("base_url"), value.get("people"), value.get("tenants")
    if not isinstance(base_url, str):
        raise GroundError(f"{where}: base_url is missing: expected the SCIM base URL")
    if not isinstance(people, int) or people < 1:
        raise GroundError(f"{where}: people {people!r}: expected how many there are to let go in each tenant")
    if not isinstance(tenants, list) or not tenants:
        raise GroundError(f"{where}: tenants is missing: expected a list of objects with api_key or api_key_env")
    keys = {number: _key(entry, f"{where}: tenants[{number}]") for number, entry in enumerate(tenants)}
    leaver, bystander = str(value.get("leaver", LEAVER)), str(value.get("bystander", BYSTANDER))
    for pattern, name in ((leaver, "leaver"), (bystander, "bystander")):
        if "{number}" not in pattern or "{tenant}" not in pattern:
            raise GroundError(f"{where}: {name} {pattern!r}: expected a user name with {{tenant}} and {{number}} in it")
    bystanders = value.get("bystanders", 0)
    if not isinstance(bystanders, int) or bystanders < 0:
        raise GroundError(f"{where}: bystanders {bystanders!r}: expected a number of people who stay")
    return Tenants(base_url.rstrip("/"), keys, people, bystanders, leaver, bystander)


def _key(entry: Any, where: str) -> str:
    if isinstance(entry, dict):
        if isinstance(key := entry.get("api_key"), str) and key.strip():
            return key.strip()
        if isinstance(name := entry.get("api_key_env"), str):
            if key := os.environ.get(name, "").strip():
                return key
            raise GroundError(f"{where}: the environment variable {name} is empty: expected the API key in it")
    raise GroundError(f"{where}: expected api_key, or api_key_env with the name of an environment variable")


class Server:
    """The reference server in a process of its own, filled for the storm. ``close`` stops it."""

    def __init__(
        self, tenants: int, people: int, bystanders: int, options: list[str], log: Path, store: str = ""
    ) -> None:
        """Raises GroundError with what it said when it does not start. ``store`` may hold a password."""
        command = [sys.executable, "-m", "harness.cli", "serve", "--port", "0", "--json"]
        command += ["--seed-tenants", str(tenants), "--seed-people", str(people), "--seed-bystanders", str(bystanders)]
        self._log = log.open("wb")
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, *options],
            stdout=subprocess.PIPE,
            stderr=self._log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **({"SCIMULATOR_STORE": store} if store else {})},
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        try:
            self.tenants = from_json(json.loads(line), "the reference server")
        except ValueError as error:
            self.close()
            told = log.read_text("utf-8", "replace").strip().splitlines()
            raise GroundError(
                f"the reference server did not start: {told[-1] if told else 'it said nothing'}"
            ) from error

    def close(self) -> None:
        """Stop it and wait for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()
