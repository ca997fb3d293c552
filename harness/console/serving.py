"""Serving the console: on this computer only, until it is told to stop, and with people put back before it ends."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click
from waitress.server import create_server  # type: ignore[import-untyped]

from harness.console.app import create_app
from harness.console.desk import Desk
from harness.console.targets import Network
from harness.console.uploads import LARGEST_UPLOAD

HOST = "127.0.0.1"
"""There is no other: the page holds keys, and speaks plain HTTP (docs/decisions)."""

THREADS = 24
CONNECTIONS = 200


class Listener:
    """The console on a socket of this computer. ``run`` blocks until ``stop`` is called."""

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self._desk = desk
        self._stopping = threading.Event()
        self._started = _Late()
        # A body that is too large is refused by its announced length, before any of it is taken in.
        self._waitress = create_server(
            self._started,
            host=HOST,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            ident=None,
            max_request_body_size=LARGEST_UPLOAD,
            clear_untrusted_proxy_headers=True,
        )
        desk.port = int(self._waitress.effective_port)
        self.port = desk.port
        self._started.app = create_app(desk)

    def run(self) -> None:
        while not self._stopping.is_set():
            self._waitress.asyncore.loop(timeout=0.2, map=self._waitress._map, count=1)
        # First the children, so that people are put back and nobody follows what goes on no longer.
        self._desk.close()
        self._waitress.task_dispatcher.shutdown(timeout=2)
        self._waitress.close()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._waitress.pull_trigger()


class _Late:
    """An application that is made once the port is known."""

    app: object = None

    def __call__(self, environ: dict[str, object], start_response: object) -> object:
        assert callable(self.app)
        return self.app(environ, start_response)


def serve(port: int, runs: Path, networks: Sequence[str], *, open_browser: bool, as_json: bool) -> None:
    """Serve until a signal comes. Raises click.UsageError and click.ClickException."""
    desk = Desk(runs.absolute(), networks=[_network(text) for text in networks])
    try:
        listener = Listener(desk, port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {HOST}:{port}: {error.strerror}; try --port 0") from error

    def address(token: str) -> str:
        return f"http://{HOST}:{listener.port}/enter?token={token}"

    def announce(token: str) -> None:
        if as_json:
            click.echo(json.dumps({"url": address(token)}))
        else:
            click.echo(f"A browser was let in. For another one: {address(token)}", err=True)

    desk.entrance.announce = announce
    before = {number: signal.signal(number, _stopper(listener)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        _tell(address(desk.entrance.token), runs, as_json=as_json)
        if open_browser:
            webbrowser.open(address(desk.entrance.token))
        listener.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        desk.close()


def _tell(address: str, runs: Path, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"url": address, "pid": os.getpid(), "runs": str(runs)}))
        return
    click.echo(f"Open        {address}")
    click.echo("            (good for one browser; whoever opens it can use the keys that are typed there)")
    click.echo(f"Rehearsals  {runs}")
    click.echo("Stop with Ctrl-C: whoever is deactivated at that moment is put back first.")


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise click.UsageError(
            f"--allow-network {text}: {error}; expected an address or a network, such as 10.1.0.0/16"
        ) from error


def _stopper(listener: Listener) -> Callable[[int, FrameType | None], None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        listener.stop()

    return stop
