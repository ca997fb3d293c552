from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from harness.catalogue.loader import CatalogueError, load
from harness.catalogue.workarounds import _parse, by_harm, load_workarounds, workaround
from harness.model.requirement import Harm


def test_every_entry_is_good_for_requirements_that_exist() -> None:
    known = load()
    for entry in load_workarounds():
        for pattern in (*entry.holds, *entry.unless):
            assert any(fnmatchcase(name, pattern) for name in known), (entry.idp, pattern)


def test_the_root_of_a_cause_decides_and_what_would_not_help_is_not_advised() -> None:
    found = workaround("ENTRA-02", ("MB-1",), "entra", Harm.ACCESS)
    assert "aadOptscim062020" in found.does
    in_vain = workaround("ENTRA-02", ("ENTRA-03", "MB-1"), "entra", Harm.ACCESS)
    only_a_result = workaround("RFC7644-3.1-04", ("ENTRA-02",), "entra", Harm.ACCESS)
    elsewhere = workaround("ENTRA-02", (), "okta", Harm.ACCESS)
    assert in_vain == only_a_result == elsewhere == by_harm()[Harm.ACCESS]


def test_what_is_documented_needs_a_source() -> None:
    table = {"idp": "okta", "holds": ["OKTA-01"], "does": "x", "evidence": "documented"}
    with pytest.raises(CatalogueError, match="needs a source"):
        _parse(table)
    with pytest.raises(CatalogueError, match="wonder"):
        _parse({**table, "wonder": 1})
    with pytest.raises(CatalogueError, match="rumour"):
        _parse({**table, "evidence": "rumour"})
