"""A small HTTP/1.1 server that hands over requests as they were sent: header order, spelling, body.

Servers for WSGI normalise headers before anybody sees them. The protocol itself is h11's, which refuses what is not
HTTP; what is here are sockets, limits and time-outs.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import h11

CHUNK = 64 * 1024
HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 10 * 1024 * 1024
"""The largest body that is kept in memory, in bytes. A larger one is refused, and what still comes is thrown away."""

DRAIN_LIMIT = 512 * 1024 * 1024
LINGER_S = 30.0


@dataclass(frozen=True)
class Incoming:
    """A request as sent. ``target`` is what stood in the request line; ``too_large``: the body was not read."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    peer: str
    too_large: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True)
class Outgoing:
    """An answer. ``stream``, when given, is sent instead of ``body``, piece by piece, until it ends."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reason: str = ""
    stream: Iterator[bytes] | None = None


@dataclass(frozen=True)
class Limits:
    """``idle_s`` is how long a client may be silent in the middle of something, ``total_s`` how long one request may
    take to arrive, ``most`` how many connections there are at once; all in seconds and pieces.
    """

    body: int = BODY_LIMIT
    idle_s: float = 15.0
    total_s: float = 60.0
    most: int = 512


class TooSlow(OSError):
    """A client took longer to send a request than it may."""


@dataclass
class Listener:
    """Serves ``handle`` on a socket; each connection has a thread of its own. ``host`` and ``port`` are those bound.

    ``context`` makes it HTTPS. Raises OSError when the address cannot be bound. ``run`` blocks until ``stop``.
    """

    handle: Callable[[Incoming], Outgoing]
    host: str = "127.0.0.1"
    port: int = 0
    context: ssl.SSLContext | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._socket = socket.create_server((self.host, self.port), family=family, backlog=512)
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        self._stopping = threading.Event()
        self._room = threading.BoundedSemaphore(self.limits.most)
        self._busy = 0
        self._changed = threading.Condition()

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.context else 'http'}://{host}:{self.port}"

    def run(self) -> None:
        """Serve until told to stop; requests under way are finished, for some seconds at most."""
        while not self._stopping.is_set():
            if not self._room.acquire(timeout=0.2):
                continue
            try:
                connection, address = self._socket.accept()
            except OSError:
                self._room.release()
                continue
            threading.Thread(target=self._attend, args=(connection, str(address[0])), daemon=True).start()
        self._socket.close()
        with self._changed:
            self._changed.wait_for(lambda: self._busy == 0, timeout=5.0)

    def stop(self) -> None:
        self._stopping.set()

    def _attend(self, connection: socket.socket, peer: str) -> None:
        try:
            with contextlib.suppress(OSError, h11.LocalProtocolError), contextlib.closing(connection):
                connection.settimeout(self.limits.idle_s)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self.context is None:
                    self._converse(connection, peer)
                else:
                    with self.context.wrap_socket(connection, server_side=True) as shaken:
                        self._converse(shaken, peer)
        finally:
            self._room.release()

    def _converse(self, connection: socket.socket, peer: str) -> None:
        talk = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
        while not self._stopping.is_set():
            try:
                incoming = self._read(talk, connection, peer)
            except h11.RemoteProtocolError as error:
                if talk.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                    status = error.error_status_hint if error.error_status_hint in range(400, 600) else 400
                    _send(talk, connection, Outgoing(status), "GET", close=True)
                return
            if incoming is None:
                return
            with self._changed:
                self._busy += 1
            try:
                close = incoming.too_large or talk.their_state is h11.MUST_CLOSE
                _send(talk, connection, self.handle(incoming), incoming.method, close=close)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()
            if incoming.too_large:
                _throw_away(connection)
            if incoming.too_large or talk.our_state is h11.MUST_CLOSE or talk.their_state is not h11.DONE:
                return
            talk.start_next_cycle()

    def _read(self, talk: h11.Connection, connection: socket.socket, peer: str) -> Incoming | None:
        """The next request; None when the client has gone. Raises RemoteProtocolError, OSError (also when too slow)."""
        began: float | None = None
        head: h11.Request | None = None
        parts: list[bytes] = []
        size = 0
        while True:
            event = talk.next_event()
            if event is h11.NEED_DATA:
                if head is not None and talk.they_are_waiting_for_100_continue:
                    connection.sendall(talk.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
                data = connection.recv(CHUNK)
                began = began or time.monotonic()
                if time.monotonic() - began > self.limits.total_s:
                    raise TooSlow("the request took too long to arrive")
                talk.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
                length = dict(event.headers).get(b"content-length", b"0")
                if length.isdigit() and int(length) > self.limits.body:
                    return _incoming(head, b"", peer, too_large=True)
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
                size += len(event.data)
                if size > self.limits.body and head is not None:
                    return _incoming(head, b"", peer, too_large=True)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _incoming(head, b"".join(parts), peer)
            else:
                return None


def _incoming(head: h11.Request, body: bytes, peer: str, *, too_large: bool = False) -> Incoming:
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in head.headers.raw_items())
    return Incoming(head.method.decode(), head.target.decode("latin-1"), headers, body, peer, too_large)


def _send(talk: h11.Connection, connection: socket.socket, answer: Outgoing, method: str, *, close: bool) -> None:
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _OURS]
    if answer.stream is None and answer.status not in (204, 304):
        headers.append(("Content-Length", str(len(answer.body))))
    if close or answer.stream is not None:
        headers.append(("Connection", "close"))
    encoded = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
    reason = answer.reason.encode("latin-1", "replace")
    head = h11.Response(status_code=answer.status, headers=encoded, reason=reason)
    connection.sendall(talk.send(head) or b"")
    bodiless = method == "HEAD" or answer.status in (204, 304)
    for piece in answer.stream or ([] if bodiless or not answer.body else [answer.body]):
        connection.sendall(talk.send(h11.Data(data=piece)) or b"")
    connection.sendall(talk.send(h11.EndOfMessage()) or b"")


_OURS = ("content-length", "transfer-encoding", "connection", "keep-alive")


def _throw_away(connection: socket.socket) -> None:
    """Take in and forget what a client still sends, so that it reads the refusal instead of a broken connection."""
    with contextlib.suppress(OSError):
        # Nothing more is said; for TLS what follows is read as it is on the wire, which is enough to throw it away.
        connection.shutdown(socket.SHUT_WR)
        until, seen = time.monotonic() + LINGER_S, 0
        while seen < DRAIN_LIMIT and time.monotonic() < until:
            data = connection.recv(CHUNK)
            if not data:
                return
            seen += len(data)
