from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from harness.console import keys
from harness.console.targets import Named


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A keyring in memory, in the place of the package."""
    kept: dict[tuple[str, str], str] = {}
    fake = SimpleNamespace(
        kept=kept,
        priority=1.0,
        get_password=lambda service, name: kept.get((service, name)),
        set_password=lambda service, name, key: kept.__setitem__((service, name), key),
    )
    fake.get_keyring = lambda: SimpleNamespace(priority=fake.priority)
    fake.__spec__ = SimpleNamespace(name="keyring")
    monkeypatch.setitem(sys.modules, "keyring", fake)
    monkeypatch.setattr(keys, "find_spec", lambda name: object())
    return fake


FORM = {"idp": "okta:oin", "base_url": "http://127.0.0.1:9/scim", "account": ""}


class _Started:
    asked: list[object] = []

    def start(self, arguments, names, secret=None):
        self.asked.append(secret)
        return SimpleNamespace(over=True, events=[], complaint="")


def test_a_key_is_remembered_only_when_that_is_chosen(guest, desk, keyring) -> None:
    desk.jobs = _Started()
    assert guest.post("/connections", FORM | {"key": "secret-secret"}).status_code == 303
    assert keyring.kept == {}
    assert guest.post("/connections", FORM | {"key": "secret-secret", "remember": "yes"}).status_code == 303
    assert keyring.kept == {("scimulator", "http://127.0.0.1:9/scim"): "secret-secret"}
    assert "secret-secret" not in guest.get("/").text


def test_an_empty_field_takes_the_key_that_was_remembered_for_this_address_and_no_other(guest, desk, keyring) -> None:
    desk.jobs = _Started()
    keyring.kept[("scimulator", "http://127.0.0.1:9/scim")] = "secret-secret"
    assert guest.post("/connections", FORM | {"key": ""}).status_code == 303
    assert desk.secrets() == ["secret-secret"]
    other = FORM | {"base_url": "http://127.0.0.1:10/scim", "key": ""}
    assert 'id="wrong-key"' in guest.post("/connections", other).text


def test_a_keyring_that_stays_shut_is_told(guest, desk, keyring) -> None:
    def shut(*_: object) -> None:
        raise RuntimeError("locked")

    keyring.set_password = keyring.get_password = shut
    answer = guest.post("/connections", FORM | {"key": "secret-secret", "remember": "yes"})
    assert answer.status_code == 422
    assert "did not take the key" in answer.text
    assert "secret-secret" not in answer.text
    assert keys.remembered("http://127.0.0.1:9/scim") == ""


def test_without_a_keyring_none_is_offered(guest, monkeypatch: pytest.MonkeyPatch, keyring) -> None:
    keyring.priority = 0
    assert "Remember the key" not in guest.get("/").text
    monkeypatch.setattr(keys, "find_spec", lambda name: None)
    assert not keys.remember("http://127.0.0.1:9", "x")
    assert "Remember the key" not in guest.get("/").text


def test_no_repr_shows_a_key(desk) -> None:
    from harness.model.secret import Secret

    named = Named("http://127.0.0.1:9", "127.0.0.1", 9, ("127.0.0.1",))
    connection = desk.connect("okta:oin", named, Secret("secret-secret"), "")
    assert "secret-secret" not in f"{connection!r}{desk!r}"
    assert desk.entrance.token not in repr(desk)
