"""Token buckets: how much each tenant may ask, shared by all workers of one machine."""

from __future__ import annotations

import fcntl
import math
import mmap
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from reference_server.admission import Caller, TooMany
from reference_server.behaviour import Behaviour
from reference_server.http import Request

SLOTS = 4096
_SLOT = struct.Struct("=16sdd")
"""Whose bucket it is, how many tokens were in it, and when."""


class Buckets:
    """One bucket a tenant: ``rate`` requests a second, ``burst`` at once. Made before workers are forked, it is theirs
    in common. ``clock`` is monotonic and in seconds.

    A bucket stands where its tenant's id points to; where two tenants meet, the later one takes the next free place,
    or, when there is none near, the place of whoever has not asked for the longest time.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError(f"a limit is more than 0 requests a second and at least 1 at once, not {rate} and {burst}")
        self.rate, self.burst, self._clock = rate, burst, clock
        self._memory = mmap.mmap(-1, SLOTS * _SLOT.size)
        # A lock on a file is let go when its holder is killed, which a semaphore is not.
        self._file = tempfile.TemporaryFile(prefix="scimulator-limits-")  # noqa: SIM115 - lives as long as the buckets
        self._here = threading.Lock()

    def take(self, tenant: str) -> int:
        """Take one token from a tenant's bucket: 0 when there was one, else in how many seconds there will be."""
        name = tenant.encode()[:32]
        name = bytes.fromhex(tenant) if len(name) == 32 else name.ljust(16, b"\0")[:16]
        with self._here:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                return self._take(name)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _take(self, name: bytes) -> int:
        now = self._clock()
        at, tokens, since = self._find(name)
        # A clock that was set back must not lock anybody out.
        tokens = min(float(self.burst), tokens + max(now - since, 0.0) * self.rate)
        allowed = tokens >= 1
        _SLOT.pack_into(self._memory, at, name, tokens - 1 if allowed else tokens, now)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self.rate))

    def _find(self, name: bytes) -> tuple[int, float, float]:
        home = int.from_bytes(name[:4], "big")
        oldest, stalest = 0, math.inf
        for step in range(16):
            at = (home + step) % SLOTS * _SLOT.size
            owner, tokens, since = _SLOT.unpack_from(self._memory, at)
            if owner == name:
                return at, tokens, since
            if owner == b"\0" * 16:
                oldest = at
                break
            if since < stalest:
                oldest, stalest = at, since
        return oldest, float(self.burst), self._clock()


def limit(behaviour: Behaviour, buckets: Buckets) -> None:
    """Let each admitted request take a token, or refuse it with a 429."""

    @behaviour.admit.around
    def admitted(proceed: Any, request: Request) -> Caller:
        caller: Caller = proceed(request)
        wait = buckets.take(caller.tenant)
        if wait:
            raise TooMany(wait)
        return caller
