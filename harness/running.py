"""Running: what the commands run, judge and report do; pytest is the one runner, called in this process."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import shlex
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from harness import bundle, continuous, gate, record, reporting
from harness.gate import ExitCode
from harness.merge import merge
from harness.model.audience import Audience
from harness.model.run import Run
from harness.model.verdict import Conclusion, Outcome
from harness.observer import Observer
from harness.progress import Lines, Progress, Stream, Terminal
from harness.record import RecordError
from harness.settings import TOKEN_ENV, Settings, SettingsError
from harness.stage import retell
from reports.text import visible
from reports.words import HARMS

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
    try:
        arguments = _arguments(given)
    except SettingsError as error:
        return _usage(str(error))
    observer = Observer(_progress(as_lines=as_lines, quiet=quiet, verbose=verbose))
    if not any(given.get(name) for name in ("target", "config", "workers")):
        _load_server()
    try:
        code = _pytest([*arguments, f"--scim-command={_command_line()}"], given.get("workers"), observer)
    except RecordError as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.CRASH
    if observer.run is None or observer.directory is None:
        return int(_PYTEST_CODES.get(code, ExitCode.CRASH))
    continuous.tell(observer.run, os.environ, sys.stderr)
    if not as_lines:
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
    # What a run makes is kept to its end: to look through all of it again and again for garbage finds next to none.
    gc.set_threshold(200_000, 20, 100)
    with tempfile.TemporaryDirectory() as nothing:
        # An empty folder is what pytest walks through: the items come from the plug-in alone.
        return int(pytest.main([*isolated, *plugins, *silent, "--rootdir", nothing, nothing, *arguments], [observer]))


def _arguments(given: Mapping[str, Any]) -> list[str]:
    _provide_token(given)
    arguments = ["--scim"]
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


def _command_line() -> str:
    return shlex.join(["scimulator", *sys.argv[1:]])


def rejudge(
    directory: Path, reports: str, *, fail_on: str, as_json: bool, out: Path | None = None, workers: int = 1
) -> int:
    """Judge a recorded run again, write run.json and findings.json, and return the exit code.

    With ``out`` they are written there, beside a copy of the record, and the run itself is left as it is.
    """
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        if out is not None and out.resolve() != directory.resolve():
            record.copy(directory, out)
            directory = out
        judged = retell(directory, workers=workers)
        bundle.write(judged, directory)
        reporting.write(judged, directory, names)
    except (RecordError, SettingsError) as error:
        return _usage(str(error))
    announce(judged, directory, as_json=as_json, quiet=False, verbose=False)
    return int(gate.exit_code_of(judged, fail_on=fail_on))


def rewrite(directory: Path, reports: str, audience: str) -> int:
    """Write reports of a recorded run and print their paths."""
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        for path in reporting.write(retell(directory), directory, names, Audience(audience)):
            click.echo(path)
    except (RecordError, SettingsError) as error:
        return _usage(str(error))
    return ExitCode.CONFORMANT


def unite(shards: Sequence[Path], reports: str, audience: str, out: Path | None, *, fail_on: str) -> int:
    """Merge the shards of one plan into ``out``, write its reports, print the verdict, and return the exit code."""
    directory = out or Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-merged"
    try:
        names = reporting.checked(n.strip() for n in reports.split(",") if n.strip())
        merged = merge(shards, directory, retell, _command_line())
        bundle.write(merged, directory)
        reporting.write(merged, directory, names, Audience(audience))
    except (RecordError, SettingsError) as error:
        return _usage(str(error))
    continuous.tell(merged, os.environ, sys.stderr)
    announce(merged, directory, as_json=False, quiet=False, verbose=False)
    return int(gate.exit_code_of(merged, fail_on=fail_on))


def _usage(message: str) -> int:
    click.echo(f"Error: {message}", err=True)
    return ExitCode.USAGE


_COLOURS = {
    Conclusion.CONFORMANT: "green",
    Conclusion.WITH_WARNINGS: "yellow",
    Conclusion.NON_CONFORMANT: "red",
    Conclusion.NOTHING_BROKEN: "green",
    Conclusion.INCOMPLETE: "magenta",
    Conclusion.UNREACHABLE: "magenta",
}


def announce(run: Run, directory: Path, *, as_json: bool, quiet: bool, verbose: bool) -> None:
    if as_json:
        click.echo((directory / "run.json").read_text("utf-8"), nl=False)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    if not quiet:
        _scenarios(run, console, verbose)
        for told in _causes(run, directory):
            console.print(Text(told))
    for doubt in run.doubts:
        console.print(Text(f"Doubtful: {doubt}"))
    console.print(
        Text.assemble(
            ("Verdict: ", ""), (run.conclusion.value, f"bold {_COLOURS[run.conclusion]}"), f". {run.sentence}"
        )
    )
    for idp, works in gate.will_work(run.results).items():
        console.print(
            Text(f"{idp}: {'what its administrators expect holds' if works else 'its administrators will see trouble'}")
        )
    for programme in run.programmes:
        console.print(Text(programme.sentence))
    report = directory / "report.html"
    console.print(Text(f"Report: {report if report.exists() else directory / 'run.json'}"))


def _scenarios(run: Run, console: Any, verbose: bool) -> None:
    counts = {o: sum(r.outcome is o for r in run.results) for o in Outcome}
    told = ", ".join(f"{n} {o.value.replace('_', ' ')}" for o, n in counts.items() if n)
    requests = sum(len(r.transcript.exchanges) for r in run.results)
    console.print(
        f"{len(run.results)} scenarios ({told}), {requests} requests, {run.counts[Outcome.PASSED]} checks passed"
    )
    for result in run.results:
        if verbose or result.outcome in (Outcome.FAILED, Outcome.NOT_RUN, Outcome.ERROR):
            from rich.text import Text

            reason = f"  ({result.reason})" if result.reason else ""
            console.print(Text(f"  {result.outcome.value:<14} {result.key.id}{reason}"))


def _causes(run: Run, directory: Path, most: int = 8) -> list[str]:
    """A few lines for each cause that asks for action, the worst for people first."""
    wanted = [c for c in run.causes if c.outcome in (Outcome.FAILED, Outcome.REVIEW, Outcome.WARNED)]
    lines = []
    for cause in wanted[:most]:
        beside = len(cause.requirements) - 1
        others = f" and {beside} more requirement{'' if beside == 1 else 's'}" if beside else ""
        seen = f"{len(cause.scenarios)} scenario{'' if len(cause.scenarios) == 1 else 's'}"
        lines += [
            f"  {cause.outcome.value:<7} {cause.id}  {cause.title}",
            f"          {HARMS[cause.harm]}: {cause.requirement}{others}, seen in {seen}",
            f"          {visible(cause.because).replace(chr(10), ' ')}",
        ]
    if len(wanted) > most:
        lines.append(f"  ... and {len(wanted) - most} more in the report")
    if wanted:
        lines.append(f"  Show one again: scimulator reproduce {shlex.quote(str(directory))} {wanted[0].id}")
    return lines
