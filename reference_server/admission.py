"""Who is calling: reads the Authorization header and says plainly what is wrong with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from scim2_models import SCIMException, UnauthorizedException

from reference_server.credentials import Clock, Credentials, KnownKey
from reference_server.http import Request

REALM = "scim"


@dataclass(frozen=True)
class Caller:
    """An admitted caller: its tenant, the id of the key that it used, and whether that key may only read."""

    tenant: str
    key_id: str
    reads_only: bool = False


class Unauthorized(UnauthorizedException):
    """No usable key. ``presented``: a token came, and it is not good (RFC 6750 section 3.1 names the code)."""

    def __init__(self, detail: str, *, presented: bool = False) -> None:
        super().__init__(detail=detail)
        self.presented = presented

    @property
    def challenge(self) -> str:
        code = f', error="invalid_token", error_description="{self.detail}"' if self.presented else ""
        return f'Bearer realm="{REALM}"{code}'


class TooMany(SCIMException):
    """A tenant asks more than it may. ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(detail=f"This tenant sends more than it may: wait {retry_after} s and go on more slowly")
        self.retry_after = retry_after


class Admission:
    """Lets in who shows a key that lives."""

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self._credentials = credentials
        self._clock = clock

    def admit(self, request: Request) -> Caller:
        """The caller. Raises Unauthorized with a sentence an administrator can act on."""
        token = presented_token(request)
        key = self._credentials.recognise(token)
        if key is None:
            raise Unauthorized(
                "This API key is not known here: is it complete, and is it the one of this service?", presented=True
            )
        self._check_life(key)
        return Caller(key.tenant_id, key.id, key.reads_only)

    def _check_life(self, key: KnownKey) -> None:
        if key.revoked_at is not None:
            raise Unauthorized(f"This API key was revoked on {_day(key.revoked_at)}: ask for a new one", presented=True)
        if key.expires_at is not None and key.expires_at <= self._clock():
            raise Unauthorized(f"This API key expired on {_day(key.expires_at)}: ask for a new one", presented=True)


def presented_token(request: Request) -> str:
    """The bearer token of the Authorization header. Raises Unauthorized when there is none in a readable form."""
    # An administrator who pastes a key brings the white space along; it is never part of a key.
    value = request.header("Authorization").strip()
    if not value:
        hint = " A key in the address (access_token) is not read." if "access_token" in request.query else ""
        raise Unauthorized(f"No API key came with the request: send 'Authorization: Bearer <API key>'.{hint}")
    scheme, _, token = value.partition(" ")
    token = token.strip()
    if scheme.casefold() != "bearer":
        if token:
            raise Unauthorized("Only the scheme Bearer is served: send 'Authorization: Bearer <API key>'")
        raise Unauthorized("The Authorization header has no scheme: write the word Bearer and a space before the key")
    if not token:
        raise Unauthorized("The Authorization header says Bearer but holds no API key")
    if token.partition(" ")[0].casefold() == "bearer":
        raise Unauthorized(
            "The word Bearer comes twice: enter the API key alone, the identity provider adds the word", presented=True
        )
    if any(character.isspace() for character in token):
        raise Unauthorized("There is white space inside the API key: copy it again in one piece", presented=True)
    return token


def _day(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%d")
