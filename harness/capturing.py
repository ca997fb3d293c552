"""Capturing: what the command capture does: opens the address, tells what arrives, and leaves a run directory."""

from __future__ import annotations

import json
import os
import shlex
import signal
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from harness import gate
from harness.announcing import announce
from harness.capture import retention
from harness.capture.backstage import BASE, Backstage, Embedded, PassedOn
from harness.capture.desk import Desk
from harness.capture.gate import Gate, new_token
from harness.capture.keeping import Keeper
from harness.capture.listener import Listener
from harness.capture.watch import Watch
from harness.intake.dialects import Sender
from harness.model.exchange import Exchange
from harness.model.run import Run
from harness.profiles import ProfileError
from harness.profiles import load as load_profile
from harness.record import RecordError
from harness.settings import Settings, SettingsError
from harness.veil import Veil
from harness.wire.redact import Redactor
from harness.wire.relay import NotPassedOn, looked_at
from reports.text import visible


def capture(options: Mapping[str, Any]) -> int:
    """Capture until stopped by a signal; return the exit code. Raises click.UsageError and click.ClickException."""
    root = Path(str(options.get("root") or "runs"))
    for gone in retention.purge(root):
        click.echo(f"deleted {gone}: its time was over", err=True)
    if options.get("purge"):
        return 0
    try:
        return _capture(options, root)
    except (SettingsError, ProfileError, NotPassedOn, RecordError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _capture(options: Mapping[str, Any], root: Path) -> int:
    keep = retention.period(str(options["keep"]))
    profile = load_profile(str(options["profile"] or options["preset"]))
    directory = (
        Path(str(options["out"])) if options.get("out") else root / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-capture"
    )
    directory.mkdir(parents=True, exist_ok=True)
    backstage = _backstage(options)
    token, redactor = new_token(), Redactor()
    redactor.learn(token, "token")
    redactor.learn(backstage.key, "service-key")
    try:
        with _context(options, directory) as context:
            until = retention.mark(directory, keep)
            names = tuple(options.get("host_names") or ())
            host = str(options["host"])
            desk: list[Desk] = []
            try:
                listener = Listener(lambda incoming: desk[0](incoming), host, int(options["port"]), context)
            except OSError as error:
                raise click.ClickException(
                    f"cannot listen on {host}:{options['port']}: {error.strerror}; try --port 0"
                ) from error
            base_url = _reached(listener, names) + BASE
            keeper = Keeper(
                directory,
                profile,
                redactor,
                base_url,
                backstage.base_url,
                Veil(os.urandom(32)) if options.get("redact") else None,
                notices=(f"Captured from a real identity provider. Kept until {until:%Y-%m-%d %H:%M} UTC.",),
                meta={
                    "command": shlex.join(["scimulator", *sys.argv[1:]]),
                    "redaction": str(options.get("redact") or ""),
                },
                on_exchange=_tell if not options.get("as_json") else _tell_json,
            )
            desk.append(Desk(Gate(token, (*names, host)), backstage, keeper, "https" if context else "http"))
            return _serve(options, listener, keeper, base_url, token, until)
    finally:
        backstage.close()


def _reached(listener: Listener, names: tuple[str, ...]) -> str:
    """How the address is reached from outside: by its name, which without a certificate of ours is a proxy's."""
    if not names:
        return listener.origin
    return f"https://{names[0]}:{listener.port}" if listener.context else f"https://{names[0]}"


def _serve(
    options: Mapping[str, Any], listener: Listener, keeper: Keeper, base_url: str, token: str, until: datetime
) -> int:
    stopped = threading.Event()
    watch = Watch(keeper.directory, stopped.is_set, int(options.get("watch_port") or 0))
    threading.Thread(target=watch.listener.run, daemon=True).start()

    def stop(*_: object) -> None:
        listener.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        _ready(options, keeper.directory, base_url, listener.origin, token, watch.url, until)
        listener.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        run = keeper.finish()
        stopped.set()
        watch.listener.stop()
    return _ended(run, keeper.directory, as_json=bool(options.get("as_json")))


def _ready(
    options: Mapping[str, Any], directory: Path, base_url: str, listens: str, token: str, watch: str, until: datetime
) -> None:
    if options.get("as_json"):
        about = {"base_url": base_url, "token": token, "listens": listens, "watch": watch, "out": str(directory)}
        click.echo(json.dumps({**about, "pid": os.getpid()}))
        return
    click.echo(f"SCIM base URL  {base_url}")
    if not base_url.startswith(listens):
        click.echo(f"Listens at     {listens}")
    click.echo(f"Token          {token}   (shown this once; it is written nowhere)")
    click.echo(f"Watch it       {watch}")
    click.echo(f"Kept           {directory}, until {until:%Y-%m-%d %H:%M} UTC")
    behind = f"passed on to {options['forward']}" if options.get("forward") else f"answered as {options['preset']}"
    if options["host"] in ("127.0.0.1", "localhost", "::1"):
        click.echo(
            "Only this computer reaches it. Okta and Entra ID reach public https addresses alone: put a tunnel or a "
            "reverse proxy in front, and give the name that it has there with --host-name."
        )
    click.echo(f"Every request is written down and {behind}. Stop with Ctrl-C.\n")


def _ended(run: Run, directory: Path, *, as_json: bool) -> int:
    if not run.results:
        click.echo("Nothing arrived.", err=True)
        return int(gate.ExitCode.NOTHING_SELECTED)
    if not as_json:
        announce(run, directory, as_json=False, quiet=False, verbose=False)
    return 0


def _tell(exchange: Exchange, sender: Sender) -> None:
    who = f"{sender.idp}{f':{sender.variant}' if sender.variant else ''}" if sender.idp else "?"
    answer = exchange.trouble.message if exchange.trouble else str(exchange.status)
    person = f" ({exchange.subject})" if exchange.subject else ""
    line = (
        f"{exchange.started_at[11:19]}  {who:<24}{exchange.title}{person}  {exchange.method} {exchange.path}  {answer}"
    )
    click.secho(visible(line), fg="red" if exchange.trouble or exchange.status >= 400 else None)
    for note in exchange.notes:
        click.secho(visible(f"{'':<34}{note}"), fg="yellow")


def _tell_json(exchange: Exchange, sender: Sender) -> None:
    from harness.capture.feed import row

    click.echo(json.dumps({**row(exchange), "idp": sender.idp, "variant": sender.variant}, ensure_ascii=False))


def _backstage(options: Mapping[str, Any]) -> Backstage:
    if not options.get("forward"):
        from reference_server.presets import PresetError

        try:
            return Embedded(str(options["preset"]), options.get("people") or ())
        except PresetError as error:
            raise SettingsError(str(error)) from error
    base_url = looked_at(str(options["forward"]), anywhere=bool(options.get("allow_link_local")))
    settings = Settings(target=base_url, token_env=str(options.get("token_env") or Settings.token_env))
    return PassedOn(base_url, settings.token(), verify=str(options.get("ca_bundle") or "") or True)


@contextmanager
def _context(options: Mapping[str, Any], directory: Path) -> Iterator[ssl.SSLContext | None]:
    """The certificate of the address, None for plain HTTP. Raises SettingsError."""
    certificate, key = options.get("tls_cert"), options.get("tls_key")
    if not certificate and not options.get("tls_self_signed"):
        if options.get("host") not in ("127.0.0.1", "localhost", "::1"):
            raise SettingsError(
                "--host beyond this computer needs --tls-cert and --tls-key, or --tls-self-signed: the token and "
                "people's names would cross the network for everybody to read"
            )
        yield None
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if options.get("tls_self_signed"):
        _self_signed(context, (*(options.get("host_names") or ()), str(options["host"])), directory)
    else:
        try:
            context.load_cert_chain(str(certificate), str(key or certificate))
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"--tls-cert {certificate}: cannot be used: {error}") from error
    yield context


def _self_signed(context: ssl.SSLContext, names: tuple[str, ...], directory: Path) -> None:
    try:
        import trustme
    except ImportError as error:
        raise SettingsError("--tls-self-signed needs the extra: pip install 'scimulator[capture]'") from error
    authority = trustme.CA()
    authority.issue_cert(*dict.fromkeys((*names, "localhost", "127.0.0.1"))).configure_cert(context)
    path = directory / "capture-ca.pem"
    with suppress(OSError):
        path.write_bytes(authority.cert_pem.bytes())
        click.echo(
            f"Certificate    {path} is the authority to trust; a real identity provider takes public ones only",
            err=True,
        )
