"""A PostgreSQL server of its own for trials: in a directory, on a free loopback port, stopped by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 120


class PostgreSQL:
    """Lives in ``directory``, which is for nothing else and can be reached by everybody. ``url`` names its database
    "scim". Without ``durable`` it is quick, and survives crashes of its own only. ``start`` and ``kill`` may be called
    again and again. ``log_segment`` is the size of a file of its write-ahead log in MB, a power of two."""

    def __init__(self, directory: Path, *, durable: bool = False, log_segment: int = 16) -> None:
        self._more = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._data = directory / "data"
        self._log = directory / "log"
        self._bin = binaries()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged()
        if self._user is not None:
            os.chown(directory, self._user.pw_uid, self._user.pw_gid)
        self._run(
            "initdb", "-D", str(self._data), "-U", "scim", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N",
            f"--wal-segsize={log_segment}",
        )  # fmt: skip

    @property
    def url(self) -> str:
        return self.url_of("scim")

    def url_of(self, database: str) -> str:
        return f"postgresql://scim@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "start() first"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [
            str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1", "-k", "",
            "-c", "max_connections=60", *self._more,
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._identity())
        until = time.monotonic() + PATIENCE_S
        while not self.takes_connections():
            if not self.running or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()[-1000:]}")
            time.sleep(0.05)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def takes_connections(self) -> bool:
        ask = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def only_reads(self, so: bool) -> None:
        """Let new transactions only read, as managed databases do whose disk is full; or let them write again."""
        psql = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "scim", "-q", "-d", "scim"]
        self._run(*psql, "-c", f"ALTER SYSTEM SET default_transaction_read_only = {'on' if so else 'off'}")
        self._run(*psql, "-c", "SELECT pg_reload_conf()")

    def create(self, database: str) -> str:
        """Make an empty database; its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "scim", database)
        return self.url_of(database)

    def kill(self) -> None:
        """End it as a crash would: nothing is written out, connections break."""
        # SIGQUIT is PostgreSQL's own immediate stop; SIGKILL would leave its children with the data directory.
        self._end(signal.SIGQUIT)

    def kill_outright(self, *, children: bool) -> None:
        """SIGKILL to the postmaster, which leaves it no last word, and to its ``children`` when that is said.

        Returns when none of them is left: until then it cannot be started again.
        """
        # Held still, it can neither start anybody meanwhile nor tell the others that one of them has died.
        os.kill(self.pid, signal.SIGSTOP)
        family = self._processes()
        for process in reversed(family) if children else family[:1]:
            os.kill(process, signal.SIGKILL)
        self._end(signal.SIGKILL)
        until = time.monotonic() + PATIENCE_S
        while any(_runs(process) for process in family):
            if time.monotonic() > until:
                raise RuntimeError(f"processes of PostgreSQL outlive it: {family}")
            time.sleep(0.02)

    def limit_files(self, size: int | None) -> None:
        """Let no file of it grow beyond ``size`` bytes, as if the disk were full; None gives the room back.

        A disk that really is full needs somebody who may mount one. PostgreSQL takes a write that was cut short for a
        full disk, so ``size`` must not be a multiple of its pages of 8 KB: then a whole write would be refused with
        words of its own.
        """
        limited: set[int] = set()
        # Who is forked meanwhile has the limit of the postmaster before or after; a second look finds them.
        while fresh := [process for process in self._processes() if process not in limited]:
            for process in fresh:
                limited.add(process)
                # By the user whose processes they are: root itself may not, inside of a container.
                value = "unlimited" if size is None else str(size)
                command = ["prlimit", "--pid", str(process), f"--fsize={value}:unlimited"]
                done = subprocess.run(command, capture_output=True, text=True, check=False, **self._identity())
                if done.returncode != 0 and _runs(process):
                    raise RuntimeError(f"prlimit failed: {done.stderr}")

    def _processes(self) -> list[int]:
        """The postmaster and its children."""
        return [self.pid, *map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split())]

    def stop(self) -> None:
        """End it properly."""
        self._end(signal.SIGINT)

    def _end(self, number: int) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
        self._process = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, **self._identity())
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr[-1000:]}")

    def _identity(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": [], "cwd": "/"}


def binaries() -> Path:
    """Where the programs of a PostgreSQL server are. Raises FileNotFoundError."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not versions:
        raise FileNotFoundError("no PostgreSQL server is installed: apt-get install postgresql")
    return versions[-1].parent


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to be when we are root, which PostgreSQL refuses to run as."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@contextmanager
def postgresql(*, durable: bool = False, log_segment: int = 16) -> Iterator[PostgreSQL]:
    """A running server with an empty database "scim"; at the end it is stopped, and nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="scimulator-postgresql-") as place:
        server = PostgreSQL(Path(place), durable=durable, log_segment=log_segment)
        server.start()
        try:
            server.create("scim")
            yield server
        finally:
            server.kill()
