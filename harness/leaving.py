"""Leaving: what an IdP would send when these very people leave, in each way in which they can; nothing goes out.

The simulated IdP is set up as the customer's own files say, and plays against the embedded reference server, in this
process: what it sends depends on what it is answered.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from harness.configuration.okta_settings import OktaSettings
from harness.directory import Directory
from harness.ground import Ground
from harness.intake.decoding import read_text
from harness.model.change import Assign, Change, Disable, HardDelete, LeaveScope, SoftDelete, Suspend, Unassign
from harness.model.entra_export import EntraExport
from harness.model.exchange import Exchange, Role
from harness.model.outlook import Notice, Removal
from harness.model.person import Person
from harness.model.scenario import Kind, Scenario, ScenarioKey
from harness.model.story import Part, Story
from harness.plan import PlanError, set_up, vendors
from harness.profiles import load as load_profile
from harness.record import Recorder
from harness.settings import Settings, SettingsError

MOST = 50
"""So many people at once are shown; more would say nothing new."""

LARGEST = 64 << 20
FLAG = "aadOptscim062020"


@dataclass(frozen=True)
class Sent:
    """One request. ``person`` is the name that was given; ``{id}`` in ``path`` and ``body`` is the service's own id."""

    person: str
    title: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True)
class Way:
    """One way of leaving: ``id`` is stable, ``title`` what the administrator did, ``when`` when the IdP notices.

    ``sent`` are the requests in their order, ``notices`` what the IdP's own screen shows of them, ``removals`` what
    the IdP believes in the end; their ``part`` is the name that was given.
    """

    id: str
    title: str
    when: str
    sent: tuple[Sent, ...] = ()
    notices: tuple[Notice, ...] = ()
    removals: tuple[Removal, ...] = ()

    def about(self, person: str) -> tuple[Sent, ...]:
        """The requests about one person."""
        return tuple(one for one in self.sent if one.person == person)


@dataclass(frozen=True)
class _Kind:
    id: str
    title: str
    changes: tuple[type[Change], ...]
    idps: tuple[str, ...] = ()
    later: tuple[type[Change], ...] = ()


_KINDS = (
    _Kind("unassigned", "taken off the app", (Unassign,)),
    _Kind("disabled", "account blocked or deactivated", (Disable,)),
    _Kind("suspended", "account suspended", (Suspend,), ("okta",)),
    _Kind("out-of-scope", "no longer passes the scoping filter", (LeaveScope,), ("entra",)),
    _Kind("deleted", "account deleted, it is in the recycle bin", (SoftDelete,), ("entra",)),
    _Kind(
        "purged", "account deleted, and removed for good thirty days later", (SoftDelete,), ("entra",), (HardDelete,)
    ),
)
_WHEN = {"entra": "in the next cycle, within about 40 minutes", "okta": "at once"}


class Named(Directory):
    """A directory in which the parts are played by people with names that were given."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(0)
        self._names = names

    def person(self, scenario: str, part: str) -> Person:  # noqa: ARG002 - the same person in each scenario
        name = self._names[int(part.rpartition("-")[2]) - 1]
        local = name.partition("@")[0]
        given, _, family = local.replace("_", ".").partition(".")
        return Person(
            directory_id=hashlib.sha256(name.casefold().encode()).hexdigest()[:32],
            user_name=name,
            given_name=(given or local).capitalize(),
            family_name=(family or "Example").capitalize(),
            email=name,
        )


def setups_of(export: Iterable[str], settings: EntraExport | None, okta: OktaSettings | None) -> dict[str, Any]:
    """The tables that set up both simulated IdPs as the customer's files say. Raises SettingsError, OSError."""
    tables: dict[str, Any] = {}
    entra: dict[str, Any] = {}
    for path in export:
        schema = _schema_in(_parsed(Path(path)))
        if schema is not None:
            entra["mapping"] = schema
    if settings is not None and settings.settings.get("SkipOutOfScopeDeletions", "").lower() == "true":
        entra["skip_out_of_scope_deletions"] = True
    if entra:
        tables["entra"] = entra
    if okta is not None:
        boxes = ("provisioning", "create", "update", "deactivate", "sync_password", "push_groups")
        tables["okta"] = {name: getattr(okta, name) for name in boxes if getattr(okta, name) is not None}
    return tables


def speaker(name: str, settings: EntraExport | None = None, okta: OktaSettings | None = None) -> tuple[str, str]:
    """IdP and app type from "okta", "okta:aiw"; where no app type is named, the one that the files tell, or the first.

    Raises SettingsError.
    """
    idp, _, variant = name.partition(":")
    known = vendors()
    if idp not in known:
        raise SettingsError(f"--idp {name}: there is no IdP called {idp!r}; there are {', '.join(known)}")
    if not variant and idp == "entra" and settings is not None and FLAG in settings.flags:
        variant = FLAG
    if not variant and idp == "okta" and okta is not None:
        variant = okta.app_type
    names = [v.name for v in known[idp].variants]
    if variant and variant not in names:
        raise SettingsError(f"--idp {name}: {idp} has no app type {variant!r}; it has {', '.join(names)}")
    return idp, variant or names[0]


def leaving(
    people: Iterable[str], idp: str, variant: str, setups: Mapping[str, Any] | None = None, profile: str = "marketbeam"
) -> Iterator[Way]:
    """Each way of leaving with what is sent because of it, as soon as it is known. Raises SettingsError, ProfileError.

    ``people`` are user names, as the service knows them; ``setups`` as in [idp.NAME] of scim.toml.
    """
    names = tuple(dict.fromkeys(name.strip() for name in people if name.strip()))
    if not 1 <= len(names) <= MOST:
        raise SettingsError(f"--leave: expected 1 to {MOST} user names, found {len(names)}")
    tables = dict(setups or {})
    try:
        vendor = set_up(vendors(), tables)[idp]
    except PlanError as error:
        raise SettingsError(str(error)) from error
    claimed = load_profile(profile)
    scoped = bool(_scope_in(tables.get("entra", {}).get("mapping")))
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        recorder = Recorder(directory)
        settings = Settings(profile=profile, setups=tables)
        with Ground(settings, claimed, directory, 0, Named(names)) as ground:
            for kind in _KINDS:
                if (kind.idps and idp not in kind.idps) or (kind.id == "out-of-scope" and not scoped):
                    continue
                scenario = _scenario(kind, idp, variant, len(names))
                played = ground.player(recorder, lambda _exchange: None, scenario.id).play(scenario)
                if played.problem:
                    raise SettingsError(f"--leave: {played.transcript.stopped}")
                outlook = vendor.outlook(played.transcript)
                by_part = {f"leaver-{number}": name for number, name in enumerate(names, 1)}
                mine = [x for x in played.transcript.exchanges if x.role is Role.IDP and x.moment >= len(names)]
                shown = {x.id for x in mine}
                yield Way(
                    kind.id,
                    kind.title,
                    _WHEN.get(idp, "at once"),
                    tuple(_sent(x, by_part, played.transcript.cast) for x in mine),
                    tuple(n for n in outlook.notices if n.exchange in shown),
                    tuple(
                        Removal(by_part.get(r.part, r.part), r.state, r.why, r.exchange, r.inferred)
                        for r in outlook.removals
                    ),
                )
        recorder.close()


def _scenario(kind: _Kind, idp: str, variant: str, people: int) -> Scenario:
    parts = tuple(f"leaver-{number}" for number in range(1, people + 1))
    changes: list[Change] = [Assign(part) for part in parts]
    for ends in (*kind.changes, *kind.later):
        # All of them leave before the IdP looks again.
        changes += [ends(part, rushed=part != parts[-1]) for part in parts]
    story = Story(kind.id, kind.title, tuple(changes), tuple(Part(part) for part in parts))
    key = ScenarioKey(f"{idp}/{variant}/{kind.id}", Kind.STORY, kind.title, idp, variant, kind.id)
    return Scenario(key, story=story)


def _sent(exchange: Exchange, by_part: Mapping[str, str], cast: Any) -> Sent:
    ids = [m.account.id for m in cast if m.account is not None]
    path = exchange.template or exchange.path
    body = (exchange.request.body or b"").decode("utf-8", "replace")
    for known in ids:
        for form in (known, quote(known, safe="")):
            body = body.replace(form, "{id}")
    return Sent(
        person=by_part.get(exchange.subject, ""),
        title=exchange.title,
        method=exchange.method,
        path=f"{path}?{exchange.query}" if exchange.query else path,
        headers=exchange.request.headers,
        body=body,
    )


def _parsed(path: Path) -> Any:
    try:
        return json.loads(read_text(path, LARGEST))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"--export {path}: expected the JSON that the portal or Graph gives: {error}") from error


def _schema_in(document: Any, depth: int = 4) -> Mapping[str, Any] | None:
    """The synchronization schema in an export, or in the answer of Graph around it."""
    if isinstance(document, Mapping):
        if isinstance(document.get("synchronizationRules"), list):
            return document
        document = list(document.values())
    if isinstance(document, list) and depth:
        return next((found for one in document if (found := _schema_in(one, depth - 1)) is not None), None)
    return None


def _scope_in(schema: Any) -> bool:
    rules = schema.get("synchronizationRules", []) if isinstance(schema, Mapping) else []
    mappings = [m for rule in rules if isinstance(rule, Mapping) for m in rule.get("objectMappings") or ()]
    return any(m.get("scope") for m in mappings if isinstance(m, Mapping) and m.get("sourceObjectName") == "User")
