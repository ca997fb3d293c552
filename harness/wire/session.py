"""The one session: sends Steps exactly as they stand and brings back what came, redacted, within limits."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import SKIP_HEADER

from harness.model.exchange import Exchange, Phase, Request, Response, Role, Trouble, TroubleKind
from harness.model.secret import Secret
from harness.model.step import BASIC_TOKEN, FURTHER_TOKENS, TOKEN, Effect, Place, Step, token_of
from harness.model.target import Target
from harness.wire import command
from harness.wire.answer import ON_THE_WAY, whole_body
from harness.wire.redact import Redactor
from harness.wire.trouble import trouble_of

KEPT_MOST = 256 * 1024
"""A request body above this many bytes is kept by its beginning only: it was sent to be too large."""


@dataclass(frozen=True)
class Sent:
    """What crossed the wire for one step: a redacted request, and a redacted response or a trouble."""

    request: Request
    response: Response | None
    trouble: Trouble | None
    started_at: str
    elapsed_ms: float
    notes: tuple[str, ...] = ()

    def of(
        self, step: Step, *, name: str, scenario: str, ordinal: int, role: Role, phase: Phase, moment: int
    ) -> Exchange:
        """The exchange that this is of a step; ``name`` is its id."""
        return Exchange(
            id=name,
            scenario=scenario,
            ordinal=ordinal,
            role=role,
            phase=phase,
            moment=moment,
            title=step.title,
            intent=step.intent,
            effect=step.effect,
            request=self.request,
            response=self.response,
            trouble=self.trouble,
            subject=step.subject,
            tag=step.tag,
            template=step.template or step.path,
            place=step.place,
            path=step.path,
            query=step.query,
            started_at=self.started_at,
            elapsed_ms=self.elapsed_ms,
            notes=self.notes,
        )


class Session:
    """Sends Steps to one Target. Pools connections, follows no redirect, adds no header but Host and Content-Length."""

    def __init__(self, target: Target, redactor: Redactor | None = None, adapter: BaseAdapter | None = None) -> None:
        self.target = target
        self.redactor = redactor or Redactor()
        self.redactor.learn(target.token, "token")
        self.adapter = adapter
        self._session = _Undirected()
        # Without this the session would read credentials from .netrc and keep cookies between people.
        self._session.cookies.set_policy(_NoCookies())
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter or HTTPAdapter(pool_connections=4, pool_maxsize=8))

    @cached_property
    def _surroundings(self) -> dict[str, Any]:
        """Proxies and certificate authorities as the environment and the operator name them; looked up once."""
        if self.adapter is not None:
            return {"stream": True, "proxies": {}}
        url = self.target.base_url
        return dict(self._session.merge_environment_settings(url, {}, True, self.target.verify, None))

    def close(self) -> None:
        self._session.close()

    def send(self, step: Step, token: Secret | None = None) -> Sent:
        """Send one step. A read that was reset on the way is asked once more, and the note says so."""
        sent = self._send(step, token)
        if sent.trouble is not None and sent.trouble.kind is TroubleKind.RESET and step.effect is Effect.READ:
            again = self._send(step, token)
            note = f"asked twice: the first attempt failed ({sent.trouble.message})"
            elapsed = sent.elapsed_ms + again.elapsed_ms
            return Sent(again.request, again.response, again.trouble, sent.started_at, elapsed, (note,))
        return sent

    def _send(self, step: Step, token: Secret | None) -> Sent:
        secret = token or self.target.token
        url = self._url(step)
        if step.place is Place.HOOK and command.is_command(url):
            return self._command(step, url)
        started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        kept = self.request_as_kept(step)
        prepared = self._prepare(step, url, secret)
        began = time.perf_counter()
        try:
            response = self._receive(prepared, began)
        except ON_THE_WAY as error:
            trouble = trouble_of(
                error,
                urlsplit(url).netloc,
                timeout_s=self.target.timeout_s,
                deadline_s=self.target.deadline_s,
                max_body=self.target.max_body,
            )
            trouble = Trouble(trouble.kind, self.redactor.text(trouble.message), trouble.hint)
            return Sent(kept, None, trouble, started_at, _since(began))
        return Sent(kept, response, None, started_at, _since(began))

    def _secrets(self) -> tuple[str, ...]:
        return tuple(s.reveal() for s in (self.target.token, *self.target.credentials.values()))

    def _command(self, step: Step, address: str) -> Sent:
        started_at, began = datetime.now(UTC).isoformat(timespec="milliseconds"), time.perf_counter()
        told = command.run(address, step.body or b"", self.target.deadline_s, self.redactor.text, self._secrets())
        kept = self.request_as_kept(step)
        if isinstance(told, Trouble):
            return Sent(kept, None, told, started_at, _since(began))
        told = replace(told, body=self.redactor.data(told.body))
        return Sent(kept, told, None, started_at, _since(began))

    def _url(self, step: Step) -> str:
        if step.place is Place.HOOK:
            return self.target.hooks[step.path.strip("/")]
        url = self.target.base_url + step.path
        return f"{url}?{step.query}" if step.query else url

    def _prepare(self, step: Step, url: str, secret: Secret) -> requests.PreparedRequest:
        prepared = requests.PreparedRequest()
        prepared.method = step.method
        # Set past prepare_url on purpose: it would re-encode what the IdP has encoded in its own way.
        prepared.url = _filled(url, secret.reveal())
        headers = requests.structures.CaseInsensitiveDict[str]()
        for name, value in step.headers:
            headers[name] = self._further(_filled(value, secret.reveal()))
        if self.adapter is None:
            # A sender that has no such header (Entra sends no User-Agent) must not get the library's.
            for name in ("User-Agent", "Accept-Encoding"):
                headers.setdefault(name, SKIP_HEADER)
        if step.body is not None:
            headers["Content-Length"] = str(len(step.body))
        elif step.method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = "0"
        prepared.headers = headers
        prepared.body = step.body
        prepared.hooks = {"response": []}
        return prepared

    def request_as_kept(self, step: Step) -> Request:
        """The request of a step in the form that is kept: complete, without any secret."""
        return Request(
            method=step.method,
            url=self.redactor.text(_masked(self._url(step))),
            headers=tuple((name, self.redactor.text(_masked(value))) for name, value in step.headers),
            body=None if step.body is None else self.redactor.data(_kept(step.body)),
        )

    def _further(self, value: str) -> str:
        """A header value with a further credential in place; the redactor learns it before it is sent."""
        for name in FURTHER_TOKENS:
            if token_of(name) in value:
                secret = self.target.credentials[name]
                self.redactor.learn(secret, f"token:{name}")
                value = value.replace(token_of(name), secret.reveal())
        return value

    def _receive(self, prepared: requests.PreparedRequest, began: float) -> Response:
        target = self.target
        timeouts = (min(10.0, target.timeout_s), target.timeout_s)
        answer = self._session.send(prepared, timeout=timeouts, allow_redirects=False, **self._surroundings)
        body = whole_body(answer, target.max_body, began + target.deadline_s)
        headers = tuple((str(k), str(v)) for k, v in answer.raw.headers.items())
        return Response(
            status=answer.status_code,
            reason=self.redactor.text(answer.reason or ""),
            headers=self.redactor.headers(headers),
            body=self.redactor.data(body),
        )


def _filled(text: str, credential: str) -> str:
    """A header value or URL with the credential in its place, plain or in base64."""
    if BASIC_TOKEN in text:
        text = text.replace(BASIC_TOKEN, base64.b64encode(credential.encode()).decode())
    return text.replace(TOKEN, credential)


def _masked(text: str) -> str:
    marker = "[redacted:token]"
    for name in FURTHER_TOKENS:
        text = text.replace(token_of(name), f"[redacted:token:{name}]")
    return text.replace(BASIC_TOKEN, marker).replace(TOKEN, marker)


class _Undirected(requests.Session):
    """Sees no redirect as one: even unfollowed, the library would read its body without a limit."""

    def get_redirect_target(self, _resp: requests.Response) -> str | None:
        return None


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[misc,name-defined]
    """Keeps no cookie: an IdP does not, and a cookie could carry access from one person to the next."""

    def set_ok(self, _cookie: object, _request: object) -> bool:
        return False


def _kept(body: bytes) -> bytes:
    return body if len(body) <= KEPT_MOST else body[:1024] + f"... ({len(body)} bytes)".encode()


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
