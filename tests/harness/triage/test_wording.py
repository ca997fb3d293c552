"""What the words of a service say, and what only stands in the document that a log quotes around them."""

from __future__ import annotations

import pytest

from harness.model.sighting import Confidence, LogEvent, Provenance, Sighting
from harness.triage.look import Look
from harness.triage.picture import Picture
from harness.triage.signs.wording import body_said_to_lack_what_is_in_it

QUOTED = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"%s"}'


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (QUOTED % "A boolean was expected, a string was given", False),
        (QUOTED.replace('"', r"\"") % "A boolean was expected", False),
        (QUOTED % "schemas is missing", True),
        ("The request has to name its schemas", True),
    ],
)
def test_the_schema_of_a_quoted_error_is_not_what_the_service_misses(text: str, lacks: bool) -> None:
    event = LogEvent("entra", "update", "failure", text=text)
    seen = Sighting(Provenance("f", "f", "row 1"), Confidence.REPORTED, "2026-01-01T00:00:00Z", "entra", event=event)
    look = Look(
        sighting=seen, number=1, act="deactivate", went="failed", status=400, words="", group=False, aliases=(),
        active=False, extra={},
    )  # fmt: skip
    assert body_said_to_lack_what_is_in_it(look, None, Picture()) is lacks
