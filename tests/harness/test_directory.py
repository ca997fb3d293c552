from __future__ import annotations

import pytest

from harness.directory import DOMAIN, Directory


def test_the_same_seed_invents_the_same_people() -> None:
    first, second = Directory(7), Directory(7)
    assert first.person("okta/oin/leaver", "leaver") == second.person("okta/oin/leaver", "leaver")


def test_no_two_parts_or_scenarios_share_a_person() -> None:
    directory = Directory(7)
    people = [directory.person(s, p) for s in ("a/b/c", "a/b/d") for p in ("leaver", "bystander-1")]
    assert len({p.user_name for p in people}) == 4
    assert len({p.directory_id for p in people}) == 4


def test_another_seed_invents_other_people() -> None:
    assert Directory(7).person("a", "leaver").user_name != Directory(8).person("a", "leaver").user_name


def test_user_names_are_plain_addresses_of_a_domain_that_nobody_has() -> None:
    for number in range(40):
        person = Directory(number).person("okta/oin/leaver", "leaver")
        assert person.user_name.isascii()
        assert person.user_name.endswith(f"@{DOMAIN}")
        assert DOMAIN.endswith(".example")
        assert person.user_name == person.user_name.lower()
        assert len(person.directory_id) == 32
        int(person.directory_id, 16)


def test_ids_do_not_come_from_the_library_that_invents_names(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Directory(7).person("okta/oin/leaver", "leaver")
    monkeypatch.setattr("harness.directory.LOCALES", ("en_GB",))
    after = Directory(7).person("okta/oin/leaver", "leaver")
    assert (before.given_name, before.family_name) != (after.given_name, after.family_name)
    assert before.directory_id == after.directory_id
    assert before.user_name.split(".")[-2:] == after.user_name.split(".")[-2:]
