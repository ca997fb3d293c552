"""What this server offers besides SCIM: telling what it is, signing in by SSO, and asking whether access lives."""

from __future__ import annotations

from typing import Any

from scim2_models import InvalidValueException

from reference_server.audit import Audit
from reference_server.behaviour import Behaviour
from reference_server.bodies import decode
from reference_server.http import Request, Response, error
from reference_server.jit import SignIn
from reference_server.routes import BASE_PATH
from reference_server.sessions import API_TOKEN, SESSION, Sessions

VERSION = "0.1.0"
ABOUT = "/.well-known/scimulator"
SIGN_IN = "/sso/sign-in"
ACCESS = "/sso/access"
WHO_AM_I = "/sso/whoami"
AUDIT = f"{ABOUT}/audit"

MOST_ENTRIES = 200


class Hooks:
    """Answers the hooks; they need the API key of a tenant, but for ABOUT and for WHO_AM_I, which a person calls."""

    def __init__(self, preset_name: str, behaviour: Behaviour, sessions: Sessions, folded: Any, audit: Audit) -> None:
        self._preset_name = preset_name
        self._behaviour = behaviour
        self._sessions = sessions
        self._folded = folded
        self._audit = audit
        self._served = {
            ABOUT: (("GET", "HEAD"), self._about),
            SIGN_IN: (("POST",), self._sign_in),
            ACCESS: (("POST",), self._access),
            WHO_AM_I: (("GET",), self._who_am_i),
            AUDIT: (("GET",), self._entries),
        }

    def answer(self, request: Request, path: str) -> Response | None:
        """The answer of the hook at a path; None when there is none. Raises SCIM exceptions."""
        if path not in self._served:
            return None
        methods, hook = self._served[path]
        if request.method not in methods:
            return error(405, "This hook does not know the method", headers={"Allow": ", ".join(methods)})
        response = hook(request)
        response.headers.setdefault("Content-Type", "application/json")
        return response

    def _about(self, _request: Request) -> Response:
        return Response(
            200,
            {
                "reference_server": True,
                "version": VERSION,
                "preset": self._preset_name,
                "base_path": BASE_PATH,
                "hooks": {"sign_in": SIGN_IN, "access": ACCESS},
            },
        )

    def _sign_in(self, request: Request) -> Response:
        caller = self._behaviour.admit(request)
        body = decode(request)
        who = SignIn(
            user_name=_text(body, "userName", needed=True),
            given_name=_text(body, "givenName"),
            family_name=_text(body, "familyName"),
            email=_text(body, "email"),
            readmit=body.get("readmit") is True,
        )
        welcome = self._behaviour.sign_in(caller.tenant, who)
        if not welcome.allowed:
            return Response(403, {"allowed": False, "reason": welcome.reason})
        return Response(
            200,
            {
                "allowed": True,
                "created": welcome.created,
                "id": welcome.person_id,
                "session": welcome.session,
                "api_token": welcome.api_token,
            },
        )

    def _access(self, request: Request) -> Response:
        caller = self._behaviour.admit(request)
        user_name = _text(decode(request), "userName", needed=True)
        folded = self._folded(user_name)
        states = {kind: self._sessions.state(caller.tenant, folded, kind) for kind in (SESSION, API_TOKEN)}
        return Response(200, {"userName": user_name, **states})

    def _entries(self, request: Request) -> Response:
        """What has been written at the caller's tenant since it was last asked; ``next`` is where to go on."""
        caller = self._behaviour.admit(request)
        given = request.query.get("after", "0")
        if not (given.isascii() and given.isdecimal() and len(given) < 10):
            raise InvalidValueException(
                detail=f'after is a whole number, the "next" of the last page, not {given[:40]!r}'
            )
        after = int(given)
        entries = self._audit.entries(caller.tenant, after, MOST_ENTRIES)
        told = [
            {
                "at": e.at.isoformat(),
                "action": e.action,
                "type": e.type,
                "id": e.resource_id,
                "changes": dict(e.changes),
            }
            for e in entries
        ]
        return Response(200, {"entries": told, "next": after + len(told)})

    def _who_am_i(self, request: Request) -> Response:
        secret = request.header("Authorization").partition(" ")[2].strip()
        grant = self._sessions.use(secret)
        if grant is None:
            challenge = {"WWW-Authenticate": 'Bearer realm="app"'}
            return error(401, "This session has ended, or never was", headers=challenge)
        return Response(200, {"userName": grant.user_name, "with": grant.kind})


def _text(body: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = body.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value.strip()):
        raise InvalidValueException(detail=f"{name} has to be a text")
    return value.strip()
