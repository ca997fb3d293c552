"""Tenants and keys: a name and a contact are asked for, keys are kept hashed, and two may live at once."""

import datetime
import hashlib

import pytest
from sqlalchemy import select

from reference_server.store.tables import api_keys


def test_a_tenant_needs_a_name_and_an_it_contact(house):
    for name, contact in (("", "it@test.example"), ("Team", " ")):
        with pytest.raises(ValueError, match="IT contact"):
            house.server.add_tenant(name, contact)


def test_a_key_is_kept_hashed_and_never_shown_again(house):
    with house.server.database.transaction() as connection:
        rows = connection.execute(select(api_keys)).all()
    assert [row.digest for row in rows] == [hashlib.sha256(house.tenant.api_key.encode()).hexdigest()]
    assert house.tenant.api_key not in repr(rows)
    assert house.tenant.api_key not in repr(house.server.credentials.keys(house.tenant.id))
    assert house.tenant.api_key not in repr(house.tenant)


def test_a_key_is_not_guessable(house):
    assert len(house.tenant.api_key.removeprefix("scim_")) * 6 >= 256


def test_a_replaced_key_works_for_the_overlap_and_no_longer(open_house):
    now = [datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)]
    house = open_house(clock=lambda: now[0])
    fresh = house.server.credentials.rotate(house.tenant.key.id, datetime.timedelta(hours=1))

    def opens(key):
        return house.client.get("/Users", authorization=f"Bearer {key}").status == 200

    assert opens(house.tenant.api_key)
    assert opens(fresh.api_key)
    now[0] += datetime.timedelta(hours=1)
    assert not opens(house.tenant.api_key)
    assert opens(fresh.api_key)


def test_replacing_a_key_never_makes_the_old_one_live_longer(open_house):
    now = [datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)]
    house = open_house(clock=lambda: now[0])
    ends = now[0] + datetime.timedelta(minutes=1)
    short = house.server.credentials.issue(house.tenant.id, "short", ends)
    house.server.credentials.rotate(short.id, datetime.timedelta(days=1))
    assert [k.expires_at for k in house.server.credentials.keys(house.tenant.id) if k.id == short.id] == [ends]


def test_an_unknown_key_cannot_be_revoked_or_replaced(house):
    with pytest.raises(KeyError, match="no key"):
        house.server.credentials.revoke("nosuch")
    with pytest.raises(KeyError, match="no key"):
        house.server.credentials.rotate("nosuch", datetime.timedelta(0))
