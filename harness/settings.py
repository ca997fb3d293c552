"""Settings: everything an operator can say about a run, from scim.toml, pyproject.toml and the command line."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from harness.model.audience import Audience
from harness.model.secret import Secret
from harness.model.step import FURTHER_TOKENS, Effect

TOKEN_ENV = "SCIMULATOR_TOKEN"  # noqa: S105 - the name of a variable, not a credential

SECTIONS: dict[str, dict[str, str]] = {
    "target": {
        "base_url": "target",
        "token_env": "token_env",
        "second_token_env": "second_token_env",
        "expired_token_env": "expired_token_env",
        "revoked_token_env": "revoked_token_env",
        "limited_token_env": "limited_token_env",
        "session_token_env": "session_token_env",
        "patience": "patience",
        "profile": "profile",
        "allow": "allow",
        "ca_bundle": "ca_bundle",
        "timeout": "timeout",
        "wait": "wait",
    },
    "accounts": {"source": "source", "listed": "accounts"},
    "hooks": {"sign_in": "hooks", "access": "hooks"},
    "run": {
        "idps": "idps",
        "stories": "stories",
        "scenarios": "scenarios",
        "suite": "suite",
        "quick": "quick",
        "seed": "seed",
        "out": "out",
        "reports": "reports",
        "audience": "audience",
        "fail_on": "fail_on",
        "known": "known",
        "strict_known": "strict_known",
        "retries": "retries",
        "redact": "redact",
    },
    "reference": {"preset": "preset", "defects": "defects"},
}

REDACTIONS = ("personal",)
"""What may be replaced in the record besides secrets, which always are."""

SOURCES = ("jit", "scim", "listed", "hook")


class SettingsError(ValueError):
    """Wrong usage or configuration; the message names the file or option, what was found and what was expected."""


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do. ``target`` "" means: against the embedded reference server."""

    target: str = ""
    token_env: str = TOKEN_ENV
    second_token_env: str = ""
    expired_token_env: str = ""
    revoked_token_env: str = ""
    limited_token_env: str = ""
    session_token_env: str = ""
    patience: float = 5.0
    profile: str = "marketbeam"
    idps: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    suite: str = ""
    quick: bool = False
    accounts: tuple[str, ...] = ()
    source: str = ""
    allow: tuple[str, ...] = ()
    hooks: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    defects: tuple[str, ...] = ()
    seed: int = 7
    timeout: float = 30.0
    ca_bundle: str = ""
    out: str = ""
    reports: tuple[str, ...] = ("html", "junit")
    audience: str = Audience.DEVELOPER.value
    fail_on: str = "fail"
    shard: str = ""
    setups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    wait: float = 0.0
    redact: str = ""
    known: str = ""
    strict_known: bool = False
    update_known: bool = False
    shuffle: int | None = None
    retries: int = 0

    def checked(self) -> Settings:
        """The same settings, after a look at each value. Raises SettingsError."""
        if self.target and not self.target.lower().startswith(("http://", "https://")):
            raise SettingsError(
                f"the base URL {self.target!r} is not usable: expected https://HOST/PATH, for example "
                "https://app.example/scim/v2"
            )
        for effect in self.allow:
            if effect not in {e.value for e in Effect}:
                raise SettingsError(f"--allow {effect!r}: expected read, write or delete")
        if self.source and self.source not in SOURCES:
            raise SettingsError(f"accounts.source {self.source!r}: expected one of {', '.join(SOURCES)}")
        if self.fail_on not in ("fail", "warn"):
            raise SettingsError(f"--fail-on {self.fail_on!r}: expected fail or warn")
        if self.audience not in tuple(Audience):
            raise SettingsError(f"--audience {self.audience!r}: expected {', '.join(Audience)}")
        if self.timeout <= 0:
            raise SettingsError(f"--timeout {self.timeout}: expected a number of seconds above 0")
        if self.redact not in ("", *REDACTIONS):
            raise SettingsError(f"--redact {self.redact!r}: expected {' or '.join(REDACTIONS)} (secrets always are)")
        if self.retries < 0:
            raise SettingsError(f"--retries {self.retries}: expected how often to play again, 0 or more")
        if (self.strict_known or self.update_known) and not self.known:
            raise SettingsError("--strict-known and --update-known need --known FILE: which file do you mean?")
        if not 0 <= self.patience <= 300:
            raise SettingsError(f"target.patience {self.patience}: expected a number of seconds from 0 to 300")
        if self.wait < 0:
            raise SettingsError(f"--wait {self.wait}: expected a number of seconds")
        if self.target and (self.preset or self.defects):
            raise SettingsError(
                "--preset and --defect make the embedded reference server wrong; they go without --target"
            )
        return self

    def token(self) -> Secret:
        """The credential from the environment. Raises SettingsError when the variable is unset or empty."""
        value = os.environ.get(self.token_env, "")
        if not value.strip():
            raise SettingsError(
                f"no API key: put it into the environment variable {self.token_env} "
                "(or name another variable with --token-env, or use --token-file)"
            )
        return Secret(value.strip(), f"environment variable {self.token_env}")

    def further_tokens(self) -> dict[str, Secret]:
        """The further credentials whose variables are named. Raises SettingsError when such a variable is empty."""
        found = {}
        for name in FURTHER_TOKENS:
            variable = getattr(self, f"{name}_token_env")
            if not variable:
                continue
            value = os.environ.get(variable, "").strip()
            if not value:
                raise SettingsError(
                    f"target.{name}_token_env names the environment variable {variable}, which is unset or empty"
                )
            found[name] = Secret(value, f"environment variable {variable}")
        return found


def from_file(path: Path) -> Settings:
    """Read scim.toml, or the table [tool.scimulator] of a pyproject.toml. Raises SettingsError."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error
    if path.name == "pyproject.toml":
        document = document.get("tool", {}).get("scimulator", {})
    return from_table(document, str(path))


def from_table(document: Mapping[str, Any], where: str) -> Settings:
    """Settings from a parsed TOML document. Raises SettingsError for unknown members and wrong types."""
    values: dict[str, Any] = {}
    for section, members in document.items():
        if section == "idp" and isinstance(members, Mapping):
            values["setups"] = {name: _setup(table, name, where) for name, table in members.items()}
            continue
        known = SECTIONS.get(section)
        if known is None or not isinstance(members, Mapping):
            raise SettingsError(
                f"{where}: unknown section [{section}]; there are {', '.join(f'[{s}]' for s in SECTIONS)}, [idp.NAME]"
            )
        for name, value in members.items():
            if name not in known:
                raise SettingsError(f"{where}: unknown {name!r} in [{section}]; there are {', '.join(known)}")
            if section == "hooks":
                values.setdefault("hooks", {})[name] = _typed(value, str, f"{where}: [hooks] {name}")
            else:
                values[known[name]] = _fitting(known[name], value, f"{where}: [{section}] {name}")
    return Settings(**values)


def _setup(table: Any, name: str, where: str) -> dict[str, Any]:
    """How an IdP is set up, in its own words. A value that names a ``.json`` file, beside this one, stands for it."""
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}: [idp] {name}: expected a table")
    return {
        member: _json(value, f"{where}: [idp.{name}] {member}", Path(where).parent)
        if isinstance(value, str) and value.endswith(".json")
        else value
        for member, value in table.items()
    }


def _json(name: str, where: str, folder: Path) -> Any:
    path = folder / name
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{where}: {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{where}: {path} is not JSON: {error}") from error


def merge(base: Settings, given: Mapping[str, Any]) -> Settings:
    """Settings with what was given on the command line put over them; None and empty values leave things alone."""
    return replace(base, **{k: v for k, v in given.items() if v not in (None, (), "", {})})


TYPES: dict[str, type] = {f.name: type(f.default) for f in fields(Settings) if f.name not in ("hooks", "setups")}


def _fitting(name: str, value: Any, where: str) -> Any:
    expected = TYPES[name]
    if expected is tuple:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise SettingsError(f"{where}: expected a list of strings, found {value!r}")
        return tuple(value)
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _typed(value, expected, where)


def _typed(value: Any, expected: type, where: str) -> Any:
    if type(value) is not expected:
        words = {str: "a string", int: "a whole number", bool: "true or false", float: "a number"}
        raise SettingsError(f"{where}: expected {words.get(expected, expected.__name__)}, found {value!r}")
    return value
