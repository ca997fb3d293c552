"""A service that answers nonsense: the reference server behind something that spoils what it says, by a seed."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from harness.ground import EVERYTHING, Ground
from harness.model.run import Run
from harness.model.secret import Secret
from harness.model.target import Target
from harness.plan import Selection, plan, vendors
from harness.probes import all_probes
from harness.profiles import load
from harness.settings import Settings
from harness.stage import Stage
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.session import Session
from reference_server.app import ReferenceServer

Answer = tuple[int, list[tuple[str, str]], bytes]
MOST = 256 * 1024
"""The largest answer that is read here: small, so that an answer without an end takes no time."""

SCIM = [("Content-Type", "application/scim+json")]
PAGE = b"<!doctype html><html><body><script>alert(1)</script>Welcome</body></html>"
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1.5, float("nan"), "", "\ud800", "\u202eevil", "</script>", "x" * 5000,
    [], [[]], {}, {"value": {}}, [None], "urn:ietf:params:scim:schemas:core:2.0:User",
)  # fmt: skip
ODD_HEADERS = (
    ("Content-Type", ";;;"),
    ("Content-Type", "application/scim+json; charset=klingon"),
    ("Retry-After", "whenever"),
    ("ETag", 'W/"'),
    ("WWW-Authenticate", ',,,="'),
    ("Location", "javascript:alert(1)"),
    ("Location", "http://["),
    ("Date", "yesterday"),
    ("Allow", ","),
    ("Content-Encoding", "rot13"),
)


def spoiled(value: Any, dice: random.Random) -> Any:
    """The same JSON with other types in odd places."""
    if dice.random() < 0.25:
        return dice.choice(ODD_VALUES)
    if isinstance(value, dict):
        kept = {k: spoiled(v, dice) for k, v in value.items() if dice.random() > 0.1}
        return kept | {k.swapcase(): v for k, v in list(kept.items())[:1]}
    return [spoiled(v, dice) for v in value] if isinstance(value, list) else value


def _typed(dice: random.Random, answer: Answer) -> Answer:
    status, headers, body = answer
    document = json.loads(body) if body[:1] in (b"{", b"[") else dice.choice(ODD_VALUES)
    return status, headers, json.dumps(spoiled(document, dice)).encode("utf-8", "surrogatepass")


def _reset(_dice: random.Random, _answer: Answer) -> Answer:
    raise ConnectionResetError("reset by peer")


WRONGS: dict[str, Callable[[random.Random, Answer], Answer]] = {
    "another status": lambda dice, a: (
        dice.choice([100, 200, 201, 204, 206, 304, 400, 404, 418, 500, 599]),
        a[1],
        a[2],
    ),
    "a web page": lambda dice, a: (dice.choice([200, 404, 502]), [("Content-Type", "text/html")], PAGE),
    "half of it": lambda dice, a: (a[0], a[1], a[2][: dice.randrange(len(a[2]) + 1)]),
    "other types": _typed,
    "another kind of JSON": lambda dice, a: (a[0], SCIM, json.dumps(dice.choice(ODD_VALUES)).encode()),
    "JSON without a bottom": lambda dice, a: (a[0], SCIM, b'{"Resources":[' * 50_000),
    "no text": lambda dice, a: (a[0], SCIM, dice.randbytes(64)),
    "nothing": lambda dice, a: (a[0], [], b""),
    "no end": lambda dice, a: (a[0], SCIM, b'{"a":"' + b"a" * 2 * MOST),
    "a bomb": lambda dice, a: (a[0], [*SCIM, ("Content-Encoding", "gzip")], gzip.compress(b" " * 40 * MOST, 9)),
    "no gzip": lambda dice, a: (a[0], [*SCIM, ("Content-Encoding", "gzip")], b"plain"),
    "twice the same name": lambda dice, a: (a[0], SCIM, b'{"id":"a","id":"b","active":true,"active":false}'),
    "odd headers": lambda dice, a: (a[0], [*a[1], *dice.sample(ODD_HEADERS, 3)], a[2]),
    "somewhere else": lambda dice, a: (dice.choice([301, 302, 307]), [("Location", "http://elsewhere.example/")], b""),
    "a reset": _reset,
}


class Nonsense:
    """A WSGI application: what the hooks say is left alone, of the rest a share is spoiled."""

    def __init__(self, server: ReferenceServer, dice: random.Random, share: float) -> None:
        self.server, self.dice, self.share = server, dice, share
        self.earlier: list[Answer] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun: list[Any] = []
        body = b"".join(self.server.wsgi(environ, lambda status, headers, *_: begun.extend((status, headers))))
        answer: Answer = (int(begun[0].split()[0]), begun[1], body)
        if environ["PATH_INFO"].startswith(self.server.base_path) and self.dice.random() < self.share:
            self.earlier.append(answer)
            wrong = self.dice.choice([*WRONGS.values(), lambda dice, _: dice.choice(self.earlier)])
            answer = wrong(self.dice, answer)
        start_response(f"{answer[0]} Whatever", answer[1])
        return [answer[2]]


class NonsenseGround(Ground):
    """A ground whose embedded server answers nonsense."""

    share: float = 1.0

    def _fresh(self, scenario: str) -> Session:
        self.close()
        preset = self.settings.preset or "marketbeam"
        self._server = ReferenceServer(preset=preset)
        tenant = self._server.add_tenant("Nonsense", "it@nonsense.example")
        hooks = {"sign_in": f"http://{HOST}/sso/sign-in", "access": f"http://{HOST}/sso/access"}
        target = Target(
            base_url=f"http://{HOST}{self._server.base_path}",
            token=Secret(tenant.api_key, "nonsense"),
            effects=EVERYTHING,
            reference_server=True,
            hooks=hooks,
            max_body=MOST,
        )
        application = Nonsense(self._server, random.Random(f"{self.seed} {scenario}"), self.share)
        self._session = Session(target, self.redactor, WsgiAdapter(application))
        return self._session


@pytest.fixture
def endure(tmp_path: Path) -> Callable[..., Run]:
    """Rehearse some scenarios, chosen by the seed, against a service of whose answers a share is nonsense."""

    def run(seed: int, share: float, *, scenarios: int = 6) -> Run:
        preset = ("marketbeam", "full")[seed % 2]
        profile = load(preset)
        stage = Stage(Settings(profile=preset, preset=preset), profile, tmp_path / f"{seed}-{share}")
        ground = NonsenseGround(stage.settings, profile, stage.directory, seed)
        ground.share = share
        stage.ground = ground
        everything = plan(profile, Selection(), vendors(), all_probes())
        chosen = set(random.Random(seed).sample([s.id for s in everything], scenarios))
        wanted = tuple(s for s in everything if s.id in chosen)
        stage.begin(wanted)
        for scenario in wanted:
            stage.verdicts(scenario)
        stage.finish()
        return stage.conclude()

    return run
