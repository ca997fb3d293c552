"""Doctoring: what the command doctor does; shows a Diagnosis to people or to a script, and returns the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from harness import checking
from harness.configuration import NOT_ASKED, by_state, roster
from harness.doctor import examine
from harness.doctor.verdict import unreachable_or_refused
from harness.gate import ExitCode
from harness.model.audience import Audience
from harness.model.diagnosis import Diagnosis, Line, Readiness, State
from harness.model.secret import Secret
from harness.settings import Settings, SettingsError, from_file, merge

_TAKEN = ("target", "idps", "accounts", "token_env", "ca_bundle", "hooks", "audience")
_SIGNS = {
    State.OK: ("ok", "green"),
    State.WARNING: ("look", "yellow"),
    State.WRONG: ("WRONG", "bold red"),
    State.NOT_AVAILABLE: ("-", "dim"),
    State.COULD_NOT_ASK: ("?", "magenta"),
}
_READY = {
    Readiness.READY: "bold green",
    Readiness.READY_WITH_CAVEATS: "bold yellow",
    Readiness.NOT_READY: "bold red",
    Readiness.CANNOT_TELL: "bold magenta",
}
_WHO = {"customer": "you", "service": "the service's support", "idp": "the identity provider's support"}


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


def doctor(given: Mapping[str, Any], *, as_json: bool, verbose: bool) -> int:
    """Look, tell, and return the exit code. Without a target only the files are looked at, and nothing is sent."""
    try:
        settings, key = settings_of(given)
        diagnosis = _diagnosed(settings, key, given)
    except SettingsError as error:
        click.echo(f"Error: {error}", err=True)
        return ExitCode.USAGE
    click.echo(json.dumps(to_json(diagnosis), indent=1, ensure_ascii=False)) if as_json else show(
        diagnosis, Audience(settings.audience), verbose=verbose
    )
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


def exit_code(diagnosis: Diagnosis) -> int:
    """0 ready, also with caveats; 1 not ready; 3 cannot tell; 4 the host or the key stood in the way."""
    if unreachable_or_refused(diagnosis.lines):
        return ExitCode.UNREACHABLE
    if diagnosis.readiness is Readiness.NOT_READY:
        return ExitCode.NON_CONFORMANT
    return ExitCode.INCOMPLETE if diagnosis.readiness is Readiness.CANNOT_TELL else ExitCode.CONFORMANT


def to_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The contract with scripts."""
    return {
        "verdict": diagnosis.readiness.value,
        "sentence": diagnosis.sentence,
        "lines": [
            {
                "id": line.id,
                "state": line.state.value,
                "title": line.title,
                "meaning": line.meaning,
                "fix": line.fix,
                "who": line.who,
                "guide": line.guide,
                "evidence": [{"text": p.text, "exchange": p.exchange} for p in line.evidence],
            }
            for line in diagnosis.lines
        ],
        "requests": [
            {"method": x.method, "path": f"{x.path}?{x.query}" if x.query else x.path, "status": x.status, "id": x.id}
            for x in diagnosis.exchanges
        ],
    }


def show(diagnosis: Diagnosis, audience: Audience, *, verbose: bool) -> None:
    """Print the answer first, then the lines; what was seen stands under each where it is asked for."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    word, _, rest = diagnosis.sentence.partition(":")
    console.print(Text.assemble((word, _READY[diagnosis.readiness]), f":{rest}" if rest else ""))
    evidence = verbose or audience is not Audience.ADMIN
    for line in diagnosis.lines:
        sign, style = _SIGNS[line.state]
        console.print()
        console.print(Text.assemble((f"{sign:<6}", style), (line.title, "bold"), *_told(line, audience)))
        console.print(_indented(Text(line.meaning)))
        if line.fix:
            who = f" ({_WHO[line.who]})" if line.who in _WHO else ""
            console.print(_indented(Text.assemble(("What to do", "italic"), f"{who}: ", line.fix)))
        for proof in line.evidence if evidence else ():
            console.print(_indented(Text(f"seen: {proof.text}", "dim")))
    console.print()
    if audience is Audience.DEVELOPER:
        for x in diagnosis.exchanges:
            query = f"?{x.query}" if x.query else ""
            console.print(Text(f"{x.id}  {x.method} {x.path}{query}  {x.status or 'no answer'}  {x.elapsed_ms:.0f} ms"))
    sent = len(diagnosis.exchanges)
    asked = "1 question was asked" if sent == 1 else f"{sent} questions were asked"
    more = "" if evidence else " What was seen is shown with -v."
    done = f"{asked}; nothing was changed." if sent else "Nothing was sent."
    console.print(Text(f"{done}{more}", "dim"))


def _indented(text: Any) -> Any:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, 6), expand=False)


def _told(line: Line, audience: Audience) -> tuple[Any, ...]:
    return () if audience is Audience.ADMIN else (f"  [{line.id}]",)
