"""A set-up as an operator writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.account import Cast
from harness.model.change import Assign
from simulators.okta import Authorization, Features, Setup, SetupError, configure
from simulators.okta.profile import mapped
from simulators.okta.reading import KNOWN, read_setup

MAPPING = {"properties": {"userName": {"expression": "user.email"}, "title": {"expression": "'Boss'"}}}


def test_every_setting_can_be_written_down() -> None:
    setup = read_setup(
        {"update": True, "import_groups": False, "authorization": "oauth", "batch": 500, "empty": "null"}
    )
    assert setup.features == Features(update=True, import_groups=False)
    assert (setup.authorization, setup.batch, setup.empty.value) == (Authorization.OAUTH, 500, "null")
    assert read_setup({}) == Setup()
    assert len(KNOWN) == len(set(KNOWN))


def test_a_mapping_is_taken_as_okta_returns_it() -> None:
    setup = read_setup({"mapping": MAPPING})
    assert [a.name for a in setup.mapping.attributes] == [a.name for a in mapped(userName="''", title="''").attributes]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"updat": True}, "unknown 'updat'; there are provisioning, create, update"),
        ({"update": 1}, "update: expected true or false, found 1"),
        ({"batch": "500"}, "batch: expected a whole number, found '500'"),
        ({"authorization": "digest"}, "authorization: expected one of header, bearer, doubled, basic, oauth"),
        ({"mapping": {}}, "mapping: expected a profile mapping of Okta"),
        ({"mapping": {"properties": {"title": {"expression": "x"}}}}, "mapping: properties/title/expression"),
        ({"schema": {}}, "schema: it says where"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_was_expected(table: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupError) as refused:
        read_setup(table)
    assert said in str(refused.value)


def test_a_table_of_one_app_type_goes_over_the_one_for_all(cast: Cast) -> None:
    okta = configure({"": {"authorization": "basic", "create": False}, "oin": {"authorization": "header"}})
    for variant, written in (("oin", "{token}"), ("aiw", "Basic {token:base64}")):
        app: Any = okta.connect(variant)
        step = next(app.react(Assign("leaver"), cast))
        assert dict(step.headers)["Authorization"] == written
        assert app.features.create is False


def test_what_one_app_type_alone_offers_is_refused_for_both() -> None:
    with pytest.raises(SetupError, match="set up the other app type by itself, as okta:oin"):
        configure({"": {"authorization": "header"}})


def test_a_customer_s_export_words_the_requests_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "mapping.json").write_text(json.dumps(MAPPING))
    (tmp_path / "scim.toml").write_text('[idp.okta]\nmapping = "mapping.json"\n')
    words = ["plan", "--idp", "okta:aiw", "--story", "unknown-at-service", "--json"]
    ran = CliRunner().invoke(main, [*words, "--config", str(tmp_path / "scim.toml")])
    assert ran.exit_code == 0, ran.output
    created = next(row for row in json.loads(ran.stdout) if row["method"] == "POST" and row["sender"] == "idp")
    body = json.loads(created["body"])
    assert set(body) == {"schemas", "userName", "title", "externalId", "groups", "password", "active"}
    assert body["title"] == "Boss"
