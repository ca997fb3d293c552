"""Target: where we knock, with which credential, and what we may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.secret import Secret
from harness.model.step import Effect


@dataclass(frozen=True)
class Target:
    """``base_url`` has no trailing slash. ``hooks`` maps hook names ("sign_in", "access") to absolute URLs.

    ``effects`` is READ only unless the operator allowed more or the target is our own reference server.
    ``credentials`` are further ones by their names in ``step.FURTHER_TOKENS``, as far as the operator supplies them.
    ``patience_s`` is for how many seconds the Witness goes on asking whether access has ended.
    ``timeout_s`` is the longest silence in seconds, ``deadline_s`` the longest whole answer.
    """

    base_url: str
    token: Secret
    effects: frozenset[Effect] = frozenset({Effect.READ})
    hooks: Mapping[str, str] = field(default_factory=dict)
    reference_server: bool = False
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    patience_s: float = 0.0
    verify: bool | str = True
    timeout_s: float = 30.0
    deadline_s: float = 60.0
    max_body: int = 8 * 1024 * 1024
