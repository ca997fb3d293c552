from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from harness.doctor import CannotWrite, LedgerError, carry_out, intend, undo
from harness.ledger import opened, unfinished
from harness.model.diagnosis import State
from harness.model.secret import Secret
from harness.settings import Settings, SettingsError
from harness.wire.inprocess import HOST, WsgiAdapter

BASE = f"https://{HOST}/scim/v2"
ADA = "ada@example.test"
VARIANTS = ("okta:oin", "okta:aiw", "entra:default", "entra:aadOptscim062020")


def _settings(idp: str = "okta", account: str = ADA, url: str = BASE) -> Settings:
    hooks = {"access": f"https://{HOST}/sso/access"}
    return Settings(target=url, idps=(idp,), accounts=(account,), hooks=hooks, patience=0)


def _intend(patient: Any, idp: str = "okta", adapter: Any = None, **given: Any) -> Any:
    return intend(_settings(idp, **given), pasted=Secret(patient.key), adapter=adapter or patient.adapter)


def _ids(done: Any, *states: State) -> list[str]:
    return [line.id for line in done.lines if line.state in (states or tuple(State))]


@pytest.mark.parametrize("idp", VARIANTS)
def test_what_was_shown_is_what_is_sent_and_the_person_is_as_before(
    patients: Callable[..., Any], tmp_path: Path, idp: str
) -> None:
    patient = patients()
    patient.sign_in("ben@example.test", "ben@example.test")
    intention = _intend(patient, idp)
    assert patient.server.audit.entries(patient.tenant.id)[2:] == []
    done = carry_out(intention, tmp_path)
    assert _ids(done) == ["write-off", "write-access", "write-on", "write-back"]
    assert {line.state for line in done.lines} == {State.OK}
    sent = [(x.method, x.path, x.query) for x in done.exchanges if x.role == "idp"]
    assert sent == [(s.method, s.path, s.query) for s in intention.steps]
    bodies = [x.request.body for x in done.exchanges if x.method == "PATCH"]
    assert bodies == [s.body for s in intention.steps if s.method == "PATCH"]
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_is_written_to_which_the_servers_own_log_shows(
    patients: Callable[..., Any], tmp_path: Path
) -> None:
    patient = patients()
    patient.sign_in("ben@example.test", "ben@example.test")
    before = len(patient.server.audit.entries(patient.tenant.id))
    intention = _intend(patient)
    carry_out(intention, tmp_path)
    written = patient.server.audit.entries(patient.tenant.id)[before:]
    assert {entry.resource_id for entry in written} == {intention.resource["id"]}
    assert [entry.changes for entry in written] == [{"active": [True, False]}, {"active": [False, True]}]


@pytest.mark.parametrize(
    ("defect", "idp", "ids"),
    [
        ("patch-noop-success", "okta:oin", ["write-no-effect"]),
        ("put-noop-success", "okta:aiw", ["write-no-effect"]),
        ("active-string-false-rejected", "entra:default", ["write-refused"]),
        ("sessions-survive", "okta:oin", ["write-access-alive"]),
        ("inactive-hidden", "okta:oin", ["write-hidden"]),
        ("reactivate-400", "okta:oin", ["write-on-refused", "write-not-back"]),
        ("deactivation-touches-display-name", "okta:oin", ["write-back-differs"]),
        ("deactivate-means-delete", "okta:oin", ["write-vanished", "write-back-unknown"]),
        ("deactivate-answers-500", "okta:oin", None),
    ],
)
def test_what_keeps_a_leaver_in_or_somebody_who_comes_back_out_is_named(
    patients: Callable[..., Any], tmp_path: Path, defect: str, idp: str, ids: list[str] | None
) -> None:
    done = carry_out(_intend(patients("marketbeam", defect), idp), tmp_path)
    found = _ids(done, State.WRONG, State.WARNING)
    assert found[: len(ids)] == ids if ids is not None else found


def test_a_refused_text_for_no_leads_to_the_flag_that_changes_it(patients: Callable[..., Any], tmp_path: Path) -> None:
    strict = patients("marketbeam", "active-string-false-rejected")
    done = carry_out(_intend(strict, "entra:default"), tmp_path)
    assert "?aadOptscim062020" in done.lines[0].fix
    assert "Tenant URL" in done.lines[0].fix
    flagged = carry_out(_intend(strict, "entra:aadOptscim062020"), tmp_path)
    assert {line.state for line in flagged.lines} == {State.OK}


def test_what_could_not_be_put_back_stays_in_the_ledger_and_names_the_way_out(
    patients: Callable[..., Any], tmp_path: Path
) -> None:
    patient = patients("marketbeam", "reactivate-400")
    done = carry_out(_intend(patient), tmp_path)
    left = unfinished(tmp_path)
    assert [ledger.account for ledger in left] == [ADA]
    assert left[0].before["active"] is True
    last = done.lines[-1]
    assert (last.id, last.state) == ("write-not-back", State.WRONG)
    assert "scimulator doctor --undo" in last.fix
    with pytest.raises(CannotWrite, match="not switched on"):
        _intend(patient)


def test_the_ledger_is_on_disk_before_the_first_write_and_only_its_owner_may_read_it(
    patients: Callable[..., Any], tmp_path: Path
) -> None:
    patient = patients()
    seen: list[tuple[int, dict[str, Any], int]] = []

    def watching(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PATCH":
            (path,) = tmp_path.iterdir()
            lines = path.read_text().splitlines()
            seen.append((stat.S_IMODE(path.stat().st_mode), json.loads(lines[0]), len(lines)))
        return patient.server.wsgi(environ, start_response)

    carry_out(_intend(patient, adapter=WsgiAdapter(watching)), tmp_path)
    assert [mode for mode, _, _ in seen] == [0o600, 0o600]
    assert seen[0][1]["before"]["userName"] == ADA
    assert [count for _, _, count in seen] == [2, 3]


@pytest.mark.parametrize(
    ("account", "why"), [("nobody@example.test", "was not found"), ("off@example.test", "not switched on")]
)
def test_whom_it_would_be_no_test_to_touch_is_not_touched(patients: Callable[..., Any], account: str, why: str) -> None:
    patient = patients()
    id = patient.sign_in("off@example.test", "off@example.test")
    _patch(patient, id, _OFF)
    with pytest.raises(CannotWrite, match=why):
        _intend(patient, account=account)


def test_several_idps_or_accounts_are_refused_before_anything_is_sent() -> None:
    key = Secret("not-sent-anywhere")
    with pytest.raises(SettingsError, match="--idp okta or --idp entra"):
        intend(Settings(target=BASE, accounts=(ADA,)), pasted=key)
    with pytest.raises(SettingsError, match="name that one account"):
        intend(Settings(target=BASE, idps=("okta",)), pasted=key)
    with pytest.raises(SettingsError, match="http://"):
        intend(_settings(url=f"http://{HOST}/scim/v2"), pasted=key)


def test_a_second_look_at_an_account_that_is_not_back_is_refused(patients: Callable[..., Any], tmp_path: Path) -> None:
    intention = _intend(patients())
    opened(tmp_path, BASE, ADA, intention.resource)
    with pytest.raises(LedgerError, match="--undo"):
        carry_out(intention, tmp_path)


def test_an_interruption_in_between_puts_the_person_back(patients: Callable[..., Any], tmp_path: Path) -> None:
    patient = patients()

    def interrupted(line: Any) -> None:
        if line.id == "write-off":
            raise KeyboardInterrupt

    intention = _intend(patient)
    with pytest.raises(KeyboardInterrupt):
        carry_out(intention, tmp_path, on_line=interrupted)
    assert _intend(patient).resource["active"] is True
    assert unfinished(tmp_path) == []


@pytest.mark.parametrize("breaks_at", [1, 2])
def test_a_service_that_goes_down_in_between_leaves_nobody_unnamed(
    patients: Callable[..., Any], tmp_path: Path, breaks_at: int
) -> None:
    """Down before the first write has arrived, or after it was done and before it could be answered."""
    patient = patients()
    writes: list[str] = []

    def failing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PATCH":
            writes.append(environ["PATH_INFO"])
            if breaks_at == 2:
                patient.server.wsgi(environ, lambda *_: None)
        if writes:
            raise ConnectionResetError("gone")
        return patient.server.wsgi(environ, start_response)

    intention = _intend(patient, adapter=WsgiAdapter(failing))
    done = carry_out(intention, tmp_path)
    assert [(line.id, line.state) for line in done.lines] == [
        ("write-vanished", State.COULD_NOT_ASK),
        ("write-on-unknown", State.COULD_NOT_ASK),
        ("write-back-unknown", State.WRONG),
    ]
    assert "not known" in done.lines[0].meaning
    back, _ = undo(_settings(), tmp_path, pasted=Secret(patient.key), adapter=patient.adapter, settle_s=0)
    assert {line.state for line in back.lines} == {State.OK}
    assert _intend(patient).resource == intention.resource | {"meta": _intend(patient).resource["meta"]}
    assert unfinished(tmp_path) == []


def test_undo_leaves_other_targets_alone(patients: Callable[..., Any], tmp_path: Path) -> None:
    patient = patients()
    elsewhere = opened(tmp_path, "https://other.example/scim/v2", ADA, {"id": "u1", "active": True})
    done, others = undo(_settings(), tmp_path, pasted=Secret(patient.key), adapter=patient.adapter)
    assert others == [elsewhere]
    assert _ids(done) == ["write-back"]
    assert done.exchanges == ()


def test_undo_says_when_it_is_not_known_how_somebody_stands(patients: Callable[..., Any], tmp_path: Path) -> None:
    patient = patients()
    opened(tmp_path, BASE, ADA, _intend(patient).resource)

    def down(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("503 X", [("Content-Type", "text/plain")])
        return [b"later"]

    done, _ = undo(_settings(), tmp_path, pasted=Secret(patient.key), adapter=WsgiAdapter(down), settle_s=0)
    assert _ids(done, State.WRONG) == ["write-back-unknown"]
    assert len(unfinished(tmp_path)) == 1


def test_a_request_that_arrives_after_the_first_look_of_an_undo_is_noticed(
    patients: Callable[..., Any], tmp_path: Path
) -> None:
    patient = patients()
    resource = _intend(patient).resource
    opened(tmp_path, BASE, ADA, resource)
    arrived: list[bool] = []

    def late(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = patient.server.wsgi(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET" and not arrived:
            arrived.append(True)
            _patch(patient, resource["id"], _OFF)
        return answer

    done, _ = undo(_settings(), tmp_path, pasted=Secret(patient.key), adapter=WsgiAdapter(late), settle_s=0.01)
    assert _ids(done) == ["write-back"]
    assert [x.method for x in done.exchanges] == ["GET", "GET", "PATCH", "GET"]
    assert _intend(patient).resource["active"] is True


_OFF = (
    b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
    b'"Operations":[{"op":"replace","path":"active","value":false}]}'
)


def _patch(patient: Any, id: str, body: bytes) -> None:
    from harness.model.step import SCIM_JSON, TOKEN, Effect, Intent, Step
    from harness.model.target import Target
    from harness.wire.session import Session

    headers = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", SCIM_JSON))
    step = Step("Switch off", "PATCH", f"/Users/{id}", Effect.WRITE, Intent.DEACTIVATE, headers=headers, body=body)
    sent = Session(Target(BASE, Secret(patient.key)), adapter=patient.adapter).send(step)
    assert sent.response is not None
    assert sent.response.status == 200
