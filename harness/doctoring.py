"""Doctoring: what the command doctor does; shows a Diagnosis to people or to a script, and returns the exit code."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from harness import checking
from harness.configuration import NOT_ASKED, by_state, roster
from harness.doctor import CannotWrite, LedgerError, carry_out, concluded, examine, intend, undo
from harness.doctor.verdict import unreachable_or_refused
from harness.gate import ExitCode
from harness.ledger import FOLDER
from harness.model.audience import Audience
from harness.model.diagnosis import Diagnosis, Readiness, State
from harness.model.secret import Secret
from harness.settings import Settings, SettingsError, from_file, merge
from harness.showing import plan_of, show, to_json

KEYRING = "scimulator"
"""The name under which the keyring keeps keys for this program."""

_TAKEN = ("target", "idps", "accounts", "token_env", "ca_bundle", "hooks", "audience")


def settings_of(given: Mapping[str, Any]) -> tuple[Settings, Secret | None]:
    """Settings, and the key where it comes from a file, standard input or the keyring. Raises SettingsError."""
    base = from_file(Path(str(given["config"]))) if given.get("config") else Settings()
    taken = {name: given.get(name) or None for name in _TAKEN} | {"hooks": _hooks(given)}
    if not given.get("audience"):
        # A run's report is for developers when nobody says otherwise; this command is for who runs the IdP.
        taken["audience"] = Audience.ADMIN.value
    merged = merge(base, taken)
    if not merged.target and not checking.wanted(given):
        raise SettingsError(
            "which service? give its SCIM base URL with --target URL, or in [target] of --config FILE; or give what to "
            "look at without asking a service: --export, --okta-settings, --people"
        )
    if given.get("as_it_stands"):
        merged = merge(merged, {"setups": {**merged.setups, _OIN: {**merged.setups.get(_OIN, {}), **_HEADER}}})
    if merged.audience not in tuple(Audience):
        raise SettingsError(f"--audience {merged.audience!r}: expected {', '.join(Audience)}")
    return merged, _key(given)


_OIN, _HEADER = "okta:oin", {"authorization": "header"}
"""Only catalogue apps have a field that is sent as it stands."""


def _hooks(given: Mapping[str, Any]) -> dict[str, str]:
    pairs = [str(h).partition("=") for h in given.get("hooks") or ()]
    for name, separator, address in pairs:
        if not separator or not address:
            raise SettingsError(f"--hook {name!r}: expected NAME=URL, for example access=https://app.example/access")
    return {name: address for name, _, address in pairs}


def _key(given: Mapping[str, Any]) -> Secret | None:
    if given.get("token_keyring"):
        return _from_keyring(str(given["token_keyring"]))
    source = str(given.get("token_file") or "")
    if source:
        try:
            text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"--token-file {source}: cannot be read: {error}") from error
        if not text.strip():
            raise SettingsError(f"--token-file {source}: holds no key")
        # A file ends with a line break as a matter of course; that one is not part of what was copied.
        return Secret(text.removesuffix("\n").removesuffix("\r"), f"file {source}" if source != "-" else "input")
    return None


def _from_keyring(name: str) -> Secret:
    """The key that the operating system keeps under this name. Raises SettingsError."""
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise SettingsError("--token-keyring needs the library keyring: pip install 'scimulator[keyring]'") from error
    try:
        value = keyring.get_password(KEYRING, name)
    except keyring.errors.KeyringError as error:
        raise SettingsError(f"--token-keyring {name}: the keyring of this computer cannot be asked: {error}") from error
    if not value:
        raise SettingsError(
            f"--token-keyring {name}: the keyring holds no key under that name; put it there with: keyring set "
            f"{KEYRING} {name}"
        )
    return Secret(value, f"keyring entry {name}")


@dataclass(frozen=True)
class Ways:
    """How doctor is to go about it: what is shown, and whether it may write."""

    as_json: bool = False
    verbose: bool = False
    write: bool = False
    yes: bool = False
    undo: bool = False


def doctor(given: Mapping[str, Any], ways: Ways) -> int:
    """Look, or write after consent, or put back; tell, and return the exit code.

    Without a target only the files are looked at, and nothing is sent.
    """
    try:
        settings, key = settings_of(given)
        folder = Path(str(given.get("ledger") or FOLDER))
        if ways.undo:
            return _undo(settings, key, folder, ways)
        diagnosis = _diagnosed(settings, key, given)
        if ways.write:
            diagnosis = _written(settings, key, folder, ways, diagnosis)
    except (SettingsError, LedgerError) as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    _tell(diagnosis, settings, ways)
    return exit_code(diagnosis)


def _diagnosed(settings: Settings, key: Secret | None, given: Mapping[str, Any]) -> Diagnosis:
    if not checking.wanted(given):
        return examine(settings, key=key)
    if not settings.target:
        return checking.diagnose(given, settings.idps)
    seen = examine(settings, key=key)
    if not given.get("people") or given.get("there") or unreachable_or_refused(seen.lines):
        return both(seen, checking.diagnose(given, settings.idps))
    there, lines, asked = roster.ask(settings, key or settings.token())
    files = checking.diagnose(given, settings.idps, there)
    seen = replace(seen, exchanges=(*seen.exchanges, *asked))
    return both(seen, replace(files, lines=(*lines, *files.lines)))


def both(service: Diagnosis, files: Diagnosis) -> Diagnosis:
    """What the service answered and what the files say, as one: the worse of the two is the answer."""
    worst = (Readiness.NOT_READY, Readiness.CANNOT_TELL, Readiness.READY_WITH_CAVEATS, Readiness.READY)
    lines = (*service.lines, *files.lines)
    only_fine = all(line.state is State.OK for line in files.lines)
    if only_fine or worst.index(service.readiness) <= worst.index(files.readiness):
        ready, sentence = service.readiness, service.sentence
    else:
        ready, sentence = files.readiness, files.sentence.removesuffix(f" {NOT_ASKED}")
    return replace(service, readiness=ready, sentence=sentence, lines=by_state(lines))


def _tell(diagnosis: Diagnosis, settings: Settings, ways: Ways) -> None:
    if ways.as_json:
        click.echo(json.dumps(to_json(diagnosis), indent=1, ensure_ascii=False))
    else:
        show(diagnosis, Audience(settings.audience), verbose=ways.verbose)


def _written(settings: Settings, key: Secret | None, folder: Path, ways: Ways, looked: Diagnosis) -> Diagnosis:
    """The look, with the write behind it where somebody agrees. Raises SettingsError, LedgerError."""
    if any(line.state is State.WRONG for line in looked.lines):
        click.echo("Nothing was written: what is wrong below comes first.\n", err=True)
        return looked
    try:
        intention = intend(settings, pasted=key)
    except CannotWrite as error:
        raise SettingsError(f"nothing was written: {error}") from error
    click.echo(plan_of(intention, folder), err=True)
    if not ways.yes:
        if not sys.stdin.isatty():
            raise SettingsError("nothing was written: nobody is at a terminal who could agree; --yes agrees beforehand")
        if not click.confirm("Send this?", err=True):
            raise SettingsError("nothing was written, as you wished")
    done = carry_out(intention, folder, first=len(looked.exchanges))
    idps = (intention.speaker.name,)
    exchanges = (*looked.exchanges, *done.exchanges)
    return concluded((*looked.lines, *done.lines), exchanges, idps, intention.account, written=True)


def _undo(settings: Settings, key: Secret | None, folder: Path, ways: Ways) -> int:
    """Put back what a look that was cut short has left behind. Raises SettingsError, LedgerError."""
    done, others = undo(settings, folder, pasted=key)
    idps = tuple(i.partition(":")[0] for i in settings.idps)
    diagnosis = concluded(done.lines, done.exchanges, idps, "")
    wrong = [line for line in diagnosis.lines if line.state is State.WRONG]
    told = "Not everybody is back" if wrong else "Done: nobody is left changed"
    if others:
        told += f"; looks at other services are unfinished too ({', '.join(x.base_url for x in others)})"
    _tell(replace(diagnosis, sentence=f"{told}."), settings, ways)
    return ExitCode.NON_CONFORMANT if wrong else ExitCode.CONFORMANT


def exit_code(diagnosis: Diagnosis) -> int:
    """0 ready, also with caveats; 1 not ready; 3 cannot tell; 4 the host or the key stood in the way."""
    if unreachable_or_refused(diagnosis.lines):
        return ExitCode.UNREACHABLE
    if diagnosis.readiness is Readiness.NOT_READY:
        return ExitCode.NON_CONFORMANT
    return ExitCode.INCOMPLETE if diagnosis.readiness is Readiness.CANNOT_TELL else ExitCode.CONFORMANT
