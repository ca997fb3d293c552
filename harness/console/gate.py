"""Who may use the console: the one browser that was let in with the token of this start, and nobody else's page.

Every request passes four questions, in this order: is it addressed to us by our own name (a foreign name that points at
this computer is DNS rebinding), does it come from our own page (Sec-Fetch-Site, Origin), does it carry the cookie of
somebody who was let in, and, when it changes something, the token of our own form.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

OPEN = ("/enter",)
"""What is answered without a cookie, apart from the files of the page itself."""

FILES = "/static/"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script or style, no other origin, no frame: what a service sends is shown and can do nothing."""

SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For a report that is looked at in the browser: it has a policy of its own, and must not act as one of our pages."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a browser would send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), clipboard-read=()",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered: a status, what is wrong, what to do."""

    status: HTTPStatus
    problem: str
    hint: str


@dataclass(frozen=True)
class Asked:
    """What of a request the gate looks at. Each is "" where there is none."""

    method: str
    path: str
    host: str
    origin: str = ""
    site: str = ""
    cookie: str = ""


@dataclass
class Entrance:
    """Lets browsers in: a token is good for one of them, then there is a new one, told by ``announce``."""

    announce: Callable[[str], None] = lambda _token: None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _guests: dict[str, str] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def spend(self, given: str) -> str | None:
        """The value of a new cookie in exchange for the token, or None."""
        with self._lock:
            if not hmac.compare_digest(given.encode(), self.token.encode()):
                return None
            self.token = secrets.token_urlsafe(32)
            cookie = secrets.token_urlsafe(32)
            self._guests[_digest(cookie)] = secrets.token_urlsafe(32)
        self.announce(self.token)
        return cookie

    def csrf(self, cookie: str) -> str | None:
        """What the forms of this browser have to carry; None for one that was not let in."""
        return self._guests.get(_digest(cookie)) if cookie else None

    def leave(self, cookie: str) -> None:
        self._guests.pop(_digest(cookie), None)


def refusal(
    asked: Asked, hosts: Iterable[str], entrance: Entrance, form_token: Callable[[], str] = lambda: ""
) -> Refusal | None:
    """The reason why a request is not answered, or None. ``hosts`` are our own names, each with the port.

    ``form_token`` reads the token out of the form; it is only called for a form of somebody who was let in.
    """
    ours = {host.lower() for host in hosts}
    if asked.host.lower() not in ours:
        return Refusal(
            HTTPStatus.MISDIRECTED_REQUEST,
            "this page answers under its own name only",
            f"open http://{sorted(ours)[0]}/ as the terminal shows it",
        )
    if elsewhere := _from_elsewhere(asked, ours):
        return elsewhere
    if asked.path in OPEN or asked.path.startswith(FILES):
        return None
    csrf = entrance.csrf(asked.cookie)
    if csrf is None:
        return Refusal(
            HTTPStatus.FORBIDDEN,
            "this browser has not been let in",
            "open the address that the terminal shows; each one is good for one browser, and a new one follows",
        )
    if asked.method not in ("GET", "HEAD") and not hmac.compare_digest(form_token().encode(), csrf.encode()):
        return Refusal(
            HTTPStatus.FORBIDDEN,
            "the form is not from this session of the page",
            "go back, load the page anew and send the form once more",
        )
    return None


def _from_elsewhere(asked: Asked, ours: set[str]) -> Refusal | None:
    reads = asked.method in ("GET", "HEAD")
    foreign = Refusal(
        HTTPStatus.FORBIDDEN,
        "another web page sent this request, and it was not carried out",
        "if you clicked a link to get here, type the address of the console instead",
    )
    if asked.method not in ("GET", "HEAD", "POST"):
        return Refusal(
            HTTPStatus.METHOD_NOT_ALLOWED, f"{asked.method[:20]} is not used here", "use the page's own forms"
        )
    # Another port of this computer is "same-site": a cookie would go along, so it counts as foreign, too.
    if asked.site not in ("", "same-origin", "none") or (asked.site == "none" and not reads):
        return foreign
    if asked.origin and asked.origin.lower() not in {f"http://{host}" for host in ours}:
        return foreign
    # A browser names the origin of every form; what names neither is no browser.
    if not reads and not asked.origin and asked.site != "same-origin":
        return foreign
    return None


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
