"""The catalogue and the checks belong together: no clause without a judge, no judge without a clause."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.catalogue.loader import CatalogueError, load, parse
from harness.checks import all_checks
from harness.model.requirement import Applies, Harm, Level
from harness.profiles import load as load_profile
from harness.profiles import names

CATALOGUE = load()
IDS = re.compile(r"[A-Z][A-Z0-9]*[A-Z0-9.]*(-[A-Za-z0-9.]+)+")
TECHNICAL = re.compile(r"\b(RFC|PATCH|PUT|URN|JSON|schema|endpoint|payload|scimType|40\d|20\d)\b")
SECTION = re.compile(r"RFC (\d{4}) §([0-9.]+)")


def entry(**members: Any) -> dict[str, Any]:
    return {
        "id": "RFC7644-3.12-02",
        "level": "MUST",
        "section": "RFC 7644 §3.12",
        "says": "Something",
        "link": "https://www.rfc-editor.org/rfc/rfc7644#section-3.12",
        "remedy": "Mend it.",
        "admin": "Somebody has to live with it.",
        **members,
    }


def test_every_requirement_has_a_check_or_says_why_it_has_none() -> None:
    judged = {name for check in all_checks().values() for name in check.requirements}
    assert sorted(r.id for r in CATALOGUE.values() if r.id not in judged and not r.untestable) == []


def test_no_requirement_is_called_untestable_and_has_a_check() -> None:
    judged = {name for check in all_checks().values() for name in check.requirements}
    assert sorted(r.id for r in CATALOGUE.values() if r.id in judged and r.untestable) == []


def test_every_check_names_requirements_that_exist() -> None:
    unknown = {check.id: set(check.requirements) - CATALOGUE.keys() for check in all_checks().values()}
    assert {name: missing for name, missing in unknown.items() if missing} == {}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_an_entry_is_well_formed(name: str) -> None:
    requirement = CATALOGUE[name]
    link = urlsplit(requirement.link)
    assert IDS.fullmatch(name)
    assert (link.scheme, bool(link.netloc)) == ("https", True)
    assert requirement.says.strip() == requirement.says
    assert not requirement.says.endswith(".")
    assert requirement.remedy.endswith(".")
    assert requirement.admin.endswith(".")
    assert not TECHNICAL.search(requirement.admin), "an administrator has not read the RFC"
    assert requirement.section.strip()


@pytest.mark.parametrize("name", sorted(n for n in CATALOGUE if n.startswith("RFC")))
def test_an_entry_of_an_rfc_links_to_the_section_it_names(name: str) -> None:
    requirement = CATALOGUE[name]
    first = SECTION.search(requirement.section)
    assert first is not None
    assert requirement.link == f"https://www.rfc-editor.org/rfc/rfc{first[1]}#section-{first[2].rstrip('.')}"


def test_a_derived_rule_is_never_marked_in_vain() -> None:
    assert CATALOGUE["HTTP-JSON-01"].derived
    assert not CATALOGUE["RFC7644-3.12-01"].derived


def test_every_entry_applies_somewhere() -> None:
    adjusted = {name for profile in names() for name in load_profile(profile).adjusts}
    nowhere = [r.id for r in CATALOGUE.values() if not r.applies and not r.untestable and r.id not in adjusted]
    assert sorted(nowhere) == []


def test_an_entry_is_read_with_its_defaults() -> None:
    requirement = parse(entry(applies={"full": "test"}), "x.toml")
    assert (requirement.level, requirement.harm, requirement.derived) == (Level.MUST, Harm.FORM, False)
    assert requirement.under("full") is Applies.TEST
    assert requirement.under("read-only") is Applies.OFF


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"remedi": "x"}, "unknown remedi"),
        ({"level": "OUGHT"}, "OUGHT"),
        ({"harm": "shame"}, "shame"),
        ({"applies": {"half": "test"}}, "half"),
        ({"applies": {"full": "claimed"}}, "what has to be claimed"),
        ({"needs": "telepathy"}, "telepathy"),
    ],
)
def test_an_entry_that_is_misspelt_is_refused_with_its_name(members: dict[str, Any], words: str) -> None:
    with pytest.raises(CatalogueError, match=words) as refused:
        parse(entry(**members), "x.toml")
    assert "x.toml: RFC7644-3.12-02" in str(refused.value)


def test_an_entry_without_a_remedy_is_refused() -> None:
    without = entry()
    del without["remedy"]
    with pytest.raises(CatalogueError, match="missing remedy"):
        parse(without, "x.toml")


def test_a_clause_may_only_restate_clauses_with_checks_of_their_own() -> None:
    for requirement in CATALOGUE.values():
        assert all(name in CATALOGUE and not CATALOGUE[name].restates for name in requirement.restates)
        assert not (requirement.restates and requirement.untestable)
