"""Signs about the IdP's job as a whole, about limits, and about a service that fails."""

from __future__ import annotations

from harness.model.exchange import TroubleKind
from harness.triage.look import Look
from harness.triage.person import Person
from harness.triage.picture import Picture
from harness.triage.signs import of_trouble, sign


@of_trouble
@sign
def slowed_down(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service asked to slow down"""
    return seen.status == 429 or seen.said("http-429", "okta-rate-limit", "entra-too-many")


@of_trouble
@sign
def service_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service failed while it worked on a request"""
    return seen.status in (500, 502, 503) or seen.said("entra-server-error", "http-500", "http-502", "http-503")


@of_trouble
@sign
def service_took_too_long(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The service took too long"""
    trouble = seen.exchange.trouble if seen.exchange is not None else None
    timeout = trouble is not None and trouble.kind is TroubleKind.TIMEOUT and seen.act != "connect"
    return seen.status == 504 or timeout or seen.said("entra-timeout", "http-504")


@of_trouble
@sign
def quarantined(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The job is in quarantine"""
    return seen.said("entra-quarantine*")


@of_trouble
@sign
def quarantined_by_failures(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The job is in quarantine because too many objects fail"""
    return seen.said("entra-quarantine-failures")


@of_trouble
@sign
def quarantined_by_exception(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The job is in quarantine because its first request failed"""
    return seen.said("entra-quarantine-exception")


@of_trouble
@sign
def endpoint_said_404(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Entra met a 404 where it expected a list"""
    return seen.said("entra-404")


@of_trouble
@sign
def deletions_held_back(seen: Look, person: Person | None, picture: Picture) -> bool:
    """So many people would be disabled at once that Entra holds it back"""
    return seen.went == "held" or seen.said("entra-quarantine-deletes")


@of_trouble
@sign
def idp_failed_inside(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The IdP could not read its own source"""
    return seen.said("entra-quarantine-ingestion")


@of_trouble
@sign
def anything_failed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """Something failed"""
    return seen.failed or seen.went == "held"


@sign
def test_passed(seen: Look, person: Person | None, picture: Picture) -> bool:
    """The connection test passed"""
    return seen.said("okta-test-passed", "entra-test-passed") or (
        seen.act == "connect" and seen.went == "ok" and not seen.html and not 300 <= seen.status < 400
    )
