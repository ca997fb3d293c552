"""Preflight: a look at the target before a run, so that a wrong URL or key is told once and plainly."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from harness.model.exchange import Exchange, Phase, Role, TroubleKind
from harness.model.step import SCIM_JSON, TOKEN, Effect, Intent, Step
from harness.model.target import Target
from harness.wire.session import Session

GUESSES = ("/scim/v2", "/scim", "/v2", "/api/scim/v2", "/api/v2/scim")
"""Paths that are tried below a base URL that does not answer like SCIM."""

HEADERS = (("User-Agent", "scimulator"), ("Accept", SCIM_JSON), ("Authorization", f"Bearer {TOKEN}"))


_STARTING = (TroubleKind.REFUSED, TroubleKind.RESET)
PAUSE = 0.2
"""Seconds between two attempts to reach a target that is still starting."""


class Clock:
    """The time, and waiting for it; a test gives its own."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_CLOCK = Clock()


@dataclass(frozen=True)
class Preflight:
    """What was learned. ``problem`` is "" when the run can begin; ``hooks`` and ``reference_server`` as recognised."""

    problem: str = ""
    hint: str = ""
    reference_server: bool = False
    hooks: dict[str, str] = field(default_factory=dict)


def look(session: Session, wait_s: float = 0.0, clock: Clock = _CLOCK) -> Preflight:
    """Ask the target for one person. Sends at most a handful of reads, follows nothing, changes nothing.

    For up to ``wait_s`` seconds a target that refuses the connection is taken for one that is still starting.
    """
    answer = _ask(session, "/Users", "startIndex=1&count=1")
    deadline = clock.now() + wait_s
    while answer.trouble is not None and answer.trouble.kind in _STARTING and clock.now() < deadline:
        clock.sleep(PAUSE)
        answer = _ask(session, "/Users", "startIndex=1&count=1")
    if answer.trouble is not None:
        return Preflight(answer.trouble.message, answer.trouble.hint)
    problem = _refused(answer, session.target) or _elsewhere(answer, session.target)
    if problem is not None:
        return problem
    if not _speaks_scim(answer):
        return _not_scim(answer, session)
    return recognise(session)


def recognise(session: Session) -> Preflight:
    """Ask whether the target is our own reference server. Only believed of a loopback address or in-process."""
    target = session.target
    if not target.reference_server and not _is_loopback(urlsplit(target.base_url).hostname or ""):
        return Preflight()
    origin = urljoin(target.base_url, "/")
    # The question goes to the origin, without the key: it is not a SCIM path.
    elsewhere = Session(replace(target, base_url=origin.rstrip("/")), session.redactor, session.adapter)
    answer = _ask(elsewhere, "/.well-known/scimulator", key=False)
    about = answer.json
    if answer.status != 200 or not isinstance(about, dict) or about.get("reference_server") is not True:
        return Preflight()
    hooks = about.get("hooks")
    named = hooks if isinstance(hooks, dict) else {}
    return Preflight(reference_server=True, hooks={str(k): urljoin(origin, str(v)) for k, v in named.items()})


def _refused(answer: Exchange, target: Target) -> Preflight | None:
    host = urlsplit(target.base_url).netloc
    if answer.status == 401:
        return Preflight(
            f"{host} does not accept the API key (401{_detail(answer)})",
            f"it came from the {target.token.source}: is it complete, of this tenant, and not expired?",
        )
    if answer.status == 403:
        return Preflight(
            f"{host} knows the API key but does not let it read people (403{_detail(answer)})",
            "does the key have the SCIM permission, and does the plan include SCIM?",
        )
    return None


def _elsewhere(answer: Exchange, target: Target) -> Preflight | None:
    if not 300 <= answer.status < 400:
        return None
    return Preflight(
        f"{target.base_url} redirects to {answer.header('Location') or 'another place'} ({answer.status}); "
        "the API key is never sent after a redirect",
        "use the final address as the base URL; an IdP does not follow redirects either",
    )


def _speaks_scim(answer: Exchange) -> bool:
    """JSON that is a list, or any other JSON but a 404: what is wrong inside it is for the checks to say.

    So is a break-down that still names the media type of SCIM, whatever stands in its body.
    """
    if answer.status >= 500 and answer.media_type == SCIM_JSON:
        return True
    return isinstance(answer.json, dict) and (answer.is_list or answer.status not in (200, 404))


def _not_scim(answer: Exchange, session: Session) -> Preflight:
    base = session.target.base_url
    what = answer.media_type or "nothing readable"
    problem = f"no SCIM service answers at {base}: GET {base}/Users brought {answer.status} with {what}"
    trimmed = base.rsplit("/Users", 1)[0] if base.endswith("/Users") else ""
    for guess in (trimmed, *(base + path for path in GUESSES)):
        if guess and _answers(session, guess):
            return Preflight(problem, f"did you mean {guess} ? It answers like SCIM")
    return Preflight(problem, "copy the SCIM base URL from the service's own page; it often ends in /scim/v2")


def _answers(session: Session, base_url: str) -> bool:
    other = Session(replace(session.target, base_url=base_url), session.redactor, session.adapter)
    answer = _ask(other, "/Users", "startIndex=1&count=1")
    return answer.answered and isinstance(answer.json, dict) and (answer.is_list or answer.status == 401)


def _ask(session: Session, path: str, query: str = "", *, key: bool = True) -> Exchange:
    step = Step(
        title="Look at the target before the run",
        method="GET",
        path=path,
        query=query,
        headers=HEADERS if key else HEADERS[:2],
        effect=Effect.READ,
        intent=Intent.CONNECT,
    )
    return session.send(step).of(
        step, name="x-preflight", scenario="preflight", ordinal=0, role=Role.PREFLIGHT, phase=Phase.DURING, moment=-1
    )


def _detail(answer: Exchange) -> str:
    detail = answer.json.get("detail") if isinstance(answer.json, dict) else None
    return f': "{detail[:200]}"' if isinstance(detail, str) and detail else ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
