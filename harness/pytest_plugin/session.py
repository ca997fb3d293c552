"""What one pytest session knows of our run: its settings, its stage, its directory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.model.run import Run
    from harness.model.scenario import Scenario
    from harness.settings import Settings
    from harness.stage import Stage
    from harness.veil import Veil

SINGLE = (
    "target",
    "token_env",
    "second_token_env",
    "profile",
    "suite",
    "source",
    "preset",
    "ca_bundle",
    "out",
    "audience",
    "fail_on",
    "shard",
    "redact",
    "known",
)
REPEATED = {
    "idp": "idps",
    "story": "stories",
    "scenario": "scenarios",
    "account": "accounts",
    "allow": "allow",
    "defect": "defects",
    "report": "reports",
}
STAGE: pytest.StashKey[Stage] = pytest.StashKey()
RUN: pytest.StashKey[Run] = pytest.StashKey()
OUT: pytest.StashKey[Path] = pytest.StashKey()
VEIL: pytest.StashKey[bytes] = pytest.StashKey()


def settings_of(config: pytest.Config) -> Settings:
    """The settings of a session: a file's, with the command line over them. Raises pytest.UsageError."""
    from harness.settings import Settings, SettingsError, from_file, merge

    try:
        named = config.getoption("scim_config") or named_file(config)
        base = from_file(Path(named)) if named else Settings()
        given: dict[str, Any] = {name: config.getoption(f"scim_{name}") for name in SINGLE}
        given["seed"] = _number(config.getoption("scim_seed"), int, "--scim-seed")
        given["retries"] = _number(config.getoption("scim_retries"), int, "--scim-retries")
        given["shuffle"] = _number(config.getoption("scim_shuffle"), int, "--scim-shuffle")
        given["timeout"] = _number(config.getoption("scim_timeout"), float, "--scim-timeout")
        given["wait"] = _number(config.getoption("scim_wait"), float, "--scim-wait")
        for flag in ("quick", "strict_known", "update_known"):
            given[flag] = config.getoption(f"scim_{flag}") or None
        for option, name in REPEATED.items():
            given[name] = tuple(config.getoption(f"scim_{option}"))
        given["scenarios"] += named_scenarios(config)
        given["hooks"] = dict(_hook(h) for h in config.getoption("scim_hook"))
        return merge(base, given).checked()
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error


def named_file(config: pytest.Config) -> str:
    """The scim.toml among the arguments of the session, or ""."""
    for argument in config.args:
        path = str(argument).partition("::")[0]
        if Path(path).name == "scim.toml":
            return str(config.invocation_params.dir / path)
    return ""


def named_scenarios(config: pytest.Config) -> tuple[str, ...]:
    """The files of saved scenarios among the arguments of the session."""
    paths = (str(argument).partition("::")[0] for argument in config.args)
    return tuple(str(config.invocation_params.dir / path) for path in paths if path.endswith(".scenario.toml"))


def configuration(config: pytest.Config) -> str:
    """The configuration file of the session as seen from where it was started; "" for none, or one elsewhere."""
    named = config.getoption("scim_config") or named_file(config)
    start = config.invocation_params.dir.resolve()
    path = (start / named).resolve() if named else start
    return path.relative_to(start).as_posix() if named and path.is_relative_to(start) else ""


def _number(text: str, kind: type, option: str) -> Any:
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        raise pytest.UsageError(f"{option} {text!r}: expected a number") from None


def _hook(text: str) -> tuple[str, str]:
    name, separator, url = text.partition("=")
    if not separator or name not in ("sign_in", "access") or not url.startswith(("http://", "https://", "command:")):
        raise pytest.UsageError(f"--scim-hook {text!r}: expected sign_in= or access=, and a URL or command:PROGRAM")
    return name, url


def run_directory(config: pytest.Config, settings: Settings) -> Path:
    """The run directory of this session, the same in all workers."""
    if OUT not in config.stash:
        given = getattr(config, "workerinput", {}).get("scimulator_out")
        if given:
            config.stash[OUT] = Path(given)
        elif settings.out:
            config.stash[OUT] = _empty(Path(settings.out))
        else:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            config.stash[OUT] = config.invocation_params.dir / "runs" / f"{stamp}-{Path(settings.profile).stem}"
    return config.stash[OUT]


def veil_of(config: pytest.Config, settings: Settings) -> Veil | None:
    """What hides people in the record, with one key for all workers; None when nobody is to be hidden."""
    from harness.veil import Veil

    if not settings.redact:
        return None
    if VEIL not in config.stash:
        given = getattr(config, "workerinput", {}).get("scimulator_veil")
        config.stash[VEIL] = bytes.fromhex(given) if given else os.urandom(32)
    veil = Veil(config.stash[VEIL])
    veil.learn_all(settings.accounts)
    return veil


def _empty(directory: Path) -> Path:
    """A run directory that holds another run is refused: its record must not be mixed with this one."""
    if any(directory.glob("events*.jsonl")):
        raise pytest.UsageError(f"{directory} already holds a run: choose another --out, or remove it")
    return directory


def worker_of(config: pytest.Config) -> str:
    """The name of the xdist worker that this process is, or ""."""
    return str(getattr(config, "workerinput", {}).get("workerid", ""))


def begin(config: pytest.Config, scenarios: Iterable[Scenario]) -> None:
    """Write down the plan and look at the target; ends the session when it cannot be asked."""
    from harness.ground import Unreachable
    from harness.settings import SettingsError

    try:
        config.stash[STAGE].begin(tuple(dict.fromkeys(scenarios)))
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error
    except Unreachable as error:
        pytest.exit(f"{error}; {error.hint}", returncode=4)


def is_ours(config: pytest.Config) -> bool:
    return bool(
        named_file(config)
        or named_scenarios(config)
        or config.getoption("scim")
        or config.getoption("scim_target")
        or config.getoption("scim_config")
    )
