from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from harness.catalogue.loader import CatalogueError, load
from harness.catalogue.workarounds import _parse, by_harm, load_workarounds, workaround
from harness.model.requirement import Harm
from harness.model.workaround import Workaround


def test_every_entry_is_good_for_requirements_that_exist() -> None:
    known = load()
    for entry in load_workarounds():
        for pattern in (*entry.holds, *entry.unless):
            assert any(fnmatchcase(name, pattern) for name in known), (entry.idp, pattern)


def _advice(root: str, *broken: str, idp: str = "entra") -> Workaround:
    return workaround(load()[root], broken, idp, Harm.ACCESS)


def test_the_root_of_a_cause_decides_and_what_would_not_help_is_not_advised() -> None:
    assert "aadOptscim062020" in _advice("ENTRA-02", "MB-1").does
    in_vain = _advice("ENTRA-02", "ENTRA-03", "MB-1")
    only_a_result = _advice("RFC7644-3.1-04", "ENTRA-02")
    elsewhere = _advice("ENTRA-02", idp="okta")
    assert in_vain == only_a_result == elsewhere == by_harm()[Harm.ACCESS]


def test_below_a_promise_counts_what_the_idp_itself_expects() -> None:
    assert "aadOptscim062020" in _advice("MB-1", "MB-1", "MB-6", "ENTRA-02").does
    assert _advice("MB-1", "MB-6", "ENTRA-02", "ENTRA-03") == by_harm()[Harm.ACCESS]


def test_what_is_documented_needs_a_source() -> None:
    table = {"idp": "okta", "holds": ["OKTA-01"], "does": "x", "evidence": "documented"}
    with pytest.raises(CatalogueError, match="needs a source"):
        _parse(table)
    with pytest.raises(CatalogueError, match="wonder"):
        _parse({**table, "wonder": 1})
    with pytest.raises(CatalogueError, match="rumour"):
        _parse({**table, "evidence": "rumour"})
