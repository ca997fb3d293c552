"""Where filters have to reach: inactive people, externalId; and where none are offered (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.checks.declared import flag
from harness.checks.filter_results import disagreements
from harness.checks.filters import REFUSED, declined
from harness.checks.http import one
from harness.checks.reading import elsewhere, holds, mapping, member, page, seen, text
from harness.checks.state import is_inactive
from harness.model.check import judges
from harness.model.exchange import Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript


def _refuses_filters(transcript: Transcript) -> Exchange | None:
    config = one(transcript, "discovery.config")
    answer = one(transcript, "discovery.match")
    says = config is not None and flag(mapping(config.json), "filter") is False
    return answer if says and answer is not None and not elsewhere(answer) else None


@judges("RFC7644-3.4.2.2-35", probe="discovery", when=lambda transcript: _refuses_filters(transcript) is not None)
def a_filter_that_is_not_offered_is_refused(transcript: Transcript) -> Iterator[Finding]:
    answer = _refuses_filters(transcript)
    if answer is not None and answer.status not in (*REFUSED, 403, 501):
        yield Finding(
            expected=['400 with "scimType": "invalidFilter"', "403", "501"],
            actual=f"200 with {len(page(answer))} people" if answer.ok else seen(answer),
            exchange=answer.id,
            likeness="taken" if answer.ok else str(answer.status),
            hint="The configuration says that there are no filters: an ignored one hands out everybody.",
        )


def _looked_up(transcript: Transcript) -> tuple[dict[str, Any], Exchange] | None:
    """Somebody who reads inactive, and the lookup of them by user name."""
    read, lookup = one(transcript, "inactive.external-id.read"), one(transcript, "inactive.by-user-name")
    if read is None or lookup is None or not is_inactive(read.resource) or declined(lookup) or elsewhere(lookup):
        return None
    return read.resource, lookup


@judges("RFC7644-3.4.2.2-36", probe="deactivation", when=lambda transcript: _looked_up(transcript) is not None)
def an_inactive_person_is_found_by_user_name(transcript: Transcript) -> Iterator[Finding]:
    looked_up = _looked_up(transcript)
    if looked_up is not None and not holds(looked_up[1], looked_up[0]):
        yield Finding(
            expected=["the person, with active false"],
            actual="nobody" if looked_up[1].ok else seen(looked_up[1]),
            at="/Resources" if looked_up[1].ok else "",
            exchange=looked_up[1].id,
            hint="Inactive is a value of an attribute and no deletion: an IdP that finds nobody makes them anew.",
        )


def _by_external_id(transcript: Transcript) -> tuple[dict[str, Any], Exchange] | None:
    read, lookup = one(transcript, "external-id.set.read"), one(transcript, "external-id.found")
    if read is None or lookup is None or declined(lookup) or elsewhere(lookup):
        return None
    return (read.resource, lookup) if text(member(read.resource, "externalId")) else None


@judges("RFC7644-3.4.2.2-09", probe="external-id", when=lambda transcript: _by_external_id(transcript) is not None)
def a_person_is_found_by_external_id(transcript: Transcript) -> Iterator[Finding]:
    found = _by_external_id(transcript)
    if found is not None:
        tag = "external-id.set.read"
        yield from disagreements(transcript, [found[1]], "externalId is what an IdP knows a person by.", tag)
