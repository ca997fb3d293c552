"""Sequences that schemathesis makes up along the links of the description, over a socket, against two workers."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reference_server import fuzzing

pytestmark = [pytest.mark.socket, pytest.mark.thorough]


def test_sequences_along_the_links_keep_what_the_description_says(server):
    schema = schemathesis.openapi.from_url(f"{server.origin}/openapi.json", config=fuzzing.config(sequences=True))
    headers = {"Authorization": f"Bearer {server.key}"}
    statuses = []

    class Machine(schema.as_state_machine()):
        def get_call_kwargs(self, case):
            return {"headers": headers}

        def validate_response(self, response, case, **more):
            statuses.append(response.status_code)
            super().validate_response(response, case, **more)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=6,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
    assert 201 in statuses
    assert max(statuses) < 500
    assert "unexpected" not in server.log
