"""The guard: decides before each request whether it may be sent, and keeps the ledger of what was about to change."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from harness.model.exchange import Trouble, TroubleKind
from harness.model.step import FURTHER_TOKENS, Effect, Place, Step, token_of
from harness.model.target import Target

IMPOSSIBLE_IDS = frozenset({"00000000-0000-4000-8000-000000000000", "not-a-uuid", "none", "nobody"})
"""Ids of nobody: writing to them can change no one, so probes may."""


_WORDS = {
    "second": "the key of a second tenant",
    "expired": "a key that has run out",
    "revoked": "a key that was revoked",
    "limited": "a key that may only read",
    "session": "the session of somebody who uses the product",
}


class Guard:
    """Lets through only what the operator allowed, on accounts that were listed or made by this run.

    ``ledger`` is appended and synced to disk before each write, so that a crash can be cleaned up after.
    """

    def __init__(self, target: Target, ledger: Path | None = None) -> None:
        self._target = target
        self._ledger = ledger
        self._ours: set[str] = set()

    def permit(self, resource_id: str) -> None:
        """Say that this resource was listed by the operator or made by this run."""
        self._ours.add(resource_id)

    def refuse(self, step: Step) -> Trouble | None:
        """The reason why a step is not sent, or None. Hooks belong to the operator and are always allowed."""
        for name in FURTHER_TOKENS:
            if name not in self._target.credentials and any(token_of(name) in value for _, value in step.headers):
                return Trouble(
                    TroubleKind.GUARD,
                    f"{step.method} {step.template or step.path} needs {_WORDS[name]}, and none was supplied",
                    f"name the environment variable that holds it: {name}_token_env in [target] of scim.toml",
                )
        if step.place is Place.HOOK or step.effect is Effect.READ:
            return None
        what = f"{step.method} {step.template or step.path}"
        if step.effect not in self._target.effects:
            allowed = ", ".join(sorted(self._target.effects))
            return Trouble(
                TroubleKind.GUARD,
                f"{what} would {step.effect} at the target, but only {allowed} is allowed",
                f"allow it with --allow {step.effect} and name disposable people with --account USERNAME",
            )
        collection, _, resource_id = step.path.strip("/").partition("/")
        resource_id = unquote(resource_id.strip("/"))
        if collection == "Me" and not self._target.reference_server:
            return Trouble(
                TroubleKind.GUARD,
                f"{what} could change the owner of the key itself, so it is only sent to the reference server",
            )
        if not resource_id:
            if step.method == "POST" or self._target.reference_server:
                return None
            return Trouble(TroubleKind.GUARD, f"{what} addresses a whole collection; no real service is asked that")
        if resource_id in self._ours or resource_id in IMPOSSIBLE_IDS:
            return None
        return Trouble(
            TroubleKind.GUARD,
            f"{what}: {resource_id!r} was neither listed by the operator nor made by this run",
            "name disposable people with --account USERNAME",
        )

    def note(self, step: Step, exchange_id: str, scenario: str) -> None:
        """Write down a change before it is sent. Raises OSError when that fails: then nothing is sent."""
        if self._ledger is None or step.effect is Effect.READ or step.place is Place.HOOK:
            return
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "scenario": scenario,
            "exchange": exchange_id,
            "method": step.method,
            "path": step.path,
            "effect": step.effect.value,
            "subject": step.subject,
        }
        data = (json.dumps(line, separators=(",", ":")) + "\n").encode()
        descriptor = os.open(self._ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, data)
            if not self._target.reference_server:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
