"""The group of a storm goes with the storm, however that ends; nobody else's group does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.load.crowd import Crowd
from harness.load.order import Order
from harness.load.putting_back import put_back, unsure
from harness.model.exchange import Response, Trouble, TroubleKind
from tests.load.test_storming import _children, _said, _wait_for, storming
from tests.reliability.served import GROUP, Served

CROWD = Crowd(3, 8, (("entra", "default"),), group=True)
ORDER = Order(CROWD, "http://scim.example/scim/v2", {0: "a", 1: "b", 2: "c"})
NAME = "Storm, everybody of tenant"


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[tuple[Served, Path]]:
    server = Served(tmp_path / "log", "--preset", "full", "--seed-tenants", "3", "--seed-people", "200")
    file = tmp_path / "ground.json"
    file.write_text(json.dumps(server.about))
    yield server, file
    server.stop()


def _groups(server: Served) -> list[str]:
    found = []
    for tenant in server.about["tenants"]:
        with server.session(tenant["api_key"]) as session:
            found += [g["displayName"] for g in server.ask("GET", "/Groups", session=session).json()["Resources"]]
    return sorted(found)


def _undo(file: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "harness.cli", "storm", "--undo", "--ground", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.socket
@pytest.mark.parametrize("end", ["the switch", "a lost worker", "the file STOP"])
def test_a_storm_that_is_cut_short_takes_its_groups_with_it(
    ground: tuple[Served, Path], end: str, tmp_path: Path
) -> None:
    server, file = ground
    own = {"schemas": [GROUP], "displayName": "Everybody"}
    with server.session(server.about["tenants"][0]["api_key"]) as session:
        assert server.ask("POST", "/Groups", own, session=session).status_code == 201
    options = ["--ground", str(file), "--group", "--profile", "full", "--rate", "5", "--processes", "2"]
    with storming(tmp_path / "run", *options) as process:
        _wait_for(process, "requests", "jobs done")
        assert _groups(server) == ["Everybody", *(f"{NAME} {n}" for n in range(3))]
        if end == "the switch":
            process.send_signal(signal.SIGINT)
        elif end == "the file STOP":
            (tmp_path / "run" / "STOP").touch()
        else:
            os.kill(_children(process, "locust", "--worker")[0], signal.SIGKILL)
        code, said = _said(process)
    assert code in (3, 130), said
    assert "may be left" not in said
    assert _groups(server) == ["Everybody"]


@pytest.mark.socket
def test_the_groups_of_a_storm_that_was_killed_are_deleted_by_undo(ground: tuple[Served, Path], tmp_path: Path) -> None:
    server, file = ground
    with storming(tmp_path / "run", "--ground", str(file), "--group", "--profile", "full", "--rate", "5") as process:
        _wait_for(process, "requests", "jobs done")
        process.kill()
        process.wait(60)
    assert len(_groups(server)) == 3
    assert _undo(file) == (0, "Done: no group of a storm is left at 3 tenants.\n")
    assert _groups(server) == []
    server.stop()
    code, said = _undo(file)
    assert code == 1
    assert 'may be left at 3 tenants, the first of them tenant 0; it is called "Storm, everybody of tenant 0"' in said


class Service:
    """Answers every search with all of its groups, as one does that does not look at filters."""

    def __init__(self, *names: str, deletes: int = 204) -> None:
        self.names, self.deletes, self.sent = names, deletes, list[str]()

    def send(self, step: Any, key: str) -> tuple[Response | None, Trouble | None, int]:
        self.sent.append(f"{step.method} {step.path}")
        if step.method == "DELETE":
            return Response(self.deletes, "", (), b""), None, 0
        groups = [{"id": f"g{n}", "displayName": name} for n, name in enumerate(self.names)]
        body = {"totalResults": len(groups), "Resources": groups}
        return Response(200, "", (("Content-Type", "application/scim+json"),), json.dumps(body).encode()), None, 0


def test_groups_of_others_stay_where_a_service_does_not_look_at_filters() -> None:
    service = Service("Everybody", f"{NAME} 1", f"{NAME} 0")
    assert put_back(ORDER, [0], service.send) == []
    assert service.sent == ["GET /Groups", "DELETE /Groups/g2"]


@pytest.mark.parametrize(("status", "left"), [(404, []), (403, [0])])
def test_a_group_that_could_not_be_deleted_is_told_and_one_that_is_gone_is_not(status: int, left: list[int]) -> None:
    assert put_back(ORDER, [0], Service(f"{NAME} 0", deletes=status).send) == left


def test_nothing_more_is_sent_to_a_service_that_is_not_there() -> None:
    sent = []

    def send(step: Any, key: str) -> tuple[Response | None, Trouble | None, int]:
        sent.append(key)
        return None, Trouble(TroubleKind.REFUSED, "refused"), 0

    assert put_back(ORDER, range(3), send) == [0, 1, 2]
    assert sent == ["a"]


def test_only_tenants_whose_worker_says_that_the_group_is_gone_are_left_alone() -> None:
    report = {"jobs": [{"number": 0}, {"number": 2}], "groups": [2]}
    assert unsure(ORDER, [report]) == [1, 2]
    assert unsure(Order(Crowd(3, 8, (("entra", "default"),)), "", {}), []) == []
