"""The connection tests of the IdPs themselves: the requests that their buttons send, and what they would show then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.doctor.remedies import fix
from harness.doctor.visit import Visit
from harness.model.account import Cast
from harness.model.change import TestConnection
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange, Role
from harness.model.idp import Vendor
from harness.model.outlook import Notice
from harness.model.scenario import Kind, ScenarioKey
from harness.model.secret import Secret
from harness.model.step import Intent
from harness.model.transcript import Transcript


@dataclass(frozen=True)
class Speaker:
    """One IdP in one app type, as the operator has it: "okta" and "oin"."""

    vendor: Vendor
    variant: str

    @property
    def name(self) -> str:
        return self.vendor.name


def speakers(idps: tuple[str, ...], vendors: Mapping[str, Vendor]) -> tuple[Speaker, ...]:
    """The named IdPs, each in the app type named behind a colon or in its first. Raises KeyError for an unknown one."""
    found = []
    for entry in idps:
        name, _, variant = entry.partition(":")
        vendor = vendors[name]
        found.append(Speaker(vendor, vendor.variant(variant).name if variant else vendor.variants[0].name))
    return tuple(found)


@dataclass(frozen=True)
class Tested:
    """What came of one connection test: the exchanges, and the notices that the IdP would show."""

    speaker: Speaker
    exchanges: tuple[Exchange, ...]
    notices: tuple[Notice, ...]

    @property
    def first(self) -> Exchange | None:
        return self.exchanges[0] if self.exchanges else None

    @property
    def passed(self) -> bool:
        return bool(self.notices) and not any(n.troubled for n in self.notices)

    @property
    def groups(self) -> tuple[Exchange, ...]:
        return tuple(x for x in self.exchanges if x.intent in (Intent.GROUP_READ, Intent.GROUP_LOOKUP))


def test(speaker: Speaker, visit: Visit, base_url: str, key: Secret) -> Tested:
    """Play the connection test of an IdP with the address and the key as they stand in its fields."""
    steps = speaker.vendor.connect(speaker.variant).react(TestConnection(), Cast())
    exchanges: list[Exchange] = []
    try:
        step = next(steps)
        while True:
            exchanges.append(visit.ask(step, base_url=base_url, key=key, role=Role.IDP))
            if exchanges[-1].trouble is not None:
                steps.close()
                break
            step = steps.send(exchanges[-1])
    except StopIteration:
        pass
    return Tested(speaker, tuple(exchanges), _notices(speaker, base_url, exchanges))


def _notices(speaker: Speaker, base_url: str, exchanges: list[Exchange]) -> tuple[Notice, ...]:
    title = "The administrator tests the connection"
    transcript = Transcript(
        scenario=ScenarioKey("doctor", Kind.STORY, title, speaker.name, speaker.variant),
        base_url=base_url,
        exchanges=tuple(exchanges),
        changes=(TestConnection(),),
        cast=Cast(),
        complete=True,
        stopped="",
    )
    return speaker.vendor.outlook(transcript).notices


def line(tested: Tested) -> Line:
    """What the IdP's own button says. What is behind a failure is told by the other lines."""
    title = f"{tested.speaker.vendor.title}: its own connection test"
    id = f"test-{tested.speaker.name}"
    first = tested.first
    proof = tuple(
        Proof(
            f'{n.where}: {n.status}: "{n.text}"{" (text inferred, not seen by us)" if n.inferred else ""}', n.exchange
        )
        for n in tested.notices
    )
    if tested.passed:
        return Line(id, State.OK, title, "It passes.", evidence=proof)
    troubled = [n for n in tested.notices if n.troubled]
    shown = troubled[0].text if troubled else ""
    told = f'It fails and shows: "{_clipped(shown)}"' if shown else "It fails."
    if first is not None and first.ok and any(n.exchange in {x.id for x in tested.groups} for n in troubled):
        return Line(
            id,
            State.WARNING,
            title,
            f"{told} People are answered for, groups are not: with groups switched off it passes.",
            fix("Switch groups off, then test again.", "groups", (tested.speaker.name,)),
            "customer",
            evidence=proof,
        )
    if first is not None and first.trouble is not None:
        told = f"It would fail: {first.trouble.message}."
    return Line(
        id,
        State.WRONG,
        title,
        f"{told} Without a passed test there is nothing to save, and whoever leaves keeps access.",
        fix("Put right what the other lines name, then test again.", "test", (tested.speaker.name,)),
        "customer",
        evidence=proof,
    )


def _clipped(text: str, most: int = 220) -> str:
    """The beginning of what is shown: an error text may hold a whole page. The rest is in the evidence."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}..."
