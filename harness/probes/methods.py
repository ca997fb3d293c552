"""Methods: HEAD, and whether the Allow header tells the truth. Nothing here is ever sent to a real person but reads."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.exchange import Exchange
from harness.model.sequence import Steps
from harness.model.step import PATCH_OP, USER
from harness.model.story import Part
from harness.probes import probe
from harness.probes.people import part, people, user_path
from harness.probes.requests import NOBODY_ID, delete, get, patch, post, put, request

NOBODY = f"/Users/{NOBODY_ID}"


@probe("methods", "A client tries the methods of HTTP", parts=(Part("bystander-1"),))
def methods(cast: Cast) -> Steps:
    """What Allow offers is tried on somebody who does not exist: that can delete and change nobody."""
    yield get("/ServiceProviderConfig", "Read the configuration", tag="methods.config")
    yield request("HEAD", "/ServiceProviderConfig", "Ask for the head of the configuration", tag="methods.head-config")
    for person in (yield from people(cast, "methods.person")):
        path = user_path(part(person, "id"))
        title = "Ask for the head of a person"
        yield request("HEAD", path, title, tag="methods.head-person", template="/Users/{id}")
    yield request("OPTIONS", "/Users", "Ask which methods there are", tag="methods.options")
    refused: Exchange = yield post(NOBODY, {}, "Create where a person would be read", tag="methods.refused")
    offered = {word.strip().upper() for word in (refused.header("Allow") or "").split(",")}
    yield from _try(offered if refused.status == 405 else set())


def _try(offered: set[str]) -> Steps:
    off = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    somebody = {"schemas": [USER], "userName": "nobody@nobody.example"}
    steps = {
        "GET": get(NOBODY, "Read somebody who does not exist", tag="methods.offered"),
        "PUT": put(NOBODY, somebody, "Replace somebody who does not exist", tag="methods.offered"),
        "PATCH": patch(NOBODY, off, "Change somebody who does not exist", tag="methods.offered"),
        "DELETE": delete(NOBODY, "Delete somebody who does not exist", tag="methods.offered"),
    }
    for method, step in steps.items():
        if method in offered:
            yield step
