from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from harness.catalogue.loader import CatalogueError, load
from harness.catalogue.workarounds import _parse, by_harm, load_workarounds, workaround
from harness.model.requirement import Harm


def test_every_entry_is_good_for_requirements_that_exist() -> None:
    known = load()
    for entry in load_workarounds():
        for pattern in entry.holds:
            assert any(fnmatchcase(name, pattern) for name in known), (entry.idp, pattern)


def test_the_first_requirement_of_a_cause_that_has_an_entry_decides() -> None:
    found = workaround(("RFC7644-3.12-01", "ENTRA-02", "ENTRA-17"), "entra", Harm.ACCESS)
    assert "aadOptscim062020" in found.does
    assert workaround(("ENTRA-02",), "okta", Harm.ACCESS) == by_harm()[Harm.ACCESS]


def test_what_is_documented_needs_a_source() -> None:
    table = {"idp": "okta", "holds": ["OKTA-01"], "does": "x", "evidence": "documented"}
    with pytest.raises(CatalogueError, match="needs a source"):
        _parse(table)
    with pytest.raises(CatalogueError, match="wonder"):
        _parse({**table, "wonder": 1})
    with pytest.raises(CatalogueError, match="rumour"):
        _parse({**table, "evidence": "rumour"})
