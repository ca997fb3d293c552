"""Preset: one way of setting the server up, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scim2_models import ScimProvider

READS = ("GET", "HEAD")


@dataclass(frozen=True)
class Refusal:
    """An answer that refuses: HTTP status and the sentence an administrator reads."""

    status: int
    detail: str


@dataclass(frozen=True)
class Preset:
    """``family`` is "full", "deprovisioning" or "read-only".

    ``collection`` and ``resource`` are the methods served on /Users and /Users/{id} (and on /Groups when ``groups``).
    ``published`` are the user attributes that replies may hold, ``writable`` those that SCIM may change,
    ``put_keeps`` those that a PUT without them leaves as they are, ``server_owned`` those that no tolerance covers.
    ``tolerances`` are names: "string-booleans", "mixed-patch", "same-value", "empty-group-list",
    "active-removable".
    ``refusals`` are keyed by "create", "write", "groups", "bulk", "me". ``features`` is the ServiceProviderConfig.
    """

    name: str
    title: str
    family: str
    collection: tuple[str, ...]
    resource: tuple[str, ...]
    groups: bool
    published: tuple[str, ...]
    writable: tuple[str, ...]
    put_keeps: tuple[str, ...]
    server_owned: tuple[str, ...]
    tolerances: frozenset[str]
    refusals: Mapping[str, Refusal]
    features: Mapping[str, Any]

    def tolerates(self, name: str) -> bool:
        return name in self.tolerances

    @property
    def endpoints(self) -> tuple[str, ...]:
        return ("Users", "Groups") if self.groups else ("Users",)

    @cached_property
    def provider(self) -> ScimProvider:
        """What scim2-server needs to know. Building the models takes tens of milliseconds, so it is done once."""
        from reference_server.presets.provider import provider

        return provider(self)

    @cached_property
    def messages(self) -> tuple[type, ...]:
        """The messages about each kind of resource, as models.

        The library holds them weakly and makes them anew, in several milliseconds each, whenever nobody else does: who
        serves a preset keeps them.
        """
        from reference_server.presets.provider import messages

        return messages(self.provider)
