"""The ground that a run stands on: a real target, or an embedded reference server that is fresh for every scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import ledger
from harness.casting import Casting
from harness.directory import Directory
from harness.model.account import Source
from harness.model.exchange import Exchange
from harness.model.idp import Vendor
from harness.model.profile import Profile
from harness.model.secret import Secret
from harness.model.step import FURTHER_TOKENS, Effect
from harness.model.target import Target
from harness.plan import set_up, vendors
from harness.play import Player
from harness.preflight import Preflight, look, recognise
from harness.record import Recorder, RecordError
from harness.settings import Settings, SettingsError
from harness.wire.guard import Guard
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.redact import Redactor
from harness.wire.session import Session

if TYPE_CHECKING:
    from reference_server.app import ReferenceServer

EVERYTHING = frozenset(Effect)


class _Issued(Mapping[str, Secret]):
    """The further credentials of an embedded server, made when they are asked for: most scenarios need none."""

    def __init__(self, server: ReferenceServer, tenant: str) -> None:
        self._server = server
        self._tenant = tenant
        self._made: dict[str, Secret] = {}

    def __getitem__(self, name: str) -> Secret:
        if name not in FURTHER_TOKENS:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = Secret(self._issue(name), "embedded reference server")
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in FURTHER_TOKENS

    def __iter__(self) -> Iterator[str]:
        return iter(FURTHER_TOKENS)

    def __len__(self) -> int:
        return len(FURTHER_TOKENS)

    def _issue(self, name: str) -> str:
        keys = self._server.credentials
        if name == "second":
            return self._server.add_tenant("Neighbour", "it@neighbour.example").api_key
        if name == "session":
            from reference_server.jit import SignIn

            return self._server.behaviour.sign_in(self._tenant, SignIn("visitor@neighbour.example")).session
        if name == "limited":
            return keys.issue(self._tenant, name, reads_only=True).api_key
        issued = keys.issue(self._tenant, name, datetime.now(UTC) if name == "expired" else None)
        if name == "revoked":
            keys.revoke(issued.id)
        return issued.api_key


class Unreachable(Exception):
    """The target cannot be asked, or refuses the credential. Carries what to do next as ``hint``."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


@dataclass
class Ground:
    """Gives out Players. Use as a context manager; ``open`` must have succeeded first.

    ``people`` invents who plays; None: people by the seed.
    """

    settings: Settings
    profile: Profile
    directory: Path
    seed: int
    people: Directory | None = None

    def __post_init__(self) -> None:
        self.redactor = Redactor()
        self._session: Session | None = None
        self._server: ReferenceServer | None = None
        self._source = Source.JIT

    @property
    def embedded(self) -> bool:
        return not self.settings.target

    @property
    def base_url(self) -> str:
        return self._target().base_url if self._session is not None else f"http://{HOST}/scim/v2"

    @property
    def reference_server(self) -> bool:
        return self.embedded or self._target().reference_server

    def open(self) -> None:
        """Look at a real target once. Raises Unreachable, and SettingsError when there is no credential.

        For the embedded server: SettingsError when there is no such preset or defect.
        """
        if self.embedded:
            self._know_the_server()
        if self.embedded or self._session is not None:
            return
        settings = self.settings
        target = Target(
            base_url=settings.target.rstrip("/"),
            token=settings.token(),
            effects=frozenset({Effect.READ, *(Effect(e) for e in settings.allow)}),
            hooks=dict(settings.hooks),
            verify=settings.ca_bundle or True,
            credentials=settings.further_tokens(),
            patience_s=settings.patience,
            timeout_s=settings.timeout,
            deadline_s=settings.timeout * 2,
        )
        session = Session(target, self.redactor)
        seen = look(session, settings.wait)
        if seen.problem:
            session.close()
            raise Unreachable(seen.problem, seen.hint)
        self._session = Session(self._recognised(target, seen), self.redactor)
        session.close()
        self._source = self._choose_source(self._session.target)

    @staticmethod
    def _recognised(target: Target, seen: Preflight) -> Target:
        if not seen.reference_server:
            return target
        return replace(target, reference_server=True, effects=EVERYTHING, hooks={**seen.hooks, **target.hooks})

    def _choose_source(self, target: Target) -> Source:
        if self.settings.source:
            return Source(self.settings.source)
        if self.settings.accounts:
            return Source.LISTED
        if "sign_in" in target.hooks:
            return Source.JIT
        if self.profile.supports("create") and Effect.WRITE in target.effects:
            return Source.SCIM
        return Source.LISTED

    @cached_property
    def _vendors(self) -> dict[str, Vendor]:
        return set_up(vendors(), self.settings.setups)

    def player(self, recorder: Recorder, on_exchange: Callable[[Exchange], None], scenario: str) -> Player:
        """A player for the next scenario, which is named by its id."""
        session = self._fresh(scenario) if self.embedded else self._session
        assert session is not None, "open() first"
        guard = Guard(session.target, self.directory / "ledger.jsonl")
        writes = not self.embedded and session.target.effects != {Effect.READ}
        remember = self._remembered if writes else None
        people = self.people or Directory(self.seed)
        casting = Casting(people, self._source, self.settings.accounts, guard.permit, remember)
        return Player(
            session, guard, casting, recorder, self._vendors, throwaway=self.embedded, on_exchange=on_exchange
        )

    def _remembered(self, account: str, resource: dict[str, Any]) -> ledger.Ledger:
        """Raises RecordError: what cannot be remembered is not touched."""
        try:
            return ledger.kept(self.directory / ledger.LEFT, self.base_url, account, resource)
        except ledger.LedgerError as error:
            raise RecordError(str(error)) from error

    def _fresh(self, scenario: str) -> Session:
        # Imported here: a run against a real target needs no server, and a judge must share no code with one.
        from reference_server.app import ReferenceServer
        from reference_server.ids import seeded

        self.close()
        settings = self.settings
        self._server = ReferenceServer(
            preset=settings.preset or self._own_preset(),
            defects=settings.defects,
            new_id=seeded(f"{self.seed}/{scenario}"),
        )
        tenant = self._server.add_tenant("Rehearsal", "it@rehearsal.example")
        target = Target(
            base_url=f"http://{HOST}{self._server.base_path}",
            token=Secret(tenant.api_key, "embedded reference server"),
            effects=EVERYTHING,
            reference_server=True,
            credentials=_Issued(self._server, tenant.id),
            timeout_s=settings.timeout,
        )
        adapter = WsgiAdapter(self._server.wsgi)
        bare = Session(target, self.redactor, adapter)
        self._session = Session(replace(target, hooks=recognise(bare).hooks), self.redactor, adapter)
        return self._session

    def _know_the_server(self) -> None:
        from reference_server.defects import catalogue
        from reference_server.presets import names

        if self.settings.preset and self.settings.preset not in names():
            raise SettingsError(f"there is no preset {self.settings.preset!r}; there are {', '.join(names())}")
        for defect in self.settings.defects:
            if defect not in catalogue():
                raise SettingsError(f"there is no defect {defect!r}; scimulator list defects shows them")

    def _own_preset(self) -> str:
        from reference_server.presets import names

        return self.profile.name if self.profile.name in names() else "marketbeam"

    def _target(self) -> Target:
        assert self._session is not None, "open() first"
        return self._session.target

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        if self._server is not None:
            self._server.close()
            self._server = None

    def __enter__(self) -> Ground:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
