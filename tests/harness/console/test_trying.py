"""Trying it with one person: consent, what the child is told, what came of it, and putting back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from harness.console import trying
from harness.console.pages.start import line_from
from harness.console.targets import Named
from harness.console.tried import trial_answer
from harness.doctor import intend, undo
from harness.ledger import opened
from harness.model.diagnosis import Line, State
from harness.model.secret import Secret
from harness.wire.inprocess import HOST, WsgiAdapter
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn

ADA = "ada@example.test"
KEY = "secret-secret"
URL = "http://127.0.0.1:9/scim/v2"
WHERE = Named(URL, "127.0.0.1", 9, ("127.0.0.1",), URL)
MARK = "<script>alert(1)</script>\u202e"
PLAN = {
    "event": "planned",
    "agreed": "f" * 64,
    "base_url": URL,
    "account": ADA,
    "id": "17",
    "sender": "Okta",
    "steps": [{"title": MARK, "method": "PATCH", "path": "/Users/17", "body": MARK, "writes": True}],
    "questions": ["read them"],
}


class Child:
    """A child that has told these events, and is over."""

    complaint = ""
    code = 0

    def __init__(self, *events: dict[str, Any], over: bool = True) -> None:
        self.events, self.over, self.stopped = list(events), over, False

    def follow(self, since: int = 0) -> Any:
        yield from ((n, event) for n, event in enumerate(self.events) if n >= since)

    def stop(self) -> None:
        self.stopped = True


class Starting:
    """In place of children: takes down what would be started, and gives children that tell what is laid ready."""

    def __init__(self, *ready: Child) -> None:
        self.ready = list(ready)
        self.asked: list[dict[str, Any]] = []
        self.names: list[Any] = []

    def start(self, arguments: list[str], names: Any, secret: Secret) -> Child:
        assert arguments[0] == "try"
        assert KEY not in "".join(arguments)
        assert secret.reveal() == KEY
        self.asked.append(json.loads(arguments[1]))
        self.names.append(names)
        return self.ready.pop(0)


def _line(id: str, state: State = State.OK, meaning: str = "M.") -> dict[str, Any]:
    fix = {"fix": "", "who": "", "guide": "", "evidence": []}
    return {"id": id, "state": state.value, "title": "T", "meaning": meaning, **fix}


@pytest.fixture
def connected(desk) -> Callable[..., str]:
    """A connection that was looked at; ``state`` is that of its only line."""

    def connect(state: State = State.OK) -> str:
        connection = desk.connect("okta:oin", WHERE, Secret(KEY, "test"), ADA)
        looked = {"event": "looked", "readiness": "ready", "sentence": "S", "lines": [_line("x", state)]}
        connection.look = Child(looked)
        return connection.id

    return connect


def test_somebody_is_looked_up_first_and_the_plan_is_shown_with_every_request(guest, desk, connected) -> None:
    desk.jobs = Starting(Child(PLAN))
    id = connected()
    assert ADA not in guest.get(f"/connections/{id}/try").text.replace("test1@", "")
    place = guest.post(f"/connections/{id}/try", {"account": ADA}).headers["Location"]
    (asked,) = desk.jobs.asked
    assert asked["do"] == "plan"
    assert asked["settings"] == {"target": URL, "idps": ["okta:oin"], "accounts": [ADA]}
    assert asked["folder"] == str(desk.runs / "doctor")
    assert desk.jobs.names == [{"127.0.0.1": ("127.0.0.1",)}]
    text = guest.get(place).text
    assert "PATCH /Users/17" in text
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert KEY not in text + place


@pytest.mark.parametrize("account", ["", "a b", "a,b", "a\x00b", "x" * 300])
def test_one_name_is_taken_and_nothing_else(guest, desk, connected, account: str) -> None:
    desk.jobs = Starting()
    answer = guest.post(f"/connections/{connected()}/try", {"account": account})
    assert answer.status_code == 422
    assert 'id="wrong-account"' in answer.text


def test_nobody_is_switched_off_where_the_look_found_something_wrong(guest, desk, connected) -> None:
    desk.jobs = Starting()
    id = connected(State.WRONG)
    assert "comes first" in guest.get(f"/connections/{id}/try").text
    assert guest.post(f"/connections/{id}/try", {"account": ADA}).status_code == 422


def test_a_lookup_that_fails_is_told_as_what_it_means_for_leavers(guest, desk, connected) -> None:
    id = connected()
    lines = [_line("lookup-case", State.WRONG, "The person is there as ada. They would keep access.")]
    told = {"event": "looked", "readiness": "not-ready", "sentence": "S", "lines": lines}
    desk.connection(id).look = Child(told)
    text = guest.get(f"/connections/{id}").text
    assert "but a leaver would keep access" in text
    assert "RFC" not in text
    assert f"/connections/{id}/try" not in text


def test_only_the_plan_that_was_agreed_to_is_carried_out_and_only_once(guest, desk, connected) -> None:
    desk.jobs = Starting(Child(PLAN), Child(over=False))
    place = guest.post(f"/connections/{connected()}/try", {"account": ADA}).headers["Location"]
    for agreed in ({}, {"agreed": "yes"}, {"agreed": "0" * 64}):
        answer = guest.post(place, agreed)
        assert answer.status_code == 422
        assert "you have not agreed" in answer.text
    assert guest.post(place, {"agreed": PLAN["agreed"]}, csrf="wrong").status_code == 403
    assert len(desk.jobs.asked) == 1
    for _ in range(2):
        assert guest.post(place, {"agreed": PLAN["agreed"]}).status_code == 303
    assert [(one["do"], one["agreed"]) for one in desk.jobs.asked] == [("plan", ""), ("try", PLAN["agreed"])]
    assert "Stop, and put them back" in guest.get(place).text
    guest.post(f"{place}/stop")
    assert "put back first" in guest.get(place).text


def test_after_signing_out_nobody_is_switched_off_any_more(guest, desk, connected) -> None:
    desk.jobs = Starting(Child(PLAN))
    place = guest.post(f"/connections/{connected()}/try", {"account": ADA}).headers["Location"]
    desk.forget()
    assert guest.post(place, {"agreed": PLAN["agreed"]}).status_code == 404


def test_lines_and_requests_come_one_by_one_and_the_result_in_words(guest, desk, connected) -> None:
    off, back = _line("write-off", meaning=f"{MARK} off."), _line("write-back", meaning="Ada is exactly as before.")
    sent = {"event": "exchange", "role": "idp", "title": MARK, "method": "PATCH", "template": "/Users/17", "status": 0}
    ended = {"event": "tried", "readiness": "ready", "lines": [off, back]}
    told = [sent, *({"event": "line", "line": one} for one in (off, back)), ended]
    desk.jobs = Starting(Child(PLAN), Child(*told))
    place = guest.post(f"/connections/{connected()}/try", {"account": ADA}).headers["Location"]
    guest.post(place, {"agreed": PLAN["agreed"]})
    stream = guest.get(f"{place}/events").text
    assert stream.count("event: line") == 2
    assert stream.count("event: part") == 1
    assert "event: done" in stream
    text = guest.get(place).text
    assert "Switched off; the rest is for you to see" in text
    assert "Ada is exactly as before." in text
    assert "<script>alert" not in stream + text


def test_whoever_was_left_behind_is_told_on_the_first_page_until_put_back(guest, desk, connected) -> None:
    left = opened(desk.ledgers, URL, MARK, {"id": "17", "active": True})
    text = guest.get("/").text
    assert "may still be switched off" in text
    assert "<script>alert" not in text
    assert 'href="/undo"' in text
    # The file does not say where the key goes.
    assert f'value="{URL}"' not in guest.get("/undo").text
    desk.jobs = Starting(Child(over=False))
    place = guest.post("/undo", {"base_url": f"{URL}/", "key": KEY}).headers["Location"]
    assert desk.jobs.asked[0]["do"] == "undo"
    assert desk.jobs.asked[0]["settings"] == {"target": URL}
    assert "may still be switched off" not in guest.get("/").text
    assert "goes on at this moment" in guest.post("/undo", {"base_url": URL, "key": KEY}).text
    job = desk.trials[place.rpartition("/")[2]].doing
    job.events = [{"event": "tried", "readiness": "ready", "lines": [_line("write-back", meaning="As before.")]}]
    job.over = True
    left.close()
    assert "Nobody is left switched off" in guest.get(place).text
    assert "may still be switched off" not in guest.get("/").text


def test_whoever_types_another_address_is_not_told_that_everybody_is_back(guest, desk) -> None:
    opened(desk.ledgers, URL, ADA, {"id": "17", "active": True})
    nothing = _line("write-back", meaning="There is nothing to put back.")
    desk.jobs = Starting(Child({"event": "tried", "readiness": "ready", "lines": [nothing]}))
    text = guest.get(guest.post("/undo", {"base_url": f"{URL}x", "key": KEY}).headers["Location"]).text
    assert "Somebody may still be switched off" in text
    assert ADA in text


def test_a_service_that_is_still_connected_needs_no_key_again(guest, desk, connected) -> None:
    opened(desk.ledgers, URL, ADA, {"id": "17"})
    id = connected()
    assert f'name="connection" value="{id}"' in guest.get("/").text
    desk.jobs = Starting(Child(over=False))
    assert guest.post("/undo", {"connection": id}).status_code == 303


@pytest.mark.parametrize(("base_url", "key"), [("https://169.254.169.254/scim", KEY), (URL, ""), (URL, "a\x00b")])
def test_an_address_or_a_key_that_is_none_puts_nobody_back(guest, desk, base_url: str, key: str) -> None:
    desk.jobs = Starting()
    answer = guest.post("/undo", {"base_url": base_url, "key": key})
    assert answer.status_code == 422
    assert "Nothing was sent" in answer.text
    assert KEY not in answer.text


def test_a_ledger_that_cannot_be_read_is_told(guest, desk) -> None:
    desk.ledgers.mkdir(parents=True)
    (desk.ledgers / "x.jsonl").write_text("not json")
    assert "cannot be read as a ledger" in guest.get("/").text


@pytest.mark.parametrize(
    ("told", "headline"),
    [
        ([("write-off", State.OK), ("write-access", State.OK), ("write-back", State.OK)], "Access ended"),
        (
            [("write-off", State.OK), ("write-access-alive", State.WRONG), ("write-back", State.OK)],
            "A leaver would keep access",
        ),
        ([("write-no-effect", State.WRONG), ("write-back", State.OK)], "A leaver would keep access"),
        ([("write-off", State.OK), ("write-access", State.OK), ("write-not-back", State.WRONG)], "Not put back"),
        ([("write-back-unknown", State.WRONG)], "Not put back"),
        ([("write-back", State.OK)], "Nothing is known"),
        ([("write-vanished", State.COULD_NOT_ASK), ("write-back", State.OK)], "Whether access ends is not known"),
    ],
)
def test_that_somebody_is_not_back_is_told_before_anything_else(told: list[Any], headline: str) -> None:
    lines = [Line(id, state, "T", f"{id} is so.") for id, state in told]
    assert trial_answer(ADA, lines, stopped=True).short.startswith(headline)


class Gone(io.StringIO):
    """Whoever listened is gone."""

    def flush(self) -> None:
        raise BrokenPipeError


@pytest.fixture
def service() -> Iterator[ReferenceServer]:
    """A reference server in this process, with Ada in it."""
    server = ReferenceServer("marketbeam")
    server.tenant = server.add_tenant("Example Team", "it@example.example")
    server.ada = server.behaviour.sign_in(server.tenant.id, SignIn(ADA, "Ada", "Example", ADA)).person_id
    yield server
    server.close()


@pytest.fixture
def child(service, monkeypatch, tmp_path) -> Callable[..., list[dict[str, Any]]]:
    """Does what a child process does, and gives the events that it told."""
    adapter = WsgiAdapter(service.wsgi)
    key = Secret(service.tenant.api_key, "test")
    monkeypatch.setattr(trying, "intend", lambda settings: intend(settings, pasted=key, adapter=adapter))
    monkeypatch.setattr(trying, "undo", partial(undo, pasted=key, adapter=adapter, settle_s=0))

    def run(do: str, agreed: str = "", out: io.StringIO | None = None) -> list[dict[str, Any]]:
        settings = {"target": f"https://{HOST}/scim/v2", "idps": ["okta:oin"], "accounts": [ADA], "patience": 0}
        told = out or io.StringIO()
        given = {"do": do, "settings": settings, "folder": str(tmp_path / "doctor"), "agreed": agreed}
        assert trying.attempt([json.dumps(given)], told) == 0
        return [json.loads(line) for line in told.getvalue().splitlines()]

    return run


def _active(service: ReferenceServer) -> bool:
    people = service.people_of(service.tenant.id)
    return bool(people.get(service.user_type, service.ada).active)


def test_what_is_carried_out_is_what_was_shown(child, service, tmp_path) -> None:
    (plan,) = child("plan")
    assert plan["account"] == ADA
    shown = [(step["method"], step["path"]) for step in plan["steps"] if step["writes"]]
    told = child("try", plan["agreed"])
    sent = [(x["method"], x["template"]) for x in told if x["event"] == "exchange" and x["method"] != "GET"]
    assert sent == shown
    lines = [line_from(one) for one in told[-1]["lines"]]
    assert trial_answer(ADA, lines, stopped=False).tone in ("pass", "warn")
    assert "exactly as before" in trial_answer(ADA, lines, stopped=False).means
    assert _active(service)
    assert list((tmp_path / "doctor").iterdir()) == []


def test_nothing_is_sent_when_it_would_be_anything_else_than_what_was_agreed_to(child, service, tmp_path) -> None:
    (told,) = child("try", "0" * 64)
    assert told["event"] == "refused"
    assert "something else would be sent" in told["why"]
    assert not (tmp_path / "doctor").exists()


def test_somebody_is_put_back_also_when_nobody_listens_any_more(child, service, tmp_path) -> None:
    (plan,) = child("plan")
    child("try", plan["agreed"], Gone())
    assert _active(service)
    assert list((tmp_path / "doctor").iterdir()) == []


def test_who_was_left_behind_is_put_back(child, service, tmp_path) -> None:
    (plan,) = child("plan")
    person = service.people_of(service.tenant.id).get(service.user_type, service.ada)
    opened(tmp_path / "doctor", plan["base_url"], ADA, person.model_dump(mode="json", exclude_none=True))
    assert "an earlier look" in child("try", plan["agreed"])[0]["why"]
    told = child("undo")
    assert [one["event"] for one in told] == ["line", "tried"]
    assert list((tmp_path / "doctor").glob("*.jsonl")) == []
