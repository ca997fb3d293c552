"""``make audit``: are there known holes in what is installed? ``python -m tests.audit`` says so, with pip-audit.

pip-audit calls a package fine that its service knows nothing about. So the service is asked about one package first,
one that cannot tell is no audit, and the last line always says how many packages were really looked up. Exit code 1 for
a known hole; without any service 0, or 1 with ``--required``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")
ASKED_FIRST = "jinja2"
PATIENCE_S = 600

Answer = list[dict[str, Any]]
Ask = Callable[[str, list[str]], Answer | None]


@dataclass(frozen=True)
class Audit:
    """``holes`` are sentences; ``looked_up`` of ``installed`` packages were known to ``service``, "" for none."""

    service: str
    installed: int
    looked_up: int
    holes: tuple[str, ...]

    @property
    def said(self) -> str:
        if not self.service:
            services = ", ".join(SERVICES)
            return (
                f"NOT AUDITED: no vulnerability service can be reached from here ({services}), so none of the "
                f"{self.installed} installed packages was looked up. Run make audit where there is a network."
            )
        missing = self.installed - self.looked_up
        left_out = f"; {missing} are not known there" if missing else ""
        counted = (
            f"Audited with {self.service}: {self.looked_up} of {self.installed} installed packages looked up"
            f"{left_out}, {len(self.holes)} known holes."
        )
        return "\n".join([*self.holes, counted])


def audit(ask: Ask, packages: list[str]) -> Audit:
    """Look up "name==version" texts at the first service that can tell anything."""
    for service in SERVICES:
        first = ask(service, [f"{ASKED_FIRST}=={version(ASKED_FIRST)}"])
        if not first or "skip_reason" in first[0]:
            continue
        answered = ask(service, packages)
        if answered is None:
            continue
        known = [entry for entry in answered if "skip_reason" not in entry]
        holes = tuple(
            f"{entry['name']} {entry['version']}: {hole['id']}, mended in "
            f"{', '.join(hole['fix_versions']) or 'no version yet'}"
            for entry in known
            for hole in entry["vulns"]
        )
        return Audit(service, len(packages), len(known), holes)
    return Audit("", len(packages), 0, ())


def installed() -> list[str]:
    """Every installed distribution but ourselves, as pip writes it."""
    found = {d.name.lower(): d.version for d in distributions()}
    return [f"{name}=={number}" for name, number in sorted(found.items()) if name != "scimulator"]


def pip_audit(service: str, packages: list[str]) -> Answer | None:
    """What pip-audit found; None when it could not ask."""
    with tempfile.TemporaryDirectory() as place:
        wanted = Path(place) / "installed.txt"
        wanted.write_text("\n".join(packages) + "\n")
        command = [
            sys.executable, "-m", "pip_audit", "-s", service, "-r", str(wanted), "--no-deps", "--disable-pip",
            "-f", "json", "--progress-spinner", "off", "--timeout", "15",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit")
    parser.add_argument("--required", action="store_true", help="fail where no service can be reached")
    given = parser.parse_args()
    found = audit(pip_audit, installed())
    print(found.said)  # noqa: T201
    return 1 if found.holes or (given.required and not found.service) else 0


if __name__ == "__main__":
    sys.exit(main())
