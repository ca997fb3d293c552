"""What is held against a store after a fault notices what a fault could do to it."""

import pytest
from sqlalchemy import delete, text, update

from reference_server.admission import Caller
from reference_server.app import ReferenceServer
from reference_server.jit import SignIn
from reference_server.store.tables import audit, grants, resources
from tests.reliability.leavers import Told, kept

WRONGS = {
    "a change that nobody noted": update(resources).values(
        active=True, document=text("replace(document, 'false', 'true')")
    ),
    "a note of a change that was not made": update(audit).values(changes=text("replace(changes, 'Some', 'Other')")),
    "a note that is lost": delete(audit),
    "a session that goes on": update(grants).values(ended_at=None),
    "a person who is lost": delete(resources),
}


@pytest.fixture
def store(tmp_path):
    """A store with one person who came and left."""
    url = f"sqlite:///{tmp_path / 'people.db'}"
    server = ReferenceServer("full", store_url=url)
    tenant = server.add_tenant("Team", "it@test.example").id
    person = server.behaviour.sign_in(tenant, SignIn("ada@test.example", "Some", "Body")).person_id
    left(server, tenant, person)
    yield server, url, tenant, Told(came=[person], left=[person])
    server.close()


def left(server, tenant, person):
    desk = server.desk_of(Caller(tenant, "key"), "patch")
    with desk.operation():
        found = desk.get(server.user_type, person)
        found.active = False
        desk.update(server.user_type, found)


def test_a_store_in_which_all_is_well_is_found_well(store):
    _, url, tenant, told = store
    assert kept(url, tenant, told) == 1


@pytest.mark.parametrize("wrong", WRONGS.values(), ids=WRONGS)
def test_a_store_in_which_something_is_half_done_is_noticed(store, wrong):
    server, url, tenant, told = store
    with server.database.transaction(writes=True) as connection:
        assert connection.execute(wrong).rowcount > 0
    with pytest.raises(AssertionError):
        kept(url, tenant, told)
