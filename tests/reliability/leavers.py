"""People who sign in and leave while something breaks; and what has to be true in the store whatever broke."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from sqlalchemy import select

from reference_server.app import ReferenceServer
from reference_server.audit import UNTOLD
from reference_server.store.tables import grants
from tests.reliability.served import PATCH_OP, Served


@dataclass
class Told:
    """What clients were told: the ids of who came and of who left, and every answer that was not 200."""

    came: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    refused: list[requests.Response] = field(default_factory=list)


@contextmanager
def leavers(server: Served, lanes: int = 3, weight: int = 0) -> Iterator[Told]:
    """Until the block ends people sign in and are deactivated, in several lanes, each PATCH ``weight`` bytes heavier.

    A client that is refused asks again, as an IdP does, and is told for another person when it was cut off.
    """
    told, over = Told(), threading.Event()

    def work(lane: int) -> None:
        number, letters = 0, random.Random(lane)
        with server.session() as session:
            while not over.is_set():
                number += 1
                person = _asked(told, over, partial(_sign_in, server, session, f"p{lane}-{number}@test.example"))
                if person is None:
                    continue
                told.came.append(person["id"])
                operations: list[Any] = [{"op": "replace", "path": "active", "value": False}]
                if weight:
                    # Made up at random: a database packs what repeats itself.
                    name = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789-_", k=weight))
                    operations.append({"op": "replace", "path": "displayName", "value": name})
                body = {"schemas": [PATCH_OP], "Operations": operations}
                change = partial(server.ask, "PATCH", f"/Users/{person['id']}", body, session=session)
                if _asked(told, over, change) is not None:
                    told.left.append(person["id"])

    threads = [threading.Thread(target=work, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _asked(told: Told, over: threading.Event, ask: Callable[[], requests.Response]) -> Any:
    """The body of the answer 200; None when the block ended before there was one."""
    while not over.is_set():
        try:
            answer = ask()
        except requests.RequestException:
            continue  # Cut off: whether it was done is not known, and was not promised.
        if answer.status_code == 200:
            return answer.json()
        told.refused.append(answer)
        over.wait(0.05)
    return None


def _sign_in(server: Served, session: requests.Session, name: str) -> requests.Response:
    return session.post(f"{server.origin}/sso/sign-in", json={"userName": name}, timeout=120)


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for something that is going to be so. Raises AssertionError when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def more(told: Told, count: int = 5) -> None:
    """Wait until so many more have been told that somebody left."""
    seen = len(told.left)
    until(lambda: len(told.left) >= seen + count)


def kept(store: str, tenant: str, told: Told) -> int:
    """Hold a store to what was told, and to itself; how many people it has. Raises AssertionError.

    Who was told to have come is there, who was told to have left is inactive; the audit trail told anew gives each
    person as they are; and somebody has sessions that have not ended exactly while they are active.
    """
    server = ReferenceServer("full", store_url=store, migrate=False)
    try:
        people = {str(p.id): p for p in server.people_of(tenant).all(server.user_type)}
        assert set(told.came) <= set(people)
        assert {p for p in told.left if people[p].active} == set()
        assert _retold(server, tenant) == {key: _document(person) for key, person in people.items()}
        alive: dict[str, set[bool]] = {}
        with server.database.transaction() as connection:
            for row in connection.execute(select(grants).where(grants.c.tenant_id == tenant)):
                alive.setdefault(row.person_id, set()).add(row.ended_at is None)
        assert alive == {key: {person.active} for key, person in people.items()}
        return len(people)
    finally:
        server.close()


def _retold(server: ReferenceServer, tenant: str) -> dict[str, dict[str, Any]]:
    """Everybody as the audit trail alone tells of them; each entry has to begin where the last one ended."""
    told: dict[str, dict[str, Any]] = {}
    for entry in server.audit.entries(tenant):
        person = told.setdefault(entry.resource_id, {})
        for name, (before, after) in entry.changes.items():
            assert person.get(name) == before, f"{entry.resource_id}: {name} was not what the trail says"
            person[name] = after
    return told


def _document(person: Any) -> dict[str, Any]:
    whole = json.loads(person.model_dump_json(exclude_none=True))
    return {name: value for name, value in whole.items() if name not in UNTOLD}
