"""The hand that writes: one account, switched off, switched on and put back, and nothing else anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import quote

from harness.doctor.visit import as_exchange
from harness.ledger import Ledger
from harness.model.exchange import Exchange, Phase, Role, Trouble, TroubleKind
from harness.model.step import PATCH_OP, SCIM_JSON, Effect, Intent, Place, Step, compact_json
from harness.wire.guard import Guard
from harness.wire.session import Sent, Session
from harness.witness import HEADERS, read

Result = TypeVar("Result")

MEANT = (Intent.DEACTIVATE, Intent.REACTIVATE)
"""What an IdP may do here. Whatever else it would write as it is set up is held back."""

_OURS = (*HEADERS, ("Content-Type", SCIM_JSON))
_UNSTEADY = ("meta",)
_RESTORE = "restore"
_COMPARE = "Compare the person with what was written down before"

MENDED = frozenset({"active", "externalId"})
"""What is put back when it differs; everything else is only told."""


@dataclass
class Hand:
    """Sends steps about one account. Each write is in the ledger, on the disk, before it is sent."""

    session: Session
    ledger: Ledger
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None
    exchanges: list[Exchange] = field(default_factory=list)
    first: int = 0
    """The number of the first exchange: those of the look before come first."""

    def __post_init__(self) -> None:
        self._guard = Guard(self.session.target, self.ledger.path)
        self._guard.permit(self.ledger.id)

    def play(
        self, steps: Generator[Step, Exchange, Result], role: Role, moment: int, phase: Phase = Phase.DURING
    ) -> Result:
        """Drive a generator of steps to its end and return what it returns."""
        try:
            step = next(steps)
            while True:
                step = steps.send(self.send(step, role, moment, phase))
        except StopIteration as end:
            result: Result = end.value
            return result

    def send(self, step: Step, role: Role = Role.WITNESS, moment: int = -1, phase: Phase = Phase.DURING) -> Exchange:
        """Send one step, or say in its Exchange why it was held back. Raises OSError when a write cannot be noted."""
        ordinal = self.first + len(self.exchanges)
        refusal = self._refusal(step, role)
        if refusal is not None:
            sent = Sent(self.session.request_as_kept(step), None, refusal, "", 0.0)
        else:
            self._note(step, f"x-doctor-{ordinal:03d}")
            if step.pause_s:
                time.sleep(step.pause_s)
            sent = self.session.send(step)
        exchange = replace(as_exchange(step, sent, ordinal, role, phase), moment=moment)
        self.exchanges.append(exchange)
        self.on_exchange(exchange)
        return exchange

    def now(self, title: str) -> dict[str, Any] | None:
        """The person as they are now; None when that cannot be told."""
        answer = self.send(read(self.ledger.id, "person", title, "doctor"))
        return answer.resource or None

    def put_back(self, settle_s: float = 0.0) -> tuple[bool | None, tuple[str, ...]]:
        """See to it that the account is as it was before.

        Whether access is as it was (None: it cannot be told), and the names of attributes that still differ. With
        ``settle_s`` it is looked at once more after so many seconds: a request of a look that was cut short may still
        have been on its way.
        """
        before = self.ledger.before
        repairs = iter(self._repairs())
        now, waited = self.now(_COMPARE), not settle_s
        while now is not None:
            apart = differing(before, now)
            if MENDED & set(apart):
                repair = next(repairs, None)
                if repair is None:
                    return now.get("active") == before.get("active"), apart
                self.send(repair)
            elif waited:
                return True, apart
            else:
                waited = True
                time.sleep(settle_s)
            now = self.now(_COMPARE)
        return None, ()

    def _repairs(self) -> tuple[Step, ...]:
        """Three ways of saying the same: services differ in which of them they take."""
        before = self.ledger.before
        values = {name: before[name] for name in ("active", "externalId") if name in before}
        by_path: list[dict[str, Any]] = [{"op": "replace", "path": n, "value": v} for n, v in values.items()]
        if "externalId" not in before:
            by_path.append({"op": "remove", "path": "externalId"})
        only_active: list[dict[str, Any]] = [{"op": "replace", "value": {"active": before.get("active", True)}}]
        return (
            self._write("PATCH", {"schemas": [PATCH_OP], "Operations": by_path[:1]}),
            self._write("PATCH", {"schemas": [PATCH_OP], "Operations": by_path}),
            self._write("PATCH", {"schemas": [PATCH_OP], "Operations": only_active}),
            self._write("PUT", before),
        )

    def _note(self, step: Step, id: str) -> None:
        try:
            self._guard.note(step, id, "doctor")
        except OSError:
            # A full disk must not keep anybody from being put back: who that is has been written down before.
            if step.tag != _RESTORE:
                raise

    def _write(self, method: str, body: Any) -> Step:
        return Step(
            title="Put the person back as they were",
            method=method,
            path=f"/Users/{quote(self.ledger.id, safe='')}",
            template="/Users/{id}",
            effect=Effect.WRITE,
            intent=Intent.REACTIVATE,
            headers=_OURS,
            body=compact_json(body),
            subject="person",
            tag=_RESTORE,
        )

    def _refusal(self, step: Step, role: Role) -> Trouble | None:
        if step.place is Place.HOOK or (step.effect is Effect.READ and step.method == "GET"):
            return None
        own = step.path == f"/Users/{quote(self.ledger.id, safe='')}"
        if not own or step.method not in ("PATCH", "PUT") or (role is Role.IDP and step.intent not in MEANT):
            return Trouble(
                TroubleKind.GUARD,
                f"{step.method} {step.template or step.path} would do more than switch {self.ledger.account} off and "
                "on",
            )
        return self._guard.refuse(step)


def differing(before: dict[str, Any], now: dict[str, Any]) -> tuple[str, ...]:
    """The names of attributes that are not as they were; when and how often somebody was changed does not count."""
    names = dict.fromkeys((*before, *now))
    return tuple(n for n in names if n not in _UNSTEADY and before.get(n) != now.get(n))
