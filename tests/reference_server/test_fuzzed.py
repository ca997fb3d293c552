"""Requests that schemathesis makes up from the server's own OpenAPI document: no breakdown, nothing undescribed.

What it is not to complain about is argued at ``NOT_SAID``.
"""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup, ServerError
from schemathesis.openapi.checks import IgnoredAuth
from schemathesis.specs.openapi import checks

from reference_server.app import ReferenceServer
from reference_server.figures import Figures
from reference_server.front import Front
from reference_server.journal import Journal
from tests.reference_server import fuzzing

pytestmark = pytest.mark.thorough

EXAMPLES = {"full": 5, "interop": 2, "marketbeam": 3}
"""How many requests are made up for each operation, of the valid and of the invalid kind."""

NOT_SAID = {
    "PATCH": ("A value has to suit its path, which no schema can say: a valid PatchOp may be refused.",
              checks.positive_data_acceptance),
    "POST /scim/v2/Bulk": ("An operation that is wrong is answered inside of a 200 (RFC 7644 section 3.7.3).",
                           checks.negative_data_rejection),
}  # fmt: skip
"""By method, or by method and path: why a check of schemathesis is not asked there, and which."""


class Fuzzed:
    """A server with its front in this process, and the operations that it describes."""

    def __init__(self, preset, *defects):
        self.server = ReferenceServer(preset, defects)
        self.tenant = self.server.add_tenant("Test team", "it@test.example")
        self.front = Front(self.server, Journal("none"), Figures())
        self.headers = {"Authorization": f"Bearer {self.tenant.api_key}"}
        self.schema = schemathesis.openapi.from_wsgi("/openapi.json", self.front, config=fuzzing.config())
        self.answered = Counter()

    def operations(self):
        # A HEAD is a GET without its body.
        return [found.ok() for found in self.schema.get_all_operations() if found.ok().method != "head"]

    def known(self, operation):
        """Parameters of a path that lead to somebody; None when the path has none."""
        if "{id}" not in operation.path:
            return None
        for name, kind in (("Users", "User"), ("Groups", "Group")):
            if f"/{name}/" in operation.path:
                return {"id": self.made(kind)}
        return {"id": "User" if "ResourceTypes" in operation.path else "urn:ietf:params:scim:schemas:core:2.0:User"}

    def made(self, kind):
        described = next(t for t in self.server.preset.provider.resource_types if t.name == kind)
        model = self.server.preset.provider.model_for(described)
        names = {"user_name": "ada@test.example"} if kind == "User" else {"display_name": "Team"}
        storage = self.server.people_of(self.tenant.id)
        found = list(storage.all(described))
        return str((found[0] if found else storage.create(described, model(**names))).id)

    def try_out(self, operation, mode, examples, known):
        skipped = [check for where, (_, check) in NOT_SAID.items() if operation.label.startswith(where)]
        strategy = operation.as_strategy(generation_mode=mode)
        if known:
            strategy = st.one_of(strategy, operation.as_strategy(generation_mode=mode, path_parameters=known))

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=strategy.filter(fuzzing.asks_for_one_thing) if mode is GenerationMode.POSITIVE else strategy)
        def each(case):
            answer = case.call(headers=self.headers)
            self.answered[answer.status_code] += 1
            case.validate_response(
                answer, headers=self.headers, excluded_checks=skipped, transport_kwargs={"headers": self.headers}
            )

        each()


@pytest.fixture(scope="module")
def fuzzed():
    opened = {}

    def of(*named):
        if named not in opened:
            opened[named] = Fuzzed(*named)
        return opened[named]

    load_all_checks()
    yield of
    for one in opened.values():
        one.server.close()


@pytest.mark.parametrize("preset", list(EXAMPLES))
def test_whatever_is_sent_the_answer_is_one_that_the_description_names(fuzzed, preset):
    one = fuzzed(preset)
    one.made("User")
    for operation in one.operations():
        known = one.known(operation)
        one.try_out(operation, GenerationMode.POSITIVE, EXAMPLES[preset], known)
        if fuzzing.can_be_wrong(operation):
            one.try_out(operation, GenerationMode.NEGATIVE, EXAMPLES[preset], known)
    assert one.answered[200] > 20
    assert one.answered[400] > 10


@pytest.mark.parametrize(
    ("defect", "label", "complaint"),
    [
        ("no-key-opens-reads", "GET /scim/v2/Users", IgnoredAuth),
        ("create-500", "POST /scim/v2/Users", ServerError),
    ],
)
def test_a_server_that_is_wrong_is_found_out(fuzzed, defect, label, complaint):
    one = fuzzed("full", defect)
    operation = next(o for o in one.operations() if o.label == label)
    with pytest.raises(FailureGroup) as found:
        one.try_out(operation, GenerationMode.POSITIVE, 8, None)
    assert any(isinstance(failure, complaint) for failure in found.value.exceptions)
