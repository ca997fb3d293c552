"""Credentials: who gets in, who is told to bring a token, and in which words (RFC 7644 §2, RFC 6750, RFC 9110 §11)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.checks.challenges import bearer, challenges
from harness.checks.declared import configuration
from harness.checks.http import one
from harness.checks.reading import GATEWAY, RIGHT_TOKEN, endpoint, listing, mapping, member, seen, text
from harness.model.check import judges
from harness.model.exchange import WORN_KEY, Exchange
from harness.model.finding import Finding
from harness.model.transcript import Transcript

WITHOUT = "token.none."
"""Tags of requests that carry no credential begin so."""

PUBLIC = "token.none.config"
USELESS = ("token.wrong", "token.longer", "token.empty")
BASIC = ("token.basic", "token.password")
FIRST = ("token.none.read", "token.none.create", "token.none.group", "token.none.patch", "token.none.replace")
ORDERED = (*FIRST, "token.none.delete")
NAMES = ("realm", "scope", "error", "error_description")


def _is_uninvited(exchange: Exchange) -> bool:
    if exchange.status in GATEWAY:
        return False
    return (exchange.tag.startswith(WITHOUT) and exchange.tag != PUBLIC) or exchange.tag in USELESS


@judges("RFC7644-2-02", when=_is_uninvited)
def nobody_gets_in_without_a_valid_token(exchange: Exchange) -> Iterator[Finding]:
    """401 is what should come, 403 does the same; a success, or people in the body, is an open door.

    A list is refused outright; whether a stranger is told 404 or 405 elsewhere is a question of order.
    """
    listing_refused = exchange.tag != "token.none.list" or exchange.status in (401, 403) or exchange.status >= 500
    shows = bool(listing(mapping(exchange.json).get("Resources"))) or member(exchange.json, "userName") is not None
    if not listing_refused and not exchange.ok and not shows:
        yield Finding(
            expected=["401", "403"],
            actual=seen(exchange),
            likeness=f"{exchange.tag} {exchange.status}",
            hint=f"{exchange.title}: a client has to learn that it lacks a key, not something else.",
        )
    elif exchange.ok or shows:
        yield Finding(
            expected=["401", "403"],
            actual=seen(exchange),
            likeness=exchange.tag,
            hint=f"{exchange.title}: this was answered as if the key were right. Anybody can do the same.",
        )


@judges("AUTH-ORDER-01", when=lambda x: x.tag in ORDERED and not x.ok and x.status not in GATEWAY)
def the_credential_is_looked_at_first(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status != 401:
        yield Finding(
            expected=["401"],
            actual=seen(exchange),
            likeness=exchange.tag,
            hint=f"{exchange.title}: a stranger is told what exists here and what does not. Check the credential "
            "before method, path and body.",
        )


@judges("RFC6750-2.1-01", when=lambda x: x.sent_header("Authorization") == RIGHT_TOKEN and WORN_KEY not in x.notes)
def the_right_token_is_accepted(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 401:
        yield Finding(
            expected=["anything but 401: the token is the one that the other requests used"],
            actual=seen(exchange),
            likeness=f"{exchange.method} {endpoint(exchange)}",
            hint="401 says that the credential is bad. Use 403 for what this credential may not do, 405 or 501 for "
            "what the service does not do.",
        )


def _was_let_in(transcript: Transcript) -> bool:
    right = one(transcript, "token.right")
    return right is not None and right.ok


@judges("RFC6750-2.1-02", probe="tokens", when=lambda t: _was_let_in(t) and one(t, "token.lower") is not None)
def the_letter_case_of_bearer_does_not_matter(transcript: Transcript) -> Iterator[Finding]:
    for tag in ("token.lower", "token.upper"):
        answer = one(transcript, tag)
        if answer is not None and not answer.ok:
            yield Finding(
                expected=["the answer that the token got behind the word Bearer"],
                actual=seen(answer),
                exchange=answer.id,
                likeness=tag,
                hint="Names of authentication schemes have no letter case (RFC 9110 §11.1).",
            )


@judges("RFC6750-2.3-01", when=lambda exchange: exchange.tag == "token.query")
def a_token_in_the_address_does_not_work(exchange: Exchange) -> Iterator[Finding]:
    if exchange.ok:
        yield Finding(
            expected=["401"],
            actual=seen(exchange),
            hint="Addresses end up in logs, histories and proxies: whoever reads one of them has the key.",
        )


@judges("RFC7644-2-01", when=lambda exchange: exchange.status == 401)
def a_401_says_how_to_authenticate(exchange: Exchange) -> Iterator[Finding]:
    if not challenges(exchange.header("WWW-Authenticate")):
        yield Finding(
            expected=['WWW-Authenticate, for example: Bearer realm="SCIM"'],
            actual=exchange.header("WWW-Authenticate"),
            at="WWW-Authenticate",
            hint="HTTP demands a challenge in every 401.",
        )


def _lacks_a_token(exchange: Exchange) -> bool:
    return exchange.tag in ("token.none.list", *USELESS) and not exchange.ok and exchange.status not in GATEWAY


@judges("RFC6750-3-01", when=_lacks_a_token)
def a_request_without_a_usable_token_is_challenged(exchange: Exchange, transcript: Transcript) -> Iterator[Finding]:
    if not _was_let_in(transcript):
        return  # Bearer is not shown to be the scheme of this service.
    refused = exchange.status in (401, 403) or (exchange.status == 400 and exchange.tag == "token.empty")
    if not refused or not bearer(exchange.header("WWW-Authenticate")):
        yield Finding(
            expected=["401 with WWW-Authenticate: Bearer ..."],
            actual=f"{exchange.status}, WWW-Authenticate: {exchange.header('WWW-Authenticate')}",
            at="WWW-Authenticate",
            likeness="challenge" if refused else str(exchange.status),
            hint=f"{exchange.title}: the answer has to ask for a bearer token, which this service takes.",
        )


@judges("RFC6750-3-02", when=lambda exchange: bool(challenges(exchange.header("WWW-Authenticate"))))
def a_challenge_names_each_parameter_once(exchange: Exchange) -> Iterator[Finding]:
    for challenge in bearer(exchange.header("WWW-Authenticate")):
        for name in NAMES:
            if len(challenge.values(name)) > 1:
                yield Finding(
                    expected=[f"{name} at most once in a challenge"],
                    actual=exchange.header("WWW-Authenticate"),
                    at="WWW-Authenticate",
                    likeness=name,
                    hint="Join what has to be said into one value.",
                )


def _is_challenged(exchange: Exchange) -> bool:
    return exchange.status == 401 and bool(bearer(exchange.header("WWW-Authenticate")))


@judges("RFC6750-3-03", when=lambda x: x.tag == "token.wrong" and _is_challenged(x))
def a_wrong_token_is_called_invalid(exchange: Exchange) -> Iterator[Finding]:
    codes = [code for c in bearer(exchange.header("WWW-Authenticate")) for code in c.values("error")]
    if "invalid_token" not in codes:
        yield Finding(
            expected=['error="invalid_token" in the challenge'],
            actual=exchange.header("WWW-Authenticate"),
            at="WWW-Authenticate",
            hint="The code tells an administrator that a key was sent, and that it is the wrong one.",
        )


@judges("RFC6750-3.1-01", when=lambda x: x.tag.startswith(WITHOUT) and _is_challenged(x))
def a_request_without_a_token_gets_no_error_code(exchange: Exchange) -> Iterator[Finding]:
    codes = [code for c in bearer(exchange.header("WWW-Authenticate")) for code in c.values("error")]
    if codes:
        yield Finding(
            expected=["a challenge without error="],
            actual=exchange.header("WWW-Authenticate"),
            at="WWW-Authenticate",
            hint="Nothing was sent that could be wrong: the code is for tokens that were presented and failed.",
        )


def _offers_basic(transcript: Transcript) -> bool:
    schemes = listing(member(configuration(transcript), "authenticationSchemes"))
    return any("basic" in text(member(scheme, "type")).lower() for scheme in schemes)


def _sent_basic(transcript: Transcript) -> list[Exchange]:
    answers = [one(transcript, tag) for tag in BASIC]
    return [] if _offers_basic(transcript) else [x for x in answers if x is not None]


@judges("AUTH-BASIC-01", probe="tokens", when=lambda transcript: bool(_sent_basic(transcript)))
def a_scheme_that_is_not_offered_does_not_work(transcript: Transcript) -> Iterator[Finding]:
    for answer in _sent_basic(transcript):
        if answer.ok:
            yield Finding(
                expected=["401"],
                actual=seen(answer),
                exchange=answer.id,
                likeness=answer.tag,
                hint=f"{answer.title}, and it was let in: the scheme is not looked at.",
            )


def _schemes(transcript: Transcript) -> list[str]:
    """The types of the authentication schemes that the service announces, in lower case."""
    schemes = listing(member(configuration(transcript), "authenticationSchemes"))
    return [kind for kind in (text(member(scheme, "type")).lower() for scheme in schemes) if kind]


_ANNOUNCED = {"bearer": ("oauthbearertoken", "oauth2", "oauth"), "basic": ("httpbasic",), "digest": ("httpdigest",)}
"""Which announced types stand for a scheme of a challenge (RFC 7643 §5)."""


def _challenged_first(transcript: Transcript) -> list[str]:
    """The known schemes in the challenge of the first request without a key."""
    answer = one(transcript, "token.none.list")
    header = answer.header("WWW-Authenticate") if answer is not None and answer.status == 401 else None
    return [c.scheme for c in challenges(header) if c.scheme in _ANNOUNCED]


@judges(
    "RFC7644-2-04",
    probe="tokens",
    when=lambda t: bool(_challenged_first(t)) and "authenticationSchemes" in configuration(t),
)
def the_challenge_agrees_with_what_is_announced(transcript: Transcript) -> Iterator[Finding]:
    announced = _schemes(transcript)
    for scheme in _challenged_first(transcript):
        if not set(_ANNOUNCED[scheme]) & set(announced):
            yield Finding(
                expected=[f"a scheme of type {' or '.join(_ANNOUNCED[scheme])} in the ServiceProviderConfig"],
                actual=announced,
                at="WWW-Authenticate",
                exchange=transcript.tagged("token.none.list")[0].id,
                likeness=scheme,
                hint=f"The service asks for {scheme} and announces something else.",
            )


@judges("RFC7644-2-05", when=lambda x: endpoint(x) == "ServiceProviderConfig" and bool(_kinds(x)))
def a_name_and_a_password_are_not_the_only_way_in(exchange: Exchange) -> Iterator[Finding]:
    if set(_kinds(exchange)) == {"httpbasic"}:
        yield Finding(
            expected=["oauthbearertoken beside httpbasic, or in its place"],
            actual=_kinds(exchange),
            at="/authenticationSchemes",
            hint="A password opens everything and cannot be limited to this connection.",
        )


def _kinds(exchange: Exchange) -> list[str]:
    schemes = listing(member(exchange.resource, "authenticationSchemes"))
    return [text(member(scheme, "type")).lower() for scheme in schemes if member(scheme, "type")]


@judges("RFC7644-2.2-01", when=lambda exchange: exchange.tag == "token.none.create" and exchange.status not in GATEWAY)
def a_stranger_creates_nobody(exchange: Exchange) -> Iterator[Finding]:
    if exchange.ok:
        yield Finding(
            expected=["401"],
            actual=seen(exchange),
            hint="Registering oneself is allowed by the RFC, and hardly ever meant: nobody asked who is there.",
        )


@judges("RFC6750-3.1-04", when=lambda exchange: exchange.tag == "token.both" and exchange.status not in GATEWAY)
def a_key_that_comes_twice_is_refused_or_read_once(exchange: Exchange) -> Iterator[Finding]:
    if not exchange.ok and exchange.status not in (400, 401):
        yield Finding(
            expected=["400 with error=invalid_request", "200"],
            actual=seen(exchange),
            likeness=str(exchange.status),
            hint="The key stood in the header and in the address.",
        )
