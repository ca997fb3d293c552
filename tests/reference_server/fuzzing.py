"""What schemathesis has to know to make up requests: the formats that the description names, and its settings."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st

ATTRIBUTES = ("id", "externalId", "displayName", "meta.created", "meta.lastModified")
"""What people and groups have in common: whoever asks a group for its userName is told that it has none."""
PATHS = ("active", "userName", "displayName", "name.familyName", "emails", 'emails[type eq "work"].value', "members")
VALUES = st.one_of(
    st.sampled_from(['"ada@test.example"', '"2026-01-01T00:00:00Z"', "true", "false", "null", '""', '"\\"%_"']),
    st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["C"]), max_size=20).map(
        lambda text: f'"{text}"'
    ),
)


def _comparison(name: str, operator: str, value: str) -> str:
    return f"{name} {operator} {value}"


COMPARISONS = st.one_of(
    st.builds(_comparison, st.sampled_from(("externalId", "displayName", "id")),
              st.sampled_from(("eq", "ne", "co", "sw", "ew")), VALUES.filter(lambda value: value.startswith('"'))),
    st.sampled_from([f"{name} pr" for name in ATTRIBUTES]),
    st.sampled_from(['meta.lastModified gt "2026-01-01T00:00:00Z"', 'meta.created le "2030-01-01T00:00:00Z"']),
)  # fmt: skip
FILTERS = st.one_of(
    COMPARISONS,
    COMPARISONS.map(lambda inner: f"not ({inner})"),
    st.tuples(COMPARISONS, st.sampled_from(("and", "or")), COMPARISONS).map(" ".join),
)

schemathesis.openapi.format("scim-filter", FILTERS)
schemathesis.openapi.format("scim-attribute", st.sampled_from(ATTRIBUTES))
schemathesis.openapi.format("scim-attributes", st.lists(st.sampled_from(ATTRIBUTES), min_size=1).map(",".join))
schemathesis.openapi.format("scim-path", st.sampled_from(PATHS))
schemathesis.openapi.format("scim-cursor", st.just(""))


def config(*, sequences: bool = False) -> schemathesis.Config:
    """Settings. A NUL may come in no text, because PostgreSQL keeps none and the description does not say so; what is
    made up instead of the key would be replaced by the key. A version that is not the current one is refused by a 412.
    In ``sequences`` nothing holds apart what excludes each other, so that a valid request may be refused there.
    """
    refused = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "501"]
    accepted: dict[str, Any] = {"expected-statuses": ["2xx", "304", "401", "404", "409", "412"]}
    settings: dict[str, Any] = {
        "generation": {"allow-x00": False, "with-security-parameters": False},
        "checks": {
            "positive_data_acceptance": {"enabled": False} if sequences else accepted,
            "negative_data_rejection": {"expected-statuses": refused},
        },
    }
    return schemathesis.Config.from_dict(settings)


def can_be_wrong(operation: Any) -> bool:
    """Whether there is anything about a request for an operation that its description could be broken by."""
    return bool(operation.body or operation.query or operation.headers)


EXCLUSIVE = ({"attributes", "excludedAttributes"}, {"cursor", "startIndex"})


def asks_for_one_thing(case: Any) -> bool:
    """Whether no two parameters come of which a request may have one, which OpenAPI has no words for."""
    return not any(both <= set(case.query or {}) for both in EXCLUSIVE)
