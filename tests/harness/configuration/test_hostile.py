"""Files that somebody made up, or that somebody meant badly: they are refused or read, and never break anything."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.configuration import Given, check
from harness.configuration.okta_settings import OktaSettingsError, from_document
from harness.configuration.people import open_people
from harness.intake.entra_schema import from_json
from harness.profiles import load
from tests.harness.configuration.conftest import spoilt

PROFILE = load("marketbeam")
CELLS = st.text(alphabet='aA@.+-,;"\t\n\r\x00\u00e4\ufeff#[]0f', max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def looked_at(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "people.csv"
        path.write_bytes(data)
        people, complaints = open_people(path)
        found = check(Given(people=people, complaints=complaints), PROFILE)
        assert found.sentence
        assert all(line.title for line in found.lines)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_may_be_a_list_of_people(data: bytes) -> None:
    looked_at(data)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_rows_may_stand_below_the_names_of_the_columns(rows: list[list[str]], sign: str) -> None:
    text = sign.join(["userPrincipalName", "mail", "accountEnabled"]) + "\n"
    looked_at((text + "\n".join(sign.join(row) for row in rows)).encode("utf-8"))


@settings(max_examples=60)
@given(JSON)
def test_any_json_may_be_the_settings_of_okta_or_an_export_of_entra(document: Any) -> None:
    with contextlib.suppress(OktaSettingsError):
        from_document(document)
    export = from_json(document)
    check(Given(export=export), PROFILE)


PLACES = st.sampled_from(["enabled", "flowTypes", "scope", "attributeMappings", "sourceObjectName", "name"])


@settings(max_examples=60)
@given(PLACES, JSON, st.sampled_from(["targetAttributeName", "matchingPriority", "flowType", "source"]), JSON)
def test_any_part_of_an_export_may_be_something_else(place: str, value: Any, member: str, other: Any) -> None:
    export = spoilt()
    mapping = export["synchronizationRules"][0]["objectMappings"][0]
    mapping["attributeMappings"][1][member] = other
    check(Given(export=from_json(json.loads(json.dumps(export)))), PROFILE)
    mapping[place] = value
    check(Given(export=from_json(json.loads(json.dumps(export)))), PROFILE)
