"""Why the service does not let a key in, found out with a question or two more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from harness.doctor.key import NO_ACCESS, Key, line_with
from harness.doctor.key_life import SHORT, claims_of, moment_of, short_lived, span_of
from harness.doctor.remedies import fix, where
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.model.step import BASIC_TOKEN, TOKEN, Step

_SAYS_EXPIRED = re.compile(r"expired|has run out|no longer valid", re.I)
_SAYS_REVOKED = re.compile(r"revoked|disabled|deleted", re.I)
_SAYS_PLAN = re.compile(r"\bplan\b|subscription|upgrade|licen[cs]e|not enabled|switched off|disabled|feature", re.I)


def refused(answer: Exchange, key: Key, visit: Visit, idps: tuple[str, ...]) -> Line:
    """Why the service does not let this key in. Asks once or twice more to find out."""
    said = _detail(answer)
    proof = [Proof(f"the service answered {answer.status}{f': {said}' if said else ''}", answer.id)]
    claims = claims_of(key.clean.reveal())
    challenge = (answer.header("WWW-Authenticate") or "").casefold()
    if answer.status == 403:
        return _forbidden(answer, said, proof, idps)
    ended = moment_of(claims.get("exp"))
    if (ended is not None and ended < datetime.now(UTC)) or _SAYS_EXPIRED.search(said):
        lived = span_of(claims)
        if lived is not None and lived <= SHORT:
            return short_lived(lived, idps, proof)
        return line_with(
            "key-expired",
            "The key has expired. " + NO_ACCESS + " Entra ID stops the whole job after four weeks of this.",
            "Ask the service for a new key and paste it",
            idps,
            proof,
        )
    if _SAYS_REVOKED.search(said):
        return line_with("key-revoked", f"The key was revoked. {NO_ACCESS}", "Ask for a new key", idps, proof)
    if challenge.startswith("basic") and "bearer" not in challenge:
        return _basic(visit, key, proof)
    bare = visit.ask(_bare_question(), key=key.clean)
    if bare.ok and bare.is_list:
        proof.append(Proof("the same key without the word Bearer in front was let in", bare.id))
        return Line(
            "key-without-bearer",
            State.WRONG,
            "API key",
            "The service takes the key only without the word Bearer in front, and Entra ID always writes that word: "
            "nobody is let in, and whoever leaves keeps access.",
            "Ask the service to accept the word Bearer in front of its keys. Until then an Okta app of the catalogue "
            f"can send the key as it stands; Entra ID cannot.\n{where('key', ('okta',))}",
            "service",
            evidence=tuple(proof),
        )
    return line_with(
        "key-refused",
        "The service does not know this key. It may be incomplete, replaced by a newer one, or belong to another "
        f"service, another team or another region than this address. {NO_ACCESS}",
        "Copy the key again from the service's own page, of the team and region whose address you entered, or ask for "
        "a new one",
        idps,
        proof,
    )


def _forbidden(answer: Exchange, said: str, proof: list[Proof], idps: tuple[str, ...]) -> Line:
    if not isinstance(answer.json, dict):
        return Line(
            "edge-refuses",
            State.WRONG,
            "API key",
            "Something in front of the service (a firewall, a proxy) refuses the request before the service sees it. "
            "Identity providers would be refused as well, and whoever leaves keeps access.",
            "Ask the service to let requests to this address through, also those without a User-Agent, which is how "
            "Entra ID sends them.",
            "service",
            evidence=tuple(proof),
        )
    gate = bool(_SAYS_PLAN.search(said))
    meaning = (
        "The service knows the key, but SCIM is not part of the plan or is switched off there."
        if gate
        else "The service knows the key, but the key may not read people."
    )
    return Line(
        "key-not-allowed",
        State.WRONG,
        "API key",
        f"{meaning} Whoever leaves keeps access.",
        "In the service: switch SCIM (user provisioning) on, or ask its support whether the plan includes it."
        if gate
        else fix("Ask the service for a key that may manage users, and paste it.", "key", idps),
        "customer",
        evidence=tuple(proof),
    )


def _basic(visit: Visit, key: Key, proof: list[Proof]) -> Line:
    if ":" in key.clean.reveal():
        tried = visit.ask(_basic_question(), key=key.clean)
        said = "let in" if tried.ok else "not let in either"
        proof.append(Proof(f"sent as a name and a password it was {said}", tried.id))
    return Line(
        "key-basic-expected",
        State.WRONG,
        "API key",
        "The service asks for a name and a password. Entra ID can only send one token, so nobody is let in and whoever "
        "leaves keeps access.",
        "Ask the service for an API token (it may call it bearer token or SCIM token). Okta could also send a name and "
        f"a password: choose Basic Auth as the authentication mode.\n{where('key', ('okta',))}",
        "service",
        evidence=tuple(proof),
    )


def _bare_question() -> Step:
    return _with_header(TOKEN, "Try the key without the word Bearer")


def _basic_question() -> Step:
    return _with_header(f"Basic {BASIC_TOKEN}", "Try the key as a name and a password")


def _with_header(value: str, title: str) -> Step:
    step = question(title, "/Users", "startIndex=1&count=1", key=False)
    return replace(step, headers=(*step.headers, ("Authorization", value)))


def _detail(answer: Exchange) -> str:
    body = answer.json
    said = body.get("detail") or body.get("message") or body.get("error") if isinstance(body, dict) else ""
    described = re.search(r'error_description="([^"]+)"', answer.header("WWW-Authenticate") or "")
    text = said if isinstance(said, str) and said else described[1] if described else ""
    return text[:300]
