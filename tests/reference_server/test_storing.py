"""scimulator store: keys, audit, backup and restore, as an operator meets them."""

import gzip
import json
import stat

import pytest
from click.testing import CliRunner

from harness.cli.store_command import command
from reference_server.app import ReferenceServer


@pytest.fixture
def store(tmp_path):
    return f"sqlite:///{tmp_path / 'people.db'}"


def run(*arguments, code=0):
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == code, done.output
    return done.output


def after(word, output):
    return next(line for line in output.splitlines() if line.startswith(word)).split()[2]


@pytest.fixture
def team(store, client_type):
    """A running server beside which the commands work, the client of a tenant and the id of its key."""
    made = run("add-tenant", "Team", "--contact", "it@team.example", "--store", store)
    server = ReferenceServer("full", store_url=store)
    yield client_type(server.wsgi, after("API key", made)), after("Key id", made), server
    server.close()


def test_a_key_is_replaced_with_overlap_and_the_old_one_ends_at_once_when_it_is_revoked(team, store, client_type):
    client, key_id, server = team
    new = after("API key", run("rotate", key_id, "--overlap", "1", "--store", store))
    assert client.get("/Users").status == 200
    assert client_type(server.wsgi, new).get("/Users").status == 200
    assert "refused from now on" in run("revoke", key_id, "--store", store)
    refused = client.get("/Users")
    assert refused.status == 401
    assert "revoked" in refused.json["detail"]
    assert client_type(server.wsgi, new).get("/Users").status == 200


def test_without_overlap_the_old_key_has_ended(team, store):
    client, key_id, _ = team
    run("rotate", key_id, "--overlap", "0", "--store", store)
    assert "expired" in client.get("/Users").json["detail"]


def test_keys_are_listed_by_what_may_be_known_of_them(team, store):
    client, key_id, _ = team
    more = run("issue", "Team", "--days", "7", "--reads-only", "--store", store)
    run("revoke", key_id, "--store", store)
    listed = run("keys", "--store", store)
    assert client.key not in listed
    assert after("API key", more) not in listed
    assert f"{key_id}  revoked 2" in listed
    assert "valid until" in listed
    assert "(reads only)" in listed


def test_the_audit_tells_who_wrote_what_and_no_secret(team, store):
    client, key_id, _ = team
    made = client("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada"})
    client.patch(f"/Users/{made.json['id']}", {"op": "replace", "path": "active", "value": False})
    told = run("audit", "Team", "--store", store)
    last = json.loads(told.splitlines()[-1])
    assert (last["actor"], last["action"], last["changes"]) == (key_id, "patch", {"active": [True, False]})
    assert client.key not in told


def test_what_was_backed_up_comes_back_whole_in_an_empty_store(team, store, tmp_path, client_type):
    client, _, _ = team
    made = client("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Ädä"})
    file, other = tmp_path / "backup.gz", f"sqlite:///{tmp_path / 'other.db'}"
    assert "1 resources" in run("backup", str(file), "--store", store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "1 resources" in run("restore", str(file), "--store", other)
    server = ReferenceServer("full", store_url=other)
    again = client_type(server.wsgi, client.key)
    assert again.get(f"/Users/{made.json['id']}").json == client.get(f"/Users/{made.json['id']}").json
    assert again("POST", "/Users", made.json).status == 409
    server.close()
    assert "not empty" in run("restore", str(file), "--store", other, code=2)


@pytest.mark.postgres
def test_a_backup_of_one_kind_of_database_fills_the_other(team, store, tmp_path, postgres_url, client_type):
    client, _, _ = team
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    first = client("POST", "/Users", {"schemas": schemas, "userName": "first"}).json
    run("backup", str(tmp_path / "one.gz"), "--store", store)
    run("restore", str(tmp_path / "one.gz"), "--store", postgres_url)
    server = ReferenceServer("full", store_url=postgres_url)
    again = client_type(server.wsgi, client.key)
    assert again.get(f"/Users/{first['id']}").json == first
    assert again("POST", "/Users", {"schemas": schemas, "userName": "second"}).status == 201
    server.close()
    run("backup", str(tmp_path / "two.gz"), "--store", postgres_url)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert "2 resources" in run("restore", str(tmp_path / "two.gz"), "--store", back)


def test_a_backup_that_is_not_whole_restores_nothing(team, store, tmp_path):
    file, other = tmp_path / "backup.gz", f"sqlite:///{tmp_path / 'other.db'}"
    run("backup", str(file), "--store", store)
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    for broken in (gzip.compress(b"".join(lines[:-1])), file.read_bytes()[:-20], b"no gzip", gzip.compress(b"{}")):
        (tmp_path / "broken").write_bytes(broken)
        assert "broken" in run("restore", str(tmp_path / "broken"), "--store", other, code=2)
        assert run("keys", "--store", other) == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "--store", "sqlite://"), "in memory"),
        (("keys", "--store", "sqlite:////nowhere/people.db"), "there is no file"),
        (("keys", "--store", "mysql://x/y"), "not in mysql"),
        (("keys",), "SCIMULATOR_STORE"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_with_what_to_do(arguments, said):
    assert said in run(*arguments, code=2)


def test_an_unknown_tenant_or_key_is_told(team, store):
    assert "there is no tenant 'Nobody'" in run("issue", "Nobody", "--store", store, code=2)
    assert "there is no key" in run("revoke", "nokey", "--store", store, code=2)
