"""What must hold when a storm is over: a clean server keeps all of it, and each of it is broken by a defect."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import harness
from harness.load import reports
from harness.load.census import Taker
from harness.load.concluding import Result, conclude
from harness.load.crowd import Crowd
from harness.load.forecast import forecast
from harness.load.order import Order
from harness.load.sampling import Sampler
from harness.load.work import Work
from harness.model.run import Run
from harness.model.secret import Secret
from harness.model.step import Effect
from harness.model.target import Target
from harness.plan import vendors
from harness.play import at_once
from harness.profiles import load as load_profile
from harness.wire.inprocess import HOST, WsgiAdapter
from harness.wire.session import Session
from reference_server.app import ReferenceServer
from reference_server.http import error
from reference_server.seeding import seed

CROWD = Crowd(4, 7, (("okta", "oin"), ("okta", "aiw"), ("entra", "default")))
GROUPS = Crowd(2, 11, (("entra", "default"), ("entra", "aadOptscim062020")), group=True)


class Real:
    """The real clock and an embedded server; whoever meets, meets in threads."""

    def __init__(self, server: ReferenceServer, keys: dict[int, str]) -> None:
        adapter = WsgiAdapter(server.wsgi)
        self.began = time.monotonic()
        self._sessions = {
            key: Session(Target(f"http://{HOST}/scim/v2", Secret(key, "test"), frozenset(Effect)), adapter=adapter)
            for key in keys.values()
        }

    def now(self) -> float:
        return time.monotonic() - self.began

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def send(self, step: Any, key: str) -> Any:
        sent = self._sessions[key].send(step)
        return sent.response, sent.trouble, 100

    def together(self, calls: Iterable[Callable[[], None]]) -> None:
        at_once(list(calls))


def _each(keys: Iterable[int], call: Callable[[int], None]) -> None:
    for key in keys:
        call(key)


Storm = Callable[..., Run]


@pytest.fixture
def storm(tmp_path: Path) -> Storm:
    def play(
        *defects: str,
        invalid: str = "",
        crowd: Crowd = CROWD,
        spoil: Callable[[ReferenceServer], None] = lambda _server: None,
        profile: str = "marketbeam",
        **given: Any,
    ) -> Run:
        server = ReferenceServer(profile, defects)
        spoil(server)
        made = seed(server, crowd.tenants, crowd.people, bystanders=2)
        keys = {one.number: one.api_key for one in made}
        given = {"per_second": 1000.0, "ours": True, "profile": profile, **given}
        order = Order(crowd, f"http://{HOST}/scim/v2", keys, bystanders=2, **given)
        ports = Real(server, keys)
        work = Work(order, vendors(), ports, Sampler(order.base_url, 10, keys, load_profile(profile)))
        takers = {job.number: Taker(order, ports.send, ports.sleep) for job in work.jobs()}
        censuses = reports.before(takers, _each)
        work.run()
        reports.after(work, takers, censuses, _each)
        told = json.loads(json.dumps(reports.report(work, takers, censuses)))
        server.close()
        result = Result([told], 1, invalid, work.stopped)
        return conclude(order, forecast(crowd, vendors()), result, tmp_path / "run", "scimulator storm", {}).run

    return play


def _schema(name: str) -> Draft202012Validator:
    file = Path(harness.__file__).parent / "schemas" / "files" / f"{name}.schema.json"
    return Draft202012Validator(json.loads(file.read_text("utf-8")))


def _broken(run: Run) -> set[str]:
    return {v.check for v, _ in run.findings if v.check.startswith("storm.")}


def test_a_clean_server_keeps_everything(storm: Storm, tmp_path: Path) -> None:
    run = storm()
    assert run.conclusion == "conformant"
    assert not run.findings
    told = {v.check: v.outcome.value for v in run.verdicts if v.check.startswith("storm.") and "okta/oin" in v.scenario}
    assert told == {
        "storm.confirmed_means_inactive": "passed",
        "storm.every_leaver_loses_access": "passed",
        "storm.nobody_else_is_touched": "passed",
        "storm.nobody_vanishes": "passed",
        "storm.lists_stay_inside_the_tenant": "passed",
        "storm.nobody_reads_another_tenant": "passed",
        "storm.a_repetition_is_taken": "passed",
        "storm.two_changes_at_once_are_both_kept": "passed",
        "storm.a_429_says_when_to_come_back": "not_applicable",
    }


@pytest.mark.parametrize(
    ("defect", "check"),
    [
        ("patch-noop-success", "storm.confirmed_means_inactive"),
        ("last-owner-refused", "storm.every_leaver_loses_access"),
        ("deactivation-hits-a-bystander", "storm.nobody_else_is_touched"),
        ("deactivate-means-delete", "storm.nobody_vanishes"),
        ("lists-show-all-tenants", "storm.lists_stay_inside_the_tenant"),
        ("token-tenant-ignored", "storm.nobody_reads_another_tenant"),
        ("second-deactivation-400", "storm.a_repetition_is_taken"),
        ("profile-push-undoes-deactivation", "storm.two_changes_at_once_are_both_kept"),
        ("429-without-wait", "storm.a_429_says_when_to_come_back"),
    ],
)
def test_each_invariant_is_broken_by_a_defect(storm: Storm, defect: str, check: str) -> None:
    run = storm(defect, patience_s=0.5, compress=1e6)
    assert check in _broken(run)
    if check != "storm.a_429_says_when_to_come_back":  # a MAY: noted, and never a failure
        assert run.conclusion == "non-conformant"


def _members_are_written_back_as_read(server: ReferenceServer) -> None:
    """Read, change, write, with a pause between and nothing that guards it."""
    people = server.people_of(None)
    kind = next(kind for kind in people.provider.resource_types if kind.name == "Group")

    @server.behaviour.respond.around
    def answered(proceed: Any, request: Any) -> Any:
        if request.method != "PATCH" or "/Groups/" not in request.path or b"emove" not in request.body:
            return proceed(request)
        group = request.path.rpartition("/")[2]
        before = people.get(kind, group).members
        time.sleep(0.05)
        answer = proceed(request)
        gone = set(re.findall(r"[0-9a-f]{32}", request.body.decode()))
        changed: Any = people.get(kind, group)
        changed.members = [member for member in before if member.value not in gone] or None
        people.update(kind, changed)
        return answer


def _group_changes_that_meet_break_down(server: ReferenceServer) -> None:
    busy: set[str] = set()

    @server.behaviour.respond.around
    def answered(proceed: Any, request: Any) -> Any:
        if request.method != "PATCH" or "/Groups/" not in request.path or b"emove" not in request.body:
            return proceed(request)
        if request.path in busy:
            return error(500, "deadlock detected")
        busy.add(request.path)
        time.sleep(0.05)
        try:
            return proceed(request)
        finally:
            busy.remove(request.path)


def test_a_clean_server_loses_no_change_of_a_group(storm: Storm, tmp_path: Path) -> None:
    run = storm(crowd=GROUPS, profile="full", lanes=3)
    told = {v.check: v.outcome.value for v in run.verdicts if v.check.startswith("storm.") and "default" in v.scenario}
    assert told["storm.who_was_taken_out_of_a_group_stays_out"] == "passed"
    assert told["storm.nobody_who_left_is_a_member"] == "passed"
    assert not _broken(run)
    figures = json.loads((tmp_path / "run" / "storm.json").read_text())
    assert figures["measured"]["requests"] == figures["forecast"]["requests"]


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (_members_are_written_back_as_read, "storm.who_was_taken_out_of_a_group_stays_out"),
        (_group_changes_that_meet_break_down, "storm.nobody_who_left_is_a_member"),
    ],
)
def test_changes_of_one_group_that_meet_and_are_lost_are_told(storm: Storm, spoil: Any, check: str) -> None:
    run = storm(crowd=GROUPS, profile="full", lanes=3, spoil=spoil, patience_s=0.0)
    assert check in _broken(run)
    assert "storm.nobody_else_is_touched" not in _broken(run)


def test_a_storm_that_is_invalid_says_nothing_of_the_service(storm: Storm) -> None:
    run = storm("patch-noop-success", invalid="worker 2 of 2 was lost")
    assert run.conclusion == "incomplete"
    assert not run.findings
    assert "worker 2 of 2 was lost" in run.doubts[0]


def test_a_storm_that_was_cut_short_is_incomplete(storm: Storm) -> None:
    run = storm(max_requests=20)
    assert run.conclusion == "incomplete"
    assert not _broken(run)


def test_what_is_written_fits_its_schemas_and_holds_no_key(storm: Storm, tmp_path: Path) -> None:
    storm("deactivate-answers-500", patience_s=0.5, compress=1e6)
    for name in ("run", "findings", "storm"):
        value = json.loads((tmp_path / "run" / f"{name}.json").read_text())
        _schema(name).validate(value)
    for name in ("events", "exchanges"):
        for line in (tmp_path / "run" / f"{name}.jsonl").read_text().splitlines():
            _schema(name).validate(json.loads(line))
    for path in (tmp_path / "run").iterdir():
        assert not re.search(r"scim_[\w-]{40}", path.read_text()), path


def test_a_storm_is_told_again_from_its_directory(storm: Storm, tmp_path: Path) -> None:
    from harness.stage import retell

    run = storm("deactivation-hits-a-bystander")
    again = retell(tmp_path / "run")
    assert again.conclusion == run.conclusion
    assert {f.id for _, f in again.findings} == {f.id for _, f in run.findings}


def test_findings_keep_their_ids_whatever_the_names(storm: Storm, tmp_path: Path) -> None:
    one = storm("last-owner-refused", patience_s=0.2, compress=1e6)
    (tmp_path / "run").rename(tmp_path / "first")
    two = storm("last-owner-refused", patience_s=0.2, compress=1e6, crowd=Crowd(8, 4, CROWD.speakers))
    ids = [{f.id for v, f in run.findings if v.check == "storm.every_leaver_loses_access"} for run in (one, two)]
    assert ids[0] == ids[1]
