"""A set-up as an operator writes it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from simulators.entra import Setup, configure
from simulators.entra.reading import KNOWN, read_setup
from simulators.tables import TableError

EXPORT = {
    "synchronizationRules": [
        {
            "objectMappings": [
                {
                    "sourceObjectName": "User",
                    "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:User",
                    "attributeMappings": [
                        {
                            "targetAttributeName": "userName",
                            "matchingPriority": 1,
                            "source": {"expression": "[mail]", "name": "mail", "type": "Attribute"},
                        }
                    ],
                }
            ]
        }
    ]
}


def test_every_setting_can_be_written_down() -> None:
    assert set(KNOWN) == {field.name for field in fields(Setup)}
    setup = read_setup({"update": False, "interval": 20, "backoff": [1, 2], "deletion_threshold": 5})
    assert (setup.update, setup.interval, setup.backoff, setup.deletion_threshold) == (False, 20, (1, 2), 5)
    assert read_setup({}) == Setup()


def test_a_customer_s_export_drives_the_jobs_and_the_outlook() -> None:
    entra = configure({"": {"mapping": EXPORT}})
    job: Any = entra.connect("default")
    assert [str(row.target.text) for row in job.setup.mapping.users.rows] == ["userName"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"updat": True}, "unknown 'updat'; there are create, update, delete"),
        ({"update": 1}, "update: expected true or false, found 1"),
        ({"interval": 0}, "interval: expected a whole number above 0, found 0"),
        ({"interval": True}, "interval: expected a whole number, found True"),
        ({"backoff": [1, 0]}, "backoff: expected a list of whole numbers above 0"),
        ({"mapping": {}}, "mapping: "),
    ],
)
def test_what_cannot_be_read_is_named_with_what_was_expected(table: dict[str, Any], said: str) -> None:
    with pytest.raises(TableError) as refused:
        read_setup(table)
    assert said in str(refused.value)


def test_one_dialect_cannot_be_set_up_by_itself() -> None:
    with pytest.raises(TableError, match="both dialects are set up alike: move what stands under entra:default"):
        configure({"": {}, "default": {}})
