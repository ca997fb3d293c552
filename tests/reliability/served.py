"""A server as the command starts it, in a process of its own; and a client that speaks plain HTTP to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

PATIENCE_S = 120
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Served:
    """``log`` holds what it wrote to standard error. Requests go through ``ask``."""

    def __init__(self, log: Path, *arguments: str, **environment: str) -> None:
        self.log_path = log
        command = [sys.executable, "-m", "harness.cli", "serve", "--port", "0", "--json", *arguments]
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the server did not start: {self.log}"
        about = json.loads(line)
        self.about = about
        self.base_url, self.key, self.tenant = about["base_url"], about["api_key"], about["tenant"]
        self.pid = int(about["pid"])

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    @property
    def origin(self) -> str:
        return str(self.base_url).removesuffix("/scim/v2")

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    @property
    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def session(self, key: str = "") -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {key or self.key}"
        return session

    def ask(self, method: str, path: str, body: Any = None, *, session: Any = None, **headers: str) -> Any:
        """An answer. A broken connection is a requests.RequestException."""
        with contextlib.nullcontext(session) if session is not None else self.session() as client:
            return client.request(method, self.base_url + path, json=body, headers=headers, timeout=PATIENCE_S)

    def create(self, name: str, **more: Any) -> Any:
        return self.ask("POST", "/Users", {"schemas": [USER], "userName": name, "active": True, **more})

    def activate(self, person: str, active: bool, **options: Any) -> Any:
        operation = {"op": "replace", "path": "active", "value": active}
        return self.ask("PATCH", f"/Users/{person}", {"schemas": [PATCH_OP], "Operations": [operation]}, **options)

    def stop(self) -> int:
        """Stop it as an operator does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code
