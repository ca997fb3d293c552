"""Every failure of the field that somebody could be warned of is named by a door, or it is said why by none.

What doctor can see is set up here, and has to be what it names first: in words, with the click path or the service as
the one who has to act.
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from harness import guides
from harness.doctor import carry_out, intend
from harness.model.diagnosis import Diagnosis, Line, State
from harness.model.secret import Secret
from harness.settings import Settings
from harness.wire.inprocess import HOST, WsgiAdapter

ORIGIN = f"https://{HOST}"
BASE = f"{ORIGIN}/scim/v2"
ADA = "ada@example.test"
FIELD: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "field.toml").read_text("utf-8"))

COLLECTED = [
    "429-shared-bucket",
    "active-string-false-rejected",
    "assigned-before-provisioning",
    "assigning-a-group-is-not-pushing-it",
    "base-url-missing-api-prefix",
    "base-url-missing-scim-path",
    "base-url-trailing-slash",
    "basic-auth-expected",
    "bearer-prefix-doubled",
    "bearer-prefix-missing",
    "compliance-flag-mismatch",
    "double-v2-corrected-by-admin",
    "entra-active-unmapped",
    "entra-disabled-by-scope-filter",
    "entra-lowercase-expression",
    "entra-purged-before-cycle",
    "entra-skip-out-of-scope",
    "entra-update-or-delete-unticked",
    "errors-quarantine-the-job",
    "expired-token",
    "externalid-filter-400",
    "features-not-ticked",
    "group-sync-left-on",
    "groups-refusal-read-as-broken-app",
    "idp-offers-push-anyway",
    "last-owner-refused",
    "nameid-vs-username",
    "okta-stale-false-after-reactivate",
    "okta-unlinked-user-never-deactivated",
    "owner-removed-by-surprise",
    "plan-gate-403",
    "post-refused-for-jit-only",
    "preexisting-users-outside-scim",
    "relative-base-url-shown",
    "resourcetypes-overclaim-group",
    "same-group-assign-and-push",
    "scim-sweeps-users-it-never-owned",
    "sso-url-pasted-as-scim-base",
    "tenant-segment-wrong",
    "token-lifetime-shorter-than-job",
    "token-never-expires-or-rotates",
    "token-whitespace",
    "unexplained-suspension",
    "unknown-member-fails-push",
    "username-normalised-collision",
    "username-value-case",
    "work-email-filter",
    "wrong-region-host",
]
"""What our collection marks as something that somebody who sets up an IdP could be warned of."""

Patients = Callable[..., Any]
ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","detail":"%s"}'


def _jwt(lives: timedelta | None) -> str:
    now = datetime.now(UTC).timestamp()
    claims = {"iat": now} | ({"exp": now + lives.total_seconds()} if lives else {})
    head, body = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in ({}, claims))
    return f"{head}.{body}.c2ln"


def _with_any_key(patient: Any) -> WsgiAdapter:
    """The service lets in who brings a token of three parts, as if it had made it."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = environ.get("HTTP_AUTHORIZATION", "")
        admitted = f"Bearer {patient.key}" if sent.count(".") == 2 else sent
        return patient.server.wsgi({**environ, "HTTP_AUTHORIZATION": admitted}, start_response)

    return WsgiAdapter(application)


def _moved(entered: str, prefix: str, **given: Any) -> Callable[[Patients, Any], Diagnosis]:
    def look(patients: Patients, transports: Any) -> Diagnosis:
        patient = patients()
        adapter = transports.hung_elsewhere(patient.server.wsgi, prefix, **given)
        return patient.look(url=ORIGIN + entered, adapter=adapter)  # type: ignore[no-any-return]

    return look


def _wrong(*defects: str, preset: str = "marketbeam", idps: tuple[str, ...] = (), **given: Any) -> Any:
    return lambda patients, _transports: patients(preset, *defects).look(*idps, **given)


def _saying(status: int, detail: bytes) -> Any:
    return lambda patients, transports: patients().look(adapter=transports.answering(status, ERROR % (status, detail)))


def _expired(patients: Patients, _transports: Any) -> Diagnosis:
    patient = patients()
    old = patient.server.credentials.issue(patient.tenant.id, "old", datetime.now(UTC) - timedelta(days=1))
    return patient.look(key=old.api_key)  # type: ignore[no-any-return]


def _under_another_name(patients: Patients, _transports: Any) -> Diagnosis:
    patient = patients(ada=False)
    patient.sign_in("ada.example", ADA)
    return patient.look()  # type: ignore[no-any-return]


def _with_token(lives: timedelta | None) -> Any:
    def look(patients: Patients, _transports: Any) -> Any:
        patient = patients()
        return patient.look(key=_jwt(lives), adapter=_with_any_key(patient))

    return look


SETUPS: dict[tuple[str, str], Callable[[Patients, Any], Diagnosis]] = {
    ("base-url-trailing-slash", "address-trailing-slash"): _wrong("trailing-slash-404", url=f"{BASE}/"),
    ("base-url-missing-scim-path", "address-path"): _moved("", "/scim/v2"),
    ("base-url-missing-api-prefix", "address-path"): _moved("/scim/v2", "/api/v3/scim/v2"),
    ("sso-url-pasted-as-scim-base", "address-sign-in"): _moved("/sso/saml", "/scim/v2"),
    ("relative-base-url-shown", "address-relative"): _wrong(url="/scim/v2"),
    ("double-v2-corrected-by-admin", "address-path"): _moved("/scim/v2", "/scim/v2/v2"),
    ("tenant-segment-wrong", "address-unknown-place"): _moved("/scim/taem/v2", "/scim/team/v2", page=False),
    ("wrong-region-host", "key-refused"): _wrong(key="scim_made-in-another-region"),
    ("bearer-prefix-missing", "key-missing-bearer"): _wrong(
        idps=("okta:oin",), setups={"okta:oin": {"authorization": "header"}}
    ),
    ("bearer-prefix-doubled", "key-doubled-bearer"): lambda p, _t: (lambda a: a.look(key=f"Bearer {a.key}"))(p()),
    ("token-whitespace", "key-white-space"): lambda p, _t: (lambda a: a.look(key=f"{a.key}\n"))(p()),
    ("basic-auth-expected", "key-basic-expected"): _wrong("401-basic-challenge", key="ada:secret-word"),
    ("expired-token", "key-expired"): _expired,
    ("token-lifetime-shorter-than-job", "key-short-lived"): _with_token(timedelta(hours=1)),
    ("plan-gate-403", "key-not-allowed"): _saying(403, b"SCIM is not included in your plan"),
    ("resourcetypes-overclaim-group", "discovery-groups"): _wrong(
        "resourcetypes-overclaim-group", preset="deprovisioning-only"
    ),
    ("externalid-filter-400", "lookup-external-id"): _wrong("externalid-filter-400", idps=("entra",)),
    ("work-email-filter", "lookup-email"): _wrong("work-mail-filter-refused", idps=("entra",)),
    ("username-value-case", "lookup-case"): _wrong("username-value-case"),
    ("nameid-vs-username", "lookup-other-name"): _under_another_name,
    ("post-refused-for-jit-only", "lookup-not-found"): _wrong(account="never-signed-in@example.test"),
    ("groups-refusal-read-as-broken-app", "groups-refused"): _wrong(preset="deprovisioning-only", idps=("entra",)),
    ("group-sync-left-on", "groups-refused"): _wrong(preset="deprovisioning-only", idps=("entra",)),
    ("429-shared-bucket", "limits-reached"): _saying(429, b"slow down"),
    ("429-shared-bucket", "limits-low"): lambda p, t: (
        lambda a: a.look(adapter=t.with_headers(a.server.wsgi, ("X-RateLimit-Limit", "30")))
    )(p()),
    ("token-never-expires-or-rotates", "key-never-expires"): _with_token(None),
}

WRITES = {
    ("active-string-false-rejected", "write-refused"): ("active-string-false-rejected", "entra"),
    ("compliance-flag-mismatch", "write-refused"): ("active-string-false-rejected", "entra"),
    ("last-owner-refused", "write-refused"): ("last-owner-refused", "okta"),
    ("preexisting-users-outside-scim", "write-no-effect"): ("patch-noop-success", "okta"),
}


def test_every_failure_of_the_collection_is_here_and_no_other() -> None:
    assert sorted(FIELD) == sorted(COLLECTED)


@pytest.mark.parametrize("failure", FIELD)
def test_a_failure_is_named_by_a_door_or_it_is_said_why_by_none(failure: str) -> None:
    entry = FIELD[failure]
    assert bool(entry.keys() & {"doctor", "write", "check", "triage"}) != bool(entry.get("why"))
    assert {*entry.get("check", ())} <= set(guides.faults())
    rules = files("harness.triage.rules")
    known = {r["id"] for f in rules.iterdir() if f.name.endswith(".toml") for r in tomllib.loads(f.read_text())["rule"]}
    assert {*entry.get("triage", ())} <= known


def test_what_doctor_names_is_set_up_and_nothing_is_set_up_that_is_not_promised() -> None:
    assert {(f, id) for f, entry in FIELD.items() for id in entry.get("doctor", ())} == set(SETUPS)
    assert {(f, id) for f, entry in FIELD.items() for id in entry.get("write", ())} == set(WRITES)


@pytest.mark.parametrize(("failure", "id"), SETUPS)
def test_doctor_names_it_first_in_words_with_the_way_out(
    patients: Patients, transports: Any, failure: str, id: str
) -> None:
    seen = SETUPS[failure, id](patients, transports)
    first = seen.lines[0]
    assert first.id == id
    _helps(first)


@pytest.mark.parametrize(("failure", "id"), WRITES)
def test_the_careful_write_names_it_first(patients: Patients, tmp_path: Path, failure: str, id: str) -> None:
    defect, idp = WRITES[failure, id]
    patient = patients("marketbeam", defect)
    settings = Settings(target=BASE, idps=(idp,), accounts=(ADA,))
    done = carry_out(intend(settings, pasted=Secret(patient.key), adapter=patient.adapter), tmp_path)
    first = next(line for line in done.lines if line.state is State.WRONG)
    assert first.id == id
    _helps(first)


def _helps(line: Line) -> None:
    assert line.state in (State.WRONG, State.WARNING)
    assert not re.search(r"\bRFC|\brfc\d|§", line.title + line.meaning + line.fix)
    assert line.fix, "somebody has to be told what to do"
    # Who runs the IdP is led to the place; where the service has to act, or switch something on, its name is enough.
    assert " > " in line.fix or line.who == "service" or "service" in line.fix
