"""Running: what the command run does; pytest is the one runner, called in this process."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from harness import continuous, gate
from harness.announcing import announce, command_line, tell_left, usage
from harness.garbage import SELDOM
from harness.gate import ExitCode
from harness.observer import Observer
from harness.progress import Lines, Progress, Stream, Terminal
from harness.record import RecordError
from harness.settings import TOKEN_ENV, Settings, SettingsError

_REPEATED = {
    "idps": "idp",
    "stories": "story",
    "scenarios": "scenario",
    "accounts": "account",
    "allow": "allow",
    "hooks": "hook",
    "defects": "defect",
}
_SINGLE = (
    "target",
    "profile",
    "suite",
    "source",
    "token_env",
    "second_token_env",
    "ca_bundle",
    "timeout",
    "preset",
    "seed",
    "config",
    "out",
    "audience",
    "fail_on",
    "shard",
    "known",
    "shuffle",
    "retries",
    "wait",
    "redact",
)
_FLAGS = ("quick", "strict_known", "update_known")
_UNNEEDED = (
    "terminal",
    "faulthandler",
    "warnings",
    "logging",
    "unittest",
    "doctest",
    "pastebin",
    "unraisableexception",
    "threadexception",
    "setuponly",
    "setupplan",
    "stepwise",
    "subtests",
)
_PYTEST_CODES = {
    1: ExitCode.INCOMPLETE,
    2: ExitCode.INTERRUPTED,
    3: ExitCode.CRASH,
    4: ExitCode.USAGE,
    5: ExitCode.NOTHING_SELECTED,
}


def run(given: Mapping[str, Any], *, as_json: bool, as_lines: bool, quiet: bool, verbose: bool) -> int:
    """Run pytest in this process with our plugin alone, print the verdict, and return the exit code."""
    gc.set_threshold(*SELDOM)
    try:
        arguments = _arguments(given)
    except SettingsError as error:
        return usage(str(error))
    observer = Observer(_progress(as_lines=as_lines, quiet=quiet, verbose=verbose))
    if not any(given.get(name) for name in ("target", "config", "workers")):
        _load_server()
    try:
        code = _pytest([*arguments, f"--scim-command={command_line()}"], given.get("workers"), observer)
    except RecordError as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.CRASH
    if observer.run is None or observer.directory is None:
        return int(_PYTEST_CODES.get(code, ExitCode.CRASH))
    continuous.tell(observer.run, os.environ, sys.stderr)
    if as_lines:
        tell_left(observer.directory)
    else:
        announce(observer.run, observer.directory, as_json=as_json, quiet=quiet, verbose=verbose)
    if code == pytest.ExitCode.INTERRUPTED:
        return ExitCode.INTERRUPTED
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return ExitCode.NOTHING_SELECTED
    settings = observer.settings or Settings()
    if settings.update_known and not as_json and not as_lines:
        click.echo(f"Known failures: {settings.known}; say there why each is accepted, and who mends it")
    return int(gate.exit_code_of(observer.run, fail_on=settings.fail_on, strict_known=settings.strict_known))


def _load_server() -> None:
    """Load the embedded server before pytest is.

    pydantic finds the docstrings of its fields by going through all frames and, for each, all loaded modules: with few
    of both it takes half the time. Half of what is left goes by asking the name of the module instead.
    """
    thorough = inspect.getmodule

    def by_name(thing: Any, _filename: str | None = None) -> ModuleType | None:
        given = getattr(thing, "f_globals", {}).get("__name__") or getattr(thing, "__module__", None)
        return sys.modules.get(str(given)) or thorough(thing, _filename)

    inspect.getmodule = by_name  # type: ignore[assignment]
    try:
        importlib.import_module("reference_server.app")
    finally:
        inspect.getmodule = thorough


def _progress(*, as_lines: bool, quiet: bool, verbose: bool) -> Progress:
    """How a run is watched: by a script, by nobody, by somebody at a terminal, or in a log."""
    if as_lines:
        return Stream(sys.stdout)
    if quiet:
        return Progress()
    if sys.stderr.isatty() and not verbose and "CI" not in os.environ and os.environ.get("TERM") != "dumb":
        return Terminal()
    return Lines(sys.stderr, each=verbose)


def _pytest(arguments: list[str], workers: object, observer: Observer) -> int:
    plugins = ["-p", "harness.pytest_plugin"]
    if workers:
        plugins += ["-p", "xdist.plugin", "-n", str(workers)]
    # No plug-in, configuration or conftest of the place where we stand may change a verdict.
    isolated = ["--disable-plugin-autoload", "-c", os.devnull, "--noconftest", "-p", "no:cacheprovider"]
    # Parts of pytest that look after test functions, which we have none of, cost more than our checks.
    parts = [f"no:{name}" for name in _UNNEEDED]
    silent = [argument for part in parts for argument in ("-p", part)]
    with tempfile.TemporaryDirectory() as nothing:
        # An empty folder is what pytest walks through: the items come from the plug-in alone.
        return int(pytest.main([*isolated, *plugins, *silent, "--rootdir", nothing, nothing, *arguments], [observer]))


def _arguments(given: Mapping[str, Any]) -> list[str]:
    _provide_token(given)
    # Nobody sees pytest's own items here: the verdict and the reports are made from the record.
    arguments = ["--scim", "--scim-by-scenario"]
    for name in _SINGLE:
        if given.get(name):
            arguments.append(f"--scim-{name.replace('_', '-')}={given[name]}")
    for name, option in _REPEATED.items():
        arguments += [f"--scim-{option}={value}" for value in given.get(name) or ()]
    arguments += [
        f"--scim-report={name.strip()}" for name in str(given.get("reports") or "").split(",") if name.strip()
    ]
    arguments += [f"--scim-{flag.replace('_', '-')}" for flag in _FLAGS if given.get(flag)]
    return arguments


def _provide_token(given: Mapping[str, Any]) -> None:
    """Put a key from a file or standard input where all workers find it. Raises SettingsError."""
    source = given.get("token_file")
    if not source:
        return
    try:
        text = sys.stdin.read() if source == "-" else Path(str(source)).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--token-file {source}: cannot be read: {error}") from error
    if not text.strip():
        raise SettingsError(f"--token-file {source}: holds no key")
    os.environ[str(given.get("token_env") or TOKEN_ENV)] = text.strip()
