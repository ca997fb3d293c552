"""What to say when the service itself is not met: a wrong address, silence, or an error of its own."""

from __future__ import annotations

from harness.doctor import address
from harness.doctor.address import Address
from harness.doctor.remedies import fix
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange


def elsewhere(given: Address, answer: Exchange, found: str, tried: list[Exchange], idps: tuple[str, ...]) -> Line:
    """What is wrong with an address at which no SCIM service answers, and which one to enter instead."""
    kind = answer.media_type or "nothing readable"
    seen = Proof(f"GET {answer.request.url}: {answer.status}, {kind}", answer.id)
    tries = tuple(Proof(f"tried {x.request.url}: {x.status or 'no answer'}", x.id) for x in tried)
    id, told = _kind(given, answer, found)
    what = (
        f"Enter {found} instead; we tried it, and it answers."
        if found
        else "Copy the SCIM base URL from the service's own page; it often ends in /scim/v2."
    )
    return Line(
        id,
        State.WRONG,
        "Base URL",
        f"{told} Whoever leaves keeps access.",
        fix(what, "address", idps),
        "customer",
        evidence=(seen, *tries),
    )


def _kind(given: Address, answer: Exchange, found: str) -> tuple[str, str]:
    page = not isinstance(answer.json, dict)
    location = answer.header("Location") or ""
    if page and (address.looks_like_sign_in(given.base) or address.looks_like_sign_in(location)):
        return "address-sign-in", "This is an address of signing in, not the one over which people are switched off."
    if 300 <= answer.status < 400:
        return (
            "address-redirect",
            "The service sends callers on to another address, and identity providers do not follow.",
        )
    if found and len(found) < len(given.base):
        return "address-doubled", "A part of the address is too much or stands in it twice."
    if not page and answer.status == 404 and not found:
        return (
            "address-unknown-place",
            "The service knows nothing at this address: a part of it (often the name of the team) is misspelt or "
            "missing.",
        )
    return "address-path", "No SCIM service answers at this address; a part of it is missing or misspelt."


def slash(given: Address, okta: Exchange) -> Line:
    """A slash at the end, which Okta leaves standing, and which this service does not get over."""
    return Line(
        "address-trailing-slash",
        State.WRONG,
        "Base URL",
        "The address ends with a slash. Okta puts another one behind it, and the service does not know the address "
        "that comes of it. Whoever leaves keeps access.",
        fix(f"Enter {given.base} without the slash at the end.", "address", ("okta",)),
        "customer",
        evidence=(Proof(f"GET {okta.request.url}: {okta.status}", okta.id),),
    )


def silent(answer: Exchange) -> Line:
    assert answer.trouble is not None
    return Line(
        "service-silent",
        State.WRONG,
        "Service",
        f"{_capital(answer.trouble.message)}. While that is so, whoever leaves keeps access.",
        "Try again in a few minutes. If it stays, send this line to the service.",
        "service",
        evidence=(Proof(f"GET {answer.request.url}: {answer.trouble.message}", answer.id),),
    )


def broken(answer: Exchange) -> Line:
    return Line(
        "service-breaks",
        State.WRONG,
        "Service",
        f"The service ends with an error of its own ({answer.status}) when it is asked for people. While that is so, "
        "whoever leaves keeps access.",
        "Try again in a few minutes. If it stays, send this line to the service.",
        "service",
        evidence=(Proof(f"GET {answer.request.url}: {answer.status}", answer.id),),
    )


def nobody_named() -> Line:
    return Line(
        "lookup",
        State.COULD_NOT_ASK,
        "Lookup",
        "Nobody was named, so it is not known whether the identity provider finds people there. Whoever is not found "
        "keeps access.",
        "Name one person who has an account: --account ada@example.test",
        "customer",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
