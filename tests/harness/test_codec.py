"""What is recorded of a Change comes back as it was; an outlook is written as run.json carries it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from harness.codec import change_from_json, change_to_json, outlook_from_json, outlook_to_json
from harness.model import change as changes
from harness.model.change import (
    Change,
    Edit,
    Feature,
    PushGroup,
    Reorganise,
    Switch,
    TeamChange,
    TimePasses,
    Unassign,
    UnlinkGroup,
)
from harness.model.outlook import Forecast, Notice, Outlook, Quarantine, Removal, RemovalState
from harness.model.sequence import Evidence


@pytest.fixture(scope="module")
def schema() -> Any:
    whole = json.loads((files("harness.schemas") / "files/run.schema.json").read_text())
    return whole["properties"]["scenarios"]["items"]["properties"]["outlook"]


QUARANTINE = Quarantine(
    "EncounteredQuarantineException",
    "HTTP/404",
    40,
    Evidence.CAPTURED,
    (400, 1120),
    Forecast(40360, "stops"),
    "x-1",
)


@pytest.mark.parametrize(
    "outlook",
    [
        Outlook(),
        Outlook((Notice("Tasks", "Task", "no"),), (Removal("leaver", RemovalState.LOST, "refused", "x-1", True),)),
        Outlook(quarantine=QUARANTINE),
    ],
)
def test_an_outlook_survives_and_is_written_as_its_schema_says(outlook: Outlook, schema: Any) -> None:
    written = json.loads(json.dumps(outlook_to_json(outlook)))
    jsonschema.validate(written, schema)
    assert outlook_from_json(written) == outlook


@pytest.mark.parametrize("state", RemovalState)
def test_every_state_of_a_removal_has_its_word_in_the_schema(state: RemovalState, schema: Any) -> None:
    written = outlook_to_json(Outlook(removals=(Removal("leaver", state, "why"),)))
    jsonschema.validate(written, schema)
    assert written["removals"][0]["state"] == state.value


def test_nothing_of_a_quarantine_is_lost_on_the_way() -> None:
    written = outlook_to_json(Outlook(quarantine=QUARANTINE))["quarantine"]
    assert written == {
        "reason": "EncounteredQuarantineException",
        "text": "HTTP/404",
        "since": 40,
        "evidence": "captured",
        "next_attempts": (400, 1120),
        "forecast": {"at": 40360, "text": "stops"},
        "exchange": "x-1",
    }


def test_an_administrator_is_in_trouble_who_has_a_failure_a_removal_undone_or_a_quarantine() -> None:
    assert not Outlook((Notice("log", "Success", "Disable"),), (Removal("a", RemovalState.DONE, ""),)).troubled
    assert Outlook((Notice("log", "Failure", "no"),)).troubled
    assert Outlook(removals=(Removal("a", RemovalState.NEVER_TRIED, "nothing was sent"),)).troubled
    assert Outlook(quarantine=QUARANTINE).troubled


KINDS = [
    kind
    for kind in vars(changes).values()
    if isinstance(kind, type) and issubclass(kind, Change) and kind not in (Change, TeamChange)
]
EVENTS = json.loads((files("harness.schemas") / "files/events.schema.json").read_text("utf-8"))
NEEDED: dict[type[Change], dict[str, Any]] = {
    Switch: {"feature": Feature.MAP_ACTIVE, "on": False},
    TimePasses: {"minutes": 43_200},
}
TELLING = [
    Edit("person", attributes=(("title", ""), ("department", "Legal"))),
    PushGroup(team="projects"),
    UnlinkGroup(delete=False),
    Unassign("leaver", by="second"),
    Unassign("leaver", rushed=True),
    Reorganise(joining=("person",), leaving=("bystander-1", "bystander-2")),
    *(kind("leaver", **NEEDED.get(kind, {})) for kind in KINDS),
]


@pytest.mark.parametrize("change", TELLING, ids=repr)
def test_every_change_survives_and_fits_the_schema(change: Change) -> None:
    line = json.loads(json.dumps(change_to_json(change)))
    assert change_from_json(line) == change
    key = dict.fromkeys(("id", "kind", "title", "idp", "variant", "story"), "") | {"kind": "story"}
    event = {"event": "scenario_started", "at": "", "base_url": "", "key": key, "changes": [line]}
    jsonschema.validate(event, EVENTS)


def test_what_goes_without_saying_is_not_written_down() -> None:
    assert change_to_json(UnlinkGroup()) == {"kind": "UnlinkGroup", "part": ""}


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "Levitate", "part": ""},
        {"kind": "Feature", "part": ""},
        {"kind": "TimePasses", "part": ""},
        {"kind": "Unassign", "part": "", "how": "at night"},
        {"kind": "Switch", "part": "", "on": True, "feature": "self-destruction"},
    ],
    ids=str,
)
def test_a_change_of_a_newer_version_is_named(line: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"newer version|record says|self-destruction"):
        change_from_json(line)
