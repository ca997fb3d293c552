"""Playing against a tiny service: who is cast, what is put back, when it is given up, and who is never touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness import ledger
from harness.casting import Casting
from harness.directory import Directory
from harness.ledger import LEFT, kept, left_behind, unfinished
from harness.model.account import Cast, Source
from harness.model.change import Assign, KeyExpires, KeyRenewed, Reassign, SignIn, Unassign
from harness.model.exchange import WORN_KEY, Role, TroubleKind
from harness.model.scenario import Kind, Probe, Scenario, ScenarioKey
from harness.model.secret import Secret
from harness.model.sequence import Steps
from harness.model.step import Effect
from harness.model.story import Part, Presence, Story
from harness.model.target import Target
from harness.play import PATIENCE, Played, Player
from harness.probes.requests import delete, get, patch
from harness.record import Recorder, read
from harness.wire.guard import Guard
from harness.wire.inprocess import WsgiAdapter
from harness.wire.session import Session
from simulators.generic import GENERIC

EVERYTHING = frozenset(Effect)


class Service:
    """People in a dict; SCIM just far enough for casting."""

    def __init__(self, *user_names: str) -> None:
        self.people: dict[str, dict[str, Any]] = {
            f"id-{i}": {"id": f"id-{i}", "userName": name, "active": True} for i, name in enumerate(user_names)
        }
        self.log: list[str] = []
        self.silent_after = 10_000

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/scim/v2")
        self.log.append(f"{method} {path}")
        if len(self.log) > self.silent_after:
            raise ConnectionResetError("gone")
        body = json.loads(environ["wsgi.input"].read() or b"{}")
        status, answer = self._answer(method, path, environ["QUERY_STRING"], body)
        start_response(f"{status} X", [("Content-Type", "application/scim+json")])
        return [json.dumps(answer).encode() if answer is not None else b""]

    def _answer(self, method: str, path: str, query: str, body: Any) -> tuple[int, Any]:
        known = path.removeprefix("/Users/")
        if method == "POST":
            new = {**body, "id": f"id-{len(self.people)}"}
            self.people[new["id"]] = new
            return 201, new
        if path == "/Users":
            found = [p for p in self.people.values() if p["userName"].replace("@", "%40") in query]
            return 200, {"totalResults": len(found), "Resources": found}
        if known not in self.people:
            return 404, {"status": "404"}
        if method == "DELETE":
            del self.people[known]
            return 204, None
        if method == "PATCH":
            for operation in body["Operations"]:
                self.people[known][operation["path"]] = operation["value"]
        return 200, self.people[known]


@pytest.fixture
def playing(tmp_path: Path) -> Callable[..., Played]:
    def play(service: Service, scenario: Scenario, **given: Any) -> Played:
        effects = given.pop("effects", EVERYTHING)
        base = "https://app.example/scim/v2"
        target = Target(base, Secret("the-api-key"), effects=effects, hooks=given.pop("hooks", {}))
        guard = Guard(target, tmp_path / "ledger.jsonl")
        source, listed, remember = (
            given.pop("source", Source.SCIM),
            given.pop("listed", ()),
            given.pop("remember", None),
        )
        casting = Casting(Directory(7), source, listed, guard.permit, remember)
        session = Session(target, adapter=WsgiAdapter(service))
        return Player(session, guard, casting, Recorder(tmp_path), {"generic": GENERIC}, **given).play(scenario)

    return play


def probing(run: Callable[[Cast], Steps], *parts: Part) -> Scenario:
    return Scenario(ScenarioKey("probe/x", Kind.PROBE, "A probe"), probe=Probe("x", "A probe", run, parts))


def reading(cast: Cast) -> Steps:
    for member in cast:
        assert member.account is not None
        yield get(f"/Users/{member.account.id}", "Read", subject=member.part)


def test_people_are_made_for_a_scenario_and_taken_away_after_it(playing: Callable[..., Played]) -> None:
    service = Service("somebody.else@app.example")
    played = playing(service, probing(reading, Part("subject"), Part("bystander-1")))
    assert played.transcript.complete
    assert [x.role for x in played.transcript.exchanges] == [Role.SETUP] * 2 + [Role.PROBE] * 2 + [Role.SETUP] * 2
    assert [p["userName"] for p in service.people.values()] == ["somebody.else@app.example"]


def test_a_listed_person_is_put_back_as_before(playing: Callable[..., Played]) -> None:
    service = Service("ada@app.example", "ben@app.example")
    service.people["id-0"]["externalId"] = "hers"

    def change(cast: Cast) -> Steps:
        assert cast["subject"].account is not None
        operations = [{"op": "replace", "path": n, "value": v} for n, v in (("active", False), ("externalId", "x"))]
        yield patch(f"/Users/{cast['subject'].account.id}", {"Operations": operations}, "Change")

    scenario = probing(change, Part("subject"), Part("bystander-1"))
    played = playing(service, scenario, source=Source.LISTED, listed=("ada@app.example", "ben@app.example"))
    assert played.transcript.complete
    assert service.people["id-0"] == {"id": "id-0", "userName": "ada@app.example", "active": True, "externalId": "hers"}


BASE = "https://app.example/scim/v2"


def switched_off(cast: Cast) -> Steps:
    assert cast["subject"].account is not None
    operations = [{"op": "replace", "path": "active", "value": False}]
    yield patch(f"/Users/{cast['subject'].account.id}", {"Operations": operations}, "Change")


def test_how_a_listed_person_is_stands_on_disk_before_they_are_changed_and_no_longer_than_they_are(
    playing: Callable[..., Played], tmp_path: Path
) -> None:
    service, answer, seen = Service("ada@app.example"), Service._answer, []

    def watched(method: str, path: str, query: str, body: Any) -> tuple[int, Any]:
        if method == "PATCH":
            seen.extend(ledger.before["active"] for ledger in unfinished(tmp_path / LEFT))
        return answer(service, method, path, query, body)

    service._answer = watched  # type: ignore[method-assign]
    remember = partial(kept, tmp_path / LEFT, BASE)
    given = {"source": Source.LISTED, "listed": ("ada@app.example",), "remember": remember}
    playing(service, probing(switched_off, Part("subject")), **given)
    assert seen == [True, True], "before the change, and before it was taken back"
    assert service.people["id-0"]["active"] is True
    assert left_behind(tmp_path) == ""


def test_who_could_not_be_put_back_is_told_and_the_next_scenario_knows_how_they_were_at_first(
    playing: Callable[..., Played], tmp_path: Path
) -> None:
    service = Service("ada@app.example")
    remember = partial(kept, tmp_path / LEFT, BASE)
    given = {"source": Source.LISTED, "listed": ("ada@app.example",), "remember": remember}
    service.silent_after = 2
    playing(service, probing(switched_off, Part("subject")), **given)
    assert service.people["id-0"]["active"] is False
    told = left_behind(tmp_path)
    assert told.startswith("Not put back: 1 listed account may not be as before.")
    assert f"scimulator doctor --undo --target {BASE} --ledger {tmp_path / LEFT}" in told
    assert "ada" not in told
    service.silent_after = 10_000
    playing(service, probing(reading, Part("subject")), **given)
    assert service.people["id-0"]["active"] is True
    assert left_behind(tmp_path) == ""


def test_a_ledger_that_appears_at_the_last_moment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = {"id": "id-0", "userName": "ada@app.example", "active": True}
    make = ledger.opened

    def late(*given: Any) -> Any:
        monkeypatch.setattr(ledger, "opened", make)
        make(*given)  # by another process, just before
        return make(*given)

    monkeypatch.setattr(ledger, "opened", late)
    assert kept(tmp_path / LEFT, BASE, "ada@app.example", ada).before == ada


def test_with_too_few_listed_people_bystanders_are_left_out_and_the_main_part_is_not(
    playing: Callable[..., Played],
) -> None:
    scenario = probing(reading, Part("subject"), Part("bystander-1"))
    listed = {"source": Source.LISTED, "listed": ("ada@app.example",)}
    played = playing(Service("ada@app.example"), scenario, **listed)
    assert [m.part for m in played.transcript.cast] == ["subject"]
    missing = playing(Service(), scenario, **listed)
    assert missing.problem == "not_run"
    assert "the account 'ada@app.example' was not found at the target" in missing.transcript.stopped


def test_a_set_up_that_breaks_is_our_error_and_what_was_made_is_taken_away(playing: Callable[..., Played]) -> None:
    service = Service()
    answer = service._answer

    def refuse_the_second(method: str, path: str, query: str, body: Any) -> tuple[int, Any]:
        if method == "POST" and service.people:
            return 500, {"detail": "no more people today"}
        return answer(method, path, query, body)

    service._answer = refuse_the_second  # type: ignore[method-assign]
    played = playing(service, probing(reading, Part("subject"), Part("bystander-1")))
    assert played.problem == "error"
    assert "HTTP 500, no more people today" in played.transcript.stopped
    assert service.people == {}


def test_nobody_is_deactivated_beforehand_without_a_look_whether_it_worked(playing: Callable[..., Played]) -> None:
    service = Service()
    answer = service._answer
    service._answer = lambda m, p, q, b: (200, {}) if m == "PATCH" else answer(m, p, q, b)  # type: ignore[method-assign]
    played = playing(service, probing(reading, Part("subject", Presence.INACTIVE)))
    assert played.problem == "not_run"
    assert played.transcript.stopped.endswith(
        "could not be deactivated beforehand: the service answered HTTP 200 and still shows the person as active"
    )


def test_why_nobody_could_be_deactivated_beforehand_is_told_of_the_request_that_was_not_let_through(
    playing: Callable[..., Played],
) -> None:
    """The look that follows is answered with 200, which says nothing."""
    service = Service()
    answer = service._answer
    service._answer = (  # type: ignore[method-assign]
        lambda m, p, q, b: (403, {"detail": "Only administrators."}) if m == "PATCH" else answer(m, p, q, b)
    )
    played = playing(service, probing(reading, Part("subject", Presence.INACTIVE)))
    assert played.transcript.stopped.endswith("could not be deactivated beforehand: HTTP 403, Only administrators.")


def test_a_service_that_falls_silent_is_given_up_and_never_judged_as_whole(playing: Callable[..., Played]) -> None:
    service = Service()
    service.silent_after = 1

    def keep_asking(cast: Cast) -> Steps:
        for _ in range(50):
            yield delete("/Users/nobody", "Ask")

    played = playing(service, probing(keep_asking, Part("subject")), throwaway=True)
    assert not played.transcript.complete
    assert f"given up after {PATIENCE} requests without an answer" in played.transcript.stopped
    assert len(played.transcript.exchanges) == 1 + PATIENCE


def test_a_stranger_is_never_touched_whatever_a_scenario_asks_for(
    playing: Callable[..., Played], tmp_path: Path
) -> None:
    service = Service("the.boss@app.example")

    def rude(cast: Cast) -> Steps:
        answer = yield delete("/Users/id-0", "Delete the boss")
        assert answer.trouble is not None
        assert answer.trouble.kind is TroubleKind.GUARD

    played = playing(service, probing(rude))
    assert "id-0" in service.people
    assert service.log == []
    assert played.transcript.complete


def test_what_was_played_can_be_read_from_disk(playing: Callable[..., Played], tmp_path: Path) -> None:
    played = playing(Service(), probing(reading, Part("subject")))
    recorder = Recorder(tmp_path)
    recorder.event("run_started", base_url="", scenarios=[], profile={})
    assert read(tmp_path).transcripts["probe/x"] == played.transcript


def test_an_unknown_person_gets_no_account(playing: Callable[..., Played]) -> None:
    def nothing(cast: Cast) -> Steps:
        assert cast["newcomer"].account is None
        return
        yield

    service = Service()
    assert playing(service, probing(nothing, Part("newcomer", Presence.UNKNOWN))).transcript.complete
    assert service.log == []


def test_a_key_that_expired_is_sent_until_another_one_is_entered(tmp_path: Path) -> None:
    """The story spoils the key of the IdP alone: the harness itself goes on asking with the good one."""
    keys: list[tuple[str, str]] = []
    service = Service()

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        agent = environ.get("HTTP_USER_AGENT", "")
        keys.append(("witness" if "witness" in agent else "idp", environ["HTTP_AUTHORIZATION"]))
        return service(environ, start_response)

    target = Target("https://app.example/scim/v2", Secret("the-api-key"), effects=EVERYTHING)
    guard = Guard(target, tmp_path / "ledger.jsonl")
    session = Session(target, adapter=WsgiAdapter(guarded))
    recorder = Recorder(tmp_path)
    player = Player(
        session, guard, Casting(Directory(7), Source.SCIM, (), guard.permit), recorder, {"generic": GENERIC}
    )
    story = Story(
        "key",
        "The key expires",
        (Assign("leaver"), KeyExpires(), Unassign("leaver"), KeyRenewed(), Reassign("leaver")),
        (Part("leaver"),),
    )
    key = ScenarioKey("generic/strict/key", Kind.STORY, "The key expires", "generic", "strict", "key")
    played = player.play(Scenario(key, story=story))
    recorder.close()
    good, bad = "Bearer the-api-key", "Bearer scimulator-expired-key"
    assert [key for who, key in keys if who == "idp"] == [good, bad, good]
    assert {key for who, key in keys if who == "witness"} == {good}
    assert [WORN_KEY in x.notes for x in played.transcript.by(Role.IDP)] == [False, True, False]


NEWCOMER = Story(
    "late",
    "Somebody signs in later",
    (Unassign("bystander-1"), SignIn("newcomer"), Unassign("newcomer")),
    (Part("newcomer", Presence.UNKNOWN), Part("bystander-1")),
)
LATE = Scenario(ScenarioKey("generic/strict/late", Kind.STORY, "late", "generic", "strict", "late"), story=NEWCOMER)


def test_whoever_signs_in_later_has_an_account_from_then_on(playing: Callable[..., Played]) -> None:
    played = playing(Service(), LATE)
    before, at, after = played.transcript.moments
    assert before.cast["newcomer"].account is None
    assert at.cast["newcomer"].account == after.cast["newcomer"].account == played.transcript.cast["newcomer"].account
    assert [x.title for x in after.after if x.subject == "newcomer" and x.tag == "by-id"]


def test_nobody_can_sign_in_for_the_first_time_where_only_listed_people_may_be_touched(
    playing: Callable[..., Played],
) -> None:
    played = playing(Service("ada@x.example"), LATE, source=Source.LISTED, listed=("ada@x.example",))
    assert played.problem == "not_run"
    assert not played.transcript.exchanges
    assert "listed accounts exist already" in played.transcript.stopped
