"""What an IdP sends when named people leave; and that the configuration check and the simulated IdP agree about it."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.cli.plan_command import command
from harness.configuration import Given, check
from harness.configuration.okta_settings import OktaSettings
from harness.intake.entra_schema import from_json
from harness.leaving import Way, leaving, setups_of, speaker
from harness.model.diagnosis import State
from harness.model.outlook import RemovalState
from harness.profiles import load
from harness.settings import SettingsError
from tests.harness.configuration.conftest import people_of, secrets, spoilt
from tests.harness.configuration.test_entra import SPOILT

ADA, BEN = "ada@example.test", "ben@example.test"


def ways(idp: str, variant: str, setups: dict[str, Any] | None = None, *names: str) -> dict[str, Way]:
    return {way.id: way for way in leaving(names or (ADA,), idp, variant, setups)}


def body(way: Way) -> Any:
    return json.loads(way.about(ADA)[-1].body)["Operations"]


@pytest.fixture
def without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_entra_disables_in_the_words_of_its_dialect(without_a_network: None) -> None:
    found = ways("entra", "default", None, ADA, BEN)
    assert list(found) == ["unassigned", "disabled", "deleted", "purged"]
    assert [one.method for one in found["unassigned"].about(BEN)] == ["GET", "PATCH"]
    assert body(found["unassigned"]) == [{"op": "Replace", "path": "active", "value": "False"}]
    assert body(found["deleted"])[1]["value"].endswith(ADA)
    assert len(body(found["deleted"])[1]["value"]) == 32 + len(ADA)
    assert [one.method for one in found["purged"].about(ADA)] == ["GET", "PATCH", "DELETE"]
    assert found["unassigned"].sent[0].path == "/Users/{id}"
    flagged = ways("entra", "aadOptscim062020")["unassigned"]
    assert body(flagged) == [{"op": "replace", "path": "active", "value": False}]


def test_okta_deactivates_and_a_suspension_sends_nothing(without_a_network: None) -> None:
    found = ways("okta", "oin")
    assert body(found["unassigned"]) == [{"op": "replace", "value": {"active": False}}]
    assert found["suspended"].sent == ()
    wizard = ways("okta", "aiw")["disabled"].about(ADA)
    assert [one.method for one in wizard] == ["GET", "PUT"]
    assert json.loads(wizard[1].body)["id"] == "{id}"
    assert ("Authorization", "Bearer [redacted:token]") in wizard[1].headers


def test_the_customers_own_settings_of_okta_count() -> None:
    setups = setups_of((), None, OktaSettings(deactivate=False, app_type="aiw"))
    found = ways("okta", "aiw", setups)["unassigned"]
    assert found.sent == ()
    assert found.removals[0].state is RemovalState.NEVER_TRIED
    assert found.removals[0].part == ADA


_PEOPLE_KEEP_ACCESS = [
    name
    for name, (fault, _) in SPOILT.items()
    if fault in ("entra-active-unmapped", "entra-active-constant", "entra-active-account-only", "entra-active-once")
    or name in ("Update not ticked", "nothing ticked", "keys in small letters", "matched by externalId")
    if "Frobnicate" not in name and "we do not know" not in name and "nothing to do" not in name
]


@pytest.mark.parametrize("name", _PEOPLE_KEEP_ACCESS)
def test_where_the_check_says_that_leavers_keep_access_the_simulated_idp_sends_nothing(name: str) -> None:
    export = spoilt(SPOILT[name][1])
    assert check(Given(export=from_json(export)), load("marketbeam")).lines[0].state is State.WRONG
    found = next(leaving((ADA,), "entra", "default", {"entra": {"mapping": export}}))
    assert [one.method for one in found.sent if one.method in ("PATCH", "DELETE")] == []


def test_where_the_check_finds_nothing_the_simulated_idp_ends_access() -> None:
    export = spoilt()
    assert check(Given(export=from_json(export)), load("marketbeam")).lines[0].state is not State.WRONG
    found = ways("entra", "default", {"entra": {"mapping": export}})
    assert {way.removals[0].state for way in found.values()} == {RemovalState.DONE}


def test_a_scoping_filter_adds_the_way_of_falling_out_of_it() -> None:
    clause = {"sourceOperandName": "userPrincipalName", "operatorName": "IS NOT NULL"}
    export = spoilt(lambda e: people_of(e).update(scope={"groups": [{"clauses": [clause]}]}))
    assert "out-of-scope" in ways("entra", "default", {"entra": {"mapping": export}})


def test_the_files_say_which_dialect_and_which_app_type() -> None:
    settings = from_json(secrets())
    assert speaker("entra", settings) == ("entra", "aadOptscim062020")
    assert speaker("entra") == ("entra", "default")
    assert speaker("entra:default", settings) == ("entra", "default")
    assert speaker("okta", None, OktaSettings(app_type="aiw")) == ("okta", "aiw")
    with pytest.raises(SettingsError, match="it has oin, aiw"):
        speaker("okta:other")


def test_people_who_are_left_alone_out_of_scope_are_set_up_so(tmp_path: Path) -> None:
    told = {**secrets(SkipOutOfScopeDeletions="True")}
    assert setups_of((), from_json(told), None) == {"entra": {"skip_out_of_scope_deletions": True}}
    path = tmp_path / "both.json"
    path.write_text(json.dumps({"value": [{"schema": spoilt()}]}), "utf-8")
    assert setups_of([str(path)], None, None)["entra"]["mapping"] == spoilt()


def planned(*options: str) -> Result:
    return CliRunner().invoke(command, options)


def test_the_command_tells_each_person_and_what_the_administrator_will_see(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(spoilt(lambda e: people_of(e).update(flowTypes="Add"))), "utf-8")
    said = planned("--leave", f"{ADA}, {BEN}", "--idp", "entra", "--export", str(path)).output
    assert said.startswith("Microsoft Entra ID (default), when they leave\n")
    assert "Taken off the app: in the next cycle, within about 40 minutes\n  ada@example.test\n" in said
    assert "you will see, Provisioning logs: Skipped, ada@example.test is active, but Update is not ticked" in said
    assert "access stays, and nobody is shown an error" in said


def test_for_scripts_it_is_a_list_that_also_holds_what_is_not_sent() -> None:
    rows = json.loads(planned("--leave", ADA, "--idp", "okta:oin", "--json").output)
    assert [(row["way"], row["method"]) for row in rows] == [
        ("unassigned", "PATCH"),
        ("disabled", "PATCH"),
        ("suspended", ""),
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--leave", ","), "expected 1 to 50 user names, found 0"),
        (("--leave", ",".join(f"p{n}" for n in range(51))), "found 51"),
        (("--leave", ADA, "--idp", "nobody"), "there is no IdP called 'nobody'"),
        (("--leave", ADA, "--export", "nowhere.json"), "--export nowhere.json: cannot be read"),
        (("--export", "schema.json"), "add --leave NAME"),
    ],
)
def test_what_cannot_be_told_is_wrong_usage(options: tuple[str, ...], says: str) -> None:
    result = planned(*options)
    assert result.exit_code == 2
    assert says in result.output
