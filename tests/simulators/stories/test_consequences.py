"""What a Change does to a person and to a team in the directory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.model.change import AddMember, Edit, PushGroup, RemoveMember, RenameGroup, RenamePerson, Unassign
from harness.model.person import Person, Team
from simulators.stories.consequences import after, regrouped

TEAM = Team("d" * 32, "Sales", ("leaver", "bystander-1"))


def test_an_edit_that_says_nothing_is_a_promotion(ada: Person) -> None:
    engineer = replace(ada, title="Engineer")
    assert after(engineer, Edit("leaver")) == replace(engineer, title="Senior Engineer")
    assert after(replace(ada, title=""), Edit("leaver")).title == "Senior"


def test_an_edit_changes_what_it_names_and_can_clear_it(ada: Person) -> None:
    edited = after(ada, Edit("leaver", attributes=(("title", ""), ("department", "Legal"))))
    assert edited == replace(ada, title="", department="Legal")


def test_a_renamed_person_has_new_addresses_in_the_same_domain(ada: Person) -> None:
    renamed = after(ada, RenamePerson("leaver"))
    assert renamed.user_name == renamed.email
    assert renamed.user_name.rpartition("@")[2] == ada.user_name.rpartition("@")[2]
    assert renamed.user_name.partition("@")[0] != ada.user_name.partition("@")[0]
    assert (renamed.directory_id, renamed.given_name) == (ada.directory_id, ada.given_name)


def test_leaving_changes_no_profile(ada: Person) -> None:
    assert after(ada, Unassign("leaver")) is ada


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (RenameGroup(), {"name": "Sales (renamed)"}),
        (AddMember("bystander-2"), {"members": ("leaver", "bystander-1", "bystander-2")}),
        (AddMember("leaver"), {}),
        (RemoveMember("leaver"), {"members": ("bystander-1",)}),
        (PushGroup(), {}),
    ],
    ids=repr,
)
def test_a_team_changes_as_it_is_told(change: Any, changed: dict[str, Any]) -> None:
    assert regrouped(TEAM, change) == replace(TEAM, **changed)
