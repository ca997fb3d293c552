"""What the console keeps while it runs: the connections that somebody typed, with their keys, in memory only."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from harness.console.gate import Entrance
from harness.console.jobs import Job, Jobs
from harness.console.store import Store
from harness.console.targets import Named, Network, Resolver, resolve
from harness.ledger import FOLDER
from harness.model.secret import Secret

MOST = 20
"""So many connections are kept; the oldest is forgotten first, with its key."""


@dataclass
class Connection:
    """One identity provider and one service, as somebody typed them. The key lives here until the console ends."""

    id: str
    idp: str
    named: Named
    secret: Secret
    account: str = ""
    look: Job | None = None


@dataclass
class Trial:
    """One person who is switched off and on (``planning``, then ``doing``), or put back after a try that was cut short.

    ``connection`` is None for the latter, and after signing out: then there is no key with which to begin.
    """

    base_url: str
    account: str
    connection: Connection | None = None
    planning: Job | None = None
    doing: Job | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def job(self) -> Job:
        """What goes on, or went on last."""
        job = self.doing or self.planning
        assert job is not None
        return job

    @property
    def writing(self) -> bool:
        """Whether somebody is being changed at this moment."""
        return self.doing is not None and not self.doing.over


@dataclass
class Desk:
    """Everything that the pages share. ``networks`` are those that the operator opened, ``port`` is our own."""

    runs: Path
    port: int = 0
    networks: Sequence[Network] = ()
    resolver: Resolver = resolve
    entrance: Entrance = field(default_factory=Entrance)
    jobs: Jobs = field(default_factory=Jobs)
    on_enter: Callable[[str], None] = lambda _token: None

    def __post_init__(self) -> None:
        self.store = Store(self.runs)
        self.ending = Event()
        self.rehearsals: OrderedDict[str, Job] = OrderedDict()
        self.trials: OrderedDict[str, Trial] = OrderedDict()
        self._connections: OrderedDict[str, Connection] = OrderedDict()
        self._lock = Lock()

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))

    def connect(self, idp: str, named: Named, secret: Secret, account: str) -> Connection:
        connection = Connection(secrets.token_hex(8), idp, named, secret, account)
        with self._lock:
            self._connections[connection.id] = connection
            while len(self._connections) > MOST:
                self._connections.popitem(last=False)
        return connection

    def rehearse(self, run_id: str, job: Job) -> None:
        """Keep a rehearsal that has begun; what is long over is found in its directory."""
        with self._lock:
            self.rehearsals[run_id] = job
            over = [name for name, one in self.rehearsals.items() if one.over]
            for name in over[: max(0, len(self.rehearsals) - MOST)]:
                del self.rehearsals[name]

    @property
    def ledgers(self) -> Path:
        """Where a try keeps who is to be put back: where ``scimulator doctor`` looks, too."""
        return self.runs / FOLDER.name

    def attempt(self, trial: Trial) -> Trial:
        with self._lock:
            self.trials[trial.id] = trial
            over = [name for name, one in self.trials.items() if one.job.over]
            for name in over[: max(0, len(self.trials) - MOST)]:
                del self.trials[name]
        return trial

    def writing_at(self, base_url: str) -> bool:
        """Whether somebody is being changed at a service from here at this moment."""
        with self._lock:
            return any(one.writing and one.base_url == base_url for one in self.trials.values())

    def connection(self, name: str) -> Connection | None:
        return self._connections.get(name)

    def connections(self) -> list[Connection]:
        """All that are kept, the newest first."""
        with self._lock:
            return list(reversed(self._connections.values()))

    def forget(self) -> None:
        """Forget every connection with its key."""
        with self._lock:
            self._connections.clear()
            for trial in self.trials.values():
                trial.connection = None

    def secrets(self) -> list[str]:
        with self._lock:
            return [connection.secret.reveal() for connection in self._connections.values()]

    def close(self) -> None:
        self.ending.set()
        self.jobs.close()
        self.forget()
