"""What an administrator of Entra downloads about a job is read into values, and no credential with it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.intake.entra_export import IMPORTER, read_export
from harness.intake.entra_schema import from_json


def test_a_schema_becomes_mappings(sample: Callable[[str], Path]) -> None:
    export, complaints = read_export(sample("entra-schema.json"))
    assert complaints == ()
    schema = export.schema
    assert schema is not None
    assert (schema.source, schema.target) == ("Azure Active Directory", "customappsso")
    assert schema.booleans == {"active", "urn:example:User:vip"}
    people, groups = schema.people, schema.groups
    assert people is not None
    assert people.enabled
    assert people.does("update")
    assert not people.does("Delete")
    assert [row.target for row in people.matching] == ["userName", "externalId"]
    assert people.scope[0][0].values == ("Sales", "R&D")
    assert groups is not None
    assert not groups.enabled
    assert people.at == "/synchronizationRules/0/objectMappings/0"


def test_a_row_tells_what_its_expression_reads(sample: Callable[[str], Path]) -> None:
    export, _ = read_export(sample("entra-schema.json"))
    assert export.schema is not None
    people = export.schema.people
    assert people is not None
    active = people.row("ACTIVE")
    assert active is not None
    assert active.reads == {"IsSoftDeleted"}
    assert active.functions == {"Switch"}
    assert active.literals == ("False", "True", "True", "False")
    external_id, user_type = people.row("externalId"), people.row("userType")
    assert external_id is not None
    assert (external_id.source, external_id.flow_type) == ("[mailNickname]", "ObjectAddOnly")
    assert user_type is not None
    assert user_type.source == '"Employee"'
    assert user_type.reads == frozenset()


def test_a_job_tells_its_quarantine(sample: Callable[[str], Path]) -> None:
    export, complaints = read_export(sample("entra-job.json"))
    assert complaints == ()
    (job,) = export.jobs
    assert (job.code, job.engine, job.interval) == ("Quarantine", "scim", "PT40M")
    assert job.quarantine is not None
    assert job.quarantine.reason == "EncounteredQuarantineException"
    assert job.quarantine.series_count == 3


def test_settings_lose_every_credential_and_recipient(sample: Callable[[str], Path]) -> None:
    export, _ = read_export(sample("entra-secrets.json"))
    assert export.flags == {"aadOptscim062020"}
    assert export.settings["SkipOutOfScopeDeletions"] == "True"
    assert export.settings["DeleteThresholdValue"] == "500"
    assert "CANARY" not in repr(export)
    assert "it@" not in repr(export)


def test_exports_are_put_together(sample: Callable[[str], Path]) -> None:
    both = read_export(sample("entra-schema.json"))[0].with_(read_export(sample("entra-job.json"))[0])
    assert both.schema is not None
    assert len(both.jobs) == 1


def test_the_importer_knows_the_exports_and_gives_events(sample: Callable[[str], Path], read: Any) -> None:
    for name, kind in (
        ("entra-schema.json", "objectMapping"),
        ("entra-job.json", "synchronizationJob"),
        ("entra-secrets.json", "synchronizationSecrets"),
    ):
        seen = read(IMPORTER, sample(name))
        assert seen.certainty >= 80, name
        assert seen.events[0].kind == kind
        assert "CANARY" not in repr(seen.all)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"synchronizationRules": [', "line 1, column 27"),
        ("", "line 1, column 1"),
        ("[" * 100_000, "the whole file"),
        ('{"something": "else"}', "the whole file"),
    ],
)
def test_what_is_no_export_is_told_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "schema.json"
    path.write_text(text)
    export, complaints = read_export(path)
    assert not export
    assert complaints[-1].fatal
    assert complaints[-1].provenance.place == place
    assert complaints[-1].hint


def test_an_odd_part_is_a_doubt_and_the_rest_is_kept() -> None:
    doubts: list[tuple[str, str]] = []
    rows = [7, {"source": None}, {"targetAttributeName": "active", "source": "x"}]
    value = {"synchronizationRules": [{"objectMappings": [{"sourceObjectName": "User", "attributeMappings": rows}]}]}
    export = from_json(value, doubts)
    assert export.schema is not None
    assert export.schema.people is not None
    assert [row.target for row in export.schema.people.rows] == ["active"]
    assert [at.rpartition("/")[2] for at, _ in doubts] == ["0", "1"]


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path, sample: Callable[[str], Path]) -> None:
    text = sample("entra-schema.json").read_text()
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le"):
        path = tmp_path / f"{encoding}.json"
        path.write_text(text, encoding=encoding)
        export, complaints = read_export(path)
        assert complaints == ()
        assert export.schema is not None


def test_packed_exports_are_put_together(tmp_path: Path, sample: Callable[[str], Path]) -> None:
    path = tmp_path / "exports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("entra-schema.json", "entra-job.json"):
            archive.write(sample(name), name)
    export, complaints = read_export(path)
    assert complaints == ()
    assert export.schema is not None
    assert len(export.jobs) == 1


NAMES = """synchronizationRules objectMappings attributeMappings source scope groups clauses targetOperand values status
quarantine schedule value key targetAttributeName matchingPriority flowTypes error directories objects"""
KEYS = st.sampled_from(NAMES.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@given(JSON)
def test_nothing_that_is_json_is_too_odd_to_read(value: Any) -> None:
    json.dumps(value)
    from_json(value)
