"""Play: drives the generators of a scenario over the wire, one step after the other, and records each exchange."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar
from urllib.parse import quote, unquote

from harness.casting import Casting, NotCast
from harness.codec import cast_to_json, change_to_json, key_to_json
from harness.model.account import Cast, Member
from harness.model.change import KeyExpires, KeyRenewed, SignIn
from harness.model.exchange import MEETS, WORN_KEY, Exchange, Phase, Role, TroubleKind
from harness.model.idp import IdP, Vendor
from harness.model.scenario import Kind, Scenario
from harness.model.secret import Secret
from harness.model.step import Intent, Place, Step
from harness.model.transcript import Transcript
from harness.record import Recorder
from harness.wire.guard import Guard
from harness.wire.session import Sent, Session
from harness.witness import Witness

_ENDING = (Intent.DEACTIVATE, Intent.DELETE)

PATIENCE = 3
"""After so many steps without an answer a scenario is given up: waiting longer proves nothing."""

NO_LONGER_GOOD = Secret("scimulator-expired-key", "the story, which let the key expire")

Result = TypeVar("Result")


class GivenUp(Exception):
    """A scenario cannot go on."""


@dataclass(frozen=True)
class Played:
    """A finished scenario. ``problem`` is "" or "error" (the set-up broke) or "not_run" (not allowed, no account)."""

    transcript: Transcript
    problem: str = ""


@dataclass
class Player:
    """Plays scenarios against one target. ``throwaway`` targets are not tidied up afterwards.

    ``watched``: the Witness reads before and after each Change. Without it only what the IdP itself met is known.
    """

    session: Session
    guard: Guard
    casting: Casting
    recorder: Recorder
    vendors: Mapping[str, Vendor]
    throwaway: bool = False
    watched: bool = True
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None

    def play(self, scenario: Scenario) -> Played:
        """Play one scenario to its end, or as far as it goes. Never raises for what the service does."""
        target = self.session.target
        stage = _Stage(self, scenario)
        changes = scenario.story.changes if scenario.story else ()
        self.recorder.event(
            "scenario_started",
            key=key_to_json(scenario.key),
            base_url=target.base_url,
            changes=[change_to_json(c) for c in changes],
        )
        cast, problem, stopped = Cast(), "", ""
        members: tuple[Member, ...] = ()
        try:
            cast = stage.run(self.casting.cast(scenario), Role.SETUP)
            members = cast.members
            stage.stop_when_silent = True
            if scenario.story is not None:
                cast = self._tell(stage, scenario, cast)
            elif scenario.probe is not None:
                # What an IdP once sent is sent in its name again.
                recorded = scenario.key.kind is Kind.RECORDING
                stage.run(scenario.probe.run(cast), Role.IDP if recorded else Role.PROBE)
        except NotCast as error:
            problem, stopped, members = ("error" if error.broke else "not_run"), str(error), error.members
        except GivenUp as error:
            problem, stopped = "", str(error)
        if not self.throwaway:
            stage.stop_when_silent = False
            stage.run(self.casting.strike(members, tuple(stage.created)), Role.SETUP)
        if not stopped and stage.lost:
            stopped = f"{len(stage.lost)} of {stage.ordinal} requests got no answer: {stage.lost[0]}"
        transcript = Transcript(
            scenario=scenario.key,
            base_url=target.base_url,
            exchanges=tuple(stage.exchanges),
            changes=changes,
            cast=cast,
            complete=not stopped,
            stopped=stopped,
        )
        self.recorder.event(
            "scenario_finished",
            scenario=scenario.id,
            complete=transcript.complete,
            stopped=stopped,
            problem=problem,
            cast=cast_to_json(cast),
        )
        return Played(transcript, problem)

    def _tell(self, stage: _Stage, scenario: Scenario, cast: Cast) -> Cast:
        """Play one Change after the other. Returns the cast as it is in the end. Raises NotCast, GivenUp."""
        assert scenario.story is not None
        idps = {"": self.vendors[scenario.key.idp].connect(scenario.key.variant)}
        witness = Witness(frozenset(self.session.target.hooks), self.session.target.patience_s)
        expired: set[str] = set()
        for moment, change in enumerate(scenario.story.changes):
            if isinstance(change, KeyExpires):
                expired.add(change.by)
            elif isinstance(change, KeyRenewed):
                expired.discard(change.by)
            seen = frozenset(
                x.subject for x in stage.exchanges if x.moment == moment - 1 and x.phase is Phase.AFTER and x.answered
            )
            if change.by not in idps:
                idps[change.by] = self._another(scenario.key.idp)
            if self.watched:
                stage.run(witness.before(change, cast, seen), Role.WITNESS, Phase.BEFORE, moment)
            if isinstance(change, SignIn):
                cast = stage.run(self.casting.admit(cast, change.part, moment), Role.SETUP, Phase.DURING, moment)
            else:
                role = Role.SECOND_IDP if change.by else Role.IDP
                stage.key = NO_LONGER_GOOD if change.by in expired else None
                stage.run(idps[change.by].react(change, cast), role, Phase.DURING, moment)
                stage.key = None
            if not self.watched:
                continue
            ended = frozenset(x.subject for x in stage.exchanges if x.moment == moment and x.intent in _ENDING and x.ok)
            stage.run(witness.after(change, cast, ended), Role.WITNESS, Phase.AFTER, moment)
        return cast

    def _another(self, than: str) -> IdP:
        """The second IdP of a story: the next vendor, in its first app type."""
        name = next((n for n in self.vendors if n != than), than)
        return self.vendors[name].connect(self.vendors[name].variants[0].name)


@dataclass
class _Stage:
    player: Player
    scenario: Scenario
    exchanges: list[Exchange] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    silent: int = 0
    ordinal: int = 0
    key: Secret | None = None
    """The key that is sent instead of the target's own, or None."""
    stop_when_silent: bool = True

    def run(
        self,
        steps: Generator[Step, Exchange, Result],
        role: Role,
        phase: Phase = Phase.DURING,
        moment: int = -1,
    ) -> Result:
        """Drive one generator to its end and return its return value. Raises GivenUp after PATIENCE silent steps."""
        try:
            step = next(steps)
            while True:
                exchange = self._exchange(step, role, phase, moment)
                if self.stop_when_silent and self.silent >= PATIENCE:
                    steps.close()
                    raise GivenUp(f"given up after {self.silent} requests without an answer: {self.lost[-1]}")
                step = steps.send(exchange)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _exchange(self, step: Step, role: Role, phase: Phase, moment: int) -> Exchange:
        """Send a step, and at the same moment those along with it; kept in the order in which they were yielded."""
        together = (step, *step.along)
        sent = self._send(together)
        if len(together) > 1:
            ids = [self._id(self.ordinal + place) for place in range(len(together))]
            others = [", ".join(i for i in ids if i != own) for own in ids]
            sent = [replace(s, notes=(*s.notes, MEETS + o)) for s, o in zip(sent, others, strict=True)]
        if self.key is not None:
            sent = [replace(s, notes=(*s.notes, WORN_KEY)) for s in sent]
        first, *_ = [self._kept(s, answer, role, phase, moment) for s, answer in zip(together, sent, strict=True)]
        return first

    def _send(self, together: tuple[Step, ...]) -> list[Sent]:
        player = self.player
        allowed = []
        for place, step in enumerate(together):
            refusal = player.guard.refuse(step)
            if refusal is not None:
                allowed.append(partial(Sent, player.session.request_as_kept(step), None, refusal, "", 0.0))
                continue
            player.guard.note(step, self._id(self.ordinal + place), self.scenario.id)
            if step.pause_s:
                time.sleep(step.pause_s)
            allowed.append(partial(player.session.send, step, self.key))
        return [send() for send in allowed] if len(allowed) == 1 else at_once(allowed)

    def _id(self, ordinal: int) -> str:
        return f"x-{hashlib.sha256(self.scenario.id.encode()).hexdigest()[:6]}-{ordinal:03d}"

    def _kept(self, step: Step, sent: Sent, role: Role, phase: Phase, moment: int) -> Exchange:
        player = self.player
        exchange = sent.of(
            step,
            name=self._id(self.ordinal),
            scenario=self.scenario.id,
            ordinal=self.ordinal,
            role=role,
            phase=phase,
            moment=moment,
        )
        self.ordinal += 1
        self._remember(step, exchange)
        player.recorder.exchange(exchange)
        player.on_exchange(exchange)
        self.exchanges.append(exchange)
        return exchange

    def _remember(self, step: Step, exchange: Exchange) -> None:
        if exchange.trouble is not None:
            if exchange.trouble.kind is not TroubleKind.GUARD:
                self.silent += 1
                self.lost.append(exchange.trouble.message)
            return
        self.silent = 0
        if step.place is Place.HOOK and isinstance(exchange.json, dict) and exchange.json.get("created") is True:
            self.player.guard.permit(str(exchange.json.get("id")))
        resource_id = exchange.resource.get("id")
        if (
            step.place is Place.SCIM
            and step.method == "POST"
            and exchange.status == 201
            and isinstance(resource_id, str)
        ):
            # What this run has made it may also change and take away.
            self.player.guard.permit(resource_id)
            if step.intent is not Intent.LOOKUP:
                self.created.append(f"{step.path.rstrip('/')}/{quote(resource_id, safe='')}")
        for path in _created_in_bulk(step, exchange):
            self.player.guard.permit(unquote(path.rpartition("/")[2]))
            self.created.append(path)
        if step.method == "DELETE" and exchange.ok and step.path in self.created:
            self.created.remove(step.path)


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Make all calls at one moment, each in a thread of its own; the results in the order of the calls."""
    gate = threading.Barrier(len(calls))

    def call(one: Callable[[], Result]) -> Result:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def _created_in_bulk(step: Step, exchange: Exchange) -> list[str]:
    """The paths of what a bulk request has created, below the base URL."""
    results = exchange.json.get("Operations") if step.path == "/Bulk" and isinstance(exchange.json, dict) else None
    base = exchange.request.url.removesuffix("/Bulk")
    found = []
    for result in results if isinstance(results, list) else []:
        location = result.get("location") if isinstance(result, dict) else None
        if isinstance(location, str) and str(result.get("status")) == "201" and location.startswith(f"{base}/"):
            found.append(location.removeprefix(base))
    return found
