"""Checking: reads the files that an administrator gives to doctor, and looks at them without sending anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from harness.configuration import Given, check
from harness.configuration.first_cycle import There, there_from
from harness.configuration.okta_settings import (
    QUESTIONS,
    OktaSettings,
    OktaSettingsError,
    Question,
    from_answers,
    read_settings,
)
from harness.configuration.people import People, open_people
from harness.intake.entra_export import read_export
from harness.model.diagnosis import Diagnosis
from harness.model.entra_export import EntraExport
from harness.model.sighting import Complaint
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.settings import SettingsError

FILES = ("exports", "okta_settings", "people", "there", "ask")
"""The options that name something to read instead of a service to ask."""


def wanted(options: Mapping[str, Any]) -> bool:
    """Whether there is anything to check besides a service."""
    return any(options.get(name) for name in FILES)


def diagnose(options: Mapping[str, Any], idps: Iterable[str] = (), there: There | None = None) -> Diagnosis:
    """Read what the options name, and look at it. ``there`` are the people of the service where they were asked for.

    Raises SettingsError for a file that cannot be opened and for an answer that is none.
    """
    given = read(options, idps)
    profile = _profile(str(options.get("profile") or "marketbeam"))
    return check(replace(given, there=given.there or there), profile)


def read(options: Mapping[str, Any], idps: Iterable[str] = ()) -> Given:
    """What the options name, read into values. Raises SettingsError."""
    complaints: list[Complaint] = []
    people = _people(options.get("people"), "--people", complaints)
    there = _people(options.get("there"), "--there", complaints)
    names = {name.partition(":")[0] for name in idps}
    return Given(
        export=_export(options.get("exports") or (), complaints),
        okta=_okta(options.get("okta_settings") or (), ask=bool(options.get("ask"))),
        people=people,
        there=there_from(there.rows()) if there is not None and there.columns else None,
        idp=names.pop() if len(names) == 1 else "",
        complaints=tuple(complaints),
        sign_in=str(options.get("sign_in") or ""),
    )


def _export(paths: Iterable[str], complaints: list[Complaint]) -> EntraExport | None:
    export: EntraExport | None = None
    for path in paths:
        found, doubts = _opened(read_export, path, "--export")
        complaints += doubts
        export = (export or EntraExport()).with_(found)
    return export or None


def _okta(paths: Iterable[str], *, ask: bool) -> OktaSettings | None:
    settings: OktaSettings | None = None
    for path in paths:
        try:
            found = _opened(read_settings, path, "--okta-settings")
        except OktaSettingsError as error:
            raise SettingsError(f"--okta-settings {error}") from error
        settings = (settings or OktaSettings()).with_(found)
    return (settings or OktaSettings()).with_(asked()) if ask else settings


def _people(path: object, option: str, complaints: list[Complaint]) -> People | None:
    if not path:
        return None
    opened: tuple[People, tuple[Complaint, ...]] = _opened(open_people, str(path), option)
    complaints += opened[1]
    return opened[0]


def _opened(read: Callable[[Path], Any], path: str, option: str) -> Any:
    try:
        return read(Path(path))
    except OSError as error:
        raise SettingsError(f"{option} {path}: cannot be read: {error.strerror or error}") from error


def _profile(name: str) -> Any:
    try:
        return load_profile(name)
    except ProfileError as error:
        raise SettingsError(f"--profile: {error}") from error


def asked(questions: Iterable[Question] = QUESTIONS) -> OktaSettings:
    """Ask for the settings of an Okta app, one question after the other. Enter means that it is not known."""
    click.echo("About the app in Okta, page by page. Enter alone means: I do not know.\n", err=True)
    answers = {q.name: _ask(q) for q in questions}
    return from_answers({name: answer for name, answer in answers.items() if answer} or {"create": "unknown"})


def _ask(question: Question) -> str:
    choices = question.choices or ("yes", "no")
    while True:
        told = f"{question.text} [{'/'.join(choices)}]"
        answer = str(click.prompt(told, default="", show_default=False, err=True)).strip().lower()
        if answer in ("", *choices):
            return answer
        if not question.choices and answer[:1] in ("y", "n"):
            return "yes" if answer[:1] == "y" else "no"
        click.echo(f"  expected one of {', '.join(choices)}, or Enter", err=True)
