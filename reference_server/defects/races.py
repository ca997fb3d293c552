"""Wrongs that show when two requests meet, or depending on which comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from reference_server.behaviour import Behaviour
from reference_server.defects.deactivation import deactivates
from reference_server.defects.registry import defect
from reference_server.defects.tools import is_resource, operations
from reference_server.http import Request, Response, error

WAIT_S = 0.05
"""For how long a request waits for another one to meet."""


def when_two_meet(behaviour: Behaviour, change: Callable[[Any, Request, Request], Response]) -> None:
    """Answer a PATCH that meets another one on the same person by ``change(proceed, request, the other)``.

    Of two that meet, only the second to arrive is changed; the first is carried out as ever, before it.
    """
    waiting: dict[str, tuple[Request, threading.Event, threading.Event]] = {}
    lock = threading.Lock()

    @behaviour.respond.around
    def answered(proceed: Any, request: Request) -> Any:
        if not is_resource(request, "PATCH"):
            return proceed(request)
        with lock:
            other = waiting.pop(request.path, None)
            if other is None:
                met, done = threading.Event(), threading.Event()
                waiting[request.path] = (request, met, done)
        if other is not None:
            first, arrived, finished = other
            arrived.set()
            finished.wait()
            return change(proceed, request, first)
        met.wait(WAIT_S)
        with lock:
            waiting.pop(request.path, None)
        try:
            return proceed(request)
        finally:
            done.set()


@defect("parallel-deactivation-500", breaks=["STATE-07", "PROF-D-18", "STATE-08", "STATE-09", "RFC7644-3.12-07"])
def a_change_that_meets_another_breaks_down(behaviour: Behaviour) -> None:
    """A PATCH that meets another one on the same person ends in a 500"""
    when_two_meet(behaviour, lambda _proceed, _request, _other: error(500, "deadlock detected"))


@defect("profile-push-undoes-deactivation", breaks=["STATE-08"])
def the_last_write_wins_whole(behaviour: Behaviour) -> None:
    """A PATCH that meets another one writes the whole person back as it was before"""

    def undone(proceed: Any, request: Request, other: Request) -> Any:
        both_switch = all(any(o.get("path") == "active" for o in operations(r)) for r in (request, other))
        if both_switch:
            return proceed(request)
        server = behaviour.server
        for person in server.people_of(None).all(server.user_type):
            if request.path.endswith(str(person.id)):
                if deactivates(other):
                    setattr(person, "active", True)  # noqa: B010 - the model is made at run time
                else:
                    setattr(person, "external_id", None)  # noqa: B010
                server.people_of(None).update(server.user_type, person)
        return proceed(request)

    when_two_meet(behaviour, undone)


@defect("race-splits-the-state", breaks=["STATE-09"])
def lists_keep_the_state_of_the_loser(behaviour: Behaviour) -> None:
    """After two changes of active at one moment, lists show the opposite of what is read by id"""
    split: list[str] = []

    def noted(proceed: Any, request: Request, _other: Request) -> Any:
        split.append(request.path)
        return proceed(request)

    when_two_meet(behaviour, noted)

    @behaviour.represent.around
    def shown(proceed: Any, request: Request, resource: dict[str, Any]) -> dict[str, Any]:
        document: dict[str, Any] = proceed(request, resource)
        if "filter" in request.query and any(path.endswith(str(document.get("id"))) for path in split):
            document["active"] = not document.get("active")
        return document


@defect("external-id-lost-when-inactive", breaks=["STATE-10", "PROF-D-22"])
def an_inactive_person_takes_no_external_id(behaviour: Behaviour) -> None:
    """A change of externalId of an inactive person is confirmed and not stored"""

    @behaviour.keep.around
    def kept(proceed: Any, desk: Any, kind: Any, resource: Any, version: Any) -> Any:
        if getattr(resource, "active", True) is False and desk.how == "patch":
            before = desk.storage.get(kind, str(resource.id))
            if getattr(before, "active", True) is False:
                resource.external_id = before.external_id
        return proceed(desk, kind, resource, version)
