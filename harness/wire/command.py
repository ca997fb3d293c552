"""Hooks that are commands: the request goes to standard input, the answer comes from standard output."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable

from harness.model.exchange import Response, Trouble, TroubleKind

PREFIX = "command:"
REFUSED = 3
"""The exit status with which a command says no, as HTTP says 403."""

SAID_MOST = 400


def is_command(address: str) -> bool:
    return address.startswith(PREFIX)


def run(
    address: str, body: bytes, deadline_s: float, redact: Callable[[str], str], secrets: tuple[str, ...] = ()
) -> Response | Trouble:
    """Run the command behind "command:" with the body as its input. No shell is asked, and no key is handed over:
    variables of the environment that hold one of the ``secrets`` are left out.

    Exit status 0 becomes HTTP 200, 3 becomes HTTP 403; its output is the body. Anything else is a Trouble that shows
    the end of what the command said on standard error.
    """
    words = shlex.split(address.removeprefix(PREFIX))
    if not words:
        return Trouble(TroubleKind.PROTOCOL, "the hook names no command", "write command:/path/to/program ARGUMENTS")
    try:
        done = subprocess.run(  # noqa: S603
            words, input=body, capture_output=True, timeout=deadline_s, check=False, env=_surroundings(secrets)
        )
    except subprocess.TimeoutExpired:
        return Trouble(TroubleKind.TIMEOUT, f"the hook {words[0]} did not end within {deadline_s:g} s")
    except OSError as error:
        return Trouble(TroubleKind.REFUSED, f"the hook {words[0]} could not be started: {error.strerror or error}")
    if done.returncode not in (0, REFUSED):
        said = redact(done.stderr.decode("utf-8", "replace").strip()[-SAID_MOST:])
        told = f"the hook {words[0]} ended with status {done.returncode}" + (f": {said}" if said else "")
        return Trouble(TroubleKind.PROTOCOL, told, f"end with 0 for an answer and with {REFUSED} for a refusal")
    status = 200 if done.returncode == 0 else 403
    return Response(status, "", (("Content-Type", "application/json"),), done.stdout)


def _surroundings(secrets: tuple[str, ...]) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not any(secret and secret in v for secret in secrets)}
