"""Microsoft's SCIM Validator, in its own wire form: small operations, simple values without a path."""

from __future__ import annotations

from harness.model.account import Cast
from harness.model.scenario import Probe
from harness.model.sequence import Steps
from harness.model.story import Part
from harness.suites import entra_validator_groups as groups
from harness.suites import entra_validator_users as users
from harness.suites.microsoft import seed_of
from harness.suites.suite import Suite


def run(cast: Cast) -> Steps:
    """Users, then groups with one of them as a member, then the deletion of the users."""
    seed = seed_of(cast)
    people = yield from users.begin(cast, seed)
    yield from groups.play(seed, people.member)
    yield from users.end(people)


SUITE = Suite(
    name=users.SUITE_NAME,
    title="Microsoft Entra SCIM Validator",
    programme="a full pass of the Microsoft Entra SCIM Validator",
    source="https://learn.microsoft.com/entra/identity/app-provisioning/scim-validator-tutorial",
    claims=(*users.CLAIMS, *groups.CLAIMS),
    probe=Probe(
        name=users.SUITE_NAME,
        title="Microsoft's SCIM Validator, its mandatory and its preview tests",
        run=run,
        parts=(Part("person"), Part("bystander-1")),
        suite=users.SUITE_NAME,
    ),
)
