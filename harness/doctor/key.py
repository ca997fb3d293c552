"""The key: flaws of the text that was pasted, what the service says to it, and how long it will live.

No line ever shows the key or a part of it; a flaw is described in words.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from harness.doctor.remedies import fix, where
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.model.secret import Secret
from harness.model.step import BASIC_TOKEN, TOKEN

SOON = timedelta(days=30)
"""A key that ends within this time is told."""

SHORT = timedelta(days=2)
"""A key that lives no longer than this was made for a program that renews it, not for a field of an IdP."""

_QUOTES = "\"'`\u2018\u2019\u201c\u201d"
_PLACEHOLDER = re.compile(
    r"^(<.*>|\{.*\}|\[.*\]|x{4,}|\*{3,}|•{3,}|your[ _-]?(api[ _-]?)?(key|token).*|changeme|token)$", re.I
)
_EXPIRY_HEADER = re.compile(r"(token|key|credential|authentication).*expir", re.I)
_SAYS_EXPIRED = re.compile(r"expired|has run out|no longer valid", re.I)
_SAYS_REVOKED = re.compile(r"revoked|disabled|deleted", re.I)
_SAYS_PLAN = re.compile(r"\bplan\b|subscription|upgrade|licen[cs]e|not enabled|switched off|disabled|feature", re.I)

NO_ACCESS = "Until this is put right no request of the identity provider is let in: whoever leaves keeps access."


@dataclass(frozen=True)
class Key:
    """A key as it was pasted and as it has to be. ``clean`` is what our own questions use."""

    pasted: Secret
    clean: Secret
    line: Line | None = None

    @property
    def flawed(self) -> bool:
        return self.line is not None and self.line.state is State.WRONG


def read(pasted: Secret, idps: tuple[str, ...], *, as_it_stands: bool = False) -> Key:
    """Look at the text of a key. ``as_it_stands``: it is sent without the word Bearer in front (Okta: Header Auth)."""
    raw = pasted.reveal()
    text = raw.strip()
    unquoted = text.strip(_QUOTES).strip()
    word, _, rest = unquoted.partition(" ")
    has_word = word.casefold().rstrip(":") == "bearer"
    header = re.match(r"authorization\s*:\s*(bearer\s+)?", unquoted, re.I)
    bare = unquoted[header.end() :].strip() if header else rest.strip() if has_word else unquoted
    again = re.match(r"bearer\s+", bare, re.I)
    bare = bare[again.end() :] if again else bare
    clean = "".join(bare.split())
    line = None
    if not clean:
        line = _line("key-empty", "There is no key: the field was empty.", "Paste the key", idps)
    elif _PLACEHOLDER.match(unquoted):
        line = _line("key-placeholder", "This is the example from a guide, not a key.", "Paste the real key", idps)
    elif clean != bare:
        inside = "a line break" if any(c in bare for c in "\r\n") else "a blank"
        line = _line(
            "key-white-space-inside",
            f"There is {inside} in the middle of the key: it was copied in two pieces. {NO_ACCESS}",
            "Copy the key again in one piece",
            idps,
        )
    elif as_it_stands and not has_word:
        line = _line(
            "key-missing-bearer",
            "This field is sent as it stands, and the word Bearer is missing in front of the key: the service cannot "
            f"tell what it is. {NO_ACCESS}",
            "Type the word Bearer, one blank, then the key",
            ("okta",),
        )
    elif (has_word or header) and not (as_it_stands and has_word and not again):
        line = _line(
            "key-doubled-bearer",
            "The key begins with the word Bearer. The identity provider adds that word itself, so the service gets it "
            f"twice and refuses. {NO_ACCESS}",
            "Paste the key alone, without the word Bearer",
            idps,
        )
    elif unquoted != text:
        line = _line(
            "key-quotes",
            f"There are quotation marks around the key; they would be sent as a part of it. {NO_ACCESS}",
            "Paste the key without quotation marks",
            idps,
        )
    elif text != raw:
        line = _line(
            "key-white-space",
            "A blank or a line break came along at the beginning or the end of the key. We left it out; an identity "
            "provider may send it, and then nobody is let in.",
            "Paste the key again without it",
            idps,
            State.WARNING,
        )
    return Key(pasted, Secret(clean, pasted.source), line)


def as_sent(key: Key) -> Secret:
    """The key as an IdP puts it into its header: as pasted, but for what no header can carry."""
    return Secret(" ".join(key.pasted.reveal().split()), key.pasted.source)


def _line(id: str, meaning: str, what: str, idps: tuple[str, ...], state: State = State.WRONG) -> Line:
    return Line(id, state, "API key", meaning, fix(f"{what}.", "key", idps), "customer")


def refused(answer: Exchange, key: Key, visit: Visit, idps: tuple[str, ...]) -> Line:
    """Why the service does not let this key in. Asks once or twice more to find out."""
    said = _detail(answer)
    proof = [Proof(f"the service answered {answer.status}{f': {said}' if said else ''}", answer.id)]
    claims = _claims(key.clean.reveal())
    challenge = (answer.header("WWW-Authenticate") or "").casefold()
    if answer.status == 403:
        return _forbidden(answer, said, proof, idps)
    ended = _moment(claims.get("exp"))
    if (ended is not None and ended < datetime.now(UTC)) or _SAYS_EXPIRED.search(said):
        lived = _lifetime(claims)
        if lived is not None and lived <= SHORT:
            return _short_lived(lived, idps, proof)
        return _line_with(
            "key-expired",
            "The key has expired. " + NO_ACCESS + " Entra ID stops the whole job after four weeks of this.",
            "Ask the service for a new key and paste it",
            idps,
            proof,
        )
    if _SAYS_REVOKED.search(said):
        return _line_with("key-revoked", f"The key was revoked. {NO_ACCESS}", "Ask for a new key", idps, proof)
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
    return _line_with(
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


def lifetime(key: Key, answers: list[Exchange], now: datetime, idps: tuple[str, ...]) -> Line:
    """How long the key will live, as far as anybody can see it from here."""
    claims = _claims(key.clean.reveal())
    ends, proof = _moment(claims.get("exp")), Proof("the end is written in the key itself")
    lived = _lifetime(claims)
    if ends is None:
        ends, proof = _from_headers(answers)
    if lived is not None and lived <= SHORT:
        return _short_lived(lived, idps, [proof])
    title = "How long the key lives"
    if ends is None:
        if claims:
            return Line(
                "key-never-expires",
                State.WARNING,
                title,
                "The key has no end. Whoever gets hold of it can switch people off for years.",
                "Ask the service whether it offers keys with an end, and renew the key once a year.",
                "customer",
            )
        return Line(
            "key-life",
            State.NOT_AVAILABLE,
            title,
            "Nobody can see from here when the key ends. On that day people who leave would keep access, without a "
            "word to them or to you.",
            "Look at the service's own page for its end, and put a reminder into your calendar a month before.",
            "customer",
        )
    left = ends - now
    told = f"The key ends on {ends:%Y-%m-%d}"
    if left <= timedelta(0):
        return _line_with(
            "key-expired", f"{told}, which is past. {NO_ACCESS}", "Ask for a new key and paste it", idps, [proof]
        )
    if left <= SOON:
        days = max(left.days, 0)
        what = f"{told}, in {days} day{'' if days == 1 else 's'}. From then on whoever leaves keeps access."
        return _line_with("key-expires-soon", what, "Ask for a new key now and paste it", idps, [proof], State.WARNING)
    return Line("key-life", State.OK, title, f"{told}, in {left.days} days.", evidence=(proof,))


def _short_lived(lived: timedelta, idps: tuple[str, ...], proof: list[Proof]) -> Line:
    hours = max(1, round(lived.total_seconds() / 3600))
    return _line_with(
        "key-short-lived",
        f"This is a token that lives for {hours} hour{'' if hours == 1 else 's'}, made for a program that renews it. "
        "It works now and stops soon; from then on whoever leaves keeps access.",
        "Ask the service for a key that lives for months (often called API key or SCIM token)",
        idps,
        proof,
    )


def _line_with(
    id: str, meaning: str, what: str, idps: tuple[str, ...], proof: list[Proof], state: State = State.WRONG
) -> Line:
    return Line(id, state, "API key", meaning, fix(f"{what}.", "key", idps), "customer", evidence=tuple(proof))


def _bare_question() -> Any:
    return _with_header(TOKEN, "Try the key without the word Bearer")


def _basic_question() -> Any:
    return _with_header(f"Basic {BASIC_TOKEN}", "Try the key as a name and a password")


def _with_header(value: str, title: str) -> Any:
    from dataclasses import replace

    step = question(title, "/Users", "startIndex=1&count=1", key=False)
    return replace(step, headers=(*step.headers, ("Authorization", value)))


def _detail(answer: Exchange) -> str:
    body = answer.json
    said = body.get("detail") or body.get("message") or body.get("error") if isinstance(body, dict) else ""
    described = re.search(r'error_description="([^"]+)"', answer.header("WWW-Authenticate") or "")
    text = said if isinstance(said, str) and said else described[1] if described else ""
    return text[:300]


def _claims(token: str) -> Mapping[str, Any]:
    """What a JWT says about itself, unproved; {} for any other token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _moment(seconds: Any) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _lifetime(claims: Mapping[str, Any]) -> timedelta | None:
    ends, made = _moment(claims.get("exp")), _moment(claims.get("iat") or claims.get("nbf"))
    return ends - made if ends is not None and made is not None else None


def _from_headers(answers: list[Exchange]) -> tuple[datetime | None, Proof]:
    for answer in answers:
        for name, value in answer.response.headers if answer.response else ():
            if _EXPIRY_HEADER.search(name) and (moment := _date(value)) is not None:
                return moment, Proof(f"{name}: {value}", answer.id)
    return None, Proof("")


def _date(text: str) -> datetime | None:
    text = text.strip()
    if text.isdigit():
        return _moment(int(text))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.replace(" UTC", "+00:00"))
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
