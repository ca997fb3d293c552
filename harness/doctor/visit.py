"""Visit: one look at somebody's service, which is read-only, bounded in time, and remembers what it asked."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from harness.model.exchange import Exchange, Phase, Role, Trouble, TroubleKind
from harness.model.secret import Secret
from harness.model.step import SCIM_JSON, TOKEN, Effect, Intent, Step
from harness.model.target import Target
from harness.wire.redact import Redactor
from harness.wire.session import Sent, Session

BUDGET_S = 9.0
"""How long all questions together may take, in seconds: an administrator waits ten."""

PATIENCE_S = 4.0
"""The longest silence in seconds that one question may meet."""

AT_ONCE = 4

SCENARIO = "doctor"
USER_AGENT = "scimulator-doctor"

Result = TypeVar("Result")


@dataclass
class Visit:
    """Asks one service, at one or more addresses of it. ``target`` is the address as it was given.

    ``adapter`` is a transport in place of a socket. ``on_exchange`` is told of every exchange when it has ended, from
    whichever thread asked.
    """

    target: Target
    adapter: Any = None
    budget_s: float = BUDGET_S
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None
    redactor: Redactor = field(default_factory=Redactor)
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._sessions: dict[tuple[str, int], Session] = {}
        self._ordinal = 0

    @property
    def remaining_s(self) -> float:
        return self.budget_s - (time.monotonic() - self._began)

    def ask(
        self, step: Step, *, base_url: str = "", key: Secret | None = None, role: Role = Role.PREFLIGHT
    ) -> Exchange:
        """Send one read. ``base_url`` and ``key`` stand for those of the target where they are given.

        When the time is used up nothing is sent, and the Exchange says so. Raises ValueError for anything but a read.
        """
        if step.effect is not Effect.READ or step.method != "GET":
            raise ValueError(f"a visit only reads, and {step.method} {step.path} would not")
        with self._lock:
            ordinal, self._ordinal = self._ordinal, self._ordinal + 1
            session = self._session(base_url or self.target.base_url)
        if key is not None:
            self.redactor.learn(key, "token")
        if self.remaining_s <= 0:
            late = Trouble(TroubleKind.TIMEOUT, f"the {self.budget_s:.0f} seconds of this look were used up")
            sent = Sent(session.request_as_kept(step), None, late, "", 0.0)
        else:
            sent = session.send(step, key)
        exchange = as_exchange(step, sent, ordinal, role)
        with self._lock:
            self.exchanges.append(exchange)
        self.on_exchange(exchange)
        return exchange

    def together(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Make these calls side by side; the results in the order of the calls."""
        if len(calls) < 2:
            return [call() for call in calls]
        with ThreadPoolExecutor(min(AT_ONCE, len(calls))) as pool:
            return list(pool.map(lambda call: call(), calls))

    def moved(self, base_url: str) -> None:
        """Look at this address from now on: the one that was given is wrong, and this one was tried and answers."""
        self.target = replace(self.target, base_url=base_url)

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()

    def _session(self, base_url: str) -> Session:
        """The session for an address, whose patience is no longer than what is left of the time, in whole seconds."""
        left = max(1, math.ceil(min(PATIENCE_S, self.target.timeout_s, self.remaining_s)))
        if (base_url, left) not in self._sessions:
            target = replace(self.target, base_url=base_url, timeout_s=float(left), deadline_s=float(left))
            self._sessions[base_url, left] = Session(target, self.redactor, self.adapter)
        return self._sessions[base_url, left]


def question(title: str, path: str, query: str = "", *, intent: Intent = Intent.CONNECT, key: bool = True) -> Step:
    """A read of our own, which never looks like one of an IdP."""
    headers = [("User-Agent", USER_AGENT), ("Accept", SCIM_JSON)]
    if key:
        headers.append(("Authorization", f"Bearer {TOKEN}"))
    return Step(title, "GET", path, Effect.READ, intent, query=query, headers=tuple(headers), template=path)


def as_exchange(step: Step, sent: Sent, ordinal: int, role: Role, phase: Phase = Phase.DURING) -> Exchange:
    """What came of a step, under an id that is the same in every look at the same service."""
    return sent.of(
        step,
        name=f"x-doctor-{ordinal:03d}",
        scenario=SCENARIO,
        ordinal=ordinal,
        role=role,
        phase=phase,
        moment=0 if role is Role.IDP else -1,
    )
