"""The desk of a capture: takes what arrived through gate and backstage to the keeper, and answers."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.capture.backstage import BASE, Backstage
from harness.capture.gate import Gate, error
from harness.capture.keeping import Keeper
from harness.capture.listener import Incoming, Outgoing
from harness.model.exchange import Response


@dataclass
class Desk:
    """Answers each request. ``scheme`` is how the capture is reached."""

    gate: Gate
    backstage: Backstage
    keeper: Keeper
    scheme: str = "https"

    def __call__(self, incoming: Incoming) -> Outgoing:
        refusal = self.gate.refusal(incoming)
        if refusal is not None:
            return self._refused(incoming, refusal)
        if not (incoming.path == BASE or incoming.path.startswith(f"{BASE}/")):
            return self._refused(incoming, error(404, f"SCIM is served at {BASE}: is the base URL whole?"))
        # Behind a proxy that ends TLS, addresses in replies have to begin as the sender knows them.
        scheme = "https" if incoming.header("X-Forwarded-Proto").strip().lower() == "https" else self.scheme
        origin = f"{scheme}://{incoming.header('Host').strip()}"
        started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        began = time.perf_counter()
        rest = incoming.target.removeprefix(BASE)
        answer = self.backstage.answer(incoming.method, rest, incoming.headers, incoming.body, origin)
        elapsed = round((time.perf_counter() - began) * 1000, 3)
        self.keeper.keep(incoming, origin, answer, started_at, elapsed)
        if isinstance(answer, Response):
            headers = tuple((k, v) for k, v in answer.headers if k.lower() != "content-encoding")
            return Outgoing(answer.status, headers, answer.body, answer.reason)
        status = 504 if answer.kind.value == "timeout" else 502
        return error(status, f"The service behind this capture did not answer: {answer.message}")

    def _refused(self, incoming: Incoming, answer: Outgoing) -> Outgoing:
        self.keeper.refused(incoming, answer.status, str(json.loads(answer.body)["detail"]))
        return answer
