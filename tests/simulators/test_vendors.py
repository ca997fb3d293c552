"""What every IdP promises to the rest of the program."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

import simulators
from harness.model.sequence import Evidence
from simulators.entra import ENTRA
from simulators.generic import GENERIC
from simulators.okta import OKTA

VENDORS = [OKTA, ENTRA, GENERIC]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_entry_point_names_the_vendor(vendor: Any) -> None:
    (entry,) = entry_points(group="scimulator.idps", name=vendor.name)
    assert entry.load() is vendor


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_app_type_connects_afresh(vendor: Any) -> None:
    for variant in vendor.variants:
        assert vendor.connect(variant.name) is not vendor.connect(variant.name)
        assert variant.title
    with pytest.raises(KeyError, match="it has"):
        vendor.connect("unheard-of")


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_sequence_and_quirk_names_where_it_is_known_from(vendor: Any) -> None:
    for known in (*vendor.sequences, *vendor.quirks):
        assert known.source.startswith("https://")
        assert isinstance(known.evidence, Evidence)
    assert all(sequence.title for sequence in vendor.sequences)
    assert all(quirk.says and quirk.seen[:4].isdigit() for quirk in vendor.quirks)
    names = [quirk.name for quirk in vendor.quirks]
    assert len(names) == len(set(names))


def test_no_change_is_answered_by_two_sequences_of_one_vendor() -> None:
    for vendor in VENDORS:
        changes = [change for sequence in vendor.sequences for change in sequence.on]
        assert len(changes) == len(set(changes))


SHARED = {"app.py", "connection.py", "users.py", "groups.py", "mapping.py", "outlook.py", "quirks.py", "sources.py"}


def test_all_folders_have_the_same_files_to_begin_with() -> None:
    """A reader who knows one vendor finds the way in the other; beyond these each has the rooms that it needs."""
    root = Path(simulators.__file__).parent
    for name in ("okta", "entra", "generic"):
        assert {*SHARED, "README.md"} <= {file.name for file in (root / name).iterdir()}


def test_the_vendors_never_import_each_other() -> None:
    root = Path(simulators.__file__).parent
    names = {vendor.name for vendor in VENDORS}
    for name in names:
        for file in (root / name).glob("*.py"):
            text = file.read_text("utf-8")
            assert [other for other in names - {name} if f"simulators.{other}" in text] == [], file.name


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_readme_names_every_quirk(vendor: Any) -> None:
    readme = (Path(simulators.__file__).parent / vendor.name / "README.md").read_text("utf-8")
    assert [quirk.name for quirk in vendor.quirks if f"`{quirk.name}`" not in readme] == []
