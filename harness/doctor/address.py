"""The base URL: what is wrong with it before anything is sent, and which address beside it answers like SCIM."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin, urlsplit, urlunsplit

from harness.doctor.remedies import fix
from harness.doctor.visit import Visit, question
from harness.model.diagnosis import Line, Proof, State
from harness.model.exchange import Exchange
from harness.model.secret import Secret

COMMON = ("/scim/v2", "/scim", "/api/scim/v2", "/api/v2/scim", "/v2", "/api/scim", "/scim/v2.0", "/api/v3/scim/v2")
"""Where SCIM often hangs below an address."""

FLAG = "aadoptscim062020"
"""The flag that changes Entra's dialect stands in the Tenant URL, behind a question mark. Any letter case."""

HTTP = "address-http"
UNSENT = ("address-of-the-idp", HTTP)
"""Lines of addresses to which the key is not sent."""

ENDPOINTS = ("Users", "Groups", "ServiceProviderConfig", "Schemas", "ResourceTypes", "Me", "Bulk")
MOST_TRIES = 12

_IDP_HOSTS = re.compile(
    r"(^|\.)(okta\.com|oktapreview\.com|okta-emea\.com|okta-gov\.com|microsoftonline\.(com|us)|windows\.net|"
    r"microsoft\.com|azure\.com)$"
)
_SIGN_IN = re.compile(
    r"(^|[/._-])(sso|saml2?|acs|oidc|oauth2?|login|signin|sign-in|authorize|idp|wsfed)([/._?-]|$)", re.I
)
_HOST = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9-]*\.)+[A-Za-z]{2,}(:\d+)?(/|$)|^localhost(:\d+)?(/|$)")


@dataclass(frozen=True)
class Address:
    """A base URL as given, taken apart. ``base`` has no query and no slash at its end, and is "" when unusable."""

    given: str
    base: str = ""
    slash: bool = False
    query: str = ""
    line: Line | None = None

    @property
    def flagged(self) -> bool:
        return FLAG in self.query.casefold()

    @property
    def host(self) -> str:
        return urlsplit(self.base).hostname or ""


def read(given: str, idps: tuple[str, ...]) -> Address:
    """Take a base URL apart. ``line`` says what is wrong with it as a text, None when nothing is."""
    text = given.strip().strip("\"'<>").strip()
    stripped = text != given
    if "://" not in text:
        return _without_scheme(given, text, idps)
    parts = urlsplit(text)
    try:
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port is not False
    except ValueError:
        usable = False
    if not usable:
        return Address(given, line=_unusable(given, idps))
    # A password in the address would go into every log on the way, so it goes no further than here.
    netloc = parts.netloc.rpartition("@")[2]
    path = parts.path.rstrip("/")
    base = urlunsplit((parts.scheme.lower(), netloc, path, "", ""))
    made = Address(given, base, slash=parts.path.endswith("/") and bool(path), query=parts.query)
    return Address(given, base, made.slash, made.query, _text_line(made, parts.netloc, idps, stripped=stripped))


def is_local(host: str) -> bool:
    """Whether this host is the machine itself: nothing that is sent there leaves it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_scheme(given: str, text: str, idps: tuple[str, ...]) -> Address:
    if not _HOST.match(text):
        relative = Line(
            "address-relative",
            State.WRONG,
            "Base URL",
            "This is only a part of an address: no identity provider can reach the service with it, so nobody who "
            "leaves loses access.",
            fix(
                "Enter the whole address as the service shows it, beginning with https:// and its host.",
                "address",
                idps,
            ),
            "customer",
            evidence=(Proof(f"entered: {_short(given)}"),),
        )
        return Address(given, line=relative)
    scheme = "http" if is_local(urlsplit(f"//{text}").hostname or "") else "https"
    made = read(f"{scheme}://{text}", idps)
    line = Line(
        "address-without-https",
        State.WRONG,
        "Base URL",
        "The address does not begin with https://, and the identity provider's field does not take it like that.",
        fix(f"Enter {made.base} instead; that is where we have looked.", "address", idps),
        "customer",
        evidence=(Proof(f"entered: {_short(given)}"),),
    )
    return Address(given, made.base, made.slash, made.query, line)


def _unusable(given: str, idps: tuple[str, ...]) -> Line:
    return Line(
        "address-unusable",
        State.WRONG,
        "Base URL",
        "This is not an address that anything can be sent to, so nobody who leaves loses access.",
        fix(
            "Copy the SCIM base URL from the service's own settings; it looks like https://HOST/scim/v2.",
            "address",
            idps,
        ),
        "customer",
        evidence=(Proof(f"entered: {_short(given)}"),),
    )


def _text_line(address: Address, netloc: str, idps: tuple[str, ...], *, stripped: bool) -> Line | None:
    host = address.host
    proof = (Proof(f"entered: {_short(address.given) if '@' not in netloc else address.base}"),)
    if _IDP_HOSTS.search(host):
        return Line(
            "address-of-the-idp",
            State.WRONG,
            "Base URL",
            f"{host} belongs to the identity provider itself, not to the service: it would talk to itself, and nobody "
            "who leaves loses access. Nothing was sent there.",
            fix(
                "Copy the SCIM base URL from the settings of the service, not from a page of sign-in.", "address", idps
            ),
            "customer",
            evidence=proof,
        )
    if "@" in netloc:
        return Line(
            "address-with-password",
            State.WRONG,
            "Base URL",
            "A name or password stands inside the address. It would be written into logs on the way, and the identity "
            "provider does not use it.",
            fix(f"Enter {address.base} and put the key into its own field.", "address", idps),
            "customer",
            evidence=proof,
        )
    if address.base.startswith("http:") and not is_local(host):
        return over_http(f"https://{address.base.removeprefix('http://')}", address.given, idps, tried=False)
    if "okta" in idps and "_" in host:
        return Line(
            "address-underscore",
            State.WARNING,
            "Base URL",
            f"The host {host} has an underscore in its name, which Okta's own rules for this field do not allow.",
            fix("Ask the service for an address without an underscore.", "address", ("okta",)),
            "service",
            evidence=proof,
        )
    if address.query and not address.flagged:
        return Line(
            "address-query",
            State.WARNING,
            "Base URL",
            "Something stands behind a question mark in the address. Identity providers put their own paths behind the "
            "base URL, and it is not known what becomes of the rest.",
            fix(f"Enter {address.base} without it.", "address", idps),
            "customer",
            evidence=proof,
        )
    if stripped:
        return Line(
            "address-white-space",
            State.WARNING,
            "Base URL",
            "Blanks or quotation marks came along when the address was copied; an identity provider may send them.",
            fix(f"Enter exactly {address.base}", "address", idps),
            "customer",
            evidence=proof,
        )
    return None


def over_http(better: str, given: str, idps: tuple[str, ...], *, tried: bool) -> Line:
    """The address begins with http://. ``tried``: over https it answers."""
    seen = "; we tried it, and it answers" if tried else ""
    return Line(
        HTTP,
        State.WRONG,
        "Base URL",
        "The address begins with http://, so the key would travel readable for anybody on the way. Okta and Entra "
        "ID do not accept it, and we have not sent the key there.",
        fix(f"Enter {better} instead{seen}.", "address", idps),
        "customer",
        evidence=(Proof(f"entered: {_short(given)}"),),
    )


def looks_like_sign_in(text: str) -> bool:
    """Whether an address looks like a page of signing in rather than one of SCIM."""
    return bool(_SIGN_IN.search(urlsplit(text).path)) or bool(_IDP_HOSTS.search(urlsplit(text).hostname or ""))


def guesses(base: str, location: str = "") -> list[str]:
    """Addresses beside this one that are worth a try, the likeliest first: all on the host that was named."""
    return list(dict.fromkeys(g for g in _guesses(base, location) if g != base))[:MOST_TRIES]


def _guesses(base: str, location: str) -> Iterator[str]:
    parts = urlsplit(base)
    origin = f"{parts.scheme}://{parts.netloc}"
    segments = [s for s in parts.path.split("/") if s]
    target = urlsplit(urljoin(base + "/", location)) if location else None
    near = target is not None and target.hostname == parts.hostname and target.scheme in ("https", parts.scheme)
    if target is not None and near and target.path.rstrip("/").endswith("/Users"):
        yield f"{target.scheme}://{target.netloc}{target.path.rstrip('/').removesuffix('/Users')}"
    for at, segment in enumerate(segments):
        if segment in ENDPOINTS:
            yield "/".join([origin, *segments[:at]])
    yield from _undoubled(origin, segments)
    for suffix in COMMON[:4]:
        yield base + suffix
    yield f"{base}/v2"
    if segments and re.fullmatch(r"v\d+(\.\d+)?", segments[-1], re.I):
        yield "/".join([origin, *segments[:-1], "v2"])
        yield "/".join([origin, *segments[:-1]])
    for path in COMMON:
        yield origin + path
    yield f"{origin}/api{parts.path}"


def _undoubled(origin: str, segments: list[str]) -> Iterator[str]:
    """The path without a part that stands in it twice: /scim/v2/scim/v2, /v2/v2."""
    for length in range(len(segments) // 2, 0, -1):
        for at in range(len(segments) - 2 * length + 1):
            if segments[at : at + length] == segments[at + length : at + 2 * length]:
                yield "/".join([origin, *segments[:at], *segments[at + length :]])


def speaks_scim(answer: Exchange) -> bool:
    """Whether an answer to a list of people can only come from SCIM."""
    body = answer.json
    if not answer.answered or not isinstance(body, dict):
        return False
    schemas = body.get("schemas")
    named = any("scim:" in str(s) for s in (schemas if isinstance(schemas, list) else [schemas]))
    return (answer.ok and answer.is_list) or (named and answer.status not in (404, 405))


def find(visit: Visit, key: Secret, location: str = "") -> tuple[str, list[Exchange]]:
    """Try the addresses beside the given one: the first that answers with people (else in SCIM), and all tries."""
    step = question("Look whether SCIM answers here", "/Users", "startIndex=1&count=1")
    tried: list[tuple[str, Exchange]] = []
    found = guesses(visit.target.base_url, location)
    for at in range(0, len(found), 4):
        some = found[at : at + 4]
        answers = visit.together([partial(visit.ask, step, base_url=guess, key=key) for guess in some])
        tried += zip(some, answers, strict=True)
        for good in (lambda x: x.ok and x.is_list, lambda x: speaks_scim(x)):
            for guess, answer in tried:
                if good(answer):
                    return guess, [x for _, x in tried]
    return "", [x for _, x in tried]


def _short(text: str) -> str:
    shown = text if len(text) <= 200 else f"{text[:200]}..."
    return shown.encode("unicode_escape").decode() if any(ord(c) < 32 for c in shown) else shown
