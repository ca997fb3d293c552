"""Each misconfiguration of the field that only settings or a list of people show is set up, and is named first.

Which those are stands beside the doctor's, in tests/harness/doctor/field.toml.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tests.harness.doctor
from harness import guides
from harness.configuration import Given, check
from harness.configuration.first_cycle import there_from
from harness.configuration.people import open_people
from harness.intake.entra_schema import from_json
from harness.model.diagnosis import Line, State
from harness.profiles import load
from tests.harness.configuration import test_entra, test_okta
from tests.harness.configuration.conftest import JOB, people_of, secrets, spoilt

FIELD: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(tests.harness.doctor.__path__[0]) / "field.toml").read_text("utf-8")
)
NAMED = sorted({name for entry in FIELD.values() for name in entry.get("check", ())})
HEAD = "userPrincipalName,mail,department,accountEnabled\n"
ADA = "ada@example.test,,Sales,True\n"


def entra(*parts: Any, **changes: str) -> Callable[[Path], Line]:
    export = [*(parts or (spoilt(), {"value": [JOB]})), secrets(**changes)]
    return lambda _place: check(Given(export=from_json(export)), load("marketbeam")).lines[0]


def spoilt_mapping(name: str) -> Callable[[Path], Line]:
    spoil = next(spoil for fault, spoil in test_entra.SPOILT.values() if fault == name)
    return entra(spoilt(spoil), {"value": [JOB]})


def okta(**changes: Any) -> Callable[[Path], Line]:
    return lambda _place: test_okta.examined(load("marketbeam"), **changes).lines[0]


def people(listed: str, there: str | None = None, spoil: Any = None) -> Callable[[Path], Line]:
    def first(place: Path) -> Line:
        (place / "people.csv").write_text(HEAD + listed, "utf-8")
        given = Given(people=open_people(place / "people.csv")[0], export=from_json(spoilt(spoil)) if spoil else None)
        if there is not None:
            (place / "there.csv").write_text("userName,active\n" + there, "utf-8")
            rows = open_people(place / "there.csv")[0].rows()
            given = Given(people=given.people, export=given.export, there=there_from(rows))
        found = check(given, load("marketbeam")).lines
        return next(line for line in found if line.id.startswith("people-"))

    return first


def _scoped(export: dict[str, Any]) -> None:
    people_of(export)["scope"] = copy.deepcopy(test_entra.SCOPE)


QUARANTINE = {**JOB, "status": {"code": "Quarantine", "quarantine": {"reason": "EncounteredQuarantineException"}}}
DELETED = "0123456789abcdef0123456789abcdefben@example.test,,Sales,False\n"

SET_UP: dict[str, Callable[[Path], Line]] = {
    **{fault: spoilt_mapping(fault) for fault, _ in test_entra.SPOILT.values()},
    "entra-matching-subject": lambda _place: test_entra.examined(load("marketbeam"), sign_in="mail").lines[0],
    "entra-skip-set": entra(SkipOutOfScopeDeletions="True"),
    "entra-address-not-https": entra(BaseAddress="/scim/v2"),
    "entra-job-quarantined": entra(spoilt(), {"value": [QUARANTINE]}),
    "okta-address-not-https": okta(base_url="/scim/v2"),
    "okta-address-slash": okta(base_url="https://app.example/scim/v2/"),
    "okta-key-bare": okta(authorization="header"),
    "okta-key-doubled": okta(authorization="doubled"),
    "okta-key-basic": okta(authorization="basic"),
    "okta-key-oauth": okta(authorization="oauth"),
    "okta-username-differs": okta(username="okta-username"),
    "okta-username-prefix": okta(username="email-prefix", sign_in=""),
    "okta-provisioning-off": okta(provisioning=False),
    "okta-deactivate-off": okta(deactivate=False),
    "okta-create-off": okta(create=False),
    "okta-update-on": okta(update=True),
    "okta-groups-on": okta(push_groups=True),
    "okta-same-group": okta(same_group=True),
    "okta-assigned-before": okta(assigned_before=True),
    "people-case": people(ADA, "ADA@example.test,true\n"),
    "people-collide-handle": people(ADA + "a.da@example.test,,Sales,True\n"),
    "people-first-cycle": people(ADA + "ben@example.test,,Sales,False\n"),
    "people-not-in-directory": people(ADA, "ada@example.test,true\nrobot,true\n"),
    "people-left-over": people(ADA + DELETED, "ada@example.test,true\nben@example.test,true\n"),
    "people-out-of-scope": people("ben@example.test,,Legal,True\n", spoil=_scoped),
}

NO_FAULT = {
    "entra-flag-off": "which dialect is spoken is told, and only the service can say whether it understands it",
    "people-no-account": "nobody is wrong who has not signed in yet; the number is told",
    "entra-delete-unticked": "wrong only where the service deletes people: test_entra sets that up",
}


@pytest.mark.parametrize("name", [name for name in NAMED if name not in NO_FAULT])
def test_what_only_settings_or_people_show_is_set_up_and_named_first(tmp_path: Path, name: str) -> None:
    first = SET_UP[name](tmp_path)
    assert first.id == name
    assert first.state in (State.WRONG, State.WARNING)
    assert first.meaning
    assert first.fix
    assert not re.search(r"RFC|\bHTTP \d", f"{first.title} {first.meaning} {first.fix}")
    assert first.guide in guides.sections()


def test_what_is_no_fault_is_told_as_none_or_elsewhere() -> None:
    assert set(NO_FAULT) <= set(NAMED)
    assert [name for name in NO_FAULT if guides.faults()[name].state is State.WRONG] == []


def test_the_guides_name_no_failure_that_the_table_does_not_have() -> None:
    told = {entry for fault in guides.faults().values() for entry in fault.field}
    assert told - set(FIELD) == set()
