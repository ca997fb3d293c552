"""A list of people, whatever a spreadsheet made of it: who is not found, who is confused, who loses access first."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from harness.configuration import Given, check
from harness.configuration.first_cycle import there_from
from harness.configuration.okta_settings import OktaSettings
from harness.configuration.people import Row, open_people
from harness.intake.entra_schema import from_json
from harness.model.diagnosis import Diagnosis, Line, State
from tests.harness.configuration.conftest import people_of, secrets, spoilt

ENTRA = """userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled
ada@example.test,Ada Example,Example,ada@example.test,Ada,1,Member,Engineer,Sales,True
ben@example.test,Ben Example,Example,ben@example.test,Ben,2,Member,,Sales,False
"""


def listed(tmp_path: Path, text: str | bytes, name: str = "people.csv") -> Any:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_people(path)


def examined(profile: Any, tmp_path: Path, text: str, there: str | None = None, **given: Any) -> dict[str, Line]:
    people, complaints = listed(tmp_path, text)
    service = there_from(listed(tmp_path, there, "there.csv")[0].rows()) if there is not None else None
    found: Diagnosis = check(Given(people=people, there=service, complaints=complaints, **given), profile)
    return {one.id: one for one in found.lines}


def test_the_number_of_the_first_cycle_is_shown_with_names_and_a_number_for_the_safeguard(
    marketbeam: Any, tmp_path: Path
) -> None:
    found = examined(marketbeam, tmp_path, ENTRA)
    assert found["people-first-cycle"].title.startswith("1 person of 2 would lose access in the first cycle")
    assert found["people-first-cycle"].evidence[0].text == "row 3: ben@example.test"
    assert found["people-threshold"].title == "Suggested number for accidental deletion prevention: 1, later 5"
    assert set(found) == {"people-first-cycle", "people-threshold"}


FORMS = {
    "as downloaded": ENTRA.encode("utf-8-sig"),
    "semicolons and German words": ENTRA.replace(",", ";").replace("True", "WAHR").replace("False", "FALSCH").encode(),
    "UTF-16 with tabs": ENTRA.replace(",", "\t").encode("utf-16"),
    "a line that names the separator": ("sep=;\n" + ENTRA.replace(",", ";")).encode(),
    "a title above": ("Users of Example, 2026-11-01\n\n" + ENTRA).encode(),
    "labels with brackets": ENTRA.replace("userPrincipalName", "User name [userPrincipalName] Required")
    .replace("accountEnabled", "Block sign in (Yes/No) [accountEnabled]")
    .encode(),
    "the other portal": ENTRA.replace("userPrincipalName", "User principal name")
    .replace("accountEnabled", "Block credential")
    .replace("True", "False*")
    .replace("False\n", "True\n")
    .replace("False*", "False")
    .encode(),
    "Windows line ends": ENTRA.replace("\n", "\r\n").encode(),
    "a name from an old Windows": ENTRA.replace("Ada Example", "Ad\xe4 Example").encode("cp1252"),
    "quotes and a line break inside": ENTRA.replace("Ada Example", '"Example,\nAda"').encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_same_list_says_the_same(tmp_path: Path, form: str) -> None:
    people, complaints = listed(tmp_path, FORMS[form])
    assert complaints == ()
    assert people.idp == "entra"
    rows = [row for row in people.rows() if isinstance(row, Row)]
    assert [(row.name, row.may_use) for row in rows] == [("ada@example.test", True), ("ben@example.test", False)]


def test_with_the_people_of_the_service_only_accounts_count(marketbeam: Any, tmp_path: Path) -> None:
    there = "userName,active\nADA@example.test,true\nben@example.test,false\nold@example.test,true\nbot,no\n"
    found = examined(marketbeam, tmp_path, ENTRA + "cleo@example.test,,,,,3,Member,,,True\n", there)
    assert found["people-first-cycle"].state is State.OK
    assert found["people-not-in-directory"].evidence[0].text == "old@example.test"
    assert found["people-not-in-directory"].title.endswith(": 1")
    assert found["people-case"].evidence[0].text == "row 2: ada@example.test is there as ADA@example.test"
    assert found["people-no-account"].evidence[0].text == "row 4: cleo@example.test"


def test_the_answer_of_a_service_can_be_given_as_it_is(tmp_path: Path) -> None:
    text = '{"Resources": [{"id": "1", "userName": "ada@example.test", "active": true, "emails": [{"value": "x"}]}]}'
    there = there_from(listed(tmp_path, text, "users.json")[0].rows())
    assert there.people == {"ada@example.test": ("ada@example.test", True)}


COLLIDING = {
    "people-collide": "Ada@Example.test,,,,,9,Member,,,True\n",
    "people-collide-plus": "ada+test@example.test,,,,,9,Member,,,True\n",
    "people-collide-handle": "a.d-a@example.test,,,,,9,Member,,,True\n",
    "people-tombstone": "0123456789abcdef0123456789abcdefada@example.test,,,,,9,Member,,,False\n",
    "people-unmatched": ",Nobody,,nobody@example.test,,9,Member,,,True\n",
    "people-guests": "eve_other.example#EXT#@example.test,,,eve@other.example,,9,Guest,,,True\n",
    "people-mail-differs": "eve@corp.example.test,,,eve.other@example.test,,9,Member,,,True\n",
}


@pytest.mark.parametrize("fault", COLLIDING)
def test_who_is_confused_or_not_found_is_named_with_the_row(marketbeam: Any, tmp_path: Path, fault: str) -> None:
    found = examined(marketbeam, tmp_path, ENTRA + COLLIDING[fault])
    assert set(found) == {"people-first-cycle", "people-threshold", fault}
    assert "row" in found[fault].evidence[0].text
    assert "4" in found[fault].evidence[0].text
    assert found[fault].meaning
    assert found[fault].fix


def test_an_account_under_the_mail_address_is_seen(marketbeam: Any, tmp_path: Path) -> None:
    text = ENTRA + "eve@corp.example.test,,,eve@example.test,,9,Member,,,True\n"
    found = examined(marketbeam, tmp_path, text, "email,active\neve@example.test,true\n")
    assert found["people-mail-differs"].evidence[0].text == "row 4: eve@corp.example.test is there as eve@example.test"
    assert "people-not-in-directory" not in found


def test_the_mapping_of_the_export_says_by_what_people_are_matched(marketbeam: Any, tmp_path: Path) -> None:
    def by_mail(export: dict[str, Any]) -> None:
        people_of(export)["attributeMappings"][0]["source"] = {"type": "Function", "expression": "ToLower([mail])"}

    text = ENTRA.replace("ada@example.test,Ada Example,Example,ada@", "a1@corp.example.test,Ada Example,Example,ADA@")
    found = examined(marketbeam, tmp_path, text, "userName\nada@example.test\n", export=from_json(spoilt(by_mail)))
    assert "people-mail-differs" not in found
    assert "people-case" not in found
    by_name = examined(marketbeam, tmp_path, text, "userName\nada@example.test\n")
    assert by_name["people-mail-differs"].evidence[0].text.endswith("is there as ADA@example.test")


def test_the_scoping_filter_leaves_people_out(marketbeam: Any, tmp_path: Path) -> None:
    clause = {"sourceOperandName": "department", "operatorName": "NOT EQUALS", "targetOperand": {"values": ["Sales"]}}

    def filtered(export: dict[str, Any]) -> None:
        people_of(export)["scope"] = {"groups": [{"clauses": [clause]}]}

    export = from_json(spoilt(filtered))
    found = examined(marketbeam, tmp_path, ENTRA, export=export)
    assert found["people-out-of-scope"].title.endswith(": 2 of 2 in the list")
    assert found["people-first-cycle"].state is State.OK
    without = ENTRA.replace("department", "something")
    assert (
        "no column department" in examined(marketbeam, tmp_path, without, export=export)["people-scope-unknown"].title
    )


@pytest.mark.parametrize(
    ("number", "state"), [("0", State.WARNING), ("2", State.OK), ("1", State.WARNING), ("500", State.WARNING)]
)
def test_the_safeguard_of_the_job_is_compared_with_the_first_cycle(
    marketbeam: Any, tmp_path: Path, number: str, state: State
) -> None:
    told = json.dumps({"DeleteThresholdEnabled": number != "0", "DeleteThresholdValue": int(number)})
    export = from_json([spoilt(), secrets(SyncNotificationSettings=told)])
    text = ENTRA + "cleo@example.test,,,,,3,Member,,,False\n"
    assert examined(marketbeam, tmp_path, text, export=export)["people-threshold"].state is state


def test_a_storm_of_refused_creations_is_foreseen(marketbeam: Any, tmp_path: Path) -> None:
    export = copy.deepcopy(spoilt(lambda e: people_of(e).update(flowTypes="Add, Update")))
    text = ENTRA + "".join(f"p{n}@example.test,,,,,x,Member,,,True\n" for n in range(5_001))
    found = examined(marketbeam, tmp_path, text, "userName\nada@example.test\n", export=from_json(export))
    assert found["people-storm"].state is State.WRONG
    assert found["people-no-account"].title.endswith(": 5001 of 5003 in the list")
    assert found["people-no-account"].evidence[-1].text == "and 4991 more"


OKTA = """id,status,profile.login,profile.email
00u1,ACTIVE,ada@example.test,ada@example.test
00u2,DEPROVISIONED,ben@example.test,ben@example.test
00u3,SUSPENDED,cleo@example.test,cleo@example.test
"""


def test_whom_okta_deactivated_before_is_left_over(marketbeam: Any, tmp_path: Path) -> None:
    found = examined(marketbeam, tmp_path, OKTA)
    assert found["people-left-over"].evidence[0].text == "row 3: ben@example.test"
    assert found["people-left-over"].guide == "okta-people"
    assert "people-first-cycle" not in found
    there = "userName,active\nada@example.test,true\nben@example.test,false\ncleo@example.test,true\n"
    assert examined(marketbeam, tmp_path, OKTA, there) == {}


def test_okta_matches_by_its_username_format(marketbeam: Any, tmp_path: Path) -> None:
    okta = OktaSettings(username="email-prefix", deactivate=True, assigned_before=False)
    text = OKTA + "00u4,ACTIVE,x,ada@other.example.test\n"
    assert "people-collide" in examined(marketbeam, tmp_path, text, okta=okta)


def test_a_list_without_the_column_by_which_people_are_matched_says_so(marketbeam: Any, tmp_path: Path) -> None:
    found = examined(marketbeam, tmp_path, "email,accountEnabled\nada@example.test,True\n")
    assert found["people-column-missing"].state is State.COULD_NOT_ASK
    assert "userPrincipalName" in found["people-column-missing"].title
    assert "people.csv has mail, accountEnabled" in found["people-column-missing"].fix


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"a,b,c\n1,2,3\n", b"{", b"[]", b'{"Resources": 7}', b"[" * 100_000, b"\xff\xfe\x00"],
)
def test_what_is_no_list_is_said_and_never_breaks(marketbeam: Any, tmp_path: Path, content: bytes) -> None:
    people, complaints = listed(tmp_path, content)
    assert complaints[0].fatal
    assert "expected" in complaints[0].message
    assert list(people.rows()) == []
    found = check(Given(people=people, complaints=complaints), marketbeam)
    assert found.lines[0].state is State.COULD_NOT_ASK


def test_odd_rows_are_passed_over_and_the_rest_is_read(tmp_path: Path) -> None:
    text = ENTRA + "\n,,,\nx\n" + "y" * (1 << 21) + "\ncleo@example.test,a,b,c,d,e,f,g,h,True,too,many\n"
    people, _ = listed(tmp_path, text)
    rows = list(people.rows())
    assert [row.name for row in rows if isinstance(row, Row)][-1] == "cleo@example.test"
    assert any("cannot be read" in row.message for row in rows if not isinstance(row, Row))
