"""Whether the host can be reached at all, and whether its certificate would be trusted by an identity provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from harness.doctor.address import is_local
from harness.doctor.remedies import fix
from harness.model.diagnosis import Line, Proof, State
from harness.wire.reach import Reached, reach

RENEWAL = timedelta(days=21)
"""A certificate that ends within this time should have been renewed by now."""

_LOCKED_OUT = "Okta and Entra ID break off before they send anything, so whoever leaves keeps access."
_FAULTS = {
    "expired": "The certificate has expired.",
    "not-yet-valid": "The certificate is not valid yet, or the clock of this computer is wrong.",
    "self-signed": "The certificate was signed by the service itself, which nobody else trusts.",
    "incomplete": "The certificate cannot be traced to a public authority: either an intermediate certificate is not "
    "sent along (browsers get over that, identity providers do not), or the authority is a private one.",
    "untrusted": "The certificate comes from an authority that is not public.",
    "name": "The certificate belongs to another name than the one in the base URL.",
    "protocol": "No secure connection (TLS 1.2 or newer) can be set up.",
}
_REMEDIES = {
    "name": "Compare the host in the base URL with the one that the service names; if they are equal, send this line "
    "to the service.",
    "not-yet-valid": "Look at the clock of this computer first; if it is right, send this line to the service.",
}


def look(
    base_url: str, timeout_s: float, verify: bool | str, idps: tuple[str, ...], now: Callable[[], datetime]
) -> tuple[list[Line], bool]:
    """The lines about name, port and certificate; and whether it makes sense to go on."""
    return lines(base_url, reach(base_url, timeout_s, verify), verify, idps, now())


def lines(
    base_url: str, reached: Reached, verify: bool | str, idps: tuple[str, ...], now: datetime
) -> tuple[list[Line], bool]:
    host = urlsplit(base_url).hostname or ""
    if reached.proxy:
        told = (
            f"This computer reaches other hosts through a proxy ({reached.proxy}), so name and certificate of {host} "
        )
        return [Line("reach", State.COULD_NOT_ASK, "Name and certificate", f"{told}could not be looked at.")], True
    proof = (Proof(reached.reason),) if reached.reason else ()
    if reached.failed == "dns":
        return [_unknown(host, proof, idps)], False
    if reached.failed == "connect":
        return [_closed(host, proof)], False
    addresses = (Proof(f"{host} is {', '.join(reached.addresses)}"),)
    known = Line("reach", State.OK, "Host", f"{host} is known and accepts connections.", evidence=addresses)
    if reached.failed == "tls":
        return [_distrusted(reached, proof, verify), known], False
    return [known, *_certificate(base_url, reached, verify, now)], True


def _unknown(host: str, proof: tuple[Proof, ...], idps: tuple[str, ...]) -> Line:
    return Line(
        "reach-name",
        State.WRONG,
        "Host",
        f"Nobody knows a host called {host}. An identity provider cannot reach it either, so whoever leaves keeps "
        "access.",
        fix(
            "Look for a typing error in the host; copy the SCIM base URL from the service's own page.", "address", idps
        ),
        "customer",
        evidence=proof,
    )


def _closed(host: str, proof: tuple[Proof, ...]) -> Line:
    return Line(
        "reach-closed",
        State.WRONG,
        "Host",
        f"{host} exists, but no connection came about. If that is so for the identity provider as well, whoever leaves "
        "keeps access.",
        "Open the base URL in a browser on this computer. If that fails too, ask your network's administrators about "
        "outgoing connections, and the service whether it is running; a service inside your own network cannot be "
        "reached by Okta or Entra ID.",
        "customer",
        evidence=proof,
    )


def _distrusted(reached: Reached, proof: tuple[Proof, ...], verify: bool | str) -> Line:
    fault = reached.fault or "untrusted"
    remedy = _REMEDIES.get(fault, "Send this line to the service: it has to renew or complete its certificate.")
    if verify is True and fault in ("self-signed", "untrusted", "incomplete"):
        remedy += " To go on looking at a test service with --ca-bundle FILE, name the file of its authority."
    return Line(
        f"tls-{fault}", State.WRONG, "Certificate", f"{_FAULTS[fault]} {_LOCKED_OUT}", remedy, "service", evidence=proof
    )


def _certificate(base_url: str, reached: Reached, verify: bool | str, now: datetime) -> list[Line]:
    if not base_url.startswith("https:"):
        if is_local(urlsplit(base_url).hostname or ""):
            told = "Not needed here: what is sent to this computer itself never leaves it."
            return [Line("tls", State.NOT_AVAILABLE, "Certificate", told)]
        return []
    left = reached.ends - now if reached.ends is not None else None
    ends = f"{reached.version}, valid until {reached.ends:%Y-%m-%d}" if reached.ends else reached.version
    proof = (Proof(ends),)
    if left is not None and left < RENEWAL:
        return [
            Line(
                "tls-ends-soon",
                State.WARNING,
                "Certificate",
                f"The certificate ends in {max(left.days, 0)} days. If it is not renewed by then, whoever leaves keeps "
                "access.",
                "Ask the service whether the renewal is under way.",
                "service",
                evidence=proof,
            )
        ]
    if isinstance(verify, str):
        return [
            Line(
                "tls-private",
                State.WARNING,
                "Certificate",
                "The certificate is trusted because you named its authority. Okta and Entra ID only trust public "
                "authorities and would break off.",
                "Before going live the service needs a certificate of a public authority.",
                "service",
                evidence=proof,
            )
        ]
    return [Line("tls", State.OK, "Certificate", f"Trusted, {ends}.", evidence=proof)]


def utc_now() -> datetime:
    return datetime.now(UTC)
