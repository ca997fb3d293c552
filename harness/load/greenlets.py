"""The network and the clock of a worker: greenlets over kept connections. Lives in Locust's process alone."""

from __future__ import annotations

import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import gevent
import gevent.event
from geventhttpclient.client import HTTPClient
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError

from harness.load.order import Order
from harness.load.work import Stopped
from harness.model.exchange import Response, Trouble, TroubleKind
from harness.model.step import TOKEN, Step

MAX_BODY = 8 * 1024 * 1024


class Client:
    """Sends Steps over kept connections. Follows no redirect, adds no header but Host and Content-Length."""

    def __init__(self, order: Order) -> None:
        parts = urlsplit(order.base_url)
        secure = parts.scheme == "https"
        self._prefix = parts.path.rstrip("/")
        self._client = HTTPClient(
            parts.hostname or "",
            port=parts.port,
            ssl=secure,
            ssl_options={"ca_certs": order.ca_bundle} if secure and order.ca_bundle else None,
            concurrency=order.connections,
            connection_timeout=min(10.0, order.timeout_s),
            network_timeout=order.timeout_s,
        )
        # A sender that has no such header (Entra sends no User-Agent) must not get the library's.
        self._client.default_headers.clear()
        self._fixed = len(order.base_url) + 40

    def send(self, step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        path = f"{self._prefix}{step.path}" + (f"?{step.query}" if step.query else "")
        headers = {name: value.replace(TOKEN, key) if "{" in value else value for name, value in step.headers}
        size = self._fixed + len(path) + len(step.body or b"") + sum(len(n) + len(v) + 4 for n, v in headers.items())
        try:
            answer = self._client.request(step.method, path, body=step.body or b"", headers=headers)
            try:
                body = bytes(answer.read(MAX_BODY))
            finally:
                answer.release()
        except (TimeoutError, gevent.Timeout) as error:
            return None, Trouble(TroubleKind.TIMEOUT, f"no answer in time: {error}"), size
        except ConnectionRefusedError as error:
            return None, Trouble(TroubleKind.REFUSED, f"the connection was refused: {error}"), size
        except (HTTPConnectionClosed, HTTPParseError, OSError, ValueError) as error:
            return None, Trouble(TroubleKind.RESET, f"the connection broke: {error}"), size
        pairs = tuple((str(name), str(value)) for name, value in answer.headers)
        size += len(body) + 20 + sum(len(n) + len(v) + 4 for n, v in pairs)
        coding = str(answer.get("content-encoding") or "").lower()
        if coding in ("gzip", "deflate"):
            body = zlib.decompressobj(wbits=47).decompress(body, MAX_BODY)
        return Response(answer.status_code, answer.status_message or "", pairs, body), None, size

    def close(self) -> None:
        self._client.close()


class Turns:
    """So many may be inside at once; the others come in by the order in which they asked.

    gevent's own semaphore lets whoever runs come in before those who wait. Where a service is slow, some jobs would
    then go on while others stand still, and their waiting would be taken for answers of the service.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[gevent.event.Event] = deque()

    def __enter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        turn = gevent.event.Event()
        self._waiting.append(turn)
        try:
            turn.wait()
        except BaseException:
            if turn.is_set():
                self._leave()
            else:
                self._waiting.remove(turn)
            raise

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        """Hand the place on: it is never free while somebody waits."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1


class Green:
    """The ports of a worker: greenlets and the clock since the storm began."""

    def __init__(self, client: Client, connections: int) -> None:
        self._client = client
        self._turns = Turns(connections)
        self.began = time.monotonic()
        self.sent, self.took_s = 0, 0.0
        """How many requests were sent, and how long they took in all: without their wait for one of our connections,
        which is no fault of the service."""
        self.stopped: Callable[[], str] = str

    def now(self) -> float:
        return time.monotonic() - self.began

    def sleep(self, seconds: float) -> None:
        gevent.sleep(seconds)

    def send(self, step: Step, key: str) -> tuple[Response | None, Trouble | None, int]:
        """Raises Stopped for a request that still waited for a connection when the switch was pulled."""
        with self._turns:
            if why := self.stopped():
                raise Stopped(why)
            began = time.monotonic()
            try:
                return self._client.send(step, key)
            finally:
                self.sent += 1
                self.took_s += time.monotonic() - began

    def together(self, calls: Iterable[Callable[[], None]]) -> None:
        greenlets = [gevent.spawn(call) for call in calls]
        gevent.joinall(greenlets, raise_error=True)
