"""Sighting: one thing that a customer's file shows, with where it stands, how far to believe it and what it lacks."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.exchange import Exchange


class Confidence(enum.StrEnum):
    """How a Sighting came about, the surest first. It is shown wherever the Sighting is."""

    RECORDED = "recorded"
    """The bytes stood in the file: a HAR, a capture, our own run directory."""
    REPORTED = "reported"
    """Somebody's log says that it happened, in its own words; the bytes are not in the file."""
    RECONSTRUCTED = "reconstructed"
    """Nobody wrote it down: it is what the IdP must have sent for the rest to come about."""


@dataclass(frozen=True)
class Provenance:
    """Where in which file: ``file`` its name without folders, ``format`` the importer's name, ``place`` in words that
    lead there ("entry 14", "row 33", "line 7", "value[3].provisioningSteps[2]").
    """

    file: str
    format: str
    place: str


@dataclass(frozen=True)
class LogEvent:
    """What an IdP's own log says about one act. Every text is the log's own; nothing is translated.

    ``kind`` is the vendor's name of the act ("application.user_membership.deprovision", "disable"), ``outcome`` the
    vendor's word for how it went ("FAILURE", "skipped"), ``steps`` the vendor's steps as (name, outcome, text).
    ``person`` and ``group`` are named as the log names them ("" when it is not about one), ``target_id`` is the id at
    the SCIM service where the log knows it. ``changes`` are (attribute, old, new). ``ids`` are the vendor's correlation
    ids by their own names ("changeId", "cycleId", "uuid"). ``details`` is whatever else the log gave, flat.
    """

    idp: str
    kind: str
    outcome: str
    code: str = ""
    text: str = ""
    person: str = ""
    group: str = ""
    source_id: str = ""
    target_id: str = ""
    app: str = ""
    actor: str = ""
    steps: tuple[tuple[str, str, str], ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sighting:
    """Either an exchange with the SCIM service or an event of an IdP's log; never both, never neither.

    ``at`` is ISO 8601 in UTC with a "Z", or "" when the file does not say. ``missing`` names what the file could not
    give ("response body", "request headers"), in words. ``idp`` is "okta", "entra" or "" when it cannot be told.
    """

    provenance: Provenance
    confidence: Confidence
    at: str = ""
    idp: str = ""
    missing: tuple[str, ...] = ()
    exchange: Exchange | None = None
    event: LogEvent | None = None


@dataclass(frozen=True)
class Complaint:
    """What could not be read, and where; what stood before and behind it is kept.

    ``message`` says what was expected and what came, ``hint`` what to do next. ``fatal`` when nothing of the file could
    be used.
    """

    provenance: Provenance
    message: str
    hint: str = ""
    fatal: bool = False
