"""Profile: what the target claims to support, refuses, or says nothing about, and which tolerances are declared."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.requirement import Applies


class Claim(enum.StrEnum):
    SUPPORTED = "supported"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"


CAPABILITIES = (
    "create",
    "read",
    "deactivate",
    "reactivate",
    "replace",
    "update",
    "delete",
    "groups",
    "filter",
    "search",
    "bulk",
    "etag",
    "sort",
    "me",
    "jit",
    "interop",
    "ipsie-al1",
    "ipsie-al2",
    "fastfed",
)
"""What a profile can claim. "update" is writing anything but active and externalId; "replace" is PUT. The last four are
profiles of SCIM that others have written: their clauses apply only where they are claimed."""


@dataclass(frozen=True)
class Profile:
    """The claim of a service.

    ``family`` is one of "full", "deprovisioning", "read-only" and selects the profile cell of each clause;
    ``adjusts`` overrides single cells by requirement id. ``tolerances`` are names of declared deviations
    ("mixed-patch", "empty-group-list"). ``attributes`` are the user attributes the service may return
    (empty: whatever it publishes).
    """

    name: str
    title: str
    family: str
    claims: Mapping[str, Claim] = field(default_factory=dict)
    tolerances: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    adjusts: Mapping[str, Applies] = field(default_factory=dict)

    def claim(self, capability: str) -> Claim:
        if capability not in CAPABILITIES:
            raise KeyError(f"unknown capability {capability!r}; known: {', '.join(CAPABILITIES)}")
        return self.claims.get(capability, Claim.UNCLAIMED)

    def supports(self, capability: str) -> bool:
        return self.claim(capability) is Claim.SUPPORTED

    def refuses(self, capability: str) -> bool:
        return self.claim(capability) is Claim.REFUSED

    def tolerates(self, name: str) -> bool:
        return name in self.tolerances
