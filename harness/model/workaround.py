"""Workaround: what an administrator can do at the IdP until the service is put right."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.sequence import Evidence


@dataclass(frozen=True)
class Workaround:
    """``does`` says what to do. ``idp`` is "" and ``evidence`` None for what holds at every IdP alike.

    ``holds`` are globs of the requirement ids that it is good for, ``unless`` of those that it does not help with.
    """

    does: str
    idp: str = ""
    holds: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    evidence: Evidence | None = None
    source: str = ""
