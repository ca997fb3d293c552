"""Keeping: a capture as a run directory, written line by line while it goes on, judged and reported like any other."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import harness
from harness import bundle, record
from harness.bundle import profile_to_json, versions
from harness.capture.lint import remarks
from harness.capture.listener import Incoming
from harness.catalogue.loader import load as load_catalogue
from harness.checks import all_checks
from harness.codec import cast_to_json, key_to_json, verdict_to_json
from harness.intake.dialects import Clues, Sender, client_of, product_of
from harness.intake.intents import Address, Names, address_of, read_request
from harness.judge import in_use, judge
from harness.model.account import Cast
from harness.model.check import Scope
from harness.model.exchange import Exchange, Phase, Request, Response, Trouble, parse_json
from harness.model.profile import Profile
from harness.model.run import Run
from harness.model.scenario import Kind, ScenarioKey
from harness.model.transcript import Transcript
from harness.model.verdict import Outcome
from harness.record import Recorder
from harness.stage import retell
from harness.veil import Veil
from harness.wire.redact import Redactor

MOST = 20_000
"""So many exchanges are kept in memory where people are veiled: they cannot be judged from the record."""

_BROKEN = (Outcome.FAILED, Outcome.WARNED)


@dataclass
class _Conversation:
    """What one client has sent so far."""

    key: ScenarioKey
    clues: Clues = field(default_factory=Clues)
    names: Names = field(default_factory=Names)
    sender: Sender = field(default_factory=Sender)
    ordinal: int = 0
    kept: list[Exchange] = field(default_factory=list)


@dataclass
class Keeper:
    """Writes a capture down. ``on_exchange`` is told of each exchange, ``on_sender`` when it is known who sends.

    ``base_url`` is where the capture is reached, ``behind`` the service that answers ("": the reference server).
    Raises RecordError when the directory cannot be written.
    """

    directory: Path
    profile: Profile
    redactor: Redactor
    base_url: str
    behind: str = ""
    veil: Veil | None = None
    notices: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    on_exchange: Callable[[Exchange, Sender], None] = lambda _exchange, _sender: None

    def __post_init__(self) -> None:
        if any(self.directory.glob("events*.jsonl*")):
            raise record.RecordError(f"{self.directory} holds a run already: name another directory with --out")
        self.recorder = Recorder(self.directory, veil=self.veil)
        self._lock = threading.Lock()
        self._conversations: dict[str, _Conversation] = {}
        self._checks = [
            c for c in in_use(self.profile, load_catalogue(), all_checks().values()) if c.scope is Scope.EXCHANGE
        ]
        self._waiting: queue.Queue[Exchange | None] = queue.Queue()
        self._judging = threading.Thread(target=self._judge_each, daemon=True)
        self._told: set[tuple[str, str]] = set()
        self.recorder.event(
            "run_started",
            schema=record.SCHEMA_EVENTS,
            base_url=self.base_url,
            reference_server=not self.behind,
            profile=profile_to_json(self.profile),
            idps=[],
            scenarios=[],
            open_ended=True,
            unreachable="",
            known=[],
            today=datetime.now(UTC).date().isoformat(),
            notices=list(self.notices),
            meta={"tool": harness.__version__, "seed": "0", **versions(), **self.meta},
        )
        self._judging.start()

    def refused(self, incoming: Incoming, status: int, why: str) -> None:
        """Write down that somebody was not let in: where from, what for, and nothing that they carried."""
        path = self.redactor.text(incoming.path)
        if self.veil is not None:
            path = "/".join(path.split("/")[:4])
        self.recorder.event(
            "capture_refused",
            method=incoming.method,
            path=path,
            status=status,
            why=self.redactor.text(why),
            peer=incoming.peer,
            headers=[name for name, _ in incoming.headers],
        )

    def keep(
        self, incoming: Incoming, origin: str, answer: Response | Trouble, started_at: str, elapsed_ms: float
    ) -> Exchange:
        """Write down one exchange, redacted."""
        exchange = self._read(incoming, origin, answer, started_at, elapsed_ms)
        with self._lock:
            conversation = self._conversation(exchange)
            exchange = self._placed(exchange, conversation)
            self._recognise(exchange, conversation)
            self.recorder.exchange(self._veiled(exchange))
            if self.veil is not None and len(conversation.kept) < MOST:
                conversation.kept.append(exchange)
            for resource in exchange.resources:
                conversation.names.learn(resource)
            sender = conversation.sender
        self.on_exchange(exchange, sender)
        self._waiting.put(exchange)
        return exchange

    def finish(self) -> Run:
        """Say that the capture has ended, judge it, and write run.json and findings.json. Raises RecordError."""
        self._waiting.put(None)
        self._judging.join(timeout=60)
        for conversation in self._conversations.values():
            scenario = conversation.key.id
            if self.veil is not None:
                judged = self._judged(conversation)
                self.recorder.event("scenario_judged", scenario=scenario, verdicts=judged)
            cast = cast_to_json(Cast())
            self.recorder.event(
                "scenario_finished", scenario=scenario, complete=True, stopped="", problem="", cast=cast
            )
        self.recorder.event("run_finished")
        self.recorder.close()
        run = retell(self.directory)
        bundle.write(run, self.directory)
        return run

    def _veiled(self, exchange: Exchange) -> Exchange:
        """With people's names out of what we ourselves say about an exchange; the veil of the record does the rest."""
        if self.veil is None:
            return exchange
        self.veil.learn(exchange.subject)
        notes = tuple(self.veil.text(note) for note in exchange.notes)
        return replace(exchange, subject=self.veil.text(exchange.subject), notes=notes)

    def _judged(self, conversation: _Conversation) -> list[dict[str, Any]]:
        transcript = Transcript(conversation.key, self.base_url, tuple(conversation.kept), complete=True)
        requirements = load_catalogue()
        checks = in_use(self.profile, requirements, all_checks().values())
        return [verdict_to_json(v) for v in judge(transcript, self.profile, requirements, checks)]

    def _judge_each(self) -> None:
        """Say at once what the checks of single exchanges find, beside the traffic and never in its way."""
        while (exchange := self._waiting.get()) is not None:
            key = ScenarioKey(exchange.scenario, Kind.RECORDING, "")
            transcript = Transcript(key, self.base_url, (exchange,), complete=True)
            for verdict in judge(transcript, self.profile, load_catalogue(), self._checks):
                told = (verdict.requirement, exchange.template)
                if verdict.outcome in _BROKEN and told not in self._told:
                    self._told.add(told)
                    self.recorder.event(
                        "capture_remark",
                        exchange=exchange.id,
                        requirement=verdict.requirement,
                        outcome=verdict.outcome.value,
                        says=load_catalogue()[verdict.requirement].says,
                    )

    def _read(
        self, incoming: Incoming, origin: str, answer: Response | Trouble, started_at: str, elapsed_ms: float
    ) -> Exchange:
        url = self.redactor.text(origin + incoming.target)
        request = Request(
            incoming.method,
            url,
            self.redactor.headers(incoming.headers),
            self.redactor.data(incoming.body) if incoming.body else None,
        )
        response = answer if isinstance(answer, Response) else None
        if response is not None:
            response = replace(
                response, headers=self.redactor.headers(response.headers), body=self.redactor.data(response.body)
            )
        trouble = answer if isinstance(answer, Trouble) else None
        if trouble is not None:
            trouble = replace(trouble, message=self.redactor.text(trouble.message))
        address = address_of(url)
        reading = read_request(incoming.method, address or _elsewhere(url), parse_json(request.body or b""))
        return Exchange(
            id="",
            scenario="",
            ordinal=0,
            role=client_of(request.headers),
            phase=Phase.DURING,
            moment=-1,
            title=reading.title,
            intent=reading.intent,
            effect=reading.effect,
            request=request,
            response=response,
            trouble=trouble,
            subject=reading.subject,
            tag=reading.tag,
            template=address.template if address else "",
            path=address.path if address else incoming.path,
            query=address.query if address else incoming.query,
            started_at=started_at,
            elapsed_ms=elapsed_ms,
        )

    def _conversation(self, exchange: Exchange) -> _Conversation:
        product = product_of(exchange)
        if product not in self._conversations:
            number = len(self._conversations) + 1
            key = ScenarioKey(
                f"captured/{number}", Kind.RECORDING, f"Captured from {product or 'a client without a name'}"
            )
            self._conversations[product] = _Conversation(key)
            self._start(self._conversations[product])
        return self._conversations[product]

    def _start(self, conversation: _Conversation) -> None:
        # Said again when it is known better who sends: the last of them counts.
        key = key_to_json(conversation.key)
        self.recorder.event("scenario_started", key=key, base_url=self.base_url, changes=[])

    def _placed(self, exchange: Exchange, conversation: _Conversation) -> Exchange:
        address = address_of(exchange.request.url)
        if address is not None:
            reading = read_request(exchange.method, address, exchange.sent, conversation.names)
            exchange = replace(
                exchange, title=reading.title, intent=reading.intent, subject=reading.subject, tag=reading.tag
            )
        ordinal, conversation.ordinal = conversation.ordinal, conversation.ordinal + 1
        scenario = conversation.key.id
        number = hashlib.sha256(scenario.encode()).hexdigest()[:6]
        exchange = replace(exchange, id=f"x-{number}-{ordinal:03d}", scenario=scenario, ordinal=ordinal)
        return replace(exchange, notes=tuple(remarks(exchange, self.profile)))

    def _recognise(self, exchange: Exchange, conversation: _Conversation) -> None:
        conversation.clues.see(exchange)
        sender = conversation.clues.sender()
        if (sender.idp, sender.variant) != (conversation.sender.idp, conversation.sender.variant):
            who = f"{sender.idp} ({sender.variant})" if sender.variant else sender.idp or "a client"
            conversation.key = replace(
                conversation.key, idp=sender.idp, variant=sender.variant, title=f"Captured from {who}"
            )
            self._start(conversation)
        conversation.sender = sender


def _elsewhere(url: str) -> Address:
    return Address(url, "", "", "")
