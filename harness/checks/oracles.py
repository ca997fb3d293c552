"""Oracles: what proves that a write was refused, kept to what may change, or carried out; its effects, not its status.

Three questions are asked all over the checks, and each has one answer here: was this a proper no (``refusal_faults``,
``Refused``), was a read-only attribute left alone (``mutability_faults``), and is the resource what it was or what it
has to be (``unchanged``, ``carried_out``; equality is ``state.differences``). A ``Trial`` is the evidence.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.checks.moments import WRITES, answered, is_scim_error
from harness.checks.reading import searches
from harness.checks.state import Difference, differences, member
from harness.model.exchange import Exchange
from harness.model.finding import Finding, as_json
from harness.model.step import ERROR
from harness.model.transcript import Transcript


@dataclass(frozen=True)
class Trial:
    """One answered write, the resource as it was read before it, and as it was read after it.

    ``before`` and ``after`` are reads of the same resource with no other write to it in between.
    """

    write: Exchange
    before: Exchange
    after: Exchange

    def changes(self, *ignoring: str) -> list[Difference]:
        """Where the resource differs, by the state-equality oracle; ``ignoring`` are JSON Pointers."""
        return differences(self.before.resource, self.after.resource, ignoring=ignoring)


def trial(transcript: Transcript, tag: str) -> Trial | None:
    """The trial of the first answered write with this tag; None when it, or a read around it, tells nothing."""
    write = next((x for x in transcript.tagged(tag) if answered(x) and x.method in WRITES), None)
    return None if write is None else around(transcript, write)


def around(transcript: Transcript, write: Exchange) -> Trial | None:
    """The trial of a write: the nearest reads of the resource that it addresses, before and after it."""
    same = [x for x in transcript.exchanges if x.path == write.path and x.ordinal != write.ordinal]
    before = _nearest(reversed([x for x in same if x.ordinal < write.ordinal]))
    after = _nearest(x for x in same if x.ordinal > write.ordinal)
    return Trial(write, before, after) if before is not None and after is not None else None


def _nearest(exchanges: Iterator[Exchange]) -> Exchange | None:
    """The first read that tells the whole state, unless a write comes first."""
    for exchange in exchanges:
        if exchange.method in WRITES and not searches(exchange):
            return None
        if exchange.method == "GET" and not exchange.query and exchange.resource:
            return exchange
    return None


class Refusal(enum.StrEnum):
    """What was refused; each has its own set of accepted statuses (requirements §2.1)."""

    SERVED = "served"
    UNSERVED = "unserved"
    FEATURE = "feature"


STATUSES = {
    Refusal.SERVED: (405, 403, 501),
    Refusal.UNSERVED: (404, 405, 403, 501),
    Refusal.FEATURE: (501, 404, 405, 403),
}
"""Accepted statuses, the best first: a write on a served type, anything under an unserved type, a missing feature."""

OPERATION_REFUSED = (400, 403, 409, 422, 501)
"""How a PATCH operation may be refused: RFC 7644 §3.5.2 asks for an error, Table 9 for 400."""


def refusal_faults(
    exchange: Exchange, kind: Refusal, *, malformed: bool = False, also: tuple[int, ...] = ()
) -> list[Finding]:
    """Everything that is wrong with the refusal of one request, by the refusal oracle; empty when it is a proper no.

    ``malformed`` requests may get 400 instead; ``also`` names further statuses that are right in this place. A 405
    without Allow and the details of the error body are left to their own clauses.
    """
    accepted = (*STATUSES[kind], *also, *((400,) if malformed else ()))
    if exchange.status not in accepted:
        # 307 and 308 point to an equivalent place, which is asked on its own when somebody follows.
        if exchange.status in (307, 308) and exchange.header("Location"):
            return []
        done = "It was carried out, or claimed to be. " if exchange.ok else ""
        return [
            Finding(
                expected=[f"HTTP {status}" for status in accepted],
                actual=f"HTTP {exchange.status}",
                hint=f"{done}Answer {exchange.method} {exchange.template or exchange.path} with {accepted[0]}, a SCIM "
                "error body, and a detail that tells an administrator what to do instead.",
                exchange=exchange.id,
                likeness="accepted" if exchange.ok else f"status-{exchange.status // 100}xx",
            )
        ]
    faults: list[Finding] = []
    if not is_scim_error(exchange) and exchange.method != "HEAD":
        faults.append(
            Finding(
                expected=[f'a JSON body whose schemas hold "{ERROR}"'],
                actual=_opening(exchange),
                at="/schemas",
                hint="An administrator only sees what the error body says: send a SCIM error, never a web page.",
                exchange=exchange.id,
                likeness="body",
            )
        )
    if exchange.header("Location") is not None:
        faults.append(
            Finding(
                expected=["no Location header in a refusal"],
                actual=exchange.header("Location"),
                at="Location",
                hint="A Location in a refusal makes clients believe that something was created.",
                exchange=exchange.id,
                likeness="location",
            )
        )
    return faults


def mutability_faults(exchange: Exchange, what: str) -> list[Finding]:
    """What is wrong with the answer to a PATCH of a read-only attribute, by the mutability oracle (requirements §2.2).

    Only the status is judged: the keyword is a recommendation, and whether something changed is seen by a later read.
    """
    if exchange.status in OPERATION_REFUSED:
        return []
    return [
        Finding(
            expected=[
                'HTTP 400 with scimType "mutability"',
                f"another of {', '.join(map(str, OPERATION_REFUSED))} with a SCIM error",
            ],
            actual=f"HTTP {exchange.status}",
            hint=f"Refuse to change {what} by PATCH and apply nothing of the request: a client that gets a 2xx "
            "believes that the new value was stored.",
            exchange=exchange.id,
            likeness=f"{what}-accepted" if exchange.ok else f"{what}-{exchange.status // 100}xx",
        )
    ]


def scim_type(exchange: Exchange) -> Any:
    return member(exchange.json, "scimType")


def _opening(exchange: Exchange) -> Any:
    if not exchange.body:
        return "an empty body"
    return exchange.body[:120].decode("utf-8", "replace")


@dataclass(frozen=True)
class Refused:
    """The oracle of a refusal: a proper status, and nothing has happened.

    ``statuses`` are those that may be answered, the best first; ``keyword`` is the scimType that goes with the first.
    """

    statuses: tuple[int, ...]
    keyword: str = ""

    def faults(self, seen: Trial, hint: str, *, ignoring: tuple[str, ...] = ()) -> Iterator[Finding]:
        """A finding when the write was not refused with one of the statuses, or when it has changed something."""
        if seen.write.status not in self.statuses:
            keyword = f' with scimType "{self.keyword}"' if self.keyword else ""
            yield Finding(
                expected=[f"HTTP {s}{keyword if s == self.statuses[0] else ''}" for s in self.statuses],
                actual=f"HTTP {seen.write.status}",
                hint=hint,
                exchange=seen.write.id,
                likeness="accepted" if seen.write.ok else f"{seen.write.status // 100}xx",
            )
        if not seen.write.ok:
            yield from unchanged(seen, hint, ignoring=ignoring)


def unchanged(seen: Trial, hint: str, *, ignoring: tuple[str, ...] = ()) -> Iterator[Finding]:
    """The oracle of state equality: a finding for each place that the write must not have touched."""
    for difference in seen.changes(*ignoring):
        yield Finding(
            expected=[f"{difference.pointer} as before: {as_json(difference.before)}"],
            actual=difference.after,
            at=difference.pointer,
            hint=hint,
            exchange=seen.after.id,
            likeness=f"changed-{difference.pointer}",
        )


def carried_out(found: Trial, expected: Any, actual: Any, at: str, hint: str) -> Iterator[Finding]:
    """The oracle of a write that has to work: a finding when it was refused, or has not led to what was expected."""
    if not found.write.ok:
        yield Finding(
            expected=["HTTP 200 or 204"],
            actual=f"HTTP {found.write.status}",
            hint=hint,
            exchange=found.write.id,
            likeness=f"{found.write.status // 100}xx",
        )
    elif expected != actual:
        yield Finding(
            expected=[f"{at}: {as_json(expected)}"],
            actual=actual,
            at=at,
            hint=hint,
            exchange=found.after.id,
            likeness="state",
        )
