"""Durable stores: SQLite in a file and PostgreSQL hold to the same contract, and their tables come in steps."""

import multiprocessing
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from scim2_models import UniquenessException
from scim2_server.testing import ScimStorageContract
from scim2_server.utils import load_default_provider
from sqlalchemy import create_engine, inspect, text

from reference_server.app import ReferenceServer
from reference_server.store import Database, SqlStorage
from reference_server.store.engines import store_url
from reference_server.store.migrating import HEAD, _config
from reference_server.store.tables import metadata
from reference_server.store.troubles import StoreError

PROVIDER = load_default_provider()
USER = next(t for t in PROVIDER.resource_types if t.name == "User")
GROUP = next(t for t in PROVIDER.resource_types if t.name == "Group")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'people.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def database(url):
    opened = Database(url)
    yield opened
    opened.close()


class _Contract(ScimStorageContract):
    @pytest.fixture
    def provider(self):
        return PROVIDER


for _name in dir(ScimStorageContract):
    if "cursor" in _name:
        setattr(_Contract, _name, None)


@pytest.fixture(scope="module")
def on_postgresql(postgres):
    database = Database(postgres.create("contract"))
    yield database
    database.close()


@pytest.mark.postgres
class TestOnPostgresql(_Contract):
    @pytest.fixture
    def storage(self, on_postgresql):
        with on_postgresql.transaction(writes=True) as connection:
            connection.execute(text("DELETE FROM resources"))
        return SqlStorage(on_postgresql, PROVIDER, "tenant")


def person(name, **more):
    return PROVIDER.model_for(USER).model_validate({"userName": name, **more})


def test_the_steps_leave_the_tables_that_the_program_expects(database):
    with database._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert ScriptDirectory.from_config(_config(connection)).get_current_head() == HEAD


def test_a_store_from_before_the_steps_keeps_its_people(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    server = ReferenceServer(store_url=url)
    tenant = server.add_tenant("Team", "it@team.example")
    server.people_of(tenant.id).create(server.user_type, person("ada"))
    server.close()
    with create_engine(url).begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("DROP TABLE later"))
        connection.execute(text("DROP INDEX ix_audit_tenant"))
        connection.execute(text("DROP INDEX ix_resources_order"))
        connection.execute(text("ALTER TABLE audit DROP COLUMN request_id"))
    server = ReferenceServer(store_url=url)
    assert server.people_of(tenant.id).by_unique(server.user_type, "ADA") is not None
    server.close()
    assert "later" in inspect(create_engine(url)).get_table_names()


def test_a_store_of_a_newer_program_is_left_alone(url):
    Database(url).close()
    with create_engine(store_url(url)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer scimulator"):
        Database(url)


def test_without_migrating_an_old_store_is_refused_with_what_to_do(url):
    with pytest.raises(StoreError, match="scimulator store migrate"):
        Database(url, migrate=False)


def test_a_store_that_cannot_be_reached_is_named_without_its_password():
    with pytest.raises(StoreError, match="cannot be used") as refused:
        Database("postgresql://scim:s3cret@127.0.0.1:1/scim")
    assert "s3cret" not in str(refused.value)
    assert "127.0.0.1:1" in str(refused.value)


def test_other_databases_are_refused_by_name():
    with pytest.raises(StoreError, match="not in mysql"):
        Database("mysql://localhost/x")
    with pytest.raises(StoreError, match="postgresql://"):
        Database("people.db")


def test_several_servers_that_start_at_once_make_the_tables_once(url):
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(4)
    started = [fork.Process(target=lambda: (start.wait(), Database(url).close())) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    assert [process.exitcode for process in started] == [0] * 4


def test_names_longer_than_an_index_takes_are_still_unique_and_found(database):
    storage = SqlStorage(database, PROVIDER, "tenant")
    long = "ä" * 5000
    storage.create(USER, person(long, externalId=long))
    assert storage.by_unique(USER, long.upper()).user_name == long
    with pytest.raises(UniquenessException):
        storage.create(USER, person(long))


def test_what_fails_half_way_leaves_nothing_behind(database):
    storage = SqlStorage(database, PROVIDER, "tenant")
    storage.create(USER, person("ben"))
    with pytest.raises(UniquenessException), storage.operation():  # noqa: PT012 - the second statement is what fails
        for name in ("ada", "Ben"):
            storage.create(USER, person(name))
    assert [p.user_name for p in storage.all(USER)] == ["ben"]


def test_members_that_are_added_at_one_moment_are_all_kept(database):
    model = PROVIDER.model_for(GROUP)
    one = SqlStorage(database, PROVIDER, "tenant")
    group = one.create(GROUP, model.model_validate({"displayName": "Everybody"}))
    start = threading.Barrier(6)

    def add(number):
        start.wait()
        for turn in range(5):
            with one.operation():
                current = one.get(GROUP, group.id)
                member = model.model_validate({"displayName": "x", "members": [{"value": f"p{number}-{turn}"}]}).members
                current.members = [*(current.members or []), *member]
                one.update(GROUP, current, expected_version=current.meta.version)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {m.value for m in one.get(GROUP, group.id).members} == {f"p{n}-{t}" for n in range(6) for t in range(5)}
