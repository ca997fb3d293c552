"""Recording: what files show of the wire, sorted into scenarios that can be judged, reported, compared and replayed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.intake.dialects import Clues, Sender, product_of
from harness.intake.intents import address_of
from harness.model.exchange import Exchange, Role
from harness.model.scenario import Kind, ScenarioKey
from harness.model.sighting import Complaint, Confidence, Sighting
from harness.model.transcript import Transcript

MOST = 20_000
"""So many exchanges are kept at most: a run directory and its reports hold all of them."""
MOST_BYTES = 128 * 1024 * 1024
"""So many bytes of bodies are kept at most."""
PART = 1_000
"""A longer conversation is cut into parts: each is judged by itself."""


@dataclass
class Gathered:
    """What files show. ``transcripts`` stand in the order of their first requests; ``senders`` by scenario id.

    ``exchanges`` counts what was found, also beyond what was kept; ``filled``: no more was kept because the bodies were
    too large together. ``unanswered`` is what has no answer to judge; ``reported`` what only a log tells of.
    """

    transcripts: list[Transcript] = field(default_factory=list)
    senders: dict[str, Sender] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    exchanges: int = 0
    kept: int = 0
    filled: bool = False
    unanswered: int = 0
    reported: int = 0

    @property
    def notices(self) -> list[str]:
        """What makes the result narrower than a reader may think, in sentences."""
        told = [f"{c.provenance.file}, {c.provenance.place}: {c.message}." for c in self.complaints]
        if self.kept < self.exchanges:
            why = (
                f": their bodies fill the {MOST_BYTES >> 20} MB that are kept at most. For the others cut the file "
                "down to the time in question."
                if self.filled
                else "; --most raises the number."
            )
            told.append(f"Only the first {self.kept} of {self.exchanges} exchanges were looked at{why}")
        if self.unanswered:
            told.append(f"{self.unanswered} requests were recorded without their answers and could not be judged.")
        if self.reported:
            told.append(
                f"{self.reported} entries of an IdP's log were not judged: a log tells what happened and not what "
                "crossed the wire."
            )
        return told


@dataclass
class _Conversation:
    base: str
    ours: bool = True
    seen: list[Exchange] = field(default_factory=list)
    clues: Clues = field(default_factory=Clues)


def gather(
    found: Iterable[Sighting | Complaint], *, most: int = MOST, idp: str = "", variant: str = "", answered: bool = True
) -> Gathered:
    """Sort what files show into transcripts of recordings, one for each sender and base URL.

    ``idp`` and ``variant`` name the sender where it is known. With ``answered`` what has no answer is left out.
    """
    gathered = Gathered()
    conversations: dict[tuple[str, str], _Conversation] = {}
    latest: dict[str, _Conversation] = {}
    size = 0
    for one in found:
        if isinstance(one, Complaint):
            gathered.complaints.append(one)
            continue
        if one.exchange is None or one.confidence is not Confidence.RECORDED:
            gathered.reported += 1
            continue
        exchange = one.exchange
        if answered and exchange.response is None and exchange.trouble is None:
            gathered.unanswered += 1
            continue
        gathered.exchanges += 1
        size += len(exchange.body) + len(exchange.request.body or b"")
        if gathered.kept >= most or size > MOST_BYTES:
            gathered.filled = gathered.filled or gathered.kept < most
            continue
        gathered.kept += 1
        conversation = _conversation(exchange, conversations, latest)
        conversation.clues.see(exchange)
        exchange.forget()
        place = f"from {one.provenance.file}, {one.provenance.place}"
        conversation.seen.append(replace(exchange, notes=(*exchange.notes, place)))
    _sort(gathered, [*conversations.values()], idp, variant)
    return gathered


def _conversation(
    exchange: Exchange, known: dict[tuple[str, str], _Conversation], latest: dict[str, _Conversation]
) -> _Conversation:
    """Where an exchange belongs: what this program itself asked goes with the client that it looked after."""
    address = address_of(exchange.request.url)
    base = address.base if address is not None else exchange.request.url
    if exchange.role is not Role.IDP and base in latest:
        return latest[base]
    product = product_of(exchange) if exchange.role is Role.IDP else ""
    own = known.get((base, ""))
    if product and own is not None and own.ours and (base, product) not in known:
        # What this program asked beforehand opens the conversation of the first client that follows.
        known[(base, product)] = known.pop((base, ""))
    conversation = known.setdefault((base, product), _Conversation(base))
    conversation.ours = conversation.ours and exchange.role is not Role.IDP
    latest[base] = conversation
    return conversation


def _sort(gathered: Gathered, conversations: list[_Conversation], idp: str, variant: str) -> None:
    numbers: dict[str, int] = {}
    for conversation in conversations:
        seen = conversation.seen
        if all(exchange.started_at for exchange in seen):
            seen.sort(key=lambda exchange: exchange.started_at)
    conversations.sort(key=lambda one: one.seen[0].started_at)
    for conversation in conversations:
        sender = conversation.clues.sender()
        if idp:
            sender = replace(sender, idp=idp, variant=variant or (sender.variant if sender.idp == idp else ""))
        name = sender.idp or "client"
        for part in _parts(conversation.seen):
            numbers[name] = numbers.get(name, 0) + 1
            transcript = _transcript(f"{name}/recorded-{numbers[name]}", sender, conversation.base, part)
            gathered.transcripts.append(transcript)
            gathered.senders[transcript.scenario.id] = sender


def _parts(seen: list[Exchange]) -> Iterator[list[Exchange]]:
    for start in range(0, len(seen), PART):
        yield seen[start : start + PART]


def _transcript(scenario: str, sender: Sender, base: str, seen: list[Exchange]) -> Transcript:
    digest = hashlib.sha256(scenario.encode()).hexdigest()[:6]
    exchanges = tuple(
        replace(exchange, id=f"x-{digest}-{ordinal:03d}", scenario=scenario, ordinal=ordinal)
        for ordinal, exchange in enumerate(seen)
    )
    first, last = seen[0].started_at[:16], seen[-1].started_at[:16]
    when = f", from {first}Z to {last}Z".replace("T", " ") if first and last else ""
    where = base.partition("://")[2] or base or "an unnamed host"
    title = f"{len(seen)} recorded request{'' if len(seen) == 1 else 's'} to {where}{when}"
    key = ScenarioKey(scenario, Kind.RECORDING, title, sender.idp, sender.variant)
    return Transcript(key, base, exchanges)
