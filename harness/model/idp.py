"""Vendor and IdP: who speaks, in which app type, and how to obtain one that reacts to Changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from harness.model.account import Cast
from harness.model.change import Change
from harness.model.outlook import Outlook
from harness.model.pace import ASSUMED, Pace
from harness.model.sequence import Sequence, Steps

if TYPE_CHECKING:
    from harness.model.quirk import Quirk
    from harness.model.story import Story
    from harness.model.transcript import Transcript


class IdP(Protocol):
    """One connected app of one tenant: remembers whom it has linked; fresh for every Scenario."""

    def react(self, change: Change, cast: Cast) -> Steps:
        """Yield the Steps with which this IdP reacts to a Change; none at all when it sends nothing."""
        ...


@dataclass(frozen=True)
class Variant:
    """An app type or dialect of a vendor: "oin", "aiw", "default", "aadOptscim062020"."""

    name: str
    title: str


@dataclass(frozen=True)
class Vendor:
    """What an entry point of the group ``scimulator.idps`` names.

    One that is ``on_request`` speaks only where the operator names it. ``omits`` are pairs: a heading of the vendor's
    pages that no sequence plays, and why. ``configure`` gives the same vendor as an operator set it up: it takes a
    table of JSON-plain values for each app type, and one under "" for all of them. It raises ValueError, naming the
    member. ``pace`` says how fast one of its jobs works. ``patch_of`` words the
    body of a PATCH for an app type and the (attribute, old, new) that the vendor's log has; b"" for nothing.
    """

    name: str
    title: str
    variants: tuple[Variant, ...]
    connect: Callable[[str], IdP]
    outlook: Callable[[Transcript], Outlook]
    stories: tuple[Story, ...]
    sequences: tuple[Sequence, ...]
    quirks: tuple[Quirk, ...] = ()
    on_request: bool = False
    omits: tuple[tuple[str, str], ...] = ()
    configure: Callable[[Mapping[str, Mapping[str, Any]]], Vendor] | None = None
    pace: Pace = ASSUMED
    patch_of: Callable[[str, Iterable[tuple[str, str, str]]], bytes] | None = None

    def variant(self, name: str) -> Variant:
        for variant in self.variants:
            if variant.name == name:
                return variant
        known = ", ".join(v.name for v in self.variants)
        raise KeyError(f"{self.title} has no app type {name!r}; it has {known}")
